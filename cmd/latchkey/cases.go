package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/escalation"
)

// casesCmd is about escalations.
type casesCmd struct {
	Export casesExportCmd `cmd:"" help:"Print what became of each case: who had it, how long it took, without names and text."`
}

// casesExportCmd prints the cases of a time.
type casesExportCmd struct {
	Since string `help:"Only cases opened then or later: a date, or a time in RFC 3339." placeholder:"DATE|TIME"`
	Until string `help:"Only cases opened before that: a date, or a time in RFC 3339." placeholder:"DATE|TIME"`
	JSON  bool   `help:"As JSON, one object a line; without it, as CSV."`
	Data
	Hours
}

// Run prints the cases, the oldest first. That somebody did is on the record.
func (c *casesExportCmd) Run(ctx context.Context, t terminal) (err error) {
	since, until, err := c.between()
	if err != nil {
		return err
	}
	hours, err := c.hours()
	if err != nil {
		return err
	}
	if err := c.keyed("cases are exported"); err != nil {
		return err
	}
	h, err := c.open(ctx, actions.Rules{}, quiet(t))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	h.desk.Hours = hours
	if c.JSON {
		enc := json.NewEncoder(t.out)
		return h.desk.Export(ctx, atTerminal(), since, until, func(e escalation.Exported) error { return enc.Encode(e) })
	}
	out := csv.NewWriter(t.out)
	if err := out.Write(caseColumns); err != nil {
		return err
	}
	err = h.desk.Export(ctx, atTerminal(), since, until, func(e escalation.Exported) error { return out.Write(caseFields(e)) })
	out.Flush()
	return errors.Join(err, out.Error())
}

// between reads the bounds; without one it is zero.
func (c *casesExportCmd) between() (since, until time.Time, err error) {
	zone, err := c.zone()
	if err != nil {
		return since, until, err
	}
	if since, err = moment("--since", c.Since, zone); err != nil {
		return since, until, err
	}
	if until, err = moment("--until", c.Until, zone); err != nil {
		return since, until, err
	}
	if !since.IsZero() && !until.IsZero() && !since.Before(until) {
		return since, until, usagef("--since must be before --until, which isn't counted itself.")
	}
	return since, until, nil
}

// moment reads a time in RFC 3339, or a date, which is the beginning of that day
// in the zone.
func moment(flag, text string, zone *time.Location) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if at, err := time.ParseInLocation(time.DateOnly, text, zone); err == nil {
		return at, nil
	}
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return time.Time{}, usagef("%s must be a date, such as 2026-03-10, or a time in RFC 3339, such as 2026-03-10T09:00:00Z.", flag)
	}
	return at, nil
}

// caseColumns are the names of what is exported, as in JSON.
var caseColumns = []string{
	"id", "kind", "priority", "state", "user_id", "address", "gateway_id", "ticket", "agent", "claimed_by", "resolved_by", "outcome",
	"opened_at", "claimed_at", "resolved_at", "first_claim_seconds", "first_claim_limit_seconds", "resolution_seconds",
	"resolution_limit_seconds", "reopened",
}

// caseFields is a case as a line of CSV.
func caseFields(e escalation.Exported) []string {
	return []string{
		e.ID, string(e.Kind), string(e.Priority), string(e.State), harmless(e.UserID), harmless(e.Address), harmless(e.Gateway), harmless(e.Ticket),
		harmless(e.Agent), harmless(e.ClaimedBy), harmless(e.ResolvedBy), string(e.Outcome),
		exported(&e.OpenedAt), exported(e.ClaimedAt), exported(e.ResolvedAt), strconv.FormatInt(e.FirstUsed, 10), strconv.FormatInt(e.FirstLimit, 10),
		strconv.FormatInt(e.ResolutionUsed, 10), strconv.FormatInt(e.ResolutionLimit, 10), strconv.Itoa(e.Reopened),
	}
}

// harmless puts a ' before what a spreadsheet would take for a formula.
func harmless(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

// exported is a time as a cell, "" when there is none.
func exported(at *time.Time) string {
	if at == nil {
		return ""
	}
	return at.UTC().Format(time.RFC3339Nano)
}
