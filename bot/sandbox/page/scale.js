// Where the points of a chart stand, and its axes.

import { svg } from "./dom.js";

// scaleOf fits a chart's values into a drawing.
export function scaleOf(chart, width, height) {
  const labels = chart.axis_config?.categories || chart.series[0].data.map((p) => p.label);
  const values = chart.series.flatMap((s) => s.data.map((p) => p.value));
  const top = ceiling(Math.max(1, ...values));
  const bottom = Math.min(0, ...values);
  const box = { left: 8 + 8 * String(top).length, right: width - 8, top: 10, bottom: height - (chart.axis_config?.x_label ? 40 : 24) };
  const step = (box.right - box.left) / labels.length;
  return {
    labels, step, top, bottom, box,
    x: (label) => box.left + (labels.indexOf(label) + 0.5) * step,
    y: (value) => box.bottom - ((value - bottom) / (top - bottom)) * (box.bottom - box.top),
  };
}

// ceiling is the next number above that reads well.
function ceiling(value) {
  const unit = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 4, 5, 10].map((n) => n * unit).find((n) => n >= value);
}

// axes are the lines and labels around the points; labels that would touch are
// left out, evenly.
export function axes(chart, scale) {
  const { box } = scale;
  const parts = [4, 5, 2].find((n) => Number.isInteger(scale.top / n)) || 1;
  const ticks = Array.from({ length: parts + 1 }, (_, i) => (i * scale.top) / parts);
  const every = Math.ceil(longest(scale.labels) * 7 / scale.step);
  return [
    ...ticks.flatMap((tick) => [
      svg("path", { class: tick === 0 ? "axis" : "grid", d: `M${box.left} ${scale.y(tick)}H${box.right}` }),
      svg("text", { class: "tick", x: box.left - 6, y: scale.y(tick) + 4, "text-anchor": "end" }, String(tick)),
    ]),
    ...scale.labels.filter((_, i) => i % every === 0).map((label) => svg("text", { class: "tick", x: scale.x(label), y: box.bottom + 16, "text-anchor": "middle" }, label)),
    chart.axis_config?.x_label && svg("text", { class: "tick", x: (box.left + box.right) / 2, y: box.bottom + 34, "text-anchor": "middle" }, chart.axis_config.x_label),
  ].filter(Boolean);
}

function longest(labels) {
  return Math.max(...labels.map((label) => label.length)) + 1;
}
