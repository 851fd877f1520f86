// The data_visualization block as a drawing. Series differ by pattern and shape,
// not only by colour; the numbers stand below it as a table.

import { el, newId, sideways, svg } from "./dom.js";
import { markerOf, patterns, swatch } from "./pattern.js";
import { axes, scaleOf } from "./scale.js";

const height = 200;

// chart draws a block at the width that there is, and again when that changes.
export function chart(block) {
  const title = newId("chart");
  const canvas = el("div", { class: "canvas" });
  const figure = el("figure", { class: "chart", "aria-labelledby": title },
    el("figcaption", { id: title }, block.title || "Chart"), canvas, legend(block.chart), numbers(block));
  let drawn = 0;
  new ResizeObserver(() => {
    const width = Math.round(canvas.clientWidth);
    if (width === drawn || width === 0) return;
    drawn = width;
    canvas.replaceChildren(draw(block, width));
  }).observe(canvas);
  return figure;
}

function draw(block, width) {
  const set = newId("pattern");
  const drawing = svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": spoken(block) }, patterns(set));
  const kind = block.chart?.type;
  if (kind === "pie") drawing.append(...pie(block.chart, width, set));
  else if (kind) drawing.append(...plot(block.chart, width, set));
  return drawing;
}

function plot(chart, width, set) {
  const scale = scaleOf(chart, width, height);
  const series = chart.series.map((s, i) => {
    if (chart.type === "bar") return bars(s, i, chart.series.length, scale, set);
    return line(s, i, scale, chart.type === "area" ? set : "");
  });
  return [...axes(chart, scale), ...series.flat()];
}

function bars(series, i, count, scale, set) {
  const room = scale.step * 0.72;
  const wide = room / count;
  return series.data.map((point) => {
    const x = scale.x(point.label) - room / 2 + i * wide;
    const y = scale.y(point.value);
    const tall = Math.abs(scale.y(0) - y);
    return svg("rect", {
      class: `mark c${i}`, x, y: Math.min(y, scale.y(0)), width: Math.max(wide - 1, 1), height: tall, rx: Math.min(2, wide / 4), fill: `url(#${set}-${i})`,
    }, svg("title", {}, `${series.name}, ${point.label}: ${point.value}`));
  });
}

const dashes = ["", "7 4", "2 4", "9 3 2 3", "1 3", "12 4"];

function line(series, i, scale, set) {
  const at = series.data.map((p) => [scale.x(p.label), scale.y(p.value)]);
  const path = at.map(([x, y], n) => `${n ? "L" : "M"}${x} ${y}`).join("");
  const area = set && svg("path", { class: `area c${i}`, d: `${path}L${at.at(-1)[0]} ${scale.y(0)}L${at[0][0]} ${scale.y(0)}Z`, fill: `url(#${set}-${i})` });
  const dots = at.map(([x, y], n) => svg("g", { class: `mark c${i}` }, markerOf(i, x, y), svg("title", {}, `${series.name}, ${series.data[n].label}: ${series.data[n].value}`)));
  return [area, svg("path", { class: `line c${i}`, d: path, "stroke-dasharray": dashes[i] || null }), ...dots].filter(Boolean);
}

function pie(chart, width, set) {
  const total = chart.segments.reduce((sum, s) => sum + s.value, 0);
  const [cx, cy, r] = [width / 2, height / 2, height / 2 - 8];
  let turn = -Math.PI / 2;
  return chart.segments.map((segment, i) => {
    const begin = turn;
    turn += (segment.value / total) * 2 * Math.PI;
    const shape = chart.segments.length === 1
      ? svg("circle", { class: `mark c${i}`, cx, cy, r, fill: `url(#${set}-${i})` })
      : svg("path", { class: `mark c${i}`, d: slice(cx, cy, r, begin, turn), fill: `url(#${set}-${i})` });
    shape.append(svg("title", {}, `${segment.label}: ${segment.value}`));
    return shape;
  });
}

function slice(cx, cy, r, from, to) {
  const at = (turn) => `${cx + r * Math.cos(turn)} ${cy + r * Math.sin(turn)}`;
  return `M${cx} ${cy}L${at(from)}A${r} ${r} 0 ${to - from > Math.PI ? 1 : 0} 1 ${at(to)}Z`;
}

function legend(chart) {
  const total = (chart?.segments || []).reduce((sum, s) => sum + s.value, 0);
  const names = chart?.segments
    ? chart.segments.map((s) => `${s.label}: ${s.value} (${Math.round((100 * s.value) / total)} %)`)
    : (chart?.series || []).map((s) => s.name);
  return el("ul", { class: "legend" }, names.map((name, i) => el("li", {}, swatch(i, chart.type), name)));
}

// spoken says in one sentence what the drawing shows.
function spoken(block) {
  const chart = block.chart || {};
  if (chart.segments) return `${block.title}: ${chart.segments.map((s) => `${s.label} ${s.value}`).join(", ")}.`;
  const sums = (chart.series || []).map((s) => `${s.name} ${s.data.reduce((sum, p) => sum + p.value, 0)} in all`);
  const [first, last] = [chart.axis_config?.categories?.at(0), chart.axis_config?.categories?.at(-1)];
  return `${block.title}, from ${first} to ${last}: ${sums.join(", ")}. The numbers stand below.`;
}

function numbers(block) {
  const chart = block.chart || {};
  const series = chart.series || [{ name: "Value", data: chart.segments || [] }];
  const rows = (chart.axis_config?.categories || series[0].data.map((p) => p.label)).map((label) => el("tr", {},
    el("th", { scope: "row" }, label),
    series.map((s) => el("td", { class: "number" }, String(s.data.find((p) => p.label === label)?.value ?? "")))));
  return el("details", {}, el("summary", {}, "Show the numbers"),
    sideways({ "aria-label": `${block.title}, in numbers` }, el("table", {},
      el("caption", { class: "unseen" }, block.title),
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, chart.axis_config?.x_label || "Label"), series.map((s) => el("th", { scope: "col", class: "number" }, s.name)))),
      el("tbody", {}, rows))));
}
