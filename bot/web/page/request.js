'use strict';

// The page of a request for a secret, in both roles. Whoever is asked seals what
// they type for the key that their link speaks of; whoever asked opens it, once.
// Until somebody presses, it only asks what the link is for.
(() => {
  const patience = 20_000; // milliseconds, for an answer
  const text = new TextEncoder();
  document.documentElement.classList.add('scripted'); // before anything is drawn

  let link = null; // what the address said: id, token, and the customer's fingerprint
  let request = null; // what the server said of it
  let key = null; // the public key that was verified
  let turn = 0; // counts up when what is under way doesn't count any more
  let state = '';
  let busy = false;

  const id = (name) => document.getElementById(name);
  const section = (name) => document.querySelector(`section[data-state="${name}"]`);
  const word = (name) => document.querySelector(`[data-notice="${name}"]`).textContent;

  // --- The link ---

  // read takes apart what follows the # in a link, or a whole link, as it comes out
  // of mails: %23 for #, broken over lines, with something behind it.
  const read = (from) => {
    const found = /(?:#|%(?:25)?23)(.*)$/i.exec(from.replace(/\s+/g, ''));
    const code = (found ? found[1] : from.replace(/\s+/g, '')).replace(/%(?:25)?2e/gi, '.');
    const parts = /^([\w-]{43})(?:\.([\w-]{43}))?(?:[^\w-].*)?$/.exec(code);
    const place = /\/r\/([\w-]{22})(?:$|[/#%?])/;
    const path = place.exec(from) ?? place.exec(location.pathname);
    return parts && path ? {id: path[1], token: parts[1], fingerprint: parts[2] ?? ''} : null;
  };

  // take takes the link out of the address, where history and pictures of the
  // screen would keep it.
  const take = () => {
    const whole = location.pathname + location.search + location.hash;
    if (!/#.|%(?:25)?23/i.test(whole)) return;
    link = read(whole);
    history.replaceState(null, '', location.pathname.replace(/%(?:25)?23.*$/i, ''));
  };

  // --- What can be read ---

  const locale = () => navigator.languages.find((own) => own.startsWith(document.documentElement.lang)) ?? document.documentElement.lang;

  const moment = (time) => new Intl.DateTimeFormat(locale(), {
    weekday: 'long', day: 'numeric', month: 'long', hour: 'numeric', minute: '2-digit', timeZoneName: 'short',
  }).format(new Date(time));

  const fill = (words, values) => words.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? '');

  // show shows one state, and leads the eyes and the screen reader there.
  const show = (name, at = request?.at) => {
    const values = {
      from: request?.from, what: request?.what, why: request?.why,
      at: at && moment(at), until: request?.expires_at && moment(request.expires_at),
    };
    for (const each of document.querySelectorAll('section[data-state]')) each.hidden = each.dataset.state !== name;
    const now = section(name);
    for (const said of now.querySelectorAll('[data-fill]')) said.textContent = fill(said.dataset.fill, values);
    for (const told of now.querySelectorAll('dl > div')) told.hidden = !told.querySelector('dd').textContent;
    state = name;
    document.querySelector('main').dataset.state = name;
    if (name !== 'loading') now.querySelector('h1').focus();
  };

  const sentences = (...names) => names.filter(Boolean).map(word).join(' ');

  // notice is what went wrong on the way, in the words of the page.
  const notice = (answer, ...more) => {
    const known = {
      offline: 'offline', silent: 'silent', foreign_origin: 'foreign', too_many: 'busy',
      bad_request: 'unread', not_json: 'unread', too_long: 'unread',
    };
    const reference = answer.reference ? ` ${word('reference')} ${answer.reference}` : '';
    return sentences(known[answer.error] ?? 'failed', ...more) + reference;
  };

  // work marks a form's button while something is under way, and what it does next.
  const work = (form, under, again) => {
    const button = form.querySelector('button');
    button.dataset.first ??= button.textContent;
    button.textContent = under ? button.dataset.busy : again ? button.dataset.again : button.dataset.first;
    button.setAttribute('aria-disabled', String(under));
    busy = under;
  };

  const say = (form, words) => {
    form.querySelector('.notice').textContent = words;
  };

  // --- The server ---

  const ask = async (action, fields = {}) => {
    try {
      const answer = await fetch(`${location.pathname.replace(/\/r\/.*$/, '/r/')}${link.id}/${action}`, {
        method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify({token: link.token, ...fields}),
        credentials: 'omit', cache: 'no-store', redirect: 'error', signal: AbortSignal.timeout?.(patience),
      });
      return await answer.json() ?? {};
    } catch (why) {
      const known = {TimeoutError: 'silent', AbortError: 'silent', SyntaxError: 'unavailable'};
      return {error: known[why.name] ?? 'offline'};
    }
  };

  const incomplete = () => {
    id('asker').hidden = Boolean(link?.fingerprint); // that was a customer's
    show('incomplete');
  };

  const trouble = (answer) => {
    section('trouble').querySelector('.notice').textContent = notice(answer);
    show('trouble');
  };

  // ended shows why nothing can be done with the link; false when that isn't it.
  const ended = (answer, states) => {
    const name = answer.error === 'incomplete_link' ? 'incomplete' : states[answer.error];
    if (!name) return false;
    wipe();
    if (name === 'incomplete') incomplete();
    else show(name, answer.at);
    return true;
  };

  const start = async () => {
    const mine = ++turn;
    wipe();
    request = null;
    key = null;
    if (!sealed.able()) return show('old');
    if (!link) return incomplete();
    show('loading');
    const answer = await ask('status');
    if (mine !== turn) return;
    if (answer.error === 'incomplete_link' || answer.error === 'bad_request') return incomplete();
    if (typeof answer.state !== 'string') return trouble(answer);
    request = answer;
    return answer.viewing ? startViewing() : startAsked(mine);
  };

  // --- Whoever is asked ---

  const askedStates = {received: 'received', opened: 'opened', expired: 'expired', withdrawn: 'withdrawn'};

  // startAsked offers to send something only when the key is the one that the link
  // speaks of: the link came another way than the key.
  const startAsked = async (mine) => {
    const fingerprint = sealed.exactly(link.fingerprint, 32);
    if (!fingerprint) return incomplete();
    if (request.state !== 'asked') return askedStates[request.state] ? show(askedStates[request.state]) : trouble({});
    const theirs = sealed.exactly(request.key, 65);
    const same = theirs && await sealed.fits(theirs, fingerprint);
    if (mine !== turn) return;
    if (!same) return show('changed');
    key = theirs;
    show('asked');
  };

  // fault is what is wrong with what was typed, '' for nothing. Only what is too
  // long is said while they type.
  const fault = (typed, pressed) => {
    const over = text.encode(typed).length - Number(id('content').dataset.limit);
    if (over > 0) return fill(word('too_long'), {over: new Intl.NumberFormat(locale()).format(over)});
    return pressed && typed.trim() === '' ? word('empty') : '';
  };

  const check = (pressed) => {
    const wrong = fault(id('content').value, pressed);
    id('content-wrong').textContent = wrong;
    id('content').setAttribute('aria-invalid', String(wrong !== ''));
    if (wrong && pressed) id('content').focus();
    return wrong === '';
  };

  const seal = async () => {
    const content = text.encode(id('content').value);
    const sent = await sealed.sealAnswer(sealed.exactly(link.id, 16), key, content);
    content.fill(0);
    return {key: sealed.encode(sent.key), nonce: sealed.encode(sent.nonce), body: sealed.encode(sent.body)};
  };

  const send = async (form) => {
    if (busy || !check(true)) return;
    const mine = turn;
    work(form, true);
    say(form, '');
    const sent = await seal().catch(() => null); // a key that fits its fingerprint can be sealed for
    const answer = sent ? await ask('send', sent) : {};
    if (mine !== turn) return;
    work(form, false, true);
    if (answer.state === 'received') {
      wipe();
      show('sent');
    } else if (!ended(answer, askedStates)) {
      say(form, notice(answer, 'kept'));
    }
  };

  // --- Whoever asked ---

  const viewingStates = {opened: 'viewed', expired: 'lapsed', withdrawn: 'withdrawn', link_expired: 'late'};

  const startViewing = () => {
    if (link.fingerprint) return incomplete(); // that isn't how their links look
    if (request.state === 'received') return show('ready');
    return viewingStates[request.state] ? show(viewingStates[request.state]) : trouble({});
  };

  const open = async (form) => {
    if (busy) return;
    const mine = turn;
    work(form, true);
    say(form, '');
    const answer = await ask('open');
    if (mine !== turn) return;
    work(form, false, true);
    const content = sealed.decode(answer.content);
    if (content) {
      id('value').value = new TextDecoder('utf-8', {ignoreBOM: true}).decode(content);
      content.fill(0);
      show('shown');
    } else if (!ended(answer, viewingStates)) {
      say(form, notice(answer, answer.error === 'offline' || answer.error === 'silent' ? 'unsure' : ''));
    }
  };

  const copy = async () => {
    const box = id('value');
    const copied = await navigator.clipboard.writeText(box.value).then(() => true, () => {
      box.select();
      return document.execCommand('copy');
    }).catch(() => false);
    id('copied').textContent = copied ? id('copied').dataset.copied : id('copied').dataset.not;
  };

  // --- The end ---

  // wipe forgets what was typed and what came.
  const wipe = () => {
    for (const box of ['content', 'value']) id(box).value = '';
    id('copied').textContent = '';
    check(false);
    for (const form of [id('send'), id('open')]) {
      work(form, false);
      say(form, '');
    }
  };

  // leave runs when the page goes, also into the browser's cache: it comes back
  // from there as it left.
  const leave = () => {
    turn++;
    const shown = state === 'shown';
    wipe();
    if (shown) show('wiped');
  };

  take();
  document.addEventListener('DOMContentLoaded', () => {
    const does = {send, open, copy, again: start};
    for (const [name, act] of Object.entries(does)) {
      id(name).addEventListener('submit', (event) => {
        event.preventDefault();
        act(event.target);
      });
    }
    id('by-hand').addEventListener('submit', (event) => {
      event.preventDefault();
      const given = read(id('code').value);
      id('code-wrong').textContent = given ? '' : id('code-wrong').dataset.wrong;
      id('code').setAttribute('aria-invalid', String(!given));
      if (!given) return id('code').focus();
      link = given;
      id('code').value = '';
      return start();
    });
    id('content').addEventListener('input', () => check(false));
    id('show').addEventListener('change', () => id('content').classList.toggle('masked', !id('show').checked));
    addEventListener('pagehide', leave);
    addEventListener('pageshow', (event) => {
      if (event.persisted && state !== 'wiped') start();
    });
    addEventListener('hashchange', () => {
      take();
      start();
    });
    start();
  });
})();
