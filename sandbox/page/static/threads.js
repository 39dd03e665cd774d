// Threads with replies nobody has looked at yet; what was seen is remembered by this browser for each person.

function seenKey() {
  return `threads-${document.body.dataset.as}`;
}

function seen() {
  return JSON.parse(localStorage.getItem(seenKey()) ?? "{}");
}

export function refreshThreads() {
  const known = seen();
  const opened = document.querySelector("[data-thread-last]");
  if (opened && document.visibilityState === "visible") {
    known[opened.dataset.threadId] = opened.dataset.threadLast;
    localStorage.setItem(seenKey(), JSON.stringify(known));
  }
  for (const link of document.querySelectorAll("[data-last-reply]")) {
    const fresh = link.dataset.lastReply > (known[link.dataset.repliesTo] ?? "");
    link.querySelector(".replies-new").hidden = !fresh;
  }
}
