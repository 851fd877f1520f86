package sandbox_test

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/latchkey-bot/latchkey/bot/sandbox"
	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

func TestStateIsWhatThePersonSees(t *testing.T) {
	w := open(t)
	view := w.state()
	if view.Me != "U0AVA" || view.Team != "Acme Support" {
		t.Errorf("the state is %s's in %q", view.Me, view.Team)
	}
	for _, c := range view.Conversations {
		if c.ID == "C0LEADS" {
			t.Error("Ava sees a channel that she isn't in")
		}
	}
}

// TestStreamTellsWhatChanged reads the stream while somebody speaks.
func TestStreamTellsWhatChanged(t *testing.T) {
	w := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, w.URL+"/api/events?as=U0AVA", nil)
	if err != nil {
		t.Fatal(err)
	}
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = got.Body.Close() }()
	if kind := got.Header.Get("Content-Type"); kind != "text/event-stream" {
		t.Errorf("it is %s", kind)
	}
	in := bufio.NewScanner(got.Body)
	first := nextChange(t, in)
	if _, err := w.slack.Say("U0BEN", "C0SUPPORT", "", "hello"); err != nil {
		t.Fatal(err)
	}
	if second := nextChange(t, in); second == first {
		t.Errorf("two changes with version %s", second)
	}
}

// nextChange waits for the next change and returns its version.
func nextChange(t *testing.T, in *bufio.Scanner) string {
	t.Helper()
	changed := false
	for in.Scan() {
		changed = changed || in.Text() == "event: changed"
		if version, ok := strings.CutPrefix(in.Text(), "data: "); ok && changed {
			return version
		}
	}
	t.Fatalf("the stream ended: %v", in.Err())
	return ""
}

// stream is a response that says what is written to it.
type stream struct {
	*httptest.ResponseRecorder
	written chan string
}

func (s stream) Write(p []byte) (int, error) {
	s.written <- string(p)
	return len(p), nil
}

func TestStreamShowsThatItIsThereAndEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &town{slack: slackfake.New(slackfake.Config{}), app: &app{}, customers: &customers{}, letters: newPost()}
		handler, err := sandbox.New(config(w))
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		r := httptest.NewRequestWithContext(ctx, http.MethodGet, "http://127.0.0.1/api/events?as=U0AVA", nil)
		out := stream{httptest.NewRecorder(), make(chan string)}
		ended := make(chan struct{})
		go func() {
			handler.ServeHTTP(out, r)
			close(ended)
		}()
		begin := time.Now()
		if first := <-out.written; !strings.HasPrefix(first, "event: changed\n") {
			t.Errorf("it begins with %q", first)
		}
		if beat := <-out.written; !strings.HasPrefix(beat, ":") || time.Since(begin) != 15*time.Second {
			t.Errorf("after %s it says %q", time.Since(begin), beat)
		}
		cancel()
		<-ended
	})
}
