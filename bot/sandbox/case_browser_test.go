package sandbox_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/latchkey-bot/latchkey/bot/browsertest"
	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

// The parts of a card about a case: who is called, a button beside a line of
// text, which asks first, and a row of buttons below.
const (
	cardText  = "<!subteam^S0L2> 30121 - please look, <!subteam^S0GONE|@nobody> &lt;!channel&gt;"
	caseBlock = `[{"type":"section","block_id":"b1","text":{"type":"mrkdwn","text":"` + cardText + `"}},
		{"type":"section","block_id":"b2","text":{"type":"mrkdwn","text":"jane@acme.example is on *Amazon SES*."},
			"accessory":{"type":"button","action_id":"delist","value":"case-1","style":"danger","text":{"type":"plain_text","text":"Remove from list"},
				"confirm":{"title":{"type":"plain_text","text":"Remove it?"},"text":{"type":"plain_text","text":"Mail will go there again."},
					"confirm":{"type":"plain_text","text":"Remove"},"deny":{"type":"plain_text","text":"Cancel"}}}},
		{"type":"actions","block_id":"b3","elements":[{"type":"button","action_id":"claim","value":"case-1","text":{"type":"plain_text","text":"Claim"}}]}]`
)

// openCase opens a page of a workspace with a card in #l2, and its TS.
func openCase(t *testing.T) (w *town, card string) {
	t.Helper()
	w = open(t)
	w.slack.AddGroup(slackfake.Group{ID: "S0L2", Handle: "support-melbourne", Users: []string{"U0AVA"}})
	w.slack.AddChannel(slackfake.Channel{ID: "C0L2", Name: "l2-melbourne", Members: []string{"U0AVA", "U0BEN"}})
	w.callSlack("chat.postMessage", map[string]string{"channel": "C0L2", "text": cardText, "blocks": caseBlock})
	return w, w.messages("C0L2")[0].TS
}

// said is what Ben writes.
func (w *town) said(channel, thread, text string) (ts string) {
	w.t.Helper()
	ts, err := w.slack.Say("U0BEN", channel, thread, text)
	if err != nil {
		w.t.Fatal(err)
	}
	return ts
}

// look opens the page in a window of that width.
func (w *town) look(width int, dark bool) *browsertest.Page {
	w.t.Helper()
	p := browsertest.Open(w.t, browsertest.Options{Width: width, Height: 800, Dark: dark, ReducedMotion: dark})
	p.Goto(w.URL)
	p.CSS(`body[data-ready="true"][data-live="true"]`).Wait()
	return p
}

// shoot keeps a picture where somebody asked for them.
func shoot(p *browsertest.Page, name string) {
	if folder := os.Getenv("SANDBOX_PICTURES"); folder != "" {
		p.Screenshot(filepath.Join(folder, name+".png"))
	}
}

// TestCaseByKeyboard: the button beside a text asks first, and the one below it
// doesn't; both are reached without a mouse. A group that exists is mentioned by
// its handle, nobody else is.
func TestCaseByKeyboard(t *testing.T) {
	w, card := openCase(t)
	w.app.told = make(chan map[string]any, 10)
	p := w.look(1280, false)
	p.CSS(`[data-conversation="C0L2"]`).Click()
	shown := p.CSS(`#messages [data-ts="` + card + `"]`)
	shown.WaitText("@support-melbourne 30121", "@nobody", "<!channel>")
	if got := browsertest.Of[string](shown, "[...this.querySelectorAll('.mention')].map((m) => m.className + ' ' + m.textContent).join('; ')"); got != "mention mine @support-melbourne" {
		t.Errorf("mentioned are %q", got)
	}
	p.TabTo("Tab", "button", "Remove from list")
	p.Press("Enter")
	p.By("alertdialog", "Remove it?").WaitText("Mail will go there again.")
	p.TabTo("Tab", "button", "Remove")
	p.Press("Enter")
	if payload := w.until("block_actions", "delist"); payload["message"] == nil {
		t.Errorf("the app got %v", payload)
	}
	p.TabTo("Tab", "button", "Claim")
	p.Press("Space")
	w.until("block_actions", "claim")
	shoot(p, "case-1280-light")
	p.Audit("a case")
	narrow := w.look(320, true)
	narrow.CSS("#open-side").Click()
	narrow.CSS(`[data-conversation="C0L2"]`).Click()
	narrow.CSS(`#messages [data-ts="` + card + `"]`).WaitText("@support-melbourne")
	narrow.NoSidewaysScroll("a case")
	shoot(narrow, "case-320-dark")
	narrow.CSS(`#messages [data-action="claim"]`).Click()
	w.until("block_actions", "claim")
}

