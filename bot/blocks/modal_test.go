package blocks_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
)

// fineModal checks everything that holds for every modal.
func fineModal(t *testing.T, view slack.ModalViewRequest) {
	t.Helper()
	message := blocks.Message{Text: "a modal has none", Blocks: view.Blocks.BlockSet}
	withinBlocks(t, message, 100)
	nothingLinked(t, message)
	for what, text := range map[string]*slack.TextBlockObject{"title": view.Title, "close": view.Close, "submit": view.Submit} {
		if text != nil && (text.Type != slack.PlainTextType || len(atMost(what, text.Text, 1, 24)) > 0) {
			t.Errorf("the %s is %q", what, text.Text)
		}
	}
	all, _ := sent(t, message)
	asks := slices.ContainsFunc(all, func(o object) bool { return o.is("input") })
	if asks != (view.Submit != nil) {
		t.Errorf("there are inputs: %v, and something to submit: %v", asks, view.Submit != nil)
	}
	if len([]rune(view.PrivateMetadata)) > 3000 || len(view.CallbackID) > 255 {
		t.Error("the modal carries too much")
	}
}

// inputs are a modal's inputs, by block_id, in order.
func inputs(t *testing.T, view slack.ModalViewRequest) (ids []string, byID map[string]object) {
	t.Helper()
	byID = map[string]object{}
	all, _ := sent(t, blocks.Message{Blocks: view.Blocks.BlockSet})
	for _, block := range all {
		if block.is("input") {
			ids = append(ids, block.string("block_id"))
			byID[block.string("block_id")] = block
		}
	}
	return ids, byID
}

// pressed are a modal's buttons.
func pressed(t *testing.T, view slack.ModalViewRequest) []string {
	t.Helper()
	return buttons(t, blocks.Message{Blocks: view.Blocks.BlockSet})
}

// A modal asks for what the policy asks for, and for nothing that is known.
func TestModalAsksForWhatIsMissing(t *testing.T) {
	proven := prepared(actions.ActReenable)
	proven.Verified = proof()
	for name, row := range map[string]struct {
		preparation actions.Preparation
		want        []string
	}{
		"NoProofNeeded":  {prepared(actions.ActUnlock), []string{"reason", "ticket"}},
		"NotProven":      {prepared(actions.ActReenable), []string{"reason", "verified", "ticket"}},
		"Proven":         {proven, []string{"reason", "ticket"}},
		"SomethingFirst": {unreachable(), nil},
	} {
		t.Run(name, func(t *testing.T) {
			if got, _ := inputs(t, blocks.ActModal(row.preparation, "", "")); !slices.Equal(got, row.want) {
				t.Errorf("it asks for %q, want %q", got, row.want)
			}
		})
	}
}

func TestModalIsPrefilled(t *testing.T) {
	long := strings.Repeat("why ", 200)
	for typed, want := range map[string]string{"asked by\nphone <3 ": "asked by\nphone <3", long: long[:499] + "…"} {
		view := blocks.ActModal(prepared(actions.ActUnlock), "", typed)
		_, byID := inputs(t, view)
		if got := byID["reason"].object("element").string("initial_value"); got != want {
			t.Errorf("the reason is %q, want %q", got, want)
		}
		if got := byID["ticket"].object("element").string("initial_value"); got != "#4711" || byID["ticket"]["optional"] != true {
			t.Errorf("the ticket is %v", byID["ticket"])
		}
		if byID["reason"]["optional"] == true || byID["reason"].object("element")["max_length"] != 500.0 {
			t.Errorf("the reason is asked for as %v", byID["reason"])
		}
	}
}

// When no mail would arrive there is nothing to send, and the button of what
// helps first.
func TestMailToALockedUser(t *testing.T) {
	view := blocks.MailModal(unreachable(), "")
	if got := pressed(t, view); !slices.Equal(got, []string{"unlock u-1"}) || view.Submit != nil {
		t.Errorf("the buttons are %q, and it can be submitted: %v", got, view.Submit != nil)
	}
	if got := pressed(t, blocks.MailModal(drafted(), "")); !slices.Equal(got, []string{"copy_mail u-1"}) {
		t.Errorf("the buttons are %q", got)
	}
}

