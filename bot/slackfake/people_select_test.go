package slackfake_test

import (
	"testing"

	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

// TestPeopleInAMenu: somebody is chosen by their ID; no bot, nobody deactivated
// and nobody unknown stands there.
func TestPeopleInAMenu(t *testing.T) {
	s := workspace(slackfake.Config{Unlimited: true})
	app, to := installed(t, s)
	people := args{"type": "users_select", "initial_user": "U1", "placeholder": plain("A colleague")}
	form := func() args {
		return aModal(inputOf("who", people), with(inputOf("other", args{"type": "users_select"}), "optional", true))
	}
	for typed, sent := range map[string]string{"": "U1", "U2": "U2"} {
		put := map[string]map[string]string{}
		if typed != "" {
			put = values("who", typed)
		}
		answer, err := to.Submit(t.Context(), slackfake.Submission{User: "U1", View: open(t, s, form()), Values: put})
		if err != nil || answer.Failed != "" {
			t.Fatal(answer, err)
		}
		in := app.last().View.State.Values
		if got := in["who"]["value"]; got.Person == nil || *got.Person != sent || got.Type != "users_select" || in["other"]["value"].Person != nil {
			t.Errorf("%q is sent as %+v and %+v", typed, got, in["other"])
		}
	}
	for _, nobody := range []string{"U3", "U4", "U9", s.Bot()} {
		view := open(t, s, form())
		answer, err := to.Submit(t.Context(), slackfake.Submission{User: "U1", View: view, Values: values("who", nobody)})
		if err != nil || answer.Failed != "invalid_input" {
			t.Errorf("%s is chosen: %+v, %v", nobody, answer, err)
		}
	}
	people["options"] = []any{}
	if said := ask(t, s, "views.open", args{"trigger_id": trigger(s, "U1"), "view": form()}); said.Error != "invalid_arguments" {
		t.Errorf("a menu of people with options: %+v", said)
	}
}

// TestMenuOfGroups: what is chosen at first is among the options of a group.
func TestMenuOfGroups(t *testing.T) {
	s := workspace(slackfake.Config{Unlimited: true})
	app, to := installed(t, s)
	option := func(value string) args { return args{"text": plain(value), "value": value} }
	form := func(first string) args {
		return aModal(inputOf("kind", args{"type": "static_select", "initial_option": option(first), "option_groups": []any{
			args{"label": plain("A"), "options": []any{option("one")}}, args{"label": plain("B"), "options": []any{option("two")}},
		}}))
	}
	if _, err := to.Submit(t.Context(), slackfake.Submission{User: "U1", View: open(t, s, form("two"))}); err != nil {
		t.Fatal(err)
	}
	if got := app.last().View.State.Values["kind"]["value"].Selected; got == nil || got.Value != "two" {
		t.Errorf("the app got %+v", got)
	}
	if said := ask(t, s, "views.open", args{"trigger_id": trigger(s, "U1"), "view": form("three")}); said.Error != "invalid_arguments" {
		t.Errorf("what is chosen at first isn't there: %+v", said)
	}
}
