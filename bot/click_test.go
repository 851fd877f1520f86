package bot

import (
	"bytes"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
	"github.com/latchkey-bot/latchkey/bot/slackfake"
	"github.com/latchkey-bot/latchkey/bot/slackfake/conversation"
)

// press is how an agent, who just diagnosed Jane, comes by a button, presses it
// and reads what it does; and the act that is recorded of it.
type press struct {
	act actions.Act
	do  func(o *office, ava *conversation.Person, answer *conversation.Message)
}

// presses has each button that needs no store of its own, by its action_id.
func presses() map[string]press {
	watchAndJudge := func(label, word string) func(*office, *conversation.Person, *conversation.Message) {
		return func(o *office, ava *conversation.Person, answer *conversation.Message) {
			answer.Click("Tell me when they're in").Reads("Jane")
			pass(time.Second)
			o.directory.tries("u-jane", time.Now(), actions.Success)
			o.check()
			told := ava.ExpectDM("Jane", "is in at")
			told.Click(label)
			told.ExpectUpdate("the diagnosis was " + word).HasButtons()
		}
	}
	return map[string]press{
		blocks.DiagnoseAction: {actions.ActDiagnose, func(_ *office, ava *conversation.Person, _ *conversation.Message) {
			ava.Command("/latchkey last").Click("Diagnose").Reads("Jane", "locked after too many wrong passwords")
		}},
		blocks.HistoryAction: {actions.ActHistory, func(_ *office, _ *conversation.Person, answer *conversation.Message) {
			answer.Click("Show history").Reads("Attempts to log in", "Jane")
		}},
		blocks.TicketNoteAction: {actions.ActTicketNote, func(_ *office, _ *conversation.Person, answer *conversation.Message) {
			answer.Click("Copy ticket note").Reads("Ticket: #4711", "Jane")
		}},
		blocks.ShareAction: {actions.ActShare, func(_ *office, _ *conversation.Person, answer *conversation.Message) {
			answer.Click("Share in channel").Reads("shared by <@" + agent + ">")
		}},
		blocks.WatchAction: {actions.ActWatch, func(_ *office, _ *conversation.Person, answer *conversation.Message) {
			answer.Click("Tell me when they're in").Reads("I'll tell you", "Jane")
		}},
		blocks.JudgeRightAction: {actions.ActJudge, watchAndJudge("Mark as right", "right")},
		blocks.JudgeWrongAction: {actions.ActJudge, watchAndJudge("Mark as wrong", "wrong")},
		blocks.ContinueAction: {actions.ActDiagnose, func(_ *office, ava *conversation.Person, _ *conversation.Message) {
			here := ava.In("C0RANDOM").Command("/diagnose jane").Click("Continue in DM")
			ava.ExpectDM("Jane", "locked after too many wrong passwords")
			here.Reads("The answer is in our direct message")
		}},
		blocks.DiagnoseSomebodyAction: {actions.ActDiagnose, func(_ *office, ava *conversation.Person, _ *conversation.Message) {
			asksWhom(ava).Fill(whom, "jane").Submit()
			ava.ExpectDM("Jane", "locked after too many wrong passwords")
		}},
	}
}

// clicked tells of the action_id of each click before the bot gets it.
func clicked(bot http.Handler, tell func(action string)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			panic(err)
		}
		if in, ok, err := interactionInbound(body, r.URL.String); err == nil && ok && in.Kind == Clicked {
			tell(in.Action)
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		bot.ServeHTTP(w, r)
	})
}

// TestButtonsThatOnlyRead are pressed where they stand, and do what they say.
// Those that change something need a whole store: the remedies' talks in
// cmd/latchkey press them, and look that none of [Buttons] is left out.
func TestButtonsThatOnlyRead(t *testing.T) {
	for name, press := range presses() {
		t.Run(name, func(t *testing.T) {
			if !slices.Contains(Buttons(), name) {
				t.Fatal("there is no such button any more")
			}
			synctest.Test(t, func(t *testing.T) {
				o := open(t)
				var pressed []string
				o.app = o.slack.App("http://latchkey.test", slackfake.Direct(clicked(o.bot.Handler(), func(action string) {
					pressed = append(pressed, action)
				})))
				ava := o.talk().As(agent)
				answer := ava.Command("/diagnose jane@acme.example #4711").Reads("Jane")
				press.do(o, ava, answer)
				if !slices.Contains(pressed, name) {
					t.Errorf("pressed were %q", pressed)
				}
				rows := o.store.rows()
				if last := rows[len(rows)-1]; last.Act != press.act || last.Subject != "u-jane" || last.Ticket != "#4711" || last.Actor != agent || last.Outcome != actions.ActDone {
					t.Errorf("the audit has %+v", rows)
				}
			})
		})
	}
}

