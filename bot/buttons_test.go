package bot

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

// clicksIn sends a click of somebody in a channel.
func (o *office) clicksIn(channel, user, action, value string) heard {
	o.t.Helper()
	answer, err := o.app.Click(o.t.Context(), slackfake.Click{User: user, Channel: channel, Action: action, Value: value})
	if err != nil {
		o.t.Fatal(err)
	}
	return heard{answer, o}
}

// acts are the acts of the audit, in order.
func (o *office) acts() []actions.Act {
	var acts []actions.Act
	for _, row := range o.store.rows() {
		acts = append(acts, row.Act)
	}
	return acts
}

// offered are the labels of the buttons in an answer.
func (h heard) offered() []string {
	h.o.t.Helper()
	var labels []string
	for _, button := range h.message().Buttons() {
		labels = append(labels, button.Label)
	}
	return labels
}

func TestAnswerOffersWhatIsBuiltAndAllowed(t *testing.T) {
	o := open(t)
	answer := o.types(agent, "/diagnose", "jane@acme.example")
	for _, label := range []string{"Tell me when they're in", "Show history", "Copy ticket note", "Share in channel"} {
		if !slices.Contains(answer.offered(), label) {
			t.Errorf("no button %q among %q", label, answer.offered())
		}
	}
	if slices.Contains(answer.offered(), "Continue in DM") {
		t.Error("the right channel offers another one")
	}
	for _, button := range answer.message().Buttons() {
		if button.Value != "u-jane" {
			t.Errorf("%s carries %q", button.Label, button.Value)
		}
		o.clicks(agent, button.Action, button.Value).doesntReadIfEphemeral("E-", "another version")
	}
}

// doesntReadIfEphemeral expects none of the parts in an answer that may be for
// everybody.
func (h heard) doesntReadIfEphemeral(parts ...string) {
	h.o.t.Helper()
	message, err := h.o.slack.Wait(h.o.t.Context(), h.Answer)
	if err != nil {
		h.o.t.Fatal(err)
	}
	for _, part := range parts {
		if strings.Contains(message.Visible(), part) {
			h.o.t.Errorf("%q is in what was read:\n%s", part, message.Visible())
		}
	}
}

func TestButtonsOfTheAnswer(t *testing.T) {
	for name, test := range map[string]struct {
		action string
		act    actions.Act
		reads  []string
	}{
		"History": {blocks.HistoryAction, actions.ActHistory, []string{"Jane"}},
		"Note":    {blocks.TicketNoteAction, actions.ActTicketNote, []string{"#4711", "locked_attempts", "Jane"}},
		"Watch":   {blocks.WatchAction, actions.ActWatch, []string{"Jane"}},
	} {
		t.Run(name, func(t *testing.T) {
			o := open(t)
			o.types(agent, "/diagnose", "jane@acme.example #4711")
			o.clicks(agent, test.action, "u-jane").reads(test.reads...).doesntRead("jane@acme.example")
			row := o.store.rows()[1]
			if row.Act != test.act || row.Subject != "u-jane" || row.Ticket != "#4711" || row.Actor != agent {
				t.Errorf("the audit has %+v", row)
			}
			for _, value := range []string{"", "u\x00", strings.Repeat("x", 3000)} {
				o.clicks(agent, test.action, value).reads("names nobody")
			}
			o.clicks(agent, test.action, "u-gone").doesntRead("E-", "Jane")
			if before := len(o.directory.lookups()); before > 0 {
				o.clicks(nobody, test.action, "u-jane").reads("aren't set up")
				if len(o.directory.lookups()) != before {
					t.Error("somebody without a role had it looked up")
				}
			}
		})
	}
}

func TestShareIsForEverybodyAndMasked(t *testing.T) {
	o := open(t)
	shared, err := o.slack.Wait(t.Context(), o.clicks(agent, blocks.ShareAction, "u-jane").Answer)
	if err != nil {
		t.Fatal(err)
	}
	if shared.ResponseType != "in_channel" || !strings.Contains(shared.Visible(), "<@"+agent+">") || strings.Contains(shared.Visible()+shared.Text, "jane@acme.example") {
		t.Errorf("shared %q:\n%s", shared.ResponseType, shared.Visible())
	}
	if len(shared.Buttons()) != 0 {
		t.Errorf("it has the buttons %+v", shared.Buttons())
	}
	if acts := o.acts(); !slices.Equal(acts, []actions.Act{actions.ActShare}) {
		t.Errorf("the audit has %v", acts)
	}
}

