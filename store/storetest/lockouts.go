package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/escalation"
)

func testLockouts(t *testing.T) {
	t.Run("Tries", func(t *testing.T) { each(t, eachTries) })
	t.Run("TriesOfManyNames", func(t *testing.T) { each(t, triesOfMany) })
	t.Run("Records", func(t *testing.T) { each(t, lockoutRecords) })
	t.Run("Successes", func(t *testing.T) { each(t, successesOf) })
	t.Run("Reach", func(t *testing.T) { each(t, attemptsReach) })
	t.Run("AccountsNamed", func(t *testing.T) { each(t, accountsMeant) })
	t.Run("Judged", func(t *testing.T) { each(t, judgedIn) })
	t.Run("Desk", func(t *testing.T) { each(t, deskNumbers) })
	t.Run("Cases", func(t *testing.T) { each(t, caseNumbers) })
	t.Run("CaseQueue", func(t *testing.T) { each(t, caseQueue) })
}

// lastHours is a span up to the moment.
func lastHours(n int) actions.Span {
	return actions.Span{From: ago(time.Duration(n) * time.Hour), Until: moment}
}

// attemptOf is an attempt some minutes before the moment.
func attemptOf(user, typed string, minutes int, outcome actions.Outcome) actions.Attempt {
	return actions.Attempt{
		ID: fmt.Sprint(user, typed, minutes, outcome), UserID: user, Identifier: typed, At: ago(time.Duration(minutes) * time.Minute), Outcome: outcome, IP: "10.0.0.1",
	}
}

