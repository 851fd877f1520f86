// Times in the reader's own zone.

import { el } from "./dom.js";
import { store } from "./store.js";

const formats = {
  date_num: { year: "numeric", month: "2-digit", day: "2-digit" },
  date: { month: "long", day: "numeric", year: "numeric" },
  date_short: { month: "short", day: "numeric", year: "numeric" },
  date_long: { weekday: "long", month: "long", day: "numeric", year: "numeric" },
  time: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  time_secs: { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" },
};

function write(at, format) {
  return new Intl.DateTimeFormat("en", format).format(at);
}

// present is what the clock of the sandbox shows.
function present() {
  return new Date(Date.now() + store.ahead);
}

function dayOf(at) {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate());
}

// nearby is "today", "yesterday" or "tomorrow", "" for another day.
function nearby(at) {
  const days = Math.round((dayOf(at) - dayOf(present())) / 86_400_000);
  return { "-1": "yesterday", 0: "today", 1: "tomorrow" }[days] || "";
}

function ago(at) {
  const seconds = Math.round((at - present()) / 1000);
  const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  for (const [unit, length] of [["day", 86_400], ["hour", 3600], ["minute", 60]]) {
    if (Math.abs(seconds) >= length) return words.format(Math.trunc(seconds / length), unit);
  }
  return words.format(seconds, "second");
}

function token(name, at) {
  if (name === "ago") return ago(at);
  if (name === "day_divider_pretty") return nearby(at) || write(at, formats.date_long);
  const plain = name.replace(/_pretty$/, "");
  if (!formats[plain]) return `{${name}}`;
  return (plain !== name && nearby(at)) || write(at, formats[plain]);
}

// slackDate shows a time as one of Slack's date tokens asks for, such as
// "{date_short_pretty} {time}".
export function slackDate(seconds, format, fallback) {
  const at = new Date(Number(seconds) * 1000);
  if (Number.isNaN(at.getTime())) return document.createTextNode(fallback || "");
  const text = String(format).replace(/\{(\w+)\}/g, (_, name) => token(name, at));
  const shown = text.charAt(0).toUpperCase() + text.slice(1);
  return el("time", { datetime: at.toISOString(), title: at.toUTCString() }, shown);
}

// clock is the time of day of a message.
export function clock(ts) {
  const at = new Date(Number(ts) * 1000);
  return el("time", { datetime: at.toISOString(), title: `${write(at, formats.date_long)}, ${write(at, formats.time_secs)}` }, write(at, formats.time));
}

// dayName names the day of a message: "Today".
export function dayName(ts) {
  const at = new Date(Number(ts) * 1000);
  const name = nearby(at) || write(at, { weekday: "long", month: "long", day: "numeric" });
  return name.charAt(0).toUpperCase() + name.slice(1);
}

// now is the time of day.
export function now() {
  return write(present(), formats.time);
}

// today is the day and the time of day: "Sun, Nov 22, 09:14".
export function today() {
  return dayAndTime(present());
}

// dayAndTime writes a moment out.
export function dayAndTime(at) {
  return `${write(at, { weekday: "short", day: "numeric", month: "short" })}, ${write(at, formats.time)}`;
}

// shortDay is a moment where there is little room: the time of day for today, else
// the day.
export function shortDay(at) {
  if (nearby(at) === "today") return write(at, formats.time);
  return write(at, { day: "numeric", month: "short", ...(at.getFullYear() === present().getFullYear() ? {} : { year: "numeric" }) });
}
