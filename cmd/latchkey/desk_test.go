package main

import (
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/escalation"
	"github.com/latchkey-bot/latchkey/store/storetest"
)

// equipped is the house of a configuration.
func equipped(t *testing.T, change func(*Config)) *house {
	t.Helper()
	c := whole()
	c.DatabaseURL = storetest.SQLiteURL(t)
	change(&c)
	h, err := c.house(t.Context(), quiet(terminal{err: io.Discard}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.close() })
	return h
}

// TestDeskOfAConfiguration: cases go by what the company has set.
func TestDeskOfAConfiguration(t *testing.T) {
	t.Parallel()
	d := equipped(t, func(c *Config) {
		c.Timezone, c.WorkingHours, c.Holidays = "Australia/Melbourne", "mon-thu 09:00-17:00", "2026-03-09"
		c.ServiceLevels, c.LeadsChannel = "security/urgent=10m/1h", "C0LEADS"
	}).desk
	if d.Channel != "C0L2" || d.Leads != "C0LEADS" || d.Actions.Ended == nil {
		t.Errorf("the desk is %+v", d)
	}
	if got := d.Levels.Of(escalation.Security, escalation.Urgent); got != (escalation.Level{First: 10 * time.Minute, Resolution: time.Hour}) {
		t.Errorf("urgent cases have %v", got)
	}
	if got, usual := d.Levels.Of(escalation.Other, escalation.Normal), escalation.DefaultLevels().Of(escalation.Other, escalation.Normal); got != usual || got.First == 0 {
		t.Errorf("what isn't named has %v, usually %v", got, usual)
	}
	thursday := time.Date(2026, 3, 5, 5, 30, 0, 0, time.UTC) // half past four in the afternoon
	if got, want := d.Hours.After(thursday, time.Hour), time.Date(2026, 3, 9, 22, 30, 0, 0, time.UTC); !got.Equal(want) {
		t.Errorf("an hour of work after %s ends at %s, want %s", thursday, got.UTC(), want)
	}
}

// TestListsOfAConfiguration: the directory's own lists come first, then the
// provider's, which are read every hour.
func TestListsOfAConfiguration(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		ses   SES
		lists int
	}{"Own": {SES{}, 1}, "AndSES": {inSydney(), 2}} {
		h := equipped(t, func(c *Config) { c.SES = row.ses })
		if lists := h.actions.Lists; len(lists) != row.lists || lists[0] != any(h.store) || row.lists == 2 && !strings.Contains(lists[1].Name(), "SES") {
			t.Errorf("%s: there are %v", name, lists)
		}
		reads := slices.ContainsFunc(h.jobs(), func(j job) bool { return j.name == "read_lists" && j.period == time.Hour })
		if reads != (row.lists == 2) {
			t.Errorf("%s: the lists are read every hour: %t", name, reads)
		}
	}
}

// TestProviderOfAConfiguration: what the provider's client can't use is said
// without it.
func TestProviderOfAConfiguration(t *testing.T) {
	t.Parallel()
	s := inSydney()
	s.SESSecretAccessKey = "canarỳ"
	if _, err := s.lists(); err == nil || !strings.HasPrefix(err.Error(), "LATCHKEY_SES_") || strings.Contains(err.Error(), "canar") {
		t.Errorf("it says %v", err)
	}
}
