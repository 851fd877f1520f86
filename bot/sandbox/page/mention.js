// What stands in angle brackets in Slack's markup: people, channels, groups,
// dates and links.

import { el } from "./dom.js";
import { inward, permalink } from "./jump.js";
import { conversationOf, groupOf, personOf, store } from "./store.js";
import { slackDate } from "./time.js";

const entities = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };

// unescape undoes Slack's escaping, once.
export function unescape(text) {
  return text.replace(/&(?:lt|gt|amp);/g, (found) => entities[found]);
}

export function user(id) {
  return el("span", { class: id === store.as ? "mention mine" : "mention" }, `@${personOf(id).name}`);
}

export function channel(id, label) {
  const known = conversationOf(id);
  return el("span", { class: "mention" }, `#${known?.name || label || id}`);
}

// group is a user group by its handle; one that doesn't exist calls nobody, and is
// a text.
export function group(id, label) {
  const known = groupOf(id);
  if (!known) return document.createTextNode(`@${(label || id).replace(/^@/, "")}`);
  return el("span", { class: known.users?.includes(store.as) ? "mention mine" : "mention" }, `@${known.handle}`);
}

// link makes a link out of the page, only of the kinds that Slack links, or to a
// message in it.
export function link(url, label) {
  const here = permalink(url);
  if (here) return inward(here, {}, label || url);
  if (!/^(https?|mailto|tel):/i.test(url)) return document.createTextNode(label || url);
  const outside = /^http/i.test(url);
  return el("a", { href: url, ...(outside ? { target: "_blank", rel: "noopener noreferrer" } : {}) }, label || url.replace(/^(mailto|tel):/i, ""));
}

// bracketed reads what stood between "<" and ">".
export function bracketed(inside) {
  const [target, ...rest] = inside.split("|");
  const label = unescape(rest.join("|"));
  if (/^@[UW]/.test(target)) return user(target.slice(1));
  if (target.startsWith("#")) return channel(target.slice(1), label);
  if (target.startsWith("!date^")) return dated(target, label);
  if (target.startsWith("!subteam^")) return group(target.slice("!subteam^".length), label);
  if (/^!(here|channel|everyone)$/.test(target)) return el("span", { class: "mention mine" }, `@${target.slice(1)}`);
  if (target.startsWith("!")) return document.createTextNode(label || target);
  if (/^[a-z]+:/i.test(target)) return link(unescape(target), label);
  return document.createTextNode(unescape(`<${inside}>`));
}

function dated(target, label) {
  const [, seconds, format, url] = target.split("^");
  const time = slackDate(seconds, unescape(format || "{date}"), label);
  if (!url) return time;
  const around = link(unescape(url), "");
  around.replaceChildren(time);
  return around;
}
