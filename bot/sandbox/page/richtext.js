// The rich_text block, read into elements.

import { el } from "./dom.js";
import { preformatted } from "./copy.js";
import { channel, group, link, user } from "./mention.js";
import { slackDate } from "./time.js";

// richText shows the elements of a rich_text block or cell.
export function richText(elements) {
  return (elements || []).map(part);
}

function part(e) {
  switch (e.type) {
    case "rich_text_section":
      return el("p", { dir: "auto" }, run(e.elements));
    case "rich_text_list":
      return list(e);
    case "rich_text_quote":
      return el("blockquote", { dir: "auto" }, run(e.elements));
    case "rich_text_preformatted":
      return preformatted(run(e.elements));
    default:
      return el("p", { class: "soft" }, "(something that this sandbox can't show)");
  }
}

function list(e) {
  const items = (e.elements || []).map((item) => el("li", {}, run(item.elements)));
  const indent = { dir: "auto", class: `indent-${Math.min(e.indent || 0, 4)}` };
  return e.style === "ordered" ? el("ol", { ...indent, start: (e.offset || 0) + 1 }, items) : el("ul", indent, items);
}

function run(elements) {
  return (elements || []).flatMap((e) => styled(e, word(e)));
}

function word(e) {
  switch (e.type) {
    case "text":
      return e.text.split("\n").flatMap((line, i) => (i === 0 ? [line] : [el("br"), line]));
    case "link":
      return [link(e.url, e.text)];
    case "user":
      return [user(e.user_id)];
    case "usergroup":
      return [group(e.usergroup_id)];
    case "channel":
      return [channel(e.channel_id)];
    case "broadcast":
      return [el("span", { class: "mention mine" }, `@${e.range}`)];
    case "date":
      return [slackDate(e.timestamp, e.format, e.fallback)];
    case "emoji":
      return [emoji(e)];
    default:
      return [e.text || ""];
  }
}

function emoji(e) {
  if (!e.unicode) return `:${e.name}:`;
  return el("span", { role: "img", "aria-label": e.name }, String.fromCodePoint(...e.unicode.split("-").map((code) => parseInt(code, 16))));
}

const tags = { bold: "strong", italic: "em", strike: "s", code: "code", underline: "u" };

function styled(e, nodes) {
  return Object.entries(tags).reduce((inner, [style, tag]) => (e.style?.[style] ? [el(tag, {}, inner)] : inner), nodes);
}
