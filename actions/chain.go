package actions

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"time"
)

// AuditPurpose is the purpose under which the audit's keys are derived.
const AuditPurpose = "audit"

// Link is what the chain holds of an act: a pseudonym of the subject, salted
// hashes of free text, and an HMAC over itself and the link before, so that no
// row can be changed, removed or put in unseen.
type Link struct {
	Seq        int64 // 1 for the first
	At         time.Time
	Act        Act
	Actor      string
	Subject    string // pseudonym, or ""
	Outcome    AuditOutcome
	ReasonHash []byte // HashText of the reason, nil without one
	DetailHash []byte
	Ticket     string
	Approver   string
	KeyID      string // the kid of the key that sealed it
	MAC        []byte // 32 bytes
}

// NewLink makes the link of an entry, to be sealed.
func NewLink(entry AuditEntry, pseudonym string, salt []byte) Link {
	return Link{
		At: entry.At, Act: entry.Act, Actor: entry.Actor, Subject: pseudonym, Outcome: entry.Outcome,
		ReasonHash: HashText(salt, entry.Reason), DetailHash: HashText(salt, entry.Detail),
		Ticket: entry.Ticket, Approver: entry.Approver,
	}
}

// Seal sets the link's number, key and MAC. before is the MAC of the link
// before, nil for the first.
func (l *Link) Seal(keys Keyring, seq int64, before []byte) error {
	l.Seq, l.KeyID = seq, keys.Current()
	key, err := keys.Derive(l.KeyID, AuditPurpose)
	if err != nil {
		return err
	}
	l.MAC = l.mac(key, before)
	return nil
}

// mac is HMAC-SHA256 over all fields, each with its length before it, and the
// MAC of the link before.
func (l *Link) mac(key, before []byte) []byte {
	h := hmac.New(sha256.New, key)
	field := func(b []byte) {
		var size [8]byte
		binary.BigEndian.PutUint64(size[:], uint64(len(b)))
		h.Write(size[:])
		h.Write(b)
	}
	field([]byte("latchkey audit/1"))
	field(binary.BigEndian.AppendUint64(nil, uint64(l.Seq))) //nolint:gosec // the bits matter, not the sign
	field(binary.BigEndian.AppendUint64(nil, uint64(l.At.UnixMicro())))
	for _, s := range []string{string(l.Act), l.Actor, l.Subject, string(l.Outcome), l.Ticket, l.Approver, l.KeyID} {
		field([]byte(s))
	}
	field(l.ReasonHash)
	field(l.DetailHash)
	field(before)
	return h.Sum(nil)
}

// Pseudonym returns what the chain calls a user: a salted hash of the ID, so
// that whoever holds neither list nor salt can't tell whom a row is about, and
// nobody can put another user behind it unseen. 32 hexadecimal digits; "" for
// nobody.
func Pseudonym(salt []byte, user string) string {
	if user == "" {
		return ""
	}
	return hex.EncodeToString(HashText(salt, user)[:16])
}

// HashText returns the salted hash of free text that the chain holds instead
// of the text; nil for no text.
func HashText(salt []byte, text string) []byte {
	if text == "" {
		return nil
	}
	h := hmac.New(sha256.New, salt)
	h.Write([]byte(text))
	return h.Sum(nil)
}

// AuditCheck is the result of checking the audit.
type AuditCheck struct {
	Rows int64  // how many there ever were, those that were cut included
	Head []byte // the MAC of the last row
	// Begins is the number of the first row that is there, 1 until retention cuts the
	// audit, and CutAt when it last did; zero before.
	Begins int64
	CutAt  time.Time
}

// cutsMeanwhile is how often the audit may be cut while it is checked.
const cutsMeanwhile = 3

// VerifyAudit checks the chain from its first row, or the checkpoint at which it was
// cut, to its head, and each text that still lies beside it against its hash. It
// returns a Conflict error that names the first row that doesn't fit.
func VerifyAudit(ctx context.Context, store Store, keys Keyring) (AuditCheck, error) {
	for try := 1; ; try++ {
		count, head, err := store.AuditHead(ctx)
		if err != nil {
			return AuditCheck{}, err
		}
		done, err := verifyChain(ctx, store, keys, math.MaxInt64)
		if CodeOf(err) == Conflict && try < cutsMeanwhile {
			if now, _, again := store.Checkpoint(ctx); again == nil && now.Seq >= done.Begins {
				continue
			}
		}
		if err == nil && (done.Rows < count || (done.Rows == count && !hmac.Equal(done.Head, head))) {
			err = Errorf(Conflict, "The audit was cut: it should have %d rows and has %d.", count, done.Rows)
		}
		return done, err
	}
}

// errChecked ends the reading of what was to be checked.
var errChecked = errors.New("all that was asked for was checked")

// verifyChain checks the chain from where it begins up to a row.
func verifyChain(ctx context.Context, store Store, keys Keyring, last int64) (AuditCheck, error) {
	done := AuditCheck{Begins: 1}
	cut, found, err := AuditCut(ctx, store, keys)
	if err != nil {
		return done, err
	}
	if found {
		done = AuditCheck{Rows: cut.Seq, Head: cut.MAC, Begins: cut.Seq + 1, CutAt: cut.At}
	}
	err = store.AuditRows(ctx, done.Rows, func(row AuditRow) error {
		if done.Rows >= last {
			return errChecked
		}
		if err := verifyRow(keys, row, done.Rows+1, done.Head); err != nil {
			return err
		}
		done.Rows, done.Head = row.Link.Seq, row.Link.MAC
		return nil
	})
	if errors.Is(err, errChecked) {
		err = nil
	}
	return done, err
}

func verifyRow(keys Keyring, row AuditRow, seq int64, before []byte) error {
	link := row.Link
	if link.Seq != seq {
		return Errorf(Conflict, "The audit has a gap: row %d is missing.", seq)
	}
	key, err := keys.Derive(link.KeyID, AuditPurpose)
	if err != nil {
		return fmt.Errorf("checking row %d: %w", seq, err)
	}
	if !hmac.Equal(link.MAC, link.mac(key, before)) {
		return Errorf(Conflict, "Row %d of the audit was changed, or one before it was.", seq)
	}
	if row.Entry.Subject != "" && Pseudonym(row.SubjectSalt, row.Entry.Subject) != link.Subject {
		return Errorf(Conflict, "The user beside row %d of the audit was changed.", seq)
	}
	if row.Salt == nil && row.Entry.Reason == "" && row.Entry.Detail == "" {
		return nil // no text, or deleted since
	}
	if !bytes.Equal(link.ReasonHash, HashText(row.Salt, row.Entry.Reason)) ||
		!bytes.Equal(link.DetailHash, HashText(row.Salt, row.Entry.Detail)) {
		return Errorf(Conflict, "The text beside row %d of the audit was changed.", seq)
	}
	return nil
}