func TestShareStaysInTheSupportChannels(t *testing.T) {
	o := open(t)
	o.clicksIn("C0RANDOM", agent, blocks.ShareAction, "u-jane").reads("works only in <#C0SUPPORT>").doesntRead("Jane")
	o.clicksIn("D0AGENT", agent, blocks.ShareAction, "u-jane").reads("in a support channel only").doesntRead("Jane")
	if acts := o.acts(); len(acts) > 0 {
		t.Errorf("the audit has %v", acts)
	}
	elsewhere := o.sends(slackfake.Command{User: agent, Name: "/diagnose", Text: "jane", Channel: "C0RANDOM", ChannelName: "random"})
	if slices.Contains(elsewhere.offered(), "Share in channel") {
		t.Error("it is offered outside the support channels")
	}
}

// TestContinueInDM: what was answered in the wrong channel goes on in the
// direct message, with nothing to type again.
func TestContinueInDM(t *testing.T) {
	o := open(t)
	answer := o.sends(slackfake.Command{User: agent, Name: "/diagnose", Text: "jane", Channel: "C0RANDOM", ChannelName: "random"})
	var value string
	for _, button := range answer.message().Buttons() {
		if button.Label == "Continue in DM" {
			value = button.Value
		}
	}
	if value != "diagnose u-jane" {
		t.Fatalf("the button carries %q", value)
	}
	o.clicksIn("C0RANDOM", agent, blocks.ContinueAction, value).doesntRead("locked", "E-")
	if told := o.told(); len(told) != 1 || !strings.Contains(told[0].Text, "Jane") {
		t.Errorf("in the direct message stands %+v", told)
	}
	o.clicksIn("C0RANDOM", nobody, blocks.ContinueAction, value).reads("aren't set up")
	for _, wrong := range []string{"", "continue", "continue diagnose u-jane", "unlock u-jane", "parked nothing", "diagnose "} {
		o.clicksIn("C0RANDOM", agent, blocks.ContinueAction, wrong).doesntRead("E-", "locked")
	}
	if told := o.told(); len(told) != 1 {
		t.Errorf("in the direct message stands %+v", told)
	}
}

// TestContinueWithWhatWasTyped: a command that may not be carried out here is
// kept, with all that was typed, for whoever typed it and for once.
func TestContinueWithWhatWasTyped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := open(t)
		o.bot.rule = func(act actions.Act) (actions.Rule, bool) {
			return actions.Rule{Role: actions.RoleAgent, Writes: act == actions.ActDiagnose}, true
		}
		offer := func() string {
			t.Helper()
			answer := o.sends(slackfake.Command{User: agent, Name: "/diagnose", Text: "jane@acme.example #4711", Channel: "C0RANDOM", ChannelName: "random"})
			answer.reads("works only in <#C0SUPPORT>")
			buttons := answer.message().Buttons()
			if len(buttons) != 1 || strings.Contains(buttons[0].Value, "jane") {
				t.Fatalf("the buttons are %+v", buttons)
			}
			return buttons[0].Value
		}
		value := offer()
		if len(o.directory.lookups()) > 0 {
			t.Error("it was done all the same")
		}
		o.clicksIn("C0RANDOM", lead, blocks.ContinueAction, value).reads("Please send it again")
		o.clicksIn("C0RANDOM", agent, blocks.ContinueAction, value).doesntRead("E-")
		if told := o.told(); len(told) != 1 || !strings.Contains(string(told[0].Blocks), "jane@acme.example") {
			t.Errorf("in the direct message stands %+v", told)
		}
		if rows := o.store.rows(); len(rows) != 1 || rows[0].Ticket != "#4711" {
			t.Errorf("the audit has %+v", rows)
		}
		o.clicksIn("C0RANDOM", agent, blocks.ContinueAction, value).reads("Please send it again")
		old := offer()
		pass(31 * time.Minute)
		o.clicksIn("C0RANDOM", agent, blocks.ContinueAction, old).reads("Please send it again")
		synctest.Wait()
	})
}

func TestWatchIsJudgedWithOneClick(t *testing.T) {
	o := open(t)
	o.ended("w-in", actions.WatchIn, actions.Success)
	click := o.clicks(agent, blocks.JudgeRightAction, "w-in")
	message, err := o.slack.Wait(t.Context(), click.Answer)
	if err != nil || !bool(message.ReplaceOriginal) {
		t.Fatalf("the message isn't drawn anew: %v, %+v", err, message)
	}
	if w := o.store.watches[0]; w.Judgement != actions.JudgedRight {
		t.Errorf("kept %q", w.Judgement)
	}
	for _, user := range []string{lead, nobody} {
		o.clicks(user, blocks.JudgeWrongAction, "w-in").doesntRead("E-", "Jane")
	}
	if w := o.store.watches[0]; w.Judgement != actions.JudgedRight {
		t.Errorf("somebody else made it %q", w.Judgement)
	}
	o.clicks(agent, blocks.JudgeWrongAction, "w-none").doesntRead("E-")
}

