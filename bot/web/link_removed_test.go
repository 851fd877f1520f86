package web_test

import (
	"strings"
	"testing"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/browsertest"
)

// What the page says of a temporary admin that was deleted reads differently in each
// language, and speaks neither of logging in nor of a change.
func TestLinkRemovedStates(t *testing.T) {
	seen := map[string]string{}
	for state, status := range map[actions.LinkState]int{actions.LinkLive: 200, actions.LinkSpent: 410, actions.LinkExpired: 410} {
		for lang, accept := range linkLanguages {
			links := &cabinet{purpose: actions.LinkRemoved, outcome: actions.LinkOutcome{State: state, Purpose: actions.LinkRemoved}}
			answer := presses(door(links), linkToken, "go_on", header("Accept-Language", accept))
			said := heading.FindStringSubmatch(answer.Body.String())
			if answer.Code != status || said == nil || strings.Contains(answer.Body.String(), `role="alert"`) != (status != 200) {
				t.Fatalf("%s, %s: got %d: %s", state, lang, answer.Code, answer.Body)
			}
			for _, text := range said[1:] {
				if other, twice := seen[text]; twice {
					t.Errorf("%s and %s both say %q", lang, other, text)
				}
				seen[text] = lang
			}
			contains(t, answer, `<html lang="`+lang+`">`, "without", linkToken, "<form", "old and the new contact")
		}
	}
}

// A customer who deleted a temporary admin says so with the keyboard alone, reads that
// it is noted, and once they come back, that they said so already.
func TestLinkInABrowserRemoved(t *testing.T) {
	const button = "I have deleted the temporary administrator"
	p := browsertest.Open(t, browsertest.Options{})
	s := shelfOf(actions.LinkRemoved)
	home := hang(t, s)
	p.Goto(home + wholeLink)
	p.By("heading", "Is the temporary administrator gone?").Wait()
	p.By("textbox", "Code from the link").WaitGone()
	p.Audit("the question")
	p.Press("Tab")
	p.WaitFocus("button", button)
	if s.used() != "" {
		t.Errorf("before a click it used %s", s.used())
	}
	p.Press("Enter")
	p.By("heading", "Thank you, that is all").Wait()
	p.CSS(`[role="status"]`).Wait()
	p.Audit("the thanks")
	if got := s.used(); got != linkID+" "+linkToken+" go_on" {
		t.Errorf("used %s", got)
	}
	s.outcome.State = actions.LinkSpent
	p.Goto(home + "/l/" + linkID + "?again#" + linkToken) // the address alone would load nothing anew
	p.By("button", button).Click()
	p.By("heading", "You have told us already").Wait()
	p.CSS(`[role="alert"]`).Wait()
	p.Audit("told already")
}
