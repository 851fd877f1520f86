// Elements. Text always becomes a text node: nothing that comes from outside is
// ever read as HTML.

const svgSpace = "http://www.w3.org/2000/svg";

// el makes an element. "class", "data" (an object) and "on" (listeners by
// event) are special; false, null and undefined leave an attribute or a child
// out.
export function el(tag, props = {}, ...kids) {
  return fill(document.createElement(tag), props, kids);
}

// svg makes an element of a drawing, in the same way.
export function svg(tag, props = {}, ...kids) {
  return fill(document.createElementNS(svgSpace, tag), props, kids);
}

function fill(node, props, kids) {
  for (const [name, value] of Object.entries(props)) set(node, name, value);
  node.append(...kids.flat(Infinity).filter((kid) => kid !== null && kid !== undefined && kid !== false && kid !== ""));
  return node;
}

function set(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === "class") node.setAttribute("class", value);
  else if (name === "data") Object.assign(node.dataset, value);
  else if (name === "on") for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
  else node.setAttribute(name, value === true ? "" : value);
}

// icon is a drawing of the page's own; it says nothing to a screen reader.
export function icon(name) {
  return svg("svg", { class: "icon", "aria-hidden": "true", focusable: "false" }, svg("use", { href: `#i-${name}` }));
}

// unseen is text for screen readers alone.
export function unseen(text) {
  return el("span", { class: "unseen" }, text);
}

const lines = new Set(["BR", "P", "LI", "BLOCKQUOTE", "PRE"]);

// textOf is the text in an element, with the ends of its lines.
export function textOf(node) {
  const own = node.nodeType === Node.TEXT_NODE ? node.data : [...node.childNodes].map(textOf).join("");
  return lines.has(node.nodeName) ? `${own}\n` : own;
}

export function byId(id) {
  return document.getElementById(id);
}

// sideways lets something wide scroll by itself; while it does, the keyboard can
// reach it.
export function sideways(names, inside) {
  const node = el("div", { class: "wide", role: "group", ...names }, inside);
  new ResizeObserver(() => {
    if (node.scrollWidth > node.clientWidth) node.tabIndex = 0;
    else node.removeAttribute("tabindex");
  }).observe(node);
  return node;
}

let serial = 0;

// newId makes an ID for what labels, describes or controls something.
export function newId(prefix) {
  serial += 1;
  return `${prefix}-${serial}`;
}

// busy shows that something is under way, without taking the focus away.
export async function busy(node, work) {
  if (node.getAttribute("aria-busy") === "true") return undefined;
  node.setAttribute("aria-busy", "true");
  try {
    return await work();
  } finally {
    node.removeAttribute("aria-busy");
  }
}
