package bot

import (
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

// TestAnswerWithoutAResponseURLIsTriedAgain: what was asked from Home is
// answered in the direct message, also when Slack is busy at first.
func TestAnswerWithoutAResponseURLIsTriedAgain(t *testing.T) {
	for name, failure := range map[string]slackfake.Failure{
		"Limited": {RetryAfter: 2 * time.Second}, "Down": {Down: true}, "Fatal": {Error: "fatal_error"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := open(t)
				o.types(agent, "/diagnose", "jane@acme.example")
				if _, err := o.app.OpenHome(t.Context(), agent); err != nil {
					t.Fatal(err)
				}
				synctest.Wait()
				o.slack.Fail("chat.postMessage", failure)
				time.AfterFunc(time.Second, o.slack.Recover)
				if _, err := o.app.Click(t.Context(), slackfake.Click{User: agent, View: "home", Action: blocks.DiagnoseAction}); err != nil {
					t.Fatal(err)
				}
				if err := o.bot.Drain(t.Context()); err != nil {
					t.Fatal(err)
				}
				if told := o.told(); len(told) != 1 || !strings.Contains(told[0].Text, "Jane") {
					t.Errorf("in the direct message stands %+v, log:\n%s", told, o.log)
				}
			})
		})
	}
}

// TestHomeOpenedTwice: Slack sends the same event again when it heard nothing;
// Home stays as it is.
func TestHomeOpenedTwice(t *testing.T) {
	o := open(t)
	for range 2 {
		if _, err := o.app.Event(t.Context(), map[string]any{
			"type": "event_callback", "team_id": o.slack.Team(), "event_id": "Ev1", "api_app_id": "A0APP",
			"event": map[string]any{"type": "app_home_opened", "user": agent, "channel": "D0AGENT", "tab": "home", "event_ts": "1.2"},
		}); err != nil {
			t.Fatal(err)
		}
		if err := o.bot.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if home := string(o.slack.View(agent).Home); !strings.Contains(home, "Diagnose somebody") || strings.Contains(home, "answered before") {
			t.Errorf("Home is %s", home)
		}
	}
	if n := len(o.store.rows()); n != 1 {
		t.Errorf("it is recorded %d times", n)
	}
}

// TestContinueLosesNothingWhileSlackIsBusy: what was kept stays kept until it
// can be shown, and what was done is shown at least here.
func TestContinueLosesNothingWhileSlackIsBusy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := open(t)
		o.bot.rule = func(act actions.Act) (actions.Rule, bool) {
			rule, known := actions.RuleFor(act)
			rule.Writes = act == actions.ActDiagnose
			return rule, known
		}
		answer := o.sends(slackfake.Command{User: agent, Name: "/diagnose", Text: "jane@acme.example", Channel: "C0RANDOM", ChannelName: "random"})
		kept := answer.message().Buttons()[0].Value
		click := func() heard {
			t.Helper()
			answer, err := o.app.Click(t.Context(), slackfake.Click{User: agent, Channel: "C0RANDOM", Action: blocks.ContinueAction, Value: kept})
			if err != nil {
				t.Fatal(err)
			}
			return heard{answer, o}
		}
		o.slack.Fail("conversations.open", slackfake.Failure{RetryAfter: 30 * time.Second})
		click().reads("nothing was done", "click again")
		o.slack.Recover()
		pass(time.Minute)
		o.slack.Fail("chat.postMessage", slackfake.Failure{Error: "fatal_error"})
		click().reads("locked after too many wrong passwords", "jane@acme.example")
		if n := len(o.store.rows()); n != 1 {
			t.Errorf("it was done %d times", n)
		}
	})
}

// TestAnswersStayInTheirThread: what is asked by a message's shortcut or button
// in a thread is answered there, and beside the thread's first message in the
// channel.
func TestAnswersStayInTheirThread(t *testing.T) {
	for name, test := range map[string]struct{ payload, want string }{
		"Reply":     {`"message":{"ts":"2.0","thread_ts":"1.0"},"container":{"message_ts":"2.0","thread_ts":"1.0"}`, "1.0"},
		"First":     {`"message":{"ts":"1.0","thread_ts":"1.0"},"container":{"message_ts":"1.0"}`, ""},
		"Alone":     {`"message":{"ts":"1.0"},"container":{"message_ts":"1.0"}`, ""},
		"Ephemeral": {`"container":{"message_ts":"2.0","thread_ts":"1.0","is_ephemeral":true}`, "1.0"},
		"Beside":    {`"container":{"message_ts":"2.0","is_ephemeral":true}`, ""},
		"Odd":       {`"message":"text","container":{"message_ts":"2.0"}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			body := slackForm(`{"type":"block_actions","team":{"id":"T0TEAM"},"user":{"id":"U0AGENT"},"actions":[{"action_id":"diagnose","value":"u-jane"}],` + test.payload + `}`)
			in, ok, err := interactionInbound([]byte(body), func() string { return "x" })
			if err != nil || !ok || in.Thread != test.want {
				t.Errorf("the thread is %q, %t, %v", in.Thread, ok, err)
			}
		})
	}
}

// TestInputsOfAModal: text and choices alike are read by their block.
func TestInputsOfAModal(t *testing.T) {
	body := slackForm(`{"type":"view_submission","team":{"id":"T0TEAM"},"user":{"id":"U0AGENT"},"view":{"callback_id":"c","state":{"values":{
		"text":{"value":{"type":"plain_text_input","value":"jane"}},
		"none":{"value":{"type":"plain_text_input","value":null}},
		"choice":{"value":{"type":"static_select","selected_option":{"value":"phone"}}},
		"open":{"value":{"type":"static_select","selected_option":null}}}}}}`)
	in, ok, err := interactionInbound([]byte(body), func() string { return "x" })
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	for block, want := range map[string]string{"text": "jane", "none": "", "choice": "phone", "open": ""} {
		if in.Inputs[block] != want {
			t.Errorf("%s: got %q", block, in.Inputs[block])
		}
	}
}

// slackForm is an interaction's payload as Slack sends it.
func slackForm(payload string) string { return url.Values{"payload": {payload}}.Encode() }
