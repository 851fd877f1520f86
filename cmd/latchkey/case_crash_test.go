package main

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/escalation"
	"github.com/latchkey-bot/latchkey/store/storetest"
)

// caseCrash tells a process of this test what to do, and at which step to end.
type caseCrash struct {
	Database, Step string
	Now            time.Time
	Do, ID         string // what, and with which case
	Place          actions.Posted
}

// caseDoing is what can be done with a case: who does it, from which state on, and how
// many events it is.
type caseDoing struct {
	who    string
	before []string // what is done before
	events int
	do     func(context.Context, *ward, caseCrash) error
	// quiet: it isn't an act of a person's, so that doing it again is no conflict, and
	// has no effect.
	quiet bool
}

// byPerson is what a person does, once that was done before.
func byPerson(who string, events int, do doing, before ...string) caseDoing {
	return caseDoing{who: who, events: events, before: before, do: func(ctx context.Context, w *ward, c caseCrash) error {
		_, err := do(w.desk, ctx, w.as(who), c.ID)
		return err
	}}
}

// caseDoings has one for each use case.
var caseDoings = map[string]caseDoing{
	"open": {who: "UANN", events: 1, do: func(ctx context.Context, w *ward, _ caseCrash) error {
		_, err := w.desk.Escalate(ctx, w.as("UANN"), aboutJane())
		return err
	}},
	"claim":     byPerson("UEL2", 1, (*escalation.Desk).Claim, "open"),
	"hand_back": byPerson("UEL2", 1, (*escalation.Desk).HandBack, "open", "claim"),
	"ask":       byPerson("UEL2", 1, asks("Is it the canary?", false), "open", "claim"),
	"reply": byPerson("UANN", 1, func(d *escalation.Desk, ctx context.Context, call actions.Call, id string) (escalation.Report, error) {
		return d.Reply(ctx, call, id, "It is the canary.", false)
	}, "open", "claim", "ask"),
	"resolve": byPerson("UEL2", 1, resolves(escalation.NotListed, "The canary sang."), "open", "claim"),
	"reopen":  byPerson("UEL2", 1, (*escalation.Desk).Reopen, "open", "claim", "resolve"),
	"hand_over": byPerson("UANN", 1, func(d *escalation.Desk, ctx context.Context, call actions.Call, id string) (escalation.Report, error) {
		return d.HandOver(ctx, call, id, "UBEN")
	}, "open"),
	"delist": byPerson("UEL2", 1, (*escalation.Desk).Delist, "open", "claim"),
	"watch": {quiet: true, events: 1, before: []string{"open", "late"}, do: func(ctx context.Context, w *ward, _ caseCrash) error {
		return w.desk.Watch(ctx)
	}},
	"late": {quiet: true, do: func(_ context.Context, w *ward, _ caseCrash) error { w.pass(70 * time.Minute); return nil }},
	"refused_card": {quiet: true, events: 1, before: []string{"open"}, do: func(ctx context.Context, w *ward, c caseCrash) error {
		return w.desk.CardRefused(ctx, c.ID, hallL2, "The channel is archived.")
	}},
	"refused_agent": {quiet: true, events: 1, before: []string{"open"}, do: func(ctx context.Context, w *ward, c caseCrash) error {
		return w.desk.AgentUnreached(ctx, c.ID, "UANN", "Slack knows nobody of that name any more.")
	}},
	"taken_card": {quiet: true, events: 1, before: []string{"open", "refused_card"}, do: func(ctx context.Context, w *ward, c caseCrash) error {
		return w.desk.CardTaken(ctx, c.ID, hallL2)
	}},
	"heard": {quiet: true, events: 1, before: []string{"open", "claim"}, do: func(ctx context.Context, w *ward, c caseCrash) error {
		return w.desk.Heard(ctx, w.as("UEL2"), c.Place)
	}},
}

// aboutJane is a case about her address.
func aboutJane() escalation.NewCase {
	return escalation.NewCase{Kind: escalation.Blocklist, Whom: escalation.Whom{UserID: jane}, Reason: "The canary never came."}
}

// TestCasesWhenAProcessEnds kills a process at each named step, and has another go
// on: the case is as it was before, or as it is after, and both sides see it so, once.
func TestCasesWhenAProcessEnds(t *testing.T) {
	t.Parallel()
	if told := os.Getenv(crashVariable); told != "" {
		endAtCaseStep(t, told)
		return
	}
	for _, step := range escalation.Steps() {
		name, _, _ := strings.Cut(step, ":")
		doing, known := caseDoings[name]
		if !known {
			t.Errorf("no process ends at %s", step)
			continue
		}
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			doing.endsAt(t, name, step)
		})
	}
}

// openCaseWard opens a ward in which cases are seen.
func openCaseWard(t *testing.T, databaseURL string) (*ward, *hall) {
	t.Helper()
	w := openWard(t, databaseURL)
	openCases(w)
	return w, openHall(t, w.house, databaseURL, hallSlack(w.clock, "UANN", "UBEN", "UEL2", "ULEAD", "UBOSS"), w.roles)
}

// openCases has all that it takes to escalate something about Jane.
func openCases(w *ward) {
	w.t.Helper()
	w.roles["UBEN"] = actions.RolesOf(actions.RoleAgent)
	w.desk.Channel, w.desk.Leads = hallL2, hallLeads
	w.put(
		actions.Account{ID: "a1", Name: "Acme", Status: actions.AccountActive, GatewayIDs: []string{"GW-1"}, Brand: "Acme Cloud"},
		actions.Suppression{Address: janeMail, List: actions.ListBlock, Since: w.clock().Add(-24 * time.Hour), Reason: "full"},
	)
}

