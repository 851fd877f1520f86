// What the page says by itself: news for screen readers, and what went wrong
// for everybody.

import { byId, el, icon } from "./dom.js";

let queue = [];
let timer = 0;

// announce says something politely. What comes together is said together, so
// that a later sentence doesn't swallow an earlier one.
export function announce(sentence) {
  queue.push(sentence);
  clearTimeout(timer);
  timer = setTimeout(() => {
    byId("announcer").replaceChildren(el("p", {}, queue.join(" ")));
    queue = [];
  }, 120);
}

// complain shows what went wrong until it is dismissed or something works.
export function complain(sentence) {
  const close = el("button", { type: "button", class: "plain", "aria-label": "Dismiss", on: { click: () => calm() } }, icon("close"));
  place().replaceChildren(el("div", { class: "complaint" }, icon("warning"), el("p", {}, sentence), close));
}

// place is where complaints stand: in the modal, which covers everything else,
// or above the composer.
function place() {
  return document.querySelector("dialog[open] [data-complaints]") || byId("complaints");
}

// calm takes the complaint away: any, or one that says this.
export function calm(sentence = "") {
  for (const at of document.querySelectorAll("[data-complaints]")) if (at.textContent.includes(sentence)) at.replaceChildren();
}
