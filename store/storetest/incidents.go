package storetest

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

func testIncidents(t *testing.T) {
	t.Run("Whole", func(t *testing.T) { each(t, incidentIsWhole) })
	t.Run("OneAtOnce", func(t *testing.T) { each(t, incidentOnce) })
	t.Run("InDays", func(t *testing.T) { each(t, incidentsOfDays) })
	t.Run("FailedAlike", func(t *testing.T) { each(t, failedAlike) })
	t.Run("Customers", func(t *testing.T) { each(t, incidentCustomers) })
	t.Run("Traces", func(t *testing.T) { each(t, incidentTraces) })
	t.Run("SharedAccount", func(t *testing.T) { each(t, sharedAccount) })
	t.Run("States", func(t *testing.T) { each(t, customerStates) })
	t.Run("ManyStates", func(t *testing.T) { each(t, manyStates) })
	t.Run("Bulk", func(t *testing.T) { each(t, bulkItems) })
	t.Run("BulkEnded", func(t *testing.T) { each(t, bulkEnded) })
	t.Run("BulkCountsForNoBrake", func(t *testing.T) { each(t, bulkUnbraked) })
}

// sampleIncident is one that lasts.
var sampleIncident = actions.Incident{
	ID: "i-1", Outcome: actions.LockedOut, At: ago(time.Hour), SeenAt: moment, Customers: 40, Peak: 30, Usual: 0.25,
	Shares: []actions.Share{{Kind: actions.ShareClient, What: "it's \"odd\" \\ 🔑", Customers: 39}, {Kind: actions.ShareAccount, What: "Acme", ID: "acc", Customers: 33}},
}

// breaksOut opens an incident.
func (s *site) breaksOut(t testing.TB, i actions.Incident) (started bool) {
	t.Helper()
	s.in(t, func(tx actions.Tx) (err error) {
		started, err = tx.StartIncident(t.Context(), i)
		return err
	})
	return started
}

// moves keeps one up to date.
func (s *site) moves(t testing.TB, i actions.Incident) (moved bool) {
	t.Helper()
	s.in(t, func(tx actions.Tx) (err error) {
		moved, err = tx.MoveIncident(t.Context(), i)
		return err
	})
	return moved
}

