package bot

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/slackfake"
	"github.com/latchkey-bot/latchkey/escalation"
)

// helpGoal is the share of requests per second that help should reach of a
// handler that only verifies and parses.
const helpGoal = 0.8

// bare only verifies the signature with slack-go and parses the form.
func bare(secret string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		verifier, err := slack.NewSecretsVerifier(r.Header, secret)
		if err != nil {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		r.Body = io.NopCloser(io.TeeReader(r.Body, &verifier))
		if _, err := slack.SlashCommandParse(r); err != nil || verifier.Ensure() != nil {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.WriteHeader(http.StatusOK)
	})
}

// member says that everybody is a full member, without asking anybody; help
// shows nothing by itself.
type member struct{ Workspace }

func (member) Self(context.Context) (Self, error) { return Self{Team: "T0TEAM", User: "U0BOT"}, nil }
func (member) Member(context.Context, string) (Member, error) {
	return Member{Teams: []string{"T0TEAM"}}, nil
}
func (member) Group(context.Context, string) ([]string, error) { return nil, ErrNoGroup }

// BenchmarkHelp sends `/latchkey help` over loopback, by turns to the bot and
// to a bare handler, in one run with one client, and reports the share of the
// bare one's requests per second that the bot reaches.
func BenchmarkHelp(b *testing.B) {
	const secret = "signing-secret"
	bot, err := New(Config{
		SigningSecret: secret, Workspace: member{}, Outbox: newMemory(), Agents: []string{agent},
		Actions:     &actions.Actions{Directory: newDirectory(), Store: newMemory(), Now: time.Now},
		Escalations: &escalation.Desk{},
	})
	if err != nil {
		b.Fatal(err)
	}
	ours, theirs := httptest.NewServer(bot.Handler()), httptest.NewServer(bare(secret))
	defer ours.Close()
	defer theirs.Close()
	body := url.Values{
		"token": {"verification"}, "team_id": {"T0TEAM"}, "team_domain": {"acme"}, "channel_id": {"C0SUPPORT"}, "channel_name": {"support"},
		"user_id": {agent}, "user_name": {"ann"}, "command": {"/latchkey"}, "text": {"help"}, "api_app_id": {"A0APP"},
		"response_url": {"https://hooks.slack.com/commands/T0TEAM/1/2"}, "trigger_id": {"1.2.3"}, "is_enterprise_install": {"false"},
	}.Encode()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 4}}
	send(b, client, ours.URL, secret, body, 200)
	send(b, client, theirs.URL, secret, body, 200)
	const turn = 50
	var mine, other []time.Duration
	for b.Loop() {
		mine = append(mine, send(b, client, ours.URL, secret, body, turn))
		other = append(other, send(b, client, theirs.URL, secret, body, turn))
	}
	perSecond := func(turns []time.Duration) float64 {
		slices.Sort(turns) // the median: what else the machine does hits single turns
		return turn / turns[len(turns)/2].Seconds()
	}
	share := perSecond(mine) / perSecond(other)
	b.ReportMetric(perSecond(mine), "req/s")
	b.ReportMetric(perSecond(other), "bare-req/s")
	b.ReportMetric(share, "share")
	b.ReportMetric(helpGoal, "goal")
	if share < helpGoal {
		b.Logf("MISSED: help reaches %.2f of the bare handler's requests per second, the goal is %.1f", share, helpGoal)
	}
}

// send sends the command n times and returns how long that took.
func send(b *testing.B, client *http.Client, address, secret, body string, n int) time.Duration {
	b.Helper()
	begin := time.Now()
	for range n {
		r, err := http.NewRequestWithContext(b.Context(), http.MethodPost, address+"/slack/commands", nil)
		if err != nil {
			b.Fatal(err)
		}
		r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
		r.Header.Set("Content-Type", aForm)
		slackfake.Sign(r.Header, secret, time.Now(), []byte(body))
		answer, err := client.Do(r)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, answer.Body); err != nil || answer.StatusCode != http.StatusOK {
			b.Fatalf("got %d, %v", answer.StatusCode, err)
		}
		_ = answer.Body.Close()
	}
	return time.Since(begin)
}
