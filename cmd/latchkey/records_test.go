package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/store/storetest"
)

const (
	lineJane      = `{"type":"user","id":"u-jane","username":"jane","email":"jane@acme.example","status":"active"}` + "\n"
	lineAccount   = `{"type":"account","id":"acc","name":"Acme","status":"active"}` + "\n"
	lineMember    = `{"type":"membership","user_id":"u-jane","account_id":"acc","role":"member","status":"active"}` + "\n"
	lineLock      = `{"type":"lock","id":"l1","user_id":"u-jane","kind":"manual","at":"2026-03-10T09:00:00Z"}` + "\n"
	lineAttempt   = `{"type":"attempt","at":"2026-03-10T08:50:00Z","identifier":"jane","outcome":"wrong_password"}` + "\n"
	lineDelivery  = `{"type":"delivery","id":"d1","address":"jane@acme.example","kind":"notice","status":"sent","at":"2026-03-10T09:00:00Z"}` + "\n"
	lineCode      = `{"type":"code","id":"c1","user_id":"u-jane","channel":"email","sent_at":"2026-03-10T09:00:00Z"}` + "\n"
	lineLink      = `{"type":"reset_link","id":"r1","user_id":"u-jane","sent_at":"2026-03-10T09:00:00Z","expires_at":"2026-03-11T09:00:00Z"}` + "\n"
	lineList      = `{"type":"suppression","address":"jane@acme.example","list":"bounce","since":"2026-03-10T09:00:00Z"}` + "\n"
	lineNetwork   = `{"type":"staff_network","cidr":"198.51.100.0/24"}` + "\n"
	linesOfEvents = lineAttempt + lineAttempt + lineDelivery + lineCode + lineLink
	linesOfPeople = lineMember + lineLock + lineList + lineAccount + lineJane // references point forward
)

// TestRecordsTaken holds that what is sent is read, stored and told of as an
// import is, and that sending it again changes nothing.
func TestRecordsTaken(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, in *intake) {
		everything := in.token("crm", actions.ScopeDirectory)
		first := in.takes(everything, linesOfPeople+linesOfEvents)
		if first.Imported != 10 || first.Records["attempt"] != (actions.Count{New: 2}) || first.Records["user"] != (actions.Count{New: 1}) {
			t.Errorf("the first time: %+v", first)
		}
		second := in.send(everything, linesOfPeople+linesOfEvents)
		if again := in.imports(linesOfPeople + linesOfEvents); second.body != again || strings.Contains(again, `"new":1`) {
			t.Errorf("the second time %s, and an import of the same prints %s", second.body, again)
		}
		if events := in.takes(in.token("logins", actions.ScopeEvents), linesOfEvents); events.Records["code"] != (actions.Count{Unchanged: 1}) {
			t.Errorf("the events: %+v", events)
		}
		in.checkActors("token:crm", "token:crm", atTerminal().Actor.ID, "token:logins")
	})
}

