package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/store"
	"github.com/latchkey-bot/latchkey/store/storetest"
)

// TestReplacedAttempts holds that an attempt which is sent again with another
// outcome, or with the user it lacked, is counted as what it is now and no
// longer as what it was.
func TestReplacedAttempts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		put(t, s, actions.User{ID: "jane", Username: "jane.doe"}, actions.StaffNetwork{CIDR: "10.0.0.0/8"})
		attempts := []any{actions.Attempt{ID: "jane", At: asking, UserID: "jane", Outcome: actions.WrongPassword}}
		for i := range 300 {
			attempts = append(attempts, actions.Attempt{
				ID: fmt.Sprint(i), At: asking.Add(-time.Duration(i%50) * time.Minute),
				Identifier: fmt.Sprint("other.", i%6), Outcome: actions.WrongPassword,
			})
		}
		put(t, s, attempts...)
		checkAlike(t, s, "before", 6)
		for i := range attempts[1:] {
			a := attempts[1+i].(actions.Attempt)
			switch i % 6 {
			case 0:
				a.UserID = "user-0" // known by now: still one customer
			case 1:
				a.Outcome = actions.Success
			case 2:
				a.IP = "10.1.2.3" // it was staff
			}
			attempts[1+i] = a
		}
		tally := put(t, s, attempts...)
		if got := tally["attempt"]; got != (actions.Count{Changed: 150, Unchanged: 151}) {
			t.Errorf("the attempts sent again counted as %+v", got)
		}
		checkAlike(t, s, "afterwards", 4)
	})
}

// checkAlike looks Jane up and compares how many others failed alike.
func checkAlike(t *testing.T, s *store.Store, when string, want int) {
	t.Helper()
	snapshot, err := s.Snapshot(t.Context(), actions.Query{Identifier: "jane.doe", At: asking})
	if err != nil {
		t.Fatal(err)
	}
	if snapshot.Alike.LastHour != want {
		t.Errorf("%s: %d others failed alike, want %d", when, snapshot.Alike.LastHour, want)
	}
}

// put imports bodies as one batch.
func put(t *testing.T, s *store.Store, bodies ...any) actions.Tally {
	t.Helper()
	var tally actions.Tally
	err := s.Import(t.Context(), func(tx actions.ImportTx) (err error) {
		var batch []actions.Record
		for _, body := range bodies {
			batch = append(batch, actions.Record{Body: body, Digest: []byte{1}})
		}
		tally, err = tx.Put(t.Context(), batch)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return tally
}
