// Text that is there to be copied.

import { el, icon, textOf, unseen } from "./dom.js";
import { announce, complain } from "./speak.js";

// preformatted is a text in its own lines, with a button that copies it.
export function preformatted(nodes, plain = false) {
  const code = el("code", {}, nodes);
  const pre = el("pre", { dir: "auto" }, code);
  if (plain) return pre;
  return el("div", { class: "copyable" }, pre, copyButton(() => textOf(code)));
}

// copyButton copies what read returns.
export function copyButton(read) {
  const label = el("span", {}, "Copy");
  const start = read().trim().split("\n", 1)[0].slice(0, 40);
  const button = el("button", { type: "button", class: "copy", data: { focus: `copy ${start}` } }, icon("copy"), label, unseen(`: ${start}`));
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(read());
    } catch {
      complain("The browser doesn't let the page copy. Please select the text and copy it by hand.");
      return;
    }
    label.textContent = "Copied";
    announce("Copied.");
    setTimeout(() => { label.textContent = "Copy"; }, 2000);
  });
  return button;
}