// tries are what was tried, as "whose: minutes before the moment, oldest first".
func (s *site) tries(t testing.TB, q actions.TriesQuery) []string {
	t.Helper()
	var found []string
	err := s.EachTries(t.Context(), q, func(portion []actions.Tries) error {
		for _, one := range portion {
			var ago []int
			for _, a := range one.Attempts {
				ago = append(ago, int(moment.Sub(a.At).Minutes()))
			}
			found = append(found, fmt.Sprint(one.UserID, one.Name, ": ", ago))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(found)
	return found
}

// eachTries: who failed in a span, with what they tried since an hour before, under
// whatever name; names that nobody has from a moment on; staff's never.
func eachTries(t *testing.T, s *site) {
	jane, joe, mia := person("user-1", "jane"), person("user-2", "joe"), person("user-3", "mia")
	bob, ann := person("user-4", "bob"), person("user-5", "ann")
	jane.Email, jane.Mobile = "jane@acme.example", "+61 400 000 001"
	const wrong, in, unknown = actions.WrongPassword, actions.Success, actions.UnknownUsername
	colleague := attemptOf("user-2", "", 20, wrong)
	colleague.IP = "192.0.2.9"
	s.put(t, actions.StaffNetwork{CIDR: "192.0.2.0/24"}, actions.Account{ID: "acc", Name: "Acme"}, jane, joe, mia, bob, ann,
		actions.Membership{UserID: "user-1", AccountID: "acc", Status: actions.MembershipDeactivated},
		attemptOf("user-1", "", 500, wrong), attemptOf("", "JANE@acme.example", 100, in), attemptOf("", "0061400000001", 90, wrong),
		attemptOf("", "+61 400 000 001", 61, wrong), attemptOf("", "Jane", 60, wrong), attemptOf("user-1", "x", 5, in),
		attemptOf("user-2", "", 400, wrong), colleague, attemptOf("user-2", "", 10, in),
		attemptOf("user-3", "", 150, wrong), attemptOf("user-3", "", 110, wrong), attemptOf("user-3", "", -5, in),
		attemptOf("", "bob", 170, wrong), attemptOf("user-4", "", 155, wrong), attemptOf("", "ann", 165, wrong), // once each by every name
		attemptOf("", "jnae", 100, unknown), attemptOf("", "JNAE", 3, unknown), attemptOf("", "old", 130, unknown))
	q := actions.TriesQuery{Failed: []actions.Span{{From: ago(time.Hour), Until: moment}}, Before: time.Hour, Names: ago(time.Hour), To: moment}
	for _, step := range []struct {
		name   string
		change func(*actions.TriesQuery)
		want   []string
	}{
		{"who failed in the hour", func(*actions.TriesQuery) {}, []string{"jnae: [3]", "user-1: [100 61 60 5]"}},
		{"or twice in three", func(q *actions.TriesQuery) { q.Twice = lastHours(3) }, []string{"jnae: [3]", "user-1: [100 61 60 5]", "user-3: [150 110]", "user-4: [170 155]"}},
		{"in several spans", func(q *actions.TriesQuery) {
			q.Failed = append(q.Failed, actions.Span{From: ago(150 * time.Minute), Until: ago(110 * time.Minute)}, lastHours(1))
		}, []string{"jnae: [3]", "old: []", "user-1: [100 61 60 5]", "user-3: [150 110]"}},
		{"a span ends before its end", func(q *actions.TriesQuery) {
			q.Failed = []actions.Span{{From: ago(110 * time.Minute), Until: ago(61 * time.Minute)}}
		}, []string{"jnae: [3]", "user-3: [150 110]"}},
		{"up to a moment", func(q *actions.TriesQuery) { q.To = ago(time.Hour) }, []string{"jnae: []", "user-1: [100 61 60]"}},
		{"of an account", func(q *actions.TriesQuery) { q.Account = "acc" }, []string{"user-1: [100 61 60 5]"}},
		{"of no account", func(q *actions.TriesQuery) { q.Account = "none\x00" }, nil},
	} {
		asked := q
		asked.Failed = slices.Clone(q.Failed)
		step.change(&asked)
		got := slices.DeleteFunc(s.tries(t, asked), func(one string) bool { return one == "jnae: []" || one == "old: []" })
		want := slices.DeleteFunc(slices.Clone(step.want), func(one string) bool { return one == "jnae: []" || one == "old: []" })
		same(t, step.name, got, want)
	}
	err := s.EachTries(t.Context(), q, func([]actions.Tries) error { return errOnPurpose })
	same(t, "whether the error comes back", err == errOnPurpose, true) //nolint:errorlint // it comes back as it is
}

// triesOfMany: more than a portion, each once, also who goes by several names; of one
// under attack the newest attempts, the first, and all that they got in.
func triesOfMany(t *testing.T, s *site) {
	const many = 900
	bodies := []any{}
	for i := range many {
		user := person(fmt.Sprintf("u-%04d", i), fmt.Sprintf("name-%04d", i))
		bodies = append(bodies, user, attemptOf(user.ID, "", 10, actions.WrongPassword), attemptOf("", user.Username, 5, actions.WrongPassword))
	}
	for i := range actions.AttemptLimit + 50 {
		a := attemptOf("u-0000", "", 0, actions.WrongPassword)
		a.ID, a.At = fmt.Sprint("attack-", i), ago(20*time.Minute).Add(-time.Duration(i)*time.Second)
		bodies = append(bodies, a)
	}
	bodies = append(bodies, attemptOf("u-0000", "", 500, actions.Success))
	s.put(t, bodies...)
	seen := map[string]int{}
	q := actions.TriesQuery{Failed: []actions.Span{lastHours(1)}, Before: 30 * 24 * time.Hour, To: moment}
	err := s.EachTries(t.Context(), q, func(portion []actions.Tries) error {
		for _, one := range portion {
			seen[one.UserID]++
			if n := len(one.Attempts); one.UserID != "u-0000" {
				same(t, "attempts of "+one.UserID, n, 2)
			} else if first := one.Attempts[0]; n != actions.AttemptLimit+3 || first.Outcome != actions.Success {
				t.Errorf("of who is under attack %d attempts are read, the first %+v", n, first)
			}
		}
		return nil
	})
	same(t, "the error", err, nil)
	same(t, "how many users", len(seen), many)
	for id, n := range seen {
		same(t, "how often "+id+" came", n, 1)
	}
}

// lockoutRecords: what held, was used or was done in a time, in order.
func lockoutRecords(t *testing.T, s *site) {
	lock := func(id string, begun, until, released int) actions.Lock {
		l := actions.Lock{ID: id, UserID: "user-1", Kind: actions.LockAttempts, At: ago(time.Duration(begun) * time.Hour)}
		if until != 0 {
			l.Until = ago(time.Duration(until) * time.Hour)
		}
		if released != 0 {
			l.ReleasedAt = ago(time.Duration(released) * time.Hour)
		}
		return l
	}
	link := func(id string, used int) actions.ResetLink {
		return actions.ResetLink{ID: id, UserID: "user-1", SentAt: ago(500 * time.Hour), ExpiresAt: moment, UsedAt: ago(time.Duration(used) * time.Hour)}
	}
	s.put(t, person("user-1", "jane"), person("user-2", "joe"), actions.Account{ID: "b"}, actions.Account{ID: "a"},
		actions.Membership{UserID: "user-1", AccountID: "b"}, actions.Membership{UserID: "user-1", AccountID: "a"}, actions.Membership{UserID: "user-2", AccountID: "a"},
		lock("held", 900, 0, 0), lock("over", 90, 49, 0), lock("released", 90, 0, 49), lock("into", 80, 47, 0), lock("within", 20, 0, 10), lock("later", -1, 0, 0),
		link("early", 49), link("second", 3), link("first", 4), link("late", -1))
	done := func(id, subject string, hours int, state actions.OperationState) actions.Operation {
		end := ago(time.Duration(hours) * time.Hour)
		return actions.Operation{ID: id, Act: actions.ActUnlock, Actor: "U1", Subject: subject, State: state, At: end.Add(-time.Minute), EndedAt: end}
	}
	for _, op := range []actions.Operation{
		done("o1", "user-1", 49, actions.OperationDone), done("o2", "user-1", 2, actions.OperationDone), done("o3", "user-1", 5, actions.OperationDone),
		done("o4", "user-1", 3, actions.OperationFailed), done("o5", "user-2", 3, actions.OperationDone), done("o6", "user-3", 3, actions.OperationDone),
	} {
		s.start(t, op)
	}
	records, err := s.LockoutRecords(t.Context(), []string{"user-1", "user-2", "nobody\x00"}, ago(48*time.Hour), moment)
	if err != nil {
		t.Fatal(err)
	}
	jane := records["user-1"]
	same(t, "locks", idsOf(jane.Locks, func(l actions.Lock) string { return l.ID }), []string{"held", "into", "within"})
	same(t, "a lock", jane.Locks[1], lock("into", 80, 47, 0))
	same(t, "resets", jane.Resets, []time.Time{ago(4 * time.Hour), ago(3 * time.Hour)})
	same(t, "accounts", jane.Accounts, []string{"a", "b"})
	var helped []string
	for _, op := range jane.Helped {
		helped = append(helped, fmt.Sprint(op.Act, " ", moment.Sub(op.EndedAt)))
	}
	same(t, "help", helped, []string{"unlock 5h0m0s", "unlock 2h0m0s"})
	same(t, "somebody else's help", len(records["user-2"].Helped), 1)
	same(t, "whose records", len(records), 2)
}

// successesOf: under whatever name, oldest first, within the bounds; staff's never.
func successesOf(t *testing.T, s *site) {
	jane := person("user-1", "jane")
	staff := attemptOf("user-1", "", 30, actions.Success)
	staff.IP = "192.0.2.9"
	s.put(t, actions.StaffNetwork{CIDR: "192.0.2.0/24"}, jane, person("user-2", "joe"), staff,
		attemptOf("user-1", "", 10, actions.Success), attemptOf("", "JANE", 60, actions.Success), attemptOf("user-1", "", 20, actions.WrongPassword),
		attemptOf("user-1", "", 61, actions.Success), attemptOf("user-1", "", -1, actions.Success), attemptOf("user-2", "", 20, actions.Success))
	found, err := s.SuccessesOf(t.Context(), []string{"user-1", "user-9"}, ago(time.Hour), moment)
	if err != nil {
		t.Fatal(err)
	}
	var ago []int
	for _, a := range found["user-1"] {
		ago = append(ago, int(moment.Sub(a.At).Minutes()))
	}
	same(t, "when they got in", ago, []int{60, 10})
	same(t, "of whom", len(found), 1)
}

func attemptsReach(t *testing.T, s *site) {
	oldest, newest, err := s.AttemptsReach(t.Context(), moment)
	same(t, "with nothing on record", oldest.IsZero() && newest.IsZero() && err == nil, true)
	s.put(t, person("user-1", "jane"), attemptOf("user-1", "", 9000, actions.Success), attemptOf("user-1", "", 5, actions.Success), attemptOf("user-1", "", -5, actions.Success))
	oldest, newest, err = s.AttemptsReach(t.Context(), moment)
	same(t, "the error", err, nil)
	same(t, "the oldest", oldest, ago(9000*time.Minute))
	same(t, "the newest", newest, ago(5*time.Minute))
}

// accountsMeant: by Gateway ID before ID, by domain, and by the whole name, whatever its
// case.
func accountsMeant(t *testing.T, s *site) {
	jane := person("user-1", "jane")
	jane.Email = "jane@acme.example"
	s.put(t, actions.Account{ID: "a1", Name: "Straße & Söhne", GatewayIDs: []string{"GW-1"}}, actions.Account{ID: "a2", Name: "Acme", GatewayIDs: []string{"a1x", "GW-2"}},
		actions.Account{ID: "a3", Name: "ACME"}, actions.Account{ID: "a1x", Name: "Acme Pty"}, jane, actions.Membership{UserID: "user-1", AccountID: "a2"})
	for named, want := range map[string][]string{
		"gw-1": {"a1"}, "a3": {"a3"}, "a1x": {"a2"}, "strasse & SÖHNE": {"a1"}, "acme": {"a2", "a3"}, " Acme Pty ": {"a1x"},
		"@ACME.example": {"a2"}, "@other.example": {}, "Acm": {}, "": {}, "\x00": {}, "%": {},
	} {
		found, err := s.AccountsNamed(t.Context(), named)
		same(t, named+", the error", err, nil)
		same(t, named, idsOf(found, func(a actions.Account) string { return a.ID }), want)
	}
	byID, err := s.AccountsByID(t.Context(), []string{"a1", "none"})
	same(t, "the error", err, nil)
	same(t, "by ID", len(byID) == 1 && byID["a1"].Name == "Straße & Söhne", true)
	members, err := s.MembersOf(t.Context(), "a2")
	same(t, "the members", err == nil && len(members) == 1 && members["user-1"], true)
}

// judgedIn: those judged in the span, the newest judgement first.
func judgedIn(t *testing.T, s *site) {
	for id, judged := range map[string]time.Duration{"early": -time.Minute, "first": 0, "second": 30 * time.Minute, "end": time.Hour, "never": -1} {
		w := actions.Watch{ID: id, UserID: "user-1", Actor: "U-" + id, State: actions.WatchIn, StartedAt: ago(day), Until: ago(day), EndedAt: ago(day)}
		if judged != -1 {
			w.Judgement, w.JudgedAt = actions.JudgedRight, ago(time.Hour).Add(judged)
		}
		s.in(t, func(tx actions.Tx) error { return tx.StartWatch(t.Context(), w) })
	}
	found, err := s.Judged(t.Context(), lastHours(1))
	same(t, "the error", err, nil)
	same(t, "who was judged", idsOf(found, func(w actions.Watch) string { return w.ID }), []string{"second", "first"})
}

// deskNumbers: temporary admins by how they stand, secrets that ran out, dead letters.
func deskNumbers(t *testing.T, s *site) {
	for id, set := range map[string]func(*actions.TempAdmin){
		"used": func(*actions.TempAdmin) {}, "late": func(a *actions.TempAdmin) { a.ExpiresAt = moment },
		"going": func(a *actions.TempAdmin) { a.State, a.ExpiresAt = actions.AdminEnding, ago(time.Hour) },
		"early": func(a *actions.TempAdmin) { a.State, a.ExpiresAt = actions.AdminEnding, moment.Add(time.Hour) },
		"asked": func(a *actions.TempAdmin) { a.State, a.ExpiresAt = actions.AdminAsked, time.Time{} },
		"stray": func(a *actions.TempAdmin) { a.State, a.ExpiresAt = actions.AdminStray, time.Time{} },
		"gone":  func(a *actions.TempAdmin) { a.State, a.ExpiresAt = actions.AdminGone, ago(time.Hour) },
	} {
		a := tempAdmin(id, "U1", 0)
		set(&a)
		s.admins(t, a)
	}
	for id, set := range map[string]func(*actions.Secret){
		"over":   func(x *actions.Secret) { x.State, x.ExpiresAt = actions.SecretExpired, ago(30*time.Minute) },
		"unswep": func(x *actions.Secret) { x.ExpiresAt = ago(10 * time.Minute) }, "live": func(*actions.Secret) {},
		"opened": func(x *actions.Secret) { x.State, x.ExpiresAt = actions.SecretRevealed, ago(30*time.Minute) },
		"before": func(x *actions.Secret) { x.State, x.ExpiresAt = actions.SecretExpired, ago(61*time.Minute) },
	} {
		x := secret(id, "U1")
		set(&x)
		s.secrets(t, x)
	}
	in := actions.Span{From: ago(time.Hour), Until: moment.Add(2 * time.Hour)}
	got, err := s.DeskNumbers(t.Context(), in, moment)
	same(t, "the error", err, nil)
	open, err := s.AdminCount(t.Context(), actions.AdminFilter{Open: true})
	same(t, "the error", err, nil)
	same(t, "how many are on the list", got.AdminsAlive+got.AdminsUnconfirmed+got.AdminsAsked+got.AdminsStray, open)
	same(t, "the numbers", got, actions.DeskNumbers{AdminsAlive: 2, AdminsOverdue: 2, AdminsUnconfirmed: 2, AdminsAsked: 1, AdminsStray: 1, Unopened: 2})
	for offset, want := range [][]string{{"unswep"}, {"over"}, {}} {
		found, err := s.Unopened(t.Context(), in, moment, 1, offset)
		same(t, "the error", err, nil)
		same(t, "who wasn't opened", idsOf(found, func(x actions.Secret) string { return x.ID }), want)
	}
}

// caseNumbers: cases opened and resolved in a span, and those whose time may have run out
// in it, with the events that say when.
func caseNumbers(t *testing.T, s *site) {
	running, reminded, claimed, closedLate := escalated("running", "U1", -3*time.Hour), escalated("reminded", "U1", -9*day), escalated("claimed", "U1", -9*day), closed(escalated("late", "U1", -9*day), -10*time.Minute)
	running.First.EndsAt = ago(time.Hour)
	reminded.State, reminded.First = escalation.Claimed, escalation.Clock{Limit: time.Hour, Used: 2 * time.Hour}
	claimed.State, claimed.ClaimedAt, claimed.First = escalation.Claimed, ago(time.Minute), escalation.Clock{Limit: time.Hour, Used: time.Hour}
	closedLate.Resolution = escalation.Clock{Limit: time.Hour, Used: time.Hour}
	closedLate.First.Used = 0
	quiet, old := escalated("quiet", "U1", -9*day), closed(escalated("old", "U1", -9*day), -3*time.Hour)
	s.cases(t, running, reminded, claimed, closedLate, quiet, old)
	s.happen(t, escalation.Event{Case: "reminded", Seq: 1, Kind: escalation.EventOpened, At: ago(9 * day)},
		escalation.Event{Case: "reminded", Seq: 2, Kind: escalation.EventReminded, Clock: "first", Level: escalation.HalfTime, At: ago(90 * time.Minute)},
		escalation.Event{Case: "reminded", Seq: 3, Kind: escalation.EventReminded, Clock: "first", Level: escalation.AtTheEnd, At: ago(30 * time.Minute)},
		escalation.Event{Case: "quiet", Seq: 1, Kind: escalation.EventReminded, Clock: "first", Level: escalation.HalfTime, At: ago(30 * time.Minute)})
	opened, resolved, err := s.CasesIn(t.Context(), actions.Span{From: ago(3 * time.Hour), Until: moment})
	same(t, "opened and resolved", fmt.Sprint(opened, resolved, err), "1 2 <nil>")
	opened, resolved, err = s.CasesIn(t.Context(), actions.Span{From: ago(9 * day), Until: ago(3 * time.Hour)})
	same(t, "opened and resolved before", fmt.Sprint(opened, resolved, err), "5 0 <nil>")
	for _, step := range []struct {
		in            actions.Span
		limit, offset int
		opened        []string
		resolved      []string
	}{
		{actions.Span{From: ago(3 * time.Hour), Until: moment}, 10, 0, []string{"running"}, []string{"late", "old"}},
		{actions.Span{From: ago(3 * time.Hour), Until: moment}, 1, 1, []string{}, []string{"old"}},
		{actions.Span{From: ago(9 * day), Until: ago(3 * time.Hour)}, 10, 0, []string{"reminded", "quiet", "old", "late", "claimed"}, []string{}},
		{actions.Span{From: ago(9 * day), Until: ago(3 * time.Hour)}, 2, 1, []string{"quiet", "old"}, []string{}},
	} {
		found, err := s.CasesOpened(t.Context(), step.in, step.limit, step.offset)
		same(t, "the error", err, nil)
		same(t, "which were opened", caseIDs(found), step.opened)
		found, err = s.CasesResolved(t.Context(), step.in, step.limit, step.offset)
		same(t, "the error", err, nil)
		same(t, "which were resolved", caseIDs(found), step.resolved)
	}
	timed, err := s.CasesTimed(t.Context(), lastHours(1))
	same(t, "the error", err, nil)
	var got []string
	for _, one := range timed {
		got = append(got, fmt.Sprint(one.Case.ID, " ", len(one.Events)))
	}
	same(t, "whose time may have run out", got, []string{"claimed 0", "late 0", "reminded 2", "running 0"})
}

// caseQueue: nobody's and late ones, the one whose time runs out first first.
func caseQueue(t *testing.T, s *site) {
	first, second, never, late, fine := escalated("first", "U1", 0), escalated("second", "U1", time.Hour), escalated("never", "U1", -day), escalated("late", "U1", 0), escalated("fine", "U1", 0)
	never.First.EndsAt = time.Time{}
	late.State, late.First, late.Resolution.EndsAt = escalation.Claimed, escalation.Clock{}, moment
	fine.State, fine.First, fine.Resolution.EndsAt = escalation.Claimed, escalation.Clock{}, moment.Add(time.Microsecond)
	s.cases(t, second, never, late, first, fine, closed(escalated("done", "U1", 0), 0))
	for limit, want := range map[int][]string{10: {"late", "first", "second", "never"}, 2: {"late", "first"}} {
		found, err := s.CaseQueue(t.Context(), moment, limit)
		same(t, "the error", err, nil)
		same(t, "the queue", caseIDs(found), want)
		n, err := s.CaseQueueCount(t.Context(), moment, limit)
		same(t, "how many", fmt.Sprint(n, err), fmt.Sprint(len(want), " <nil>"))
	}
}