func (s *site) incident(t testing.TB, id string) actions.Incident {
	t.Helper()
	i, err := s.IncidentByID(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func incidentIsWhole(t *testing.T, s *site) {
	same(t, "started", s.breaksOut(t, sampleIncident), true)
	s.restart(t)
	same(t, "the incident", s.incident(t, "i-1"), sampleIncident)
	open, err := s.OpenIncidents(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	same(t, "the open ones", open, []actions.Incident{sampleIncident})
	i := sampleIncident
	i.SeenAt, i.Customers, i.Peak, i.Usual, i.Shares = moment.Add(time.Minute), 50, 45, 1.5, i.Shares[:1]
	same(t, "moved", s.moves(t, i), true)
	same(t, "the incident that was moved", s.incident(t, "i-1"), i)
	same(t, "moved by who looked before", s.moves(t, sampleIncident), false)
	i.EndedAt = moment.Add(time.Hour)
	same(t, "ended", s.moves(t, i), true)
	same(t, "the incident that ended", s.incident(t, "i-1"), i)
	same(t, "moved after its end", s.moves(t, i), false)
	if open, err = s.OpenIncidents(t.Context()); err != nil || len(open) != 0 {
		t.Errorf("open are %+v, %v", open, err)
	}
	if _, err := s.IncidentByID(t.Context(), "i-2\x00"); actions.CodeOf(err) != actions.NotFound {
		t.Errorf("another: %v", err)
	}
}

// incidentOnce lets many open one of the same outcome: one does.
func incidentOnce(t *testing.T, s *site) {
	var all sync.WaitGroup
	var begun atomic.Int32
	for n := range 8 {
		all.Go(func() {
			i := sampleIncident
			i.ID = fmt.Sprint("i-", n)
			if s.breaksOut(t, i) {
				begun.Add(1)
			}
		})
	}
	all.Wait()
	same(t, "how many began", begun.Load(), 1)
	other := sampleIncident
	other.ID, other.Outcome = "other", actions.MFAFailed
	same(t, "one of another outcome", s.breaksOut(t, other), true)
	open, err := s.OpenIncidents(t.Context())
	if err != nil || len(open) != 2 {
		t.Fatalf("open are %+v, %v", open, err)
	}
	ended := open[slices.IndexFunc(open, func(i actions.Incident) bool { return i.Outcome == actions.LockedOut })]
	ended.EndedAt = moment
	same(t, "ended", s.moves(t, ended), true)
	next := sampleIncident
	next.ID = "next"
	same(t, "the next", s.breaksOut(t, next), true)
}

func incidentsOfDays(t *testing.T, s *site) {
	for n, seen := range []time.Time{ago(2 * day), ago(day), ago(day)} {
		i := sampleIncident
		i.ID, i.At, i.SeenAt = fmt.Sprint("i-", n), ago(time.Duration(3-n)*day), seen
		s.breaksOut(t, i)
		if i.EndedAt = seen.Add(30 * time.Minute); n < 2 {
			s.moves(t, i)
		}
	}
	for name, row := range map[string]struct {
		from, until time.Time
		limit       int
		want        []string
	}{
		"all":                     {ago(9 * day), moment, 9, []string{"i-2", "i-1", "i-0"}},
		"the newest":              {ago(9 * day), moment, 1, []string{"i-2"}},
		"that lasted at the end":  {ago(2 * day), moment, 9, []string{"i-2", "i-1", "i-0"}},
		"that closed after it":    {ago(2*day - time.Microsecond), moment, 9, []string{"i-2", "i-1"}},
		"that began at the limit": {ago(9 * day), ago(2 * day), 9, []string{"i-0"}},
		"that goes on":            {moment.Add(day), moment.Add(2 * day), 9, []string{"i-2"}},
	} {
		found, err := s.IncidentsIn(t.Context(), row.from, row.until, row.limit)
		if err != nil {
			t.Fatal(err)
		}
		same(t, name, idsOf(found, func(i actions.Incident) string { return i.ID }), row.want)
	}
}

// failedAlike counts all customers, of all outcomes that ten had, and no others.
func failedAlike(t *testing.T, s *site) {
	bodies := append(fail("today", 12, ago(50*time.Minute), 45*time.Minute), fail("yesterday", 3, ago(day+50*time.Minute), 40*time.Minute)...)
	for i := range 10 {
		id := fmt.Sprint("locked-", i)
		bodies = append(bodies, try(id, id, ago(time.Hour), actions.LockedOut), try("in "+id, "in "+id, ago(time.Minute), actions.Success))
		if i > 0 { // nine are too few
			bodies = append(bodies, try("mfa "+id, id, ago(time.Minute), actions.MFAFailed))
		}
		bodies = append(bodies, typed("who? "+id, "who?"+id, ago(time.Minute), actions.UnknownUsername))
	}
	s.put(t, bodies...)
	got, err := s.FailedAlike(t.Context(), moment)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "who failed alike", got, []actions.AlikeCounts{
		{Outcome: actions.WrongPassword, LastHour: 12, Before: [7]int{3}}, {Outcome: actions.UnknownUsername, LastHour: 10}, {Outcome: actions.LockedOut, LastHour: 10},
	})
}

func incidentCustomers(t *testing.T, s *site) {
	twin := actions.User{ID: "twin", Username: "twin", Status: actions.UserActive, Mobile: sampleUser.Mobile}
	s.put(t, sampleUser, twin,
		try("too early", "user-2", ago(time.Hour+time.Microsecond), actions.LockedOut), try("in time", "user-3", ago(time.Hour), actions.LockedOut),
		try("otherwise", "user-4", ago(time.Minute), actions.WrongPassword), try("too late", "user-5", moment.Add(time.Microsecond), actions.LockedOut),
		try("Jane's", "user-1", ago(30*time.Minute), actions.LockedOut), typed("Jane's name", "JANE.doe", ago(20*time.Minute), actions.LockedOut),
		typed("their mobile", "+61 400 000 001", ago(10*time.Minute), actions.LockedOut), typed("nobody's", "Who?", ago(5*time.Minute), actions.LockedOut))
	first, n, err := s.IncidentSpan(t.Context(), actions.LockedOut, ago(time.Hour), moment)
	if err != nil || n != 4 || !first.Equal(ago(time.Hour)) { // Jane, her twin, user-3 and nobody
		t.Errorf("since %s %d, %v", first, n, err)
	}
	if first, n, err = s.IncidentSpan(t.Context(), actions.Shared, ago(time.Hour), moment); err != nil || n != 0 || !first.IsZero() {
		t.Errorf("of another outcome: %s %d, %v", first, n, err)
	}
	want := []actions.IncidentCustomer{
		{Who: "i:who?", Name: "who?", At: ago(5 * time.Minute)}, {Who: "i:61400000001", UserID: "twin", At: ago(10 * time.Minute)},
		{Who: "i:61400000001", UserID: "user-1", At: ago(10 * time.Minute)}, {Who: "u:user-3", UserID: "user-3", At: ago(time.Hour)},
	}
	for limit, want := range map[int][]actions.IncidentCustomer{10: want, 2: want[:3]} {
		got, err := s.IncidentCustomers(t.Context(), actions.LockedOut, ago(time.Hour), moment, limit)
		if err != nil {
			t.Fatal(err)
		}
		slices.SortStableFunc(got, func(a, b actions.IncidentCustomer) int { return b.At.Compare(a.At) })
		same(t, fmt.Sprint("the newest ", limit), got, want)
	}
}

// incidentTraces are each customer's last, without staff's.
func incidentTraces(t *testing.T, s *site) {
	from := func(id, user, ip string, before time.Duration, outcome actions.Outcome) actions.Attempt {
		a := try(id, user, ago(before), outcome)
		a.IP, a.UserAgent, a.Country, a.VPN = ip, "App/9", "AU", user == "a"
		return a
	}
	s.put(t, sampleNetwork, from("1", "a", "192.0.2.1", time.Minute, actions.LockedOut), from("2", "a", "192.0.2.1", 2*time.Minute, actions.LockedOut),
		from("3", "a", "192.0.2.2", 30*time.Second, actions.LockedOut), from("4", "d", "198.51.100.9", time.Minute, actions.LockedOut),
		from("5", "e", "192.0.2.3", time.Hour+time.Second, actions.LockedOut), from("6", "a", "192.0.2.4", 10*time.Second, actions.MFAFailed),
		from("7", "b", "192.0.2.5", time.Hour, actions.LockedOut), from("8", "c", "192.0.2.6", time.Minute, actions.LockedOut))
	got, err := s.IncidentTraces(t.Context(), actions.LockedOut, []string{"u:a", "u:b", "u:d", "u:e", "u:nobody"}, ago(time.Hour), moment)
	if err != nil {
		t.Fatal(err)
	}
	var traces []string
	for _, trace := range got {
		a := trace.Attempt
		traces = append(traces, fmt.Sprint(trace.Who, " ", a.IP, " ", a.UserAgent, " ", a.Country, " ", a.VPN))
	}
	slices.Sort(traces)
	same(t, "the traces", traces, []string{"u:a 192.0.2.2 App/9 AU true", "u:b 192.0.2.5 App/9 AU false"})
}

func sharedAccount(t *testing.T, s *site) {
	bodies := []any{actions.Account{ID: "acc-1", Name: "Acme"}, actions.Account{ID: "acc-2", Name: "Bolt"}}
	var ids []string
	for i := range 5 {
		id := fmt.Sprint("u-", i)
		ids = append(ids, id)
		bodies = append(bodies, actions.User{ID: id, Username: id, Status: actions.UserActive}, actions.Membership{UserID: id, AccountID: "acc-1"})
		if i > 0 {
			bodies = append(bodies, actions.Membership{UserID: id, AccountID: "acc-2"})
		}
	}
	s.put(t, bodies...)
	account, n, found, err := s.SharedAccount(t.Context(), append(ids, "nobody"))
	if err != nil || !found || n != 5 || account.ID != "acc-1" || account.Name != "Acme" {
		t.Errorf("got %+v, %d, %v, %v", account, n, found, err)
	}
	if _, n, found, err = s.SharedAccount(t.Context(), nil); err != nil || found || n != 0 {
		t.Errorf("of nobody: %d, %v, %v", n, found, err)
	}
}

func customerStates(t *testing.T, s *site) {
	guarded := actions.User{ID: "user-2", Username: "guarded", Status: actions.UserActive, Protected: true}
	lock := func(id string, at, until, released time.Time) actions.Lock {
		return actions.Lock{ID: id, UserID: "user-1", Kind: actions.LockAttempts, At: at, Until: until, ReleasedAt: released}
	}
	open, ended := lock("open", ago(30*time.Minute), time.Time{}, time.Time{}), lock("ended", ago(2*time.Hour), ago(10*time.Minute), time.Time{})
	s.put(t, sampleUser, guarded, open, ended,
		lock("long over", ago(3*day), time.Time{}, ago(2*day)), lock("to come", moment.Add(time.Minute), time.Time{}, time.Time{}),
		try("in", "user-1", ago(50*time.Minute), actions.Success), typed("in by name", "jane.doe", ago(40*time.Minute), actions.Success),
		try("in later", "user-1", moment.Add(time.Minute), actions.Success),
		try("1", "user-1", ago(time.Minute), actions.WrongPassword), typed("2", "jane.doe", ago(2*time.Minute), actions.WrongPassword),
		try("otherwise", "user-1", ago(2*time.Minute), actions.LockedOut), try("before", "user-1", ago(2*time.Hour), actions.WrongPassword))
	for until, wrong := range map[time.Time]int{moment: 2, ago(2 * time.Minute): 1} {
		got, err := s.CustomerStates(t.Context(), []string{"user-2", "user-1", "nobody"}, ago(time.Hour), until, moment)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "the states", got, []actions.CustomerState{
			{UserID: "user-1", Barred: sampleUser.Protected, Success: ago(40 * time.Minute), Wrong: wrong, Told: true, Locks: []actions.Lock{open, ended}}, {UserID: "user-2", Barred: true},
		})
	}
}

// manyStates are more than one query reads.
func manyStates(t *testing.T, s *site) {
	var bodies []any
	var ids []string
	for i := range 1203 {
		id := fmt.Sprintf("u-%04d", i)
		ids = append(ids, id)
		bodies = append(bodies, actions.User{ID: id, Username: id, Status: actions.UserActive})
	}
	s.put(t, bodies...)
	got, err := s.CustomerStates(t.Context(), ids, ago(time.Hour), moment, moment)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "whose states", idsOf(got, func(c actions.CustomerState) string { return c.UserID }), ids)
}

