// A message of a conversation.

import { el, icon } from "./dom.js";
import { choose } from "./act.js";
import { blocks } from "./blocks.js";
import { menuAt } from "./menu.js";
import { mrkdwn, plainText } from "./mrkdwn.js";
import { about, isApp, personOf } from "./store.js";
import { clock } from "./time.js";

// message shows a message. item has the message m, who wrote it, how many
// replies it has and the newest of them; place says in which conversation it stands, how high its
// headings are, and what opens its thread (nothing inside one).
export function message(item, place) {
  const { m, author } = item;
  const inner = { ...place, message: m.ts };
  const time = clock(m.ts);
  return el("article", {
    class: ["message", isApp(m.user) && "app", m.ephemeral && "ephemeral", m.tombstone && "tombstone"].filter(Boolean).join(" "), tabindex: "-1",
    "aria-label": `${author.name}, ${time.textContent}${m.ephemeral ? ", only visible to you" : ""}`,
    data: { ts: m.ts, ...(m.ephemeral ? { ephemeral: "true" } : {}) },
  },
  avatar(author),
  el("div", { class: "who" }, el("b", {}, author.name), author.bot && el("span", { class: "tag" }, "App"), time, m.edited && el("span", { class: "soft" }, "edited"),
    m.ephemeral && el("span", { class: "only" }, icon("eye"), "Only visible to you")),
  el("div", { class: "body" }, m.blocks?.length ? blocks(m.blocks, inner) : el("div", { class: "prose" }, mrkdwn(m.text))),
  item.replies > 0 && place.openThread && below(item, place),
  !m.ephemeral && !m.tombstone && tools(m, place, item.archived));
}

// avatar is the first letters of a name, or the app's key.
export function avatar(person) {
  const letters = person.name.split(/\s+/).slice(0, 2).map((word) => [...word][0]).join("");
  return el("div", { class: `avatar tone-${tone(person.id)}`, "aria-hidden": "true" }, isApp(person.id) ? icon("key") : letters);
}

function tone(id) {
  return [...id].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % 5;
}

const excerpt = 200; // characters of the newest reply

// below is what stands under a message: how many replies there are, and what the
// newest says.
function below(item, place) {
  const text = plainText(item.newest.text);
  return el("div", { class: "below" }, repliesButton(item, place),
    el("p", { class: "soft", dir: "auto" }, text.length > excerpt ? `${text.slice(0, excerpt)}…` : text));
}

function repliesButton(item, place) {
  const label = item.replies === 1 ? "1 reply" : `${item.replies} replies`;
  return el("button", { type: "button", class: "link replies", data: { focus: "replies" }, on: { click: () => place.openThread(item.m.ts) } }, icon("reply"), label);
}

function tools(m, place, archived) {
  const shortcuts = about.shortcuts.filter((s) => s.message);
  const reply = place.openThread && !archived && el("button", {
    type: "button", class: "tool", "aria-label": "Reply in thread", title: "Reply in thread", data: { focus: "reply" }, on: { click: () => place.openThread(m.thread_ts || m.ts) },
  }, icon("reply"));
  return el("div", { class: "tools" }, reply, shortcuts.length > 0 && more(m, place, shortcuts));
}

function more(m, place, shortcuts) {
  const button = el("button", { type: "button", class: "tool", "aria-label": "More actions", title: "More actions", data: { focus: "more" } }, icon("more"));
  menuAt(button, () => shortcuts.map((s) => ({
    label: s.name, data: { shortcut: s.callback },
    run: () => choose(button, s.callback, { conversation: place.conversation, message: m.ts }),
  })));
  return button;
}

// itemOf is a message with all that it shows, so that it is drawn anew when any
// of it changes.
export function itemOf(m, conversation) {
  const replies = conversation.messages.filter((other) => other.thread_ts === m.ts && other.ts !== m.ts && !other.ephemeral);
  return { m, author: personOf(m.user), replies: replies.length, newest: replies.at(-1) || null, archived: conversation.archived };
}
