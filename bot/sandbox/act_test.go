package sandbox_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

const twoButtons = `[{"type":"actions","block_id":"b1","elements":[
	{"type":"button","action_id":"history","value":"u-jane","text":{"type":"plain_text","text":"Show history"}},
	{"type":"button","action_id":"share","value":"u-jane","text":{"type":"plain_text","text":"Share"}}]}]`

const modal = `{"type":"modal","callback_id":"diagnose_modal","title":{"type":"plain_text","text":"Diagnose"},
	"submit":{"type":"plain_text","text":"Diagnose"},"blocks":[{"type":"input","block_id":"identifier",
	"label":{"type":"plain_text","text":"Who?"},"element":{"type":"plain_text_input","action_id":"value"}}]}`

// ask types a command that the app answers with two buttons, and returns the
// answer.
func (w *town) ask() slackfake.Shown {
	w.t.Helper()
	w.app.answers(0, `{"response_type":"ephemeral","text":"locked","blocks":`+twoButtons+`}`)
	if status, answer := w.post("command", map[string]any{"as": "U0AVA", "conversation": "C0SUPPORT", "text": "/diagnose jane@acme.example"}); status != http.StatusOK {
		w.t.Fatalf("the command: %d %v", status, answer)
	}
	w.app.answers(0, "")
	messages := w.messages("C0SUPPORT")
	return messages[len(messages)-1]
}

func TestCommandReachesTheAppAndItsAnswerIsSeen(t *testing.T) {
	w := open(t)
	shown := w.ask()
	command, _, _ := w.app.asked()
	for field, want := range map[string]string{
		"command": "/diagnose", "text": "<mailto:jane@acme.example|jane@acme.example>", "user_id": "U0AVA", "channel_id": "C0SUPPORT",
	} {
		if got := command.Get(field); got != want {
			t.Errorf("%s is %q, not %q", field, got, want)
		}
	}
	if shown.Text != "locked" || !shown.Ephemeral || !strings.Contains(string(shown.Blocks), "Show history") {
		t.Errorf("Ava sees %+v", shown)
	}
}

func TestCommandThatIsNone(t *testing.T) {
	w := open(t)
	status, answer := w.post("command", map[string]any{"as": "U0AVA", "conversation": "C0SUPPORT", "text": "/unlock jane"})
	if status != http.StatusNotFound || !strings.Contains(answer["error"].(string), "isn't a command") {
		t.Errorf("an unknown command: %d %v", status, answer)
	}
	if command, _, _ := w.app.asked(); command != nil {
		t.Errorf("the app was asked %v", command)
	}
}

func TestCommandInAThreadIsRefusedWithSlacksWords(t *testing.T) {
	w := open(t)
	ts, err := w.slack.Say("U0BEN", "C0SUPPORT", "", "hello")
	if err != nil {
		t.Fatal(err)
	}
	status, answer := w.post("command", map[string]any{"as": "U0AVA", "conversation": "C0SUPPORT", "thread": ts, "text": "/diagnose jane"})
	if status != http.StatusOK || answer["failed"] != "not_supported_in_threads" {
		t.Errorf("in a thread: %d %v", status, answer)
	}
	messages := w.messages("C0SUPPORT")
	if last := messages[len(messages)-1]; last.Thread != ts || last.Text != "/diagnose is not supported in threads. Sorry!" {
		t.Errorf("Ava reads %+v", last)
	}
	if command, _, _ := w.app.asked(); command != nil {
		t.Errorf("the app was asked %v", command)
	}
}

func TestCommandThatTheAppDoesNotTake(t *testing.T) {
	w := open(t)
	w.app.answers(http.StatusInternalServerError, "")
	status, answer := w.post("command", map[string]any{"as": "U0AVA", "conversation": "C0SUPPORT", "text": "/diagnose jane"})
	if status != http.StatusOK || answer["failed"] != "dispatch_failed" {
		t.Errorf("a broken app: %d %v", status, answer)
	}
}

func TestSay(t *testing.T) {
	w := open(t)
	if status, answer := w.post("say", map[string]any{"as": "U0AVA", "conversation": "C0SUPPORT", "text": "I <b> & you"}); status != http.StatusOK {
		t.Fatalf("saying: %d %v", status, answer)
	}
	first := w.messages("C0SUPPORT")[0]
	if first.User != "U0AVA" || first.Text != "I &lt;b&gt; &amp; you" {
		t.Errorf("it was said as %+v", first)
	}
	if status, _ := w.post("say", map[string]any{"as": "U0AVA", "conversation": "C0SUPPORT", "thread": first.TS, "text": "a reply"}); status != http.StatusOK {
		t.Errorf("a reply: %d", status)
	}
	if got := w.messages("C0SUPPORT")[1]; got.Thread != first.TS {
		t.Errorf("the reply stands in %q", got.Thread)
	}
}

