package bot

import (
	"testing"
	"testing/synctest"

	"github.com/latchkey-bot/latchkey/actions"
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
		if err := o.bot.Deliver(t.Context()); err != nil {
			t.Fatal(err)
		}
		ava.ExpectHome("You are waiting for*\n• *Jane*") // it follows
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

// TestHomeWithoutNumbers draws a lead's Home even while today's numbers can't be counted,
// and counts them as soon as they can.
func TestHomeWithoutNumbers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := open(t)
		talk := o.talk()
		o.store.uncountable = actions.Errorf(actions.Unavailable, "It takes too long.")
		talk.As(lead).OpensHome().Reads("Diagnose somebody", "Today's numbers couldn't be counted just now.", "Nobody yet").DoesntRead("takes too long")
		o.store.uncountable = nil
		talk.As(lead).OpensHome().Reads("Today's numbers").DoesntRead("couldn't be counted")
	})
}

// TestCaseListOfHostileValues refuses what no button of ours has, with a sentence.
func TestCaseListOfHostileValues(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := open(t)
		ava := o.talk().As(agent)
		for value, want := range map[string]string{
			"-": "nothing to do", "mine": "You follow no open case", "overdue|10": "nothing more", "opened+2026-03-10+1|0": "No case was opened", "late+2026-03-10+1|0": "No case is late",
			"mine|-1": "leads nowhere", "mine|99999999": "leads nowhere", "opened+2026-02-30+1|0": "leads nowhere", "<!channel>": "leads nowhere", "opened": "no such list", "theirs|0": "no such list",
			"late|0": "no such list", "opened+2026-03-10+300|0": "no such days",
		} {
			ava.ClickGone("case_list", value).Reads(want).OnlyFor(agent)
		}
	})
}

// TestSecretListOfHostileValues refuses what no button of ours has, with a sentence.
func TestSecretListOfHostileValues(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := open(t)
		ava := o.talk().As(agent)
		for value, want := range map[string]string{"-": "You have sent no secret", "20": "nothing more", "-1": "leads nowhere", "all": "leads nowhere", "<!channel>": "leads nowhere"} {
			ava.ClickGone("secret_list", value).Reads(want).OnlyFor(agent)
		}
	})
}

// TestAdminListOfHostileValues does so, too.
func TestAdminListOfHostileValues(t *testing.T) {
	for value, want := range map[string]string{"mine|-1": "leads nowhere", "theirs|0": "leads nowhere", "<!channel>": "leads nowhere"} {
		synctest.Test(t, func(t *testing.T) {
			open(t).talk().As(agent).ClickGone("temp_admin_list", value).Reads(want).OnlyFor(agent)
		})
	}
}
