'use strict';

// The cryptography of the pages, with nothing but crypto.subtle. The server does the
// same in actions/envelope.go; test vectors hold both to it. Everything is bytes
// (Uint8Array), but for passphrases and codes, which are text.
const sealed = (() => {
  const rounds = 600_000; // of PBKDF2; a server that asks for fewer isn't obeyed
  const text = new TextEncoder();

  // Bytes to base64url without padding, and back; null when it isn't that.
  const encode = (bytes) => {
    let raw = '';
    for (const byte of bytes) raw += String.fromCharCode(byte);
    return btoa(raw).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
  };

  const decode = (code) => {
    if (typeof code !== 'string' || !/^[A-Za-z0-9_-]*$/.test(code) || code.length % 4 === 1) return null;
    const raw = atob(code.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(raw, (letter) => letter.charCodeAt(0));
    return encode(bytes) === code ? bytes : null; // one way only to write the same bytes
  };

  // exactly is the bytes of a code, null when they aren't as many.
  const exactly = (code, length) => {
    const bytes = decode(code);
    return bytes && bytes.length === length ? bytes : null;
  };

  const join = (...parts) => {
    const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  };

  const sameBytes = (one, other) => one.length === other.length && one.every((byte, i) => byte === other[i]);

  const hkdf = async (secret, salt, info) => {
    const key = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits']);
    return new Uint8Array(await crypto.subtle.deriveBits({name: 'HKDF', hash: 'SHA-256', salt, info: text.encode(info)}, key, 256));
  };

  // normal is a passphrase as it is compared. White_Space is what the server trims,
  // which trim() isn't.
  const normal = (passphrase) => passphrase.normalize('NFKC').replace(/^\p{White_Space}+|\p{White_Space}+$/gu, '');

  const stretch = async (passphrase, salt) => {
    const key = await crypto.subtle.importKey('raw', text.encode(normal(passphrase)), 'PBKDF2', false, ['deriveBits']);
    return new Uint8Array(await crypto.subtle.deriveBits({name: 'PBKDF2', hash: 'SHA-256', salt, iterations: rounds}, key, 256));
  };

  const gcm = (key, usage) => crypto.subtle.importKey('raw', key, 'AES-GCM', false, [usage]);

  const seal = async (key, nonce, content, additionalData) =>
    new Uint8Array(await crypto.subtle.encrypt({name: 'AES-GCM', iv: nonce, additionalData}, await gcm(key, 'encrypt'), content));

  const open = async (key, nonce, body, additionalData) =>
    new Uint8Array(await crypto.subtle.decrypt({name: 'AES-GCM', iv: nonce, additionalData}, await gcm(key, 'decrypt'), body));

  const point = {name: 'ECDH', namedCurve: 'P-256'};

  // The proof of a link, of its ID (16 bytes) and root (32 bytes).
  const linkProof = (id, root) => hkdf(root, id, 'latchkey link');

  // What proves link and passphrase, and what opens the body; stretched is empty
  // without a passphrase.
  const claimKeys = async (id, root, stretched = new Uint8Array()) => {
    const both = join(root, stretched);
    return {claim: await hkdf(both, id, 'latchkey claim'), enc: await hkdf(both, id, 'latchkey enc')};
  };

  const bodyData = (id) => join(text.encode('latchkey/1'), id);
  const sealBody = (id, enc, nonce, content) => seal(enc, nonce, content, bodyData(id));
  const openBody = (id, enc, nonce, body) => open(enc, nonce, body, bodyData(id));

  // The key of a request is the one that its link speaks of.
  const fits = async (publicKey, fingerprint) => sameBytes(new Uint8Array(await crypto.subtle.digest('SHA-256', publicKey)), fingerprint);

  // sealAnswer seals bytes for the key of a request. pair and nonce are new each
  // time; only vectors give them.
  const sealAnswer = async (id, publicKey, content, pair, nonce = crypto.getRandomValues(new Uint8Array(12))) => {
    const ours = pair ?? await crypto.subtle.generateKey(point, false, ['deriveBits']);
    const theirs = await crypto.subtle.importKey('raw', publicKey, point, false, []);
    const shared = new Uint8Array(await crypto.subtle.deriveBits({name: 'ECDH', public: theirs}, ours.privateKey, 256));
    const key = new Uint8Array(await crypto.subtle.exportKey('raw', ours.publicKey));
    const body = await seal(await hkdf(shared, id, 'latchkey request'), nonce, content, join(text.encode('latchkey-r/1'), id, key, publicKey));
    return {key, nonce, body};
  };

  // able is whether this browser has what it takes: not without TLS, for one.
  const able = () => Boolean(globalThis.crypto?.subtle && globalThis.fetch && ''.normalize);

  return Object.freeze({
    able, rounds, encode, decode, exactly, normal, stretch, linkProof, claimKeys, sealBody, openBody, fits, sealAnswer,
  });
})();