func bulkItems(t *testing.T, s *site) {
	items := make([]actions.BulkItem, 230)
	for i := range items {
		items[i] = actions.BulkItem{Operation: "op", Seq: i + 1, UserID: fmt.Sprint("u-", i+1), State: actions.BulkWaiting}
	}
	other := actions.BulkItem{Operation: "other", Seq: 1, UserID: "u-1", State: actions.BulkWaiting}
	s.in(t, func(tx actions.Tx) error { return tx.StartBulk(t.Context(), append(slices.Clone(items), other)) })
	settle := func(item actions.BulkItem) (settled bool) {
		s.in(t, func(tx actions.Tx) (err error) {
			settled, err = tx.SettleItem(t.Context(), item)
			return err
		})
		return settled
	}
	items[0].State, items[1].State, items[1].Why, items[4].State = actions.BulkDone, actions.BulkLeftOut, "They are protected.", actions.BulkFailed
	for _, i := range []int{0, 1, 4} {
		same(t, "settled", settle(items[i]), true)
		again := items[i]
		again.State = actions.BulkFailed
		same(t, "settled again", settle(again), false)
	}
	s.restart(t)
	for name, row := range map[string]struct {
		after, limit int
		states       []actions.BulkState
		want         []actions.BulkItem
	}{
		"all":              {0, 1000, nil, items},
		"the next":         {2, 2, nil, items[2:4]},
		"that wait":        {1, 2, []actions.BulkState{actions.BulkWaiting}, items[2:4]},
		"not unlocked":     {0, 10, []actions.BulkState{actions.BulkLeftOut, actions.BulkFailed}, []actions.BulkItem{items[1], items[4]}},
		"behind the last":  {230, 10, nil, []actions.BulkItem{}},
		"none of a state ": {2, 10, []actions.BulkState{actions.BulkDone}, []actions.BulkItem{}},
	} {
		got, err := s.BulkItems(t.Context(), "op", row.after, row.limit, row.states...)
		if err != nil {
			t.Fatal(err)
		}
		same(t, name, got, row.want)
	}
	want := actions.BulkTally{Waiting: 227, Done: 1, LeftOut: 1, Failed: 1}
	tally, err := s.BulkTally(t.Context(), "op")
	if err != nil {
		t.Fatal(err)
	}
	same(t, "the tally", tally, want)
	s.in(t, func(tx actions.Tx) error {
		tally, err := tx.BulkTally(t.Context(), "other")
		same(t, "the tally of another", tally, actions.BulkTally{Waiting: 1})
		return err
	})
}