// endsAt has a process end at the step, and goes on.
func (d caseDoing) endsAt(t *testing.T, name, step string) {
	database := storetest.SQLiteURL(t)
	w, h := openCaseWard(t, database)
	c := caseCrash{Database: database, Step: step, Do: name}
	for _, before := range d.before {
		if err := caseDoings[before].do(t.Context(), w, c); err != nil {
			t.Fatalf("%s: %v", before, err)
		}
		c.ID = w.onlyCase()
		h.deliver(t.Context(), w.pass)
	}
	c.Now = w.clock()
	if c.ID != "" {
		place, _, err := w.store.Place(t.Context(), actions.OutgoingCase, hallL2, c.ID)
		if err != nil {
			t.Fatal(err)
		}
		c.Place = place
	}
	before := w.eventsOf(c.ID)
	killAt(t, "TestCasesWhenAProcessEnds", c)
	d.goesOn(w, c, before)
	if name == "refused_card" { // by nobody here, so that it is taken
		h.redraw(t.Context(), []string{c.ID})
	}
	h.wantSeen(t.Context(), w.pass, w.onlyCase())
}

// endProcess kills the process that it is called in.
func endProcess(t *testing.T) {
	if err := syscall.Kill(os.Getpid(), syscall.SIGKILL); err != nil {
		t.Error(err)
	}
	select {} // nothing more happens in this process
}

// killAt runs the test in a process of its own, which is told what to do, and expects
// that it is killed.
func killAt(t *testing.T, test string, told any) {
	t.Helper()
	text, err := json.Marshal(told)
	if err != nil {
		t.Fatal(err)
	}
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+test+"$", "-test.count=1")
	child.Env = append(os.Environ(), crashVariable+"="+string(text))
	out, err := child.CombinedOutput()
	exit := new(exec.ExitError)
	if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL { //nolint:forcetypeassert // on the systems that this runs on
		t.Fatalf("the process ended with %v: %s", err, out)
	}
}

// endAtCaseStep is the process that ends.
func endAtCaseStep(t *testing.T, told string) {
	var c caseCrash
	if err := json.Unmarshal([]byte(told), &c); err != nil {
		t.Fatal(err)
	}
	w := reopenWard(t, c.Database, c.Now)
	w.roles["UBEN"] = actions.RolesOf(actions.RoleAgent)
	w.desk.Channel, w.desk.Leads = hallL2, hallLeads
	w.desk.Reached = func(step string) {
		if step == c.Step {
			endProcess(t)
		}
	}
	t.Fatalf("%s was never reached: %v", c.Step, caseDoings[c.Do].do(t.Context(), w, c))
}

// goesOn does again what the process was about: what it did before it ended has its
// effect, once.
func (d caseDoing) goesOn(w *ward, c caseCrash, before int) {
	w.t.Helper()
	ended := before + d.events
	stored := c.Do != "delist" && strings.HasSuffix(c.Step, ":stored") || c.Do == "delist" && !strings.HasSuffix(c.Step, ":begun")
	want := before
	if stored {
		want = ended
	}
	if c.ID == "" && stored {
		c.ID = w.onlyCase()
	}
	if got := w.eventsOf(c.ID); got != want {
		w.t.Errorf("the process that ended left %d events, want %d", got, want)
	}
	w.calls = 1000 // the same request as the other's
	err := d.do(w.t.Context(), w, c)
	if again := stored && !d.quiet; again != (actions.CodeOf(err) == actions.Conflict) || !again && err != nil {
		w.t.Errorf("the same again is answered %v", err)
	}
	if got := w.eventsOf(w.onlyCase()); got != ended {
		w.t.Errorf("there are %d events, want %d", got, ended)
	}
}

// onlyCase is the ID of the case that there is.
func (w *ward) onlyCase() string {
	w.t.Helper()
	ids := []string{}
	err := w.store.EachCase(w.t.Context(), time.Time{}, time.Time{}, func(c escalation.Case) error {
		ids = append(ids, c.ID)
		return nil
	})
	if err != nil || len(ids) != 1 {
		w.t.Fatalf("there are the cases %v, %v", ids, err)
	}
	return ids[0]
}

// eventsOf is how many events a case has.
func (w *ward) eventsOf(id string) int {
	w.t.Helper()
	events, err := w.store.EventsOf(w.t.Context(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return len(events)
}

// claimedCase is the ID of a case about Jane's address, which stands on a list, that
// was claimed.
func (w *ward) claimedCase() string {
	w.t.Helper()
	openCases(w)
	for _, before := range []string{"open", "claim"} {
		c := caseCrash{}
		if before == "claim" {
			c.ID = w.onlyCase()
		}
		if err := caseDoings[before].do(w.t.Context(), w, c); err != nil {
			w.t.Fatal(err)
		}
	}
	return w.onlyCase()
}

// wantDelisted expects that the case of an operation says once that the address was
// taken off its list, and that it is.
func (w *ward) wantDelisted(op actions.Operation) {
	w.t.Helper()
	report, err := w.desk.Report(w.t.Context(), op.Params.Case)
	if err != nil {
		w.t.Fatal(err)
	}
	told := 0
	for _, e := range report.Events {
		if e.Kind == escalation.EventDelisted {
			told++
		}
	}
	listed, err := w.store.Listed(w.t.Context(), janeMail)
	if err != nil || len(listed) > 0 || told != 1 || report.Case.Delisting != op.ID {
		w.t.Errorf("the address stands on %v (%v), and the case says %d times that it was taken off: %+v", listed, err, told, report.Case)
	}
}
