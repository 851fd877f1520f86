// The page begins here: it fetches what the person one is sees, draws it, and
// follows what changes.

import { choose } from "./act.js";
import { fetchState, follow, silent } from "./api.js";
import { byId } from "./dom.js";
import * as composing from "./composer.js";
import * as conversation from "./conversation.js";
import * as drawer from "./drawer.js";
import * as guide from "./guide.js";
import * as jump from "./jump.js";
import * as menu from "./menu.js";
import * as modal from "./modal.js";
import * as news from "./news.js";
import * as mailbox from "./mailbox.js";
import * as site from "./site.js";
import * as sidebar from "./sidebar.js";
import * as thread from "./thread.js";
import { announce, calm, complain } from "./speak.js";
import { about, change, conversationOf, here, isApp, newestOf, persona, store, watch } from "./store.js";

const kept = "latchkey-sandbox-persona";
let stop = () => {};
let say = null;
let reply = null;

function begin() {
  drawer.begin();
  menu.begin();
  modal.begin();
  thread.begin();
  composing.begin();
  conversation.begin({ openThread: thread.openThread });
  jump.begin({ to: goTo, thread: thread.openThread });
  sidebar.begin({ goTo, become });
  guide.begin({ run, goTo });
  mailbox.begin();
  site.begin();
  for (const button of document.querySelectorAll("[data-global]")) button.addEventListener("click", () => choose(button, button.dataset.global));
  say = composing.composer(byId("say"), () => ({ conversation: store.at }));
  reply = composing.composer(byId("reply-form"), () => ({ conversation: store.at, thread: store.thread }));
  for (const show of [conversation.show, thread.show, sidebar.show, guide.show, site.show, modal.show, () => say.move(), () => reply.move(), () => news.title(here())]) watch(show);
  const before = sessionStorage.getItem(kept);
  if (about.people.some((p) => p.id === before)) store.as = before;
  Promise.all([refresh().then(jump.arrive), mailbox.refresh(), site.refresh()]).then(listen);
}

// listen follows what the person one is sees.
function listen() {
  stop();
  stop = follow(store.as, { news: refresh, arrived: mailbox.refresh, users: site.refresh, open: () => live(true), lost: () => live(false) });
}

let wanted = ""; // whom one asked last to be

// become changes who one is, once there is what that person sees: until then,
// and if it doesn't come, one stays who one is.
async function become(id) {
  wanted = id;
  if (id === store.as) return;
  try {
    const view = await fetchState(id);
    if (wanted === id) turnInto(id, view);
  } catch (err) {
    if (wanted !== id) return; // somebody else meanwhile
    drawer.closeDrawer();
    complain(`You are still ${persona().name}. ${err.message}`);
  }
}

function turnInto(id, view) {
  Object.assign(store, { as: id, thread: "", back: null });
  sessionStorage.setItem(kept, id);
  document.body.dataset.live = "false";
  take(view);
  announce(`You are now ${persona().name}, ${persona().role}.`);
  listen();
}

function live(on) {
  document.body.dataset.live = String(on);
  byId("lost").hidden = on;
}

let fetching = null;
let again = false;

// refresh fetches the state, one request at a time: what changes meanwhile is
// fetched afterwards.
function refresh() {
  if (fetching) {
    again = true;
    return fetching;
  }
  fetching = fetchNow().finally(() => { fetching = null; });
  return fetching;
}

async function fetchNow() {
  do {
    again = false;
    const as = store.as;
    try {
      const view = await fetchState(as);
      if (as === store.as) take(view);
      else again = true;
    } catch (err) {
      complain(err.message);
      return;
    }
  } while (again);
}

function take(view) {
  const before = store.view;
  Object.assign(store, { view, ahead: view.ahead });
  calm(silent);
  if (store.baseline < 0) store.baseline = newestOf(view);
  if (!here()) Object.assign(store, { at: first(view), tab: "messages" });
  change();
  news.tell(before, view);
  document.body.dataset.ready = "true";
  document.body.dataset.persona = persona().id;
}

// first is the conversation that is opened first. Somebody else's direct
// message with the app becomes one's own.
function first(view) {
  const own = view.conversations.find((c) => isApp(c.with));
  if (/^D/.test(store.at) && own) return own.id;
  return (conversationOf(about.support) || view.conversations.find((c) => c.kind === "channel") || view.conversations[0])?.id || "";
}

function goTo(id) {
  change({ at: id, tab: "messages", thread: "" });
}

// run sends a command where the app works: here, in its direct message, or in
// the first channel. It returns whether the app took it.
async function run(command) {
  if (store.at !== about.support && !isApp(here()?.with) && conversationOf(about.support)) goTo(about.support);
  if (store.tab === "home") change({ tab: "messages" });
  return say.run(command);
}

begin();
