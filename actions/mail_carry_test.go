package actions

import (
	"strings"
	"testing"
)

// mailed is a secret whose link waits to be mailed.
func (d *desk) mails(t testing.TB) sentSecret {
	t.Helper()
	s := d.sends(t, mailedJane)
	if s.made.Link != "" {
		t.Fatal("it has a link")
	}
	d.told()
	return s
}

// rootIn takes the root out of the link of a letter.
func (s *sentSecret) rootIn(t testing.TB, letter Letter) {
	t.Helper()
	_, rest, found := strings.Cut(letter.Text, "https://help.acme.example/s/"+s.id+"#")
	if !found {
		t.Fatalf("there is no link in %q", letter.Text)
	}
	s.root = raw(t, rest[:43])
}

// TestSecretMailed: the link goes to the address on file, is wiped once it is
// accepted, and opens with the passphrase only.
func TestSecretMailed(t *testing.T) {
	d, post := posts(t)
	s := d.sends(t, mailedJane)
	mail := s.stored().Mail
	d.wantTold(t, "mail to email", "secret to U1")
	d.holdsSealed(t, mail, SealMail)
	if r := s.made.Report; s.made.Link != "" || s.made.Passphrase != "" || r.Mail == nil || r.Mail.To != "j•••@a•••.example" || r.Mail.State != MailQueued {
		t.Errorf("made is %+v", s.made)
	}
	d.passes(minute)
	must(t, d.SendMail(t.Context(), mail))
	if len(post.letters) != 1 || post.letters[0].To != "jane@acme.example" {
		t.Fatalf("%d letters were sent", len(post.letters))
	}
	s.rootIn(t, post.letters[0])
	d.holdsSealed(t, mail)
	d.holdsSealed(t, s.id, SealSecret)
	d.wantTold(t, "secret to U1")
	s.keepsQuiet(t)
	if r, err := d.SecretReport(t.Context(), s.id); err != nil || r.Mail == nil || r.Mail.State != MailSent || r.Secret.State != SecretLive {
		t.Errorf("the card shows %+v, %v", r.Mail, err)
	}
	must(t, d.SendMail(t.Context(), mail))
	if len(post.letters) != 1 {
		t.Error("it was sent twice")
	}
	if got := s.opens(t, s.keys(t, "")); got.Body != nil || got.State != SecretLive {
		t.Errorf("without the passphrase it opens to %+v", got)
	}
	keys := s.keys(t, ownWords)
	if got := s.reads(t, keys, s.opens(t, keys)); got != canary {
		t.Errorf("it reads %q", got)
	}
}

// TestSecretMailUnclear: a link that may have arrived is wiped, and the secret stays.
func TestSecretMailUnclear(t *testing.T) {
	d, post := posts(t)
	s := d.mails(t)
	post.answer = &SendError{Unclear: true, Sentence: "The mail server went silent."}
	must(t, d.SendMail(t.Context(), s.stored().Mail))
	d.holdsSealed(t, s.stored().Mail)
	d.wantTold(t, "secret to U1")
	s.rootIn(t, post.letters[0])
	keys := s.keys(t, ownWords)
	if got := s.reads(t, keys, s.opens(t, keys)); got != canary {
		t.Errorf("it reads %q", got)
	}
}

// TestSecretMailFailed: a secret whose mail can't be sent is revoked, whoever gives
// up, and its sender hears why.
func TestSecretMailFailed(t *testing.T) {
	for name, fail := range map[string]func(*desk, *postman, string) error{
		"refused by the server": func(d *desk, post *postman, mail string) error {
			post.answer = &SendError{Refused: true, Sentence: "No such mailbox."}
			if err := d.SendMail(t.Context(), mail); err == nil {
				return errBroken
			}
			return nil
		},
		"given up": func(d *desk, _ *postman, mail string) error {
			return d.MailGivenUp(t.Context(), mail, "No such mailbox.")
		},
	} {
		t.Run(name, func(t *testing.T) {
			d, post := posts(t)
			s := d.mails(t)
			mail := s.stored().Mail
			must(t, fail(d, post, mail))
			d.holdsSealed(t, mail)
			d.holdsSealed(t, s.id)
			if got := s.stored(); got.State != SecretRevoked || got.Why != "No such mailbox." {
				t.Errorf("stored is %+v", got)
			}
			if e := d.written(t); e.Act != ActSecretEnded || e.Actor != "latchkey" ||
				e.Detail != "revoked, because its mail failed: secret "+shortHash(s.id)+", for j•••@a•••.example" {
				t.Errorf("the audit says %+v", e)
			}
			if told := d.told(); told[0] != "secret to U1" || told[1] != "secret_news to U1" {
				t.Errorf("%q is told", told)
			}
		})
	}
}

// TestSecretMailTriedAgain: what may be tried again keeps its link, and the same one.
func TestSecretMailTriedAgain(t *testing.T) {
	d, post := posts(t)
	s := d.mails(t)
	mail := s.stored().Mail
	post.answer = &SendError{Sentence: "The mail server is busy."}
	if err := d.SendMail(t.Context(), mail); err == nil {
		t.Fatal("it was sent")
	}
	d.holdsSealed(t, mail, SealMail)
	d.wantTold(t, "secret to U1")
	post.answer = nil
	must(t, d.SendMail(t.Context(), mail))
	if len(post.letters) != 2 || post.letters[0].Text != post.letters[1].Text {
		t.Error("the second try has another link")
	}
}

