package actions

import (
	"context"
	"errors"
	"time"
)

// clockActor is whom the audit names for what time did.
const clockActor = "latchkey"

// ending is how a secret ends.
type ending struct {
	state SecretState
	why   string    // it was revoked, when not by its sender
	at    time.Time // when it ended
	now   time.Time // when that is written down; zero: at
	what  string    // for the audit
	actor string    // "" for who has the link
	news  bool      // who sent it is told
	taken bool      // its body was removed already
}

// endSecret ends a live secret with all that belongs to it, in one transaction;
// ended is false, and nothing changed, when it had ended already. It returns the
// secret as it is now.
func (a *Actions) endSecret(ctx context.Context, tx Tx, s Secret, e ending) (now Secret, ended bool, err error) {
	if ended, err = tx.EndSecret(ctx, s.ID, e.state, e.why, e.at); err != nil || !ended {
		return s, false, err
	}
	s.State, s.Why, s.EndedAt = e.state, e.why, e.at
	return s, true, a.ended(ctx, tx, s, e)
}

// ended removes what lies sealed of a secret that ended, records it, and tells its
// sender.
func (a *Actions) ended(ctx context.Context, tx Tx, s Secret, e ending) error {
	if !e.taken || s.Protected() || s.Mail != "" {
		if err := dropSecret(ctx, tx, s); err != nil {
			return err
		}
	}
	if err := a.tellSender(ctx, tx, s, e.news); err != nil {
		return err
	}
	entry := s.entry(e.at, ActSecretEnded, e.what)
	if !e.now.IsZero() {
		entry.At = e.now
	}
	if entry.Actor = e.actor; entry.Actor == "" {
		entry.Actor = linkHolder
	}
	return tx.Audit(ctx, entry) // last: who appends to the audit makes all others wait
}

// dropSecret removes all that lies sealed of a secret.
func dropSecret(ctx context.Context, tx Tx, s Secret) error {
	if err := tx.DropSealed(ctx, s.ID, SealSecret, SealPassphrase); err != nil || s.Mail == "" {
		return err
	}
	return tx.DropSealed(ctx, s.Mail, SealMail)
}

// RevokeSecret ends a live secret, for who sent it or sits at the terminal: its body
// goes at once. Whoever comes too late reads what has become of it, and nothing
// changes. It is a row of the audit.
//
// Errors: Forbidden for who may not, or was stopped; NotFound alike for one that
// nobody sent and somebody else's; Conflict for a request that was answered before;
// Unavailable.
func (a *Actions) RevokeSecret(ctx context.Context, call Call, id string) (SecretReport, error) {
	if _, err := a.ownSecret(ctx, call, ActSecretRevoke, id); err != nil {
		return SecretReport{}, err
	}
	ended := false
	err := a.Store.Tx(ctx, func(tx Tx) error {
		ended = false
		now := Instant(a.Now())
		s, found, err := tx.Secret(ctx, id)
		if err != nil || !found {
			return err
		}
		if ended, err = tx.EndSecret(ctx, id, SecretRevoked, "", now); err != nil || !ended {
			return err
		}
		if err := dropSecret(ctx, tx, s); err != nil {
			return err
		}
		if err := a.record(ctx, tx, call, s.entry(now, ActSecretRevoke, "revoked")); err != nil {
			return err
		}
		if err := a.tellSender(ctx, tx, s, false); err != nil {
			return err
		}
		a.at(stepSecretRevoking)
		return nil
	})
	if err != nil {
		return SecretReport{}, a.stopped(ctx, call, ActSecretRevoke, err)
	}
	if ended {
		a.at(stepSecretRevoked)
	}
	return a.SecretReport(ctx, id)
}

// expireBatch is how many secrets are read at once that ran out.
const expireBatch = 100

// ExpireSecrets deletes what is in secrets that ran out, and in requests, and says
// so to who sent and asked for them; and passwords set by hand that nobody handed
// out. It is a job of the cron table, safe to run
// anywhere at any time.
func (a *Actions) ExpireSecrets(ctx context.Context) error {
	return errors.Join(a.expireSent(ctx), a.expireRequests(ctx), a.expireHandouts(ctx))
}

// expireSent ends the secrets that ran out.
func (a *Actions) expireSent(ctx context.Context) error {
	return expireEach(ctx, a, a.Store.SecretsOver, a.expireSecret)
}

// expireEach ends what ran out, each in a transaction of its own. One that can't be
// ended doesn't keep the others.
func expireEach[T any](
	ctx context.Context, a *Actions, over func(context.Context, time.Time, int) ([]T, error), expire func(context.Context, T) (ended bool, err error),
) error {
	for {
		all, err := over(ctx, Instant(a.Now()), expireBatch)
		if err != nil {
			return err
		}
		var failed []error
		done := 0
		for _, one := range all {
			ended, err := expire(ctx, one)
			if err != nil {
				failed = append(failed, err)
			}
			if ended {
				done++
			}
		}
		if done == 0 || len(failed) > 0 || len(all) < expireBatch {
			return errors.Join(failed...)
		}
	}
}

// expireSecret ends a secret that ran out, unless somebody else did.
func (a *Actions) expireSecret(ctx context.Context, s Secret) (ended bool, err error) {
	err = a.Store.Tx(ctx, func(tx Tx) (err error) {
		_, ended, err = a.endSecret(ctx, tx, s, ending{
			state: SecretExpired, at: s.ExpiresAt, now: Instant(a.Now()), what: "expired unopened", actor: clockActor, news: true,
		})
		if err == nil && ended {
			a.at(stepSecretExpiring)
		}
		return err
	})
	return ended && err == nil, err
}
