package actions

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"
)

// note is what is sent in the tests: by the agent U1, for an hour, without a
// passphrase.
func note(changes ...func(*NewSecret)) NewSecret {
	n := NewSecret{Content: canary, Lifetime: hour, Passphrase: PassphraseNone, From: "Ana"}
	for _, change := range changes {
		change(&n)
	}
	return n
}

// ownWords is a passphrase of somebody's own, which browsers compare as
// "fille IV café".
const ownWords = " ﬁlle Ⅳ cafe\u0301 "

func withWords(n *NewSecret) { n.Passphrase = PassphraseWords }
func withOwn(n *NewSecret)   { n.Passphrase, n.Own = PassphraseOwn, ownWords }
func forJane(n *NewSecret)   { n.For = "jane.doe" }
func mailedJane(n *NewSecret) {
	n.For, n.Mail, n.Passphrase, n.Own = "jane.doe", true, PassphraseOwn, ownWords
}

// sentSecret is a secret that was sent, with what stands in its link.
type sentSecret struct {
	d    *desk
	made SecretMade
	id   string
	root []byte
}

// sends makes a secret of the agent U1's.
func (d *desk) sends(t testing.TB, changes ...func(*NewSecret)) sentSecret {
	t.Helper()
	return d.sendsAs(t, agent("", "#4711"), changes...)
}

func (d *desk) sendsAs(t testing.TB, call Call, changes ...func(*NewSecret)) sentSecret {
	t.Helper()
	made, err := d.CreateSecret(t.Context(), call, note(changes...))
	must(t, err)
	s := sentSecret{d: d, made: made, id: made.Report.Secret.ID}
	if made.Link == "" {
		return s
	}
	id, root, _ := strings.Cut(strings.TrimPrefix(made.Link, "https://help.acme.example/s/"), "#")
	if id != s.id {
		t.Fatalf("the link is %q", made.Link)
	}
	s.root = raw(t, root)
	return s
}

// stored is the secret as it lies in the store.
func (s sentSecret) stored() Secret { return s.d.store.state.secrets[s.id] }

// keys are what the browser derives; passphrase "" is none.
func (s sentSecret) keys(t testing.TB, passphrase string) secretKeys {
	t.Helper()
	var stretched []byte
	if passphrase != "" {
		var err error
		stretched, err = stretchPassphrase(t.Context(), passphrase, s.stored().Salt)
		must(t, err)
	}
	id, ok := decoded(s.id, 16)
	if !ok {
		t.Fatalf("the ID is %q", s.id)
	}
	keys, err := deriveSecret(id, s.root, stretched)
	must(t, err)
	return keys
}

// link proves the link.
func (s sentSecret) link(t testing.TB) []byte { t.Helper(); return s.keys(t, "").link }

// opens tries to open the secret with those keys.
func (s sentSecret) opens(t testing.TB, keys secretKeys) SecretOpened {
	t.Helper()
	opened, err := s.d.OpenSecret(t.Context(), s.id, keys.link, keys.claim)
	must(t, err)
	return opened
}

// reads is what the browser makes of what it got.
func (s sentSecret) reads(t testing.TB, keys secretKeys, opened SecretOpened) string {
	t.Helper()
	if opened.Body == nil {
		t.Fatalf("there is no body: %+v", opened)
	}
	id, _ := decoded(s.id, 16)
	content, err := keys.openBody(id, opened.Nonce, opened.Body)
	must(t, err)
	return string(content)
}

// status is what the page tells.
func (s sentSecret) status(t testing.TB) SecretStatus {
	t.Helper()
	status, err := s.d.SecretStatus(t.Context(), s.id, s.link(t))
	must(t, err)
	return status
}

// noProof is a proof of nothing.
var noProof = bytes.Repeat([]byte{7}, 32)

// guesses tries a wrong passphrase, with the right link.
func (s sentSecret) guesses(t testing.TB) SecretOpened {
	t.Helper()
	return s.opens(t, secretKeys{link: s.link(t), claim: noProof})
}

// revokes takes the secret back.
func (s sentSecret) revokes(t testing.TB) {
	t.Helper()
	_, err := s.d.RevokeSecret(t.Context(), agent("", ""), s.id)
	must(t, err)
}

// keepsQuiet checks that nothing secret stands in what is stored, and no whole ID in
// the audit.
func (s sentSecret) keepsQuiet(t testing.TB) {
	t.Helper()
	state := s.d.store.state
	everything, err := json.Marshal([]any{state.audit, state.outbox, state.secrets, state.mails, state.sealed})
	must(t, err)
	for what, secret := range map[string]string{"the content": canary, "the passphrase": s.made.Passphrase, "one's own": strings.TrimSpace(ownWords), "the root": encoded(s.root)} {
		if secret != "" && bytes.Contains(everything, []byte(secret)) {
			t.Errorf("%s is stored in the clear", what)
		}
	}
	audit, err := json.Marshal(state.audit)
	must(t, err)
	if bytes.Contains(audit, []byte(s.id)) || !bytes.Contains(audit, []byte("secret "+shortHash(s.id))) {
		t.Errorf("the audit is %s", audit)
	}
}

// postman is a mail server that keeps what it gets, and may refuse it.
type postman struct {
	letters []Letter
	answer  error
	// before, if set, happens before it answers.
	before func()
}

func (p *postman) Send(_ context.Context, letter Letter) error {
	p.letters = append(p.letters, letter)
	if p.before != nil {
		p.before()
	}
	return p.answer
}

// posts is an office whose mail somebody keeps.
func posts(t testing.TB, options ...option) (*desk, *postman) {
	t.Helper()
	d, p := office(t, options...), &postman{}
	d.Mailer = p
	return d, p
}
