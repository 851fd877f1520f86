// What can be filled in: the elements of input blocks.

import { el, newId } from "./dom.js";
import { store } from "./store.js";

const plainTypes = { email_text_input: "email", number_input: "text", url_text_input: "url", datepicker: "date", timepicker: "time" };

// input shows an element that takes a value. names says what it is called:
// label (a text, when no <label> names it), described (IDs) and required.
export function input(element, names) {
  const shared = {
    id: names.id || newId("field"), "aria-label": names.label, "aria-describedby": names.described,
    "aria-required": names.required ? "true" : null, data: { action: element.action_id || "", focus: `field ${element.action_id}` },
  };
  switch (element.type) {
    case "plain_text_input":
      return element.multiline ? long(element, shared) : line("text", element, shared);
    case "static_select":
      return select(element, shared);
    case "users_select":
      return people(element, shared);
    case "radio_buttons":
    case "checkboxes":
      return choices(element, shared);
    default:
      return line(plainTypes[element.type] || "text", element, shared);
  }
}

// isGroup tells an element that is several controls, which a fieldset names.
export function isGroup(element) {
  return element.type === "radio_buttons" || element.type === "checkboxes";
}

function line(type, element, shared) {
  return el("input", {
    ...shared, type, class: "field", dir: "auto", autocomplete: "off", autofocus: element.focus_on_load,
    value: element.initial_value ?? element.initial_date ?? element.initial_time,
    inputmode: element.type === "number_input" ? (element.is_decimal_allowed ? "decimal" : "numeric") : null,
    placeholder: element.placeholder?.text, minlength: element.min_length, maxlength: element.max_length,
  });
}

// long has room for what stands in it, within reason.
function long(element, shared) {
  const rows = Math.min(14, Math.max(4, (element.initial_value || "").split("\n").length + 1));
  const text = el("textarea", {
    ...shared, class: "field", dir: "auto", rows: String(rows), autofocus: element.focus_on_load,
    placeholder: element.placeholder?.text, minlength: element.min_length, maxlength: element.max_length,
  });
  text.value = element.initial_value || "";
  return text;
}

function select(element, shared) {
  const groups = element.option_groups || [{ options: element.options || [] }];
  const options = groups.map((group) => {
    const inside = group.options.map((o) => el("option", { value: o.value, selected: o.value === element.initial_option?.value }, o.text.text));
    return group.label ? el("optgroup", { label: group.label.text }, inside) : inside;
  });
  return el("select", { ...shared, class: "field" }, el("option", { value: "" }, element.placeholder?.text || "Choose"), options);
}

// people is a menu of who works here.
function people(element, shared) {
  const all = store.view.people.filter((p) => !p.bot && !p.deleted).sort((a, b) => a.name.localeCompare(b.name, "en"));
  const options = all.map((p) => el("option", { value: p.id, selected: p.id === element.initial_user }, p.title ? `${p.name} (${p.title})` : p.name));
  return el("select", { ...shared, class: "field" }, el("option", { value: "" }, element.placeholder?.text || "Choose somebody"), options);
}

function choices(element, shared) {
  const type = element.type === "radio_buttons" ? "radio" : "checkbox";
  const first = new Set([element.initial_option, ...(element.initial_options || [])].filter(Boolean).map((o) => o.value));
  const { "aria-label": label, ...rest } = shared;
  return el("div", { ...rest, "aria-required": null, class: "choices", "aria-label": label }, (element.options || []).map((o) => {
    const described = o.description ? newId("more") : null;
    return el("label", { class: "choice" },
      el("input", { type, name: rest.id, value: o.value, checked: first.has(o.value), "aria-describedby": described, data: { focus: `field ${element.action_id} ${o.value}` } }),
      el("span", {}, o.text.text, o.description && el("span", { class: "soft", id: described }, o.description.text)));
  }));
}

// valuesIn are the values of all inputs in a form, by block_id and action_id.
export function valuesIn(form) {
  const values = {};
  for (const block of form.querySelectorAll("[data-block]")) {
    const node = block.querySelector("[data-action]");
    if (node) values[block.dataset.block] = { [node.dataset.action]: valueOf(node) };
  }
  return values;
}

function valueOf(node) {
  if (!node.classList.contains("choices")) return node.value;
  return [...node.querySelectorAll("input:checked")].map((box) => box.value).join(",");
}
