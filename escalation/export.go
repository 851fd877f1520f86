package escalation

import (
	"context"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// Exported is a case as it is exported: the wire form of `latchkey cases export`.
// Addresses are masked (RULES S1.2), and no free text is in it.
type Exported struct {
	ID              string     `json:"id"`
	Kind            Kind       `json:"kind"`
	Priority        Priority   `json:"priority"`
	State           State      `json:"state"`
	UserID          string     `json:"user_id"`
	Address         string     `json:"address"` // masked
	Gateway         string     `json:"gateway_id"`
	Ticket          string     `json:"ticket"`
	Agent           string     `json:"agent"`
	ClaimedBy       string     `json:"claimed_by"`
	ResolvedBy      string     `json:"resolved_by"`
	Outcome         Outcome    `json:"outcome"`
	OpenedAt        time.Time  `json:"opened_at"`
	ClaimedAt       *time.Time `json:"claimed_at"`
	ResolvedAt      *time.Time `json:"resolved_at"`
	FirstUsed       int64      `json:"first_claim_seconds"` // working time until the first claim, so far
	FirstLimit      int64      `json:"first_claim_limit_seconds"`
	ResolutionUsed  int64      `json:"resolution_seconds"` // working time, without waiting for the customer
	ResolutionLimit int64      `json:"resolution_limit_seconds"`
	Reopened        int        `json:"reopened"` // how often
}

// Export calls yield with each case opened at since or later and before until (zero:
// no bound), oldest first. It is a row of the audit. Errors: Forbidden, Unavailable,
// and what yield returns.
func (d *Desk) Export(ctx context.Context, call actions.Call, since, until time.Time, yield func(Exported) error) error {
	if !actions.May(call.Actor.Roles, actions.ActCasesExport) {
		return d.Actions.Refuse(ctx, call, actions.ActCasesExport)
	}
	now := actions.Instant(d.Actions.Now())
	entry := actions.AuditEntry{At: now, Act: actions.ActCasesExport, Outcome: actions.ActDone, Detail: exportedDetail(since, until)}
	err := d.Store.Tx(ctx, func(tx actions.Tx) error {
		_, err := d.Actions.RecordUnder(ctx, tx, call, entry)
		return err
	})
	if err != nil {
		return err
	}
	return d.Store.EachCase(ctx, since, until, func(c Case) error {
		events, err := d.Store.EventsOf(ctx, c.ID)
		if err != nil {
			return err
		}
		return yield(c.exported(d.Hours, events, now))
	})
}

// exportedDetail says which cases were exported.
func exportedDetail(since, until time.Time) string {
	switch {
	case since.IsZero() && until.IsZero():
		return "all cases"
	case until.IsZero():
		return "cases opened since " + since.UTC().Format(time.RFC3339)
	case since.IsZero():
		return "cases opened before " + until.UTC().Format(time.RFC3339)
	}
	return "cases opened from " + since.UTC().Format(time.RFC3339) + " until " + until.UTC().Format(time.RFC3339)
}

// exported is a case as it is exported: what its clocks used is working time up to
// now.
func (c Case) exported(h Hours, events []Event, now time.Time) Exported {
	e := Exported{
		ID: c.ID, Kind: c.Kind, Priority: c.Priority, State: c.State, UserID: c.UserID, Address: actions.NewMasker("").Name(c.Address),
		Gateway: c.Gateway, Ticket: c.Ticket, Agent: c.Agent, ClaimedBy: c.ClaimedBy, ResolvedBy: c.ResolvedBy, Outcome: c.Outcome,
		OpenedAt: c.At, ClaimedAt: given(c.ClaimedAt), ResolvedAt: given(c.ResolvedAt),
		FirstUsed: seconds(c.First.stopped(h, now).Used), FirstLimit: seconds(c.First.Limit),
		ResolutionUsed: seconds(c.Resolution.stopped(h, now).Used), ResolutionLimit: seconds(c.Resolution.Limit),
	}
	for _, event := range events {
		if event.Kind == EventReopened {
			e.Reopened++
		}
	}
	return e
}

// given is a moment, nil for none.
func given(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// seconds are the whole seconds of a time.
func seconds(d time.Duration) int64 { return int64(d / time.Second) }
