// External menus: the app suggests while the person types, in menus for one choice and for several.

import { act } from "/static/acting.js";
import { choose, later, summarise } from "/static/controls.js";

const PAUSE_MS = 250;

async function suggestions(control, asked) {
  const answer = await act({
    do: "suggest",
    container: JSON.parse(control.closest("[data-container]").dataset.container),
    block_id: control.dataset.blockId,
    action_id: control.dataset.actionId,
    text: asked,
  });
  if (!answer.ok) return null;
  return answer.options ?? answer.option_groups.flatMap((group) => group.options);
}

// ---- one choice

async function suggestOne(field, asked = field.value) {
  if (asked) delete field.dataset.value;
  const typed = field.value;
  const list = field.closest("[data-found-box]").querySelector(".found-list");
  if (asked.length < Number(field.dataset.least)) {
    list.hidden = true;
    return;
  }
  const options = await suggestions(field, asked);
  if (!options || field.value !== typed) return;
  list.replaceChildren(...(options.length ? options.map((option) => foundButton(option, field, list)) : [nothing()]));
  list.hidden = false;
}

function foundButton(option, field, list) {
  const button = document.createElement("button");
  button.type = "button";
  button.dir = "auto";
  button.textContent = option.text.text;
  button.addEventListener("click", () => {
    field.value = option.text.text;
    field.dataset.value = option.value;
    list.hidden = true;
    field.focus();
    if (field.hasAttribute("data-fires")) void choose(field);
  });
  return button;
}

function nothing() {
  const line = document.createElement("span");
  line.className = "found-nothing";
  line.textContent = "Nothing found";
  return line;
}

// A menu that asks for no letters shows what the app suggests for none, as soon as it is opened.
function openAll(field) {
  if (Number(field.dataset.least) === 0) void suggestOne(field, "");
}

// Arrow keys open the list, and walk from the field into what was found and back; Escape puts it away.
function onKey(event) {
  const box = event.target.closest?.("[data-found-box]");
  const list = box?.querySelector(".found-list");
  if (list?.hidden && event.key === "ArrowDown") return openAll(event.target);
  if (!list || list.hidden || !["ArrowDown", "ArrowUp", "Escape"].includes(event.key)) return;
  const field = box.querySelector("[data-control]");
  event.preventDefault();
  if (event.key === "Escape") {
    list.hidden = true;
    field.focus();
    return;
  }
  const stops = [field, ...list.querySelectorAll("button")];
  const at = stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
  stops[(at + stops.length) % stops.length].focus();
}

// ---- several choices: what is chosen stays on top of what was found

async function suggestMany(search) {
  const control = search.closest("[data-control]");
  const asked = search.value;
  if (asked.length < Number(control.dataset.least)) return;
  const options = await suggestions(control, asked);
  if (!options || search.value !== asked) return;
  const box = control.querySelector(".multi-found");
  const kept = [...box.querySelectorAll("label")].filter((label) => label.querySelector("input").checked);
  const known = new Set(kept.map((label) => label.querySelector("input").value));
  const fresh = options.filter((option) => !known.has(option.value)).map(foundBox);
  box.replaceChildren(...kept, ...(kept.length + fresh.length ? fresh : [nothing()]));
  summarise(control);
}

function foundBox(option) {
  const label = document.createElement("label");
  label.className = "option";
  const box = document.createElement("input");
  box.type = "checkbox";
  box.value = option.value;
  const words = document.createElement("span");
  words.dir = "auto";
  words.textContent = option.text.text;
  label.append(box, words);
  return label;
}

export function listenToFound() {
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (field.dataset?.control === "found") later(field, PAUSE_MS, () => void suggestOne(field));
    else if (field.hasAttribute?.("data-suggest")) later(field, PAUSE_MS, () => void suggestMany(field));
  });
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", (event) => {
    const box = event.target.closest?.("[data-found-box]");
    for (const list of document.querySelectorAll(".found-list:not([hidden])")) {
      if (!box?.contains(list)) list.hidden = true;
    }
    if (event.target.dataset?.control === "found") openAll(event.target);
  });
  document.addEventListener(
    "toggle",
    (event) => {
      const search = event.target.matches?.(".multi[open]") ? event.target.querySelector("[data-suggest]") : null;
      if (search) void suggestMany(search);
    },
    true,
  );
}
