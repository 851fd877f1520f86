package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/escalation"
	"github.com/latchkey-bot/latchkey/store/storetest"
)

// TestMoment: a date is the beginning of the day where the team is, also when the
// clocks change that day; a time says itself where.
func TestMoment(t *testing.T) {
	t.Parallel()
	melbourne, err := time.LoadLocation("Australia/Melbourne")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"2026-03-10":                "2026-03-09T13:00:00Z",
		"2026-04-05":                "2026-04-04T13:00:00Z", // it ends at three in the morning
		"2026-04-06":                "2026-04-05T14:00:00Z",
		"2026-03-10T09:00:00Z":      "2026-03-10T09:00:00Z",
		"2026-03-10T09:00:00+11:00": "2026-03-09T22:00:00Z",
	} {
		at, err := moment("--since", text, melbourne)
		if err != nil || at.UTC().Format(time.RFC3339) != want {
			t.Errorf("%s is %s, %v; want %s", text, at.UTC().Format(time.RFC3339), err, want)
		}
	}
	if at, err := moment("--since", "", melbourne); err != nil || !at.IsZero() {
		t.Errorf("nothing is %s, %v", at, err)
	}
}

// TestHarmless: no cell is a formula.
func TestHarmless(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]string{
		"": "", "GW1001": "GW1001", "=1+2": "'=1+2", "+61": "'+61", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)", "\tx": "'\tx", "\rx": "'\rx", "a=b": "a=b",
	} {
		if got := harmless(cell); got != want {
			t.Errorf("%q becomes %q, want %q", cell, got, want)
		}
	}
}

// TestCasesExport: as CSV and as JSON each case is told without what was written, and
// without whose address it is. Somebody's ticket or Gateway ID is no formula.
func TestCasesExport(t *testing.T) {
	t.Parallel()
	database := storetest.SQLiteURL(t)
	w := openWard(t, database)
	openCases(w)
	call := w.as("UANN")
	n := aboutJane()
	n.Gateway = "GW-9"
	if _, err := w.desk.Escalate(t.Context(), call, n); err != nil {
		t.Fatal(err)
	}
	w.pass(time.Hour)
	export := casesExportCmd{Data: Data{DatabaseURL: database, SecretKey: testKey}, Hours: Hours{Timezone: "UTC", WorkingHours: "always"}}

	lines, err := csv.NewReader(strings.NewReader(w.prints(export))).ReadAll()
	if err != nil || len(lines) != 2 || !slices.Equal(lines[0], caseColumns) {
		t.Fatalf("it prints %q, %v", lines, err)
	}
	export.JSON = true
	text := w.prints(export)
	var fields map[string]any
	if err := json.Unmarshal([]byte(text), &fields); err != nil || len(fields) != len(caseColumns) {
		t.Fatalf("it prints %s, %v", text, err)
	}
	for i, name := range caseColumns {
		if _, there := fields[name]; !there {
			t.Errorf("JSON has no %s: %s", name, text)
		}
		if want, known := map[string]string{
			"kind": "blocklist", "state": "open", "user_id": jane, "gateway_id": "GW-9", "ticket": "#4711", "agent": "UANN", "claimed_by": "",
			"address": "j•••@a•••.example", "opened_at": "2026-03-09T09:30:00Z", "claimed_at": "", "first_claim_limit_seconds": "7200", "reopened": "0",
		}[name]; known && lines[1][i] != want {
			t.Errorf("%s is %q, want %q", name, lines[1][i], want)
		}
	}
	if strings.Contains(text, "canary") || strings.Contains(text, janeMail) {
		t.Errorf("it tells too much: %s", text)
	}
	for _, bound := range []casesExportCmd{{Since: "2026-03-10"}, {Until: "2026-03-09"}} {
		bound.Data, bound.Hours, bound.JSON = export.Data, export.Hours, true
		if got := w.prints(bound); got != "" {
			t.Errorf("with %+v it prints %s", bound, got)
		}
	}
	if rows := w.entries(actions.ActCasesExport); len(rows) != 4 || rows[0].Outcome != actions.ActDone || !strings.HasPrefix(rows[0].Actor, "terminal:") {
		t.Errorf("the audit has %+v", rows)
	}
}

// prints is what an export prints.
func (w *ward) prints(c casesExportCmd) string {
	w.t.Helper()
	var out bytes.Buffer
	if err := c.Run(w.t.Context(), terminal{out: &out, err: os.Stderr}); err != nil {
		w.t.Fatal(err)
	}
	return out.String()
}

// TestCaseFields: what people typed is no formula.
func TestCaseFields(t *testing.T) {
	t.Parallel()
	fields := caseFields(escalation.Exported{Ticket: "=1+1", Gateway: "-GW", Address: "@x"})
	for i, name := range caseColumns {
		if text := fields[i]; text != "" && strings.ContainsAny(text[:1], "=+-@") {
			t.Errorf("%s is %q", name, text)
		}
	}
	if len(fields) != len(caseColumns) || fields[7] != "'=1+1" {
		t.Errorf("the fields are %q", fields)
	}
}
