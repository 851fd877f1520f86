package sandbox_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/bot/browsertest"
	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

func TestMain(m *testing.M) { os.Exit(browsertest.Closing{Tests: m}.Run()) }

// formModal is a modal with every kind of input, of which the first is called
// content and holds a text, and with a button that draws it anew.
func formModal(t *testing.T, content, text string) string {
	t.Helper()
	option := func(value, text string) map[string]any {
		return map[string]any{"value": value, "text": map[string]any{"type": "plain_text", "text": text}}
	}
	input := func(id, label string, element map[string]any) map[string]any {
		element["action_id"] = "value"
		return map[string]any{"type": "input", "block_id": id, "optional": true, "label": map[string]any{"type": "plain_text", "text": label}, "element": element}
	}
	button := func(label, action string) map[string]any {
		return map[string]any{"type": "button", "action_id": action, "value": "v", "text": map[string]any{"type": "plain_text", "text": label}}
	}
	dangerous := button("Revoke", "revoke")
	dangerous["confirm"] = map[string]any{
		"title": map[string]any{"type": "plain_text", "text": "Revoke?"}, "text": map[string]any{"type": "plain_text", "text": "Nobody can open it then."},
		"confirm": map[string]any{"type": "plain_text", "text": "Revoke"}, "deny": map[string]any{"type": "plain_text", "text": "Cancel"}, "style": "danger",
	}
	options := []any{option("none", "No passphrase"), option("words", "Five words")}
	raw, err := json.Marshal(map[string]any{
		"type": "modal", "title": map[string]any{"type": "plain_text", "text": "Send a secret"}, "submit": map[string]any{"type": "plain_text", "text": "Make the link"},
		"blocks": []any{
			input(content, "Content", map[string]any{"type": "plain_text_input", "multiline": true, "initial_value": text}),
			map[string]any{"type": "actions", "elements": []any{button("Generate a password", "generate"), dangerous}},
			input("for", "Whom is it for?", map[string]any{"type": "plain_text_input"}),
			input("lifetime", "Lifetime", map[string]any{"type": "static_select", "options": []any{option("1h", "1 hour"), option("1d", "1 day")}, "initial_option": option("1d", "1 day")}),
			input("passphrase", "Passphrase", map[string]any{"type": "radio_buttons", "options": options, "initial_option": options[0]}),
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// visit opens the page in a browser and waits until it is drawn.
func (w *town) visit() *browsertest.Page {
	w.t.Helper()
	p := browsertest.Open(w.t, browsertest.Options{})
	p.Goto(w.URL)
	p.CSS(`body[data-ready="true"][data-live="true"]`).Wait()
	return p
}

// until waits for a payload of a type, and of a click for that button.
func (w *town) until(kind, button string) map[string]any {
	w.t.Helper()
	for {
		select {
		case payload := <-w.app.told:
			clicked, _ := payload["actions"].([]any)
			if payload["type"] == kind && (button == "" || clicked[0].(map[string]any)["action_id"] == button) {
				return payload
			}
		case <-time.After(30 * time.Second):
			w.t.Fatalf("the app isn't told of %s %s", kind, button)
		}
	}
}

// stands says what stands in the state of a payload's view, by block_id.
func stands(payload map[string]any) string {
	raw, err := json.Marshal(payload["view"].(map[string]any)["state"])
	if err != nil {
		return err.Error()
	}
	return string(raw)
}

// TestModalByKeyboard fills in every kind of input without a mouse, has the modal
// drawn anew, which keeps what was filled in, confirms what is dangerous, and
// submits it.
func TestModalByKeyboard(t *testing.T) {
	w := open(t)
	w.app.told = make(chan map[string]any, 10)
	p := w.visit()
	w.callSlack("views.open", map[string]string{"trigger_id": w.trigger(), "view": formModal(t, "content-0", "")})
	p.By("dialog", "Send a secret").Wait()
	p.WaitFocus("textbox", "Content (optional)")
	p.Type("two")
	p.Press("Enter") // a line, and no submission
	p.Type("lines")
	p.TabTo("Tab", "textbox", "Whom is it for? (optional)")
	p.Type("jane")
	p.TabTo("Tab", "combobox", "Lifetime (optional)")
	p.Press("ArrowUp")
	p.TabTo("Tab", "radio", "No passphrase")
	p.Press("ArrowDown")
	p.WaitFocus("radio", "Five words")
	p.TabTo("Shift+Tab", "button", "Generate a password")
	p.Press("Enter")
	payload := w.until("block_actions", "generate")
	for _, want := range []string{`"value":"two\nlines"`, `"value":"jane"`, `"value":"1h"`, `"value":"words"`} {
		if got := stands(payload); !strings.Contains(got, want) {
			t.Errorf("with the click comes %s, without %s", got, want)
		}
	}
	id := w.state().Modals[0].ID
	w.callSlack("views.update", map[string]string{"view_id": id, "view": formModal(t, "content-1", "Vq7-mkRt")})
	p.CSS(`[data-block="content-1"]`).Wait()
	p.WaitFocus("textbox", "Content (optional)")
	if got := browsertest.Of[string](p.CSS("#modal textarea"), "this.value"); got != "Vq7-mkRt" {
		t.Errorf("drawn anew, in it stands %q", got)
	}
	p.TabTo("Tab", "button", "Revoke")
	p.Press("Enter")
	p.By("alertdialog", "Revoke?").WaitText("Nobody can open it then.")
	p.Press("Escape")
	p.By("alertdialog", "Revoke?").WaitGone()
	p.WaitFocus("button", "Revoke")
	p.Press("Enter")
	p.By("alertdialog", "Revoke?").Wait()
	p.TabTo("Tab", "button", "Revoke")
	p.Press("Enter")
	if got := w.until("block_actions", "revoke"); !strings.Contains(stands(got), "Vq7-mkRt") {
		t.Errorf("with the click comes %s", stands(got))
	}
	p.TabTo("Tab", "button", "Make the link")
	p.Press("Enter")
	payload = w.until("view_submission", "")
	for _, want := range []string{`"content-1":{"value":{"type":"plain_text_input","value":"Vq7-mkRt"}}`, `"value":"jane"`, `"value":"1h"`, `"value":"words"`} {
		if got := stands(payload); !strings.Contains(got, want) || strings.Contains(got, "content-0") {
			t.Errorf("submitted is %s, without %s", got, want)
		}
	}
	p.By("dialog", "Send a secret").WaitGone()
}

// TestPrivateLinkAndReplies: a message for one person is marked as one, its link
// opens in a tab of its own, and what comes in a thread stands under its message.
func TestPrivateLinkAndReplies(t *testing.T) {
	w := open(t)
	page := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(page.Close)
	in := slackfake.DirectMessage("U0AVA")
	w.callSlack("chat.postMessage", map[string]string{"channel": in, "text": "the card"})
	p := w.visit()
	p.By("button", "Latchkey").First().Click()
	card := w.messages(in)[0]
	p.CSS(`#messages [data-ts="` + card.TS + `"]`).WaitText("the card")
	w.callSlack("chat.postMessage", map[string]string{"channel": in, "thread_ts": card.TS, "text": "It was *opened* &amp; deleted."})
	under := p.CSS(`#messages [data-ts="` + card.TS + `"]`)
	under.WaitText("1 reply", "It was opened & deleted.")
	link := page.URL + "/s/1#2"
	w.callSlack("chat.postEphemeral", map[string]string{"channel": in, "user": "U0AVA", "text": "the link", "blocks": `[{"type":"rich_text","elements":[
		{"type":"rich_text_preformatted","elements":[{"type":"link","url":"` + link + `"}]}]}]`})
	private := p.CSS("#messages article.ephemeral")
	private.WaitText("Only visible to you", link)
	if got := browsertest.Of[string](private.CSS("a"), "[this.href, this.target, this.rel].join(' ')"); got != link+" _blank noopener noreferrer" {
		t.Errorf("the link is %q", got)
	}
	private.By("button", "").Last().Click()
	private.WaitText("Copied")
	if got := p.Copied(); got != link {
		t.Errorf("copied is %q", got)
	}
}
