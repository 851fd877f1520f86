// What one does, sent to the server as the person one is.

import { busy } from "./dom.js";
import { ask } from "./ask.js";
import { calm, complain } from "./speak.js";
import { post } from "./api.js";
import { spot } from "./focus.js";
import { store } from "./store.js";

// act does something and says whether it worked; what went wrong stands on the
// page. What the server said is returned, null for a failure.
export async function act(name, body) {
  try {
    const answer = await post(name, { as: store.as, ...body });
    calm();
    return answer;
  } catch (err) {
    complain(err.message);
    return null;
  }
}

// press clicks a button of a message, a modal or Home; place says where it
// stands. It stays pending until the app has taken the click.
export async function press(node, element, place) {
  if (node.getAttribute("aria-busy") === "true") return;
  if (element.confirm && !(await ask(element.confirm))) return;
  if (!place.view || place.view === "home") remember(node); // when a modal closes, the focus goes back to what opened it
  await busy(node, () => act("click", {
    conversation: place.conversation, message: place.message, view: place.view,
    block: place.block, action: element.action_id, value: element.value, values: place.values?.(),
  }));
}

// choose runs a shortcut, of a message or, without a place, a global one.
export async function choose(node, callback, place = {}) {
  remember(node);
  await busy(node, () => act("shortcut", { conversation: place.conversation, message: place.message, callback }));
}

// remember keeps what was pressed last: if a modal opens, the focus comes back
// there.
function remember(node) {
  store.back = spot(node);
}