// TestRecordsRefused holds what a system reads whose records aren't taken, that
// nothing of them is stored, and that none of it comes back.
func TestRecordsRefused(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, in *intake) {
		events, directory := in.token("logins", actions.ScopeEvents), in.token("crm", actions.ScopeDirectory)
		for name, row := range map[string]struct {
			token, body string
			status      int
			line        int
			field       string
			says        string
		}{
			"Outcome":        {events, lineAttempt + strings.Replace(lineAttempt, "wrong_password", "s3cret", 1), 400, 2, "outcome", "must be one of success"},
			"Time":           {events, strings.Replace(lineAttempt, "2026-03-10T08:50:00Z", "s3cret", 1), 400, 1, "at", "RFC 3339"},
			"Missing":        {events, lineAttempt + "\n" + `{"type":"attempt","identifier":"s3cret"}`, 400, 3, "at", "missing"},
			"Type":           {events, `{"type":"s3cret"}`, 400, 1, "type", "must be one of account"},
			"UnknownField":   {events, `{"type":"attempt","colour":"s3cret"}`, 400, 1, "colour", "unknown field"},
			"OddField":       {events, `{"type":"attempt","s3cret@acme.example":1}`, 400, 1, "", "unknown field"},
			"NotJSON":        {events, lineAttempt + `{"s3cret`, 400, 2, "", "not JSON"},
			"NobodyThere":    {events, lineAttempt + strings.ReplaceAll(lineCode, "u-jane", "s3cret"), 400, 2, "user_id", "names no user"},
			"NoAccount":      {directory, lineJane + lineMember, 400, 2, "account_id", "names no account"},
			"Protected":      {directory, strings.Replace(lineJane, `"id"`, `"protected":true,"id"`, 1), 400, 1, "protected", "latchkey import"},
			"NotProtected":   {directory, strings.Replace(lineJane, `"id"`, `"protected":false,"id"`, 1), 400, 1, "protected", "latchkey import"},
			"Account":        {events, lineAttempt + lineAccount, 403, 0, "", "forbidden"},
			"User":           {events, lineJane, 403, 0, "", "forbidden"},
			"Membership":     {events, lineMember, 403, 0, "", "forbidden"},
			"Lock":           {events, lineLock, 403, 0, "", "forbidden"},
			"Suppression":    {events, lineList, 403, 0, "", "forbidden"},
			"Network":        {events, lineNetwork, 403, 0, "", "forbidden"},
			"NetworkOfAnAll": {directory, lineAccount + lineJane + lineNetwork, 403, 0, "", "forbidden"},
		} {
			t.Run(name, func(t *testing.T) {
				got := in.send(row.token, row.body)
				var answer struct {
					Error, Field string
					Line         int
				}
				if err := json.Unmarshal([]byte(got.body), &answer); err != nil {
					t.Fatal(err)
				}
				if got.status != row.status || answer.Line != row.line || answer.Field != row.field || !strings.Contains(answer.Error, row.says) {
					t.Errorf("got %d %s", got.status, got.body)
				}
				if got.status == http.StatusForbidden && (got.body != `{"error":"forbidden"}`+"\n" || !strings.Contains(in.log.String(), "a token may not send a record")) {
					t.Errorf("got %s, and the log says %s", got.body, in.log.String())
				}
				if strings.Contains(got.body+in.log.String(), "s3cret") || strings.Contains(got.body, "jane") {
					t.Errorf("what was sent comes back: %s %s", got.body, in.log.String())
				}
			})
		}
		in.checkActors()
		found, err := in.store.Snapshot(t.Context(), actions.Query{Identifier: "jane", At: time.Now()})
		if err != nil || !found.NewestAttempt.IsZero() || len(found.Users)+len(found.StaffNetworks) > 0 {
			t.Errorf("stored: %+v, %v", found, err)
		}
	})
}

// TestRecordsTokens holds that who may not send learns nothing of why.
func TestRecordsTokens(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, in *intake) {
		good, revoked := in.token("good", actions.ScopeEvents), in.token("bad", actions.ScopeEvents)
		other := in.token("other", actions.ScopeSecrets, actions.ScopeLinks, actions.ScopeTickets, actions.ScopeChanges)
		if err := in.actions.RevokeToken(t.Context(), atTerminal(), "bad"); err != nil {
			t.Fatal(err)
		}
		first := in.send("", lineAttempt)
		for name, token := range map[string]string{
			"Missing": "", "Malformed": "x", "Unknown": "latchkey_" + strings.Repeat("A", 43), "Revoked": revoked, "Cut": good[:len(good)-1],
			"Long": strings.Repeat("A", 8<<10),
		} {
			got := in.send(token, lineAttempt)
			if got.status != http.StatusUnauthorized || got.header.Get("WWW-Authenticate") != "Bearer" || got.body != first.body {
				t.Errorf("%s: got %d %s %v", name, got.status, got.body, got.header)
			}
		}
		got := in.send(other, lineAttempt)
		if got.status != http.StatusForbidden || got.body != `{"error":"forbidden"}`+"\n" || got.header.Get("WWW-Authenticate") != "" {
			t.Errorf("another scope: got %d %s", got.status, got.body)
		}
		if in.checkActors(); in.log.Len() > 0 {
			t.Errorf("the log has %s", in.log.String())
		}
		in.takes(good, lineAttempt)
	})
}

