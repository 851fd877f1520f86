package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

func testImport(t *testing.T) {
	t.Run("Positions", func(t *testing.T) { each(t, positions) })
	t.Run("Missing", func(t *testing.T) { each(t, missingReferences) })
	t.Run("FailedLeavesNothing", func(t *testing.T) { each(t, failedLeavesNothing) })
	t.Run("PanicLeavesNothing", func(t *testing.T) { each(t, panicLeavesNothing) })
	t.Run("NobodyWaits", func(t *testing.T) { each(t, nobodyWaits) })
}

func positions(t *testing.T, s *site) {
	for range 2 { // each import counts anew
		err := s.Import(t.Context(), func(tx actions.ImportTx) error {
			for _, step := range []struct {
				fingerprints []string
				want         []int
			}{
				{[]string{"a", "b", "a", "a"}, []int{1, 1, 2, 3}},
				{[]string{"b", "c"}, []int{2, 1}},
				{nil, []int{}},
				{[]string{"a", "c", "a", "d"}, []int{4, 2, 5, 1}},
			} {
				got, err := tx.Positions(t.Context(), step.fingerprints)
				if err != nil {
					return err
				}
				same(t, fmt.Sprintf("positions of %q", step.fingerprints), got, step.want)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func missingReferences(t *testing.T, s *site) {
	s.put(t, sampleUser, sampleAccount)
	err := s.Import(t.Context(), func(tx actions.ImportTx) error {
		if _, err := tx.Put(t.Context(), records(person("user-2", "joe"))); err != nil {
			return err
		}
		got, err := tx.Missing(t.Context(), []string{"acc-1", "user-1", "user-2", "USER-1"}, []string{"acc-1", "acc-2", "user-1"})
		same(t, "users", got.Users, map[string]bool{"acc-1": true, "USER-1": true})
		same(t, "accounts", got.Accounts, map[string]bool{"acc-2": true, "user-1": true})
		if err != nil {
			return err
		}
		none, err := tx.Missing(t.Context(), nil, nil)
		same(t, "of nothing", len(none.Users)+len(none.Accounts), 0)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// fill does everything that an import's transaction can.
func fill(t *testing.T, tx actions.ImportTx) {
	t.Helper()
	ctx := t.Context()
	unknown := typed("at-2", "jnae", ago(time.Hour), actions.UnknownUsername)
	if _, err := tx.Put(ctx, records(append(samples(), unknown)...)); err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Put(ctx, records(series("a", bigBatch, time.Hour)...)); err != nil {
		t.Fatal(err)
	}
	everything(t, tx)
}

// checkEmpty fails when a table has a row.
func checkEmpty(t *testing.T, s *site) {
	t.Helper()
	for _, table := range sampleTables {
		same(t, "rows left in "+table, s.value(t, `SELECT count(*) FROM `+table), "0")
	}
	if head := s.value(t, `SELECT count FROM audit_head`); head != "0" {
		t.Errorf("the head of the audit is at %s, not at 0", head)
	}
}

func failedLeavesNothing(t *testing.T, s *site) {
	err := s.Import(t.Context(), func(tx actions.ImportTx) error {
		fill(t, tx)
		return errOnPurpose
	})
	if err != errOnPurpose { //nolint:errorlint // it comes back as it is
		t.Errorf("the error is %v, not the one that fn returned", err)
	}
	checkEmpty(t, s)
	// The same afterwards is as good as a first import, and leaves rows in every table.
	if err := s.Import(t.Context(), func(tx actions.ImportTx) error { fill(t, tx); return nil }); err != nil {
		t.Fatal(err)
	}
	for _, table := range sampleTables {
		if s.value(t, `SELECT count(*) FROM `+table) == "0" {
			t.Errorf("%s is empty, so that its being empty before meant nothing", table)
		}
	}
}

func panicLeavesNothing(t *testing.T, s *site) {
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		_ = s.Import(t.Context(), func(tx actions.ImportTx) error { fill(t, tx); panic("on purpose") })
	}()
	checkEmpty(t, s)
	s.put(t, samples()...) // the connection is back
}

// nobodyWaits looks people up while an import is under way.
func nobodyWaits(t *testing.T, s *site) {
	s.put(t, sampleUser, try("at-1", "user-1", ago(time.Hour), actions.WrongPassword))
	before := s.look(t, "jane.doe")
	err := s.Import(t.Context(), func(tx actions.ImportTx) error {
		newMonth := try("at-2", "user-1", ago(60*day), actions.Success)
		if _, err := tx.Put(t.Context(), records(append(series("a", bigBatch, time.Minute), newMonth, changedSamples()[1])...)); err != nil {
			return err
		}
		same(t, "what is seen meanwhile", attemptIDs(s.look(t, "jane.doe").Attempts), attemptIDs(before.Attempts))
		same(t, "who is seen meanwhile", s.look(t, "jane.doe").Users, before.Users)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "what is seen afterwards", len(s.look(t, "jane.doe").Attempts), bigBatch+1)
}
