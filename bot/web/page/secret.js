'use strict';

// The page of a one-time secret. It asks what there is to the link, and opens it
// when somebody presses: the server gets proofs of the link and of the passphrase,
// and never these themselves. What was opened stays in memory only.
(() => {
  const patience = 30_000; // milliseconds, for an answer
  document.documentElement.classList.add('scripted'); // before anything is drawn

  let id = null; // 16 bytes of the address
  let root = null; // 32 bytes that stood after the #, until it is opened
  let proof = ''; // of the link
  let secret = null; // what the server said of it
  let value = null; // what was opened
  let doubtful = false; // whether it was opened: no answer came
  let busy = false;
  let turn = 0; // counts up when what is under way doesn't count any more

  const by = (name) => document.getElementById(name);
  const section = (state) => document.querySelector(`section[data-state="${state}"]`);

  // --- The link ---

  // read takes a link apart, or its code alone, as mails leave them: %23 for the #,
  // broken over lines, with something behind it.
  const read = (from) => {
    const link = from.replace(/\s+/g, '');
    const found = /^(?:.*(?:#|%(?:25)?23))?([\w-]{43})(?:[^\w-].*)?$/i.exec(link);
    const place = /\/s\/([\w-]{22})(?:$|[/#%?])/.exec(link) ?? /\/s\/([\w-]{22})(?:$|[/#%?])/.exec(location.pathname);
    const bytes = found && place && {id: sealed.exactly(place[1], 16), root: sealed.exactly(found[1], 32)};
    return bytes?.id && bytes.root ? bytes : null;
  };

  const use = (link) => {
    ({id, root} = link ?? {id: null, root: null});
    [secret, proof, doubtful] = [null, '', false];
    turn++;
  };

  // take takes the link out of the address, where history and pictures of the
  // screen would keep it.
  const take = () => {
    const whole = location.pathname + location.search + location.hash;
    if (!/#.|%(?:25)?23/i.test(whole)) return false;
    use(read(whole));
    history.replaceState(null, '', location.pathname.replace(/%(?:25)?23.*$/i, ''));
    return true;
  };

  // --- What can be read ---

  const language = document.documentElement.lang;
  const locale = () => navigator.languages.find((own) => own.startsWith(language)) ?? language;

  const moment = (time) => new Intl.DateTimeFormat(locale(), {
    weekday: 'long', day: 'numeric', month: 'long', hour: 'numeric', minute: '2-digit', timeZoneName: 'short',
  }).format(new Date(time));

  const fill = (words, values) => words.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);

  const values = (at) => ({from: secret?.from || document.querySelector('main').dataset.nobody, time: at ? moment(at) : ''});

  // show shows one state, and leads the eyes and the screen reader there.
  const show = (state, at = secret?.at) => {
    for (const each of document.querySelectorAll('section[data-state]')) each.hidden = each.dataset.state !== state;
    const now = section(state);
    for (const said of now.querySelectorAll('.said [data-says]')) said.textContent = fill(said.dataset.says, values(at));
    for (const told of now.querySelectorAll('.told, .wrong')) told.textContent = '';
    for (const button of now.querySelectorAll('.again')) button.hidden = false;
    document.querySelector('main').dataset.state = state;
    now.querySelector('h1')?.focus();
  };

  const fail = (reference) => {
    const place = section('failed').querySelector('.reference');
    place.hidden = !reference;
    place.querySelector('code').textContent = reference ?? '';
    show('failed');
  };

  // trouble says what came instead of an answer that helps.
  const trouble = ({status, body}) => {
    if (status === 404 || status === 400) return show('incomplete');
    if (status === 429) return show('busy');
    if (status === 410) return over(body.error, body.at);
    return fail(body.reference);
  };

  const ends = ['revealed', 'expired', 'revoked', 'locked'];

  // over says that it can't be opened any more. One that was opened while we
  // waited for the answer was opened from here, most likely.
  const over = (state, at) => {
    root?.fill(0);
    forget();
    if (!ends.includes(state)) return fail();
    show(doubtful && state === 'revealed' ? 'lost' : state, at);
  };

  // --- What is asked ---

  // ask asks the server; null when no answer came.
  const ask = async (what, sent) => {
    const began = performance.now();
    try {
      const answer = await fetch(`${location.pathname.replace(/\/s\/.*$/, '/s/')}${sealed.encode(id)}/${what}`, {
        method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(sent),
        cache: 'no-store', redirect: 'error', signal: AbortSignal.timeout?.(patience),
      });
      const took = performance.now() - began; // milliseconds
      return {status: answer.status, body: await answer.json(), date: Date.parse(answer.headers.get('Date')), took};
    } catch {
      return null;
    }
  };

  // look asks what there is to the link; it can be asked as often as one likes.
  const look = async () => {
    if (!sealed.able()) return show('old');
    if (!root && !proof) return show('incomplete');
    const mine = ++turn;
    show('loading');
    proof ||= sealed.encode(await sealed.linkProof(id, root));
    const answer = await ask('status', {link: proof});
    if (mine !== turn) return;
    if (!answer) return show(doubtful ? 'broken' : 'offline');
    if (answer.status !== 200) return trouble(answer);
    secret = answer.body;
    if (secret.state !== 'live') return over(secret.state, secret.at);
    doubtful = false;
    offer();
  };

  // offer shows what can be opened.
  const offer = () => {
    for (const part of section('live').querySelectorAll('.if-protected')) part.hidden = !secret.passphrase;
    by('passphrase').removeAttribute('aria-invalid');
    tellLeft();
    show('live', secret.expires_at);
  };

  const tellLeft = () => {
    const {says, last} = by('left').dataset;
    by('left').textContent = secret.attempts_left === 1 ? last : fill(says, {count: secret.attempts_left});
  };

  // --- Opening ---

  const wrong = (words) => {
    by('wrong').textContent = words;
    by('passphrase').setAttribute('aria-invalid', 'true');
    by('passphrase').select();
    by('passphrase').focus();
  };

  const work = (on) => {
    busy = on;
    by('open').querySelector('button').setAttribute('aria-disabled', String(on));
    by('opening').textContent = on ? by('opening').dataset.says : '';
  };

  // keys are what the link and the passphrase are made into; null when the server
  // asks for something that this page doesn't do.
  const keys = async () => {
    if (!secret.passphrase) return sealed.claimKeys(id, root);
    const salt = sealed.exactly(secret.salt, 16);
    if (!salt || secret.rounds !== sealed.rounds) return null;
    return sealed.claimKeys(id, root, await sealed.stretch(by('passphrase').value, salt));
  };

  const press = async () => {
    if (busy) return;
    if (secret.passphrase && !sealed.normal(by('passphrase').value)) return wrong(by('wrong').dataset.empty);
    const mine = ++turn;
    work(true);
    const made = await keys();
    const answer = made && mine === turn ? await ask('open', {link: proof, claim: sealed.encode(made.claim)}) : null;
    work(false);
    if (mine !== turn) return;
    await (made ? opened(answer, made.enc) : fail());
  };

  const opened = async (answer, enc) => {
    if (!answer) {
      doubtful = true;
      return show('broken');
    }
    if (answer.status === 403 && answer.body.error === 'wrong_passphrase') {
      secret.attempts_left = answer.body.attempts_left;
      tellLeft();
      return wrong(by('wrong').dataset.wrong);
    }
    // Browsers send again by themselves what a broken connection swallowed, and
    // would be told that it is too late.
    doubtful = answer.status === 410 && answer.date - Date.parse(answer.body.at) <= answer.took + 1_000;
    return answer.status === 200 ? reveal(answer.body, enc) : trouble(answer);
  };

  const reveal = async ({version, nonce, body}, enc) => {
    forget();
    try {
      if (version !== 1) throw new Error('another version');
      const content = await sealed.openBody(id, enc, sealed.exactly(nonce, 12), sealed.decode(body));
      value = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(content);
    } catch {
      return show('damaged');
    } finally {
      root?.fill(0);
      root = null;
    }
    const box = by('content');
    box.value = value;
    box.rows = 1;
    show('shown');
    while (box.scrollHeight > box.clientHeight && box.rows < 14) box.rows++; // lines may be wrapped
  };

  const copy = async () => {
    const {copied, byHand} = by('copied').dataset;
    try {
      await navigator.clipboard.writeText(value);
      by('copied').textContent = copied;
    } catch {
      by('content').focus();
      by('content').select();
      by('copied').textContent = byHand;
    }
  };

  // again tells the sender that a new one is needed.
  const again = async (button) => {
    const told = button.closest('section').querySelector('.told');
    if (busy) return;
    busy = true;
    const answer = await ask('again', {link: proof});
    busy = false;
    const sent = answer?.status === 200;
    told.textContent = fill(sent ? told.dataset.sent : told.dataset.failed, values());
    button.hidden = sent;
    if (sent) {
      told.tabIndex = -1;
      told.focus();
    }
  };

  // --- What goes when somebody leaves ---

  const forget = () => { by('passphrase').value = ''; };

  const wipe = () => {
    const had = value !== null;
    value = null;
    by('content').value = '';
    forget();
    return had;
  };

  take();
  addEventListener('hashchange', () => { if (take()) { wipe(); look(); } });

  document.addEventListener('DOMContentLoaded', () => {
    by('open').addEventListener('submit', (event) => { event.preventDefault(); press(); });
    by('by-hand').addEventListener('submit', (event) => {
      event.preventDefault();
      const link = read(by('code').value);
      if (!link) {
        by('not-whole').textContent = by('not-whole').dataset.says;
        by('code').setAttribute('aria-invalid', 'true');
        return by('code').focus();
      }
      by('code').value = '';
      by('code').removeAttribute('aria-invalid');
      use(link);
      return look();
    });
    by('copy').addEventListener('click', copy);
    by('content').addEventListener('focus', () => by('content').select());
    for (const button of document.querySelectorAll('.again')) button.addEventListener('click', () => again(button));
    for (const button of document.querySelectorAll('.retry')) button.addEventListener('click', look);
    let left = false;
    addEventListener('pagehide', () => { [left, doubtful] = [wipe(), doubtful || busy]; turn++; });
    addEventListener('pageshow', (event) => { if (event.persisted && (wipe() || left || doubtful)) look(); });
    look();
  });
})();