// TestRecordsProtection holds that a system can't take a protection away, nor
// change a contact without the hold that follows.
func TestRecordsProtection(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, in *intake) {
		in.imports(strings.Replace(lineJane, `"id"`, `"protected":true,"id"`, 1))
		directory := in.token("crm", actions.ScopeDirectory)
		if same := in.takes(directory, lineJane); same.Records["user"] != (actions.Count{Unchanged: 1}) {
			t.Errorf("the same but for the protection: %+v", same)
		}
		begin := actions.Instant(time.Now())
		in.takes(directory, strings.Replace(lineJane, "jane@acme", "eve@acme", 1))
		got, _ := in.user("u-jane")
		if !got.Protected || got.Email != "eve@acme.example" || got.ContactChangedAt.Before(begin) || got.ContactChangedAt.After(time.Now()) {
			t.Errorf("stored: %+v", got)
		}
		held := got.ContactChangedAt
		in.takes(directory, strings.Replace(strings.Replace(lineJane, "jane@acme", "eve@acme", 1), `"active"`, `"active","locale":"de"`, 1))
		if got, _ = in.user("u-jane"); !got.ContactChangedAt.Equal(held) || got.Locale != "de" {
			t.Errorf("stored after something else changed: %+v", got)
		}
	})
}

// hourOfFailures is an hour in which each of n customers failed, some of them
// twice at the same instant, with a user and an account for each.
func hourOfFailures(begin time.Time, n int) (lines []string) {
	lines = append(lines, lineAccount, lineJane)
	for i := range n {
		at := begin.Add(time.Duration(i) * time.Second).Format(time.RFC3339)
		lines = append(lines,
			fmt.Sprintf(`{"type":"user","id":"u-%d","username":"name-%d","status":"active"}`+"\n", i, i),
			fmt.Sprintf(`{"type":"membership","user_id":"u-%d","account_id":"acc","role":"member","status":"active"}`+"\n", i),
			fmt.Sprintf(`{"type":"attempt","at":"%s","identifier":"name-%d","user_id":"u-%d","outcome":"locked"}`+"\n", at, i, i))
		if i%3 == 0 {
			lines = append(lines, lines[len(lines)-1])
		}
	}
	return append(lines, fmt.Sprintf(`{"type":"attempt","at":"%s","identifier":"jane","user_id":"u-jane","outcome":"locked"}`+"\n",
		begin.Add(50*time.Minute).Format(time.RFC3339)))
}

// checkOnce expects that each customer is counted once, and that a diagnosis of
// Jane counts that many alike.
func (in *intake) checkOnce(begin time.Time, alike int) {
	in.t.Helper()
	found, err := in.store.Snapshot(in.t.Context(), actions.Query{UserID: "u-jane", At: begin.Add(51 * time.Minute)})
	if err != nil || found.Alike.Outcome != actions.LockedOut || found.Alike.LastHour != alike || len(found.Attempts) != 1 {
		in.t.Errorf("alike: %+v, want %d; attempts: %v, %v", found.Alike, alike, found.Attempts, err)
	}
	for i := range 4 {
		found, err := in.store.Snapshot(in.t.Context(), actions.Query{UserID: fmt.Sprint("u-", i), At: begin.Add(51 * time.Minute)})
		if want := 1 + (3-i%3)/3; err != nil || len(found.Attempts) != want || len(found.Places) != 1 {
			in.t.Errorf("customer %d has %d attempts, want %d; %v", i, len(found.Attempts), want, err)
		}
	}
}

// TestRecordsAtOnce holds that several who send the same at the same time count
// it once: in what they read, and in what a diagnosis counts.
func TestRecordsAtOnce(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, in *intake) {
		const customers, senders = 500, 6
		begin := time.Date(2026, 3, 10, 9, 0, 0, 0, time.UTC)
		lines := hourOfFailures(begin, customers)
		bodies := slices.Repeat([]string{strings.Join(lines, "")}, senders)
		total := in.hammer(bodies...)
		attempts := customers + (customers+2)/3 + 1
		for kind, n := range map[string]int{"account": 1, "user": customers + 1, "membership": customers, "attempt": attempts} {
			if want := (actions.Count{New: n, Unchanged: (senders - 1) * n}); total[kind] != want {
				t.Errorf("of the kind %s all together read %+v, want %+v", kind, total[kind], want)
			}
		}
		in.checkOnce(begin, customers+1) // as many as that are counted by totals of the hour, Jane's with them
	})
}

