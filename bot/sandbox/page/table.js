// The data_table block (and the older table block) as a real table.

import { el, newId, sideways } from "./dom.js";
import { control } from "./control.js";
import { richText } from "./richtext.js";

// table shows a block of rows; the first one is the head. A long one shows its
// first page until it is asked for all.
export function table(block, place) {
  const [head = [], ...rows] = block.rows || [];
  const rowHead = block.type === "data_table" ? block.row_header_column_index || 0 : -1;
  const body = rows.map((cells) => el("tr", {}, cells.map((cell, i) => dataCell(cell, i === rowHead, place))));
  const id = newId("caption");
  const whole = el("table", {},
    el("caption", { id }, block.caption || "Table"),
    el("thead", {}, el("tr", {}, head.map((cell) => el("th", { scope: "col", class: side(cell, rows, head.indexOf(cell)) }, content(cell, place))))),
    el("tbody", {}, body));
  return el("div", { class: "table" }, sideways({ "aria-labelledby": id }, whole), pager(body, block));
}

function dataCell(cell, isHead, place) {
  const props = { class: cell.type === "raw_number" ? "number" : null };
  return isHead ? el("th", { scope: "row", ...props }, content(cell, place)) : el("td", props, content(cell, place));
}

// side sets the head of a column of numbers above its numbers.
function side(_, rows, column) {
  return rows.length > 0 && rows.every((cells) => cells[column]?.type === "raw_number") ? "number" : null;
}

function content(cell, place) {
  switch (cell?.type) {
    case "raw_number":
      return cell.text || new Intl.NumberFormat("en").format(cell.value);
    case "rich_text":
      return richText(cell.elements);
    case "action_cell":
      return cell.element ? control(cell.element, place) : content(cell.fallback, place);
    default:
      return cell?.text || "";
  }
}

function pager(rows, block) {
  const size = block.type === "data_table" ? block.page_size || 5 : rows.length;
  if (rows.length <= size) return null;
  const show = (all) => rows.forEach((row, i) => { row.hidden = !all && i >= size; });
  const button = el("button", { type: "button", class: "link", "aria-expanded": "false", data: { focus: `rows ${block.block_id || block.caption}` } }, `Show all ${rows.length} rows`);
  button.addEventListener("click", () => {
    const all = button.getAttribute("aria-expanded") === "false";
    show(all);
    button.setAttribute("aria-expanded", String(all));
    button.textContent = all ? `Show the first ${size} rows` : `Show all ${rows.length} rows`;
  });
  show(false);
  return button;
}