// A mail is edited as it is: a template that doesn't fit is never cut.
func TestMailIsNeverCut(t *testing.T) {
	p := drafted()
	_, byID := inputs(t, blocks.MailModal(p, ""))
	if got := byID["text"].object("element").string("initial_value"); got != p.Draft.Text {
		t.Errorf("the text is %q", got)
	}
	p.Draft.Text = strings.Repeat("x", 3001)
	if got, _ := inputs(t, blocks.MailModal(p, "")); slices.Contains(got, "text") {
		t.Errorf("it asks for %q", got)
	}
}

// What is submitted says which act it was, and nothing of the customer's.
func TestMetadata(t *testing.T) {
	for want, view := range map[string]slack.ModalViewRequest{
		"unlock  u-1":           blocks.ActModal(prepared(actions.ActUnlockManual), "", ""),
		"unlock send_reset u-1": blocks.ActModal(prepared(actions.ActUnlock), actions.ActSendReset, ""),
		"reenable  u-1":         blocks.ActModal(prepared(actions.ActReenableShared), "", ""),
		"send_reset  u-1":       blocks.MailModal(drafted(), ""),
		"change_email  u-1":     blocks.ProfileModal(prepared(actions.ActChangeEmail), ""),
		"hand_over  u-1":        blocks.ActModal(handingOver(), "", ""),
	} {
		act, then, userID, err := blocks.ReadActMetadata(view.PrivateMetadata)
		if got := string(act) + " " + string(then) + " " + userID; got != want || err != nil {
			t.Errorf("%q is read as %q, %v, want %q", view.PrivateMetadata, got, err, want)
		}
	}
	for _, wrong := range []string{"", "unlock", "unlock ", " u-1", "strange u-1", "diagnose u-1"} {
		if act, _, _, err := blocks.ReadActMetadata(wrong); err == nil {
			t.Errorf("%q is read as %q", wrong, act)
		}
	}
	if got := blocks.CodeModal(verification(actions.VerificationAsked, actions.MailSent)).PrivateMetadata; got != "v-1" {
		t.Errorf("the modal of a code carries %q", got)
	}
	if got := blocks.VerifyModal(person(), ways(), nil, "u-1", ""); got.PrivateMetadata != "u-1" {
		t.Errorf("the modal of a verification carries %q", got.PrivateMetadata)
	}
	reason := blocks.ReasonModal(actions.ActRetryLetter, "m-1", "Deliver once more", "It is delivered once more.")
	if reason.PrivateMetadata != "m-1" || reason.CallbackID != "reason_modal_retry_letter" {
		t.Errorf("the modal that asks why carries %q and is called %q", reason.PrivateMetadata, reason.CallbackID)
	}
}

// Only a contact that can prove somebody can be chosen.
func TestWaysThatCanBeChosen(t *testing.T) {
	_, byID := inputs(t, blocks.VerifyModal(person(), ways(), nil, "u-1", ""))
	raw, err := json.Marshal(byID["via"])
	if err != nil || !strings.Contains(string(raw), "SMS to •••78") || strings.Contains(string(raw), "mail") {
		t.Errorf("to choose from: %s, %v", raw, err)
	}
	if got, _ := inputs(t, blocks.VerifyModal(person(), ways()[1:], nil, "u-1", "")); got != nil {
		t.Errorf("with nothing to choose it asks for %q", got)
	}
}

// Whoever can't hold resets back says so before a contact is changed.
func TestProfileSaysWhatIsHeld(t *testing.T) {
	p := prepared(actions.ActChangeEmail)
	for holds, want := range map[bool]string{false: "*Mind:* this directory can't hold back", true: "For 24 hours after the change nothing"} {
		p.HoldsResets = holds
		view := blocks.ProfileModal(p, "")
		if text := read(t, blocks.Message{Blocks: view.Blocks.BlockSet}); !strings.Contains(text, want) {
			t.Errorf("%q isn't in:\n%s", want, text)
		}
	}
}
