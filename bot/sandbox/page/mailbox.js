// The mailbox: what reached the customers' mailboxes and telephones, and what
// their product heard.

import { byId, el, icon, unseen } from "./dom.js";
import { fetchPost, oneAtATime } from "./api.js";
import { arrange } from "./list.js";
import { announce, complain } from "./speak.js";
import { clock } from "./time.js";

let known = null; // the IDs of what was there before, null at the start
let fresh = 0; // how much came since somebody looked

// begin lets the dialog with a mail be closed.
export function begin() {
  byId("letter").addEventListener("close", () => byId("letter").replaceChildren());
}

// refresh fetches the post and draws it, one request at a time.
export const refresh = oneAtATime(fetchNow);

async function fetchNow() {
  try {
    show(await fetchPost());
  } catch (err) {
    complain(err.message);
  }
}

// read says that somebody looks at the post.
export function read() {
  fresh = 0;
  count();
}

function show(post) {
  section("mails", post.mails, mail);
  section("texts", post.texts, text);
  section("heard", post.heard, heard);
  byId("no-post").hidden = post.mails.length + post.texts.length + post.heard.length > 0;
  tell([...post.mails, ...post.texts]);
}

function section(id, items, make) {
  byId(`${id}-title`).hidden = items.length === 0;
  arrange(byId(id), items, (item) => item.id, make);
}

// tell counts and announces what is new.
function tell(items) {
  const news = known ? items.filter((item) => !known.has(item.id)) : [];
  known = new Set(items.map((item) => item.id));
  if (news.length === 0) return;
  fresh = byId("post").hidden ? fresh + news.length : 0;
  count();
  for (const item of news) announce(item.subject === undefined ? `A text to ${item.to} came.` : `A mail to ${item.to} came: ${item.subject}`);
}

function count() {
  byId("arrived").hidden = fresh === 0;
  byId("arrived").replaceChildren(String(fresh), unseen(" new"));
}

function when(item) {
  return clock(Date.parse(item.at) / 1000);
}

function mail(item) {
  const open = () => letter(item);
  return el("li", {}, el("button", { type: "button", class: "trial post", data: { mail: item.id, focus: item.id }, on: { click: open } },
    icon("mail"), el("span", {}, el("b", {}, item.subject || "(no subject)")), el("span", { class: "soft" }, `To ${item.to}, `, when(item))));
}

function text(item) {
  return el("li", { class: "post", data: { text: item.id } }, icon("phone"), el("p", { dir: "auto" }, linked(item.text)), el("p", { class: "soft" }, `To ${item.to}, `, when(item)));
}

function heard(item) {
  return el("li", { class: "post" }, icon("check"), el("p", {}, item.line), el("p", { class: "soft" }, when(item)));
}

// letter opens a mail: as its reader sees it, in a frame that may do nothing but
// open links, and as plain text.
function letter(item) {
  const dialog = byId("letter");
  const close = el("button", { type: "button", class: "plain", "aria-label": "Close the mail", on: { click: () => dialog.close() } }, icon("close"));
  dialog.replaceChildren(
    el("div", { class: "head" }, el("h2", { id: "letter-title", dir: "auto" }, item.subject || "(no subject)"), close),
    el("div", { class: "inner" },
      el("p", { class: "soft" }, `From ${item.from}`, el("br"), `To ${item.to}, `, when(item)),
      item.html && el("iframe", { src: `/mail/${item.id}`, title: "The mail, as its reader sees it", sandbox: "allow-popups allow-popups-to-escape-sandbox" }),
      el("details", { open: !item.html }, el("summary", {}, "As plain text"), el("pre", { dir: "auto" }, linked(item.text)))));
  dialog.showModal();
}

// linked is a text whose addresses can be followed, in a tab of their own.
function linked(text) {
  return text.split(/(https?:\/\/[^\s<>"]+)/).map((piece, i) => (i % 2 === 0 ? piece
    : el("a", { href: piece, target: "_blank", rel: "noopener noreferrer" }, piece, unseen(" (opens a new tab)"))));
}
