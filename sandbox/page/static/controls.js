// Elements of Block Kit: reading their values, telling the app, asking for confirmation first.

import { act, whileBusy } from "/static/acting.js";
import { filesOf } from "/static/files.js";
import { shade } from "/static/shade.js";

const PICKER_PAUSE_MS = 500;
const COUNTER_FROM = 0.8;
const timers = new WeakMap();

export function valueOf(control) {
  switch (control.dataset.control) {
    case "many":
      return checked(control).map((box) => box.value);
    case "one":
      return checked(control)[0]?.value ?? null;
    case "moment":
      return control.value ? epochOf(control.value, control.dataset.zone) : null;
    case "found":
      return control.dataset.value ? { value: control.dataset.value, text: control.value } : null;
    case "found-many":
      return checked(control).map((box) => ({ value: box.value, text: box.closest("label").textContent.trim() }));
    case "files":
      return filesOf(control);
    default:
      return control.value === "" ? null : control.value;
  }
}

function checked(control) {
  return [...control.querySelectorAll("input:checked")];
}

export function stateOf(container) {
  const state = {};
  for (const control of container.querySelectorAll("[data-control]")) {
    const { blockId, actionId } = control.dataset;
    state[blockId] ??= {};
    state[blockId][actionId] = valueOf(control);
  }
  return state;
}

// The wall time of a zone as seconds since 1970; the second look settles days on which clocks change.
function epochOf(local, zone) {
  const wall = Date.parse(`${local}Z`);
  const offset = (at) => {
    const shown = new Date(at).toLocaleString("sv-SE", { timeZone: zone });
    return Date.parse(`${shown.replace(" ", "T")}Z`) - Math.floor(at / 1000) * 1000;
  };
  return Math.round((wall - offset(wall - offset(wall))) / 1000);
}

async function press(element, value, busy = element) {
  const container = element.closest("[data-container]");
  const { blockId, actionId } = element.dataset;
  if (!container || !actionId) return { ok: false };
  return whileBusy(busy, () =>
    act({
      do: "press",
      container: JSON.parse(container.dataset.container),
      block_id: blockId,
      action_id: actionId,
      value,
      state: stateOf(container),
    }),
  );
}

export async function pressButton(button) {
  const menu = button.closest("details.menu");
  if (menu) menu.open = false;
  if (button.dataset.url) window.open(button.dataset.url, "_blank", "noopener");
  if (!(await confirmed(button))) return;
  await press(button, button.dataset.value, menu?.querySelector("summary") ?? button);
}

export async function choose(control) {
  if (await confirmed(control)) {
    remember(control);
    await press(control, valueOf(control));
  } else {
    restore(control);
  }
}

// ---- what was chosen before, to go back to when a confirmation is declined

function remember(control) {
  for (const input of inputsOf(control)) {
    if (input.type === "checkbox" || input.type === "radio") input.dataset.before = input.checked;
    else input.dataset.before = input.value;
  }
}

function restore(control) {
  for (const input of inputsOf(control)) {
    const before = input.dataset.before;
    if (input.type === "checkbox" || input.type === "radio") input.checked = (before ?? `${input.defaultChecked}`) === "true";
    else if (input.nodeName === "SELECT") input.value = before ?? input.querySelector("option[selected]")?.value ?? "";
    else input.value = before ?? input.defaultValue;
  }
  summarise(control);
}

function inputsOf(control) {
  return control.matches("input, select, textarea")
    ? [control]
    : [...control.querySelectorAll("input:not([type=search])")];
}

// ---- confirmation

function confirmed(element) {
  const source = element.closest(".element")?.querySelector(":scope > template.confirm");
  if (!source) return Promise.resolve(true);
  const dialog = document.getElementById("confirm");
  const parts = source.content.cloneNode(true);
  const yes = answerButton(parts.querySelector(".confirm-yes").textContent, "yes");
  yes.className = source.dataset.style === "danger" ? "btn btn-danger btn-solid" : "btn btn-primary";
  const no = answerButton(parts.querySelector(".confirm-no").textContent, "no");
  no.className = "btn btn-plain";
  const title = parts.querySelector("h2");
  title.id = "confirm-title";
  const foot = document.createElement("div");
  foot.className = "modal-foot";
  foot.append(no, yes);
  dialog.replaceChildren(title, parts.querySelector(".text"), foot);
  dialog.returnValue = "no";
  dialog.showModal();
  yes.focus();
  shade();
  return new Promise((resolve) => {
    dialog.addEventListener(
      "close",
      () => {
        shade();
        resolve(dialog.returnValue === "yes");
      },
      { once: true },
    );
  });
}

function answerButton(words, value) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = words;
  button.addEventListener("click", () => document.getElementById("confirm").close(value));
  return button;
}

