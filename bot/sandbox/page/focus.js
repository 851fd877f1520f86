// Where the focus was, to bring it back: the page may have been drawn anew
// since then.

import { byId } from "./dom.js";

// spot remembers a control and returns what puts the focus there again: on it,
// on the same control of its message as it is now, or on the composer, where
// there is one.
export function spot(node) {
  const name = node?.dataset.focus;
  const ts = node?.closest("[data-ts]")?.dataset.ts;
  return () => {
    const message = ts && [...document.querySelectorAll("[data-ts]")].find((n) => n.dataset.ts === ts);
    const again = node?.isConnected ? node : name && like(message || document, name);
    const home = byId("say").hidden ? byId("scroll") : byId("composer");
    (again && again !== document.body ? again : home).focus({ preventScroll: true });
  };
}

// like is the control of that name.
export function like(within, name) {
  return [...within.querySelectorAll("[data-focus]")].find((n) => n.dataset.focus === name);
}
