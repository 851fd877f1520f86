// What the page knows, and who wants to hear when it changes.

import { byId } from "./dom.js";

// about is what the server said about the page: commands, shortcuts, people.
export const about = JSON.parse(byId("about").textContent);

export const store = {
  as: about.people[0].id, // who one is
  view: null, // all that this person sees
  at: "", // the conversation that is open
  tab: "messages", // of the app's direct message: "home" or "messages"
  ahead: 0, // by how many milliseconds the sandbox's clock is ahead of the browser's
  thread: "", // the message whose thread is open, "" for none
  baseline: -1, // everything up to here was there before the page
  seen: {}, // how far each person has read each conversation
  ...remembered(),
};

// remembered is what has been read, as this tab knew it before it was loaded
// anew.
function remembered() {
  try {
    const { baseline, seen } = JSON.parse(sessionStorage.getItem("latchkey-sandbox-seen"));
    return { baseline, seen };
  } catch {
    return {}; // it is the first time
  }
}

const watchers = [];

// watch calls a function after every change.
export function watch(f) {
  watchers.push(f);
}

// change changes what the page knows and shows it.
export function change(fields = {}) {
  Object.assign(store, fields);
  if (!store.view) return;
  for (const f of watchers) f();
}

// persona is who one is.
export function persona() {
  return about.people.find((p) => p.id === store.as);
}

// personOf is somebody of the workspace.
export function personOf(id) {
  return store.view?.people.find((p) => p.id === id) || { id, name: id, title: "", bot: false };
}

// isApp tells the app's own user.
export function isApp(id) {
  return Boolean(store.view) && id === store.view.app;
}

// groupOf is a user group; undefined when there is none.
export function groupOf(id) {
  return store.view?.groups.find((g) => g.id === id);
}

export function conversationOf(id) {
  return store.view?.conversations.find((c) => c.id === id);
}

// here is the conversation that is open.
export function here() {
  return conversationOf(store.at);
}

// named is what a conversation is called: "#support", or who it is with.
export function named(conversation) {
  if (conversation.kind === "im") return personOf(conversation.with).name;
  return (conversation.kind === "channel" ? "#" : "") + conversation.name;
}

// isReply tells a message that stands only in its thread.
export function isReply(message) {
  return Boolean(message.thread_ts) && message.thread_ts !== message.ts && !message.broadcast;
}

// unread are the messages of a conversation that the person hasn't seen; of
// replies only those of the app in its own direct message, which are for nobody
// else, and those in threads that they have a part in.
export function unread(conversation) {
  const until = store.seen[store.as]?.[conversation.id] ?? store.baseline;
  const fresh = conversation.messages.filter((m) => Number(m.ts) > until && m.user !== store.as);
  if (isApp(conversation.with) || !fresh.some(isReply)) return fresh;
  const own = new Set(conversation.messages.filter((m) => m.user === store.as).map((m) => m.thread_ts || m.ts));
  return fresh.filter((m) => !isReply(m) || own.has(m.thread_ts));
}

// markSeen says that the person has read a conversation.
export function markSeen(conversation) {
  const newest = conversation.messages.reduce((top, m) => Math.max(top, Number(m.ts)), store.baseline);
  (store.seen[store.as] ||= {})[conversation.id] = newest;
  sessionStorage.setItem("latchkey-sandbox-seen", JSON.stringify({ baseline: store.baseline, seen: store.seen }));
}

// unreadInAll is how many messages the person hasn't seen.
export function unreadInAll() {
  return store.view.conversations.reduce((sum, c) => sum + unread(c).length, 0);
}

// newestOf is the time of the newest message in a view.
export function newestOf(view) {
  return Math.max(0, ...view.conversations.flatMap((c) => c.messages.map((m) => Number(m.ts))));
}
