// The site that the workspace manages, with who can log in there, and the clock:
// beside the conversation, or a drawer in a narrow window.

import { act } from "./act.js";
import { fetchSite, oneAtATime } from "./api.js";
import { busy, byId, el, icon } from "./dom.js";
import { closeDrawer, isDrawer, openDrawer, openedDrawer } from "./drawer.js";
import { arrange } from "./list.js";
import { announce, complain } from "./speak.js";
import { change, store } from "./store.js";
import { dayAndTime, now, shortDay, today } from "./time.js";

const kept = "latchkey-sandbox-site";
let before = null; // the users that are drawn, null at the start

// begin listens to what shows, hides and moves on.
export function begin() {
  if (!there()) return;
  byId("open-site").addEventListener("click", toggle);
  byId("hide-site").addEventListener("click", hide);
  byId("site").addEventListener("closed", () => change()); // one reads again what it covered
  for (const button of document.querySelectorAll("[data-hours]")) button.addEventListener("click", () => leap(button));
  setShown(sessionStorage.getItem(kept) !== "hidden");
  setInterval(tick, 1000);
}

function there() {
  return Boolean(byId("site"));
}

function shown() {
  return isDrawer("site") ? openedDrawer() === "site" : document.body.dataset.site !== "hidden";
}

function setShown(on) {
  document.body.dataset.site = on ? "shown" : "hidden";
  if (on || isDrawer("site")) byId("site-dot").hidden = true;
  if (!isDrawer("site")) byId("open-site").setAttribute("aria-expanded", String(on));
}

function toggle() {
  if (isDrawer("site")) {
    byId("site-dot").hidden = true;
    openDrawer("site");
  } else if (shown()) hide();
  else {
    keep(true);
    byId("site").focus({ preventScroll: true });
  }
}

function hide() {
  if (isDrawer("site")) {
    closeDrawer();
    return;
  }
  keep(false);
  byId("open-site").focus();
}

function keep(on) {
  sessionStorage.setItem(kept, on ? "shown" : "hidden");
  setShown(on);
}

// leap lets time pass, and says where it stands then.
async function leap(button) {
  await busy(button, async () => {
    const hours = Number(button.dataset.hours);
    if (await act("jump", { hours })) announce(`${aheadOf(hours).replace("ahead", "later")}: all that was due has happened.`);
  });
}

// show shows the time, as the rest of the page has it.
export function show() {
  if (there()) tick();
}

function tick() {
  const text = today();
  if (byId("clock").textContent !== text) byId("clock").textContent = text;
  byId("ahead").textContent = aheadOf(Math.round(store.ahead / 3_600_000));
}

// aheadOf says by how much time was moved on.
function aheadOf(hours) {
  if (hours === 0) return "The real time";
  const days = Math.floor(hours / 24);
  const parts = [days > 0 && `${days} ${days === 1 ? "day" : "days"}`, hours % 24 > 0 && `${hours % 24} ${hours % 24 === 1 ? "hour" : "hours"}`];
  return `${parts.filter(Boolean).join(" and ")} ahead`;
}

// refresh fetches who is on the site and draws it, one request at a time.
export const refresh = oneAtATime(fetchNow);

async function fetchNow() {
  if (!there()) return;
  try {
    draw(await fetchSite());
  } catch (err) {
    complain(err.message);
  }
}

function draw({ users, known }) {
  if (!known) return;
  const had = before && new Map(before.map((user) => [user.login, user]));
  const came = had ? users.filter((user) => !had.has(user.login)) : [];
  const went = had ? before.filter((user) => !users.some((other) => other.login === user.login)) : [];
  before = users;
  arrange(byId("site-users"), users.map((user) => ({ ...user, fresh: came.includes(user) })), (user) => user.login, row);
  byId("site-empty").hidden = users.length > 0;
  byId("site-table").hidden = users.length === 0;
  byId("site-count").textContent = `${users.length} ${users.length === 1 ? "user" : "users"}`;
  tell(came, went);
}

// tell says what changed, on the page and to screen readers.
function tell(came, went) {
  const news = [...came.map((user) => [user, "is there now"]), ...went.map((user) => [user, "is gone"])];
  if (news.length === 0) return;
  byId("site-news").hidden = false;
  byId("site-news").replaceChildren(...news.map(([user, what]) => el("p", {}, icon(what === "is gone" ? "check" : "key"), el("span", {}, login(user.login), ` ${what}, at ${now()}.`))));
  for (const [user, what] of news) announce(`${byId("site-title").textContent}: the user ${user.login} ${what}.`);
  if (!shown()) byId("site-dot").hidden = false;
}

// login is a login that breaks where its words end.
function login(text) {
  return el("code", {}, text.split(/(?<=-)/).flatMap((word, i) => (i === 0 ? [word] : [el("wbr"), word])));
}

function row(user) {
  const since = new Date(user.since);
  return el("tr", { class: [user.temporary && "temporary", user.fresh && "found"].filter(Boolean).join(" ") || null },
    el("th", { scope: "row" }, login(user.login), user.temporary && el("span", { class: "stamp" }, icon("key"), "Temporary")),
    el("td", {}, user.name),
    el("td", {}, user.role),
    el("td", {}, el("time", { datetime: user.since, title: dayAndTime(since) }, shortDay(since))));
}
