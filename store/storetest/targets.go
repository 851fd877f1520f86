package storetest

import (
	"fmt"
	"testing"

	"github.com/latchkey-bot/latchkey/actions"
)

func testTargets(t *testing.T) {
	t.Run("Whole", func(t *testing.T) { each(t, targetsAreWhole) })
	t.Run("Names", func(t *testing.T) { each(t, targetNames) })
	t.Run("Put", func(t *testing.T) { each(t, targetPut) })
	t.Run("AddedAtOnce", func(t *testing.T) { each(t, targetAddedAtOnce) })
}

func target(id, name string) actions.Target {
	return actions.Target{
		ID: id, Name: name, Kind: actions.TargetWordPress, URL: "https://acme.example/wp", User: "latchkey", Reassign: "editor",
		Account: "acc-1", At: moment, By: "terminal:jo",
	}
}

func (s *site) targets(t testing.TB, targets ...actions.Target) {
	t.Helper()
	for _, one := range targets {
		s.in(t, func(tx actions.Tx) error { return tx.StartTarget(t.Context(), one) })
	}
}

func (s *site) endTarget(t testing.TB, id string) (ended bool) {
	t.Helper()
	s.in(t, func(tx actions.Tx) (err error) { ended, err = tx.EndTarget(t.Context(), id); return err })
	return ended
}

// target reads a target by its ID and by its name.
func (s *site) targetBy(t testing.TB, id, name string) (byID, byName actions.Target) {
	t.Helper()
	byID, found, err := s.TargetByID(t.Context(), id)
	if err != nil || found != (byID.ID != "") {
		t.Fatalf("%s: found %v, error %v", id, found, err)
	}
	byName, found, err = s.TargetByName(t.Context(), name)
	if err != nil || found != (byName.ID != "") {
		t.Fatalf("%s: found %v, error %v", name, found, err)
	}
	return byID, byName
}

func targetsAreWhole(t *testing.T, s *site) {
	shop, bare := target("t1", "Acme shop"), actions.Target{ID: "t2", Name: "a directory", Kind: actions.TargetDirectory, At: moment}
	s.targets(t, shop, bare)
	s.restart(t)
	byID, byName := s.targetBy(t, "t1", "acme SHOP")
	same(t, "by ID", byID, shop)
	same(t, "by name", byName, shop)
	byID, byName = s.targetBy(t, "T1", "Acme")
	same(t, "by another ID", byID, actions.Target{})
	same(t, "by another name", byName, actions.Target{})
	all, err := s.Targets(t.Context())
	same(t, "the error", err, nil)
	same(t, "all of them", all, []actions.Target{bare, shop})
	same(t, "whether another was removed", s.endTarget(t, "T1"), false)
	same(t, "whether it was removed", s.endTarget(t, "t1"), true)
	same(t, "whether it was removed again", s.endTarget(t, "t1"), false)
	all, _ = s.Targets(t.Context())
	same(t, "what is left", all, []actions.Target{bare})
}

// targetNames: one of a name, in whatever case, and the transaction that hears so goes
// on. Names of digits are no phone numbers.
func targetNames(t *testing.T, s *site) {
	s.targets(t, target("t1", "ÄCME Straße"), target("t2", "12 34 56"), target("t3", "123456"))
	s.in(t, func(tx actions.Tx) error {
		same(t, "the same name", actions.CodeOf(tx.StartTarget(t.Context(), target("t4", "äcme STRASSE"))), actions.Conflict)
		return tx.StartTarget(t.Context(), target("t5", "Acme"))
	})
	all, err := s.Targets(t.Context())
	same(t, "the error", err, nil)
	same(t, "all, by name", idsOf(all, func(g actions.Target) string { return g.ID }), []string{"t2", "t3", "t5", "t1"})
	s.endTarget(t, "t1")
	s.targets(t, target("t4", "äcme STRASSE"))
}

// targetPut: the user and the heir change, and nothing else, of that one alone.
func targetPut(t *testing.T, s *site) {
	shop, other := target("t1", "Acme shop"), target("t2", "Other shop")
	s.targets(t, shop, other)
	changed := actions.Target{ID: "t1", Name: "Another", Kind: actions.TargetDirectory, URL: "https://b.example", User: "robot", Reassign: "anna", Account: "b", By: "U9"}
	s.in(t, func(tx actions.Tx) error {
		same(t, "one that isn't there", actions.CodeOf(tx.PutTarget(t.Context(), actions.Target{ID: "T1", User: "robot"})), actions.NotFound)
		return tx.PutTarget(t.Context(), changed)
	})
	shop.User, shop.Reassign = "robot", "anna"
	all, err := s.Targets(t.Context())
	same(t, "the error", err, nil)
	same(t, "all of them", all, []actions.Target{shop, other})
}

func targetAddedAtOnce(t *testing.T, s *site) {
	servers := s.servers(t)
	added := timesAtOnce(crowd, func(i int) bool {
		err := servers[i%len(servers)].Tx(t.Context(), func(tx actions.Tx) error { return tx.StartTarget(t.Context(), target(fmt.Sprint("t", i), "Acme")) })
		if err != nil && actions.CodeOf(err) != actions.Conflict {
			t.Error(err)
		}
		return err == nil
	})
	same(t, "who added it", added, 1)
}
