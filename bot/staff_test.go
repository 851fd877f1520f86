package bot

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

// TestLeads: who is at Slack in their own working hours is asked first; who
// holds no role any more isn't asked at all.
func TestLeads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // it is midnight, a Saturday, in UTC
		pass(2*24*time.Hour + 9*time.Hour) // Monday, 9:00
		o := open(t, func(c *Config) {
			c.Leads = []string{"U0HERE", "U0AWAY", "U0ASLEEP", "U0GUEST", "U0LEFT", "U0NOZONE"}
			c.Admins = []string{"U0ADMIN", "U0HERE", "U0UNKNOWN"}
		})
		for _, m := range []slackfake.Member{
			{ID: "U0HERE", Zone: "Europe/Paris"}, {ID: "U0AWAY", Away: true}, {ID: "U0ASLEEP", Zone: "America/Los_Angeles"},
			{ID: "U0GUEST", Guest: true}, {ID: "U0LEFT", Deleted: true}, {ID: "U0NOZONE"}, {ID: "U0ADMIN", Zone: "Asia/Tokyo"},
		} {
			o.slack.AddMember(m)
		}
		leads := func(wantDuty, wantOthers []string) {
			t.Helper()
			onDuty, others, err := o.bot.Staff().Leads(t.Context())
			if err != nil || !slices.Equal(onDuty, wantDuty) || !slices.Equal(others, wantOthers) {
				t.Errorf("on duty %v, others %v, %v", onDuty, others, err)
			}
		}
		leads([]string{"U0HERE", "U0NOZONE"}, []string{"U0ADMIN", "U0ASLEEP", "U0AWAY"})
		o.slack.SetPresence("U0HERE", false)
		leads([]string{"U0NOZONE"}, []string{"U0ADMIN", "U0ASLEEP", "U0AWAY", "U0HERE"})
		o.slack.Fail("users.getPresence", slackfake.Failure{Down: true})
		leads(nil, []string{"U0ADMIN", "U0ASLEEP", "U0AWAY", "U0HERE", "U0NOZONE"})
	})
}

// TestLeadsWhileSlackIsDown: one who can't be looked up is left out; when that
// is everybody, it is said.
func TestLeadsWhileSlackIsDown(t *testing.T) {
	o := open(t, func(c *Config) { c.Leads, c.Admins = []string{lead, "U0OTHER"}, nil })
	o.slack.AddMember(slackfake.Member{ID: "U0OTHER"})
	if _, err := o.bot.Staff().RolesOf(t.Context(), agent); err != nil {
		t.Fatal(err)
	}
	o.slack.Fail("users.info", slackfake.Failure{Down: true, Times: 1})
	onDuty, others, err := o.bot.Staff().Leads(t.Context())
	if err != nil || len(onDuty)+len(others) != 1 {
		t.Errorf("of two, %v and %v, %v", onDuty, others, err)
	}
	none := open(t)
	none.slack.Fail("users.info", slackfake.Failure{Down: true})
	if _, _, err := none.bot.Staff().Leads(t.Context()); actions.CodeOf(err) != actions.Unavailable {
		t.Errorf("nobody can be looked up: %v", err)
	}
}

// TestStaffRolesAreFresh: a role that was taken away isn't remembered.
func TestStaffRolesAreFresh(t *testing.T) {
	o := open(t)
	staff := o.bot.Staff()
	if roles, err := staff.RolesOf(t.Context(), grouped); err != nil || roles != actions.RolesOf(actions.RoleAgent) {
		t.Fatalf("%v, %v", roles, err)
	}
	o.slack.SetGroup("S0AGENTS")
	if roles, err := staff.RolesOf(t.Context(), grouped); err != nil || roles != 0 {
		t.Errorf("afterwards %v, %v", roles, err)
	}
	o.slack.Fail("users.info", slackfake.Failure{Down: true})
	if roles, err := staff.RolesOf(t.Context(), agent); actions.CodeOf(err) != actions.Unavailable || roles != 0 {
		t.Errorf("while Slack is down %v, %v", roles, err)
	}
}

func TestWorkingHours(t *testing.T) {
	paris := zoneOf("Europe/Paris", 0)
	for at, want := range map[string]bool{
		"2026-03-02T06:59:59Z": false, "2026-03-02T07:00:00Z": true, "2026-03-02T16:59:59Z": true, "2026-03-02T17:00:00Z": false,
		"2026-07-06T06:00:00Z": true, "2026-03-07T12:00:00Z": false, "2026-03-08T12:00:00Z": false, "2026-03-01T23:30:00Z": false,
	} {
		moment, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := worksAt(moment, paris); got != want {
			t.Errorf("at %s: %v", at, got)
		}
	}
	monday := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	if !worksAt(monday, nil) || worksAt(monday, zoneOf("Nowhere/Else", 10*3600)) || zoneOf("", 3600) != nil {
		t.Error("a zone that isn't known is read wrongly")
	}
}