// ---- counters, tokens of lists, menus that stay inside the window

export function refreshControls(root) {
  for (const field of root.querySelectorAll("[data-max-length]")) count(field);
  for (const list of root.querySelectorAll(".multi")) summarise(list);
}

function count(field) {
  const counter = document.querySelector(`[data-counter-for="${field.id}"]`);
  const most = Number(field.dataset.maxLength);
  if (!counter) return;
  const used = field.value.length;
  const words = used >= most * COUNTER_FROM ? `${used} of ${most} characters` : "";
  if (counter.textContent !== words) counter.textContent = words;
  counter.classList.toggle("over", used > most);
}

export function summarise(list) {
  const shown = list.querySelector?.("[data-summary]");
  if (!shown) return;
  const chosen = checked(list).map((box) => box.closest("label").textContent.trim());
  const key = chosen.join("\n");
  if (shown.dataset.shows === key) return;
  shown.dataset.shows = key;
  list.toggleAttribute("data-chosen", chosen.length > 0);
  if (!chosen.length) shown.textContent = list.querySelector("summary").dataset.placeholder;
  else shown.replaceChildren(...chosen.map(token));
  const full = list.dataset.max && chosen.length >= Number(list.dataset.max);
  for (const box of list.querySelectorAll("input[type=checkbox]")) box.disabled = Boolean(full) && !box.checked;
}

function token(words) {
  const element = document.createElement("span");
  element.className = "token";
  element.dir = "auto";
  element.textContent = words;
  return element;
}

function placeMenu(menu) {
  const list = menu.querySelector(".menu-list");
  if (!list || !menu.open) return;
  menu.removeAttribute("data-up");
  menu.removeAttribute("data-start");
  const box = list.getBoundingClientRect();
  const around = (menu.closest("[data-scroll]") ?? document.body).getBoundingClientRect();
  if (box.bottom > around.bottom && box.height < menu.getBoundingClientRect().top - around.top) menu.setAttribute("data-up", "");
  if (box.left < around.left) menu.setAttribute("data-start", "");
}

// ---- listening

function firesOn(field, what) {
  if (!field.hasAttribute("data-fires")) return false;
  const wanted = field.dataset.firesOn ? field.dataset.firesOn.split(" ") : ["on_enter_pressed"];
  return wanted.includes(what);
}

export function later(control, wait, task) {
  clearTimeout(timers.get(control));
  timers.set(control, setTimeout(task, wait));
}

function onInput(event) {
  const field = event.target;
  if (field.classList.contains("multi-filter") && !field.hasAttribute("data-suggest")) return filter(field);
  if (!field.matches("[data-control]")) return undefined;
  if (field.dataset.maxLength) count(field);
  if (field.matches("textarea, input") && !isPicker(field) && firesOn(field, "on_character_entered")) {
    later(field, PICKER_PAUSE_MS, () => void press(field, valueOf(field)));
  }
  return undefined;
}

function isPicker(field) {
  return ["date", "time", "datetime-local"].includes(field.type);
}

function filter(search) {
  const wanted = search.value.trim().toLocaleLowerCase();
  for (const option of search.parentElement.querySelectorAll(".option")) {
    option.hidden = !option.textContent.toLocaleLowerCase().includes(wanted);
  }
}

function onChange(event) {
  const control = event.target.closest("[data-control]");
  if (!control) return;
  if (control.classList.contains("multi")) {
    summarise(control);
    control.dataset.changed = "yes";
  } else if (control.hasAttribute("data-fires")) {
    if (isPicker(control)) later(control, PICKER_PAUSE_MS, () => void choose(control));
    else if (!isText(control) && control.dataset.control !== "files") void choose(control);
  }
}

function isText(control) {
  return control.nodeName === "TEXTAREA" || (control.nodeName === "INPUT" && !isPicker(control));
}

function onKey(event) {
  const field = event.target;
  if (event.key !== "Enter" || event.isComposing || !field.matches?.("[data-control]") || !isText(field)) return;
  if (field.nodeName === "TEXTAREA" && event.shiftKey) return;
  if (firesOn(field, "on_enter_pressed") && field.dataset.control === "text") {
    event.preventDefault();
    void press(field, valueOf(field));
  }
}

// Lists with several choices tell the app once, when they close.
function onToggle(event) {
  const details = event.target;
  if (details.matches?.("details.menu")) placeMenu(details);
  if (!details.matches?.(".multi") || details.open || details.dataset.changed !== "yes") return;
  delete details.dataset.changed;
  if (details.hasAttribute("data-fires")) void choose(details);
}

export function listenToControls() {
  document.addEventListener("input", onInput);
  document.addEventListener("change", onChange);
  document.addEventListener("keydown", onKey);
  document.addEventListener("toggle", onToggle, true);
}
