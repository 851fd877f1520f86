package escalation

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// exports is what somebody exports, as lines of JSON.
func (s *scene) exports(t testing.TB, who string, since, until time.Time) string {
	t.Helper()
	var lines []string
	must(t, s.Export(t.Context(), s.by(who), since, until, func(e Exported) error {
		line, err := json.Marshal(e)
		lines = append(lines, string(line))
		return err
	}))
	return strings.Join(lines, "\n")
}

func TestExport(t *testing.T) {
	s := stage(t)
	s.has(t, Claimed, func(c *Case) {
		c.Note = "a note"
		c.First = Clock{Limit: 2 * time.Hour, Used: 90 * time.Second}
		c.Resolution = Clock{Limit: 8 * time.Hour, Used: time.Hour, Since: noon}
	})
	for i, kind := range []EventKind{EventReopened, EventAsked, EventReopened} {
		s.store.state.events[id] = append(s.store.state.events[id], Event{Case: id, Seq: i + 2, Kind: kind, Text: "free text"})
	}
	s.later(30 * time.Minute)
	want := `{"id":"ABCDEFGHIJ","kind":"blocklist","priority":"normal","state":"claimed","user_id":"u-1","address":"j•••@a•••.example",` +
		`"gateway_id":"GW-1001","ticket":"#4711","agent":"UANA","claimed_by":"ULOU","resolved_by":"","outcome":"","opened_at":"2026-03-10T12:00:00Z",` +
		`"claimed_at":"2026-03-10T12:00:00Z","resolved_at":null,"first_claim_seconds":90,"first_claim_limit_seconds":7200,` +
		`"resolution_seconds":5400,"resolution_limit_seconds":28800,"reopened":2}`
	if got := s.exports(t, lea, time.Time{}, time.Time{}); got != want {
		t.Errorf("exported\n%s, want\n%s", got, want)
	}
	audit := s.store.state.audit
	if len(audit) != 1 || audit[0].Act != actions.ActCasesExport || audit[0].Actor != lea || audit[0].Detail != "all cases" {
		t.Errorf("the audit is %+v", audit)
	}
}

// A case is exported when it was opened at since or later and before until.
func TestExportBounds(t *testing.T) {
	var never time.Time
	for _, test := range []struct {
		since, until time.Time
		want         bool
		detail       string
	}{
		{noon, never, true, "cases opened since 2026-03-10T12:00:00Z"},
		{noon.Add(time.Second), never, false, "cases opened since 2026-03-10T12:00:01Z"},
		{never, noon, false, "cases opened before 2026-03-10T12:00:00Z"},
		{never, noon.Add(time.Second), true, "cases opened before 2026-03-10T12:00:01Z"},
		{noon, noon.Add(time.Second), true, "cases opened from 2026-03-10T12:00:00Z until 2026-03-10T12:00:01Z"},
	} {
		s := stage(t)
		s.has(t, Resolved)
		got := s.exports(t, lea, test.since, test.until)
		if detail := s.store.state.audit[0].Detail; (got != "") != test.want || detail != test.detail {
			t.Errorf("%q: %s", detail, got)
		}
	}
}

func TestExportRefused(t *testing.T) {
	broken := errors.New("the pipe is broken")
	fails := func(Exported) error { return broken }
	s := stage(t)
	s.has(t, Open)
	for _, who := range []string{guest, ana, lou} {
		wantCode(t, s.Export(t.Context(), s.by(who), time.Time{}, time.Time{}, fails), actions.Forbidden)
	}
	call := s.by(lea)
	if err := s.Export(t.Context(), call, time.Time{}, time.Time{}, fails); !errors.Is(err, broken) {
		t.Errorf("the error is %v", err)
	}
	wantCode(t, s.Export(t.Context(), call, time.Time{}, time.Time{}, fails), actions.Conflict)
	s.store.down = actions.Errorf(actions.Unavailable, "It doesn't answer.")
	wantCode(t, s.Export(t.Context(), s.by(lea), time.Time{}, time.Time{}, fails), actions.Unavailable)
}
