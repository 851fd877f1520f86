package web_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/latchkey-bot/latchkey/bot/browsertest"
)

// The script's cryptography gives what the test vectors say, both ways; each
// function answers with the names of what differs.
const (
	checkSecrets = `(async (vectors) => {
		const {decode, encode} = sealed, text = new TextEncoder(), wrong = [], seen = []
		for (const v of vectors.secrets) {
			const is = (name, got) => { if (got !== v[name]) wrong.push(v.name + ': ' + name + ' is ' + got) }
			const stretched = v.rounds ? await sealed.stretch(v.passphrase, decode(v.salt)) : new Uint8Array()
			const id = decode(v.id), root = decode(v.root), {claim, enc} = await sealed.claimKeys(id, root, stretched)
			if (v.rounds && v.rounds !== sealed.rounds) wrong.push(v.name + ': rounds')
			is('passphrase_normal', sealed.normal(v.passphrase))
			is('stretched', encode(stretched))
			is('link_proof', encode(await sealed.linkProof(id, root)))
			is('claim_proof', encode(claim))
			is('enc_key', encode(enc))
			is('body', encode(await sealed.sealBody(id, enc, decode(v.nonce), text.encode(v.content))))
			is('content', new TextDecoder().decode(await sealed.openBody(id, enc, decode(v.nonce), decode(v.body))))
			const moved = decode(v.id).fill(1, 0, 2)
			await sealed.openBody(moved, enc, decode(v.nonce), decode(v.body)).then(() => wrong.push(v.name + ' opens under another ID'), () => seen.push(v.name))
		}
		return wrong.concat(seen.length === vectors.secrets.length ? [] : ['not all were seen'])
	})`
	checkRequests = `(async (vectors) => {
		const {decode, encode} = sealed, text = new TextEncoder(), wrong = [], point = {name: 'ECDH', namedCurve: 'P-256'}
		const pair = async (d, raw) => ({
			publicKey: await crypto.subtle.importKey('raw', raw, point, true, []),
			privateKey: await crypto.subtle.importKey('jwk',
				{kty: 'EC', crv: 'P-256', d, x: encode(raw.slice(1, 33)), y: encode(raw.slice(33))}, point, false, ['deriveBits']),
		})
		for (const v of vectors.requests) {
			const is = (name, got) => { if (got !== v[name]) wrong.push(v.name + ': ' + name + ' is ' + got) }
			const theirs = decode(v.public_key), ours = await pair(v.ephemeral_private_key, decode(v.ephemeral_public_key))
			const answer = await sealed.sealAnswer(decode(v.id), theirs, text.encode(v.content), ours, decode(v.nonce))
			is('ephemeral_public_key', encode(answer.key))
			is('nonce', encode(answer.nonce))
			is('body', encode(answer.body))
			if (!await sealed.fits(theirs, decode(v.fingerprint))) wrong.push(v.name + ': the fingerprint')
			if (await sealed.fits(answer.key, decode(v.fingerprint))) wrong.push(v.name + ': a fingerprint of another key')
			const server = await pair(v.private_key, theirs)
			const shared = new Uint8Array(await crypto.subtle.deriveBits({name: 'ECDH', public: ours.publicKey}, server.privateKey, 256))
			is('shared', encode(shared))
			const key = await crypto.subtle.importKey('raw', decode(v.enc_key), 'AES-GCM', false, ['decrypt'])
			const opened = await crypto.subtle.decrypt({name: 'AES-GCM', iv: decode(v.nonce), additionalData: decode(v.associated_data)}, key, answer.body)
			is('content', new TextDecoder().decode(opened))
		}
		return wrong.concat(vectors.requests.length ? [] : ['there are none'])
	})`
)

func TestSealedVectors(t *testing.T) {
	vectors, err := os.ReadFile(filepath.Join("..", "..", "actions", "testdata", "vectors.json"))
	if err != nil {
		t.Fatal(err)
	}
	p := browsertest.Open(t, browsertest.Options{})
	p.Goto(hangSecret(t, newVault(t, "x", "")) + "/s/x")
	for name, check := range map[string]string{"secrets": checkSecrets, "requests": checkRequests} {
		for _, wrong := range browsertest.Value[[]string](p, fmt.Sprintf("%s(%s)", check, vectors)) {
			t.Errorf("%s: %s", name, wrong)
		}
	}
}

// What isn't exactly bytes is none, and a passphrase is compared as the server
// does; nobody can replace a part of it.
func TestSealedReads(t *testing.T) {
	p := browsertest.Open(t, browsertest.Options{})
	p.Goto(hangSecret(t, newVault(t, "x", "")) + "/s/x")
	for expression, want := range map[string]bool{
		`sealed.decode('AA==') === null`: true, `sealed.decode('A') === null`: true, `sealed.decode('AB') === null`: true, `sealed.decode('+/+/') === null`: true,
		`sealed.decode(7) === null`: true, `sealed.decode('A\nAA') === null`: true, `sealed.decode('').length === 0`: true, `sealed.decode('_-8').join() === '255,239'`: true,
		`sealed.exactly('AAAA', 4) === null`: true, `sealed.exactly('AAAA', 3).length === 3`: true,
		`sealed.normal('\u0085\u00a0\u3000 a b\u2028\t') === 'a b'`: true, `sealed.normal('\ufeffa') === 'a'`: false, `sealed.normal('a\u200b') === 'a'`: false,
		`Object.isFrozen(sealed)`: true, `sealed.encode(crypto.getRandomValues(new Uint8Array(32))).length === 43`: true,
	} {
		if got := browsertest.Value[bool](p, expression); got != want {
			t.Errorf("%s is %t", expression, got)
		}
	}
}
