// What can be pressed in a block.

import { el, icon, unseen } from "./dom.js";
import { input } from "./input.js";
import { press } from "./act.js";
import { inward, permalink } from "./jump.js";

// control shows an interactive element of an actions block, an accessory or a
// table.
export function control(element, place) {
  if (element.type === "button") return element.url ? outward(element, place) : button(element, place);
  if (element.type === "image") return picture(element);
  const node = input(element, { label: element.placeholder?.text || "Choose" });
  node.addEventListener("change", () => press(node, { ...element, value: node.value }, place));
  return node;
}

function button(element, place) {
  const node = el("button", {
    type: "button", class: styleOf(element), "aria-label": element.accessibility_label,
    data: { action: element.action_id || "", focus: focusName(element, place) },
  }, element.text?.text || "");
  node.addEventListener("click", () => press(node, element, place));
  return node;
}

// outward is a button that opens a page, or leads to a message in this one; the
// app hears of the click too.
function outward(element, place) {
  const looks = { class: styleOf(element), data: { action: element.action_id || "", focus: focusName(element, place) } };
  const here = permalink(element.url);
  const node = here ? inward(here, looks, element.text?.text || "") : el("a", {
    ...looks, href: /^https?:/i.test(element.url) ? element.url : null, target: "_blank", rel: "noopener noreferrer",
  }, element.text?.text || "", icon("out"), unseen(" (opens a new tab)"));
  node.addEventListener("click", () => press(node, element, place));
  return node;
}

function styleOf(element) {
  return ["button", element.style === "primary" || element.style === "danger" ? element.style : ""].join(" ").trim();
}

// focusName finds the same button again when its message is drawn anew.
function focusName(element, place) {
  return `${place.block || ""} ${element.action_id || ""} ${element.value || ""}`;
}

// picture is an image with its description. One from outside is its description
// alone: the page asks nobody but its own server for anything.
export function picture(element) {
  const alt = element.alt_text || "an image";
  return /^data:image\//.test(element.image_url) ? el("img", { src: element.image_url, alt }) : el("span", { class: "soft" }, `[${alt}]`);
}
