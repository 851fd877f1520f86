// The guide: what to try, and a customer to be.

import { busy, byId, el, icon, unseen } from "./dom.js";
import { post } from "./api.js";
import { closeDrawer, isDrawer, openDrawer } from "./drawer.js";
import { read } from "./mailbox.js";
import { isApp, persona, store, unread } from "./store.js";
import { now } from "./time.js";

let goTo = () => {};

// begin says what happens when something is tried: run gets the command,
// and goTo the place to go to.
export function begin(choices) {
  goTo = choices.goTo;
  for (const button of document.querySelectorAll("[data-command]")) {
    button.addEventListener("click", () => attempt(button, choices.run));
  }
  byId("filter").addEventListener("input", filter);
  for (const side of sides) byId(`tab-${side}`).addEventListener("click", () => turnTo(side));
  byId("guide-tabs").addEventListener("keydown", (e) => {
    const step = { ArrowLeft: sides.length - 1, ArrowRight: 1 }[e.key];
    if (!step) return;
    const other = byId(`tab-${sides[(sides.indexOf(document.activeElement.id.slice("tab-".length)) + step) % sides.length]}`);
    other.click();
    other.focus();
  });
  for (const button of document.querySelectorAll("[data-turn]")) button.addEventListener("click", () => turn(button.dataset.turn));
  for (const button of document.querySelectorAll("[data-outcome]")) button.addEventListener("click", () => customer(button));
}

// sides are the sides of the guide, in the order of their tabs.
const sides = ["try", "customer", "post"];

// turn opens the guide at one of its sides.
function turn(side) {
  turnTo(side);
  if (isDrawer("guide")) openDrawer("guide", byId(`tab-${side}`));
  else byId(`tab-${side}`).focus();
  byId(side).scrollIntoView({ block: "nearest" });
}

function turnTo(side) {
  for (const name of sides) {
    byId(name).hidden = name !== side;
    byId(`tab-${name}`).setAttribute("aria-selected", String(name === side));
    byId(`tab-${name}`).tabIndex = name === side ? 0 : -1;
  }
  if (side === "post") read();
}

async function attempt(button, run) {
  const user = button.dataset.customer;
  if (user) byId("who").value = user;
  if (isDrawer("guide")) closeDrawer(byId("scroll"));
  if (!(await busy(button, () => run(button.dataset.command)))) return;
  for (const row of document.querySelectorAll("[data-try]")) {
    if (row.dataset.command !== button.dataset.command || row.dataset.tried) continue;
    row.dataset.tried = "true";
    row.append(icon("check"), unseen(", tried"));
  }
}

// filter leaves only what has every word that was typed.
function filter() {
  const words = byId("filter").value.toLowerCase().split(/\s+/).filter(Boolean);
  let left = 0;
  for (const group of document.querySelectorAll("#trials > section")) {
    let any = false;
    for (const row of group.querySelectorAll("li")) {
      const text = `${row.textContent} ${row.firstElementChild.dataset.try || ""} ${group.firstElementChild.textContent}`.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word) || text.replaceAll("_", " ").includes(word));
      any ||= !row.hidden;
      left += row.hidden ? 0 : 1;
    }
    group.hidden = !any;
  }
  byId("filtered").textContent = words.length === 0 ? "" : left === 0 ? "Nobody fits. Try another word." : `${left} shown`;
}

const done = {
  success: "logged in", wrong_password: "typed a wrong password", locked: "couldn’t log in: the login is locked", shared: "couldn’t log in: the login was shared",
  disabled: "couldn’t log in: the access is switched off", expired: "couldn’t log in: the access has ended", payment_hold: "couldn’t log in: the account isn’t paid",
};

async function customer(button) {
  const who = byId("who");
  const name = who.selectedOptions[0].textContent.split(" (")[0];
  const say = (text, wrong = false) => {
    byId("happened").replaceChildren(el("p", { class: wrong ? "wrong" : "" }, text));
    byId("happened").scrollIntoView({ block: "nearest" });
  };
  await busy(button, async () => {
    try {
      const { happened } = await post("attempt", { as: store.as, customer: who.value, outcome: button.dataset.outcome });
      say(`${name} ${done[happened || button.dataset.outcome] || "couldn’t log in"} at ${now()}.`, Boolean(happened));
    } catch (err) {
      say(err.message, true);
    }
  });
}

let shown = "";

// show says who one is, and what the app wrote to them meanwhile.
export function show() {
  tell(store.view.conversations.find((c) => isApp(c.with) && unread(c).length > 0));
  if (shown === store.as) return;
  shown = store.as;
  const p = persona();
  byId("you").replaceChildren("You are ", el("b", {}, p.name), ` (${p.role}). ${p.line}`);
}

// tell says beside the customer that the app has written to one.
function tell(conversation) {
  const to = conversation?.id || "";
  const at = byId("told");
  if ((at.dataset.to || "") === to) return;
  at.dataset.to = to;
  const go = () => {
    goTo(to);
    if (isDrawer("guide")) closeDrawer(byId("scroll"));
    else byId("scroll").focus({ preventScroll: true });
  };
  at.replaceChildren(...(to ? [el("p", {}, "Latchkey wrote to you."), el("button", { type: "button", class: "button", on: { click: go } }, "Read its direct message")] : []));
  if (to && !byId("guide").inert) at.scrollIntoView({ block: "nearest" });
}
