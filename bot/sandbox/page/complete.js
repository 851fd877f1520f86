// The completion of commands in a composer: a list that opens with "/", as the
// authoring practices for comboboxes have it. The field stays a text box, since
// a text area may have no other role; it names the list and the active option.

import { el, newId } from "./dom.js";
import { announce } from "./speak.js";
import { about } from "./store.js";

// complete completes commands in a field. list is where the options stand, hint
// where the usage of a typed command does. It returns what the field's keys are
// given to first; true means that a key was taken.
export function complete(field, list, hint) {
  const state = { options: [], at: 0 };
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  field.addEventListener("input", () => update(field, list, hint, state));
  field.addEventListener("blur", () => close(field, list, state));
  field.addEventListener("focus", () => update(field, list, hint, state));
  return { key: (e) => key(e, field, list, hint, state), update: () => update(field, list, hint, state) };
}

function update(field, list, hint, state) {
  const word = /^\/\S*$/.test(field.value) ? field.value.toLowerCase() : "";
  const found = word ? about.commands.filter((c) => c.name.startsWith(word)) : [];
  showHint(field, hint);
  if (found.length === 0 || document.activeElement !== field) return close(field, list, state);
  if (found.length !== state.options.length) announce(`${found.length === 1 ? "1 command" : `${found.length} commands`}. Up and down arrows choose, Tab completes.`);
  Object.assign(state, { options: found, at: Math.min(state.at, found.length - 1) });
  list.replaceChildren(...found.map((c, i) => option(c, i, field, list, hint, state)));
  list.hidden = false;
  mark(field, list, state);
  return undefined;
}

function option(command, i, field, list, hint, state) {
  const node = el("li", { role: "option", id: newId("option"), class: "option" },
    el("span", { class: "usage" }, el("b", {}, command.name), " ", command.usage), el("span", { class: "soft" }, command.summary));
  node.addEventListener("pointerdown", (e) => {
    e.preventDefault(); // the field keeps the focus
    state.at = i;
    take(field, list, hint, state);
  });
  return node;
}

function mark(field, list, state) {
  [...list.children].forEach((node, i) => node.setAttribute("aria-selected", String(i === state.at)));
  const active = list.children[state.at];
  field.setAttribute("aria-activedescendant", active.id);
  active.scrollIntoView({ block: "nearest" });
}

function close(field, list, state) {
  list.hidden = true;
  list.replaceChildren();
  field.removeAttribute("aria-activedescendant");
  Object.assign(state, { options: [], at: 0 });
}

function take(field, list, hint, state) {
  const command = state.options[state.at];
  field.value = command.usage ? `${command.name} ` : command.name;
  field.setSelectionRange(field.value.length, field.value.length);
  close(field, list, state);
  showHint(field, hint);
}

function key(e, field, list, hint, state) {
  if (list.hidden) return false;
  const count = state.options.length;
  const typed = field.value.toLowerCase() === state.options[state.at].name;
  if (e.key === "ArrowDown" || e.key === "ArrowUp") state.at = (state.at + (e.key === "ArrowDown" ? 1 : count - 1)) % count;
  else if (e.key === "Escape") close(field, list, state);
  else if (e.key === "Tab" && !e.shiftKey) take(field, list, hint, state);
  else if (e.key === "Enter" && !e.shiftKey && !typed) take(field, list, hint, state);
  else return false;
  e.preventDefault();
  if (!list.hidden) mark(field, list, state);
  return true;
}

// showHint shows what belongs after the command that is typed.
function showHint(field, hint) {
  const name = field.value.split(/\s/, 1)[0].toLowerCase();
  const command = field.value.includes(" ") ? about.commands.find((c) => c.name === name) : null;
  hint.hidden = !command;
  const text = command ? `${command.name} ${command.usage}` : "";
  if (hint.dataset.for === text) return;
  hint.dataset.for = text;
  hint.replaceChildren(...(command ? [el("b", {}, text), " ", command.summary] : []));
}
