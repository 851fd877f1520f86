package slackfake_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

// heard is what we read of an event.
type heard struct {
	Retry, Reason string
	TeamID        string `json:"team_id"`
	AppID         string `json:"api_app_id"`
	EventID       string `json:"event_id"`
	Event         struct {
		Type, User, Text, TS, Team, Channel string
		Kind                                string `json:"channel_type"`
		Thread                              string `json:"thread_ts"`
		Stamp                               string `json:"event_ts"`
		Bot                                 string `json:"bot_id"`
	}
	Authorizations []struct {
		TeamID string `json:"team_id"`
		UserID string `json:"user_id"`
		IsBot  bool   `json:"is_bot"`
	}
}

// anEar is an app that hears events.
type anEar struct {
	t      *testing.T
	status int
	mu     sync.Mutex
	heard  []heard
}

func (a *anEar) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		a.t.Error(err)
	}
	one := heard{Retry: r.Header.Get("X-Slack-Retry-Num"), Reason: r.Header.Get("X-Slack-Retry-Reason")}
	if err := json.Unmarshal(body, &one); err != nil || r.URL.Path != "/slack/events" {
		a.t.Errorf("%s %s: %v", r.URL.Path, body, err)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.heard = append(a.heard, one)
	if a.status != 0 {
		w.WriteHeader(a.status)
	}
}

// listening is a workspace with an app that gets events of messages.
func listening(t *testing.T, events ...string) (*slackfake.Slack, *anEar, *slackfake.App) {
	s := workspace(slackfake.Config{Unlimited: true})
	ear := &anEar{t: t}
	app := s.App("http://app.test", slackfake.Direct(ear))
	if events != nil {
		app.Subscribe(events...)
	}
	return s, ear, app
}

func sayIn(t *testing.T, s *slackfake.Slack, user, channel, thread, text string) string {
	t.Helper()
	ts, err := s.Say(user, channel, thread, text)
	if err != nil {
		t.Fatal(err)
	}
	return ts
}

func TestMessageEvents(t *testing.T) {
	s, ear, _ := listening(t, "message.channels", "message.groups")
	first := sayIn(t, s, "U1", "C1", "", "hello <b>")
	second := sayIn(t, s, "U2", "C1", first, "a reply")
	sayIn(t, s, "U2", "C3", "", "in private")
	for _, unheard := range []string{"C2", "C4", slackfake.DirectMessage("U1")} {
		sayIn(t, s, "U1", unheard, "", "the app isn't there, or didn't ask")
	}
	if said := ask(t, s, "chat.postMessage", args{"channel": "C1", "text": "mine"}); !said.OK {
		t.Fatal(said)
	}
	if len(ear.heard) != 3 {
		t.Fatalf("the app heard %+v", ear.heard)
	}
	one, two, three := ear.heard[0], ear.heard[1], ear.heard[2]
	if e := one.Event; e.Type != "message" || e.User != "U1" || e.Text != "hello &lt;b&gt;" || e.TS != first || e.Stamp != first || e.Channel != "C1" || e.Kind != "channel" || e.Thread != "" {
		t.Errorf("the first one is %+v", e)
	}
	if one.TeamID != s.Team() || one.AppID != "A0APP" || !strings.HasPrefix(one.EventID, "Ev") || one.Authorizations[0].UserID != s.Bot() || !one.Authorizations[0].IsBot {
		t.Errorf("its envelope is %+v", one)
	}
	if e := two.Event; e.TS != second || e.Thread != first || two.EventID == one.EventID || three.Event.Kind != "group" {
		t.Errorf("then there are %+v and %+v", two, three)
	}
}

func TestNoEventsUnlessAskedFor(t *testing.T) {
	s, ear, app := listening(t)
	sayIn(t, s, "U1", "C1", "", "hello")
	if len(ear.heard) != 0 || app.LastEvent() != nil {
		t.Errorf("the app heard %+v", ear.heard)
	}
}

// TestEventsAgain: retried, under another ID, from elsewhere, of another app.
func TestEventsAgain(t *testing.T) {
	s, ear, app := listening(t, "message.channels")
	ear.status = http.StatusInternalServerError
	ts := sayIn(t, s, "U1", "C1", "", "hello")
	e := app.LastEvent()
	if e.Answer().Failed != "dispatch_failed" || e.TS() != ts {
		t.Errorf("the event of %s was answered with %+v", e.TS(), e.Answer())
	}
	ear.status = 0
	if answer, err := e.Retry(t.Context(), 1, "http_error"); err != nil || answer.Failed != "" {
		t.Error(answer, err)
	}
	for _, other := range []*slackfake.Event{e.Renamed(), e.FromTeam("T0OTHER"), e.OfApp("A0OTHER")} {
		if _, err := other.Send(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	first, again, renamed, foreign, others := ear.heard[0], ear.heard[1], ear.heard[2], ear.heard[3], ear.heard[4]
	if again.EventID != first.EventID || again.Retry != "1" || again.Reason != "http_error" || first.Retry != "" {
		t.Errorf("retried it is %+v", again)
	}
	if renamed.EventID == first.EventID || renamed.Event.Stamp != ts {
		t.Errorf("renamed it is %+v", renamed)
	}
	if foreign.TeamID != "T0OTHER" || foreign.Event.Team != "T0OTHER" || foreign.Authorizations[0].TeamID != "T0OTHER" || foreign.AppID != first.AppID {
		t.Errorf("from elsewhere it is %+v", foreign)
	}
	if others.AppID != "A0OTHER" || others.TeamID != s.Team() {
		t.Errorf("of another app it is %+v", others)
	}
}

func TestEventsOutOfOrder(t *testing.T) {
	s, ear, app := listening(t, "message.channels")
	app.HoldEvents()
	first := sayIn(t, s, "U1", "C1", "", "one")
	second := sayIn(t, s, "U1", "C1", "", "two")
	held := app.Events()
	if len(ear.heard) != 0 || len(held) != 2 || held[0].Answer() != nil {
		t.Fatalf("the app heard %+v of %d", ear.heard, len(held))
	}
	for _, i := range []int{1, 0} {
		if _, err := held[i].Send(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if ear.heard[0].Event.TS != second || ear.heard[1].Event.TS != first {
		t.Errorf("they came as %+v", ear.heard)
	}
}
