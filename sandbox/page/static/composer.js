// Writing: Enter sends, a slash offers commands, what could not be sent stays.

import { act, whileBusy } from "/static/acting.js";

function partsOf(form) {
  return {
    field: form.querySelector("textarea"),
    list: form.querySelector("[role=listbox]"),
    send: form.querySelector(".send"),
    error: form.parentElement.querySelector("[data-composer-error]"),
  };
}

async function send(form) {
  const { field, send: button, error } = partsOf(form);
  const text = field.value.trim();
  if (!text || button.getAttribute("aria-busy") === "true") return;
  hide(form);
  error.textContent = "";
  const isCommand = text.startsWith("/") && !text.startsWith("//");
  if (!isCommand) field.value = "";
  const answer = await whileBusy(button, () => act(isCommand ? command(form, text) : said(form, text)));
  if (answer.ok && field.value.trim() === text) field.value = "";
  if (!answer.ok && !field.value) field.value = text;
}

function said(form, text) {
  return { do: "say", channel: form.dataset.channel, text, ...thread(form) };
}

function command(form, text) {
  const [, name, rest] = /^(\S+)\s*([^]*)$/.exec(text);
  return { do: "command", channel: form.dataset.channel, command: name, text: rest, ...thread(form) };
}

function thread(form) {
  return form.dataset.thread ? { thread_ts: form.dataset.thread } : {};
}

// ---- the list of commands

function offer(form) {
  const { field, list } = partsOf(form);
  if (!list) return;
  const typed = field.value;
  const offered = [...list.children].filter((item) => {
    item.hidden = !/^\/\S*$/.test(typed) || !item.dataset.command.startsWith(typed);
    return !item.hidden;
  });
  list.hidden = offered.length === 0;
  field.setAttribute("aria-expanded", String(!list.hidden));
  const chosen = list.querySelector("[aria-selected=true]:not([hidden])");
  select(form, list.hidden ? null : (chosen ?? offered[0]));
}

function select(form, item) {
  const { field, list } = partsOf(form);
  for (const other of list.children) other.setAttribute("aria-selected", String(other === item));
  if (item) {
    field.setAttribute("aria-activedescendant", item.id);
    item.scrollIntoView({ block: "nearest" });
  } else field.removeAttribute("aria-activedescendant");
}

function hide(form) {
  const { field, list } = partsOf(form);
  if (!list) return;
  list.hidden = true;
  field.setAttribute("aria-expanded", "false");
  select(form, null);
}

function step(form, by) {
  const offered = [...partsOf(form).list.children].filter((item) => !item.hidden);
  const at = offered.findIndex((item) => item.getAttribute("aria-selected") === "true");
  select(form, offered[(at + by + offered.length) % offered.length]);
}

function take(form, item) {
  const { field } = partsOf(form);
  field.value = `${item.dataset.command} `;
  hide(form);
  field.focus();
}

function onKey(event) {
  const form = event.target.closest?.("[data-composer]");
  if (!form || event.target.nodeName !== "TEXTAREA" || event.isComposing) return;
  const { field, list } = partsOf(form);
  const item = list && !list.hidden ? list.querySelector("[aria-selected=true]") : null;
  const typedWhole = item?.dataset.command === field.value;
  if (item && (event.key === "ArrowDown" || event.key === "ArrowUp")) step(form, event.key === "ArrowDown" ? 1 : -1);
  else if (item && (event.key === "Tab" || (event.key === "Enter" && !typedWhole))) take(form, item);
  else if (list && !list.hidden && event.key === "Escape") hide(form);
  else if (event.key === "Enter" && !event.shiftKey) void send(form);
  else return;
  event.preventDefault();
}

export function listenToComposers() {
  document.addEventListener("keydown", onKey);
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("[data-composer]");
    if (form) offer(form);
  });
  document.addEventListener("focusout", (event) => {
    const form = event.target.closest?.("[data-composer]");
    if (form && !form.contains(event.relatedTarget)) setTimeout(() => form.isConnected && hide(form), 150);
  });
  document.addEventListener("click", (event) => {
    const item = event.target.closest("[data-command]");
    if (item) take(item.closest("form"), item);
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-composer]")) return;
    event.preventDefault();
    void send(event.target);
  });
}
