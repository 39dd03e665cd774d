// What lies behind an open dialog is out of reach; assistive technology is told so in plain words.
export function shade() {
  const asking = document.getElementById("confirm").open;
  hide(document.querySelector(".app"), asking || Boolean(document.querySelector("dialog[data-modal]")));
  hide(document.querySelector("[data-region=modals]"), asking);
}

function hide(element, hidden) {
  if (hidden) element.setAttribute("aria-hidden", "true");
  else element.removeAttribute("aria-hidden");
}
