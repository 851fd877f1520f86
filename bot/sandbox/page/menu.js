// A menu at a button: arrows move, Enter and Space choose, Escape and Tab close
// it, and the focus goes back to the button.

import { byId, el, icon } from "./dom.js";

let open = null; // the button whose menu is open

// menuAt lets a button open a menu. items makes what is in it: label, note,
// checked (true or false for a choice among several) and run.
export function menuAt(button, items) {
  button.setAttribute("aria-haspopup", "menu");
  button.setAttribute("aria-expanded", "false");
  button.addEventListener("click", () => (open === button ? close(true) : show(button, items())));
  button.addEventListener("keydown", (e) => {
    if (e.key !== "ArrowDown" && e.key !== "ArrowUp") return;
    e.preventDefault();
    show(button, items(), e.key === "ArrowUp");
  });
}

function show(button, items, last = false) {
  close();
  const menu = byId("menu");
  menu.setAttribute("aria-label", button.getAttribute("aria-label") || button.textContent.trim());
  menu.replaceChildren(...items.map(entry));
  open = button;
  (button.closest("nav, main, aside, dialog") || document.body).append(menu);
  button.setAttribute("aria-expanded", "true");
  menu.showPopover();
  settle(menu, button);
  [...menu.children].at(last ? -1 : Math.max(0, items.findIndex((i) => i.checked))).focus();
}

function entry(item) {
  const choice = item.checked !== undefined;
  return el("button", {
    type: "button", role: choice ? "menuitemradio" : "menuitem", tabindex: "-1", class: "entry",
    "aria-checked": choice ? String(item.checked) : null, data: item.data,
    on: { click: () => { close(true); item.run(); } },
  }, choice && el("span", { class: "tick", "aria-hidden": "true" }, item.checked && icon("check")), el("span", {}, item.label, item.note && el("span", { class: "soft" }, item.note)));
}

// settle puts the menu below its button, or above when there is more room.
function settle(menu, button) {
  const at = button.getBoundingClientRect();
  const gap = 4;
  const below = window.innerHeight - at.bottom;
  const top = below > menu.offsetHeight + gap || below > at.top ? at.bottom + gap : at.top - menu.offsetHeight - gap;
  menu.style.top = `${Math.max(gap, Math.min(top, window.innerHeight - menu.offsetHeight - gap))}px`;
  const left = at.left + at.width / 2 > window.innerWidth / 2 ? at.right - menu.offsetWidth : at.left;
  menu.style.left = `${Math.max(gap, Math.min(left, window.innerWidth - menu.offsetWidth - gap))}px`;
}

function close(back = false) {
  if (!open) return;
  const button = open;
  open = null;
  button.setAttribute("aria-expanded", "false");
  byId("menu").hidePopover();
  if (back) button.focus();
}

function move(menu, by) {
  const all = [...menu.children];
  const at = all.indexOf(document.activeElement);
  const next = { first: 0, last: all.length - 1 }[by] ?? (at + by + all.length) % all.length;
  all[next].focus();
}

// begin listens to the menu's keys and to clicks beside it.
export function begin() {
  const menu = byId("menu");
  const moves = { ArrowDown: 1, ArrowUp: -1, Home: "first", End: "last" };
  menu.addEventListener("keydown", (e) => {
    if (moves[e.key] !== undefined) move(menu, moves[e.key]);
    else if (e.key === "Escape" || e.key === "Tab") close(true);
    else return;
    if (e.key !== "Tab") { e.preventDefault(); e.stopPropagation(); }
  });
  document.addEventListener("pointerdown", (e) => {
    if (open && !menu.contains(e.target) && !open.contains(e.target)) close();
  });
  window.addEventListener("resize", () => close());
}
