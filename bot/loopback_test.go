package bot

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

// TestOverLoopback is the conversation over real sockets, with a server that
// is stopped while somebody waits for an answer.
func TestOverLoopback(t *testing.T) {
	slack := slackfake.Start(slackfake.Config{})
	defer slack.Close()
	o := open(t, func(c *Config) {
		c.Workspace, c.APIURL, c.Transport = NewWorkspace(slack.Token(), slack.APIURL(), nil), slack.APIURL(), nil
	})
	o.slack = slack
	slack.AddMember(slackfake.Member{ID: agent})
	slack.SetGroup("S0AGENTS")
	server := httptest.NewServer(o.bot.Handler())
	defer server.Close()
	o.app = slack.App(server.URL, nil)
	o.types(agent, "/diagnose", "jane").reads("locked after too many wrong passwords")
	o.types(nobody, "/diagnose", "jane").reads("aren't set up")

	o.directory.gate = make(chan struct{})
	waiting := o.clicks(agent, "diagnose", "u-jane")
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := server.Config.Shutdown(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := http.Get(server.URL); err == nil { //nolint:bodyclose // there is none
		t.Error("it still listens")
	}
	close(o.directory.gate)
	if err := o.bot.Drain(ctx); err != nil {
		t.Fatal(err)
	}
	waiting.reads("locked after too many wrong passwords")
}