// bulkEnded: of a bulk unlock that is over nobody waits, and what became of the others, and
// those of another, stay. Nobody is kept from being forgotten by one that is over.
func bulkEnded(t *testing.T, s *site) {
	s.put(t, sampleUser)
	op := operation("op", actions.ActBulkUnlock, "i-1", 0)
	s.start(t, op)
	item := func(operation string, seq int, user string) actions.BulkItem {
		return actions.BulkItem{Operation: operation, Seq: seq, UserID: user, State: actions.BulkWaiting}
	}
	items := []actions.BulkItem{item("op", 1, sampleUser.ID), item("op", 2, "user-2"), item("other", 1, "user-2")}
	s.in(t, func(tx actions.Tx) error { return tx.StartBulk(t.Context(), items) })
	hindered := func() bool {
		why, err := s.UnderWay(t.Context(), actions.Known{UserID: sampleUser.ID})
		if err != nil {
			t.Fatal(err)
		}
		return why != ""
	}
	same(t, "whether one under way keeps them", hindered(), true)
	op.State, op.EndedAt = actions.OperationRefused, moment
	s.in(t, func(tx actions.Tx) error {
		_, err := tx.MoveOperation(t.Context(), op, actions.OperationRunning, op.Lease)
		return err
	})
	same(t, "whether one that is over keeps them", hindered(), false)
	items[1].State, items[1].Why = actions.BulkLeftOut, "They are protected."
	s.in(t, func(tx actions.Tx) error {
		if _, err := tx.SettleItem(t.Context(), items[1]); err != nil {
			return err
		}
		return tx.EndBulk(t.Context(), "op")
	})
	for of, want := range map[string]actions.BulkItem{"op": items[1], "other": items[2]} {
		left, err := s.BulkItems(t.Context(), of, 0, 10)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "who is left of "+of, left, []actions.BulkItem{want})
	}
}

