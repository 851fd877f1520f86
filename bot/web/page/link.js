'use strict';

// Takes the code out of the address, where history and screenshots would keep
// it, and puts it into the form. Nothing is sent before somebody presses.
(() => {
  // Some mail gateways write %23 for the #.
  const mark = /(?:#|%(?:25)?23)([A-Za-z0-9_-]+)/i;
  const page = document.documentElement;
  let code = '';

  const take = () => {
    const found = mark.exec(location.pathname + location.search + location.hash);
    if (!found) return;
    code = found[1];
    page.classList.add('has-code'); // before anything is drawn, so that the box never flashes
    history.replaceState(null, '', location.pathname.replace(/%(?:25)?23.*$/i, ''));
  };

  const fill = () => {
    const box = document.getElementById('token');
    if (code && box) box.value = code;
  };

  take();
  document.addEventListener('DOMContentLoaded', () => {
    fill();
    // Whoever presses twice would read that the link is used up, instead of
    // where it leads.
    let sent = false;
    document.querySelector('form').addEventListener('submit', (event) => {
      if (sent) event.preventDefault();
      sent = true;
    });
    addEventListener('pageshow', () => { sent = false; });
  });
  addEventListener('hashchange', () => { take(); fill(); });
})();
