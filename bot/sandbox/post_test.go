package sandbox_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/latchkey-bot/latchkey/bot/sandbox"
)

// TestPost: the page gets what arrived, the newest first, and never the HTML of
// a mail.
func TestPost(t *testing.T) {
	w := open(t)
	if got := strings.TrimSpace(w.get("/api/post").body); got != `{"mails":[],"texts":[],"heard":[]}` {
		t.Errorf("an empty post is %s", got)
	}
	w.letters.Deliver(sandbox.Mail{To: "jane@acme.example", Subject: "One", Text: "words", HTML: "<script>alert(1)</script>"})
	w.letters.Deliver(sandbox.Mail{To: "jane@acme.example", Subject: "Two"})
	w.letters.Hear(sandbox.Heard{Line: "Jane Doe: unlocked"})
	got := w.get("/api/post")
	var all sandbox.Arrived
	if err := json.Unmarshal([]byte(got.body), &all); err != nil {
		t.Fatal(err)
	}
	if len(all.Mails) != 2 || all.Mails[0].Subject != "Two" || all.Mails[0].Rendered || !all.Mails[1].Rendered || len(all.Heard) != 1 {
		t.Errorf("the post is %+v", all)
	}
	if strings.Contains(got.body, "script") {
		t.Errorf("the HTML of a mail is in %s", got.body)
	}
}

// TestPostKeepsTheNewest hundred.
func TestPostKeepsTheNewest(t *testing.T) {
	post := newPost()
	for range 101 {
		post.Ring(sandbox.Text{To: "+61", Text: "hi"})
	}
	if texts := post.All().Texts; len(texts) != 100 || texts[0].ID != "101" || texts[99].ID != "2" {
		t.Errorf("%d texts are kept", len(texts))
	}
}

// TestMailIsShown: in a frame that may do nothing but open links, each in a tab
// of its own.
func TestMailIsShown(t *testing.T) {
	w := open(t)
	w.letters.Deliver(sandbox.Mail{HTML: `<!doctype html><html><Head lang="en"><title>x</title></head><body><p>hi</p></body></html>`})
	w.letters.Deliver(sandbox.Mail{HTML: "<p>bare</p>"})
	w.letters.Deliver(sandbox.Mail{Text: "<b>only words</b>"})
	for id, want := range map[string]string{
		"1": `<Head lang="en"><base target="_blank"><title>`, "2": `<base target="_blank"><p>bare</p>`, "3": "&lt;b&gt;only words&lt;/b&gt;",
	} {
		got := w.get("/mail/" + id)
		policy := got.header.Get("Content-Security-Policy")
		if got.status != http.StatusOK || !strings.Contains(got.body, want) || !strings.HasPrefix(got.header.Get("Content-Type"), "text/html") {
			t.Errorf("mail %s: %d %s", id, got.status, got.body)
		}
		for _, part := range []string{"default-src 'none'", "form-action 'none'", "frame-ancestors 'self'", "sandbox allow-popups allow-popups-to-escape-sandbox"} {
			if !strings.Contains(policy, part) {
				t.Errorf("the policy lacks %s: %s", part, policy)
			}
		}
		if strings.Contains(policy, "script") {
			t.Errorf("scripts may run in a mail: %s", policy)
		}
	}
	if got := w.get("/mail/4"); got.status != http.StatusNotFound {
		t.Errorf("a mail that isn't there: %d", got.status)
	}
}

// TestStreamTellsWhatArrived, too.
func TestStreamTellsWhatArrived(t *testing.T) {
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
	in := bufio.NewScanner(got.Body)
	for _, want := range []string{"0", "1", "2"} {
		for in.Scan() && in.Text() != "event: post" {
			if in.Text() == "event: changed" && want != "0" {
				t.Error("the Slack has changed, it says")
			}
		}
		if in.Scan(); in.Text() != "data: "+want {
			t.Fatalf("the stream says %q, want version %s", in.Text(), want)
		}
		w.letters.Ring(sandbox.Text{To: "+61", Text: "hi"})
	}
}