// TestRecordsCrosswise holds the same for systems that send the same people in
// different orders and in different pieces: who is asked to come again does, and
// all is counted once.
func TestRecordsCrosswise(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, in *intake) {
		const customers = 900 // more than one batch: who goes the other way meets the others crosswise
		begin := time.Date(2026, 3, 10, 9, 0, 0, 0, time.UTC)
		lines := hourOfFailures(begin, customers)
		backwards := slices.Clone(lines)
		slices.Reverse(backwards)
		half := lines[:len(lines)/2]
		total := in.hammer(strings.Join(lines, ""), strings.Join(backwards, ""), strings.Join(half, ""), strings.Join(backwards, ""))
		if got := total["user"]; got.New != customers+1 || got.Changed != 0 {
			t.Errorf("of users all together read %+v", got)
		}
		if got := total["attempt"]; got.New != customers+(customers+2)/3+1 || got.Changed != 0 {
			t.Errorf("of attempts all together read %+v", got)
		}
		in.checkOnce(begin, customers+1)
	})
}

// TestRecordsTellWatchers holds that who waits for a customer's next attempt is
// told as soon as it comes, without waiting for the cron table.
func TestRecordsTellWatchers(t *testing.T) {
	t.Parallel()
	in := openIntake(t, storetest.SQLiteURL(t))
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { in.watchArrivals(ctx, in.arrived, slog.New(slog.DiscardHandler)); close(done) }()
	token := in.token("logins", actions.ScopeDirectory)
	in.takes(token, lineJane)
	watch, err := in.actions.Watch(t.Context(), atTerminal(), "u-jane")
	if err != nil {
		t.Fatal(err)
	}
	in.takes(token, fmt.Sprintf(`{"type":"attempt","at":"%s","identifier":"jane","outcome":"success"}`, time.Now().UTC().Format(time.RFC3339Nano)))
	state := actions.Watching
	for state == actions.Watching && t.Context().Err() == nil {
		report, err := in.actions.WatchReport(t.Context(), watch.Watch.ID)
		if err != nil {
			t.Fatal(err)
		}
		state = report.Watch.State
	}
	if state != actions.WatchIn {
		t.Errorf("the watch is %s", state)
	}
	cancel()
	<-done
}

// TestServeRecords holds that a server takes records on the address for the
// company's own systems, and nowhere else.
func TestServeRecords(t *testing.T) {
	t.Parallel()
	databaseURL := storetest.SQLiteURL(t)
	in := openIntake(t, databaseURL)
	token := in.token("logins", actions.ScopeDirectory)
	s := serveOn(t, databaseURL)
	for url, want := range map[string]int{s.outer + "/v1/records": 404, s.inner + "/v1/records/": 404, s.inner + "/v1/records": 200} {
		in.url = url
		if got := in.send(token, lineJane); got.status != want {
			t.Errorf("%s answers %d %s", url, got.status, got.body)
		}
	}
	in.url = s.inner + "/v1/records"
	if got := in.send("", lineJane); got.status != http.StatusUnauthorized {
		t.Errorf("without a token it answers %d %s", got.status, got.body)
	}
	if status, _ := s.status(in.url); status != http.StatusMethodNotAllowed {
		t.Errorf("GET answers %d", status)
	}
	if user, there := in.user("u-jane"); !there || user.Username != "jane" {
		t.Errorf("stored: %+v", user)
	}
}

// TestBell holds that ringing never waits and that nobody is woken twice for
// what came before they looked.
func TestBell(t *testing.T) {
	t.Parallel()
	b := make(bell, 1)
	for range 3 {
		b.ring(t.Context())
	}
	<-b
	select {
	case <-b:
		t.Error("it rings on")
	default:
	}
}
