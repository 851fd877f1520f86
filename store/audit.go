package store

import (
	"context"
	"crypto/rand"
	"strings"

	"github.com/latchkey-bot/latchkey/actions"
)

// saltSize is the size in bytes of what texts and user IDs are hashed with.
const saltSize = 16

var errNoKey = actions.Errorf(actions.Unavailable, "Latchkey has no key to seal its record with, so nothing was done. Please set LATCHKEY_SECRET_KEY.")

// Audit appends a row to the chain. Without a key it fails with an Unavailable
// error that names LATCHKEY_SECRET_KEY.
func (t *tx) Audit(ctx context.Context, entry actions.AuditEntry) error {
	if !t.store.Keyed() {
		return errNoKey
	}
	entry = t.entry(entry)
	// Locking the head makes everybody else wait here: a chain has one end.
	var head headRow
	if err := t.GetContext(ctx, &head, `SELECT count, mac FROM audit_head `+t.store.dialect.locking); err != nil {
		return failed("looking for the head of the audit", err)
	}
	pseudonym, err := t.pseudonym(ctx, entry.Subject)
	if err != nil {
		return err
	}
	var salt []byte
	if entry.Reason != "" || entry.Detail != "" {
		salt = random(saltSize)
	}
	link := actions.NewLink(entry, pseudonym, salt)
	if err := link.Seal(t.store.keys, head.Count+1, head.MAC); err != nil {
		return err
	}
	if err := t.append(ctx, link); err != nil {
		return err
	}
	return t.keepText(ctx, link.Seq, salt, entry)
}

// entry is the entry as it can be read back on both databases: what the hashes
// and the MAC are made of must be what is stored.
func (t *tx) entry(entry actions.AuditEntry) actions.AuditEntry {
	if entry.At.IsZero() {
		entry.At = t.store.now()
	}
	entry.At = actions.Instant(entry.At)
	for _, text := range []*string{
		&entry.Actor, &entry.Subject, &entry.Reason, &entry.Ticket, &entry.Approver, &entry.Detail,
	} {
		*text = storable(*text)
	}
	return entry
}

// storable is text that PostgreSQL can store: UTF-8 without U+0000.
func storable(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
}

func (t *tx) append(ctx context.Context, link actions.Link) error {
	_, err := t.exec(ctx, `INSERT INTO audit
		(seq, at, act, actor, subject, outcome, reason_hash, detail_hash, ticket, approver, kid, mac)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		link.Seq, at(link.At), string(link.Act), link.Actor, link.Subject, string(link.Outcome),
		link.ReasonHash, link.DetailHash, link.Ticket, link.Approver, link.KeyID, link.MAC)
	if err != nil {
		return failed("appending to the audit", err)
	}
	_, err = t.exec(ctx, `UPDATE audit_head SET count = $1, mac = $2`, link.Seq, link.MAC)
	return failed("moving the head of the audit", err)
}

// keepText keeps the free text beside the chain, where it can be deleted.
func (t *tx) keepText(ctx context.Context, seq int64, salt []byte, entry actions.AuditEntry) error {
	if salt == nil {
		return nil
	}
	_, err := t.exec(ctx, `INSERT INTO audit_texts (seq, salt, reason, detail) VALUES ($1, $2, $3, $4)`,
		seq, salt, entry.Reason, entry.Detail)
	return failed("keeping the text of an audit row", err)
}

// pseudonym returns what the chain calls the user, made at first need; "" for
// nobody and for who was forgotten. The head of the chain is locked, so nobody makes another meanwhile.
func (t *tx) pseudonym(ctx context.Context, user string) (string, error) {
	if user == "" {
		return "", nil
	}
	var name string
	found, err := t.get(ctx, &name, `SELECT pseudonym FROM audit_subjects WHERE user_id = $1`, user)
	if err != nil || found {
		return name, failed("looking for a pseudonym", err)
	}
	if gone, err := t.forgets(ctx, user); err != nil || gone {
		return "", err
	}
	salt := random(saltSize)
	name = actions.Pseudonym(salt, user)
	_, err = t.exec(ctx, `INSERT INTO audit_subjects (user_id, salt, pseudonym) VALUES ($1, $2, $3)`, user, salt, name)
	return name, failed("making a pseudonym", err)
}

// random returns n random bytes.
func random(n int) []byte {
	raw := make([]byte, n)
	_, _ = rand.Read(raw) // never fails: crypto/rand ends the program instead
	return raw
}
