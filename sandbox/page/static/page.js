// The page: one socket brings fresh regions, clicks on places change the address, the rest listens elsewhere.

import { act, post } from "/static/acting.js";
import { listenToClock } from "/static/clock.js";
import { listenToComposers } from "/static/composer.js";
import { listenToControls, pressButton, refreshControls } from "/static/controls.js";
import { listenToDrafts } from "/static/drafts.js";
import { listenToFiles } from "/static/files.js";
import { listenToFound } from "/static/found.js";
import { listenToModals, syncModals } from "/static/modals.js";
import { morph } from "/static/morph.js";
import { listenToRichInputs } from "/static/richinput.js";
import { listenToTables, refreshTables } from "/static/tables.js";
import { refreshThreads } from "/static/threads.js";
import { listenToTrouble } from "/static/trouble.js";

const RETRY_MS = [300, 700, 1500, 3000];
const NEAR_BOTTOM_PX = 60;

let socket = null;
let failures = 0;
let visit = 0;
let arrived = false;

// ---- the socket

function connect() {
  const address = new URL(location.href);
  address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  address.pathname = "/page/ws";
  address.hash = "";
  address.searchParams.set("as", document.body.dataset.as);
  socket = new WebSocket(address);
  visit = 0;
  socket.addEventListener("open", () => {
    failures = 0;
    offline("");
  });
  socket.addEventListener("message", (event) => receive(JSON.parse(event.data)));
  socket.addEventListener("close", () => {
    const wait = RETRY_MS[Math.min(failures, RETRY_MS.length - 1)];
    failures += 1;
    if (failures > 1) offline("The sandbox is not reachable. Trying again…");
    setTimeout(connect, wait);
  });
}

function offline(words) {
  const line = document.getElementById("offline");
  if (line.textContent !== words) line.textContent = words;
}

function tell(what) {
  if (socket?.readyState !== WebSocket.OPEN) return false;
  socket.send(JSON.stringify(what));
  return true;
}

function receive(news) {
  if (news.visit !== visit) return; // drawn for a place the person has left meanwhile
  const bottoms = atBottom();
  const focus = document.activeElement;
  for (const [name, html] of Object.entries(news.regions)) {
    morph(document.querySelector(`[data-region="${name}"]`), html);
  }
  document.title = news.title;
  settle(bottoms);
  refocus(focus);
  arrive();
}

// ---- scrolling: a conversation stays at its end if it was there, and starts there

function logs() {
  return [...document.querySelectorAll(".messages")];
}

function atBottom() {
  const near = (log) => log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_BOTTOM_PX;
  return new Map(logs().map((log) => [log, near(log)]));
}

function settle(bottoms = new Map()) {
  for (const log of logs()) if (bottoms.get(log) !== false) log.scrollTop = log.scrollHeight;
  refreshControls(document);
  refreshTables(document);
  refreshThreads();
  syncModals();
  if (document.visibilityState === "visible") tell({ seen: true });
}

function refocus(focus) {
  if (focus === document.body || document.activeElement !== document.body) return;
  const again = focus.isConnected ? focus : focus.id && document.getElementById(focus.id);
  if (again) again.focus({ preventScroll: true });
}

// ---- places

function go(address, { push = true } = {}) {
  visit += 1;
  if (!tell({ go: address, visit })) {
    location.href = address;
    return;
  }
  if (push) history.pushState(null, "", address);
  setMenu(false);
  arrived = false;
}

// What happens once per visit, when the place is on screen.
function arrive() {
  if (arrived) return;
  arrived = true;
  document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView({ block: "center" });
  const home = document.querySelector("[data-home]");
  if (home) void act({ do: "home", app_id: home.dataset.home });
  const isMessages = new URL(location.href).searchParams.get("tab") === "messages";
  if (isMessages) void act({ do: "messages_tab", app_id: new URL(location.href).searchParams.get("home") });
  if (document.querySelector("dialog[open]")) return;
  const wide = matchMedia("(width >= 760px)").matches;
  const composer = document.querySelector("#side textarea") ?? document.querySelector("#main textarea");
  if (wide && composer) composer.focus({ preventScroll: true });
  else document.getElementById("main").focus({ preventScroll: true });
}

// ---- the menu on narrow screens, the theme, lists that open

function setMenu(open) {
  const button = document.getElementById("menu-button");
  if (document.body.dataset.menu === (open ? "open" : undefined)) return;
  if (open) document.body.dataset.menu = "open";
  else delete document.body.dataset.menu;
  button.setAttribute("aria-expanded", String(open));
  if (open) document.querySelector("#sidebar summary").focus();
}

function toggleTheme() {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  document.cookie = `sandbox-theme=${root.dataset.theme}; path=/; max-age=31536000; samesite=strict`;
}

function closeLists(except) {
  for (const list of document.querySelectorAll("details[data-popover][open], details.menu[open], details.multi[open]")) {
    if (!list.contains(except)) list.open = false;
  }
}

function onEscape(event) {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  const inside = document.activeElement?.closest("details[open]:is([data-popover], .menu, .multi)");
  const list = inside ?? document.querySelector("details[data-popover][open]");
  if (list) {
    list.open = false;
    list.querySelector("summary").focus();
    event.preventDefault();
  } else if (document.body.dataset.menu) {
    setMenu(false);
    document.getElementById("menu-button").focus();
  }
}

function onClick(event) {
  closeLists(event.target);
  const on = (selector) => event.target.closest(selector);
  const link = on("a[data-go]");
  if (link && !event.metaKey && !event.ctrlKey && !event.shiftKey) {
    event.preventDefault();
    go(link.getAttribute("href"));
  }
  const button = on("[data-press]");
  if (button && !button.hasAttribute("disabled")) void pressButton(button);
  const dismissed = on("[data-dismiss]");
  if (dismissed) void post(`/control/notices/${dismissed.dataset.dismiss}/dismiss`, {});
  const hidden = on("[data-hide]");
  if (hidden) void post("/page/hide", { as: document.body.dataset.as, ...JSON.parse(hidden.dataset.hide) });
  const reaction = on("[data-react]");
  if (reaction) void react(reaction);
  const shortcut = on("[data-shortcut]");
  if (shortcut) void takeShortcut(shortcut);
  if (on("[data-theme-toggle]")) toggleTheme();
  if (on("#menu-button")) setMenu(!document.body.dataset.menu);
  else if (on("#menu-backdrop")) setMenu(false);
}

async function react(button) {
  const { channel, ts } = JSON.parse(button.closest("[data-container]").dataset.container);
  const menu = button.closest("details");
  if (menu) menu.open = false;
  await act({ do: "react", channel, ts, name: button.dataset.react });
}

async function takeShortcut(button) {
  const message = button.closest("[data-container]");
  const composer = button.closest("[data-composer]");
  button.closest("details").open = false;
  const where = message ? JSON.parse(message.dataset.container) : { channel: composer.dataset.channel };
  await act({ do: "shortcut", callback_id: button.dataset.shortcut, channel: where.channel, ts: where.ts });
}

listenToControls();
listenToFiles();
listenToFound();
listenToModals();
listenToComposers();
listenToClock();
listenToRichInputs();
listenToDrafts();
listenToTrouble();
listenToTables();
document.addEventListener("click", onClick);
document.addEventListener("keydown", onEscape);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && tell({ seen: true }));
addEventListener("popstate", () => go(location.href, { push: false }));
settle();
connect();
