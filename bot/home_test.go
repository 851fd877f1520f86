package bot

import (
	"testing"
	"testing/synctest"
)

// TestHome shows an agent what they may press, whom they wait for and whom they
// looked up; and whoever has no role one sentence.
func TestHome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := open(t)
		talk := o.talk()
		ava := talk.As(agent)
		ava.OpensHome().Reads("Diagnose somebody", "Nobody yet", "/diagnose IDENTIFIER").DoesntRead("Jane", "You are waiting for")
		ava.Command("/diagnose jane@acme.example").Click("Tell me when they're in").Reads("Jane")
		home := ava.OpensHome().Reads("Diagnose somebody", "You are waiting for*\n• *Jane* · until", "*Jane* · j•••").DoesntRead("Nobody yet")
		home.Click("Diagnose").Reads("Jane", "locked").DoesntRead("jane@acme.example").OnlyFor(agent)
		talk.As(lead).OpensHome().Reads("Diagnose somebody", "Nobody yet").DoesntRead("Jane")
		before := len(o.directory.lookups())
		talk.As(nobody).OpensHome().Reads("aren't set up").DoesntRead("Diagnose", "Jane")
		if len(o.directory.lookups()) != before {
			t.Error("somebody without a role had something looked up")
		}
	})
}
