package actions

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"time"
)

// SecretReport returns a secret for its card. Errors: NotFound, Unavailable.
func (a *Actions) SecretReport(ctx context.Context, id string) (SecretReport, error) {
	s, found, err := a.Store.SecretByID(ctx, id)
	switch {
	case err != nil:
		return SecretReport{}, err
	case !found:
		return SecretReport{}, errNoSecret()
	}
	return a.reportSecret(ctx, s)
}

// SecretFor is SecretReport for who sent it, or sits at the terminal. Errors:
// Forbidden for who may not; NotFound alike for one that nobody sent and
// somebody else's; Unavailable.
func (a *Actions) SecretFor(ctx context.Context, call Call, id string) (SecretReport, error) {
	s, err := a.ownSecret(ctx, call, ActSecretLook, id)
	if err != nil {
		return SecretReport{}, err
	}
	return a.reportSecret(ctx, s)
}

// ownSecret reads a secret for who sent it, or sits at the terminal, if they may
// do the act.
func (a *Actions) ownSecret(ctx context.Context, call Call, act Act, id string) (Secret, error) {
	if !May(call.Actor.Roles, act) {
		return Secret{}, a.Refuse(ctx, call, act)
	}
	s, found, err := a.Store.SecretByID(ctx, id)
	switch {
	case err != nil:
		return Secret{}, err
	case !found || !owns(call.Actor.ID, s.Actor):
		return Secret{}, errNoSecret()
	}
	return s, nil
}

// owns reports whether somebody may look after what an actor made: who sits at the
// terminal may after everything.
func owns(who, actor string) bool { return who == actor || atTerminal(who) }

// errNoSecret is the one error for a secret that nobody sent and for somebody
// else's.
func errNoSecret() error {
	return Errorf(NotFound, "There is no such secret of yours. After 90 days nothing is known of one any more; /secret list shows those there are.")
}

// reportSecret is a secret as its sender sees it.
func (a *Actions) reportSecret(ctx context.Context, s Secret) (SecretReport, error) {
	r := SecretReport{Protected: s.Protected(), Zone: a.Zone}
	live := s.State == SecretLive
	s.State, r.Since = s.StateAt(Instant(a.Now()))
	if live && s.Protected() {
		_, generated, err := a.Store.SealedByID(ctx, SealPassphrase, s.ID)
		if err != nil {
			return SecretReport{}, err
		}
		r.Generated = generated && s.State == SecretLive
	}
	mail, err := a.mailOf(ctx, s.Mail, s.UserID)
	s.Salt, s.LinkProof, s.ClaimProof = nil, nil, nil
	r.Secret, r.Mail = s, mail
	return r, err
}

// mailOf is how the mail fares that carries a link; nil without one.
func (a *Actions) mailOf(ctx context.Context, id, userID string) (*MailReport, error) {
	if id == "" {
		return nil, nil //nolint:nilnil // none, and no error
	}
	mail, err := a.Store.MailByID(ctx, id)
	switch {
	case CodeOf(err) == NotFound:
		return nil, nil //nolint:nilnil // forgotten
	case err != nil:
		return nil, err
	}
	user, err := a.user(ctx, userID)
	if err != nil && CodeOf(err) != NotFound {
		return nil, err
	}
	report := reportMail(mail, user)
	return &report, nil
}

// ShowPassphrase returns the generated passphrase of a secret to who sent it, while
// the secret is live. Showing it is a row of the audit.
//
// Errors: Forbidden for who may not, or was stopped; NotFound alike for one that
// nobody sent and somebody else's; Conflict once it ended, when it has no generated
// one, and for a request that was answered before; Unavailable.
func (a *Actions) ShowPassphrase(ctx context.Context, call Call, id string) (string, error) {
	s, err := a.ownSecret(ctx, call, ActSecretShow, id)
	switch {
	case err != nil:
		return "", err
	case s.Actor != call.Actor.ID:
		return "", errNoSecret()
	}
	words, err := a.passphraseOf(ctx, s)
	if err != nil {
		return "", err
	}
	err = a.Store.Tx(ctx, func(tx Tx) error {
		s, found, err := tx.Secret(ctx, id)
		now := Instant(a.Now())
		if state, _ := s.StateAt(now); err != nil || !found || state != SecretLive {
			return cmp.Or[error](err, errPassphraseGone())
		}
		return a.record(ctx, tx, call, s.entry(now, ActSecretShow, "its passphrase was shown to who sent it"))
	})
	if err != nil {
		return "", a.stopped(ctx, call, ActSecretShow, err)
	}
	return words, nil
}

// errPassphraseGone is for who asks once the secret has ended.
func errPassphraseGone() error {
	return Errorf(Conflict, "The secret isn't live any more, so its passphrase was deleted. Please send another.")
}

// passphraseOf unseals the generated passphrase of a live secret.
func (a *Actions) passphraseOf(ctx context.Context, s Secret) (string, error) {
	sealed, found, err := a.Store.SealedByID(ctx, SealPassphrase, s.ID)
	state, _ := s.StateAt(Instant(a.Now()))
	switch {
	case err != nil:
		return "", err
	case state != SecretLive:
		return "", errPassphraseGone()
	case !found:
		return "", Errorf(Conflict, "Latchkey made no passphrase for this secret, so it has none to show.")
	}
	words, err := a.Keys.Unseal(sealed)
	return string(words), err
}

// stopped returns an error as it is, and counts a refusal when somebody who was
// stopped met it.
func (a *Actions) stopped(ctx context.Context, call Call, act Act, err error) error {
	if errors.Is(err, errStopped) {
		_ = a.Refuse(ctx, call, act) // is counted; the answer says why
	}
	return err
}

// entry is the row of the audit about a secret: what happened to it, and whom it
// is for, never what is in it.
func (s Secret) entry(at time.Time, act Act, what string) AuditEntry {
	return AuditEntry{
		At: at, Act: act, Actor: s.Actor, Subject: s.UserID, Outcome: ActDone, Ticket: s.Ticket,
		Detail: aboutSealed(what, "secret", s.ID, s.For),
	}
}

// aboutSealed is the detail of a row about a secret or a request, which it names
// by a part of a hash.
func aboutSealed(what, kind, id, masked string) string {
	detail := what + ": " + kind + " " + shortHash(id)
	if masked != "" {
		detail += ", for " + masked
	}
	return detail
}

// shortHash names an ID in the audit: the first 8 hex digits of its SHA-256.
func shortHash(id string) string {
	sum := sha256.Sum256([]byte(id))
	return hex.EncodeToString(sum[:4])
}

// tellSender redraws the card of a secret; with news, it says below it what has
// become of it.
func (a *Actions) tellSender(ctx context.Context, tx Tx, s Secret, news bool) error {
	if !hasCards(s.Actor) {
		return nil
	}
	if err := a.Enqueue(ctx, tx, OutgoingSecret, s.Actor, s.ID); err != nil || !news {
		return err
	}
	return a.Enqueue(ctx, tx, OutgoingSecretNews, s.Actor, s.ID)
}

// hasCards reports whether cards reach an actor: somebody in Slack.
func hasCards(actor string) bool {
	return actor != "" && !atTerminal(actor) && !strings.HasPrefix(actor, "token:")
}
