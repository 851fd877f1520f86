// What came in, said politely.

import { unescape } from "./mention.js";
import { plainText } from "./mrkdwn.js";
import { announce } from "./speak.js";
import { isReply, named, personOf, store, unreadInAll } from "./store.js";

const most = 3; // more at once are only counted
const longest = 300;

// tell announces the messages of others that the view before didn't have.
export function tell(before, after) {
  if (!before || before.me !== after.me) return;
  const had = new Set(before.conversations.flatMap((c) => c.messages.map((m) => `${c.id} ${m.ts}`)));
  const fresh = after.conversations.flatMap((c) => c.messages
    .filter((m) => !had.has(`${c.id} ${m.ts}`) && (m.user !== after.me)).map((m) => [c, m]));
  fresh.slice(0, most).forEach(([c, m]) => announce(sentence(c, m)));
  if (fresh.length > most) announce(`And ${fresh.length - most} more messages.`);
}

function sentence(c, m) {
  const where = c.id === store.at ? "" : ` in ${named(c)}`;
  const how = m.ephemeral ? ", only visible to you" : isReply(m) ? ", in a thread" : "";
  const text = plainText(m.text) || unescape(m.text);
  return `${personOf(m.user).name}${where}${how}: ${text.length > longest ? `${text.slice(0, longest)}…` : text}`;
}

// title names the page after the conversation, with how much is unread.
export function title(conversation) {
  const count = unreadInAll();
  const place = conversation ? `${named(conversation)} · ` : "";
  document.title = `${count > 0 ? `(${count}) ` : ""}${place}Latchkey sandbox`;
}
