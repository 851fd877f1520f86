// Where one writes. Enter sends, Shift and Enter begin a new line; what begins
// with "/" is a command, everything else is said. A text is gone only once it
// has arrived.

import { busy, byId } from "./dom.js";
import { act } from "./act.js";
import { complete } from "./complete.js";
import { store } from "./store.js";

const drafts = new Map();

// composer runs a form with a text area. target says where its text goes:
// conversation and thread.
export function composer(form, target) {
  const field = form.querySelector("textarea");
  const completion = complete(field, form.querySelector("[role=listbox]"), form.querySelector(".hint"));
  const grow = () => { field.style.height = "auto"; field.style.height = `${Math.min(field.scrollHeight + 2, window.innerHeight * 0.4)}px`; };
  let at = "";
  let turn = Promise.resolve(); // ends when what was sent last has arrived
  const write = (text) => { field.value = text; grow(); completion.update(); };
  const self = {
    // move keeps the draft of the place that one leaves and shows that of the
    // place where one comes.
    move() {
      const to = [store.as, ...Object.values(target())].join(" ");
      if (to === at) return;
      if (at) drafts.set(at, field.value);
      at = to;
      write(drafts.get(to) || "");
    },
    // run sends a text as if it was typed, once what is being sent has arrived; a
    // draft comes back afterwards.
    run(text) {
      turn = turn.then(async () => {
        const draft = field.value;
        write(text);
        if (await submit(form, field, target, write)) write(draft + field.value);
      });
      return turn;
    },
  };
  field.addEventListener("input", grow);
  field.addEventListener("keydown", (e) => {
    if (e.isComposing || completion.key(e)) return;
    if (e.key !== "Enter" || e.shiftKey) return;
    e.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener("submit", (e) => {
    e.preventDefault();
    if (form.getAttribute("aria-busy") !== "true") turn = turn.then(() => submit(form, field, target, write));
  });
  return self;
}

async function submit(form, field, target, write) {
  const text = field.value;
  if (!text.trim()) return false;
  const arrived = await busy(form, () => deliver(text, target()));
  // What was typed meanwhile stays.
  if (arrived && field.value.startsWith(text)) write(field.value.slice(text.length));
  return Boolean(arrived);
}

async function deliver(text, to) {
  const answer = await act(text.startsWith("/") ? "command" : "say", { ...to, text: text.trim() });
  return Boolean(answer) && !answer.failed;
}

// begin lets "/" begin a command from anywhere on the page.
export function begin() {
  document.addEventListener("keydown", (e) => {
    if (e.key !== "/" || e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.target.closest("input, textarea, select, dialog, [contenteditable]")) return;
    const field = byId("composer");
    if (field.closest("[inert], [hidden]")) return;
    e.preventDefault();
    field.focus();
    if (field.value === "") { field.value = "/"; field.dispatchEvent(new Event("input", { bubbles: true })); }
  });
}