// TestThreadOfAChannel is read and answered beside it, without a mouse; what
// comes in a thread in which one has a part is counted as unread.
func TestThreadOfAChannel(t *testing.T) {
	w, card := openCase(t)
	w.said("C0L2", card, "I look into it.")
	p := w.look(1280, false)
	p.CSS(`[data-conversation="C0L2"]`).Click()
	p.CSS(`#messages [data-ts="`+card+`"]`).WaitText("1 reply", "I look into it.")
	p.TabTo("Tab", "button", "1 reply")
	p.Press("Enter")
	p.WaitFocus("textbox", "Reply in the thread")
	p.CSS("#replies").WaitText("@support-melbourne", "I look into it.")
	p.Type("Thank you")
	p.Press("Enter")
	p.CSS("#replies").WaitText("Thank you")
	shoot(p, "thread-1280-light")
	p.Audit("a thread")
	if last := w.messages("C0L2")[2]; last.Thread != card || last.User != "U0AVA" {
		t.Errorf("it was said as %+v", last)
	}
	p.Press("Escape")
	p.CSS("#thread").WaitGone()
	p.CSS(`[data-conversation="C0SUPPORT"]`).Click()
	w.said("C0L2", card, "It was on the list.")
	p.CSS(`[data-conversation="C0L2"]`).WaitText("1", "unread message")
	other := w.said("C0L2", "", "Something else")
	w.said("C0L2", other, "and its thread, which isn't Ava's")
	p.CSS(`[data-conversation="C0L2"]`).WaitText("2", "unread messages")
	narrow := w.look(320, true)
	narrow.CSS("#open-side").Click()
	narrow.WaitFocus("button", "Close the workspace menu")
	narrow.CSS(`[data-conversation="C0L2"]`).Click()
	narrow.By("button", "3 replies").Click()
	narrow.WaitFocus("button", "Close the thread")
	narrow.CSS("#replies").WaitText("It was on the list.")
	narrow.NoSidewaysScroll("a thread")
	shoot(narrow, "thread-320-dark")
}

// TestPermalinks lead to a message in this page, or into its thread; one to what
// isn't there says so.
func TestPermalinks(t *testing.T) {
	w, card := openCase(t)
	answer := w.said("C0L2", card, "the answer")
	bare := w.said("C0L2", "", "nobody answered this")
	gone, hidden := w.said("C0L2", "", "gone"), w.said("C0LEADS", "", "hidden")
	dead := w.slack.Permalink("C0L2", gone)
	if err := w.slack.Delete("C0L2", gone); err != nil {
		t.Fatal(err)
	}
	w.callSlack("chat.postMessage", map[string]string{"channel": "C0SUPPORT", "text": strings.Join([]string{
		"<" + w.slack.Permalink("C0L2", card) + "|the card>", "<" + w.slack.Permalink("C0L2", bare) + "|the bare one>", "<" + strings.ReplaceAll(w.slack.Permalink("C0L2", answer), "&", "&amp;") + "|the reply>",
		"<" + dead + "|the dead>", "<" + w.slack.Permalink("C0LEADS", hidden) + "|the hidden>",
	}, ", ")})
	p := w.look(1280, false)
	follow := func(name string) {
		p.CSS(`[data-conversation="C0SUPPORT"]`).Click()
		p.TabTo("Shift+Tab", "link", name)
		p.Press("Enter")
	}
	follow("the card")
	p.CSS(`#replies [data-ts="` + card + `"]:focus`).Wait()
	follow("the bare one")
	p.CSS(`#messages [data-ts="` + bare + `"]:focus`).Wait()
	p.CSS("#thread").WaitGone()
	follow("the reply")
	p.CSS(`#replies [data-ts="` + answer + `"]:focus`).Wait()
	shoot(p, "permalink-1280-light")
	follow("the dead")
	p.CSS("#complaints").WaitText("That message isn't there any more.")
	follow("the hidden")
	p.CSS("#complaints").WaitText("in a conversation that you don't see")
	p.Goto(w.URL + "/#C0L2/" + answer)
	p.CSS(`#replies [data-ts="` + answer + `"]`).Wait()
	narrow := w.look(320, true)
	narrow.By("link", "the reply").Click()
	narrow.CSS(`#replies [data-ts="` + answer + `"]:focus`).Wait()
	shoot(narrow, "permalink-320-dark")
	narrow.Press("Escape")
	narrow.CSS("#thread").WaitGone()
}

