package sandbox_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/smtp"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/bot/sandbox"
)

// TestJump: the buttons, and no others, let time pass, as far as that goes; the page
// learns how far the clock is ahead.
func TestJump(t *testing.T) {
	clock := new(sandbox.Clock)
	var fails error
	w, _ := withSite(t, func(c *sandbox.Config) {
		c.Clock = clock
		c.Jump = func(_ context.Context, by time.Duration) error { clock.GoOn(by); return fails }
	})
	if page := w.get("/").body; strings.Count(page, "data-hours=") != 3 || !strings.Contains(page, `data-hours="24"`) {
		t.Error("the page lacks the buttons that let time pass")
	}
	ahead := func() time.Duration {
		var state struct {
			Ahead int64 `json:"ahead"`
		}
		if err := json.Unmarshal([]byte(w.get("/api/state?as=U0AVA").body), &state); err != nil {
			t.Fatal(err)
		}
		return time.Duration(state.Ahead) * time.Millisecond
	}
	for _, c := range []struct {
		hours, status int
		ahead         time.Duration
	}{
		{1, http.StatusOK, time.Hour}, {24, http.StatusOK, 25 * time.Hour},
		{0, http.StatusBadRequest, 25 * time.Hour}, {-24, http.StatusBadRequest, 25 * time.Hour}, {2, http.StatusBadRequest, 25 * time.Hour},
	} {
		if status, answer := w.post("jump", map[string]any{"as": "U0AVA", "hours": c.hours}); status != c.status || ahead() != c.ahead {
			t.Errorf("%d hours: %d %v, and the clock is %s ahead", c.hours, status, answer, ahead())
		}
	}
	clock.Set(59 * 24 * time.Hour)
	if status, answer := w.post("jump", map[string]any{"as": "U0AVA", "hours": 168}); status != http.StatusConflict || !strings.Contains(answer["error"].(string), "60 days") {
		t.Errorf("beyond the end: %d %v", status, answer)
	}
	fails = errors.New("the database is on fire")
	if status, answer := w.post("jump", map[string]any{"as": "U0AVA", "hours": 1}); status != http.StatusBadGateway || strings.Contains(answer["error"].(string), "fire") {
		t.Errorf("when what is due doesn't happen: %d %v", status, answer)
	}
}

// TestJumpOfAClockThatCant: without a way to move it on, nobody does.
func TestJumpOfAClockThatCant(t *testing.T) {
	w := open(t)
	if status, answer := w.post("jump", map[string]any{"as": "U0AVA", "hours": 1}); status != http.StatusBadRequest {
		t.Errorf("it is answered %d %v", status, answer)
	}
}

// TestPostComesByTheClock: what comes after a leap, by mail or as a text, is of the
// time after it.
func TestPostComesByTheClock(t *testing.T) {
	clock := new(sandbox.Clock)
	clock.Set(48 * time.Hour)
	post := newPost().By(clock.Now)
	box, err := sandbox.OpenMailbox(t.Context(), post)
	if err != nil {
		t.Fatal(err)
	}
	message := lines("To: jane@acme.example", "Subject: Later", "", "hello", "")
	if err := smtp.SendMail(strings.TrimPrefix(box.URL(), "smtp://"), nil, "support@skylark.example", []string{"jane@acme.example"}, []byte(message)); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader(`{"to":"+61491570000","text":"hello"}`))
	r.Header.Set("Authorization", "Bearer secret")
	sandbox.Phone(post, "secret").ServeHTTP(httptest.NewRecorder(), r)
	all := post.All()
	for what, at := range map[string]time.Time{"mail": all.Mails[0].At, "text": all.Texts[0].At} {
		if at.Sub(clock.Now()).Abs() > time.Minute {
			t.Errorf("the %s came at %s, now is %s", what, at, clock.Now())
		}
	}
	if err := box.Close(); err != nil {
		t.Error(err)
	}
}

// TestStreamTellsOfTheSiteAndTheClock reads the stream while both change.
func TestStreamTellsOfTheSiteAndTheClock(t *testing.T) {
	clock := new(sandbox.Clock)
	w, site := withSite(t, func(c *sandbox.Config) { c.Clock = clock })
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.URL+"/api/events?as=U0AVA", nil)
	if err != nil {
		t.Fatal(err)
	}
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = got.Body.Close() }()
	in := bufio.NewScanner(got.Body)
	await := func(event string) {
		t.Helper()
		for in.Scan() {
			if in.Text() == "event: "+event {
				return
			}
		}
		t.Fatalf("the stream ended before %q: %v", event, in.Err())
	}
	await("site") // all that there is, at its beginning
	clock.GoOn(time.Hour)
	await("clock")
	site.Show([]sandbox.SiteUser{{Login: "anna"}})
	await("site")
}
