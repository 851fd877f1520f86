package bot

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
)

// TestWatchFromTheClickToTheMessage: the agent clicks, Jane gets in, and the
// agent is told once.
func TestWatchFromTheClickToTheMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := open(t)
		check := func() {
			t.Helper()
			if err := o.bot.actions.CheckWatches(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := o.bot.Deliver(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		o.clicks(agent, blocks.WatchAction, "u-jane").reads("Jane")
		pass(time.Minute)
		check()
		if told := o.told(); len(told) != 0 {
			t.Fatalf("told before she tried: %+v", told)
		}
		o.directory.tries("u-jane", time.Now(), actions.Success)
		check()
		check()
		if told := o.told(); len(told) != 1 || !strings.Contains(told[0].Text, "in at") {
			t.Fatalf("told %+v", told)
		}
	})
}
