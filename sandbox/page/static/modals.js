// The stack of modals: the topmost is open, errors stand at their field, focus goes in and comes back.

import { act, toast, whileBusy } from "/static/acting.js";
import { stateOf } from "/static/controls.js";
import { restoreDrafts } from "/static/drafts.js";
import { shade } from "/static/shade.js";

const errors = new Map();
const shown = new Map();
let returnTo = null;

export function topModal() {
  return [...document.querySelectorAll("dialog[data-modal]")].at(-1) ?? null;
}

export function syncModals() {
  restoreDrafts();
  const dialogs = [...document.querySelectorAll("dialog[data-modal]")];
  const top = dialogs.at(-1);
  if (top && !document.querySelector("dialog[data-modal][open]") && document.activeElement !== document.body) {
    returnTo ??= document.activeElement;
  }
  for (const dialog of dialogs) if (dialog !== top && dialog.open) dialog.close();
  const fresh = top && !top.open;
  if (top && !top.open) top.showModal();
  const asking = document.getElementById("confirm").open;
  const turned = top && isAnotherPage(top);
  if (top && !asking && (fresh || !top.contains(document.activeElement))) firstStop(top).focus({ preventScroll: fresh || turned });
  if (turned) top.querySelector(".modal-body").scrollTop = 0;
  shade();
  if (!top) giveFocusBack();
  for (const id of shown.keys()) if (!dialogs.some((dialog) => dialog.dataset.modal === id)) shown.delete(id);
  for (const id of errors.keys()) if (!dialogs.some((dialog) => dialog.dataset.modal === id)) errors.delete(id);
  for (const dialog of dialogs) paintErrors(dialog);
}

// A view that came back with none of its fields is another page of a form, and is read from its top.
function isAnotherPage(dialog) {
  const before = shown.get(dialog.dataset.modal);
  const fields = new Set([...dialog.querySelectorAll("[data-field]")].map((field) => field.dataset.field));
  shown.set(dialog.dataset.modal, { hash: dialog.dataset.hash, fields });
  return Boolean(before) && before.hash !== dialog.dataset.hash && ![...fields].some((id) => before.fields.has(id));
}

function firstStop(dialog) {
  return (
    dialog.querySelector("[data-focus]") ??
    dialog.querySelector(".modal-body :is(input, select, textarea, summary, button):not([disabled], [type=hidden])") ??
    dialog.querySelector(".modal-foot .btn-primary, .modal-foot .btn") ??
    dialog
  );
}

function giveFocusBack() {
  if (!returnTo) return;
  const target = returnTo.isConnected ? returnTo : document.getElementById(returnTo.id);
  returnTo = null;
  if (document.activeElement === document.body || !document.activeElement) target?.focus();
}

// ---- errors at their field; an update of the view by the app takes them away

function paintErrors(dialog) {
  const known = errors.get(dialog.dataset.modal);
  if (known && known.hash !== dialog.dataset.hash) errors.delete(dialog.dataset.modal);
  const texts = errors.get(dialog.dataset.modal)?.texts ?? {};
  for (const field of dialog.querySelectorAll("[data-field]")) {
    const text = texts[field.dataset.field] ?? "";
    const slot = field.querySelector("[data-error]");
    if (!slot) continue;
    if (slot.textContent !== text) slot.textContent = text;
    slot.hidden = !text;
    const control = field.querySelector("[data-control]");
    if (text) control?.setAttribute("aria-invalid", "true");
    else control?.removeAttribute("aria-invalid");
  }
}

function showErrors(dialog, texts) {
  errors.set(dialog.dataset.modal, { texts, hash: dialog.dataset.hash });
  paintErrors(dialog);
  const fields = [...dialog.querySelectorAll("[data-field]")];
  const first = fields.find((field) => texts[field.dataset.field]);
  if (!first) toast(Object.values(texts).join(" "));
  const control = first?.querySelector("input:not([type=search]), select, textarea");
  (control?.checkVisibility() ? control : first?.querySelector("summary"))?.focus();
  first?.scrollIntoView({ block: "nearest" });
}

async function submit(dialog) {
  const button = dialog.querySelector("[data-submit]");
  if (!button) return;
  const answer = await whileBusy(button, () =>
    act({ do: "submit", view_id: dialog.dataset.modal, state: stateOf(dialog) }),
  );
  if (!answer) return;
  errors.delete(dialog.dataset.modal);
  if (answer.errors) showErrors(dialog, answer.errors);
  else paintErrors(dialog);
}

export async function closeModal(dialog, { all = false } = {}) {
  await whileBusy(dialog, () => act({ do: "close", view_id: dialog.dataset.modal, clear: all }));
}

export function listenToModals() {
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-modal-form]")) return;
    event.preventDefault();
    void submit(event.target.closest("dialog"));
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-close-modal]");
    if (button) void closeModal(button.closest("dialog"), { all: button.dataset.closeModal === "all" });
  });
  // Escape asks the browser to close the dialog; the server decides, as it has to tell the app.
  document.addEventListener(
    "cancel",
    (event) => {
      if (!event.target.matches?.("dialog[data-modal]")) return;
      event.preventDefault();
      void closeModal(event.target);
    },
    true,
  );
  document.addEventListener(
    "close",
    (event) => {
      if (event.target === topModal() && event.target.isConnected) void closeModal(event.target);
    },
    true,
  );
}
