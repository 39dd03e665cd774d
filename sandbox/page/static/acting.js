// What the person does goes to the server as a deed; what goes wrong without a place of its own is said here.

// For these the server already shows an error where it belongs.
const SHOWN_IN_PLACE = new Set([
  "operation_timeout",
  "app_not_connected",
  "unknown_command",
  "not_supported_in_thread",
  "invalid_response",
  "invalid_command_response",
]);
const TOAST_MS = 9000;

export async function act(deed) {
  const answer = await post("/control/act", { as: document.body.dataset.as, ...deed });
  if (!answer.ok && !SHOWN_IN_PLACE.has(answer.error) && answer.error !== "invalid_input") {
    toast(answer.message || `The sandbox refused: ${answer.error}`);
  }
  return answer;
}

export function post(path, body) {
  return send("POST", path, body);
}

export async function send(method, path, body) {
  try {
    const response = await fetch(path, {
      method,
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return await response.json();
  } catch (problem) {
    console.warn("The sandbox did not answer.", problem);
    return { ok: false, error: "unreachable", message: "The sandbox is not reachable. Nothing was sent." };
  }
}

export function toast(text) {
  const box = document.createElement("div");
  box.className = "notice";
  const words = document.createElement("p");
  words.dir = "auto";
  words.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "icon-button";
  close.setAttribute("aria-label", "Dismiss this error");
  close.textContent = "✕";
  close.addEventListener("click", () => box.remove());
  box.append(words, close);
  // Inside an open modal, so that neither its backdrop nor its inertness hides the words.
  const home = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;
  const toasts = document.getElementById("toasts");
  home.append(toasts);
  toasts.append(box);
  setTimeout(() => box.remove(), TOAST_MS);
}

// Runs a task with the element shown as busy; a second start while it runs does nothing.
export async function whileBusy(element, task) {
  if (element.getAttribute("aria-busy") === "true") return undefined;
  element.setAttribute("aria-busy", "true");
  try {
    return await task();
  } finally {
    element.removeAttribute("aria-busy");
  }
}
