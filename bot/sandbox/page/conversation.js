// The conversation that is open: its messages, or the app's Home.

import { byId, el, icon } from "./dom.js";
import { act } from "./act.js";
import { blocks } from "./blocks.js";
import { isDrawer, openedDrawer } from "./drawer.js";
import { arrange } from "./list.js";
import { itemOf, message } from "./message.js";
import { change, here, isApp, isReply, markSeen, named, store, unread } from "./store.js";
import { dayName } from "./time.js";

let shown = ""; // the conversation that is drawn
let known = new Set(); // its messages that are drawn
let openThread = () => {};

// begin says what opens a thread.
export function begin(choices) {
  openThread = choices.openThread;
  const tabs = [byId("tab-home"), byId("tab-messages")];
  byId("tab-messages").addEventListener("click", () => change({ tab: "messages" }));
  byId("tab-home").addEventListener("click", openHome);
  byId("tabs").addEventListener("keydown", (e) => {
    if (e.key !== "ArrowLeft" && e.key !== "ArrowRight") return;
    const other = tabs[1 - tabs.indexOf(document.activeElement)];
    other?.focus();
    other?.click();
  });
  for (const drawer of ["side", "guide"]) byId(drawer).addEventListener("closed", () => change());
  byId("newer").addEventListener("click", () => { toEnd(); byId("scroll").focus(); });
  byId("scroll").addEventListener("scroll", () => { if (atEnd()) byId("newer").hidden = true; });
}

function openHome() {
  change({ tab: "home" });
  act("home", {});
}

// show draws what is open.
export function show() {
  const c = here();
  if (!c) return;
  const home = isApp(c.with) && store.tab === "home";
  heading(c, home);
  byId("scroll").hidden = home;
  byId("say").hidden = home || Boolean(c.archived);
  byId("archived").hidden = home || !c.archived;
  byId("home").hidden = !home;
  byId("skip").href = home ? "#home" : c.archived ? "#scroll" : "#composer";
  if (home) showHome(); else showMessages(c);
}

function heading(c, home) {
  byId("title").textContent = named(c);
  byId("topic").textContent = c.topic || (isApp(c.with) ? "The app's direct message: only you read this" : "");
  byId("tabs").hidden = !isApp(c.with);
  for (const [id, on] of [["tab-home", home], ["tab-messages", !home]]) {
    byId(id).setAttribute("aria-selected", String(on));
    byId(id).tabIndex = on ? 0 : -1;
  }
  byId("scroll").setAttribute("aria-label", `Messages in ${named(c)}`);
}

function showMessages(c) {
  const moved = shown !== c.id + store.as;
  const end = atEnd();
  if (moved) known = new Set();
  shown = c.id + store.as;
  beginning(c);
  const items = dated(c.messages.filter((m) => !isReply(m)).map((m) => itemOf(m, c)));
  const place = { conversation: c.id, level: 2, openThread };
  arrange(byId("messages"), items, (item) => keyOf(item, c), (item) => (item.day ? day(item) : message(item, place)));
  if (!openedDrawer()) markSeen(c); // nobody reads behind a drawer
  const fresh = items.filter((item) => item.m && !known.has(item.m.ts));
  fresh.forEach((item) => known.add(item.m.ts));
  if (!moved && fresh.length > 0) follow(fresh, end);
  else if (moved && untouched(c)) byId("scroll").scrollTop = 0;
  else if (moved) toEnd();
}

// untouched is a conversation with nothing in it for the reader yet, in a window
// that has no room for the guide: it begins with what to do.
function untouched(c) {
  return isDrawer("guide") && unread(c).length === 0 && !c.messages.some((m) => isApp(m.user));
}

function keyOf(item, c) {
  return item.day ? `${c.id} ${item.day}` : `${c.id} ${item.m.ts}`;
}

// dated puts the name of the day before its first message.
function dated(items) {
  let last = "";
  return items.flatMap((item) => {
    const name = dayName(item.m.ts);
    if (name === last) return [item];
    last = name;
    return [{ day: name }, item];
  });
}

function day(item) {
  return el("div", { class: "day" }, el("span", {}, item.day));
}

function beginning(c) {
  const text = isApp(c.with)
    ? "This is your direct message with Latchkey. Commands work here too, and only you read the answers."
    : `This is the beginning of ${named(c)}. ${c.archived ? "It is archived." : "Type / for a command; anything else is said to everybody here."}`;
  const at = byId("beginning");
  if (at.textContent !== text) at.textContent = text;
}

// follow keeps the reader where they read, and shows what came when they are
// at the end or asked for it: a long answer from its beginning.
function follow(fresh, end) {
  const mine = fresh.find((item) => item.m.ephemeral || item.m.user === store.as);
  if (!end && !mine) {
    byId("newer").hidden = false;
    return;
  }
  reveal(fresh[0].m.ts);
}

function reveal(ts) {
  const node = [...byId("messages").children].find((child) => child.dataset.ts === ts);
  const fits = node && node.offsetHeight < byId("scroll").clientHeight;
  node?.scrollIntoView({ block: fits ? "end" : "start" });
  if (fits) byId("scroll").scrollTop += 16;
}

function toEnd() {
  byId("newer").hidden = true;
  const last = byId("messages").lastElementChild;
  if (last?.dataset.ts) reveal(last.dataset.ts);
}

function atEnd() {
  const s = byId("scroll");
  const last = byId("messages").lastElementChild;
  // At the end is also who reads the last message, however long it is.
  return !last || s.scrollTop + s.clientHeight >= s.scrollHeight - 80 || last.getBoundingClientRect().top <= s.getBoundingClientRect().top + 80;
}

let drawnHome = "";

function showHome() {
  const stamp = store.as + store.ahead + JSON.stringify(store.view.home);
  if (stamp === drawnHome) return;
  drawnHome = stamp;
  const list = store.view.home;
  byId("home").replaceChildren(el("div", { class: "sheet" }, list
    ? blocks(list, { view: "home", level: 2 })
    : el("p", { class: "soft" }, icon("key"), " Latchkey hasn't shown its Home yet.")));
}
