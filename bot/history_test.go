package bot

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

func TestHistory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := open(t)
		answer := o.talk().As(agent).Command("/diagnose jane@acme.example").Reads("Jane")
		answer.Click("Show history").Reads("Jane", "No attempt in the last 14 days").DoesntRead("jane@acme.example").OnlyFor(agent)
		o.directory.tries("u-jane", time.Now().Add(-26*time.Hour), actions.Success)
		o.directory.tries("u-jane", time.Now().Add(-time.Hour), actions.WrongPassword)
		history := answer.Click("Show history").OnlyFor(agent)
		history.Reads("got in 1 time, failed 1 time", "Attempts by day", "The newest attempts, newest first", actions.WrongPassword.Words())
		history.DoesntRead("jane@acme.example").HasButtons()
	})
}
