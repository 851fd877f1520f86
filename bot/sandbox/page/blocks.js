// Block Kit, as elements of the page.

import { el, newId } from "./dom.js";
import { chart } from "./chart.js";
import { control, picture } from "./control.js";
import { input, isGroup } from "./input.js";
import { mrkdwn, textObject } from "./mrkdwn.js";
import { richText } from "./richtext.js";
import { table } from "./table.js";

// blocks shows blocks. place says where they stand, for what is pressed in
// them, and on which level their headings are.
export function blocks(list, place) {
  return (list || []).map((block) => one(block, { ...place, block: block.block_id }));
}

function one(block, place) {
  const make = makers[block.type];
  return make ? make(block, place) : unknown(block);
}

const makers = {
  header: (b, place) => el(`h${place.level || 2}`, { class: "verdict" }, textObject(b.text)),
  section,
  context: (b) => el("div", { class: "context" }, (b.elements || []).map((e) => (e.type === "image" ? picture(e) : el("div", {}, textObject(e))))),
  actions: (b, place) => el("div", { class: "actions" }, (b.elements || []).map((e) => control(e, place))),
  divider: () => el("hr"),
  image,
  input: field,
  rich_text: (b) => el("div", { class: "prose" }, richText(b.elements)),
  markdown: (b) => el("div", { class: "prose" }, mrkdwn(escaped(b.text).replace(/\*\*/g, "*"))),
  data_table: table,
  table,
  data_visualization: chart,
};

function section(b, place) {
  return el("div", { class: "section" },
    el("div", { class: "prose" }, textObject(b.text), b.fields && el("div", { class: "fields" }, b.fields.map((f) => el("div", {}, textObject(f))))),
    b.accessory && el("div", { class: "accessory" }, control(b.accessory, place)));
}

function image(b) {
  return el("figure", {}, picture(b), b.title && el("figcaption", {}, b.title.text));
}

// escaped is a text that wasn't escaped by who wrote it.
function escaped(text) {
  return String(text).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

// field is an input with its label, its hint and what is wrong with it.
function field(b, place) {
  const id = newId("field");
  const hint = b.hint && el("p", { class: "hint", id: `${id}-hint` }, textObject(b.hint));
  const wrong = el("p", { class: "wrong", id: `${id}-wrong` });
  const described = [hint && hint.id, wrong.id].filter(Boolean).join(" ");
  const name = [textObject(b.label), b.optional ? el("span", { class: "soft" }, " (optional)") : ""];
  const node = input(b.element, { id, described, required: !b.optional });
  const whole = { class: "input", data: { block: b.block_id } };
  if (b.dispatch_action) node.dataset.dispatch = place.block;
  if (isGroup(b.element)) return el("fieldset", { ...whole, "aria-describedby": described }, el("legend", {}, name), node, hint, wrong);
  return el("div", whole, el("label", { for: id }, name), node, hint, wrong);
}

// unknown is a block that this page doesn't know: what can be read of it.
function unknown(block) {
  const text = [block.text?.text, block.title?.text, block.fallback, block.alt_text].find((t) => typeof t === "string" && t);
  return el("p", { class: "soft" }, text || `(a block of the kind “${block.type}”, which this sandbox can't show)`);
}
