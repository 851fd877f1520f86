package slackfake_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

// plug is a client of Socket Mode, one connection.
type plug struct {
	t  *testing.T
	ws *websocket.Conn
}

// frame is what is read of one.
type frame struct {
	Type    string         `json:"type"`
	ID      string         `json:"envelope_id"`
	Reason  string         `json:"reason"`
	Open    int            `json:"num_connections"`
	Accepts bool           `json:"accepts_response_payload"`
	Payload map[string]any `json:"payload"`
}

// ticket asks for the address of one.
func ticket(t *testing.T, s *slackfake.Slack) string {
	t.Helper()
	client := slack.New("", slack.OptionAppLevelToken(s.AppToken()), slack.OptionAPIURL(s.APIURL()))
	_, address, err := client.StartSocketModeContext(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return address
}

// plugIn opens a connection until the test ends.
func plugIn(t *testing.T, s *slackfake.Slack) *plug {
	t.Helper()
	ws, response, err := websocket.DefaultDialer.DialContext(t.Context(), ticket(t, s), nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	t.Cleanup(func() { _ = ws.Close() })
	return &plug{t: t, ws: ws}
}

// next is the next frame.
func (p *plug) next() frame {
	p.t.Helper()
	var f frame
	if err := p.ws.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		p.t.Fatal(err)
	}
	if err := p.ws.ReadJSON(&f); err != nil {
		p.t.Fatal(err)
	}
	return f
}

// says sends a frame.
func (p *plug) says(text string) {
	p.t.Helper()
	if err := p.ws.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
		p.t.Fatal(err)
	}
}

func plugged(t *testing.T) *slackfake.Slack {
	t.Helper()
	s := slackfake.Start(slackfake.Config{Unlimited: true})
	t.Cleanup(s.Close)
	s.AddMember(slackfake.Member{ID: "U0AVA"})
	s.AddChannel(slackfake.Channel{ID: "C0SUPPORT", Name: "support"})
	return s
}

// types sends a command over Socket Mode.
func types(t *testing.T, s *slackfake.Slack) <-chan *slackfake.Answer {
	answered := make(chan *slackfake.Answer, 1)
	go func() {
		answer, err := s.SocketApp().Command(context.WithoutCancel(t.Context()), slackfake.Command{User: "U0AVA", Name: "/diagnose", Text: "jane & co"})
		if err != nil {
			t.Error(err)
		}
		answered <- answer
	}()
	return answered
}

func TestSocketAcknowledged(t *testing.T) {
	t.Parallel()
	s := plugged(t)
	p := plugIn(t, s)
	if hello := p.next(); hello.Type != "hello" || hello.Open != 1 {
		t.Errorf("it begins with %+v", hello)
	}
	answered := types(t, s)
	e := p.next()
	if e.Type != "slash_commands" || !e.Accepts || e.Payload["text"] != "jane & co" || e.Payload["trigger_id"] == "" || e.Payload["response_url"] == "" {
		t.Errorf("the envelope is %+v", e)
	}
	p.says("not an acknowledgement")
	p.says(`{"envelope_id":"another"}`)
	p.says(`{"envelope_id":"` + e.ID + `","payload":{"text":"hello"}}`)
	p.says(`{"envelope_id":"` + e.ID + `","payload":{"text":"hello again"}}`)
	if answer := <-answered; answer.Message == nil || answer.Message.Text != "hello" || answer.Failed != "" {
		t.Errorf("it is answered %+v", answer)
	}
}

