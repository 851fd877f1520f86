package slackfake_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

// respond posts JSON to a response URL and returns the status.
func respond(t *testing.T, s *slackfake.Slack, address, body string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.Transport().RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = got.Body.Close()
	return got.StatusCode
}

// TestResponseURLsShow what is posted to them: to the one who clicked or to
// all, beside the message or in its place.
func TestResponseURLsShow(t *testing.T) {
	for name, row := range map[string]struct {
		body       string
		ephemeral  bool // what was clicked
		one, other []string
	}{
		"Beside":           {`{"text":"new"}`, false, []string{"old", "new"}, []string{"old"}},
		"BesideForAll":     {`{"text":"new","response_type":"in_channel"}`, false, []string{"old", "new"}, []string{"old", "new"}},
		"Replaced":         {`{"text":"new","replace_original":true}`, false, []string{"new"}, []string{"new"}},
		"ReplacedInWords":  {`{"text":"new","replace_original":"true"}`, false, []string{"new"}, []string{"new"}},
		"NotReplaced":      {`{"text":"new","replace_original":false}`, false, []string{"old", "new"}, []string{"old"}},
		"Deleted":          {`{"delete_original":true}`, false, nil, nil},
		"EphemeralBeside":  {`{"text":"new"}`, true, []string{"old", "new"}, nil},
		"EphemeralForAll":  {`{"text":"new","response_type":"in_channel"}`, true, []string{"old", "new"}, []string{"new"}},
		"EphemeralReplace": {`{"text":"new","replace_original":true}`, true, []string{"new"}, nil},
		"EphemeralDelete":  {`{"delete_original":true}`, true, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			s := workspace(slackfake.Config{})
			_, to := installed(t, s)
			var ts string
			if row.ephemeral {
				ts = ask(t, s, "chat.postEphemeral", args{"channel": "C1", "user": "U1", "text": "old", "blocks": twoButtons}).Stamp
			} else {
				ts = ask(t, s, "chat.postMessage", args{"channel": "C1", "text": "old", "blocks": twoButtons}).TS
			}
			answer, err := to.Click(t.Context(), slackfake.Click{User: "U1", Channel: "C1", Message: ts, Action: "go"})
			if err != nil {
				t.Fatal(err)
			}
			if status := respond(t, s, answer.ResponseURL, row.body); status != http.StatusOK {
				t.Fatalf("it answers %d", status)
			}
			for user, want := range map[string][]string{"U1": row.one, "U2": row.other} {
				var got []string
				for _, shown := range messagesIn(t, s, user, "C1") {
					got = append(got, shown.Text)
				}
				if strings.Join(got, ",") != strings.Join(want, ",") {
					t.Errorf("%s sees %q, not %q", user, got, want)
				}
			}
		})
	}
}

// TestResponseURLInAThread: a message goes into a thread when it says so.
func TestResponseURLInAThread(t *testing.T) {
	s := workspace(slackfake.Config{})
	_, to := installed(t, s)
	thread := say(t, s, "why?")
	ts := ask(t, s, "chat.postMessage", args{"channel": "C1", "thread_ts": thread, "text": "old", "blocks": twoButtons}).TS
	answer, err := to.Click(t.Context(), slackfake.Click{User: "U1", Channel: "C1", Message: ts, Action: "go"})
	if err != nil {
		t.Fatal(err)
	}
	if status := respond(t, s, answer.ResponseURL, `{"text":"new","thread_ts":"`+thread+`"}`); status != http.StatusOK {
		t.Fatalf("it answers %d", status)
	}
	if shown := newest(t, s, "U1", "C1"); shown.Text != "new" || shown.Thread != thread || !shown.Ephemeral {
		t.Errorf("it shows %+v", shown)
	}
}

// TestResponseURLRefuses what Slack doesn't show, and counts only what it
// does.
func TestResponseURLRefuses(t *testing.T) {
	s := workspace(slackfake.Config{})
	to := address(t, s)
	for _, body := range []string{`{`, `{}`, `{"text":"t","blocks":[{"type":"poem"}]}`, `{"text":"t","blocks":[1]}`} {
		if status := respond(t, s, to, body); status < 400 || len(s.Messages(to)) > 0 {
			t.Errorf("%s is answered with %d", body, status)
		}
	}
}

// TestBodyThatAnswersAClickIsIgnored: Slack shows nothing of it.
func TestBodyThatAnswersAClickIsIgnored(t *testing.T) {
	s := workspace(slackfake.Config{})
	app, to := installed(t, s)
	app.body = `{"text":"in the body"}`
	ts := ask(t, s, "chat.postMessage", args{"channel": "C1", "text": "old", "blocks": twoButtons}).TS
	answer, err := to.Click(t.Context(), slackfake.Click{User: "U1", Channel: "C1", Message: ts, Action: "go"})
	if err != nil || answer.Message != nil || len(messagesIn(t, s, "U1", "C1")) != 1 {
		t.Errorf("got %+v, %v", answer, err)
	}
}
