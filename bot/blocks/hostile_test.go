package blocks_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
)

// hostile are values that records may hold.
var hostile = []string{
	strings.Repeat("n", 400), strings.Repeat("<&>", 140), strings.Repeat("🧑🏽‍🚒", 100), strings.Repeat("שלום עולם ", 40), strings.Repeat("مرحبا", 80),
	"<!channel>", "<!here|x>", "<@U0BOSS>", "<!subteam^S0ALL>", "<https://evil.example|Unlock>", "https://evil.example @channel #general", "@here",
	"\u202egnp.exe\u202c", "a\nb\r\nc\x00\x1b", "*bold* _it_ ~st~ `code` ```pre```", "```\n<!everyone>\n```", "> quote", "", " ", "&lt;", "\xff\xfe",
	"<!date^1^{date}|x>", "<#C0ALL>", "<mailto:a@evil.example|b>", strings.Repeat("&amp;", 700), strings.Repeat("x y ", 800),
	strings.Repeat("\"\\", 3000), strings.Repeat("\u2028", 500),
}

// fine checks everything that holds for every message.
func fine(t *testing.T, name string, messages ...blocks.Message) {
	t.Helper()
	for i, message := range messages {
		withinLimits(t, message)
		nothingLinked(t, message)
		if t.Failed() {
			t.Fatalf("it was message %d of %s", i, name)
		}
	}
}

// TestHostileRecords fills every message with hostile values, fifty of
// everything, in many mixtures: no limit is broken, nothing is mentioned or
// linked.
func TestHostileRecords(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for range 5 {
		everyMessage(t, "a mixture", func() string { return hostile[random.IntN(len(hostile))] })
	}
	for _, value := range hostile { // and each of them everywhere at once
		everyMessage(t, value, func() string { return value })
		fine(t, value, blocks.Sentence("x"+value))
	}
}

// FuzzValue puts a value where it is read as markup, and where it is plain.
func FuzzValue(f *testing.F) {
	for _, value := range hostile {
		f.Add(value)
	}
	f.Fuzz(func(t *testing.T, value string) {
		r := watch(actions.WatchFailed)
		r.Person.Name, r.Watch.Outcome, r.Watch.Ticket = "x"+value, actions.Outcome(value), value
		d := actions.Diagnosis{User: &r.Person, Ticket: value, Findings: []actions.Finding{{Summary: value, TellCustomer: value}}}
		fine(t, value, blocks.WatchEnded(r), blocks.TicketNote(d))
		op := operation(actions.ActUnlock, actions.OperationFailed)
		op.Operation.Why, op.Operation.Reason, op.Does, op.Afterwards = value, value, []string{value}, value
		fine(t, value, blocks.Operation(op), blocks.Approval(op), blocks.Failure(actions.Words{Sentence: "x" + value}))
		p := prepared(actions.ActSendReset)
		p.Draft, p.Second = &actions.Draft{Subject: value, Text: value}, value
		fineModal(t, blocks.MailModal(p, value))
	})
}

// everyMessage makes each message of the package, with hostile values wherever
// a record could hold one.
func everyMessage(t *testing.T, name string, pick func() string) {
	t.Helper()
	reader := blocks.Reader{ID: pick(), L2: "<!subteam^S0L2>", May: everything, Share: true, WrongChannel: true}
	user, nobody := hostileUser(pick), hostileUser(pick)
	nobody.User, nobody.Facts.NearNames = nil, people(50, pick)
	fine(t, name,
		blocks.Diagnosis(user, reader), blocks.Diagnosis(nobody, reader), blocks.Diagnosis(hostileAccounts(pick), reader),
		blocks.Diagnosis(actions.Diagnosis{Identifier: pick(), Matches: people(25, pick), Facts: actions.Facts{Cut: pick()}}, reader),
		blocks.TicketNote(user), blocks.TicketNote(nobody), blocks.Shared(user, "U0AGENT"), blocks.Shared(user, pick()),
		blocks.History(hostileHistory(pick)), blocks.Choose("Who is it?", people(25, pick), 3), blocks.Last(hostileLooks(50, pick)),
	)
	for _, state := range []actions.WatchState{actions.Watching, actions.WatchIn, actions.WatchFailed, actions.WatchExpired, "strange"} {
		r := hostileWatch(state, pick)
		fine(t, name, blocks.Watching(r), blocks.WatchEnded(r))
		r.Watch.Judgement = actions.Judgement(pick())
		fine(t, name, blocks.WatchEnded(r))
	}
	everyRemedy(t, name, pick)
	view := blocks.HomeView{Looks: hostileLooks(50, pick), Help: help()}
	for range 50 {
		view.Watches = append(view.Watches, hostileWatch(actions.Watching, pick))
	}
	withinBlocks(t, atHome(view), 100)
	nothingLinked(t, atHome(view))
}

func people(n int, pick func() string) []actions.Person {
	var all []actions.Person
	for range n {
		all = append(all, actions.Person{
			ID: pick(), Name: pick(), Username: pick(), Email: pick(), Mobile: pick(), Status: actions.UserStatus(pick()), Locale: pick(),
		})
	}
	return all
}

