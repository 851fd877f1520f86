package bot

import (
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

func TestDiagnose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := open(t)
		answer := o.talk().As(agent).Command("/diagnose jane@acme.example #4711").OnlyFor(agent)
		answer.Reads("locked after too many wrong passwords", "What to do", "Unlock the user.", "Jane", "jane@acme.example")
		rows := o.store.rows()
		if len(rows) != 1 || rows[0].Actor != agent || rows[0].Subject != "u-jane" || rows[0].Ticket != "#4711" || rows[0].Outcome != actions.ActDone {
			t.Errorf("the audit has %+v", rows)
		}
	})
}

// TestAnswerOffersWhatIsBuiltAndAllowed: what can't be done here has no button,
// and what has one carries nothing but the customer's ID.
func TestAnswerOffersWhatIsBuiltAndAllowed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := open(t)
		jane := o.talk().As(agent)
		const verify, escalate, watch, history, note = "Verify the caller", "Escalate", "Tell me when they're in", "Show history", "Copy ticket note"
		answer := jane.Command("/diagnose jane@acme.example").HasButtons(verify, escalate, watch, history, note, "Share in channel")
		for _, button := range answer.Buttons() {
			if button.Value != "u-jane" {
				t.Errorf("%s carries %q", button.Label, button.Value)
			}
		}
		jane.In("C0RANDOM").Command("/diagnose jane@acme.example").HasButtons(verify, escalate, watch, history, note, "Continue in DM")
		jane.InDM().Command("/diagnose jane@acme.example").HasButtons(verify, escalate, watch, history, note)
	})
}

func TestSeveralMatchesAreChosenByButton(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := open(t)
		choice := o.talk().As(agent).Command("/diagnose sam").Reads("2 people fit. Who is it?", "Sam One", "Sam Two").OnlyFor(agent)
		want := []slackfake.Button{
			{Label: "Diagnose", Action: blocks.DiagnoseAction, Value: "u-sam-1"}, {Label: "Diagnose", Action: blocks.DiagnoseAction, Value: "u-sam-2"},
		}
		if diff := cmp.Diff(want, choice.Buttons()); diff != "" {
			t.Error(diff)
		}
		choice.Click("Diagnose", "u-sam-2").Reads("Sam Two").DoesntRead("Sam One").OnlyFor(agent)
		if asked := o.directory.lookups(); asked[len(asked)-1].UserID != "u-sam-2" {
			t.Errorf("asked for %+v", asked)
		}
	})
}
