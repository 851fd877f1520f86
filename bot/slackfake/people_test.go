package slackfake_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

// payload is what an app reads of what Slack sends.
type payload struct {
	Type        string
	Trigger     string `json:"trigger_id"`
	ResponseURL string `json:"response_url"`
	Callback    string `json:"callback_id"`
	Team, User  struct{ ID string }
	Channel     struct{ ID, Name string }
	Container   struct {
		Type      string
		TS        string `json:"message_ts"`
		Thread    string `json:"thread_ts"`
		ViewID    string `json:"view_id"`
		Ephemeral bool   `json:"is_ephemeral"`
	}
	Message *struct {
		TS, User, Text string
		Thread         string `json:"thread_ts"`
		Blocks         []any
	}
	View *struct {
		ID       string
		Metadata string `json:"private_metadata"`
		Callback string `json:"callback_id"`
		State    struct {
			Values map[string]map[string]struct {
				Type     string
				Value    *string
				Selected *struct{ Value string }  `json:"selected_option"`
				Several  []struct{ Value string } `json:"selected_options"`
				Day      string                   `json:"selected_date"`
				Person   *string                  `json:"selected_user"`
			}
		}
	}
	Actions []struct {
		Action string `json:"action_id"`
		Block  string `json:"block_id"`
		Value  string
		Text   struct{ Text string }
	}
	Event struct{ Type, User, Channel, Tab string }
}

// anApp answers everything with a body and keeps what it got.
type anApp struct {
	t      *testing.T
	status int
	body   string
	delay  time.Duration
	got    []payload
	forms  []url.Values
}

func (a *anApp) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		a.t.Error(err)
	}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		form, err := url.ParseQuery(string(raw))
		if err != nil {
			a.t.Error(err)
		}
		a.forms = append(a.forms, form)
		raw = []byte(form.Get("payload"))
	}
	var p payload
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, &p); err != nil {
			a.t.Errorf("the payload %s: %v", raw, err)
		}
	}
	a.got = append(a.got, p)
	select {
	case <-time.After(a.delay):
	case <-r.Context().Done():
	}
	w.Header().Set("Content-Type", "application/json")
	if a.status != 0 {
		w.WriteHeader(a.status)
	}
	_, _ = io.WriteString(w, a.body)
}

func (a *anApp) last() payload {
	a.t.Helper()
	if len(a.got) == 0 {
		a.t.Fatal("the app got nothing")
	}
	return a.got[len(a.got)-1]
}

func installed(t *testing.T, s *slackfake.Slack) (*anApp, *slackfake.App) {
	a := &anApp{t: t}
	return a, s.App("http://app.test", slackfake.Direct(a))
}

func newest(t *testing.T, s *slackfake.Slack, user, channel string) slackfake.Shown {
	t.Helper()
	shown := messagesIn(t, s, user, channel)
	if len(shown) == 0 {
		t.Fatalf("%s sees nothing in %s", user, channel)
	}
	return shown[len(shown)-1]
}

func TestCommandIsAnsweredWhereItWasTyped(t *testing.T) {
	s := workspace(slackfake.Config{})
	app, to := installed(t, s)
	for body, everybody := range map[string]bool{
		`{"text":"for one"}`: false, `{"response_type":"ephemeral","text":"for one"}`: false, `{"response_type":"in_channel","text":"for all"}`: true,
	} {
		app.body = body
		before := len(messagesIn(t, s, "U2", "C1"))
		if _, err := to.Command(t.Context(), slackfake.Command{User: "U1", Channel: "C1", Name: "/x", Text: "a"}); err != nil {
			t.Fatal(err)
		}
		shown := newest(t, s, "U1", "C1")
		if shown.Ephemeral == everybody || shown.User != s.Bot() || !strings.HasPrefix(shown.Text, "for") {
			t.Errorf("%s shows %+v", body, shown)
		}
		if seen := len(messagesIn(t, s, "U2", "C1")) > before; seen != everybody {
			t.Errorf("%s: others see it: %t", body, seen)
		}
	}
	form := app.forms[0]
	if form.Get("channel_name") != "support" || form.Get("user_id") != "U1" || form.Get("command") != "/x" || form.Get("text") != "a" {
		t.Errorf("the app got %v", form)
	}
}