func hostileUser(pick func() string) actions.Diagnosis {
	d := actions.Diagnosis{Identifier: pick(), User: &people(1, pick)[0], Ticket: pick()}
	d.User.Email = d.Identifier
	for range 50 {
		finding := actions.Finding{
			Cause: actions.CauseEmailSuppressed, Grade: actions.Indicated, Summary: "S" + pick(), TellCaller: pick(), TellCustomer: pick(),
			Remedies: []actions.RemedyID{actions.Unlock, actions.Escalate, "no_such_remedy"},
		}
		for range 50 {
			finding.Evidence = append(finding.Evidence, actions.Evidence{At: now, Source: pick(), Text: pick()})
		}
		d.Findings = append(d.Findings, finding)
		d.Facts.Accounts = append(d.Facts.Accounts, account(pick))
		fact := actions.AttemptFact{At: now, Outcome: actions.Outcome(pick()), Typed: pick(), IP: pick(), Country: pick(), VPN: true, Staff: true}
		d.Facts.LastSuccess = &fact
		d.Facts.LastAttempts, d.Facts.Failures = append(d.Facts.LastAttempts, fact), 1<<40
		d.Facts.Locks = append(d.Facts.Locks, actions.LockFact{ID: pick(), Kind: actions.LockKind(pick()), At: now, EndedAt: now, Detail: pick()})
		d.Facts.Support = append(d.Facts.Support, actions.SupportFact{At: now, Actor: pick(), Act: actions.Act(pick()), Outcome: actions.ActDone})
	}
	d.Facts.Freshness = actions.Freshness{Stale: true, Text: pick(), NewestAttempt: now}
	d.Facts.Contact = &actions.Contact{
		Email: pick(), Mobile: pick(), OptedOut: []actions.Channel{actions.Channel(pick()), actions.Channel(pick())}, ChangedAt: now, ChangedLately: true,
	}
	d.Facts.Protected, d.Unrecorded, d.Facts.Cut = true, true, pick()
	d.Facts.Alike = &actions.AlikeFact{Outcome: actions.Outcome(pick()), Customers: 1 << 40, Usual: 1e9}
	return d
}

func account(pick func() string) actions.AccountFact {
	var gateways []string
	for range 50 {
		gateways = append(gateways, pick())
	}
	return actions.AccountFact{
		ID: "a", Name: pick(), Status: actions.AccountStatus(pick()), Reason: pick(), GatewayIDs: gateways, Owner: pick(), ClosedAt: now,
		Role: pick(), Membership: actions.MembershipStatus(pick()), Members: 3,
	}
}

func hostileAccounts(pick func() string) actions.Diagnosis {
	d := actions.Diagnosis{Identifier: pick()}
	fail := actions.AccountFail{AccountID: "a", Cut: true}
	for _, p := range people(50, pick) {
		fail.Users = append(fail.Users, actions.UserFail{Person: p, Outcome: actions.Outcome(pick()), At: now, Failures: 7, InSince: now})
	}
	for range 25 {
		d.Facts.Accounts = append(d.Facts.Accounts, account(pick))
		d.Facts.Failed = append(d.Facts.Failed, fail)
	}
	return d
}

func hostileHistory(pick func() string) actions.History {
	h := history()
	h.Person, h.Cut, h.Zone, h.Attempts, h.Total = people(1, pick)[0], pick(), pick(), nil, 1<<40
	for range 50 {
		h.Attempts = append(h.Attempts, actions.AttemptFact{
			At: now, Outcome: actions.Outcome(pick()), Typed: pick(), IP: pick(), Country: pick(), VPN: true, Staff: true,
		})
	}
	return h
}

func hostileLooks(n int, pick func() string) []actions.Look {
	var all []actions.Look
	for i, p := range people(n, pick) {
		look := actions.Look{At: now, Act: actions.Act(pick()), Ticket: pick()}
		if i%3 == 0 {
			look.Asked = pick()
		} else {
			look.Person = &p
		}
		all = append(all, look)
	}
	return all
}

func hostileWatch(state actions.WatchState, pick func() string) actions.WatchReport {
	return actions.WatchReport{Person: people(1, pick)[0], Watch: actions.Watch{
		ID: pick(), UserID: pick(), Actor: pick(), Ticket: pick(), Cause: actions.Cause(pick()), Grade: actions.Grade(pick()), State: state,
		Outcome: actions.Outcome(pick()), StartedAt: now, Until: now.Add(30 * time.Minute), AttemptAt: now,
	}}
}

// More blocks than Slack takes are left out, and it is said.
func TestTooManyBlocks(t *testing.T) {
	many := hostileAccounts(func() string { return "x" })
	many.Facts.Failed = nil
	message := blocks.Diagnosis(many, reader)
	fine(t, "many accounts", message)
	all, _ := sent(t, message)
	if last := all[len(all)-1].list("elements"); len(all) != 50 || !strings.Contains(last[0].string("text"), "left out") {
		t.Errorf("%d blocks, the last is %v", len(all), last)
	}
}

// However much is on record, the buttons are there.
func TestButtonsAreNeverLeftOut(t *testing.T) {
	d := hostileUser(func() string { return strings.Repeat("&", 5000) })
	d.User.ID = "u-1"
	want := []string{"escalate u-1", "verify_caller u-1", "watch u-1", "history u-1", "ticket_note u-1", "share u-1", "continue diagnose u-1"}
	elsewhere := reader
	elsewhere.WrongChannel = true
	if got := buttons(t, blocks.Diagnosis(d, elsewhere)); !slices.Equal(got, want) {
		t.Errorf("the buttons are %q, want %q", got, want)
	}
}
