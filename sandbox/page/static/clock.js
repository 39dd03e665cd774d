// The clock: forward only, with a view of how far it has come.

import { post } from "/static/acting.js";

const LOOK_MS = 400;
let moving = false;

export async function advance(seconds) {
  if (moving || !(seconds > 0)) return;
  moving = true;
  const start = await offset();
  const timer = setInterval(async () => show(bar((await offset()) - start, seconds), "Moving time…"), LOOK_MS);
  show(bar(0, seconds), "Moving time…");
  const answer = await post("/control/clock/advance", { seconds });
  clearInterval(timer);
  moving = false;
  show(null, answer.ok ? "Time has moved." : answer.message || "Time did not move.", !answer.ok);
}

async function offset() {
  const response = await fetch("/control/clock");
  return (await response.json()).offset_seconds;
}

function bar(done, all) {
  const element = document.createElement("progress");
  element.max = all;
  element.value = Math.min(done, all);
  element.setAttribute("aria-label", "Time moved so far");
  return element;
}

function show(progress, words, late = false) {
  if (progress && !moving) return;
  const line = document.createElement("span");
  line.textContent = words;
  line.className = late ? "late" : "";
  document.querySelector("[data-clock-progress]")?.replaceChildren(...(progress ? [progress, line] : [line]));
  for (const button of document.querySelectorAll("[data-advance], #clock-custom")) button.disabled = moving;
}

export function listenToClock() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-advance]");
    if (button) void advance(Number(button.dataset.advance));
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-advance-form]")) return;
    event.preventDefault();
    const amount = Number(document.getElementById("clock-amount").value);
    void advance(amount * Number(document.getElementById("clock-unit").value));
  });
}
