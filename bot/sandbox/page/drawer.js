// The panels beside the conversation. In a narrow window they are drawers: the
// rest waits while one is open, Escape closes it, and the focus goes back.

import { byId } from "./dom.js";
import { spot } from "./focus.js";

const panels = {
  side: window.matchMedia("(max-width: 47.99rem)"),
  guide: window.matchMedia("(max-width: 69.99rem)"),
  thread: window.matchMedia("(max-width: 69.99rem)"),
  site: window.matchMedia("(max-width: 69.99rem)"),
};

let open = ""; // the drawer that is open
let back = null; // puts the focus where it was

// isDrawer tells whether a panel is a drawer in this window.
export function isDrawer(name) {
  return panels[name].matches;
}

// openDrawer opens a panel that is a drawer; focus says where to go in it.
export function openDrawer(name, focus) {
  if (!isDrawer(name)) return;
  if (!open) back = spot(document.activeElement);
  open = name;
  apply();
  (focus || byId(name).querySelector("button, input, select, textarea"))?.focus();
}

// closeDrawer closes the drawer that is open; focus says where to go instead
// of back.
export function closeDrawer(focus) {
  if (!open) return;
  const from = open;
  open = "";
  apply();
  if (focus) focus.focus({ preventScroll: true });
  else back();
  byId(from).dispatchEvent(new CustomEvent("closed"));
}

// openedDrawer is the drawer that is open, "" for none.
export function openedDrawer() {
  return open;
}

function apply() {
  if (open && !isDrawer(open)) open = "";
  for (const name of Object.keys(panels)) {
    const panel = byId(name);
    if (!panel) continue; // not every sandbox has a site
    panel.inert = open !== "" ? open !== name : isDrawer(name);
    panel.dataset.open = String(open === name);
  }
  for (const id of ["talk", "skip"]) byId(id).inert = open !== "";
  byId("shade").hidden = open === "";
  byId("open-side").setAttribute("aria-expanded", String(open === "side"));
  byId("open-guide").setAttribute("aria-expanded", String(open === "guide"));
  if (isDrawer("site")) byId("open-site")?.setAttribute("aria-expanded", String(open === "site"));
}

// begin listens to the buttons that open and close drawers.
export function begin() {
  byId("open-side").addEventListener("click", () => openDrawer("side"));
  byId("open-guide").addEventListener("click", () => openDrawer("guide"));
  byId("shade").addEventListener("click", () => closeDrawer());
  for (const button of document.querySelectorAll("[data-close]")) button.addEventListener("click", () => closeDrawer());
  for (const media of Object.values(panels)) media.addEventListener("change", apply);
  document.addEventListener("keydown", (e) => {
    if (e.key === "Escape" && open && !e.defaultPrevented && !document.querySelector("dialog[open]")) closeDrawer();
  });
  apply();
}
