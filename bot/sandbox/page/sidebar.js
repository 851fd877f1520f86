// The workspace at the side: channels, direct messages, apps, and who one is.

import { byId, el, icon, unseen } from "./dom.js";
import { closeDrawer, isDrawer } from "./drawer.js";
import { arrange } from "./list.js";
import { menuAt } from "./menu.js";
import { avatar } from "./message.js";
import { about, isApp, named, persona, store, unread, unreadInAll } from "./store.js";

let goTo = () => {};
let become = () => {};

// begin says what happens when a place or a person is chosen.
export function begin(choices) {
  goTo = choices.goTo;
  become = choices.become;
  menuAt(byId("me"), () => about.people.map((p) => ({
    label: `${p.name}, ${p.role}`, note: p.line, checked: p.id === store.as, data: { persona: p.id }, run: () => become(p.id),
  })));
}

// show draws the workspace as it is now.
export function show() {
  byId("team").textContent = store.view.team;
  const all = store.view.conversations;
  section("channels", all.filter((c) => c.kind !== "im"));
  section("people", all.filter((c) => c.kind === "im" && !isApp(c.with)));
  section("apps", all.filter((c) => c.kind === "im" && isApp(c.with)));
  menuButton(unreadInAll());
  me();
}

// menuButton says how much there is to read while the workspace is a drawer that
// is closed.
function menuButton(count) {
  byId("waiting").hidden = count === 0;
  byId("waiting").textContent = String(count);
  byId("open-side").setAttribute("aria-label", `Workspace menu${count === 0 ? "" : `, ${count} unread ${count === 1 ? "message" : "messages"}`}`);
}

function section(id, conversations) {
  byId(`${id}-title`).hidden = conversations.length === 0;
  const items = conversations.map((c) => ({ id: c.id, name: named(c), kind: isApp(c.with) ? "app" : c.archived ? "archived" : c.kind, unread: unread(c).length, current: c.id === store.at }));
  arrange(byId(id), items, (item) => item.id, entry);
}

const icons = { channel: "hash", private: "lock", im: "person", app: "key", archived: "archive" };

function entry(item) {
  const news = item.unread > 0;
  return el("li", {}, el("button", {
    type: "button", class: news ? "place news" : "place", "aria-current": item.current ? "page" : null,
    data: { conversation: item.id, focus: item.id },
    on: { click: () => { goTo(item.id); if (isDrawer("side")) closeDrawer(byId("scroll")); } },
  }, icon(icons[item.kind]), el("span", { class: "name" }, item.name.replace(/^#/, ""), item.kind === "archived" && unseen(", archived")),
  news && el("span", { class: "count" }, String(item.unread), unseen(item.unread === 1 ? " unread message" : " unread messages"))));
}

function me() {
  const p = persona();
  const button = byId("me");
  if (button.dataset.persona === p.id) return;
  button.dataset.persona = p.id;
  button.replaceChildren(avatar(p), el("span", { class: "name" }, unseen("You are "), el("b", {}, p.name), " ", el("span", { class: "soft" }, p.role), unseen(". Change who you are.")), icon("switch"));
}
