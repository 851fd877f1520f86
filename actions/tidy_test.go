package actions

import (
	"testing"
	"time"
)

func TestTidy(t *testing.T) {
	d := newDesk()
	d.diagnose(t, agent("k-1", "#1"))
	if _, err := d.Park(t.Context(), agent("k-2", ""), request); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		after time.Duration
		want  int
	}{{2 * hour, 1}, {tick, 0}} {
		d.now = d.now.Add(row.after)
		d.tidy(t)
		claims, tickets, parked := len(d.store.state.claims), len(d.store.state.tickets), len(d.store.state.parked)
		if claims != row.want || tickets != row.want || parked != row.want {
			t.Errorf("%d claims, %d tickets and %d requests are remembered, want %d of each", claims, tickets, parked, row.want)
		}
	}
}

// TestTidyWatches: an ended watch is kept for 30 days when nobody judged it, and
// for 400 days when somebody did.
func TestTidyWatches(t *testing.T) {
	for name, row := range map[string]struct {
		judgement Judgement
		kept      time.Duration
	}{"Unjudged": {"", 30 * aDay}, "Judged": {JudgedRight, 400 * aDay}} {
		t.Run(name, func(t *testing.T) {
			d, w := judged(t)
			if row.judgement != "" {
				if _, err := d.JudgeDiagnosis(t.Context(), agent("k-2", ""), w.ID, row.judgement); err != nil {
					t.Fatal(err)
				}
			}
			d.now = w.EndedAt.Add(row.kept)
			d.tidy(t)
			if _, there := d.store.state.watches[w.ID]; !there {
				t.Error("gone before its time")
			}
			d.now = d.now.Add(tick)
			d.tidy(t)
			if n := len(d.store.state.watches); n != 0 {
				t.Errorf("%d watches are kept", n)
			}
		})
	}
}

// TestTidyKeepsForGood who is still waited for.
func TestTidyKeepsForGood(t *testing.T) {
	d := newDesk()
	d.watch(t, "k-1")
	d.now = d.now.Add(1000 * aDay)
	d.tidy(t)
	if n := len(d.store.state.watches); n != 1 {
		t.Errorf("%d watches are kept", n)
	}
}

// TestTidyCases: a resolved case is kept as long as a watch that somebody judged.
func TestTidyCases(t *testing.T) {
	d := newDesk()
	d.tidy(t)
	if want := d.now.Add(-400 * aDay); !d.store.state.keep.Cases.Equal(want) {
		t.Errorf("cases are kept that were resolved since %s, want %s", d.store.state.keep.Cases, want)
	}
}

// TestTidyAdmins: a temporary admin that is gone is kept as long as a case.
func TestTidyAdmins(t *testing.T) {
	d := newDesk()
	d.tidy(t)
	if want := d.now.Add(-400 * aDay); !d.store.state.keep.Admins.Equal(want) {
		t.Errorf("temporary admins are kept that ended since %s, want %s", d.store.state.keep.Admins, want)
	}
}

func (d *desk) tidy(t *testing.T) {
	t.Helper()
	if err := d.Tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
}
