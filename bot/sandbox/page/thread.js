// The thread that is open beside the conversation.

import { byId } from "./dom.js";
import { closeDrawer, isDrawer, openDrawer, openedDrawer } from "./drawer.js";
import { spot } from "./focus.js";
import { arrange } from "./list.js";
import { itemOf, message } from "./message.js";
import { change, here, named, store, unread } from "./store.js";

let back = spot(null);

// openThread opens the thread of a message.
export function openThread(ts) {
  back = spot(document.activeElement);
  change({ thread: ts });
  if (isDrawer("thread")) openDrawer("thread");
  else (here()?.archived ? byId("close-thread") : byId("reply")).focus();
}

function closeThread() {
  if (!store.thread) return;
  change({ thread: "" });
  if (openedDrawer() === "thread") closeDrawer();
  back();
}

// begin listens to what closes a thread.
export function begin() {
  byId("close-thread").addEventListener("click", closeThread);
  byId("behind").addEventListener("click", closeThread);
  byId("thread").addEventListener("closed", () => change({ thread: "" }));
  byId("thread").addEventListener("keydown", (e) => {
    if (e.key !== "Escape" || e.defaultPrevented) return;
    e.preventDefault();
    closeThread();
  });
}

// show draws the thread.
export function show() {
  const c = here();
  const inThread = c && store.thread ? c.messages.filter((m) => m.ts === store.thread || m.thread_ts === store.thread) : [];
  byId("thread").hidden = inThread.length === 0;
  byId("guide").classList.toggle("behind", inThread.length > 0);
  if (inThread.length === 0) {
    if (openedDrawer() === "thread") closeDrawer();
    return;
  }
  byId("thread-place").textContent = named(c);
  byId("reply-form").hidden = Boolean(c.archived);
  byId("thread-archived").hidden = !c.archived;
  byId("behind").hidden = openedDrawer() !== "thread" || unread(c).length === 0;
  const list = byId("replies");
  const before = list.childElementCount;
  arrange(list, inThread.map((m) => ({ ...itemOf(m, c), replies: 0 })), (item) => `${c.id} ${item.m.ts}`, (item) => message(item, { conversation: c.id, level: 3 }));
  if (list.childElementCount > before) list.lastElementChild.scrollIntoView({ block: "nearest" });
}
