package actions

import (
	"fmt"
	"sync"
	"testing"
	"time"
)

// wall is a time of the clock on the wall of a zone, by its offset, in UTC.
func wall(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse("2006-01-02 15:04 -0700", text)
	if err != nil {
		t.Fatal(err)
	}
	return at.UTC()
}

// TestDigestDue: the newest moment at which a digest was due, written down by hand from
// the tables of the zones.
func TestDigestDue(t *testing.T) {
	for _, step := range []struct {
		name, zone, now, want string
		at                    time.Duration
	}{
		{"Due", "UTC", "2026-03-10 08:00 +0000", "2026-03-10 08:00 +0000", 8 * hour},
		{"NotYet", "UTC", "2026-03-10 07:59 +0000", "2026-03-09 08:00 +0000", 8 * hour},
		{"Midnight", "UTC", "2026-03-10 00:00 +0000", "2026-03-10 00:00 +0000", 0},
		{"FarAhead", "Pacific/Kiritimati", "2026-03-10 07:00 +1400", "2026-03-09 08:00 +1400", 8 * hour},
		{"HalfAnHour", "Asia/Kolkata", "2026-03-10 09:00 +0530", "2026-03-10 08:00 +0530", 8 * hour},
		{"OtherOffsetThatDay", "Australia/Melbourne", "2026-04-05 08:00 +1000", "2026-04-05 08:00 +1000", 8 * hour},
		{"BeforeItThatDay", "Australia/Melbourne", "2026-04-05 07:59 +1000", "2026-04-04 08:00 +1100", 8 * hour},
		// 02:00 to 03:00 is skipped: the first moment after it.
		{"Skipped", "America/New_York", "2026-03-08 03:00 -0400", "2026-03-08 03:00 -0400", 2*hour + 30*minute},
		{"NotYetSkipped", "America/New_York", "2026-03-08 01:59 -0500", "2026-03-07 02:30 -0500", 2*hour + 30*minute},
		{"DayAfterSkipped", "America/New_York", "2026-03-09 02:30 -0400", "2026-03-09 02:30 -0400", 2*hour + 30*minute},
		// 01:00 to 02:00 comes twice: the first time.
		{"Doubled", "America/New_York", "2026-11-01 01:30 -0400", "2026-11-01 01:30 -0400", hour + 30*minute},
		{"DoubledAgain", "America/New_York", "2026-11-01 01:30 -0500", "2026-11-01 01:30 -0400", hour + 30*minute},
		{"AfterDoubled", "America/New_York", "2026-11-01 23:00 -0500", "2026-11-01 01:30 -0400", hour + 30*minute},
		// Midnight itself is skipped, or comes twice.
		{"SkippedMidnight", "America/Sao_Paulo", "2018-11-04 01:00 -0200", "2018-11-04 01:00 -0200", 0},
		{"DoubledLastHour", "America/Sao_Paulo", "2018-02-17 23:45 -0300", "2018-02-17 23:30 -0200", 23*hour + 30*minute},
		{"DoubledMidnight", "America/Havana", "2026-11-01 00:30 -0500", "2026-11-01 00:00 -0400", 0},
	} {
		t.Run(step.name, func(t *testing.T) {
			got := digestDue(wall(t, step.now), zoned(t, step.zone), step.at)
			if want := wall(t, step.want); !got.Equal(want) {
				t.Errorf("at %s it was due at %s, want %s", step.now, got.In(zoned(t, step.zone)), want.In(zoned(t, step.zone)))
			}
		})
	}
}

