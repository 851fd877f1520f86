package actions

import (
	"cmp"
	"context"
	"time"
)

// AuditOutcome says how an act ended.
type AuditOutcome string

// The outcomes of an act.
const (
	ActDone    AuditOutcome = "done"
	ActRefused AuditOutcome = "refused"
	ActFailed  AuditOutcome = "failed"
)

// AuditEntry is one act, as it is written down. Every act stands under its own
// actor, never a shared one (RULES S0.6).
type AuditEntry struct {
	At       time.Time
	Act      Act
	Actor    string // Slack user ID, or "terminal:" and a name
	Subject  string // user ID of the customer, or ""
	Outcome  AuditOutcome
	Reason   string // free text
	Ticket   string // such as "#4711"
	Approver string // Slack user ID
	Detail   string // free text: what was asked, how many were refused
}

// AuditRow is an entry as it lies in the chain. The chain holds a pseudonym of
// the subject and salted hashes of free text; Entry's Subject, Reason and
// Detail lie beside it and are empty once they were deleted.
type AuditRow struct {
	Entry AuditEntry
	Link  Link
	// Salt is what Reason and Detail were hashed with; nil once the text was
	// deleted.
	Salt []byte
	// SubjectSalt is what the subject's user ID was hashed with (see
	// [Pseudonym]); nil once it was deleted.
	SubjectSalt []byte
}

// ticketMemory is how long a ticket named in a command is remembered.
const ticketMemory = 60 * time.Minute

// record writes an entry of the call in tx, with the ticket of the call or the
// one remembered for the actor. The call's key is claimed first: a request
// that was seen before is a Conflict and changes nothing.
func (a *Actions) record(ctx context.Context, tx Tx, call Call, entry AuditEntry) error {
	_, err := a.RecordUnder(ctx, tx, call, entry)
	return err
}

// RecordUnder is record for who wants to know the ticket that the entry got.
func (a *Actions) RecordUnder(ctx context.Context, tx Tx, call Call, entry AuditEntry) (ticket string, err error) {
	if err := stoppedNow(ctx, tx, call.Actor.ID); err != nil {
		return "", err
	}
	fresh, err := tx.Claim(ctx, call.Key, entry.At)
	if err != nil {
		return "", err
	}
	if !fresh {
		return "", Errorf(Conflict, "This request was answered before, so nothing was done again. Please send the command anew.")
	}
	entry.Actor = call.Actor.ID
	if call.Ticket != "" {
		if err := tx.RememberTicket(ctx, call.Actor.ID, call.Ticket, entry.At); err != nil {
			return "", err
		}
	}
	if entry.Ticket, err = call.ticket(ctx, tx, entry.At); err != nil {
		return "", err
	}
	return entry.Ticket, tx.Audit(ctx, entry)
}

// ticket is the one that the call works on at a moment: its own, that of its record,
// or the one remembered for the actor; "" for none.
func (c Call) ticket(ctx context.Context, tx Tx, at time.Time) (string, error) {
	if named := cmp.Or(c.Ticket, c.About); named != "" || c.NoTicket {
		return named, nil
	}
	return tx.Ticket(ctx, c.Actor.ID, at.Add(-ticketMemory))
}