// bulkUnbraked: the parts of a bulk unlock are no acts of their own, and no looks; what
// else their actor did for the same customers is.
func bulkUnbraked(t *testing.T, s *site) {
	for i := range 3 {
		part := operation(fmt.Sprint("op-", i), actions.ActUnlock, fmt.Sprint("user-", i), 0)
		part.Bulk = "op"
		s.start(t, part)
		same(t, "the part", s.operation(t, part.ID), part)
		s.audit(t, actions.AuditEntry{At: moment, Act: actions.ActUnlock, Actor: "U1", Subject: part.Subject, Outcome: actions.ActDone})
	}
	s.start(t, operation("own", actions.ActUnlock, "user-9", 0))
	s.audit(t, actions.AuditEntry{At: moment, Act: actions.ActUnlock, Actor: "U1", Subject: "user-9", Outcome: actions.ActDone})
	s.audit(t, actions.AuditEntry{At: moment, Act: actions.ActDiagnose, Actor: "U1", Subject: "user-0", Outcome: actions.ActDone})
	s.in(t, func(tx actions.Tx) error {
		acts, err := tx.WritingActs(t.Context(), "U1", ago(time.Hour))
		same(t, "writing acts", acts, 1)
		if err != nil {
			return err
		}
		looked, err := tx.LookedAt(t.Context(), "U1", ago(time.Hour))
		same(t, "customers looked at", looked, 2)
		return err
	})
}
