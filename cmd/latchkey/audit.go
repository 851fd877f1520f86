package main

import (
	"context"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// auditCmd reads and checks the audit.
type auditCmd struct {
	Export auditExportCmd `cmd:"" help:"Print every act, one a line."`
	Verify auditVerifyCmd `cmd:"" help:"Check that no act was changed, removed or put in."`
}

// auditExportCmd prints every act.
type auditExportCmd struct {
	CSV  bool `name:"csv" xor:"form" help:"As CSV."`
	JSON bool `name:"json" xor:"form" help:"As JSON, one object a line (the default)."`
	Data
}

// auditLine is an act as it is exported.
type auditLine struct {
	Seq      int64     `json:"seq"`
	At       time.Time `json:"at"`
	Act      string    `json:"act"`
	Actor    string    `json:"actor"`
	Subject  string    `json:"subject"`
	Outcome  string    `json:"outcome"`
	Reason   string    `json:"reason"`
	Ticket   string    `json:"ticket"`
	Approver string    `json:"approver"`
	Detail   string    `json:"detail"`
	MAC      string    `json:"mac"`
}

func lineOf(row actions.AuditRow) auditLine {
	e := row.Entry
	return auditLine{
		row.Link.Seq, e.At, string(e.Act), e.Actor, e.Subject, string(e.Outcome), e.Reason, e.Ticket, e.Approver, e.Detail,
		hex.EncodeToString(row.Link.MAC),
	}
}

func (l auditLine) fields() []string {
	return []string{
		strconv.FormatInt(l.Seq, 10), l.At.Format(time.RFC3339Nano), l.Act, l.Actor, l.Subject, l.Outcome, l.Reason, l.Ticket,
		l.Approver, l.Detail, l.MAC,
	}
}

// Run prints the audit in order, from where it was cut. A cut that isn't signed hides no
// row: then nothing is printed.
func (c *auditExportCmd) Run(ctx context.Context, t terminal) (err error) {
	if err := c.audited(ctx, "print"); err != nil {
		return err
	}
	h, err := c.open(ctx, actions.Rules{}, quiet(t))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	cut, found, err := actions.AuditCut(ctx, h.store, h.actions.Keys)
	if err != nil {
		return err
	}
	if found {
		_, _ = fmt.Fprintln(t.err, beginsAt(cut.Seq+1, cut.At))
	}
	if !c.CSV {
		enc := json.NewEncoder(t.out)
		return h.store.AuditRows(ctx, cut.Seq, func(row actions.AuditRow) error { return enc.Encode(lineOf(row)) })
	}
	out := csv.NewWriter(t.out)
	if err := out.Write([]string{"seq", "at", "act", "actor", "subject", "outcome", "reason", "ticket", "approver", "detail", "mac"}); err != nil {
		return err
	}
	err = h.store.AuditRows(ctx, cut.Seq, func(row actions.AuditRow) error {
		cells := lineOf(row).fields()
		for i := range cells {
			cells[i] = harmless(cells[i])
		}
		return out.Write(cells)
	})
	out.Flush()
	return errors.Join(err, out.Error())
}

// auditVerifyCmd checks the chain.
type auditVerifyCmd struct {
	JSON bool `help:"As JSON."`
	Data
}

// Run checks the chain and prints its length and head.
func (c *auditVerifyCmd) Run(ctx context.Context, t terminal) (err error) {
	keys, err := c.keys()
	if err != nil {
		return err
	}
	if keys.Empty() {
		return usagef("LATCHKEY_SECRET_KEY is not set: the audit is checked with it.")
	}
	if err := c.audited(ctx, "check"); err != nil {
		return err
	}
	h, err := c.open(ctx, actions.Rules{}, quiet(t))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	v, err := actions.VerifyAudit(ctx, h.store, h.actions.Keys)
	if err != nil {
		return err
	}
	head := hex.EncodeToString(v.Head)
	if c.JSON {
		return json.NewEncoder(t.out).Encode(auditChecked{v.Rows, head, v.Begins, whenCut(v.CutAt)})
	}
	_, err = fmt.Fprintf(t.out, "The audit is whole: %d rows, head %s\n", v.Rows, head)
	if err == nil && v.Begins > 1 {
		_, err = fmt.Fprintln(t.out, beginsAt(v.Begins, v.CutAt))
	}
	return err
}

// audited refuses a database that isn't there, or has no tables: opening it would make
// them, and an audit without rows is always whole. doing is what was to be done with it.
func (d *Data) audited(ctx context.Context, doing string) error {
	migrations, err := d.seen(ctx, doing)
	if err == nil && migrations.None {
		return actions.Errorf(actions.NotFound, "There is no audit to %s: the database that LATCHKEY_DATABASE_URL names has no tables.", doing)
	}
	return err
}

// auditChecked is what came of the check as JSON.
type auditChecked struct {
	Rows   int64      `json:"rows"` // those that were cut included
	Head   string     `json:"head"`
	Begins int64      `json:"begins"` // the number of the first that is there
	CutAt  *time.Time `json:"cut_at"` // null: it never was
}

func whenCut(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	return &at
}

// beginsAt says where the audit begins that was cut.
func beginsAt(first int64, cut time.Time) string {
	return fmt.Sprintf("It begins at row %d: older ones were removed on %s, up to a signed checkpoint.", first, cut.UTC().Format(time.DateOnly))
}
