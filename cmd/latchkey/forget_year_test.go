package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/actions/records"
)

// monthsLived is for how long Robert is on record before he is forgotten: longer than
// attempts are kept.
const monthsLived = 15

// livesMonths has a database filled for months: what befell the residents in each, and what
// was done for Robert, twice a week.
func livesMonths(t *testing.T, databaseURL string, now time.Time) {
	t.Helper()
	keys, err := actions.ParseKeyring(testKey)
	if err != nil {
		t.Fatal(err)
	}
	h, err := openHouse(t.Context(), databaseURL, keys, actions.Rules{}, quiet(terminal{err: io.Discard}))
	if err != nil {
		t.Fatal(err)
	}
	for m := range monthsLived {
		from, until := now.AddDate(0, m-monthsLived, 0), now.AddDate(0, m+1-monthsLived, 0)
		h.actions.Now = func() time.Time { return from }
		lines := append(companyOf(&crowd{now: from}), robertsMonth(t, from, until)...)
		if _, err := h.actions.Import(t.Context(), atTerminal(), actions.Import{Lines: records.Read("company", bytes.NewReader(lines))}); err != nil {
			t.Fatal(err)
		}
		if err := h.store.Tx(t.Context(), func(tx actions.Tx) error { return auditsRobert(t.Context(), tx, from, until) }); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.close(); err != nil {
		t.Fatal(err)
	}
}

// robertsMonth is what he and others tried and were sent in a month.
func robertsMonth(t *testing.T, from, until time.Time) []byte {
	t.Helper()
	var lines bytes.Buffer
	to := json.NewEncoder(&lines)
	write := func(record map[string]any) {
		if err := to.Encode(record); err != nil {
			t.Fatal(err)
		}
	}
	for at := from; at.Before(until); at = at.Add(24 * time.Hour) {
		id := fmt.Sprint("year-", at.Unix())
		write(map[string]any{"type": "attempt", "id": id, "at": at, "user_id": "u-robert", "identifier": "robert@acme.example", "outcome": "success", "ip": "203.0.113.7"})
		write(map[string]any{"type": "attempt", "id": id + "-typed", "at": at, "identifier": "Robert.Stone", "outcome": "wrong_password", "ip": "203.0.113.7"})
		write(map[string]any{"type": "attempt", "id": id + "-other", "at": at, "user_id": "u-lea", "identifier": "lea@lumiere.example", "outcome": "success", "ip": "203.0.113.8"})
		write(map[string]any{"type": "code", "id": id, "user_id": "u-robert", "channel": "email", "address": "robert@acme.example", "sent_at": at, "expires_at": at.Add(time.Minute)})
		write(map[string]any{"type": "delivery", "id": id, "user_id": "u-robert", "address": "robert@acme.example", "kind": "code", "status": "delivered", "at": at})
		write(map[string]any{"type": "reset_link", "id": id, "user_id": "u-robert", "sent_at": at, "expires_at": at.Add(time.Hour)})
		write(map[string]any{"type": "lock", "id": id, "user_id": "u-robert", "kind": "attempts", "at": at, "released_at": at.Add(time.Minute), "detail": "robert@acme.example"})
	}
	return lines.Bytes()
}

// auditsRobert records what was done for him, and for another, whom a reason confuses
// with him; and the operations of it.
func auditsRobert(ctx context.Context, tx actions.Tx, from, until time.Time) error {
	for at := from; at.Before(until); at = at.Add(84 * time.Hour) {
		op := actions.Operation{
			ID: fmt.Sprint("year-", at.Unix()), Act: actions.ActUnlock, Actor: "U0AGENT", Subject: "u-robert", State: actions.OperationDone,
			Reason: "Robert Stone called", At: at, EndedAt: at.Add(time.Second),
		}
		if _, _, err := tx.StartOperation(ctx, op); err != nil {
			return err
		}
		for subject, reason := range map[string]string{"u-robert": op.Reason, "u-lea": "no, not robert@acme.example"} {
			if err := tx.Audit(ctx, actions.AuditEntry{At: at, Act: op.Act, Actor: op.Actor, Subject: subject, Outcome: actions.ActDone, Reason: reason}); err != nil {
				return err
			}
		}
	}
	return nil
}

// retains removes what is older than 13 months, and cuts the audit after a year.
func (d *helpdesk) retains() {
	d.t.Helper()
	d.beside(func(h *house) {
		reach := func() time.Duration {
			oldest, _, err := h.store.AttemptsReach(d.t.Context(), time.Now())
			if err != nil {
				d.t.Error(err)
			}
			return time.Since(oldest)
		}
		const day = 24 * time.Hour
		if lived := reach(); lived < 13*31*day {
			d.t.Errorf("attempts reach back %s only: nothing is proven", lived)
		}
		h.actions.Retention = actions.Retention{Attempts: 13 * 31 * day, Audit: 366 * day}
		if err := h.actions.Retain(d.t.Context()); err != nil {
			d.t.Error(err)
		}
		if kept := reach(); kept < 366*day || kept > (13*31+31)*day {
			d.t.Errorf("attempts reach back %s", kept)
		}
		checked, err := actions.VerifyAudit(d.t.Context(), h.store, h.actions.Keys)
		if err != nil || checked.Begins < 20 || checked.Rows-checked.Begins < 100 {
			d.t.Errorf("of %d rows of the audit those from %d on are there: %v", checked.Rows, checked.Begins, err)
		}
	})
}
