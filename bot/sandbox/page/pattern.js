// How the series of a chart are told apart: a colour, a pattern and a shape for
// each of six.

import { svg } from "./dom.js";

const lines = [
  [],
  [["M0 8L8 0", 2]],
  [["M2 2h.01M6 6h.01", 2.4]],
  [["M0 4H8", 2]],
  [["M4 0V8", 2]],
  [["M0 8L8 0M0 0L8 8", 1.4]],
];

// patterns are the fills of six series, named by set; the colours come from
// the stylesheet.
export function patterns(set) {
  return svg("defs", {}, lines.map((strokes, i) => svg("pattern", {
    id: `${set}-${i}`, class: `c${i}`, width: 8, height: 8, patternUnits: "userSpaceOnUse",
  }, svg("rect", { class: "ground", width: 8, height: 8 }), strokes.map(([d, wide]) => svg("path", { class: "hatch", d, "stroke-width": wide })))));
}

// markerOf is the shape of a series' points.
export function markerOf(i, x, y) {
  const shapes = [
    () => svg("circle", { cx: x, cy: y, r: 4 }),
    () => svg("rect", { x: x - 4, y: y - 4, width: 8, height: 8 }),
    () => svg("path", { d: `M${x} ${y - 5}L${x + 5} ${y + 4}H${x - 5}Z` }),
    () => svg("path", { d: `M${x} ${y - 5}L${x + 5} ${y}L${x} ${y + 5}L${x - 5} ${y}Z` }),
    () => svg("path", { d: `M${x} ${y + 5}L${x + 5} ${y - 4}H${x - 5}Z` }),
    () => svg("path", { d: `M${x - 5} ${y - 2}h3v-3h4v3h3v4h-3v3h-4v-3h-3Z` }),
  ];
  return shapes[i % shapes.length]();
}

let drawn = 0;

// swatch shows in the legend how a series is drawn.
export function swatch(i, kind) {
  drawn += 1;
  const set = `swatch-${drawn}`;
  const mark = kind === "line"
    ? [svg("path", { class: `line c${i}`, d: "M0 8H24" }), svg("g", { class: `mark c${i}` }, markerOf(i, 12, 8))]
    : [svg("rect", { class: `mark c${i}`, x: 1, y: 1, width: 22, height: 14, rx: 3, fill: `url(#${set}-${i})` })];
  return svg("svg", { class: "swatch", width: 24, height: 16, viewBox: "0 0 24 16", "aria-hidden": "true", focusable: "false" }, patterns(set), mark);
}