// TestSocketRefuses what Slack doesn't take.
func TestSocketRefuses(t *testing.T) {
	t.Parallel()
	for name, ack := range map[string]string{
		"TooLong": `{"envelope_id":"ID","payload":{"text":"` + strings.Repeat("x", 20_000) + `"}}`, "NotAMessage": `{"envelope_id":"ID","payload":{"blocks":7}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := plugged(t)
			p := plugIn(t, s)
			p.next()
			answered := types(t, s)
			p.says(strings.Replace(ack, "ID", p.next().ID, 1))
			if answer := <-answered; answer.Failed == "" && answer.Refused == "" {
				t.Errorf("it is taken: %+v", answer)
			}
		})
	}
	t.Run("OfAnEvent", func(t *testing.T) {
		t.Parallel()
		s := plugged(t)
		p := plugIn(t, s)
		p.next()
		go func() { p.says(`{"envelope_id":"` + p.next().ID + `","payload":{"text":"hello"}}`) }()
		if answer, err := s.SocketApp().OpenHome(t.Context(), "U0AVA"); err != nil || answer.Failed == "" {
			t.Errorf("it is taken: %+v, %v", answer, err)
		}
	})
}

// TestSocketSendsAgain: on another connection when one ends before it is acknowledged,
// and an acknowledgement on one that it wasn't sent on is none.
func TestSocketSendsAgain(t *testing.T) {
	t.Parallel()
	s := plugged(t)
	var plugs []*plug
	for range 3 {
		p := plugIn(t, s)
		p.next()
		plugs = append(plugs, p)
	}
	one, other, third := plugs[0], plugs[1], plugs[2]
	answered := types(t, s)
	e := one.next()
	third.says(`{"envelope_id":"` + e.ID + `","payload":{"text":"from elsewhere"}}`)
	for _, p := range []*plug{third, one} {
		if err := p.ws.Close(); err != nil {
			t.Fatal(err)
		}
		if p == third {
			awaits(t, s, 2)
		}
	}
	again := other.next()
	if again.ID != e.ID || again.Payload["trigger_id"] != e.Payload["trigger_id"] {
		t.Errorf("it is sent again as %+v", again)
	}
	other.says(`{"envelope_id":"` + e.ID + `","payload":{"text":"here"}}`)
	if answer := <-answered; answer.Message == nil || answer.Message.Text != "here" {
		t.Errorf("it is answered %+v", answer)
	}
}

// awaits waits until that many connections are open.
func awaits(t *testing.T, s *slackfake.Slack, n int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := s.AwaitConnections(ctx, n); err != nil {
		t.Fatal(err)
	}
}

// TestSocketUnconnected: with no connection a command fails at once.
func TestSocketUnconnected(t *testing.T) {
	t.Parallel()
	if answer := <-types(t, plugged(t)); answer.Failed != "dispatch_failed" {
		t.Errorf("got %+v", answer)
	}
}

// TestSocketTickets are good once, and for ten connections.
func TestSocketTickets(t *testing.T) {
	t.Parallel()
	s := plugged(t)
	at := ticket(t, s)
	for i, want := range []int{http.StatusSwitchingProtocols, http.StatusForbidden} {
		ws, response, err := websocket.DefaultDialer.DialContext(t.Context(), at, nil)
		if response == nil || response.StatusCode != want {
			t.Fatalf("time %d: %+v, %v", i, response, err)
		}
		_ = response.Body.Close()
		if err == nil {
			t.Cleanup(func() { _ = ws.Close() })
			awaits(t, s, 1)
		}
	}
	for i := range 9 {
		if hello := plugIn(t, s).next(); hello.Open != i+2 {
			t.Errorf("connection %d begins with %+v", i+2, hello)
		}
	}
	if f := plugIn(t, s).next(); f.Type != "disconnect" || f.Reason != "too_many_websockets" {
		t.Errorf("the eleventh begins with %+v", f)
	}
}

// TestSocketTokens: the app's token opens connections and nothing else, and the bot's
// does everything else.
func TestSocketTokens(t *testing.T) {
	t.Parallel()
	s := plugged(t)
	for _, test := range []struct{ method, token, want string }{
		{"apps.connections.open", s.AppToken(), ""}, {"apps.connections.open", s.Token(), "not_allowed_token_type"},
		{"apps.connections.open", "xapp-other", "invalid_auth"}, {"apps.connections.open", "", "not_authed"},
		{"auth.test", s.AppToken(), "not_allowed_token_type"}, {"auth.test", s.Token(), ""},
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.APIURL()+test.method, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		if test.token != "" {
			r.Header.Set("Authorization", "Bearer "+test.token)
		}
		got, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		var answer struct{ Error string }
		if err := json.NewDecoder(got.Body).Decode(&answer); err != nil || answer.Error != test.want {
			t.Errorf("%s with %q is answered %q, %v", test.method, test.token, answer.Error, err)
		}
		_ = got.Body.Close()
	}
}
