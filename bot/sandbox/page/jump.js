// Links to messages of this workspace: they lead to the message in this page.

import { byId, el } from "./dom.js";
import { closeDrawer } from "./drawer.js";
import { complain } from "./speak.js";
import { conversationOf, isReply, store } from "./store.js";

let go = { to: () => {}, thread: () => {} };

// begin says how to go to a conversation, and how to open a thread in it. The
// thread of a message that has one opens beside it.
export function begin(choices) {
  go = choices;
  window.addEventListener("hashchange", arrive);
}

// permalink reads the address of a message; null for any other address.
export function permalink(url) {
  const begins = `${store.view.address}archives/`;
  const found = url.startsWith(begins) && /^([A-Z0-9]+)\/p(\d+)(\d{6})(?:\?|$)/.exec(url.slice(begins.length));
  return found ? { conversation: found[1], ts: `${found[2]}.${found[3]}` } : null;
}

// inward is a link to a message. In a tab of its own, the page begins there.
export function inward(to, props, ...kids) {
  const node = el("a", { href: `#${to.conversation}/${to.ts}`, ...props }, kids);
  node.addEventListener("click", (e) => {
    if (e.ctrlKey || e.metaKey || e.shiftKey) return;
    e.preventDefault();
    jump(to);
  });
  return node;
}

// arrive goes where the page's own address leads, if it does.
export function arrive() {
  const found = /^#([A-Z0-9]+)\/(\d+\.\d{6})$/.exec(window.location.hash);
  if (found && store.view) jump({ conversation: found[1], ts: found[2] });
}

function jump({ conversation, ts }) {
  const c = conversationOf(conversation);
  const m = c?.messages.find((one) => one.ts === ts);
  closeDrawer();
  if (!c) return complain("That message is in a conversation that you don't see.");
  go.to(c.id);
  if (!m) return complain("That message isn't there any more.");
  const first = isReply(m) ? m.thread_ts : ts;
  point("messages", first);
  if (!c.messages.some((one) => isReply(one) && one.thread_ts === first)) return undefined;
  go.thread(first);
  return point("replies", ts);
}

// point shows a message in a list, and goes there.
function point(list, ts) {
  const node = [...byId(list).children].find((child) => child.dataset.ts === ts);
  if (!node) return;
  node.scrollIntoView({ block: node.offsetHeight < byId(list).parentElement.clientHeight ? "center" : "start" });
  node.focus({ preventScroll: true });
  node.classList.add("found");
  setTimeout(() => node.classList.remove("found"), 2500);
}
