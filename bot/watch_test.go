package bot

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
)

// check does what the job does every few seconds.
func (o *office) check() {
	o.t.Helper()
	if err := o.bot.actions.CheckWatches(o.t.Context()); err != nil {
		o.t.Fatal(err)
	}
	if err := o.bot.Deliver(o.t.Context()); err != nil {
		o.t.Fatal(err)
	}
}

// TestWatchFromTheClickToTheMessage: the agent clicks, Jane gets in, and the
// agent is told once.
func TestWatchFromTheClickToTheMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := open(t)
		talk := o.talk()
		ava := talk.As(agent)
		answer := ava.Command("/diagnose jane@acme.example #4711").Reads("Jane")
		answer.Click("Tell me when they're in").Reads("I'll tell you in our direct message", "Jane").DoesntRead("jane@acme.example").OnlyFor(agent)
		answer.Click("Tell me when they're in").Reads("You asked for this before", "Jane")
		pass(time.Minute)
		o.check()
		talk.IsQuiet()
		o.directory.tries("u-jane", time.Now(), actions.Success)
		o.check()
		o.check()
		told := ava.ExpectDM("Jane", "is in at", "locked_attempts", "#4711", "Was the diagnosis right?")
		told.DoesntRead("jane@acme.example").HasButtons("Mark as right", "Mark as wrong")
		o.directory.tries("u-jane", time.Now().Add(time.Second), actions.WrongPassword)
		pass(time.Hour)
		o.check()
	})
}

// TestWatchThatFails says what failed now, and offers what may come next.
func TestWatchThatFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := open(t)
		ava := o.talk().As(agent)
		ava.Command("/diagnose jane@acme.example").Click("Tell me when they're in").Reads("Jane")
		o.directory.tries("u-jane", time.Now().Add(time.Second), actions.WrongPassword)
		pass(5 * time.Second)
		o.check()
		told := ava.ExpectDM("Jane", "failed now", actions.WrongPassword.Words(), "Was the diagnosis right?")
		told.HasButtons("Mark as right", "Mark as wrong", "Diagnose again", "Tell me when they're in")
		told.Click("Diagnose again").Reads("Jane", "locked").DoesntRead("jane@acme.example").OnlyFor(agent)
		told.Click("Tell me when they're in").Reads("I'll tell you", "Jane").DoesntRead("before").OnlyFor(agent)
	})
}

// TestWatchThatExpires asks nothing: nobody knows whether the diagnosis was
// right.
func TestWatchThatExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := open(t)
		ava := o.talk().As(agent)
		ava.Command("/diagnose jane@acme.example").Click("Tell me when they're in").Reads("Jane")
		pass(31 * time.Minute)
		o.check()
		o.check()
		ava.ExpectDM("Jane", "made no attempt by").DoesntRead("Was the diagnosis right?").HasButtons("Diagnose again", "Tell me when they're in")
	})
}

// TestWatchIsJudgedWithOneClick, by whoever asked, and the message says what
// they said.
func TestWatchIsJudgedWithOneClick(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := open(t)
		talk := o.talk()
		ava := talk.As(agent)
		o.ended("w-in", actions.WatchIn, actions.Success)
		o.check()
		judged := func(want actions.Judgement) {
			t.Helper()
			if w, err := o.store.Watch(t.Context(), "w-in"); err != nil || w.Judgement != want {
				t.Errorf("kept %q, want %q, %v", w.Judgement, want, err)
			}
		}
		told := ava.ExpectDM("Jane", "Was the diagnosis right?")
		told.Click("Mark as right")
		told.ExpectUpdate("Jane", "You said that the diagnosis was right. Thank you.").DoesntRead("Was the diagnosis right?").HasButtons()
		judged(actions.JudgedRight)
		talk.As(lead).ClickGone(blocks.JudgeWrongAction, "w-in").Reads("Only whoever asked to be told can say").DoesntRead("E-", "Jane").OnlyFor(lead)
		talk.As(nobody).ClickGone(blocks.JudgeWrongAction, "w-in").Reads("aren't set up").DoesntRead("Jane").OnlyFor(nobody)
		ava.ClickGone(blocks.JudgeWrongAction, "w-none").Reads("any more").DoesntRead("E-", "Jane")
		judged(actions.JudgedRight)
		ava.ClickGone(blocks.JudgeWrongAction, "w-in").Reads("You said that the diagnosis was wrong. Thank you.").OnlyFor(agent)
		judged(actions.JudgedWrong)
	})
}