func TestLastShowsMyLookUps(t *testing.T) {
	o := open(t)
	o.types(agent, "/latchkey", "last").doesntRead("Jane")
	o.types(agent, "/diagnose", "jane@acme.example")
	o.types(agent, "/diagnose", "nobody@acme.example")
	o.types(lead, "/diagnose", "sam@one.example")
	o.types(agent, "/latchkey", "last").reads("Jane", "nobody@acme.example").doesntRead("jane@acme.example", "Sam")
	o.types(agent, "/last", "").reads("There is no such command")
	o.types(agent, "/latchkey", "help").reads("/latchkey last")
	o.types(nobody, "/latchkey", "last").reads("aren't set up")
}

// shortcut chooses "Diagnose this person" on a message.
func (o *office) shortcut(user, text string) heard {
	o.t.Helper()
	ts, err := o.slack.Say(lead, "C0SUPPORT", "", text)
	if err != nil {
		o.t.Fatal(err)
	}
	answer, err := o.app.Shortcut(o.t.Context(), slackfake.Shortcut{User: user, Channel: "C0SUPPORT", Message: ts, Callback: "diagnose_message"})
	if err != nil {
		o.t.Fatal(err)
	}
	return heard{answer, o}
}

func TestShortcutDiagnosesWhomAMessageNames(t *testing.T) {
	o := open(t)
	o.slack.AddChannel(slackfake.Channel{ID: "C0SUPPORT", Name: "support"})
	o.shortcut(agent, "jane@acme.example says she can't get in").reads("locked after too many wrong passwords", "jane@acme.example")
	o.shortcut(agent, "nobody here").reads("no e-mail address in that message", "/diagnose")
	choice := o.shortcut(agent, "jane@acme.example, sam@one.example and who@acme.example").reads("Jane", "Sam One", "1")
	if buttons := choice.message().Buttons(); len(buttons) != 2 || buttons[0].Value != "u-jane" || buttons[1].Value != "u-sam-1" {
		t.Errorf("the buttons are %+v", buttons)
	}
	before := len(o.directory.lookups())
	o.shortcut(nobody, "jane@acme.example").reads("aren't set up")
	if len(o.directory.lookups()) != before {
		t.Error("somebody without a role had it looked up")
	}
}

// home opens the app's Home and returns what can be read there.
func (o *office) home(user string) string {
	o.t.Helper()
	if _, err := o.app.OpenHome(o.t.Context(), user); err != nil {
		o.t.Fatal(err)
	}
	if err := o.bot.Drain(o.t.Context()); err != nil {
		o.t.Fatal(err)
	}
	return string(o.slack.View(user).Home)
}

func TestHome(t *testing.T) {
	o := open(t)
	o.types(agent, "/diagnose", "jane@acme.example")
	o.clicks(agent, blocks.WatchAction, "u-jane").message()
	if home := o.home(agent); !strings.Contains(home, "Jane") || !strings.Contains(home, "Diagnose somebody") || !strings.Contains(home, "j•••") {
		t.Errorf("Home is %s", home)
	}
	if home := o.home(nobody); !strings.Contains(home, "aren't set up") || strings.Contains(home, "Diagnose") {
		t.Errorf("Home is %s", home)
	}
}

func TestHomeAsksWhomToDiagnose(t *testing.T) {
	o := open(t)
	o.home(agent)
	if _, err := o.app.Click(t.Context(), slackfake.Click{User: agent, View: "home", Action: blocks.DiagnoseSomebodyAction}); err != nil {
		t.Fatal(err)
	}
	if err := o.bot.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	modals := o.slack.View(agent).Modals
	if len(modals) != 1 {
		t.Fatalf("%d modals are open", len(modals))
	}
	submit := func(identifier, ticket string) {
		t.Helper()
		values := map[string]map[string]string{blocks.IdentifierInput: {"value": identifier}, blocks.TicketInput: {"value": ticket}}
		if _, err := o.app.Submit(t.Context(), slackfake.Submission{User: agent, View: modals[0].ID, Values: values}); err != nil {
			t.Fatal(err)
		}
		if err := o.bot.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	submit("jane@acme.example", "soon")
	submit("a@b.example c@d.example", "")
	if open := o.slack.View(agent).Modals; len(open) != 1 || !strings.Contains(open[0].Errors[blocks.IdentifierInput], "one person at a time") {
		t.Errorf("the modal is %+v", open)
	}
	submit("jane@acme.example", "4711")
	if open := o.slack.View(agent).Modals; len(open) != 0 {
		t.Errorf("the modal is still open: %+v", open)
	}
	if told := o.told(); len(told) != 1 || !strings.Contains(told[0].Text, "Jane") {
		t.Errorf("in the direct message stands %+v", told)
	}
	if rows := o.store.rows(); rows[len(rows)-1].Ticket != "#4711" {
		t.Errorf("the audit has %+v", rows)
	}
}
