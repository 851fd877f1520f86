package main

import (
	"os"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// What another process finds after one was killed.

// takes opens a secret, and expects the state that it is told; it returns what it
// reads, "" for nothing.
func (w *ward) takes(o opener, state actions.SecretState) string {
	w.t.Helper()
	got, err := w.actions.OpenSecret(w.t.Context(), o.name, o.link, o.claim)
	if err != nil || got.State != state {
		w.t.Errorf("opening is answered %q, %v; want %s", got.State, err, state)
	}
	if got.Body == nil {
		return ""
	}
	read, err := o.decrypts(got.Nonce, got.Body)
	if err != nil {
		w.t.Errorf("what was opened isn't what was sent: %v", err)
	}
	return read
}

// wantOver expects that a secret ended, and nothing of it is left.
func (w *ward) wantOver(o opener, state actions.SecretState) {
	w.t.Helper()
	if read := w.takes(o, state); read != "" {
		w.t.Errorf("it opens once it is %s", state)
	}
	w.wantLeft(0)
}

// wantLeft expects how many sealed things lie in the database.
func (w *ward) wantLeft(want int) {
	w.t.Helper()
	if got := countSealed(w.t, "sqlite:"+w.path); got != want {
		w.t.Errorf("%d things lie sealed, want %d", got, want)
	}
}

// sentBy is what an agent sent and asked for.
func (w *ward) sentBy(id string) actions.SecretList {
	w.t.Helper()
	list, err := w.actions.SecretsOf(w.t.Context(), w.as(id), 0)
	if err != nil {
		w.t.Fatal(err)
	}
	return list
}

func (w *ward) wantNothing(subject) {
	w.t.Helper()
	if list := w.sentBy("UANN"); len(list.Secrets) != 0 || len(w.entries(actions.ActSecret)) != 0 {
		w.t.Errorf("%d secrets were sent", len(list.Secrets))
	}
	w.wantLeft(0)
}

// wantOrphan: nobody has the link, and the body goes with its time.
func (w *ward) wantOrphan(subject) {
	w.t.Helper()
	list := w.sentBy("UANN")
	if len(list.Secrets) != 1 || list.Secrets[0].Secret.State != actions.SecretLive {
		w.t.Fatalf("there are %d secrets", len(list.Secrets))
	}
	w.wantLeft(1)
	w.pass(2 * time.Hour)
	if err := w.actions.ExpireSecrets(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	w.wantLeft(0)
	w.wantRows(actions.ActSecret, 1)
	w.wantRows(actions.ActSecretEnded, 1)
}

// wantRows expects so many rows of an act in the audit.
func (w *ward) wantRows(act actions.Act, want int) {
	w.t.Helper()
	if rows := w.entries(act); len(rows) != want {
		w.t.Errorf("the audit has %d rows of %s, want %d", len(rows), act, want)
	}
}

// wantOpensOnce: what wasn't committed didn't happen.
func (w *ward) wantOpensOnce(s subject) {
	w.t.Helper()
	if read := w.takes(s.link, actions.SecretRevealed); read != crashContent {
		w.t.Errorf("it opens with %d bytes", len(read))
	}
	w.wantOver(s.link, actions.SecretRevealed)
	w.wantRows(actions.ActSecretEnded, 1)
	w.wantRows(actions.ActSecretRevoke, 0)
}

// wantRevealed: an answer that is lost on its way is lost, and its sender is told
// that it was opened.
func (w *ward) wantRevealed(s subject) {
	w.t.Helper()
	w.wantOver(s.link, actions.SecretRevealed)
	w.wantRows(actions.ActSecretEnded, 1)
	w.wantTold(actions.OutgoingSecretNews, "UANN")
}

func (w *ward) wantRevoked(s subject) {
	w.t.Helper()
	w.wantOver(s.link, actions.SecretRevoked)
	w.wantRows(actions.ActSecretRevoke, 1)
}

// linkOf is the link in a letter, with the passphrase that was told another way.
func (w *ward) linkOf(id, letter string) opener {
	w.t.Helper()
	s, found, err := w.store.SecretByID(w.t.Context(), id)
	if err != nil || !found {
		w.t.Fatalf("got %t, %v", found, err)
	}
	return readSecretLink(w.t, letter).with(w.t, stretched(w.t, ownPassphrase, s.Salt, actions.SecretRounds))
}

// wantMailed: nothing was sent, so that it is sent now, with the link.
func (w *ward) wantMailed(s subject) {
	w.t.Helper()
	if _, err := os.Stat(s.letters); err == nil {
		w.t.Error("the process sent something")
	}
	if sent := w.deliver(); sent != 1 || len(w.mails.letters) != 1 {
		w.t.Fatalf("%d mails are sent", sent)
	}
	w.wantOnceByMail(s, w.mails.last(w.t).Text)
}

// wantMailedAgain: nobody knows whether it was sent, so it is again, with the same
// link, which opens once.
func (w *ward) wantMailedAgain(s subject) {
	w.t.Helper()
	first := w.letter(s)
	if w.deliver() != 1 || len(w.mails.letters) != 1 {
		w.t.Fatalf("%d mails are sent", len(w.mails.letters))
	}
	if again := readSecretLink(w.t, w.mails.letters[0].Text); again.text != readSecretLink(w.t, first).text {
		w.t.Error("another link is sent")
	}
	w.wantOnceByMail(s, first)
}

// wantMailedBefore: it was sent and that was written down, so it isn't again.
func (w *ward) wantMailedBefore(s subject) {
	w.t.Helper()
	w.deliver()
	if len(w.mails.letters) != 0 {
		w.t.Errorf("%d mails are sent", len(w.mails.letters))
	}
	w.wantOnceByMail(s, w.letter(s))
}

// letter is what the process that was killed sent.
func (w *ward) letter(s subject) string {
	w.t.Helper()
	text, err := os.ReadFile(s.letters)
	if err != nil {
		w.t.Fatal(err)
	}
	return string(text)
}

// wantOnceByMail expects that the link in the letter opens the secret, once, and
// that nobody else knows it any more.
func (w *ward) wantOnceByMail(s subject, letter string) {
	w.t.Helper()
	if m := w.mail(s.mail); m.State != actions.MailSent {
		w.t.Errorf("the mail is %s", m.State)
	}
	if _, found, err := w.store.SealedByID(w.t.Context(), actions.SealMail, s.mail); found || err != nil {
		w.t.Errorf("the link lies there still: %t, %v", found, err)
	}
	o := w.linkOf(s.id, letter)
	if read := w.takes(o, actions.SecretRevealed); read != crashContent {
		w.t.Errorf("it opens with %d bytes", len(read))
	}
	w.wantOver(o, actions.SecretRevealed)
}

func (w *ward) wantExpired(s subject) {
	w.t.Helper()
	for range 2 {
		if err := w.actions.ExpireSecrets(w.t.Context()); err != nil {
			w.t.Fatal(err)
		}
	}
	w.wantOver(s.link, actions.SecretExpired)
	w.wantRows(actions.ActSecretEnded, 1)
}

// wantAsked: nobody has the link, and who asked can withdraw it.
func (w *ward) wantAsked(subject) {
	w.t.Helper()
	list := w.sentBy("UANN")
	if len(list.Requests) != 1 || list.Requests[0].Request.State != actions.RequestAsked {
		w.t.Fatalf("there are %d requests", len(list.Requests))
	}
	if _, err := w.actions.WithdrawRequest(w.t.Context(), w.as("UANN"), list.Requests[0].Request.ID); err != nil {
		w.t.Fatal(err)
	}
	w.wantLeft(0)
}

// wantSentAgain: what wasn't committed didn't come, and can be sent again.
func (w *ward) wantSentAgain(s subject) {
	w.t.Helper()
	page, err := w.actions.RequestStatus(w.t.Context(), s.id, s.request.token)
	if err != nil || page.State != actions.RequestAsked {
		w.t.Fatalf("the page is told %q, %v", page.State, err)
	}
	answer := s.request.seals(w.t, page.PublicKey, crashContent)
	if _, taken, err := w.actions.ReceiveAnswer(w.t.Context(), s.id, s.request.token, answer); err != nil || !taken {
		w.t.Fatalf("the answer is taken: %t, %v", taken, err)
	}
	w.wantReadOnce(s)
}

// wantReceived: it came, no second one is taken, and it can be read.
func (w *ward) wantReceived(s subject) {
	w.t.Helper()
	page, err := w.actions.RequestStatus(w.t.Context(), s.id, s.request.token)
	if err != nil || page.State != actions.RequestReceived || page.PublicKey != nil {
		w.t.Errorf("the page is told %q, %v", page.State, err)
	}
	w.wantRows(actions.ActSecretReceived, 1)
	w.wantReadOnce(s)
}

// wantReadOnce expects that who asked reads what came, once.
func (w *ward) wantReadOnce(s subject) {
	w.t.Helper()
	if s.view.name == "" {
		s.view = w.viewOf(s.id)
	}
	got, err := w.actions.ViewAnswer(w.t.Context(), s.id, s.view.token)
	if err != nil || string(got.Content) != crashContent {
		w.t.Errorf("the agent is told %q and reads %d bytes, %v", got.State, len(got.Content), err)
	}
	w.wantRead(s)
}

// wantRead: it was read, and isn't again.
func (w *ward) wantRead(s subject) {
	w.t.Helper()
	got, err := w.actions.ViewAnswer(w.t.Context(), s.id, s.view.token)
	if err != nil || got.State != actions.RequestOpened || got.Content != nil {
		w.t.Errorf("the agent is told %q and reads %d bytes, %v", got.State, len(got.Content), err)
	}
	w.wantRows(actions.ActSecretOpen, 2) // the link was made, and what came was opened
	w.wantLeft(0)
}

// wantRekeyed: it goes on where it stopped, and all opens as before.
func (w *ward) wantRekeyed(s subject) {
	w.t.Helper()
	next := wardOver(rekeyedPostRoom(w.t, "sqlite:"+w.path, newerKeys))
	next.now, next.calls = w.clock(), 2000
	for range 2 {
		if _, err := next.actions.Rekey(w.t.Context(), atTerminal(), func(int, int) {}); err != nil {
			w.t.Fatal(err)
		}
	}
	if left, err := next.store.SealedElsewhere(w.t.Context(), "k2"); err != nil || left != 0 {
		w.t.Errorf("%d things are sealed with another key, %v", left, err)
	}
	if read := next.takes(s.link, actions.SecretRevealed); read != crashContent {
		w.t.Errorf("it opens with %d bytes", len(read))
	}
	next.wantReadOnce(s)
}
