// Brings a region up to date without throwing away what the person sees, typed or focused:
// elements keep their identity by id, and by position where they have none.

// State that lives in the page alone; the server knows nothing of it.
const OURS = new Set([
  "open",
  "aria-busy",
  "aria-invalid",
  "aria-expanded",
  "data-before",
  "data-changed",
  "data-chosen",
  "data-page",
  "data-start",
  "data-up",
]);

// What was found and taken in an external menu is, like typed text, known to the server only once it is sent.
function isOurs(element, name) {
  return OURS.has(name) || (name === "data-value" && element.dataset.control === "found");
}

export function morph(target, html) {
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  patchChildren(target, fresh.content);
}

function patchChildren(parent, fresh) {
  const wanted = new Set([...fresh.children].map((child) => child.id).filter(Boolean));
  const known = new Map([...parent.children].filter((child) => child.id).map((child) => [child.id, child]));
  let cursor = parent.firstChild;
  for (const node of [...fresh.childNodes]) {
    while (cursor?.id && !wanted.has(cursor.id)) cursor = removed(cursor);
    const match = node.id ? known.get(node.id) : sameKind(cursor, node);
    if (!match) {
      parent.insertBefore(node, cursor);
    } else {
      if (match === cursor) cursor = cursor.nextSibling;
      else move(parent, match, cursor);
      patch(match, node);
    }
  }
  while (cursor) cursor = removed(cursor);
}

function removed(node) {
  const next = node.nextSibling;
  node.remove();
  return next;
}

function sameKind(cursor, node) {
  let candidate = cursor;
  while (candidate?.id) candidate = candidate.nextSibling;
  return candidate?.nodeName === node.nodeName ? candidate : null;
}

function move(parent, node, before) {
  if (parent.moveBefore) parent.moveBefore(node, before);
  else parent.insertBefore(node, before);
}

function patch(old, fresh) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
  } else if (old.nodeName !== fresh.nodeName) {
    old.replaceWith(fresh);
  } else if (!old.hasAttribute("data-client")) {
    patchAttributes(old, fresh);
    if (old.nodeName !== "TEMPLATE") patchChildren(old, fresh);
    else if (old.innerHTML !== fresh.innerHTML) old.innerHTML = fresh.innerHTML;
  }
}

function patchAttributes(old, fresh) {
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && !isOurs(old, name)) old.removeAttribute(name);
  }
  for (const { name, value } of [...fresh.attributes]) {
    if (old.getAttribute(name) !== value && !isOurs(old, name)) old.setAttribute(name, value);
  }
}
