package actions

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Checkpoint is where the audit was cut: the number and the MAC of the last row that
// went, signed with a server key.
type Checkpoint struct {
	Seq   int64
	At    time.Time // when it was cut
	MAC   []byte
	KeyID string
	Proof []byte // see Sign
}

// RetentionReads is how what is old goes, each batch in a transaction of its own.
type RetentionReads interface {
	// Checkpoint returns the newest checkpoint of the audit; found is false while it
	// was never cut.
	Checkpoint(ctx context.Context) (c Checkpoint, found bool, err error)
	// AuditBefore returns the number of the last row of the audit that is older than
	// before, as all rows before it are; 0 without one.
	AuditBefore(ctx context.Context, before time.Time) (seq int64, err error)
	// CutAudit removes the rows up to seq, which a checkpoint must have, with what lies
	// beside them, and returns how many those were.
	CutAudit(ctx context.Context, seq int64) (rows int, err error)
	// DropAttempts removes the attempts of the months that were over at before, with the
	// codes, deliveries and reset links of that age, the locks that had ended then and what
	// was counted of them. It
	// returns how many rows went by table; on PostgreSQL months of attempts go whole, and
	// are counted as months.
	DropAttempts(ctx context.Context, before time.Time) (map[string]int, error)
}

// RetentionTx is how the audit is cut.
type RetentionTx interface {
	// AddCheckpoint stores a checkpoint. Rows of the audit up to it may then be deleted.
	AddCheckpoint(ctx context.Context, c Checkpoint) error
}

// Sign signs the checkpoint with the key that seals now: HMAC-SHA256, with the audit's
// key, over what it says.
func (c *Checkpoint) Sign(keys Keyring) error {
	c.KeyID = keys.Current()
	key, err := keys.Derive(c.KeyID, AuditPurpose)
	if err != nil {
		return err
	}
	c.Proof = c.proof(key)
	return nil
}

func (c *Checkpoint) proof(key []byte) []byte {
	h := hmac.New(sha256.New, key)
	number := func(n int64) []byte { return binary.BigEndian.AppendUint64(nil, uint64(n)) } //nolint:gosec // the bits matter, not the sign
	for _, part := range [][]byte{
		[]byte("latchkey audit checkpoint/1"), number(c.Seq), number(c.At.UnixMicro()), []byte(c.KeyID), c.MAC,
	} {
		h.Write(number(int64(len(part))))
		h.Write(part)
	}
	return h.Sum(nil)
}

// AuditCut returns the newest checkpoint of the audit, whose signature it checks: none is
// to be believed without; found is false while the audit was never cut. Errors: Conflict
// when somebody else made it, Unavailable, also without the key that it is signed with.
func AuditCut(ctx context.Context, store RetentionReads, keys Keyring) (c Checkpoint, found bool, err error) {
	c, found, err = store.Checkpoint(ctx)
	if err != nil || !found {
		return Checkpoint{}, false, err
	}
	key, err := keys.Derive(c.KeyID, AuditPurpose)
	if err != nil {
		return Checkpoint{}, false, fmt.Errorf("checking where the audit was cut: %w", err)
	}
	if !hmac.Equal(c.Proof, c.proof(key)) {
		return Checkpoint{}, false, Errorf(Conflict, "The audit says that it was cut after row %d, and that isn't signed with its key: somebody else did it. "+
			"Nothing is removed from it. Please find out who had access to the database, and restore a backup.", c.Seq)
	}
	return c, true, nil
}

// Retain removes what is older than it is to be kept and that Tidy leaves: attempts and
// what belongs to them, and the oldest rows of the audit, up to a signed checkpoint. It is
// a job of the cron table, and a row of the audit when something went. An audit that
// doesn't verify isn't cut, nor one with a checkpoint of somebody else's: what was changed
// in it stays to be found.
func (a *Actions) Retain(ctx context.Context) error {
	now, kept := Instant(a.Now()), a.Retention.orDefaults()
	gone, err := a.Store.DropAttempts(ctx, now.Add(-kept.Attempts))
	cut := 0
	if err == nil && a.Store.Keyed() {
		cut, err = a.cutAudit(ctx, now, now.Add(-kept.Audit))
	}
	if cut > 0 {
		gone["audit"] = cut
	}
	return errors.Join(err, a.recordRetained(ctx, now, gone))
}

// cutAudit removes the rows of the audit that are older than before.
func (a *Actions) cutAudit(ctx context.Context, now, before time.Time) (rows int, err error) {
	last, _, err := AuditCut(ctx, a.Store, a.Keys)
	if err != nil {
		return 0, err
	}
	seq, err := a.Store.AuditBefore(ctx, before)
	if err != nil || seq == 0 && last.Seq == 0 {
		return 0, err
	}
	if seq > last.Seq {
		if last, err = a.checkpoint(ctx, now, seq); err != nil {
			return 0, err
		}
	}
	return a.Store.CutAudit(ctx, last.Seq) // also what a cut before this left
}

// checkpoint verifies the audit up to a row, and signs that it may be cut there.
func (a *Actions) checkpoint(ctx context.Context, now time.Time, seq int64) (Checkpoint, error) {
	checked, err := verifyChain(ctx, a.Store, a.Keys, seq)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("the audit isn't cut, since it doesn't verify: %w", err)
	}
	c := Checkpoint{Seq: checked.Rows, At: now, MAC: bytes.Clone(checked.Head)}
	if err := c.Sign(a.Keys); err != nil {
		return Checkpoint{}, err
	}
	return c, a.Store.Tx(ctx, func(tx Tx) error { return tx.AddCheckpoint(ctx, c) })
}

// recordRetained writes down what went, if anything did.
func (a *Actions) recordRetained(ctx context.Context, now time.Time, gone map[string]int) error {
	if len(gone) == 0 || !a.Store.Keyed() {
		return nil
	}
	return a.Store.Tx(ctx, func(tx Tx) error {
		return tx.Audit(ctx, AuditEntry{At: now, Act: ActRetention, Actor: clockActor, Outcome: ActDone, Detail: "removed since they are old: " + rowsByTable(gone)})
	})
}

// rowsByTable lists numbers of rows by table.
func rowsByTable(rows map[string]int) string {
	parts := make([]string, 0, len(rows))
	for _, table := range slices.Sorted(maps.Keys(rows)) {
		parts = append(parts, fmt.Sprintf("%s %d", table, rows[table]))
	}
	return strings.Join(parts, ", ")
}
