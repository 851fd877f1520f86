package actions

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// failing has customers fail, one every ten seconds, the last of them so long ago.
func (d *desk) failing(n int, outcome Outcome, ago time.Duration, details ...func(i int, one *fakeFailing)) {
	for i := range n {
		id := fmt.Sprintf("c-%03d", len(d.store.state.failing))
		one := fakeFailing{IncidentCustomer: IncidentCustomer{Who: "u:" + id, UserID: id, At: d.now.Add(-ago - time.Duration(n-1-i)*10*second)}}
		one.attempt = Attempt{Outcome: outcome}
		for _, detail := range details {
			detail(i, &one)
		}
		d.store.state.failing = append(d.store.state.failing, one)
	}
}

// looksOut lets a minute pass, and has the job run.
func (d *desk) looksOut(t *testing.T, passes time.Duration) []Incident {
	t.Helper()
	d.now = d.now.Add(passes)
	must(t, d.WatchIncidents(t.Context()))
	all, err := d.store.IncidentsIn(t.Context(), time.Time{}, d.now.Add(aDay), 10)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// cardsOf takes what is under way of incidents, as who gets it.
func (d *desk) cardsOf() []string {
	var to []string
	for _, m := range d.store.state.outbox {
		if m.Kind == OutgoingIncident {
			to = append(to, m.To)
		}
	}
	d.store.state.outbox = nil
	return to
}

// TestIncidentOpensGrowsAndEnds by the measure of CAUSES.md: ten customers, and five times
// the mean of the same hour.
func TestIncidentOpensGrowsAndEnds(t *testing.T) {
	d := newDesk()
	d.LeadsChannel = "CLEADS"
	d.failing(9, WrongPassword, minute)
	if all := d.looksOut(t, 0); len(all) != 0 {
		t.Fatalf("nine are an incident: %+v", all)
	}
	d.failing(1, WrongPassword, 0)
	all := d.looksOut(t, 0)
	if len(all) != 1 || all[0].Outcome != WrongPassword || all[0].Customers != 10 || all[0].Peak != 10 || !all[0].At.Equal(noon.Add(-minute-80*second)) || !all[0].EndedAt.IsZero() {
		t.Fatalf("got %+v", all)
	}
	if to := d.cardsOf(); !slices.Equal(to, []string{"CLEADS"}) {
		t.Errorf("told are %v", to)
	}
	if d.looksOut(t, minute); len(d.cardsOf()) != 0 {
		t.Error("the card is drawn anew, and nothing has changed")
	}
	d.failing(15, WrongPassword, 0)
	if all = d.looksOut(t, minute); len(all) != 1 || all[0].Customers != 25 || all[0].Peak != 25 || !all[0].SeenAt.Equal(d.now) || len(d.cardsOf()) != 1 {
		t.Errorf("grown it is %+v", all)
	}
	last := all[0].SeenAt
	d.store.state.usual = 20 // 25 are nothing unusual any more
	if all = d.looksOut(t, 29*minute); !all[0].SeenAt.Equal(last) || !all[0].EndedAt.IsZero() || len(d.cardsOf()) != 0 {
		t.Errorf("before it ends it is %+v", all)
	}
	if all = d.looksOut(t, minute); !all[0].EndedAt.Equal(d.now) || all[0].Customers != 25 || len(d.cardsOf()) != 1 {
		t.Errorf("ended it is %+v", all)
	}
	d.store.state.usual = 0
	d.failing(12, WrongPassword, 0)
	all = d.looksOut(t, minute)
	if open, err := d.store.OpenIncidents(t.Context()); err != nil || len(all) != 2 || len(open) != 1 || !open[0].SeenAt.Equal(d.now) {
		t.Errorf("the next is %+v of %+v, %v", open, all, err)
	}
}

// TestIncidentGoesOnAsTold: whom wrong passwords locked, and who are told so at their next try,
// are no second incident: the first lasts with them. Ten others who are told so are one.
func TestIncidentGoesOnAsTold(t *testing.T) {
	d := newDesk()
	d.LeadsChannel = "CLEADS"
	again := func(i int, one *fakeFailing) {
		id := fmt.Sprintf("c-%03d", i)
		one.Who, one.UserID = "u:"+id, id
	}
	d.failing(12, WrongPassword, minute)
	d.failing(12, LockedOut, 0, again)
	all := d.looksOut(t, 0)
	if len(all) != 1 || all[0].Outcome != WrongPassword || all[0].Customers != 12 || len(d.cardsOf()) != 1 {
		t.Fatalf("at once it is %+v", all)
	}
	for range 6 { // nobody tries a password any more
		d.failing(12, LockedOut, 0, again)
		if all = d.looksOut(t, 25*minute); len(all) != 1 || !all[0].EndedAt.IsZero() || !all[0].SeenAt.Equal(d.now) || len(d.cardsOf()) != 0 {
			t.Fatalf("later it is %+v", all)
		}
	}
	d.failing(9, LockedOut, 0)
	if all = d.looksOut(t, minute); len(all) != 1 {
		t.Errorf("with nine others it is %+v", all)
	}
	d.failing(1, LockedOut, 0)
	if all = d.looksOut(t, minute); len(all) != 2 || all[0].Outcome != LockedOut || all[0].Customers < 10 || len(d.cardsOf()) != 1 {
		t.Errorf("with ten others it is %+v", all)
	}
	d = newDesk()
	d.LeadsChannel = "CLEADS"
	d.failing(12, WrongPassword, minute)
	d.failing(12, LockedOut, 0, again)
	d.looksOut(t, 0)
	for _, step := range []struct {
		passes time.Duration
		over   bool
	}{{55 * minute, false}, {25 * minute, false}, {5 * minute, true}} {
		if all = d.looksOut(t, step.passes); len(all) != 1 || all[0].EndedAt.IsZero() == step.over {
			t.Errorf("after %s without anybody it is %+v", step.passes, all)
		}
	}
}

// TestIncidentUsual: what is as much as five times the mean of the same hour opens one,
// less doesn't.
func TestIncidentUsual(t *testing.T) {
	for usual, want := range map[int]int{4: 1, 5: 0} {
		d := newDesk()
		d.LeadsChannel = "CLEADS"
		d.store.state.usual = usual
		d.failing(20, LockedOut, minute)
		if all := d.looksOut(t, 0); len(all) != want {
			t.Errorf("20 instead of %d: %+v", usual, all)
		}
	}
}

// TestIncidentTwoReplicas: two that look at once open one, and the leads get one message;
// without a channel each lead does.
func TestIncidentTwoReplicas(t *testing.T) {
	d := newDesk()
	d.staffed(t)
	d.failing(12, LockedOut, 0)
	open := make(chan error, 2)
	for range 2 {
		go func() { open <- d.WatchIncidents(t.Context()) }()
	}
	for range 2 {
		must(t, <-open)
	}
	counts := AlikeCounts{Outcome: LockedOut, LastHour: 12} // one that looked before the other stored it
	w := incidentWatch{now: d.now, counts: map[Outcome]AlikeCounts{LockedOut: counts}, leads: func() ([]string, error) { return d.toLeads(t.Context()) }}
	must(t, d.openIncident(t.Context(), w, counts))
	if all := d.looksOut(t, 0); len(all) != 1 {
		t.Errorf("there are %+v", all)
	}
	to := d.cardsOf()
	slices.Sort(to)
	if to = slices.Compact(to); !slices.Equal(to, []string{"U8", "U9"}) {
		t.Errorf("told are %v", to)
	}
}

// TestIncidentOfCustomers counts each once, however many of their names they try.
func TestIncidentOfCustomers(t *testing.T) {
	d := newDesk()
	d.LeadsChannel = "CLEADS"
	twice := func(n int) {
		for range n {
			d.failing(1, WrongPassword, 0)
			last := d.store.state.failing[len(d.store.state.failing)-1]
			last.Who = "i:" + last.UserID
			d.store.state.failing = append(d.store.state.failing, last)
		}
	}
	twice(9)
	if all := d.looksOut(t, 0); len(all) != 0 {
		t.Fatalf("nine who tried two names each are an incident: %+v", all)
	}
	twice(1)
	if all := d.looksOut(t, minute); len(all) != 1 || all[0].Customers != 10 || all[0].Peak != 10 {
		t.Errorf("ten who tried two names each are %+v", all)
	}
}

// TestIncidentWhileSlackIsAway is kept all the same, and told once Slack is back, or when it
// changes.
func TestIncidentWhileSlackIsAway(t *testing.T) {
	d := newDesk()
	staff := d.staffed(t)
	staff.down = errBroken
	d.failing(12, LockedOut, 0)
	if all := d.looksOut(t, 0); len(all) != 1 || len(d.cardsOf()) != 0 {
		t.Errorf("there are %+v", all)
	}
	if d.looksOut(t, minute); len(d.cardsOf()) != 0 {
		t.Error("somebody is told, and nobody knows who the leads are")
	}
	staff.down = nil
	for after, want := range []int{2, 0, 0} {
		if all := d.looksOut(t, minute); len(all) != 1 || !all[0].SeenAt.Equal(d.now) || len(d.cardsOf()) != want {
			t.Errorf("%d minutes after Slack is back there are %+v", after+1, all)
		}
	}
	d.failing(1, LockedOut, 0)
	if all := d.looksOut(t, minute); len(all) != 1 || len(d.cardsOf()) != 2 {
		t.Errorf("there are %+v", all)
	}
}

// TestIncidentShares: what four in five have in common, the most telling first.
func TestIncidentShares(t *testing.T) {
	d := newDesk()
	d.LeadsChannel = "CLEADS"
	d.store.state.account = Account{ID: "acc", Name: "Acme of jane@acme.example"}
	d.failing(20, WrongPassword, 0, func(i int, one *fakeFailing) {
		one.attempt.UserAgent, one.attempt.Country, one.attempt.IP = "App/9", "AU", fmt.Sprintf("192.0.2.%d", i)
		if i >= 16 { // 16 of 20 are four in five
			one.attempt.IP = fmt.Sprintf("10.%d.0.1", i)
		}
		if i >= 15 {
			one.attempt.Country = "NZ"
		}
		if i == 0 {
			one.Who, one.UserID, one.Name = "i:jnae", "", "jnae"
		}
	})
	want := []Share{
		{Kind: ShareNetwork, What: "192.0.2.0/24", Customers: 16},
		{Kind: ShareAccount, What: "Acme of j•••@a•••.example", ID: "acc", Customers: 19},
		{Kind: ShareClient, What: "App/9", Customers: 20},
	}
	if all := d.looksOut(t, 0); len(all) != 1 || !slices.Equal(all[0].Shares, want) {
		t.Errorf("they share %+v", all)
	}
}

// TestIncidentReport names who failed last, masked, counts who could be unlocked, and its
// pages are rows of the audit; leads see them, nobody else.
func TestIncidentReport(t *testing.T) {
	d := newDesk()
	d.LeadsChannel = "CLEADS"
	d.failing(20, LockedOut, 0, func(i int, one *fakeFailing) {
		if i == 19 {
			one.UserID, one.Who = "u-1", "u:u-1"
		}
		if i == 18 {
			one.UserID, one.Name, one.Who = "", "stranger@acme.example", "i:stranger@acme.example"
		}
	})
	incident := d.looksOut(t, 0)[0]
	lock := func(kind LockKind, at time.Time) []Lock { return []Lock{{Kind: kind, At: at}} }
	for _, state := range []CustomerState{
		{UserID: "u-1", Locks: lock(LockAttempts, incident.At)},
		{UserID: "c-000", Locks: lock(LockAttempts, incident.At.Add(-hour-tick))}, // locked before
		{UserID: "c-001", Locks: lock(LockManual, incident.At)},
		{UserID: "c-002", Locks: lock(LockAttempts, incident.At), Barred: true},
		{UserID: "c-003"}, // what the attempts show
		{UserID: "c-004", Success: noon},
		{UserID: "c-005", Locks: lock(LockAttempts, incident.At.Add(-hour))}, // before anybody was told
	} {
		d.store.state.states[state.UserID] = state
	}
	lead := Call{Actor: Actor{ID: "U8", Roles: RolesOf(RoleLead)}, Key: "look"}
	r, err := d.LookIncident(t.Context(), lead, incident.ID)
	if err != nil || r.Locked != 3 || len(r.People) != IncidentPeople || r.More != 10 || r.Unlock != nil {
		t.Fatalf("got %+v, %v", r, err)
	}
	if r.People[0].Email != "j•••@a•••.example" || r.People[1].Username != "s•••@a•••.example" || r.People[1].ID != "" {
		t.Errorf("named are %+v", r.People[:2])
	}
	lead.Key = "people"
	page, err := d.IncidentPeople(t.Context(), lead, incident.ID, 15)
	if err != nil || page.Total != 20 || len(page.People) != 5 || !page.People[0].In || !page.People[1].Locked || !page.People[4].Locked || page.People[4].In {
		t.Errorf("got %+v, %v", page, err)
	}
	rows := d.store.state.audit
	if len(rows) != 1 || rows[0].Act != ActLockouts || rows[0].Actor != "U8" || rows[0].Subject != "" {
		t.Errorf("the audit has %+v", rows)
	}
	incident.Customers = IncidentMost + 1 // more than are told apart
	d.store.state.incidents[incident.ID], lead.Key = incident, "people again"
	page, err = d.IncidentPeople(t.Context(), lead, incident.ID, 0)
	if err != nil || page.Total != incident.Customers || len(page.People) != LockoutPageSize {
		t.Errorf("of very many got %d of %d, %v", len(page.People), page.Total, err)
	}
	_, err = d.IncidentPeople(t.Context(), agent("an agent", ""), incident.ID, 0)
	wantCode(t, err, Forbidden)
	_, err = d.LookIncident(t.Context(), agent("an agent again", ""), incident.ID)
	wantCode(t, err, Forbidden)
	_, err = d.IncidentReport(t.Context(), "another")
	wantCode(t, err, NotFound)
}

// TestIncidentOfTheStopped: a lead who was stopped pages through no customers, of an
// incident or of the lockouts.
func TestIncidentOfTheStopped(t *testing.T) {
	d := newDesk()
	d.store.state.incidents["i-1"] = Incident{ID: "i-1", Outcome: LockedOut, At: noon.Add(-hour), SeenAt: noon, Customers: 1}
	d.store.state.brakes["U8"] = Brake{Actor: "U8", At: noon}
	lead := func(key string) Call { return Call{Actor: Actor{ID: "U8", Roles: RolesOf(RoleLead)}, Key: key} }
	_, err := d.LookIncident(t.Context(), lead("look"), "i-1")
	wantCode(t, err, Forbidden)
	_, err = d.IncidentPeople(t.Context(), lead("people"), "i-1", 0)
	wantCode(t, err, Forbidden)
	_, err = d.LockoutList(t.Context(), lead("list"), Lockouts{Days: Days{First: "2026-03-10", N: 1}}, ListCustomers, 0)
	wantCode(t, err, Forbidden)
}

// TestIncidentOfADiagnosis: it stands above the findings of who failed so since it began.
func TestIncidentOfADiagnosis(t *testing.T) {
	for name, row := range map[string]struct {
		jane  option
		among bool
	}{
		"Among":        {tried(5*minute, WrongPassword), true},
		"AtItsStart":   {tried(30*minute, WrongPassword), true},
		"Before":       {tried(30*minute+tick, WrongPassword), false},
		"Otherwise":    {tried(5*minute, MFAFailed), false},
		"InAgain":      {all(tried(5*minute, WrongPassword), tried(4*minute, Success)), false},
		"NeverTried":   {func(*scene) {}, false},
		"ByStaffSince": {all(tried(5*minute, WrongPassword), tried(minute, MFAFailed, from(staff))), true},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(row.jane)
			d.store.state.incidents["i-1"] = Incident{ID: "i-1", Outcome: WrongPassword, At: noon.Add(-30 * minute), SeenAt: noon, Customers: 40}
			got, err := d.Diagnose(t.Context(), agent("1", ""), Query{Identifier: "jane@acme.example"})
			if err != nil || (got.Facts.Incident != nil) != row.among {
				t.Fatalf("got %+v, %v", got.Facts.Incident, err)
			}
			if want := (IncidentFact{ID: "i-1", Outcome: WrongPassword, Since: noon.Add(-30 * minute), Customers: 40}); row.among && *got.Facts.Incident != want {
				t.Errorf("got %+v", *got.Facts.Incident)
			}
		})
	}
}

// TestIncidentOfNobody: it stands above the findings of a name that nobody has, too.
func TestIncidentOfNobody(t *testing.T) {
	for name, row := range map[string]struct {
		typed []Attempt
		among bool
	}{
		"Among":        {[]Attempt{typedBy(5*minute, UnknownUsername, home)}, true},
		"AtItsStart":   {[]Attempt{typedBy(30*minute, UnknownUsername, home)}, true},
		"Before":       {[]Attempt{typedBy(30*minute+tick, UnknownUsername, home)}, false},
		"ByStaffSince": {[]Attempt{typedBy(40*minute, UnknownUsername, home), typedBy(minute, UnknownUsername, staff)}, false},
		"NeverTried":   {nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(nobody(row.typed...))
			d.store.state.incidents["i-1"] = Incident{ID: "i-1", Outcome: UnknownUsername, At: noon.Add(-30 * minute), SeenAt: noon, Customers: 40}
			got, err := d.Diagnose(t.Context(), agent("1", ""), Query{Identifier: "jane.dow"})
			if err != nil || (got.Facts.Incident != nil) != row.among || row.among && got.Facts.Incident.ID != "i-1" {
				t.Errorf("got %+v, %v", got.Facts.Incident, err)
			}
		})
	}
}
