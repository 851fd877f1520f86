package storetest

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

func testUsers(t *testing.T) {
	t.Run("ByIDAndName", func(t *testing.T) { each(t, usersByIDAndName) })
	t.Run("Many", func(t *testing.T) { each(t, usersMany) })
}

// users reads users by their names.
func (s *site) users(t testing.TB, ids, identifiers []string) []string {
	t.Helper()
	users, err := s.Users(t.Context(), ids, identifiers)
	if err != nil {
		t.Fatal(err)
	}
	return userIDs(users)
}

func usersByIDAndName(t *testing.T, s *site) {
	joe, sam := person("user-2", "joe"), person("user-3", "sam")
	joe.Email, sam.Email = "both@acme.example", "both@acme.example"
	s.put(t, sampleUser, sam, joe)
	for name, row := range map[string]struct{ ids, identifiers, want []string }{
		"Nothing":       {nil, nil, nil},
		"ByID":          {[]string{"user-3", "user-1"}, nil, []string{"user-3", "user-1"}},
		"ExactlyByID":   {[]string{"USER-1", "user-1 ", "user-1\x00", ""}, nil, nil},
		"ByName":        {nil, []string{"joe", "JANE@acme.example", "(61) 400-000-001"}, []string{"user-2", "user-1"}},
		"InTheirOrder":  {[]string{"user-2"}, []string{"jane.doe", "both@acme.example"}, []string{"user-2", "user-1", "user-3"}},
		"IDsAreNames":   {nil, []string{"USER-2"}, []string{"user-2"}},
		"EachOnce":      {[]string{"user-1", "user-1"}, []string{"jane.doe", "jane@acme.example"}, []string{"user-1"}},
		"Unknown":       {[]string{"user-9"}, []string{"jnae.doe", "", "\x00", " jane.doe", "@acme.example"}, nil},
		"SomeUnknown":   {[]string{"user-9", "user-3"}, []string{"nobody", "joe"}, []string{"user-3", "user-2"}},
		"NoWildcards":   {nil, []string{"%", "j_e", "*"}, nil},
		"SharedByThree": {nil, []string{"both@acme.example"}, []string{"user-3", "user-2"}},
	} {
		t.Run(name, func(t *testing.T) {
			if row.want == nil {
				row.want = []string{}
			}
			same(t, "the users", s.users(t, row.ids, row.identifiers), row.want)
		})
	}
	whole, err := s.Users(t.Context(), []string{"user-1"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "the user", whole, []actions.User{sampleUser})
}

// usersMany asks for more than are read at once.
func usersMany(t *testing.T, s *site) {
	const some = actions.UsersLimit + 5
	var bodies []any
	var ids, names, want []string
	for i := range 2 * some {
		user := person(fmt.Sprintf("user-%03d", i), fmt.Sprintf("name-%03d", i))
		bodies = append(bodies, user)
		if i < some {
			ids = append(ids, user.ID)
		} else {
			names = append(names, user.Username)
		}
	}
	s.put(t, bodies...)
	same(t, "by ID", s.users(t, ids, names), ids[:actions.UsersLimit])
	for i := range actions.UsersLimit {
		want = append(want, fmt.Sprintf("user-%03d", some+i))
	}
	same(t, "by name", s.users(t, nil, names), want)
	same(t, "of both", s.users(t, ids[:99], names), append(ids[:99:99], want[0]))
}

func testAttemptsSince(t *testing.T) {
	t.Run("OfTheTime", func(t *testing.T) { each(t, attemptsOfTheTime) })
	t.Run("OfTheUser", func(t *testing.T) { each(t, attemptsOfOneUser) })
	t.Run("TooMany", func(t *testing.T) { each(t, attemptsTooMany) })
}

// since reads a user's attempts of the hour before the moment.
func (s *site) since(t testing.TB, user string) []string {
	t.Helper()
	attempts, err := s.AttemptsSince(t.Context(), user, ago(time.Hour), moment)
	if err != nil {
		t.Fatal(err)
	}
	return attemptIDs(attempts)
}

func attemptsOfTheTime(t *testing.T, s *site) {
	atDesk := try("staff", "user-1", ago(time.Minute), actions.Success)
	atDesk.IP = "198.51.100.9"
	s.put(t, sampleUser, sampleNetwork, atDesk,
		try("too old", "user-1", ago(time.Hour), actions.Success), try("oldest", "user-1", ago(time.Hour-time.Microsecond), actions.Success),
		try("failed", "user-1", ago(30*time.Minute), actions.WrongPassword), try("in", "user-1", ago(20*time.Minute), actions.Success),
		try("newest", "user-1", moment, actions.MFAFailed), try("too new", "user-1", moment.Add(time.Microsecond), actions.Success))
	same(t, "the attempts", s.since(t, "user-1"), []string{"newest", "in", "failed", "oldest"})
	attempts, err := s.AttemptsSince(t.Context(), "user-1", ago(31*time.Minute), ago(25*time.Minute))
	if err != nil || len(attempts) != 1 || attempts[0].Outcome != actions.WrongPassword || !attempts[0].At.Equal(ago(30*time.Minute)) {
		t.Errorf("of six minutes: %+v, %v", attempts, err)
	}
}

func attemptsOfOneUser(t *testing.T, s *site) {
	foreign := typed("foreign", "jane.doe", ago(time.Minute), actions.Success)
	foreign.UserID = "user-2"
	s.put(t, sampleUser, person("user-2", "joe"), foreign,
		typed("by name", "JANE.doe", ago(4*time.Minute), actions.WrongPassword), typed("by mail", "jane@acme.example", ago(3*time.Minute), actions.Success),
		typed("by mobile", "+61 400 000 001", ago(2*time.Minute), actions.Success), typed("untrimmed", " jane.doe", ago(time.Minute), actions.Success),
		try("at once", "user-1", ago(4*time.Minute), actions.Success))
	same(t, "hers", s.since(t, "user-1"), []string{"by mobile", "by mail", "at once", "by name"})
	same(t, "his", s.since(t, "user-2"), []string{"foreign"})
	same(t, "nobody's", s.since(t, "user-3"), []string{})
}

// attemptsTooMany: under attack a success isn't lost among failures.
func attemptsTooMany(t *testing.T, s *site) {
	bodies := []any{sampleUser, try("in", "user-1", ago(50*time.Minute), actions.Success)}
	for i := range actions.AttemptLimit {
		bodies = append(bodies, try(fmt.Sprintf("f-%04d", i), "user-1", ago(time.Duration(i)*time.Millisecond), actions.WrongPassword))
	}
	s.put(t, bodies...)
	got := s.since(t, "user-1")
	same(t, "how many", len(got), actions.AttemptLimit)
	same(t, "the newest", got[0], "f-0000")
	same(t, "the last two", got[len(got)-2:], []string{fmt.Sprintf("f-%04d", actions.AttemptLimit-2), "in"})
}

func testTried(t *testing.T) {
	t.Run("Since", func(t *testing.T) { each(t, triedSince) })
	t.Run("ByAnyName", func(t *testing.T) { each(t, triedByAnyName) })
	t.Run("ByAnyOutcome", func(t *testing.T) { each(t, triedByAnyOutcome) })
}

// tried names who of the users tried since their moments.
func (s *site) tried(t testing.TB, since map[string]time.Time) []string {
	t.Helper()
	tried, err := s.Tried(t.Context(), since, moment)
	if err != nil {
		t.Fatal(err)
	}
	return slices.Sorted(maps.Keys(tried))
}

func triedSince(t *testing.T, s *site) {
	s.put(t, sampleUser, person("user-2", "joe"), person("user-3", "sam"), person("user-4", "kim"),
		try("before", "user-1", ago(time.Minute), actions.Success), try("new", "user-2", ago(time.Minute-time.Microsecond), actions.Success),
		try("now", "user-3", moment, actions.Success), try("too new", "user-4", moment.Add(time.Microsecond), actions.Success))
	since := map[string]time.Time{"user-9": ago(time.Hour), "\"": ago(time.Hour)}
	same(t, "of nobody there", s.tried(t, since), nil)
	for i := range 4 {
		since[fmt.Sprint("user-", i+1)] = ago(time.Minute)
	}
	same(t, "since a minute", s.tried(t, since), []string{"user-2", "user-3"})
	since["user-1"], since["user-2"] = ago(time.Minute+time.Microsecond), ago(time.Second)
	same(t, "each since their own moment", s.tried(t, since), []string{"user-1", "user-3"})
	same(t, "of nobody", s.tried(t, nil), nil)
}

func triedByAnyName(t *testing.T, s *site) {
	all := map[string]time.Time{"user-1": ago(time.Hour), "user-2": ago(time.Hour)}
	foreign := typed("foreign", "jane.doe", ago(time.Minute), actions.Success)
	foreign.UserID = "user-3"
	s.put(t, sampleUser, person("user-2", "joe"), person("user-3", "sam"), foreign)
	same(t, "when somebody else used her name", s.tried(t, all), nil)
	for i, identifier := range []string{"JANE.doe", "jane@acme.example", "+61 400 000 001"} {
		at := ago(time.Duration(30-i) * time.Minute)
		all["user-1"] = at.Add(-time.Microsecond)
		s.put(t, typed(fmt.Sprint("by-", i), identifier, at, actions.WrongPassword))
		same(t, "by "+identifier, s.tried(t, all), []string{"user-1"})
		all["user-1"] = at
		same(t, "before "+identifier, s.tried(t, all), nil)
	}
}

// triedByAnyOutcome: what AttemptsSince has, this has.
func triedByAnyOutcome(t *testing.T, s *site) {
	s.put(t, sampleUser)
	for i, outcome := range []actions.Outcome{actions.WrongPassword, actions.Success, actions.MFAFailed, "something new"} {
		at := ago(time.Duration(9-i) * time.Minute)
		s.put(t, try(fmt.Sprint("a-", i), "user-1", at, outcome))
		same(t, string(outcome), s.tried(t, map[string]time.Time{"user-1": at.Add(-time.Second)}), []string{"user-1"})
	}
}

func testLooks(t *testing.T) { each(t, looks) }

func looks(t *testing.T, s *site) {
	act := func(act actions.Act, actor, subject, detail string, outcome actions.AuditOutcome) actions.AuditEntry {
		return actions.AuditEntry{At: moment, Act: act, Actor: actor, Subject: subject, Outcome: outcome, Ticket: "#4711", Detail: detail}
	}
	s.audit(t,
		act(actions.ActDiagnose, "U1", "user-1", "", actions.ActDone), act(actions.ActDiagnose, "U2", "user-1", "", actions.ActDone),
		act(actions.ActHistory, "U1", "user-1", "", actions.ActDone), act(actions.ActDiagnose, "U1", "", "", actions.ActRefused),
		act(actions.ActDiagnose, "U1", "", "asked for sam", actions.ActDone), act(actions.ActDiagnose, "U1", "user-2", "", actions.ActDone))
	look := func(limit int) []actions.AuditRow {
		t.Helper()
		rows, err := s.Looks(t.Context(), "U1", limit)
		if err != nil {
			t.Fatal(err)
		}
		return rows
	}
	rows := look(10)
	same(t, "whom U1 looked up, newest first", idsOf(rows, func(r actions.AuditRow) string { return r.Entry.Subject + r.Entry.Detail }),
		[]string{"user-2", "asked for sam", "user-1"})
	same(t, "the entry", rows[1].Entry, act(actions.ActDiagnose, "U1", "", "asked for sam", actions.ActDone))
	same(t, "the newest", len(look(1)), 1)
	s.exec(t, `DELETE FROM audit_texts`, `DELETE FROM audit_subjects`)
	rows = look(10)
	same(t, "when names are deleted", idsOf(rows, func(r actions.AuditRow) string { return r.Entry.Subject + r.Entry.Detail }), []string{"", "", ""})
	if rows[0].Link.Subject == "" || rows[0].Link.Subject == rows[2].Link.Subject {
		t.Error("the pseudonyms are gone too")
	}
}
