package actions

import (
	"context"
	"crypto/hmac"
	"time"
)

// linkHolder is whom the audit names for who has a link.
const linkHolder = "link"

// SecretStatus says how a secret stands, to who has its link: link is the proof of
// it, 32 bytes. With a wrong one, or an ID that nobody has, it is the zero value.
// Asking changes nothing. Errors: Unavailable.
func (a *Actions) SecretStatus(ctx context.Context, id string, link []byte) (SecretStatus, error) {
	s, right, err := a.linked(ctx, id, link)
	if err != nil || !right {
		return SecretStatus{}, err
	}
	status := SecretStatus{ExpiresAt: s.ExpiresAt, From: s.From}
	status.State, status.At = s.StateAt(Instant(a.Now()))
	status.Protected = s.Protected()
	if status.State == SecretLive && status.Protected {
		status.Salt, status.Rounds, status.Left = s.Salt, SecretRounds, max(secretTries-s.Wrong, 0)
	}
	return status, nil
}

// linked reads a secret for who has its link. An ID that nobody has is compared,
// too: it takes as long as a wrong proof.
func (a *Actions) linked(ctx context.Context, id string, link []byte) (s Secret, right bool, err error) {
	if !isRandomText(id, secretIDBytes) || len(link) != secretKeyBytes {
		return Secret{}, false, nil
	}
	if a.Keys.Empty() {
		return Secret{}, false, errNoKeyToSeal()
	}
	s, found, err := a.Store.SecretByID(ctx, id)
	if err != nil {
		return Secret{}, false, err
	}
	proof, err := a.Keys.prove(a.Keys.heldOrCurrent(s.KeyID), proofSecretLink, id, string(link))
	if err != nil {
		return Secret{}, false, err
	}
	right = hmac.Equal(proof, s.LinkProof)
	if !found || !right {
		return Secret{}, false, nil
	}
	return s, true, nil
}

// OpenSecret opens a secret, once: link and claim are the proofs of the link, and
// of link and passphrase, 32 bytes each. A wrong link changes nothing. A wrong claim
// spends one of five attempts, and the fifth locks the secret. With both right the
// body goes from the database to the caller, committed before it is returned: of
// two at once, one gets it.
//
// Errors: Invalid for a claim of another length, Unavailable; nothing was spent
// then.
func (a *Actions) OpenSecret(ctx context.Context, id string, link, claim []byte) (SecretOpened, error) {
	if len(claim) != secretKeyBytes {
		return SecretOpened{}, Errorf(Invalid, "The proof of the passphrase must be %d bytes.", secretKeyBytes)
	}
	s, right, err := a.linked(ctx, id, link)
	if err != nil || !right {
		return SecretOpened{}, err
	}
	if state, since := s.StateAt(Instant(a.Now())); state != SecretLive {
		return SecretOpened{State: state, At: since}, nil
	}
	proof, err := a.Keys.prove(s.KeyID, proofSecretClaim, id, string(claim))
	switch {
	case err != nil:
		return SecretOpened{}, err
	case !hmac.Equal(proof, s.ClaimProof):
		return a.spendTry(ctx, id)
	}
	return a.reveal(ctx, s)
}

// spendTry counts a wrong passphrase; the fifth locks the secret.
func (a *Actions) spendTry(ctx context.Context, id string) (opened SecretOpened, err error) {
	err = a.Store.Tx(ctx, func(tx Tx) error {
		now := Instant(a.Now())
		tries, spent, err := tx.SpendTry(ctx, id, secretTries, now)
		if err != nil {
			return err
		}
		s, found, err := tx.Secret(ctx, id)
		if err != nil || !found {
			return err
		}
		if spent && tries >= secretTries {
			if s, _, err = a.endSecret(ctx, tx, s, ending{state: SecretLocked, at: now, what: "locked after 5 wrong passphrases", news: true}); err != nil {
				return err
			}
		}
		opened = SecretOpened{}
		if opened.State, opened.At = s.StateAt(now); opened.State != SecretLive || !spent {
			return nil
		}
		opened.Left = secretTries - tries
		return a.tellSender(ctx, tx, s, false)
	})
	if err != nil {
		return SecretOpened{}, err
	}
	return opened, nil
}

// reveal opens a secret whose proofs are right: the one statement that moves it
// from live decides who gets the body.
func (a *Actions) reveal(ctx context.Context, s Secret) (opened SecretOpened, err error) {
	err = a.Store.Tx(ctx, func(tx Tx) error {
		now := Instant(a.Now())
		revealed, err := tx.EndSecret(ctx, s.ID, SecretRevealed, "", now)
		if err != nil {
			return err
		}
		if !revealed {
			opened, err = stands(ctx, tx, s.ID, now)
			return err
		}
		opened = SecretOpened{State: SecretRevealed, At: now}
		if opened.Nonce, opened.Body, err = a.takeBody(ctx, tx, s.ID); err != nil {
			return err
		}
		if err := a.ended(ctx, tx, s, ending{what: "opened", at: now, news: true, taken: true}); err != nil {
			return err
		}
		a.at(stepSecretTaken)
		return nil
	})
	if err != nil {
		return SecretOpened{}, err
	}
	if opened.Body != nil {
		a.at(stepSecretDone)
	}
	return opened, nil
}

// stands is what has become of a secret that somebody else was faster with.
func stands(ctx context.Context, tx Tx, id string, now time.Time) (opened SecretOpened, err error) {
	s, found, err := tx.Secret(ctx, id)
	if err == nil && found {
		opened.State, opened.At = s.StateAt(now)
	}
	return opened, err
}

// takeBody removes the body of a secret and returns it, sealed for its link only.
func (a *Actions) takeBody(ctx context.Context, tx Tx, id string) (nonce, body []byte, err error) {
	plain, err := a.takeSealed(ctx, tx, SealSecret, id)
	switch {
	case err != nil:
		return nil, nil, err
	case len(plain) < nonceBytes:
		return nil, nil, errUnsealed
	}
	return plain[:nonceBytes], plain[nonceBytes:], nil
}

// AskSecretAgain tells the sender of a secret, whatever became of it, that who has
// its link needs a new one; once, however often it is asked. known is false for a
// wrong link, or an ID that nobody has. Errors: Unavailable.
func (a *Actions) AskSecretAgain(ctx context.Context, id string, link []byte) (known bool, err error) {
	s, right, err := a.linked(ctx, id, link)
	if err != nil || !right || !s.AgainAt.IsZero() {
		return right, err
	}
	err = a.Store.Tx(ctx, func(tx Tx) error {
		now := Instant(a.Now())
		first, err := tx.AskAgain(ctx, id, now)
		if err != nil || !first {
			return err
		}
		entry := s.entry(now, ActSecretAgain, "who has the link needs a new one")
		entry.Actor = linkHolder
		if err := tx.Audit(ctx, entry); err != nil {
			return err
		}
		return a.tellSender(ctx, tx, s, true)
	})
	return err == nil, err
}
