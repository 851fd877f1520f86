package actions

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// RekeyTx is how the server's key is replaced.
type RekeyTx interface {
	// RetireKey notes that nothing but the audit names a key any more, so that the
	// database opens without it.
	RetireKey(ctx context.Context, kid string, at time.Time) error
}

// Named says what still names a server key that doesn't seal any more.
type Named struct {
	KeyID string
	Live  int       // secrets, requests and links that are good; their proofs can't be made anew
	Last  time.Time // when the last of them ends
}

// RekeyReads is how it is found out what a key is still needed for.
type RekeyReads interface {
	// SealedElsewhere counts the sealed things whose key isn't kid.
	SealedElsewhere(ctx context.Context, kid string) (int, error)
	// StillNamed returns the keys that aren't retired, but for current, with what is
	// live at that moment and names them.
	StillNamed(ctx context.Context, current string, at time.Time) ([]Named, error)
	// KeysKept returns the audit keys of retired keys, sealed (SealAudit).
	KeysKept(ctx context.Context) ([]Sealed, error)
}

// RekeyReport is what came of sealing everything anew.
type RekeyReport struct {
	KeyID  string // of the key that seals now
	Sealed int    // how many things were sealed anew
	// Retired are the keys that aren't needed any more, Named those that still are,
	// until what names them has ended.
	Retired []string
	Named   []Named
}

// rekeyBatch is how many things are sealed anew in one transaction.
const rekeyBatch = 200

// Rekey seals everything anew with the key that seals now, batch by batch, and
// tells after each how much is done; one that was stopped half way is gone on with
// by the next. Then every other key is retired that nothing live names: the
// database opens without it, and the audit keeps what checks its rows. It is a row
// of the audit. With one key there is nothing to do. tell may be nil.
//
// Errors: Forbidden for who may not; Conflict while something is still sealed with
// an old key at the same time; Unavailable without a key, and when the database
// doesn't answer; Internal when something that lies sealed was changed.
func (a *Actions) Rekey(ctx context.Context, call Call, tell func(done, total int)) (RekeyReport, error) {
	if !May(call.Actor.Roles, ActRekey) {
		return RekeyReport{}, a.Refuse(ctx, call, ActRekey)
	}
	if a.Keys.Empty() {
		return RekeyReport{}, errNoKeyToSeal()
	}
	report := RekeyReport{KeyID: a.Keys.Current()}
	if len(a.Keys.IDs()) == 1 {
		return report, nil
	}
	var err error
	if report.Sealed, err = a.resealAll(ctx, tell); err != nil {
		return report, err
	}
	return report, a.retireKeys(ctx, call, &report)
}

// resealAll seals everything anew, and returns how much that was.
func (a *Actions) resealAll(ctx context.Context, tell func(done, total int)) (done int, err error) {
	total, err := a.Store.SealedElsewhere(ctx, a.Keys.Current())
	if err != nil {
		return 0, err
	}
	for {
		batch, err := a.resealBatch(ctx)
		if err != nil || batch == 0 {
			return done, err
		}
		a.at(stepRekeyDone)
		if done += batch; tell != nil {
			tell(done, max(done, total))
		}
	}
}

// resealBatch seals some things anew, and returns how many: none when all are.
func (a *Actions) resealBatch(ctx context.Context) (n int, err error) {
	err = a.Store.Tx(ctx, func(tx Tx) error {
		batch, err := tx.SealedBefore(ctx, a.Keys.Current(), rekeyBatch)
		if err != nil {
			return err
		}
		for _, old := range batch {
			if err := a.reseal(ctx, tx, old); err != nil {
				return err
			}
		}
		if n = len(batch); n > 0 {
			a.at(stepRekeyBatch)
		}
		return nil
	})
	return n, err
}

// reseal seals one thing anew.
func (a *Actions) reseal(ctx context.Context, tx Tx, old Sealed) error {
	plain, err := a.Keys.Unseal(old)
	if err != nil {
		return fmt.Errorf("sealing anew what the key %q sealed: %w", old.KeyID, err)
	}
	fresh, err := a.Keys.Seal(old.Purpose, old.ID, plain)
	if err != nil {
		return err
	}
	return tx.Reseal(ctx, fresh)
}

// retireKeys retires the keys that nothing live names, with the row of the audit
// about it all, and fills them in.
func (a *Actions) retireKeys(ctx context.Context, call Call, report *RekeyReport) error {
	now := Instant(a.Now())
	others, err := a.Store.StillNamed(ctx, a.Keys.Current(), now)
	if err != nil {
		return err
	}
	for _, other := range others {
		if other.Live == 0 {
			report.Retired = append(report.Retired, other.KeyID)
		} else {
			report.Named = append(report.Named, other)
		}
	}
	return a.Store.Tx(ctx, func(tx Tx) error {
		left, err := tx.SealedBefore(ctx, a.Keys.Current(), 1)
		switch {
		case err != nil:
			return err
		case len(left) > 0:
			return Errorf(Conflict, "Something was sealed with the key %q meanwhile. Please start every server anew, with the new key first, and run this again.", left[0].KeyID)
		}
		for _, kid := range report.Retired {
			if err := a.retireKey(ctx, tx, kid, now); err != nil {
				return err
			}
		}
		return a.record(ctx, tx, call, AuditEntry{At: now, Act: ActRekey, Outcome: ActDone, Detail: report.words()})
	})
}

// retireKey keeps the audit's key of a server key, and has the database open
// without it.
func (a *Actions) retireKey(ctx context.Context, tx Tx, kid string, at time.Time) error {
	key, err := a.Keys.Derive(kid, AuditPurpose)
	if err != nil {
		return err
	}
	kept, err := a.Keys.Seal(SealAudit, kid, key)
	if err != nil {
		return err
	}
	// The key's own row comes first: whoever retires it at the same time waits there.
	if err := tx.RetireKey(ctx, kid, at); err != nil {
		return err
	}
	if err := tx.DropSealed(ctx, kid, SealAudit); err != nil { // it was retired before, and used again
		return err
	}
	return tx.PutSealed(ctx, kept)
}

// words say it for the audit.
func (r RekeyReport) words() string {
	words := fmt.Sprintf("%d sealed anew with the key %s", r.Sealed, r.KeyID)
	if len(r.Retired) > 0 {
		words += "; retired: " + strings.Join(r.Retired, ", ")
	}
	for _, n := range r.Named {
		words += fmt.Sprintf("; %s is still named by %d", n.KeyID, n.Live)
	}
	return words
}
