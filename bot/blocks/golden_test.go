package blocks_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
)

var update = flag.Bool("update", false, "write the golden files anew")

var (
	now    = time.Date(2026, 3, 14, 9, 52, 0, 0, time.UTC)
	reader = blocks.Reader{ID: "U0AGENT", L2: "@support-melbourne", May: everything, Share: true}
)

func everything(actions.Act) bool { return true }

func ago(d time.Duration) time.Time { return now.Add(-d) }

// golden compares a message with a file under testdata.
func golden(t *testing.T, name string, message blocks.Message) {
	t.Helper()
	goldenJSON(t, name, map[string]any{"text": message.Text, "blocks": message.Blocks})
	withinLimits(t, message)
	nothingLinked(t, message)
}

// goldenJSON compares what is sent to Slack with a file under testdata.
func goldenJSON(t *testing.T, name string, sent any) {
	t.Helper()
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(sent); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", name+".json")
	if *update {
		if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), out.String()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// locked is Jane, locked after wrong passwords, with all that stands beside.
func locked() actions.Diagnosis {
	return actions.Diagnosis{
		Identifier: "jane@acme.example", At: now,
		User: &actions.Person{
			ID: "u-1", Name: "Jane Doe", Username: "j•••", Email: "jane@acme.example", Mobile: "•••78", Status: actions.UserActive,
		},
		Matches: []actions.Person{},
		Findings: []actions.Finding{
			{
				Cause: actions.CauseLockedAttempts, Grade: actions.Proven, Summary: "The user is locked after too many wrong passwords.",
				Evidence: []actions.Evidence{
					{At: ago(20 * time.Minute), Source: "lock", Text: "locked for too many wrong passwords"},
					{At: ago(21 * time.Minute), Source: "attempt", Text: "wrong password from 203.0.113.7, AU"},
				},
				Remedies:     []actions.RemedyID{actions.Unlock, actions.SendReset},
				TellCaller:   "Thank you, I am looking into it. First I need to make sure who you are.",
				TellCustomer: "There were too many tries.", Article: "https://help.acme.example/locked?from=desk&v=2",
			},
			{Cause: actions.CauseEmailSuppressed, Grade: actions.Proven, Summary: "Mail to the address is held back: it is on the block list."},
		},
		Facts: actions.Facts{
			Freshness: actions.Freshness{NewestAttempt: ago(4 * time.Minute), Text: "The newest record is 4 minutes old."},
			Contact: &actions.Contact{
				Email: "jane@acme.example", EmailVerified: true, Mobile: "•••78", OptedOut: []actions.Channel{actions.ChannelSMS},
				ChangedAt: ago(48 * time.Hour), ChangedLately: true,
			},
			Accounts: []actions.AccountFact{
				{ID: "a-1", Name: "Acme Pty Ltd", Status: actions.AccountActive, GatewayIDs: []string{"GW-1001", "GW-1002"}, Role: "member", Membership: actions.MembershipActive, LetsIn: true},
				{ID: "a-2", Name: "Acme Old", Status: actions.AccountCancelled, Reason: "not_needed", GatewayIDs: []string{}, Role: "admin", Membership: actions.MembershipDeactivated},
			},
			LastSuccess: &actions.AttemptFact{At: ago(72 * time.Hour), Outcome: actions.Success, Typed: "j•••", IP: "203.0.113.7", Country: "AU"},
			LastAttempts: []actions.AttemptFact{
				{At: ago(5 * time.Minute), Outcome: actions.Success, Typed: "j•••", IP: "198.51.100.1", Staff: true},
				{At: ago(10 * time.Minute), Outcome: actions.WrongPassword, Typed: "j•••", IP: "198.51.100.1", Staff: true},
				{At: ago(21 * time.Minute), Outcome: actions.WrongPassword, Typed: "j•••", IP: "203.0.113.7", Country: "AU", VPN: true},
			},
			Failures: 25,
			Locks: []actions.LockFact{
				{ID: "l-1", Kind: actions.LockAttempts, At: ago(20 * time.Minute), Until: now.Add(time.Hour), Open: true},
				{ID: "l-0", Kind: actions.LockManual, At: ago(240 * time.Hour), EndedAt: ago(239 * time.Hour), Detail: "asked by phone"},
			},
			Protected: true,
			Support: []actions.SupportFact{
				{At: ago(time.Hour), Actor: "U0BEN", Act: actions.ActDiagnose, Outcome: actions.ActDone},
				{At: ago(2 * time.Hour), Actor: "terminal:ann", Act: actions.ActDiagnose, Outcome: actions.ActDone},
				{At: ago(3 * time.Hour), Actor: "U0AGENT", Act: actions.ActDiagnose, Outcome: actions.ActDone},
			},
			Alike: &actions.AlikeFact{Outcome: actions.WrongPassword, Customers: 19, Usual: 2.4},
		},
	}
}

func several() actions.Diagnosis {
	return actions.Diagnosis{
		Identifier: "sam", At: now,
		Matches: []actions.Person{
			{ID: "u-1", Name: "Sam One", Username: "sam", Email: "s•••@o•••.example", Status: actions.UserActive},
			{ID: "u-2", Username: "sam", Mobile: "•••12", Status: actions.UserDisabled},
		},
		Facts: actions.Facts{Freshness: actions.Freshness{NewestAttempt: ago(time.Minute), Text: "The newest record is 1 minute old."}},
	}
}

func none() actions.Diagnosis {
	return actions.Diagnosis{
		Identifier: "jnae", At: now, Matches: []actions.Person{},
		Findings: []actions.Finding{{
			Cause: actions.CauseUnknownUsername, Grade: actions.Proven, Summary: "Nobody has this name, and somebody tried to log in with it.",
			Evidence:     []actions.Evidence{{At: ago(time.Minute), Source: "attempt", Text: "unknown user name from 203.0.113.7"}},
			Remedies:     []actions.RemedyID{actions.SendUsername, actions.LoginHelper},
			TellCaller:   "Thank you, I am looking into it.",
			TellCustomer: "We send the right user name to your address on file.",
		}},
		Facts: actions.Facts{
			Freshness: actions.Freshness{Stale: true, Text: "The newest record is 3 hours old: what happened since isn't in here.", NewestAttempt: ago(3 * time.Hour)},
			NearNames: []actions.Person{{ID: "u-1", Name: "Jane Doe", Username: "j•••", Email: "j•••@a•••.example", Status: actions.UserActive}},
		},
	}
}

func anAccount() actions.Diagnosis {
	return actions.Diagnosis{
		Identifier: "GW-1001", At: now, Matches: []actions.Person{}, Findings: []actions.Finding{},
		Facts: actions.Facts{
			Freshness: actions.Freshness{NewestAttempt: ago(time.Minute), Text: "The newest record is 1 minute old."},
			Accounts: []actions.AccountFact{{
				ID: "a-1", Name: "Acme Pty Ltd", Status: actions.AccountPaymentHold, Reason: "unpaid", GatewayIDs: []string{"GW-1001"},
				Owner: "owner@latchkey.example", Members: 12, ClosedAt: ago(24 * time.Hour),
			}},
			Failed: []actions.AccountFail{{AccountID: "a-1", Cut: true, Users: []actions.UserFail{
				{Person: actions.Person{ID: "u-1", Name: "Jane Doe", Username: "j•••"}, Outcome: actions.PaymentHold, At: ago(time.Hour), Failures: 3},
				{Person: actions.Person{ID: "u-2", Username: "s•••"}, Outcome: actions.WrongPassword, At: ago(2 * time.Hour), Failures: 1, InSince: ago(time.Hour)},
			}}},
		},
	}
}

func TestGolden(t *testing.T) {
	quiet := locked()
	quiet.Facts = actions.Facts{Freshness: quiet.Facts.Freshness}
	quiet.Findings = quiet.Findings[:1]
	quiet.Unrecorded = true
	calm := anAccount()
	calm.Facts.Failed = nil
	elsewhere := reader
	elsewhere.Share, elsewhere.WrongChannel = false, true
	german := locked()
	german.User.Locale = "de-DE"
	german.Findings = judged(locks(actions.LockAttempts)).Findings
	for name, message := range map[string]blocks.Message{
		"locked":           blocks.Diagnosis(locked(), reader),
		"locked_only":      blocks.Diagnosis(quiet, blocks.Reader{ID: "U0AGENT"}),
		"locked_elsewhere": blocks.Diagnosis(locked(), elsewhere),
		"locked_german":    blocks.Diagnosis(german, reader),
		"several":          blocks.Diagnosis(several(), reader),
		"nobody":           blocks.Diagnosis(none(), reader),
		"account":          blocks.Diagnosis(anAccount(), reader),
		"account_ok":       blocks.Diagnosis(calm, reader),
		"nothing":          blocks.Diagnosis(actions.Diagnosis{}, reader),
		"failure":          blocks.Failure(actions.Words{Code: actions.Invalid, Sentence: "Please say <who> & why."}),
		"dm":               blocks.ContinueInDM([]string{"C0ONE", "C0TWO"}, "parked p-1"),
		"dm_only":          blocks.ContinueInDM(nil, "parked p-1"),
		"continued":        blocks.Continued("U0BOT"),
		"help":             help(),
		"ticket_note":      blocks.TicketNote(again(locked())),
		"shared":           blocks.Shared(again(locked()), "U0AGENT"),
		"history":          blocks.History(history()),
		"history_empty":    blocks.History(actions.History{Person: *again(locked()).User, At: now, Days: history().Days, Zone: "UTC"}),
		"watching":         blocks.Watching(watch(actions.Watching)),
		"watching_already": blocks.Watching(actions.WatchReport{Watch: watch(actions.Watching).Watch, Person: person(), Already: true}),
		"watch_in":         blocks.WatchEnded(watch(actions.WatchIn)),
		"watch_failed":     blocks.WatchEnded(watch(actions.WatchFailed)),
		"watch_expired":    blocks.WatchEnded(watch(actions.WatchExpired)),
		"watch_judged":     blocks.WatchEnded(judgedWatch(actions.JudgedWrong)),
		"last":             blocks.Last(looks()),
		"last_none":        blocks.Last(nil),
		"choose":           blocks.Choose("Whom does the message name?", several().Matches, 1),
		"choose_none":      blocks.Choose("Whom does the message name?", nil, 2),
	} {
		t.Run(name, func(t *testing.T) { golden(t, name, message) })
	}
	t.Run("home", func(t *testing.T) {
		golden(t, "home", atHome(blocks.HomeView{Looks: looks(), Watches: []actions.WatchReport{watch(actions.Watching)}, Help: help()}))
	})
	t.Run("home_new", func(t *testing.T) { golden(t, "home_new", atHome(blocks.HomeView{Help: help()})) })
	t.Run("modal", func(t *testing.T) {
		goldenJSON(t, "modal", blocks.DiagnoseModal())
		withinLimits(t, blocks.Message{Text: "a modal has none", Blocks: blocks.DiagnoseModal().Blocks.BlockSet})
	})
}

// Every cause has its answer, made of records as they come: a new cause without
// a situation or a golden file fails.
func TestGoldenOfEachCause(t *testing.T) {
	for _, cause := range actions.Causes() {
		t.Run(string(cause), func(t *testing.T) {
			happened := situations[cause]
			if happened == nil {
				t.Fatal("there is no situation for this cause")
			}
			d := judged(happened)
			if d.Findings[0].Cause != cause {
				t.Fatalf("the decisive cause is %s", d.Findings[0].Cause)
			}
			golden(t, "cause_"+string(cause), blocks.Diagnosis(d, reader))
			nothingLinked(t, blocks.Diagnosis(d, reader))
			withinLimits(t, blocks.TicketNote(d))
			withinLimits(t, blocks.Shared(again(d), "U0AGENT"))
		})
	}
}

// No golden file is left behind.
func TestGoldenFilesAreOfCauses(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "cause_*.json"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != len(actions.Causes()) {
		t.Errorf("%d golden files for %d causes", len(files), len(actions.Causes()))
	}
}

func help() blocks.Message {
	return blocks.Help("/latchkey", []blocks.Command{
		{Name: "/diagnose", Usage: "IDENTIFIER", Summary: "Says why a customer can't log in.", Example: "/diagnose jane@acme.example"},
		{Name: "/latchkey", Summary: "Explains the commands."},
	})
}

// atHome makes a message of Home's blocks, so that it is checked like one.
func atHome(view blocks.HomeView) blocks.Message {
	return blocks.Message{Text: "Home has none", Blocks: blocks.Home(view)}
}

// person is Jane, masked.
func person() actions.Person {
	return actions.Person{ID: "u-1", Name: "Jane Doe", Username: "j•••", Email: "j•••@a•••.example", Mobile: "•••78", Status: actions.UserActive}
}

// again is a diagnosis as it is shown for another purpose: masked throughout.
func again(d actions.Diagnosis) actions.Diagnosis {
	masked := person()
	d.Identifier, d.User, d.Ticket = "", &masked, "#4711"
	return d
}

func watch(state actions.WatchState) actions.WatchReport {
	w := actions.Watch{
		ID: "w-1", UserID: "u-1", Actor: "U0AGENT", Ticket: "#4711", Cause: actions.CauseWrongPassword, Grade: actions.Proven,
		StartedAt: now, Until: now.Add(30 * time.Minute), State: state,
	}
	switch state {
	case actions.WatchIn:
		w.AttemptAt, w.Outcome = now.Add(4*time.Minute), actions.Success
	case actions.WatchFailed:
		w.AttemptAt, w.Outcome = now.Add(5*time.Minute), actions.LockedOut
	case actions.Watching, actions.WatchExpired:
	}
	return actions.WatchReport{Watch: w, Person: person()}
}

func judgedWatch(judgement actions.Judgement) actions.WatchReport {
	r := watch(actions.WatchIn)
	r.Watch.Judgement, r.Watch.JudgedAt = judgement, now.Add(time.Hour)
	return r
}

func looks() []actions.Look {
	masked := person()
	return []actions.Look{
		{At: ago(time.Minute), Act: actions.ActDiagnose, Person: &masked, Ticket: "#4711"},
		{At: ago(time.Hour), Act: actions.ActDiagnose, Asked: "sam"},
		{At: ago(2 * time.Hour), Act: actions.ActDiagnose},
	}
}

func history() actions.History {
	h := actions.History{Person: person(), At: now, Zone: "Europe/Berlin", Total: 30}
	for i := range 14 {
		h.Days = append(h.Days, actions.HistoryDay{Day: time.Date(2026, 3, 1+i, 0, 0, 0, 0, time.UTC), In: i % 3, Failed: i % 5})
	}
	for i := range 25 {
		fact := actions.AttemptFact{At: ago(time.Duration(i) * time.Hour), Outcome: actions.WrongPassword, Typed: "j•••", IP: "192.0.2.10", Country: "AU"}
		if i%7 == 3 {
			fact.Outcome = actions.Success
		}
		fact.Staff, fact.VPN = i == 2, i == 4
		h.Attempts = append(h.Attempts, fact)
	}
	return h
}
