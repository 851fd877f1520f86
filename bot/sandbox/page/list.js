// A list that changes while somebody reads it.

import { like } from "./focus.js";
import { store } from "./store.js";

const stamps = new WeakMap();

// arrange makes the children of a list those of items, in their order. A child
// is made anew only when what it shows, or the clock, has changed, so that focus, selection
// and half-typed text stay. key names an item; make makes its element.
export function arrange(list, items, key, make) {
  const old = new Map([...list.children].map((node) => [node.dataset.key, node]));
  let place = null;
  for (const item of items) {
    const name = key(item);
    const stamp = store.ahead + JSON.stringify(item);
    let node = old.get(name);
    old.delete(name);
    if (!node || stamps.get(node) !== stamp) node = renew(list, node, make(item), name, stamp);
    const next = place ? place.nextElementSibling : list.firstElementChild;
    if (node !== next) list.insertBefore(node, next);
    place = node;
  }
  for (const node of old.values()) node.remove();
}

function renew(list, before, after, name, stamp) {
  after.dataset.key = name;
  stamps.set(after, stamp);
  if (before) swap(before, after);
  return after;
}

// swap replaces an element; the focus goes to the same control of the new one,
// or to the new one as a whole.
export function swap(before, after) {
  const focused = before.contains(document.activeElement) ? document.activeElement : null;
  before.replaceWith(after);
  if (focused) focusLike(after, focused);
}

function focusLike(within, focused) {
  const same = focused.dataset.focus && like(within, focused.dataset.focus);
  if (!same && !within.hasAttribute("tabindex")) within.setAttribute("tabindex", "-1");
  (same || within).focus({ preventScroll: true });
}