// TestPlacesAreNamedAsSlackNamesThem: a private channel and a direct message
// don't tell their names.
func TestPlacesAreNamedAsSlackNamesThem(t *testing.T) {
	s := workspace(slackfake.Config{})
	app, to := installed(t, s)
	for channel, want := range map[string]string{"C1": "support", "C3": "privategroup", slackfake.DirectMessage("U2"): "directmessage"} {
		if _, err := to.Command(t.Context(), slackfake.Command{User: "U2", Channel: channel, Name: "/x"}); err != nil {
			t.Fatal(err)
		}
		if got := app.forms[len(app.forms)-1].Get("channel_name"); got != want {
			t.Errorf("%s is called %q, not %q", channel, got, want)
		}
	}
	if _, err := to.Command(t.Context(), slackfake.Command{User: "U1", Channel: "C3", Name: "/x"}); err == nil {
		t.Error("somebody types in a channel that they aren't in")
	}
}

// TestSlackbotSaysThatAnAppFailed: not within three seconds, not 200, an
// answer that Slack doesn't show, a command in a thread.
func TestSlackbotSaysThatAnAppFailed(t *testing.T) {
	for name, row := range map[string]struct {
		app    anApp
		thread bool
		want   string
	}{
		"Late":    {anApp{delay: 3*time.Second + time.Millisecond}, false, "/x failed with the error \"operation_timeout\""},
		"Status":  {anApp{status: 500}, false, "/x failed with the error \"dispatch_failed\""},
		"Refused": {anApp{body: `{"blocks":[{"type":"poem"}],"text":"t"}`}, false, "/x failed with the error \"invalid_command_response\""},
		"Thread":  {anApp{}, true, "/x is not supported in threads. Sorry!"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := workspace(slackfake.Config{})
				app := row.app
				app.t = t
				c := slackfake.Command{User: "U1", Channel: "C1", Name: "/x"}
				if row.thread {
					c.Thread = say(t, s, "hello")
				}
				if _, err := s.App("http://app.test", slackfake.Direct(&app)).Command(t.Context(), c); err != nil {
					t.Fatal(err)
				}
				synctest.Wait() // the app sees that nobody waits for it any more
				shown := newest(t, s, "U1", "C1")
				if shown.User != slackfake.Slackbot || shown.Text != row.want || !shown.Ephemeral || shown.Thread != c.Thread {
					t.Errorf("they see %+v", shown)
				}
				if row.thread && len(app.got) > 0 {
					t.Error("the app got it all the same")
				}
			})
		})
	}
}

func say(t *testing.T, s *slackfake.Slack, text string) string {
	t.Helper()
	ts, err := s.Say("U1", "C1", "", text)
	if err != nil {
		t.Fatal(err)
	}
	return ts
}

var twoButtons = []any{section(1), actions(with(button("go"), "value", "one"), with(button("stop"), "value", "two"))}

// TestClickOnAMessage: the app gets the message with it, unless it is
// ephemeral.
func TestClickOnAMessage(t *testing.T) {
	s := workspace(slackfake.Config{})
	app, to := installed(t, s)
	thread := say(t, s, "why?")
	all := ask(t, s, "chat.postMessage", args{"channel": "C1", "thread_ts": thread, "text": "t", "blocks": twoButtons}).TS
	one := ask(t, s, "chat.postEphemeral", args{"channel": "C1", "user": "U1", "text": "t", "blocks": twoButtons}).Stamp
	for ts, ephemeral := range map[string]bool{all: false, one: true} {
		answer, err := to.Click(t.Context(), slackfake.Click{User: "U1", Channel: "C1", Message: ts, Action: "stop"})
		if err != nil {
			t.Fatal(err)
		}
		p := app.last()
		if p.Type != "block_actions" || p.User.ID != "U1" || p.Channel.Name != "support" || p.Trigger == "" || p.ResponseURL != answer.ResponseURL {
			t.Errorf("the app got %+v", p)
		}
		if p.Container.Type != "message" || p.Container.TS != ts || p.Container.Ephemeral != ephemeral || (p.Message == nil) != ephemeral {
			t.Errorf("the container is %+v, the message %+v", p.Container, p.Message)
		}
		if a := p.Actions[0]; a.Action != "stop" || a.Value != "two" || a.Text.Text != "Go" || a.Block == "" {
			t.Errorf("the action is %+v", a)
		}
		if !ephemeral && (p.Message.Text != "t" || len(p.Message.Blocks) != 2 || p.Container.Thread != thread || p.Message.User != s.Bot()) {
			t.Errorf("the message is %+v", p.Message)
		}
	}
	for why, c := range map[string]slackfake.Click{
		"no such button":    {User: "U1", Channel: "C1", Message: all, Action: "fly"},
		"another value":     {User: "U1", Channel: "C1", Message: all, Action: "go", Value: "three"},
		"no such message":   {User: "U1", Channel: "C1", Message: "1.000001", Action: "go"},
		"somebody else's":   {User: "U2", Channel: "C1", Message: one, Action: "go"},
		"no modal open":     {User: "U1", View: "V1", Action: "go"},
		"no Home published": {User: "U1", View: "home", Action: "go"},
	} {
		if _, err := to.Click(t.Context(), c); err == nil {
			t.Errorf("%s: it can be clicked", why)
		}
	}
}

