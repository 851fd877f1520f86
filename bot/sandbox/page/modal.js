// The modal on top of the stack.

import { busy, byId, el, icon } from "./dom.js";
import { act, press } from "./act.js";
import { blocks } from "./blocks.js";
import { spot } from "./focus.js";
import { valuesIn } from "./input.js";
import { store } from "./store.js";

let drawn = { id: "", blocks: "" };

// show opens, changes or closes the modal as the stack has it.
export function show() {
  const dialog = byId("modal");
  const top = store.view.modals.at(-1);
  if (!top) return shut(dialog);
  if (!dialog.open && !document.hasFocus()) return undefined; // it was opened in another window
  const stamp = JSON.stringify([top.title, top.submit, top.close, top.blocks]);
  if (drawn.id !== top.id || drawn.blocks !== stamp) draw(dialog, top);
  drawn = { id: top.id, blocks: stamp };
  mark(dialog, top);
  return undefined;
}

function shut(dialog) {
  if (!dialog.open) return;
  dialog.close();
  drawn = { id: "", blocks: "" };
  (store.back || spot(null))();
}

function draw(dialog, top) {
  const again = drawn.id === top.id;
  const kept = again ? valuesIn(dialog) : {};
  const at = again && dialog.contains(document.activeElement) ? document.activeElement : null;
  const form = el("form", { novalidate: true, method: "dialog" });
  const place = { view: top.id, level: 3, values: () => valuesIn(form) };
  form.append(
    el("header", { class: "head" }, el("h2", { id: "modal-title" }, top.title), closeButton(top, "plain")),
    el("div", { class: "inner", tabindex: "0", role: "region", "aria-labelledby": "modal-title" }, blocks(top.blocks, place)),
    el("div", { class: "trouble", role: "alert", data: { complaints: "" } }),
    el("div", { class: "foot" }, closeButton(top, "button"), top.submit && el("button", { type: "submit", class: "button primary" }, top.submit)));
  form.addEventListener("submit", (e) => { e.preventDefault(); submit(form, top); });
  form.addEventListener("change", (e) => dispatch(e, place));
  dialog.replaceChildren(form);
  restore(form, kept);
  if (!dialog.open) dialog.showModal();
  (again && same(form, kept, at) || form.querySelector(fields) || form.querySelector("button")).focus();
}

const fields = ".field, .choices input";

// same is where the focus goes in a modal that is drawn anew: to the input that
// is new in it, or to the control where it was.
function same(form, kept, at) {
  const inputs = [...form.querySelectorAll("[data-block]")];
  const fresh = inputs.find((block) => !kept[block.dataset.block]);
  if (fresh) return fresh.querySelector(fields);
  const block = at?.closest("[data-block]")?.dataset.block;
  if (block) return inputs.find((one) => one.dataset.block === block)?.querySelector(fields);
  return [...form.querySelectorAll("button")].find((button) => at && button.dataset.action === at.dataset.action && button.textContent === at.textContent);
}

function closeButton(top, style) {
  const run = { click: () => act("close", { view: top.id }) };
  if (style === "button") return el("button", { type: "button", class: "button", on: run }, top.close || "Close");
  return el("button", { type: "button", class: "plain", "aria-label": store.view.modals.length > 1 ? "Back" : "Close the dialog", on: run }, icon("close"));
}

function restore(form, kept) {
  for (const block of form.querySelectorAll("[data-block]")) {
    const node = block.querySelector("[data-action]");
    const value = kept[block.dataset.block]?.[node?.dataset.action];
    if (value === undefined) continue;
    if (!node.classList.contains("choices")) node.value = value;
    else for (const box of node.querySelectorAll("input")) box.checked = value.split(",").includes(box.value);
  }
}

// dispatch tells the app of an input that wants it.
function dispatch(e, place) {
  const node = e.target.closest("[data-dispatch]");
  if (node) press(node, { action_id: node.dataset.action, value: node.value }, { ...place, block: node.dataset.dispatch });
}

function submit(form, top) {
  said = ""; // the same errors again are said again
  busy(form.querySelector("[type=submit]"), () => act("submit", { view: top.id, values: valuesIn(form) }));
}

let said = "";

// mark shows what the app says is wrong.
function mark(dialog, top) {
  const stamp = top.id + JSON.stringify([top.errors, top.trouble]);
  if (stamp === said) return;
  said = stamp;
  wrong(dialog, top.errors || {});
  dialog.querySelector(".trouble").textContent = top.trouble || "";
}

// wrong writes errors beside their fields and goes to the first one.
function wrong(form, errors) {
  let first = null;
  for (const block of form.querySelectorAll("[data-block]")) {
    const sentence = errors[block.dataset.block] || "";
    block.querySelector(".wrong").textContent = sentence;
    const field = block.querySelector(".field") || block.querySelector(".choices input");
    if (!sentence) { field?.removeAttribute("aria-invalid"); continue; }
    field?.setAttribute("aria-invalid", "true");
    first ||= field;
  }
  first?.focus();
}

// begin listens to Escape, which closes the modal on top, and to the one who
// comes from another window.
export function begin() {
  window.addEventListener("focus", () => { if (store.view) show(); });
  byId("modal").addEventListener("cancel", (e) => {
    e.preventDefault();
    const top = store.view.modals.at(-1);
    if (top) act("close", { view: top.id });
  });
}