// whoPresses is somebody who may do an act.
func whoPresses(act actions.Act) string {
	if actions.May(actions.RolesOf(actions.RoleAgent), act) {
		return agent
	}
	if actions.May(actions.RolesOf(actions.RoleL2), act) {
		return engineer
	}
	return lead
}

// recordless are the buttons that name no record.
var recordless = []string{
	blocks.DiagnoseSomebodyAction, blocks.ContinueAction, blocks.GenerateAction, blocks.SendSecretAction, blocks.AskSecretAction,
	blocks.EscalateSomebodyAction, blocks.HandShiftAction, blocks.CaseListAction, blocks.AdminListAction, blocks.SecretListAction, blocks.LettersAction,
}

// TestButtonsThatNameNobody say so: what a button names is a record, which may be
// gone by now.
func TestButtonsThatNameNobody(t *testing.T) {
	for _, button := range clickTable() {
		if slices.Contains(recordless, button.name) {
			continue
		}
		t.Run(button.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := open(t)
				ava := o.talk().As(whoPresses(button.act))
				for _, value := range []string{"", "u\x00", strings.Repeat("x", 3000)} {
					ava.ClickGone(button.name, value).Reads("names nobody").OnlyFor(whoPresses(button.act))
				}
				if asked := o.directory.lookups(); len(asked) > 0 {
					t.Errorf("asked for %+v", asked)
				}
				gone := ava.ClickGone(button.name, "u-gone")
				switch button.name {
				case blocks.RetryLetterAction: // whether it is dead still is looked at when it is retried
					gone.Opens("Deliver once more").Close()
				case blocks.ReleaseBrakeAction:
					gone.Reads("was never stopped").DoesntRead("E-", "Jane")
				case string(actions.ActTempAdmin): // of a target, of which there is none at all
					gone.Reads("manages no site yet").DoesntRead("E-")
				case string(actions.ActAskAdmin): // the form looks nobody up
					gone.Reads("Mail isn't set up").DoesntRead("E-")
				default:
					gone.Reads("any more").DoesntRead("E-", "Jane")
				}
				if acts := o.store.acts(); len(acts) > 0 {
					t.Errorf("the audit has %v", acts)
				}
			})
		})
	}
}

// TestButtonsDoNothingForThoseWithoutARole, whatever they name.
func TestButtonsDoNothingForThoseWithoutARole(t *testing.T) {
	for _, button := range clickTable() {
		t.Run(button.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := open(t)
				talk := o.talk()
				o.ended("w-in", actions.WatchIn, actions.Success)
				o.check()
				talk.As(agent).ExpectDM("Jane")
				for _, value := range []string{"u-jane", "w-in", "diagnose u-jane", ""} {
					talk.As(nobody).ClickGone(button.name, value).Reads("aren't set up").DoesntRead("Jane").OnlyFor(nobody)
				}
				if asked := o.directory.lookups(); len(asked) > 0 {
					t.Errorf("asked for %+v", asked)
				}
				if w, err := o.store.Watches(t.Context()); err != nil || len(w) > 0 || o.store.watches[0].Judgement != "" {
					t.Errorf("the watches are %+v, %v", o.store.watches, err)
				}
				if acts := o.store.acts(); !slices.Equal(acts, []actions.Act{button.act}) {
					t.Errorf("the audit has %v", acts)
				}
			})
		})
	}
}

func TestButtonOfAnotherVersion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := open(t)
		o.talk().As(agent).ClickGone("frobnicate", "u-jane").Reads("from another version").DoesntRead("Jane").OnlyFor(agent)
		if asked := o.directory.lookups(); len(asked) > 0 {
			t.Errorf("asked for %+v", asked)
		}
	})
}
