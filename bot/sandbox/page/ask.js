// A question before something dangerous.

import { byId, el } from "./dom.js";
import { textObject } from "./mrkdwn.js";

// ask shows a confirmation of Block Kit and returns whether it was confirmed.
export function ask(confirm) {
  const dialog = byId("confirm");
  const yes = confirm.confirm?.text || "Yes";
  const no = confirm.deny?.text || "Cancel";
  dialog.replaceChildren(el("form", { method: "dialog" },
    el("h2", { id: "confirm-title" }, confirm.title?.text || "Are you sure?"),
    el("div", { class: "prose", id: "confirm-text" }, textObject(confirm.text)),
    el("div", { class: "foot" },
      el("button", { class: "button", value: "no" }, no),
      el("button", { class: `button ${confirm.style === "danger" ? "danger" : "primary"}`, value: "yes" }, yes))));
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((done) => {
    dialog.addEventListener("close", () => done(dialog.returnValue === "yes"), { once: true });
  });
}
