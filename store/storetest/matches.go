package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

func testMatches(t *testing.T) {
	t.Run("OneUser", func(t *testing.T) { each(t, matchOne) })
	t.Run("WhoTriedLast", func(t *testing.T) { each(t, matchOrder) })
	t.Run("Limited", func(t *testing.T) { each(t, matchLimit) })
	t.Run("SeveralHaveNoSection", func(t *testing.T) { each(t, matchSeveral) })
}

func matchOne(t *testing.T, s *site) {
	other := person("JANE.D", "other")
	other.Mobile, other.Email = "+61 400 000 0011", "jane@acme.example.com"
	phone := person("user-3", "+43 (1) 555-0100")
	s.put(t, other, sampleUser, phone)
	for identifier, want := range map[string][]string{
		"jane.doe": {"user-1"}, "JANE.DOE": {"user-1"}, "jane@acme.EXAMPLE": {"user-1"}, "user-1": {"user-1"}, "USER-1": {"user-1"},
		"+61 400 000 001": {"user-1"}, "61400000001": {"user-1"}, "(61) 400/000-001": {"user-1"}, "jane.d": {"JANE.D"},
		"+43 (1) 555-0100": {"user-3"}, "4315550100": {}, "00001": {}, "jane": {}, "Jane Doe": {}, " jane.doe": {}, "": {}, "@": {}, "%": {}, "*": {},
	} {
		same(t, fmt.Sprintf("who has %q", identifier), userIDs(s.look(t, identifier).Users), want)
	}
	for id, want := range map[string][]string{"user-1": {"user-1"}, "USER-1": {}, "jane.doe": {}, "user-9": {}} {
		same(t, fmt.Sprintf("who has the ID %q", id), userIDs(s.lookBy(t, actions.Query{UserID: id, At: moment}).Users), want)
	}
}

func matchOrder(t *testing.T, s *site) {
	c := person("c", "another")
	c.Email = "SAM" // fits, too
	s.put(t, person("b", "sam"), person("a", "Sam"), c)
	order := func(want ...string) {
		t.Helper()
		same(t, "the matches", userIDs(s.look(t, "sam").Users), want)
	}
	order("b", "a", "c")
	s.put(t, sampleNetwork, try("1", "c", ago(time.Hour), actions.WrongPassword))
	order("c", "b", "a")
	atDesk := try("2", "a", ago(time.Minute), actions.Success)
	atDesk.IP = "198.51.100.9"
	s.put(t, atDesk)
	order("c", "b", "a")
	s.put(t, try("3", "a", ago(2*time.Hour), actions.Success), try("future", "b", moment.Add(time.Second), actions.Success))
	order("c", "a", "b")
	s.put(t, try("4", "a", ago(time.Hour), actions.WrongPassword)) // the same instant: the later imported is the newer
	order("a", "c", "b")
	s.put(t, try("5", "b", ago(40*day), actions.WrongPassword))
	order("a", "c", "b")
	s.put(t, typed("6", "another", ago(time.Second), actions.WrongPassword))
	order("c", "a", "b")
}

func matchLimit(t *testing.T, s *site) {
	var bodies []any
	var want []string
	for i := range actions.MatchLimit + 10 {
		id := fmt.Sprintf("user-%02d", i)
		bodies, want = append(bodies, person(id, "sam")), append(want, id)
	}
	last := want[len(want)-1]
	s.put(t, append(bodies, try("1", last, ago(time.Hour), actions.Success))...)
	want = slices.Insert(want[:actions.MatchLimit-1], 0, last)
	same(t, "the matches", userIDs(s.look(t, "SAM").Users), want)
}

func matchSeveral(t *testing.T, s *site) {
	s.put(t, append(after(0), sampleUser, person("user-2", "jane.doe"), sampleAccount, sampleMembership)...)
	got := s.look(t, "jane.doe")
	same(t, "how many match", len(got.Users), 2)
	for section, n := range sizes(got) {
		same(t, "what is read of "+section, n, 0)
	}
	same(t, "how fresh the records are", got.NewestAttempt, moment)
	same(t, "places, typed, near users and accounts", len(got.Places)+len(got.Typed)+len(got.NearUsers)+len(got.Accounts), 0)
	chosen := s.lookBy(t, actions.Query{Identifier: "jane.doe", UserID: "user-1", At: moment})
	same(t, "who was chosen", userIDs(chosen.Users), []string{"user-1"})
	same(t, "the locks of who was chosen", len(chosen.Locks), 1)
}
