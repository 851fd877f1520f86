// The server, as the page reaches it.

// silent is what is said while nothing comes back.
export const silent = "The sandbox doesn't answer. Is the demo still running?";

// fetchState is all that a person sees now.
export async function fetchState(as) {
  return read(await reach(`/api/state?as=${encodeURIComponent(as)}`, {}));
}

// fetchPost is all that reached the customers.
export async function fetchPost() {
  return read(await reach("/api/post", {}));
}

// fetchSite is who can log in to the site.
export async function fetchSite() {
  return read(await reach("/api/site", {}));
}

// oneAtATime has work done by one request at a time: asked for meanwhile, it is done
// once more afterwards.
export function oneAtATime(work) {
  let underway = null;
  let again = false;
  return function ask() {
    again = Boolean(underway);
    underway ||= work().finally(() => {
      underway = null;
      if (again) ask();
    });
    return underway;
  };
}

// post does something as a person; the error is a sentence for the page.
export async function post(act, body) {
  return read(await reach(`/api/${act}`, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  }));
}

async function reach(url, options) {
  try {
    return await fetch(url, { credentials: "omit", cache: "no-store", ...options });
  } catch {
    throw new Error(silent);
  }
}

async function read(answer) {
  let body = {};
  try {
    body = await answer.json();
  } catch {
    if (answer.ok) throw new Error(silent);
  }
  if (!answer.ok) throw new Error(body.error || `The sandbox refused that (${answer.status}).`);
  return body;
}

// follow tells when what a person sees has changed, with the clock or without, when
// something reached a customer, and when the users of the site changed, until it is
// stopped. When the stream breaks, it is opened again, a little later each time; the first
// thing that every stream says is that there may be news. A page that nobody
// sees has no stream: a browser opens only six to a server, for all its tabs.
export function follow(as, { news, arrived, users, open, lost }) {
  let source = null;
  let timer = 0;
  let wait = 500;
  const end = () => { clearTimeout(timer); source?.close(); };
  const begin = () => {
    end();
    if (document.hidden) return;
    source = new EventSource(`/api/events?as=${encodeURIComponent(as)}`);
    source.addEventListener("open", () => { wait = 500; open(); });
    source.addEventListener("changed", news);
    source.addEventListener("clock", news);
    source.addEventListener("post", arrived);
    source.addEventListener("site", users);
    source.addEventListener("error", () => {
      end();
      lost();
      timer = setTimeout(begin, wait);
      wait = Math.min(wait * 2, 8000);
    });
  };
  document.addEventListener("visibilitychange", begin);
  begin();
  return () => { document.removeEventListener("visibilitychange", begin); end(); };
}
