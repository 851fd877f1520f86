package slackfake_test

import (
	"testing"

	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

// values are what somebody put into the inputs, each with the action_id
// "value".
func values(pairs ...string) map[string]map[string]string {
	all := map[string]map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		all[pairs[i]] = map[string]string{"value": pairs[i+1]}
	}
	return all
}

func inputOf(id string, element args) args {
	return with(anInput(id), "element", with(element, "action_id", "value"))
}

// open opens a modal of U1 and returns its ID.
func open(t *testing.T, s *slackfake.Slack, view args) string {
	t.Helper()
	said := ask(t, s, "views.open", args{"trigger_id": trigger(s, "U1"), "view": view})
	if !said.OK {
		t.Fatal(said)
	}
	return said.View.ID
}

func TestSubmissionBringsWhatWasPutIn(t *testing.T) {
	s := workspace(slackfake.Config{})
	app, to := installed(t, s)
	view := with(aModal(
		anInput("who"), with(anInput("ticket"), "optional", true),
		inputOf("kind", groups(1, 1)), inputOf("several", menu("checkboxes", 1, 1, 1)), with(inputOf("day", args{"type": "datepicker"}), "optional", true),
	), "callback_id", "diagnose")
	id := open(t, s, view)
	if m := s.View("U1").Modals; len(m) != 1 || m[0].Title != "Diagnose" || m[0].Submit != "Go" || m[0].Close != "Cancel" || m[0].CallbackID != "diagnose" {
		t.Errorf("they see %+v", m)
	}
	if len(s.View("U2").Modals) > 0 {
		t.Error("others see it too")
	}
	c := slackfake.Submission{User: "U1", View: id, Values: values("who", "jane", "kind", "ü", "several", "ü", "day", "2026-01-02")}
	if _, err := to.Submit(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	p := app.last()
	in := p.View.State.Values
	if p.Type != "view_submission" || p.View.ID != id || p.View.Callback != "diagnose" || p.User.ID != "U1" {
		t.Errorf("the app got %+v", p)
	}
	if who := in["who"]["value"]; who.Type != "plain_text_input" || *who.Value != "jane" || in["ticket"]["value"].Value != nil {
		t.Errorf("the app got %+v", in)
	}
	if kind := in["kind"]["value"]; kind.Type != "static_select" || kind.Selected.Value != "ü" {
		t.Errorf("the app got %+v", kind)
	}
	if several := in["several"]["value"].Several; len(several) != 1 || several[0].Value != "ü" || in["day"]["value"].Day != "2026-01-02" {
		t.Errorf("the app got %+v", in)
	}
	if len(s.View("U1").Modals) > 0 {
		t.Error("an empty answer leaves it open")
	}
	if _, err := to.Submit(t.Context(), c); err == nil {
		t.Error("it can be submitted when it is closed")
	}
}

// TestSlackChecksInputsItself: what is wrong is said at the input and nothing
// is sent.
func TestSlackChecksInputsItself(t *testing.T) {
	text := args{"type": "plain_text_input"}
	for name, row := range map[string]struct {
		element     args
		good, wrong string
	}{
		"Required": {text, "a", ""},
		"Shortest": {with(text, "min_length", 3), "abc", "ab"},
		"Longest":  {with(text, "max_length", 3), "üüü", "üüüü"},
		"Address":  {args{"type": "email_text_input"}, "jane@acme.example", "jane"},
		"URL":      {args{"type": "url_text_input"}, "https://acme.example", "acme.example"},
		"Number":   {args{"type": "number_input", "is_decimal_allowed": false}, "12", "1.5"},
		"Least":    {args{"type": "number_input", "is_decimal_allowed": true, "min_value": "1.5"}, "1.5", "1.4"},
		"Most":     {args{"type": "number_input", "is_decimal_allowed": true, "max_value": "9"}, "9", "10"},
		"Choice":   {menu("radio_buttons", 1, 1, 1), "ü", "o"},
	} {
		t.Run(name, func(t *testing.T) {
			s := workspace(slackfake.Config{})
			app, to := installed(t, s)
			id := open(t, s, aModal(inputOf("i", row.element)))
			answer, err := to.Submit(t.Context(), slackfake.Submission{User: "U1", View: id, Values: values("i", row.wrong)})
			if err != nil || answer.Failed == "" || len(app.got) > 0 {
				t.Errorf("%q is sent: %+v, %v", row.wrong, answer, err)
			}
			if errors := s.View("U1").Modals[0].Errors; errors["i"] == "" {
				t.Errorf("nothing is said: %v", errors)
			}
			if _, err := to.Submit(t.Context(), slackfake.Submission{User: "U1", View: id, Values: values("i", row.good)}); err != nil || len(app.got) != 1 {
				t.Errorf("%q isn't sent: %v", row.good, err)
			}
		})
	}
}

// TestSubmissionIsAnswered by errors, another view, the end of one or of all;
// and what isn't one of these is an error that the person sees.
func TestSubmissionIsAnswered(t *testing.T) {
	other := string(encoded(t, with(aModal(), "title", plain("Next"))))
	tooLong := string(encoded(t, with(aModal(), "title", plainN(25))))
	for name, row := range map[string]struct {
		app    anApp
		titles []string // what stands on each other afterwards
		errors map[string]string
		fails  bool
	}{
		"Empty":         {anApp{}, []string{"Below"}, nil, false},
		"Clear":         {anApp{body: `{"response_action":"clear"}`}, nil, nil, false},
		"Errors":        {anApp{body: `{"response_action":"errors","errors":{"i":"Nobody has that name."}}`}, []string{"Below", "Diagnose"}, map[string]string{"i": "Nobody has that name."}, false},
		"Update":        {anApp{body: `{"response_action":"update","view":` + other + `}`}, []string{"Below", "Next"}, nil, false},
		"Push":          {anApp{body: `{"response_action":"push","view":` + other + `}`}, []string{"Below", "Diagnose", "Next"}, nil, false},
		"ErrorsNowhere": {anApp{body: `{"response_action":"errors","errors":{"j":"Where?"}}`}, []string{"Below", "Diagnose"}, nil, true},
		"NoErrors":      {anApp{body: `{"response_action":"errors"}`}, []string{"Below", "Diagnose"}, nil, true},
		"BadView":       {anApp{body: `{"response_action":"update","view":` + tooLong + `}`}, []string{"Below", "Diagnose"}, nil, true},
		"NoView":        {anApp{body: `{"response_action":"push"}`}, []string{"Below", "Diagnose"}, nil, true},
		"Unknown":       {anApp{body: `{"response_action":"dance"}`}, []string{"Below", "Diagnose"}, nil, true},
		"NotJSON":       {anApp{body: `done`}, []string{"Below", "Diagnose"}, nil, true},
		"Status":        {anApp{status: 500}, []string{"Below", "Diagnose"}, nil, true},
	} {
		t.Run(name, func(t *testing.T) {
			s := workspace(slackfake.Config{})
			row.app.t = t
			to := s.App("http://app.test", slackfake.Direct(&row.app))
			open(t, s, with(aModal(), "title", plain("Below")))
			id := ask(t, s, "views.push", args{"trigger_id": trigger(s, "U1"), "view": aModal(anInput("i"))}).View.ID
			if _, err := to.Submit(t.Context(), slackfake.Submission{User: "U1", View: id, Values: values("i", "jane")}); err != nil {
				t.Fatal(err)
			}
			modals := s.View("U1").Modals
			if len(modals) != len(row.titles) {
				t.Fatalf("%d modals stand on each other: %+v", len(modals), modals)
			}
			for i, title := range row.titles {
				if modals[i].Title != title {
					t.Errorf("they are %+v", modals)
				}
			}
			if len(modals) < 2 {
				return
			}
			if said := modals[1].Errors; len(said) != len(row.errors) || said["i"] != row.errors["i"] || (modals[1].Trouble != "") != row.fails {
				t.Errorf("it says %v, %q", said, modals[1].Trouble)
			}
		})
	}
}

// TestClosedModals are told of when the view asks for it.
func TestClosedModals(t *testing.T) {
	s := workspace(slackfake.Config{})
	app, to := installed(t, s)
	for _, asked := range []bool{false, true} {
		id := open(t, s, with(aModal(), "notify_on_close", asked))
		if _, err := to.CloseModal(t.Context(), "U1", id); err != nil {
			t.Fatal(err)
		}
		if told := len(app.got) > 0 && app.last().Type == "view_closed" && app.last().View.ID == id; told != asked {
			t.Errorf("the app is told: %t, it asked: %t", told, asked)
		}
		if len(s.View("U1").Modals) > 0 {
			t.Error("it is still open")
		}
		if _, err := to.CloseModal(t.Context(), "U1", id); err == nil {
			t.Error("it can be closed twice")
		}
	}
}

// TestClickInAModal brings what stands in its inputs, and that the app failed
// is said in it.
func TestClickInAModal(t *testing.T) {
	s := workspace(slackfake.Config{})
	app, to := installed(t, s)
	id := open(t, s, aModal(anInput("i"), actions(button("more"))))
	click := slackfake.Click{User: "U1", View: id, Action: "more", Values: values("i", "ja")}
	if _, err := to.Click(t.Context(), click); err != nil {
		t.Fatal(err)
	}
	if p := app.last(); p.Container.ViewID != id || *p.View.State.Values["i"]["value"].Value != "ja" || p.Trigger == "" || p.ResponseURL != "" {
		t.Errorf("the app got %+v", p)
	}
	app.status = 500
	if _, err := to.Click(t.Context(), click); err != nil || s.View("U1").Modals[0].Trouble == "" {
		t.Errorf("nothing is said: %v", err)
	}
	if said := ask(t, s, "views.update", args{"view_id": id, "view": with(aModal(), "title", plain("More"))}); !said.OK {
		t.Fatal(said)
	}
	if m := s.View("U1").Modals[0]; m.Title != "More" || m.Trouble != "" {
		t.Errorf("it shows %+v", m)
	}
}
