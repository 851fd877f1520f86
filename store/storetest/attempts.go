package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// bigBatch is a batch that PostgreSQL takes by COPY.
const bigBatch = 250

func testAttempts(t *testing.T) {
	t.Run("BigBatches", func(t *testing.T) { each(t, bigBatches) })
	t.Run("BigBatchOfEqualInstants", func(t *testing.T) { each(t, bigBatchOfOneInstant) })
	t.Run("FreshAfterKnown", func(t *testing.T) { each(t, freshAfterKnown) })
	t.Run("BeforeAndFarAhead", func(t *testing.T) { each(t, farTimes) })
}

// series makes n attempts of user-1, one a second, the newest at the moment less
// d.
func series(prefix string, n int, d time.Duration) []any {
	bodies := make([]any, n)
	for i := range bodies {
		a := try(fmt.Sprintf("%s-%03d", prefix, i), "user-1", ago(d+time.Duration(n-i)*time.Second), actions.WrongPassword)
		a.DeviceID, a.Identifier = [2]string{"", "device"}[i%2], fmt.Sprintf("Jane\\%d\t\"'", i)
		bodies[i] = a
	}
	return bodies
}

// attemptsOf are the attempts of user-1, oldest first.
func attemptsOf(t *testing.T, s *site) []actions.Attempt {
	t.Helper()
	got := s.lookBy(t, actions.Query{UserID: "user-1", At: moment}).Attempts
	slices.Reverse(got)
	return got
}

// bodiesAs turns bodies into what they are all of.
func bodiesAs[T any](bodies []any) []T {
	all := make([]T, len(bodies))
	for i, body := range bodies {
		all[i] = body.(T)
	}
	return all
}

func bigBatches(t *testing.T, s *site) {
	s.put(t, person("user-1", "jane"))
	first := series("a", bigBatch, time.Hour)
	same(t, "a fresh batch", s.put(t, first...), actions.Tally{"attempt": {New: bigBatch}})
	same(t, "its attempts", attemptsOf(t, s), bodiesAs[actions.Attempt](first), anyPlace)
	same(t, "the same again", s.put(t, first...), actions.Tally{"attempt": {Unchanged: bigBatch}})

	second := series("b", bigBatch, time.Minute)
	changed := first[7].(actions.Attempt)
	changed.Outcome, changed.DeviceID = actions.Success, "another"
	mixed := slices.Concat(first[:200], second)
	mixed[7] = changed
	same(t, "old, new and a changed one", s.put(t, mixed...), actions.Tally{"attempt": {New: bigBatch, Changed: 1, Unchanged: 199}})
	first[7] = changed
	same(t, "all attempts", attemptsOf(t, s), bodiesAs[actions.Attempt](slices.Concat(first, second)), anyPlace)
	same(t, "a small batch of old ones", s.put(t, second[:20]...), actions.Tally{"attempt": {Unchanged: 20}})
}

func bigBatchOfOneInstant(t *testing.T, s *site) {
	s.put(t, person("user-1", "jane"))
	bodies := make([]any, bigBatch)
	for i := range bodies {
		// The order of import is neither that of the IDs nor its reverse.
		bodies[i] = try(fmt.Sprintf("at-%03d", i*7%bigBatch), "user-1", ago(time.Hour), actions.WrongPassword)
	}
	want := attemptIDs(bodiesAs[actions.Attempt](bodies))
	s.put(t, bodies...)
	same(t, "the order of import", attemptIDs(attemptsOf(t, s)), want)
	slices.Reverse(bodies)
	s.put(t, bodies...)
	same(t, "the order after the reverse", attemptIDs(attemptsOf(t, s)), want)
}

// freshAfterKnown sends what is there and then much that isn't, in one import.
func freshAfterKnown(t *testing.T, s *site) {
	const batches, size = 36, 210
	s.put(t, series("old", size, 30*24*time.Hour)...)
	total := actions.Tally{}
	err := s.Import(t.Context(), func(tx actions.ImportTx) error {
		for i := range batches {
			prefix := fmt.Sprintf("new-%02d", i)
			if i == 0 || i == batches-1 {
				prefix = "old" // met at the beginning and at the end
			}
			d := time.Duration(i) * time.Hour
			if prefix == "old" {
				d = 30 * 24 * time.Hour
			}
			tally, err := tx.Put(t.Context(), records(series(prefix, size, d)...))
			if err != nil {
				return err
			}
			total.Add(tally)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "the tally", total, actions.Tally{"attempt": {New: (batches - 2) * size, Unchanged: 2 * size}})
	same(t, "the attempts stored", s.value(t, `SELECT count(*) FROM attempts`), fmt.Sprint((batches-1)*size))
}

func farTimes(t *testing.T, s *site) {
	times := []time.Time{
		time.Date(1969, 12, 31, 23, 59, 59, 1000, time.UTC), time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC),
		time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC), time.Date(2025, 12, 31, 23, 59, 59, 999_999_000, time.UTC),
		time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
	}
	bodies := []any{person("user-1", "jane")}
	for i, at := range times {
		bodies = append(bodies, try(fmt.Sprint("at-", i), "user-1", at, actions.Success))
	}
	for range 2 {
		s.put(t, bodies...)
	}
	for i, at := range times {
		got := s.lookBy(t, actions.Query{UserID: "user-1", At: at})
		if len(got.Attempts) == 0 || got.Attempts[0].ID != fmt.Sprint("at-", i) || !got.Attempts[0].At.Equal(at) {
			t.Errorf("the newest attempt as of %s is %v", at, got.Attempts)
		}
		same(t, "how fresh the records are", got.NewestAttempt, at)
	}
}
