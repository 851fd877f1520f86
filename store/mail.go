package store

import (
	"context"
	"crypto/rand"

	"github.com/latchkey-bot/latchkey/actions"
)

// mailRow is a message to a customer in its table.
type mailRow struct {
	ID        string `db:"id"`
	Operation string `db:"operation"`
	Ref       string `db:"ref"`
	Kind      string `db:"kind"`
	Template  string `db:"template"`
	UserID    string `db:"user_id"`
	Via       string `db:"via"`
	Address   string `db:"address"`
	IsCopy    bool   `db:"is_copy"`
	Subject   string `db:"subject"`
	Body      string `db:"body"`
	Purpose   string `db:"purpose"`
	Contact   string `db:"contact"`
	Details   string `db:"details"`
	State     string `db:"state"`
	Why       string `db:"why"`
	At        stamp  `db:"at"`
	SentAt    stamp  `db:"sent_at"`
}

const mailColumns = `id, operation, ref, kind, template, user_id, via, address, is_copy, subject, body, purpose, contact,
	details, state, why, at, sent_at`

func (r mailRow) mail() actions.Mail {
	return actions.Mail{
		ID: r.ID, Operation: r.Operation, Ref: r.Ref, Kind: actions.DeliveryKind(r.Kind), Template: actions.Template(r.Template),
		UserID: r.UserID, Via: actions.Channel(r.Via), Address: r.Address, Copy: r.IsCopy, Subject: r.Subject, Text: r.Body,
		Purpose: actions.Act(r.Purpose), Contact: r.Contact, Details: r.Details, State: actions.MailState(r.State), Why: r.Why,
		At: r.At.Time, SentAt: r.SentAt.Time,
	}
}

// mails reads messages by q; where continues the query.
func mails(ctx context.Context, q queryer, where string, args ...any) ([]actions.Mail, error) {
	return all(ctx, q, mailRow.mail, `SELECT `+mailColumns+` FROM mails WHERE `+where, args...)
}

var errNoMail = actions.Errorf(actions.NotFound, "That message is so old that it isn't on record any more.")

// StartMail stores a message with the row of the outbox that delivers it.
func (t *tx) StartMail(ctx context.Context, m actions.Mail) error {
	_, err := t.exec(ctx, `INSERT INTO mails (`+mailColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
		m.ID, storable(m.Operation), storable(m.Ref), string(m.Kind), string(m.Template), storable(m.UserID), string(m.Via),
		storable(m.Address), m.Copy, storable(m.Subject), storable(m.Text), string(m.Purpose), storable(m.Contact), storable(m.Details),
		string(m.State), storable(m.Why), at(m.At), at(m.SentAt))
	if err != nil {
		return failed("keeping a message to a customer", err)
	}
	return t.Enqueue(ctx, actions.Outgoing{
		ID: rand.Text(), Kind: actions.OutgoingMail, To: string(m.Via), Ref: m.ID, At: m.At, Due: m.At, Request: actions.RequestID(ctx),
	})
}

// Mail returns a message, locked until the transaction ends; NotFound without
// one.
func (t *tx) Mail(ctx context.Context, id string) (actions.Mail, error) {
	return mailByID(ctx, t, t.store.dialect.locking, id)
}

// MailByID returns a message, and NotFound without one.
func (s *Store) MailByID(ctx context.Context, id string) (actions.Mail, error) {
	return mailByID(ctx, s.read, "", id)
}

func mailByID(ctx context.Context, q queryer, locking, id string) (actions.Mail, error) {
	m, err := one(mails(ctx, q, `id = $1 `+locking, storable(id)))
	return given(m, err, errNoMail, "reading a message to a customer")
}

// KeepMail stores Address, State, Why and SentAt.
func (t *tx) KeepMail(ctx context.Context, m actions.Mail) error {
	_, err := t.exec(ctx, `UPDATE mails SET address = $1, state = $2, why = $3, sent_at = $4 WHERE id = $5`,
		storable(m.Address), string(m.State), brief(m.Why), at(m.SentAt), m.ID)
	return failed("keeping how a message to a customer fared", err)
}

// MailsOf returns the messages of an operation, oldest first.
func (s *Store) MailsOf(ctx context.Context, operation string) ([]actions.Mail, error) {
	return mailsOf(ctx, s.read, operation)
}

func mailsOf(ctx context.Context, q queryer, operation string) ([]actions.Mail, error) {
	found, err := mails(ctx, q, `operation <> '' AND operation = $1 ORDER BY at, id`, storable(operation))
	return found, failed("reading what was sent to a customer", err)
}

// MailFor returns the newest message about a verification; found is false
// without one.
func (s *Store) MailFor(ctx context.Context, ref string) (m actions.Mail, found bool, err error) {
	return mailFor(ctx, s.read, ref)
}

func mailFor(ctx context.Context, q queryer, ref string) (actions.Mail, bool, error) {
	m, err := one(mails(ctx, q, `ref <> '' AND ref = $1 ORDER BY at DESC, id DESC LIMIT 1`, storable(ref)))
	return perhaps(m, err, "looking for the message with a code")
}

// PutDelivery writes into the directory what became of a message of
// Latchkey's own. A record of the same ID that a system sends later replaces it.
func (t *tx) PutDelivery(ctx context.Context, d actions.Delivery) error {
	d.Detail, d.Address, d.Seq = storable(d.Detail), storable(d.Address), 0
	return failed("writing down a delivery", t.putOne(ctx, deliveries, d))
}

// PutResetLink writes into the directory what became of a reset link of
// Latchkey's own. A record of the same ID that a system sends later replaces it.
func (t *tx) PutResetLink(ctx context.Context, l actions.ResetLink) error {
	l.Seq = 0
	return failed("writing down a reset link", t.putOne(ctx, resetLinks, l))
}

// putOne stores a record of Latchkey's own as an import would.
func (t *tx) putOne(ctx context.Context, k kind, body any) error {
	return t.putRow(ctx, k, actions.Record{Body: body, Digest: actions.Digest(body)})
}

func (t *tx) putRow(ctx context.Context, k kind, record actions.Record) error {
	seq, err := t.ownPlace(ctx)
	if err != nil {
		return err
	}
	s := k.source([]row{{record: record, seq: seq}})
	query := s.table.insert(t.store.dialect) + s.table.values(t.store.dialect, 1) + s.table.orReplace()
	_, err = t.exec(ctx, query, s.values(nil, 0)...)
	return err
}

// ownPlace returns the first place of a block of its own in the order of import.
func (t *tx) ownPlace(ctx context.Context) (int64, error) {
	var block int64
	err := t.GetContext(ctx, &block, t.store.dialect.nextBlock)
	return block << blockBits, failed("taking a place in the order of import", err)
}
