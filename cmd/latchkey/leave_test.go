package main

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/latchkey-bot/latchkey/bot/web"
	"github.com/latchkey-bot/latchkey/store/storetest"
)

// TestStay: a server that was told to end stays for the delay, and not at all without
// one, or when it fails.
func TestStay(t *testing.T) {
	t.Parallel()
	for delay, want := range map[string]time.Duration{"0s": 0, "": 0, "5s": 5 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			told, tell := context.WithCancel(t.Context())
			c := &Config{Listening: Listening{ShutdownDelay: delay}}
			staying, leave := c.stay(told, new(web.Leaving), quiet(terminal{err: t.Output()}))
			defer leave()
			if staying.Err() != nil {
				t.Fatal("it ends before it is told to")
			}
			began := time.Now()
			tell()
			<-staying.Done()
			if took := time.Since(began); took != want {
				t.Errorf("with %q it stays for %s", delay, took)
			}
		})
	}
	synctest.Test(t, func(t *testing.T) {
		c := &Config{Listening: Listening{ShutdownDelay: "5s"}}
		staying, leave := c.stay(t.Context(), new(web.Leaving), quiet(terminal{err: t.Output()}))
		leave()
		<-staying.Done()
	})
}

// TestShutdownDelay: a server that was told to end says that it isn't ready, and answers
// whoever asks all the same, on a connection that ends; then it ends as it should.
func TestShutdownDelay(t *testing.T) {
	t.Parallel()
	s := serveOn(t, storetest.SQLiteURL(t), func(c *Config) { c.ShutdownDelay = "2s" })
	ended := make(chan error, 1)
	go func() { ended <- s.stop() }()
	within(t, "the server to say that it isn't ready", func() bool {
		status, said := s.status(s.outer + "/readyz")
		return status == http.StatusServiceUnavailable && strings.Contains(said, "about to stop")
	})
	if status, _ := s.status(s.inner + "/readyz"); status != http.StatusServiceUnavailable {
		t.Errorf("the inner address answers %d", status)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.outer+"/healthz", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = got.Body.Close()
	if got.StatusCode != http.StatusOK || !got.Close {
		t.Errorf("the server answers %d, and the connection ends: %t", got.StatusCode, got.Close)
	}
	if answer := s.diagnose("U0AGENT", "nobody@acme.example"); answer.Failed != "" {
		t.Errorf("a command fails with %s", answer.Failed)
	}
	if err := <-ended; err != nil {
		t.Errorf("it ended with %v", err)
	}
}

// TestRequestIDsReachTheOutbox: what somebody asks for, and what they are told of it
// later, stand in the log under one name.
func TestRequestIDsReachTheOutbox(t *testing.T) {
	t.Parallel()
	d := openHelpdesk(t, storetest.SQLiteURL(t), nil)
	d.ava().Command("/unlock jane@acme.example back from leave #4711").Reads("done")
	d.ava().ExpectDM("Unlock – done")
	find := func(message, command string) (request string) {
		within(t, "the log to say: "+message, func() bool {
			for text := range strings.Lines(d.log.String()) {
				var line struct{ Msg, Command, Kind, Request string }
				if json.Unmarshal([]byte(text), &line) == nil && line.Msg == message && line.Command+line.Kind == command {
					request = line.Request
				}
			}
			return request != ""
		})
		return request
	}
	asked, told := find("a request was handled", "unlock"), find("a message was delivered", "operation")
	if asked != told {
		t.Errorf("the request is %s, and what it led to is delivered for %s", asked, told)
	}
	if strings.Contains(d.log.String(), "jane@acme.example") {
		t.Error("the log names a customer")
	}
}