// TestWhatIsNotThere is what somebody can't do because they don't see it.
func TestWhatIsNotThere(t *testing.T) {
	w := open(t)
	shown := w.ask()
	for name, test := range map[string]struct {
		act    string
		body   map[string]any
		status int
	}{
		"CommandElsewhere": {"command", map[string]any{"conversation": "C0LEADS", "text": "/diagnose jane"}, http.StatusConflict},
		"SayElsewhere":     {"say", map[string]any{"conversation": "C0LEADS", "text": "hello"}, http.StatusConflict},
		"SayNothing":       {"say", map[string]any{"conversation": "C0SUPPORT", "text": "  "}, http.StatusConflict},
		"Button":           {"click", map[string]any{"conversation": "C0SUPPORT", "message": shown.TS, "action": "unlock"}, http.StatusConflict},
		"ForgedValue":      {"click", map[string]any{"conversation": "C0SUPPORT", "message": shown.TS, "action": "share", "value": "u-bob"}, http.StatusConflict},
		"Message":          {"click", map[string]any{"conversation": "C0SUPPORT", "message": "1.2", "action": "share"}, http.StatusConflict},
		"NoPlace":          {"click", map[string]any{"conversation": "C0SUPPORT", "action": "share"}, http.StatusBadRequest},
		"EphemeralMessage": {"shortcut", map[string]any{"conversation": "C0SUPPORT", "message": shown.TS, "callback": "diagnose_message"}, http.StatusConflict},
		"Shortcut":         {"shortcut", map[string]any{"callback": "format_disk"}, http.StatusBadRequest},
		"GlobalAtMessage":  {"shortcut", map[string]any{"conversation": "C0SUPPORT", "message": shown.TS, "callback": "anybody"}, http.StatusBadRequest},
		"Submit":           {"submit", map[string]any{"view": "V9"}, http.StatusConflict},
		"Close":            {"close", map[string]any{"view": "V9"}, http.StatusConflict},
		"Customer":         {"attempt", map[string]any{"customer": "u-nobody", "outcome": "success"}, http.StatusNotFound},
		"NoCustomer":       {"attempt", map[string]any{"customer": "", "outcome": "success"}, http.StatusNotFound},
		"Outcome":          {"attempt", map[string]any{"customer": "u-jane", "outcome": "locked"}, http.StatusBadRequest},
	} {
		t.Run(name, func(t *testing.T) {
			test.body["as"] = "U0AVA"
			status, answer := w.post(test.act, test.body)
			if sentence, _ := answer["error"].(string); status != test.status || !strings.HasSuffix(sentence, ".") {
				t.Errorf("got %d %v, want %d and a sentence", status, answer, test.status)
			}
		})
	}
}

func TestClick(t *testing.T) {
	w := open(t)
	shown := w.ask()
	status, answer := w.post("click", map[string]any{
		"as": "U0AVA", "conversation": "C0SUPPORT", "message": shown.TS, "block": "b1", "action": "share", "value": "u-jane",
	})
	if status != http.StatusOK {
		t.Fatalf("a click: %d %v", status, answer)
	}
	_, payload, _ := w.app.asked()
	action := payload["actions"].([]any)[0].(map[string]any)
	if payload["type"] != "block_actions" || action["action_id"] != "share" || action["value"] != "u-jane" {
		t.Errorf("the app got %v", payload)
	}
}

func TestShortcuts(t *testing.T) {
	w := open(t)
	ts, err := w.slack.Say("U0BEN", "C0SUPPORT", "", "please look at jane@acme.example")
	if err != nil {
		t.Fatal(err)
	}
	if status, answer := w.post("shortcut", map[string]any{"as": "U0AVA", "conversation": "C0SUPPORT", "message": ts, "callback": "diagnose_message"}); status != http.StatusOK {
		t.Fatalf("a message's: %d %v", status, answer)
	}
	if _, payload, _ := w.app.asked(); payload["type"] != "message_action" || payload["message_ts"] != ts {
		t.Errorf("the app got %v", payload)
	}
	if status, answer := w.post("shortcut", map[string]any{"as": "U0AVA", "callback": "anybody"}); status != http.StatusOK {
		t.Fatalf("a global one: %d %v", status, answer)
	}
	if _, payload, _ := w.app.asked(); payload["type"] != "shortcut" || payload["callback_id"] != "anybody" {
		t.Errorf("the app got %v", payload)
	}
}

