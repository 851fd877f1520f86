package bot

import (
	"testing"
	"testing/synctest"
)

func TestLastShowsMyLookUps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		talk := open(t).talk()
		ava := talk.As(agent)
		ava.Command("/latchkey last").Reads("You haven't diagnosed anybody yet")
		ava.Command("/diagnose jane@acme.example").Reads("Jane")
		ava.Command("/diagnose nobody@acme.example").Reads("Nobody")
		talk.As(lead).Command("/diagnose sam@one.example").Reads("Sam One")
		last := ava.Command("/latchkey last").Reads("Your last 2 diagnoses", "Jane", "nobody@acme.example").OnlyFor(agent)
		last.DoesntRead("jane@acme.example", "Sam").HasButtons("Diagnose").Click("Diagnose").Reads("Jane", "locked").OnlyFor(agent)
		talk.As(lead).Command("/latchkey last").Reads("Your last 1 diagnosis", "Sam One").DoesntRead("Jane")
		talk.As(nobody).Command("/latchkey last").Reads("aren't set up").DoesntRead("Jane", "Sam")
	})
}

// TestLastIsOnlyASubcommand, so that it takes no name from other apps.
func TestLastIsOnlyASubcommand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ava := open(t).talk().As(agent)
		ava.Command("/last").Reads("There is no such command", "Did you mean `/latchkey last`?")
		ava.Command("/latchkey help").Reads("/latchkey last")
	})
}