// TestSecretNotMailed: a link that is of no use any more isn't mailed, nor to a
// contact that changed since.
func TestSecretNotMailed(t *testing.T) {
	for name, c := range map[string]struct {
		before func(*testing.T, sentSecret)
		want   SecretState
	}{
		"revoked": {func(t *testing.T, s sentSecret) { s.revokes(t) }, SecretRevoked},
		"run out": {func(_ *testing.T, s sentSecret) { s.d.passes(hour) }, SecretExpired},
		"run out, and written down": {func(t *testing.T, s sentSecret) {
			s.d.passes(hour)
			must(t, s.d.ExpireSecrets(t.Context()))
		}, SecretExpired},
		"another contact": {func(_ *testing.T, s sentSecret) {
			s.d.passes(minute)
			s.d.directory.scene.Users[0].ContactChangedAt = s.d.now
		}, SecretRevoked},
		"no contact":     {func(_ *testing.T, s sentSecret) { s.d.directory.scene.Users[0].Email = "" }, SecretRevoked},
		"a deleted user": {func(_ *testing.T, s sentSecret) { s.d.directory.scene.Users = nil }, SecretRevoked},
		"a lost link": {func(_ *testing.T, s sentSecret) {
			delete(s.d.store.state.sealed, sealedName(SealMail, s.stored().Mail))
		}, SecretRevoked},
	} {
		t.Run(name, func(t *testing.T) {
			d, post := posts(t)
			s := d.mails(t)
			mail := s.stored().Mail
			c.before(t, s)
			if err := d.SendMail(t.Context(), mail); err == nil || len(post.letters) != 0 {
				t.Errorf("%d letters were sent, %v", len(post.letters), err)
			}
			d.holdsSealed(t, mail)
			if got := d.store.state.mails[mail]; got.State != MailFailed || got.Why == "" {
				t.Errorf("the mail is %+v", got)
			}
			if state, _ := s.stored().StateAt(d.now); state != c.want {
				t.Errorf("the secret is %s", state)
			}
		})
	}
}

// TestSecretMailAfterCrash: a mail that a crash left unwritten is sent again with the
// same link, unless somebody opened it meanwhile.
func TestSecretMailAfterCrash(t *testing.T) {
	for name, opened := range map[string]bool{"nobody opened it": false, "it was opened": true} {
		t.Run(name, func(t *testing.T) {
			d, post := posts(t)
			s := d.mails(t)
			mail := s.stored().Mail
			d.Store = &crossing{fakeStore: d.store, lost: errBroken}
			if err := d.SendMail(t.Context(), mail); err == nil {
				t.Fatal("it was written down")
			}
			d.Store = d.store
			s.rootIn(t, post.letters[0])
			if opened {
				s.opens(t, s.keys(t, ownWords))
			}
			must(t, d.SendMail(t.Context(), mail))
			if got := d.store.state.mails[mail].State; got != MailSent {
				t.Errorf("the mail is %s", got)
			}
			d.holdsSealed(t, mail)
			switch {
			case opened && len(post.letters) != 1:
				t.Error("it was sent again")
			case !opened && (len(post.letters) != 2 || post.letters[0].Text != post.letters[1].Text):
				t.Error("it wasn't sent again with the same link")
			}
		})
	}
}

// TestSecretMailWithoutPlace: a text that lost the place of the link isn't sent.
func TestSecretMailWithoutPlace(t *testing.T) {
	d, post := posts(t)
	d.Writer = blank{}
	s := d.mails(t)
	if err := d.SendMail(t.Context(), s.stored().Mail); err == nil || len(post.letters) != 0 || s.stored().State != SecretRevoked {
		t.Errorf("%d letters were sent, %v; the secret is %s", len(post.letters), err, s.stored().State)
	}
}

// blank writes a text without places.
type blank struct{}

func (blank) Write(Writing) (Written, error) { return Written{Text: "Hello."}, nil }

// TestRequestMailFailed: a request whose mail fails is withdrawn.
func TestRequestMailFailed(t *testing.T) {
	d, post := posts(t)
	made, err := d.AskForSecret(t.Context(), agent("", ""), wifi(mailedToJane))
	must(t, err)
	r := made.Report.Request
	d.told()
	post.answer = &SendError{Refused: true, Sentence: "No such mailbox."}
	if err := d.SendMail(t.Context(), r.Mail); err == nil {
		t.Error("it was sent")
	}
	d.holdsSealed(t, r.ID)
	d.holdsSealed(t, r.Mail)
	if got := d.store.state.requests[r.ID]; got.State != RequestWithdrawn || got.Reason != "No such mailbox." {
		t.Errorf("stored is %+v", got)
	}
	if told := d.told(); told[0] != "secret_request to U1" || told[1] != "secret_request_news to U1" {
		t.Errorf("%q is told", told)
	}
}

// TestRequestMailed: the link has the token and the fingerprint, and is wiped.
func TestRequestMailed(t *testing.T) {
	d, post := posts(t)
	made, err := d.AskForSecret(t.Context(), agent("", ""), wifi(mailedToJane))
	must(t, err)
	r := made.Report.Request
	must(t, d.SendMail(t.Context(), r.Mail))
	_, rest, found := strings.Cut(post.letters[0].Text, "https://help.acme.example/r/"+r.ID+"#")
	if !found || len(rest) < 87 || rest[43] != '.' {
		t.Fatalf("the letter is %q", post.letters[0].Text)
	}
	page, err := d.RequestStatus(t.Context(), r.ID, raw(t, rest[:43]))
	if err != nil || page.State != RequestAsked || encoded(fingerprint(page.PublicKey)) != rest[44:87] {
		t.Errorf("the page is %+v, %v", page, err)
	}
	d.holdsSealed(t, r.Mail)
	d.holdsSealed(t, r.ID, SealRequest)
}