// TestModal opens a modal, submits it empty, then filled in, and closes another.
func TestModal(t *testing.T) {
	w := open(t)
	id := w.openModal()
	if status, answer := w.post("submit", map[string]any{"as": "U0AVA", "view": id}); status != http.StatusOK || answer["failed"] != "invalid_input" {
		t.Errorf("an empty one: %d %v", status, answer)
	}
	if errors := w.state().Modals[0].Errors; errors["identifier"] == "" {
		t.Errorf("an empty one shows %v", errors)
	}
	values := map[string]any{"identifier": map[string]any{"value": "jane@acme.example"}}
	if status, answer := w.post("submit", map[string]any{"as": "U0AVA", "view": id, "values": values}); status != http.StatusOK {
		t.Fatalf("a full one: %d %v", status, answer)
	}
	if _, payload, _ := w.app.asked(); payload["type"] != "view_submission" {
		t.Errorf("the app got %v", payload)
	}
	if open := w.state().Modals; len(open) != 0 {
		t.Errorf("still open: %v", open)
	}
	id = w.openModal()
	if status, _ := w.post("close", map[string]any{"as": "U0AVA", "view": id}); status != http.StatusOK || len(w.state().Modals) != 0 {
		t.Errorf("closing: %d, %v", status, w.state().Modals)
	}
}

// trigger is what the app may open a modal with, after a shortcut.
func (w *town) trigger() string {
	w.t.Helper()
	if status, _ := w.post("shortcut", map[string]any{"as": "U0AVA", "callback": "anybody"}); status != http.StatusOK {
		w.t.Fatalf("the shortcut: %d", status)
	}
	_, payload, _ := w.app.asked()
	return payload["trigger_id"].(string)
}

// openModal lets the app open a modal for a shortcut.
func (w *town) openModal() string {
	w.t.Helper()
	w.callSlack("views.open", map[string]string{"trigger_id": w.trigger(), "view": modal})
	open := w.state().Modals
	if len(open) != 1 {
		w.t.Fatalf("open: %v", open)
	}
	return open[0].ID
}

func TestHome(t *testing.T) {
	w := open(t)
	if status, answer := w.post("home", map[string]any{"as": "U0AVA"}); status != http.StatusOK {
		t.Fatalf("Home: %d %v", status, answer)
	}
	if _, _, event := w.app.asked(); event["event"].(map[string]any)["type"] != "app_home_opened" {
		t.Errorf("the app got %v", event)
	}
	w.callSlack("views.publish", map[string]string{"user_id": "U0AVA", "view": `{"type":"home","blocks":` + twoButtons + `}`})
	if home := string(w.state().Home); !strings.Contains(home, "Show history") {
		t.Errorf("Home is %s", home)
	}
	if status, answer := w.post("click", map[string]any{"as": "U0AVA", "view": "home", "action": "history", "value": "u-jane"}); status != http.StatusOK {
		t.Errorf("a click there: %d %v", status, answer)
	}
	w.app.answers(http.StatusInternalServerError, "")
	if status, answer := w.post("home", map[string]any{"as": "U0AVA"}); status != http.StatusBadGateway || answer["error"] == "" {
		t.Errorf("a broken app: %d %v", status, answer)
	}
}

func TestCustomers(t *testing.T) {
	w := open(t)
	for _, outcome := range []string{"success", "wrong_password"} {
		if status, answer := w.post("attempt", map[string]any{"as": "U0AVA", "customer": "u-jane", "outcome": outcome}); status != http.StatusOK {
			t.Errorf("%s: %d %v", outcome, status, answer)
		}
	}
	if got := strings.Join(w.customers.tried, ", "); got != "u-jane success, u-jane wrong_password" {
		t.Errorf("they tried %s", got)
	}
	w.customers.locked = "u-jane"
	if _, answer := w.post("attempt", map[string]any{"as": "U0AVA", "customer": "u-jane", "outcome": "success"}); answer["happened"] != "locked" {
		t.Errorf("while they are locked: %v", answer)
	}
	status, answer := w.post("attempt", map[string]any{"as": "U0AVA", "customer": "u-broken", "outcome": "success"})
	if status != http.StatusBadGateway || strings.Contains(answer["error"].(string), "fire") {
		t.Errorf("a failure: %d %v", status, answer)
	}
}

// TestMadeUpConversations are like those one doesn't see: nothing is done, and
// none comes to be.
func TestMadeUpConversations(t *testing.T) {
	w := open(t)
	before := len(w.slack.View("U0AVA").Conversations)
	for _, conversation := range []string{"", "C0NONE", "D0NONE", "<b>x</b>", strings.Repeat("C", 3000)} {
		for _, path := range []string{"command", "say"} {
			status, answer := w.post(path, map[string]any{"as": "U0AVA", "conversation": conversation, "text": "/diagnose jane@acme.example"})
			if status != http.StatusConflict || !strings.Contains(answer["error"].(string), "isn't there") {
				t.Errorf("%s in %.10q: %d %v", path, conversation, status, answer)
			}
		}
	}
	if command, _, _ := w.app.asked(); command != nil || len(w.slack.View("U0AVA").Conversations) != before {
		t.Errorf("the app was asked %v, and there are %d conversations", command, len(w.slack.View("U0AVA").Conversations))
	}
}
