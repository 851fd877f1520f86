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
  const under = new Set(); // where something that was typed is under way
  const write = (text) => { field.value = text; grow(); completion.update(); };
  const goal = () => ({ as: store.as, ...target() });
  const send = (text, to) => {
    turn = turn.then(() => busy(form, () => deliver(text, to)));
    return turn;
  };
  const submit = async () => {
    const [from, text] = [at, field.value];
    if (!text.trim() || under.has(from)) return;
    under.add(from);
    const arrived = await send(text, goal());
    under.delete(from);
    // What was typed meanwhile stays, where it was typed.
    const draft = from === at ? field.value : drafts.get(from) || "";
    if (!arrived || !draft.startsWith(text)) return;
    if (from === at) write(draft.slice(text.length));
    else drafts.set(from, draft.slice(text.length));
  };
  const self = {
    // move keeps the draft of the place that one leaves and shows that of the
    // place where one comes.
    move() {
      const to = Object.values(goal()).join(" ");
      if (to === at) return;
      if (at) drafts.set(at, field.value);
      at = to;
      write(drafts.get(to) || "");
    },
    // run sends a text without typing it, once what is being sent has arrived, and
    // returns whether it arrived; a draft stays as it is.
    run: (text) => send(text, goal()),
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
    submit();
  });
  return self;
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
