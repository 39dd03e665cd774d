// Rich text fields: buttons and keys put the marks around what is selected; the marks are what is sent.

const KEYS = { b: "*", i: "_" };

function apply(field, mark) {
  field.focus();
  const { selectionStart: start, selectionEnd: end, value } = field;
  if (mark.endsWith(" ")) {
    const from = value.lastIndexOf("\n", start - 1) + 1;
    const lines = value.slice(from, end).split("\n");
    const marked = lines.map((line, place) => (mark === "1. " ? `${place + 1}. ${line}` : `${mark}${line}`)).join("\n");
    field.setRangeText(marked, from, end, "end");
  } else {
    field.setRangeText(`${mark}${value.slice(start, end)}${mark}`, start, end, "end");
    if (start === end) field.setSelectionRange(start + 1, start + 1);
  }
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

// Enter in a list goes on with the list; Enter in an empty item ends it.
function continueList(field) {
  const { selectionStart: at, selectionEnd: end, value } = field;
  const from = value.lastIndexOf("\n", at - 1) + 1;
  const found = /^(- |> |(\d+)\. )(.*)$/.exec(value.slice(from, at));
  if (!found || at !== end) return false;
  if (!found[3]) field.setRangeText("", from, at, "end");
  else field.setRangeText(`\n${found[2] ? `${Number(found[2]) + 1}. ` : found[1]}`, at, at, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  return true;
}

function onKey(event) {
  const field = event.target.closest?.(".rich-input textarea");
  if (!field || event.isComposing) return;
  const mark = (event.ctrlKey || event.metaKey) && KEYS[event.key.toLowerCase()];
  if (mark) apply(field, mark);
  else if (event.key !== "Enter" || event.shiftKey || field.hasAttribute("data-fires") || !continueList(field)) return;
  event.preventDefault();
}

export function listenToRichInputs() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-mark]");
    if (button) apply(button.closest(".rich-input").querySelector("textarea"), button.dataset.mark);
  });
  document.addEventListener("keydown", onKey);
}
