package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

func testPartitions(t *testing.T) {
	t.Run("OnDemand", func(t *testing.T) { onPostgres(t, partitionsOnDemand) })
	t.Run("OnDemandBatchByBatch", func(t *testing.T) { onPostgres(t, partitionsBatchByBatch) })
	t.Run("Ahead", func(t *testing.T) { onPostgres(t, partitionsAhead) })
	t.Run("WhileImporting", func(t *testing.T) { onPostgres(t, partitionsWhileImporting) })
	t.Run("None", func(t *testing.T) {
		if err := SQLite(t).MakePartitions(t.Context(), moment, 3); err != nil {
			t.Errorf("a database without partitions: %v", err)
		}
	})
}

// partitionsOf names the partitions of attempts, in order.
func partitionsOf(t *testing.T, s *site) string {
	t.Helper()
	return s.value(t, `SELECT coalesce(string_agg(inhrelid::regclass::text, ' ' ORDER BY inhrelid::regclass::text), '')
		FROM pg_inherits WHERE inhparent = 'attempts'::regclass`)
}

func partitionsOnDemand(t *testing.T, s *site) {
	at := func(month time.Month, d time.Duration) time.Time {
		return time.Date(2026, month, 1, 0, 0, 0, 0, time.UTC).Add(d)
	}
	bodies := []any{
		try("first of March", "user-1", at(3, 0), actions.Success), try("last of March", "user-1", at(4, -time.Microsecond), actions.Success),
		try("first of April", "user-1", at(4, 0), actions.Success), try("last of February", "user-1", at(3, -time.Microsecond), actions.Success),
	}
	s.put(t, bodies...)
	s.put(t, bodies...)
	same(t, "the partitions", partitionsOf(t, s), "attempts_2026_02 attempts_2026_03 attempts_2026_04")
	for month, want := range map[string]string{
		"02": "last of February", "03": "first of March,last of March", "04": "first of April",
	} {
		same(t, "the attempts of month "+month, s.value(t, `SELECT string_agg(id, ',' ORDER BY at) FROM ONLY attempts_2026_`+month), want)
	}
	same(t, "the attempts of no month", s.value(t, `SELECT count(*) FROM ONLY attempts`), "0")
}

// partitionsBatchByBatch needs a new partition with each batch of one import,
// small and big.
func partitionsBatchByBatch(t *testing.T, s *site) {
	err := s.Import(t.Context(), func(tx actions.ImportTx) error {
		for i, size := range []int{1, 1, bigBatch, 1, bigBatch, bigBatch} {
			if _, err := tx.Put(t.Context(), records(series(fmt.Sprint(i), size, time.Duration(31*i)*day)...)); err != nil {
				return fmt.Errorf("batch %d of %d: %w", i, size, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "the attempts", s.value(t, `SELECT count(*) FROM attempts`), fmt.Sprint(3*bigBatch+3))
}

func partitionsAhead(t *testing.T, s *site) {
	for range 2 {
		if err := s.MakePartitions(t.Context(), time.Date(2026, 11, 30, 23, 0, 0, 0, time.UTC), 3); err != nil {
			t.Fatal(err)
		}
		same(t, "the partitions", partitionsOf(t, s), "attempts_2026_11 attempts_2026_12 attempts_2027_01")
	}
	indexes := s.value(t, `SELECT count(*) FROM pg_indexes WHERE tablename = 'attempts_2027_01'`)
	same(t, "the indexes of a partition", indexes, s.value(t, `SELECT count(*) FROM pg_indexes WHERE tablename = 'attempts'`))
}

// partitionsWhileImporting makes partitions and looks people up while two
// imports hold their transactions open.
func partitionsWhileImporting(t *testing.T, s *site) {
	s.put(t, sampleUser, try("at-1", "user-1", ago(time.Hour), actions.Success))
	err := s.Import(t.Context(), func(outer actions.ImportTx) error {
		if _, err := outer.Put(t.Context(), records(series("a", bigBatch, time.Minute)...)); err != nil {
			return err
		}
		return s.Import(t.Context(), func(inner actions.ImportTx) error {
			for i := range 3 {
				a := try(fmt.Sprint("old-", i), "user-1", ago(time.Duration(100*i+100)*day), actions.Success)
				if _, err := inner.Put(t.Context(), records(a)); err != nil {
					return err
				}
			}
			if err := s.MakePartitions(t.Context(), moment, 4); err != nil {
				return err
			}
			same(t, "what is seen meanwhile", attemptIDs(s.look(t, "jane.doe").Attempts), []string{"at-1"})
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "what is seen afterwards", len(s.look(t, "jane.doe").Successes), 4)
}
