package bot

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
)

func TestTicketNote(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := open(t)
		answer := o.talk().As(agent).Command("/diagnose jane@acme.example #4711").Reads("Jane")
		note := answer.Click("Copy ticket note").OnlyFor(agent)
		note.Reads("Ticket: #4711", "locked_attempts", "Customer: Jane").DoesntRead("jane@acme.example").HasButtons()
	})
}

func TestShareIsForEverybodyAndMasked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := open(t)
		talk := o.talk()
		talk.As(agent).Command("/diagnose jane@acme.example").Reads("jane@acme.example").Click("Share in channel")
		shared := talk.In("C0SUPPORT").Expects("shared by <@"+agent+">", "locked after too many wrong passwords")
		shared.DoesntRead("jane@acme.example").HasButtons()
		if acts := o.store.acts(); !slices.Equal(acts, []actions.Act{actions.ActDiagnose, actions.ActShare}) {
			t.Errorf("the audit has %v", acts)
		}
	})
}

// TestShareStaysInTheSupportChannels: elsewhere it isn't offered, and a button
// that came there somehow shares nothing.
func TestShareStaysInTheSupportChannels(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := open(t)
		jane := o.talk().As(agent)
		jane.In("C0RANDOM").ClickGone(blocks.ShareAction, "u-jane").Reads("works only in <#C0SUPPORT>").DoesntRead("Jane").OnlyFor(agent)
		jane.InDM().ClickGone(blocks.ShareAction, "u-jane").Reads("in a support channel only").DoesntRead("Jane").OnlyFor(agent)
		if acts := o.store.acts(); len(acts) > 0 {
			t.Errorf("the audit has %v", acts)
		}
	})
}

// TestSharedOnceByADoubleClick: a second click that comes at once was meant as
// the first; later the same may be shared again, and at once what failed.
func TestSharedOnceByADoubleClick(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := open(t)
		talk := o.talk()
		ava := talk.As(agent)
		shared := func() { talk.In("C0SUPPORT").Expects("shared by <@" + agent + ">") }
		ava.ClickGone(blocks.ShareAction, "u-jane")
		shared()
		ava.ClickGone(blocks.ShareAction, "u-jane").Reads("was shared here a moment ago").OnlyFor(agent)
		ava.ClickGone(blocks.ShareAction, "u-sam-1")
		shared()
		pass(11 * time.Second)
		o.store.fails(errDown)
		ava.ClickGone(blocks.ShareAction, "u-jane").Reads("E-").OnlyFor(agent)
		o.store.fails(nil)
		ava.ClickGone(blocks.ShareAction, "u-jane")
		shared()
	})
}
