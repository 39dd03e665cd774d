// File fields: what the person chooses goes to the workspace at once; the form is sent with what it became there.

import { toast } from "/static/acting.js";

const chosen = new WeakMap();

export function filesOf(control) {
  return chosen.get(control) ?? [];
}

async function upload(file) {
  const address = new URL("/control/files", location.href);
  address.searchParams.set("as", document.body.dataset.as);
  address.searchParams.set("name", file.name);
  try {
    const response = await fetch(address, { method: "POST", body: file });
    return await response.json();
  } catch (problem) {
    console.warn("The sandbox did not take the file.", problem);
    return { ok: false, message: "The sandbox is not reachable. The file was not taken." };
  }
}

async function take(control) {
  const status = control.closest("[data-files-box]").querySelector(".file-list");
  const send = control.closest("form")?.querySelector("[data-submit]");
  chosen.set(control, []);
  send?.setAttribute("aria-busy", "true");
  status.textContent = "Uploading…";
  const answers = await Promise.all([...control.files].map(upload));
  send?.removeAttribute("aria-busy");
  for (const answer of answers) if (!answer.ok) toast(answer.message);
  const files = answers.filter((answer) => answer.ok).map((answer) => answer.file);
  chosen.set(control, files);
  status.textContent = files.map((file) => `${file.name} (${Math.ceil(file.size / 1024)} KB)`).join(", ");
}

export function listenToFiles() {
  document.addEventListener("change", (event) => {
    if (event.target.dataset?.control === "files") void take(event.target);
  });
}
