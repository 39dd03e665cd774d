// What is typed into a modal outlives a reload: it waits in the tab until the modal is gone.

const restored = new Set();

function fieldsOf(dialog) {
  return [...dialog.querySelectorAll("input, select, textarea")].filter(
    (field) => field.id && !["search", "file"].includes(field.type),
  );
}

const keyOf = (dialog) => `draft-${dialog.dataset.modal}`;
const isBox = (field) => field.type === "checkbox" || field.type === "radio";

function keep(dialog) {
  const values = fieldsOf(dialog).map((field) => [
    field.id,
    isBox(field) ? field.checked : field.value,
    field.dataset.control === "found" ? (field.dataset.value ?? "") : "",
  ]);
  sessionStorage.setItem(keyOf(dialog), JSON.stringify(values));
}

// Puts back what was typed before the reload; a modal that was there all along keeps what it shows.
export function restoreDrafts() {
  const dialogs = [...document.querySelectorAll("dialog[data-modal]")];
  for (const dialog of dialogs) {
    if (restored.has(dialog.dataset.modal)) continue;
    restored.add(dialog.dataset.modal);
    for (const [id, value, found] of JSON.parse(sessionStorage.getItem(keyOf(dialog)) ?? "[]")) {
      const field = document.getElementById(id);
      if (!field || !dialog.contains(field)) continue;
      if (isBox(field)) field.checked = value;
      else field.value = value;
      if (found) field.dataset.value = found;
    }
  }
  const open = new Set(dialogs.map(keyOf));
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith("draft-") && !open.has(key)) sessionStorage.removeItem(key);
  }
}

export function listenToDrafts() {
  for (const kind of ["input", "change"]) {
    document.addEventListener(kind, (event) => {
      const dialog = event.target.closest?.("dialog[data-modal]");
      if (dialog) keep(dialog);
    });
  }
}
