package actions

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// runs lets a job run at the desk's time and reports whether it ran.
func (d *desk) runs(t *testing.T, job string, period time.Time, run func(context.Context) error) bool {
	t.Helper()
	began := false
	ran, err := d.RunOnce(t.Context(), job, period, minute, func(ctx context.Context) error {
		began = true
		return run(ctx)
	})
	if ran != began {
		t.Errorf("says that it ran: %t; it did: %t", ran, began)
	}
	if err != nil && !errors.Is(err, errBroken) {
		t.Fatal(err)
	}
	return ran
}

func ok(context.Context) error     { return nil }
func breaks(context.Context) error { return errBroken }

func TestRunOnce(t *testing.T) {
	d := newDesk()
	if !d.runs(t, "digest", noon, ok) || d.runs(t, "digest", noon, ok) {
		t.Error("a job runs for a period once")
	}
	if !d.runs(t, "tidy", noon, ok) || !d.runs(t, "digest", noon.Add(aDay), ok) {
		t.Error("another job and another period are others")
	}
	d.now = d.now.Add(aDay)
	if d.runs(t, "digest", noon, ok) {
		t.Error("a run that ended well comes again when its time is over")
	}
}

func TestRunOnceFailed(t *testing.T) {
	d := newDesk()
	ran, err := d.RunOnce(t.Context(), "digest", noon, minute, breaks)
	if !ran || !errors.Is(err, errBroken) {
		t.Errorf("ran: %t, %v", ran, err)
	}
	if !d.runs(t, "digest", noon, breaks) || !d.runs(t, "digest", noon, ok) || d.runs(t, "digest", noon, ok) {
		t.Error("a run that failed may be had again, until it ends well")
	}
}

// TestRunOnceWhileItRuns: nobody else has a run under way, until its time is
// over; and then who had it writes down nothing.
func TestRunOnceWhileItRuns(t *testing.T) {
	d := newDesk()
	d.runs(t, "digest", noon, func(context.Context) error {
		d.now = noon.Add(minute - tick)
		if d.runs(t, "digest", noon, ok) {
			t.Error("two ran at once")
		}
		d.now = noon.Add(minute)
		if !d.runs(t, "digest", noon, ok) {
			t.Error("a run that takes too long is lost")
		}
		return errBroken
	})
	if d.runs(t, "digest", noon, ok) {
		t.Error("who had it before spoilt the run of who took it over")
	}
}

// TestRunOnceTakesTooLong: the run is told to stop when its claim ends, and its
// failure is still written down.
func TestRunOnceTakesTooLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk()
		begun := time.Now()
		_, err := d.RunOnce(t.Context(), "digest", noon, minute, func(ctx context.Context) error {
			<-ctx.Done()
			return ctx.Err()
		})
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(begun) != minute {
			t.Errorf("after %s: %v", time.Since(begun), err)
		}
		if !d.runs(t, "digest", noon, ok) {
			t.Error("the failure wasn't written down")
		}
	})
}

func TestRunOnceWithoutADatabase(t *testing.T) {
	d := newDesk()
	d.store.down = Errorf(Unavailable, "The database is away.")
	ran, err := d.RunOnce(t.Context(), "digest", noon, minute, func(context.Context) error {
		t.Error("it ran, and nobody knows")
		return nil
	})
	wantCode(t, err, Unavailable)
	if ran {
		t.Error("says that it ran")
	}
}