// digests is a desk that tells digests at 8:00, and what it told since it was asked last.
func digests(t *testing.T, zone string, at time.Duration) (d *desk, told func(now string) []string) {
	t.Helper()
	d = newDesk()
	d.Zone, d.DigestAt, d.LeadsChannel = zoned(t, zone), at, "C0LEADS"
	seen := 0
	return d, func(now string) []string {
		d.now = wall(t, now)
		for range 2 { // of two ticks the second tells nothing more
			if err := d.SendDigest(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		var days []string
		for _, m := range d.store.state.outbox[seen:] {
			if m.Kind != OutgoingDigest || !m.Due.Equal(d.now) {
				t.Errorf("told %+v", m)
			}
			days = append(days, m.To+" "+m.Ref)
		}
		seen = len(d.store.state.outbox)
		return days
	}
}

// TestSendDigest: each day's once, about the day before; what was missed is made up for,
// the newest alone.
func TestSendDigest(t *testing.T) {
	type tick struct{ now, want string }
	for _, scene := range []struct {
		name, zone string
		at         time.Duration
		ticks      []tick
	}{
		{"EachDay", "Europe/London", 8 * hour, []tick{
			{"2026-03-10 08:00 +0000", "[C0LEADS 2026-03-09]"}, {"2026-03-10 08:01 +0000", "[]"}, {"2026-03-11 07:59 +0000", "[]"},
			{"2026-03-11 08:00 +0000", "[C0LEADS 2026-03-10]"},
		}},
		{"DownForAnHour", "Europe/London", 8 * hour, []tick{
			{"2026-03-10 08:00 +0000", "[C0LEADS 2026-03-09]"}, {"2026-03-11 07:30 +0000", "[]"}, {"2026-03-11 08:30 +0000", "[C0LEADS 2026-03-10]"},
			{"2026-03-11 09:00 +0000", "[]"}, {"2026-03-12 08:00 +0000", "[C0LEADS 2026-03-11]"},
		}},
		{"DownForThreeDays", "Europe/London", 8 * hour, []tick{
			{"2026-03-10 08:00 +0000", "[C0LEADS 2026-03-09]"}, {"2026-03-13 11:00 +0000", "[C0LEADS 2026-03-12]"}, {"2026-03-13 11:01 +0000", "[]"},
			{"2026-03-14 08:00 +0000", "[C0LEADS 2026-03-13]"},
		}},
		{"SkippedHour", "America/New_York", 2*hour + 30*minute, []tick{
			{"2026-03-07 02:30 -0500", "[C0LEADS 2026-03-06]"}, {"2026-03-08 01:59 -0500", "[]"}, {"2026-03-08 03:00 -0400", "[C0LEADS 2026-03-07]"},
			{"2026-03-08 03:30 -0400", "[]"}, {"2026-03-09 02:30 -0400", "[C0LEADS 2026-03-08]"},
		}},
		{"DoubledHour", "America/New_York", hour + 30*minute, []tick{
			{"2026-10-31 01:30 -0400", "[C0LEADS 2026-10-30]"}, {"2026-11-01 01:30 -0400", "[C0LEADS 2026-10-31]"}, {"2026-11-01 01:30 -0500", "[]"},
			{"2026-11-02 01:30 -0500", "[C0LEADS 2026-11-01]"},
		}},
	} {
		t.Run(scene.name, func(t *testing.T) {
			_, told := digests(t, scene.zone, scene.at)
			for _, step := range scene.ticks {
				if got := fmt.Sprint(told(step.now)); got != step.want {
					t.Errorf("at %s it told %s, want %s", step.now, got, step.want)
				}
			}
		})
	}
}

// TestSendDigestAtAnotherHour: a day's digest that was told isn't told again when the team
// changes its hour.
func TestSendDigestAtAnotherHour(t *testing.T) {
	d, told := digests(t, "UTC", 8*hour)
	first := told("2026-03-10 08:00 +0000")
	for _, at := range []time.Duration{7 * hour, 9 * hour, 10*hour + 30*minute} {
		d.DigestAt = at
		if got := told("2026-03-10 10:31 +0000"); len(first) != 1 || len(got) > 0 {
			t.Errorf("at %s it told %v, and first %v", at, got, first)
		}
	}
	if got := fmt.Sprint(told("2026-03-11 10:30 +0000")); got != "[C0LEADS 2026-03-10]" {
		t.Errorf("on the next day it told %s", got)
	}
}

// TestSendDigestOfNothing: while nobody ever tried to log in, nothing was missed.
func TestSendDigestOfNothing(t *testing.T) {
	d, told := digests(t, "UTC", 8*hour)
	d.store.untried = true
	if got := told("2026-03-10 08:30 +0000"); len(got) > 0 {
		t.Errorf("it told %v", got)
	}
	d.store.untried = false
	if got := fmt.Sprint(told("2026-03-10 08:31 +0000"), told("2026-03-11 08:00 +0000")); got != "[] [C0LEADS 2026-03-10]" {
		t.Errorf("then it told %s", got)
	}
}

// TestSendDigestToEachLead where there is no channel.
func TestSendDigestToEachLead(t *testing.T) {
	d, told := digests(t, "UTC", 8*hour)
	d.LeadsChannel, d.Staff = "", &fakeStaff{onDuty: []string{"U0ONE"}, other: []string{"U0TWO"}}
	if got := fmt.Sprint(told("2026-03-10 08:00 +0000")); got != "[U0ONE 2026-03-09 U0TWO 2026-03-09]" {
		t.Errorf("it told %s", got)
	}
}

// TestSendDigestSlackAway: who the leads are isn't known; it is tried again, and told once.
func TestSendDigestSlackAway(t *testing.T) {
	d, told := digests(t, "UTC", 8*hour)
	staff := &fakeStaff{onDuty: []string{"U0ONE"}, down: errBroken}
	d.LeadsChannel, d.Staff, d.now = "", staff, wall(t, "2026-03-10 08:00 +0000")
	if err := d.SendDigest(t.Context()); err == nil || len(d.store.state.outbox) > 0 {
		t.Errorf("it told %v; error: %v", d.store.state.outbox, err)
	}
	staff.down = nil
	if got := fmt.Sprint(told("2026-03-10 08:01 +0000")); got != "[U0ONE 2026-03-09]" {
		t.Errorf("then it told %s", got)
	}
}

// TestSendDigestReplicas: of several that tick at once, one tells.
func TestSendDigestReplicas(t *testing.T) {
	d, _ := digests(t, "UTC", 8*hour)
	d.now = wall(t, "2026-03-10 08:00 +0000")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if err := d.SendDigest(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if told := d.store.state.outbox; len(told) != 1 {
		t.Errorf("%d digests were told, want 1", len(told))
	}
}