// TestShortcuts: a message shortcut brings the message, a global one nothing.
func TestShortcuts(t *testing.T) {
	s := workspace(slackfake.Config{})
	app, to := installed(t, s)
	ts := say(t, s, "jane@acme.example can't log in & <@U2> neither")
	if _, err := to.Shortcut(t.Context(), slackfake.Shortcut{User: "U2", Channel: "C1", Message: ts, Callback: "diagnose"}); err != nil {
		t.Fatal(err)
	}
	p := app.last()
	if p.Type != "message_action" || p.Callback != "diagnose" || p.ResponseURL == "" || p.Channel.ID != "C1" || p.Message.User != "U1" || p.Message.TS != ts {
		t.Errorf("the app got %+v", p)
	}
	if want := "<mailto:jane@acme.example|jane@acme.example> can't log in &amp; <@U2> neither"; p.Message.Text != want {
		t.Errorf("the message says %q", p.Message.Text)
	}
	if _, err := to.Shortcut(t.Context(), slackfake.Shortcut{User: "U2", Callback: "anybody"}); err != nil {
		t.Fatal(err)
	}
	if p := app.last(); p.Type != "shortcut" || p.ResponseURL != "" || p.Message != nil || p.Trigger == "" {
		t.Errorf("the app got %+v", p)
	}
	ephemeral := ask(t, s, "chat.postEphemeral", args{"channel": "C1", "user": "U1", "text": "t"}).Stamp
	if _, err := to.Shortcut(t.Context(), slackfake.Shortcut{User: "U1", Channel: "C1", Message: ephemeral, Callback: "x"}); err == nil {
		t.Error("an ephemeral message has shortcuts")
	}
}

// TestFailuresOfOtherActionsAreSaid: of a button and of a shortcut.
func TestFailuresOfOtherActionsAreSaid(t *testing.T) {
	s := workspace(slackfake.Config{})
	app, to := installed(t, s)
	app.status = http.StatusInternalServerError
	ts := ask(t, s, "chat.postMessage", args{"channel": "C1", "text": "t", "blocks": twoButtons}).TS
	for what, act := range map[string]func() (*slackfake.Answer, error){
		"button": func() (*slackfake.Answer, error) {
			return to.Click(t.Context(), slackfake.Click{User: "U1", Channel: "C1", Message: ts, Action: "go"})
		},
		"shortcut": func() (*slackfake.Answer, error) {
			return to.Shortcut(t.Context(), slackfake.Shortcut{User: "U1", Channel: "C1", Message: ts, Callback: "x"})
		},
	} {
		if answer, err := act(); err != nil || answer.Failed != "dispatch_failed" {
			t.Errorf("%s: %+v, %v", what, answer, err)
		}
		if shown := newest(t, s, "U1", "C1"); shown.User != slackfake.Slackbot || !strings.Contains(shown.Text, what) {
			t.Errorf("%s: they see %+v", what, shown)
		}
	}
}

// TestOpenHome: the app hears of it and publishes; a click there brings the
// view and no response URL.
func TestOpenHome(t *testing.T) {
	s := workspace(slackfake.Config{})
	app, to := installed(t, s)
	if _, err := to.OpenHome(t.Context(), "U1"); err != nil {
		t.Fatal(err)
	}
	if e := app.last().Event; e.Type != "app_home_opened" || e.User != "U1" || e.Tab != "home" || e.Channel != slackfake.DirectMessage("U1") {
		t.Errorf("the app got %+v", e)
	}
	if said := ask(t, s, "views.publish", args{"user_id": "U1", "view": args{"type": "home", "private_metadata": "m", "blocks": twoButtons}}); !said.OK {
		t.Fatal(said)
	}
	if home := s.View("U1").Home; !strings.Contains(string(home), "Go") || s.View("U2").Home != nil {
		t.Errorf("the Home shows %s", home)
	}
	if _, err := to.Click(t.Context(), slackfake.Click{User: "U1", View: "home", Action: "go"}); err != nil {
		t.Fatal(err)
	}
	if p := app.last(); p.Container.Type != "view" || p.View.Metadata != "m" || p.ResponseURL != "" || p.Actions[0].Value != "one" {
		t.Errorf("the app got %+v", p)
	}
}

func encoded(t *testing.T, value any) []byte {
	t.Helper()
	raw, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}