// TestArchivedChannelIsRead and not written into, until it is unarchived.
func TestArchivedChannelIsRead(t *testing.T) {
	w, card := openCase(t)
	w.said("C0L2", card, "I look into it.")
	p := w.look(1280, true)
	p.CSS(`[data-conversation="C0L2"]`).Click()
	w.slack.Archive("C0L2")
	p.CSS("#archived").WaitText("can be read")
	p.CSS("#say").WaitGone()
	p.CSS(`[data-conversation="C0L2"]`).WaitText("archived")
	p.By("button", "1 reply").Click()
	p.CSS("#thread-archived").WaitText("only be read")
	p.WaitFocus("button", "Close the thread")
	shoot(p, "archived-1280-dark")
	p.Audit("an archived channel")
	for _, act := range []string{"say", "command"} {
		status, answer := w.post(act, map[string]any{"as": "U0AVA", "conversation": "C0L2", "text": "/diagnose jane"})
		if said, _ := answer["error"].(string); status != 409 || !strings.Contains(said, "archived") {
			t.Errorf("%s: %d %v", act, status, answer)
		}
	}
	narrow := w.look(320, false)
	narrow.CSS("#open-side").Click()
	narrow.CSS(`[data-conversation="C0L2"]`).Click()
	narrow.CSS("#archived").WaitText("can be read")
	narrow.NoSidewaysScroll("an archived channel")
	shoot(narrow, "archived-320-light")
	w.slack.Unarchive("C0L2")
	p.CSS("#reply-form").Wait()
	p.CSS("#say").Wait()
}

// TestTombstone: of a message that was deleted by hand, its thread is left.
func TestTombstone(t *testing.T) {
	w, card := openCase(t)
	w.said("C0L2", card, "I look into it.")
	p := w.look(1280, false)
	p.CSS(`[data-conversation="C0L2"]`).Click()
	p.By("button", "Claim").Wait()
	if err := w.slack.Delete("C0L2", card); err != nil {
		t.Fatal(err)
	}
	p.CSS("#messages .tombstone").WaitText("This message was deleted.", "1 reply")
	p.By("button", "Claim").WaitGone()
	shoot(p, "tombstone-1280-light")
}

// TestColleagueIsChosen in a menu of people, without a mouse; no bot stands in
// it.
func TestColleagueIsChosen(t *testing.T) {
	w := open(t)
	w.slack.AddMember(slackfake.Member{ID: "U0LEFT", Name: "Lea Left", Deleted: true})
	w.slack.AddMember(slackfake.Member{ID: "U0ROBOT", Name: "Robot", Bot: true})
	w.app.told = make(chan map[string]any, 10)
	p := w.visit()
	w.callSlack("views.open", map[string]string{"trigger_id": w.trigger(), "view": `{"type":"modal","title":{"type":"plain_text","text":"Hand over"},
		"submit":{"type":"plain_text","text":"Hand over"},"blocks":[{"type":"input","block_id":"colleague","label":{"type":"plain_text","text":"Colleague"},
		"element":{"type":"users_select","action_id":"value","placeholder":{"type":"plain_text","text":"Whom?"}}}]}`})
	p.WaitFocus("combobox", "Colleague")
	if got := browsertest.Of[string](p.CSS("#modal select"), "[...this.options].map((o) => o.text).join(', ')"); got != "Whom?, Ava Reyes, Ben Stone" {
		t.Errorf("one can choose %s", got)
	}
	p.Press("ArrowDown", "ArrowDown")
	shoot(p, "people-1280-light")
	p.Audit("a menu of people")
	p.TabTo("Tab", "button", "Hand over")
	p.Press("Enter")
	if got := stands(w.until("view_submission", "")); !strings.Contains(got, `"selected_user":"U0BEN"`) {
		t.Errorf("submitted is %s", got)
	}
}
