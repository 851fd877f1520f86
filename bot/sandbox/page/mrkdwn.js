// Slack's markup, read into elements.

import { el, textOf } from "./dom.js";
import { bracketed, unescape } from "./mention.js";
import { preformatted } from "./copy.js";

const marks = { "*": "strong", _: "em", "~": "s" };

// mrkdwn reads a text into elements: paragraphs, lists, quotes, code.
export function mrkdwn(text) {
  return String(text).split("```").flatMap((part, i) => {
    if (i % 2 === 1) return [preformatted([...inline(part.replace(/^\n|\n$/g, ""), true)], true)];
    return flow(i === 0 ? part : part.replace(/^\n/, ""));
  });
}

// inlineMarkup reads a text that stands in one line.
export function inlineMarkup(text) {
  return inline(String(text));
}

// plainText is what is left of a markup when it is read out.
export function plainText(text) {
  return textOf(el("div", {}, mrkdwn(text))).replace(/\s+/g, " ").trim();
}

// textObject shows a text object of Block Kit.
export function textObject(object) {
  if (!object) return [];
  return object.type === "mrkdwn" ? mrkdwn(object.text) : broken(String(object.text));
}

// broken keeps the line ends of a plain text.
function broken(text) {
  return text.split("\n").flatMap((line, i) => (i === 0 ? [line] : [el("br"), line]));
}

// flow groups lines of a kind: quotes, bullets, numbers and paragraphs.
function flow(text) {
  const groups = [];
  for (const line of text.split("\n")) {
    const kind = kindOf(line);
    const last = groups.at(-1);
    if (last && last.kind === kind && kind !== "gap") last.lines.push(line);
    else groups.push({ kind, lines: [line] });
  }
  return groups.filter((g) => g.kind !== "gap").map(shown);
}

function kindOf(line) {
  if (/^(>|&gt;)/.test(line)) return "quote";
  if (/^\s*[•◦] ?/.test(line)) return "bullets";
  if (/^\d{1,2}\. /.test(line)) return "numbers";
  return line.trim() === "" ? "gap" : "words";
}

function shown({ kind, lines }) {
  switch (kind) {
    case "quote":
      return el("blockquote", { dir: "auto" }, joined(lines.map((line) => line.replace(/^(>|&gt;) ?/, ""))));
    case "bullets":
      return el("ul", { dir: "auto" }, lines.map((line) => el("li", {}, inline(line.replace(/^\s*[•◦] ?/, "")))));
    case "numbers":
      return el("ol", { dir: "auto", start: parseInt(lines[0], 10) }, lines.map((line) => el("li", {}, inline(line.replace(/^\d+\. /, "")))));
    default:
      return el("p", { dir: "auto" }, joined(lines));
  }
}

function joined(lines) {
  return lines.flatMap((line, i) => (i === 0 ? inline(line) : [el("br"), ...inline(line)]));
}

// inline reads what stands within a line. In code, only what stands in angle
// brackets is read.
function inline(text, code = false) {
  const nodes = [];
  let plain = "";
  const flush = () => { if (plain) nodes.push(unescape(plain)); plain = ""; };
  for (let i = 0; i < text.length;) {
    const found = special(text, i, code);
    if (found) {
      flush();
      nodes.push(found.node);
      i = found.end;
    } else {
      plain += text[i];
      i += 1;
    }
  }
  flush();
  return nodes;
}

// special is what begins at a place and isn't plain text, null for nothing.
function special(text, at, code) {
  const sign = text[at];
  if (sign === "<") return between(text, at, ">", (inside) => bracketed(inside));
  if (code) return null;
  if (sign === "`") return between(text, at, "`", (inside) => el("code", {}, inline(inside, true)));
  return marks[sign] ? marked(text, at, sign) : null;
}

function between(text, at, close, make) {
  const end = text.indexOf(close, at + 1);
  if (end <= at + 1) return null;
  return { node: make(text.slice(at + 1, end)), end: end + 1 };
}

// marked is a bold, italic or struck text: its signs stand at the edges of
// words.
function marked(text, at, sign) {
  if (/[\p{L}\p{N}]/u.test(text[at - 1] || "") || /[\s]/.test(text[at + 1] || " ") || text[at + 1] === sign) return null;
  for (let end = text.indexOf(sign, at + 1); end > 0; end = text.indexOf(sign, end + 1)) {
    if (/\s/.test(text[end - 1]) || /[\p{L}\p{N}]/u.test(text[end + 1] || "") || inBrackets(text, at, end)) continue;
    return { node: el(marks[sign], {}, inline(text.slice(at + 1, end))), end: end + 1 };
  }
  return null;
}

function inBrackets(text, from, at) {
  return text.lastIndexOf("<", at) > Math.max(from, text.lastIndexOf(">", at));
}
