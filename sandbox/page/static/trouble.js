// Trouble on demand: what goes wrong, for what, how often; and what is in force until somebody removes it.

import { send, toast } from "/static/acting.js";

const PATH = "/control/faults";

function wanted(form) {
  const option = form.querySelector("#trouble-kind").selectedOptions[0];
  const needs = (option.dataset.needs ?? "").split(" ");
  const rule = JSON.parse(option.value);
  if (needs.includes("channel")) rule.channel = form.dataset.channel;
  if (needs.includes("now")) return rule;
  const [on, count, seconds] = ["on", "count", "seconds"].map((name) => form.querySelector(`#trouble-${name}`).value.trim());
  rule.on = on || "*";
  if (count) rule.count = Number(count);
  if (needs.includes("seconds")) rule.seconds = Number(seconds);
  return rule;
}

function adapt(form) {
  const needs = (form.querySelector("#trouble-kind").selectedOptions[0].dataset.needs ?? "").split(" ");
  for (const part of form.querySelectorAll("[data-for]")) {
    part.hidden = part.dataset.for === "seconds" ? !needs.includes("seconds") : needs.includes("now");
  }
  form.querySelector("#trouble-make").disabled = needs.includes("channel") && !form.dataset.channel;
}

async function make(form) {
  const answer = await send("POST", PATH, wanted(form));
  if (!answer.ok) toast(answer.message);
  const option = form.querySelector("#trouble-kind").selectedOptions[0];
  await show(answer.ok && option.dataset.needs?.includes("now") ? `Done: ${option.textContent}.` : "");
}

export async function show(words = "") {
  const box = document.querySelector("[data-trouble-rules]");
  if (!box) return;
  const { rules = [] } = await send("GET", PATH);
  const parts = words ? [line(words)] : [];
  if (rules.length) {
    const list = document.createElement("ul");
    list.className = "trouble-rules";
    list.setAttribute("aria-label", "In force");
    list.append(...rules.map(entry));
    parts.push(list);
    if (rules.length > 1) parts.push(button("Remove all", () => remove("")));
  }
  box.replaceChildren(...parts);
}

function line(words) {
  const element = document.createElement("p");
  element.textContent = words;
  return element;
}

function entry(rule) {
  const option = [...document.querySelectorAll("#trouble-kind option")].find((one) => {
    const described = JSON.parse(one.value);
    return described.do === rule.do && (!described.when || described.when === rule.when);
  });
  const item = document.createElement("li");
  const words = document.createElement("span");
  const target = rule.on === "*" ? "everything" : rule.on;
  const spent = rule.count === null ? `${rule.hits} so far` : `${rule.hits} of ${rule.count}`;
  words.textContent = `${option?.textContent ?? rule.do}: ${target} (${spent})`;
  item.append(words, button("Remove", () => remove(`/${rule.id}`)));
  return item;
}

function button(words, task) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "btn btn-plain btn-small";
  element.textContent = words;
  element.addEventListener("click", () => void task());
  return element;
}

async function remove(which) {
  await send("DELETE", `${PATH}${which}`);
  await show();
  document.querySelector("[data-trouble] summary").focus();
}

export function listenToTrouble() {
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-trouble-form]")) return;
    event.preventDefault();
    void make(event.target);
  });
  document.addEventListener("change", (event) => {
    if (event.target.id === "trouble-kind") adapt(event.target.form);
  });
  document.addEventListener(
    "toggle",
    (event) => {
      if (!event.target.matches?.("[data-trouble]") || !event.target.open) return;
      adapt(event.target.querySelector("form"));
      void show();
    },
    true,
  );
}
