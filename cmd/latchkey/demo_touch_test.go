package main

import (
	"testing"

	"github.com/latchkey-bot/latchkey/bot/browsertest"
)

// walkByTouch walks the demo with a finger on a telephone of 320 pixels:
// everything can be reached there, and nothing scrolls sideways or is cut off.
func walkByTouch(t *testing.T, url string) {
	v := visit(t, url, browsertest.Options{Width: 320, Height: 568, Touch: true, Dark: true, TimeZone: "Australia/Melbourne", Locale: "en-AU"})
	v.NoSidewaysScroll("the welcome page")
	v.CSS("#open-side").Click()
	v.NoSidewaysScroll("the workspace")
	v.become("Marcus Webb")
	v.NoSidewaysScroll("the workspace as somebody else")
	v.CSS("[data-close]").First().Click()
	v.waitByTouch(v.askByTouch())
}

// askByTouch asks about somebody, looks at all that can be opened there, and
// returns the answer.
func (v visitor) askByTouch() browsertest.Element {
	v.t.Helper()
	v.CSS("#open-guide").Click()
	v.CSS("#you").WaitText("You are Marcus Webb")
	v.NoSidewaysScroll("the guide")
	said := v.afterwards(v.CSS(`#try [data-customer="u-juergen"]`).Click)
	said.WaitText("wrong_password", "in German")
	v.NoSidewaysScroll("an answer")
	v.afterwards(said.By("button", "Show history").Click).WaitText("Attempts by day")
	v.answers().Last().By("button", "").Last().Click()
	v.NoSidewaysScroll("a history")
	v.afterwards(said.By("button", "Copy ticket note").Click).WaitText("Jürgen")
	v.NoSidewaysScroll("a ticket note")
	v.CSS(`#messages button.replies`).First().Click()
	v.CSS("#replies article").Last().Wait()
	v.NoSidewaysScroll("a thread")
	v.CSS("#close-thread").Click()
	v.CSS("#thread").WaitGone()
	v.CSS("#messages [aria-label='More actions']").First().Click()
	v.NoSidewaysScroll("a menu")
	v.afterwards(v.By("menuitem", "Diagnose this person").Click)
	v.NoSidewaysScroll("an answer about a message")
	return said
}

// waitByTouch waits for a customer, and looks at the direct message, Home and a
// modal.
func (v visitor) waitByTouch(said browsertest.Element) {
	v.t.Helper()
	v.afterwards(said.By("button", "Tell me when they're in").Click)
	v.CSS("#open-guide").Click()
	v.CSS("#tab-customer").Click()
	v.NoSidewaysScroll("the customer")
	v.CSS("[data-outcome=wrong_password]").Click()
	v.CSS("#happened").WaitText("typed a wrong password")
	v.CSS("#told button").Wait()
	v.NoSidewaysScroll("the news beside the customer")
	v.CSS("#guide [data-close]").Click()
	v.By("button", "Workspace menu, 1 unread message").Click()
	v.CSS("#apps .news").Wait()
	v.CSS("[data-close]").First().Click()
	v.CSS("#open-guide").Click()
	v.CSS("#told button").Click()
	v.answers().Last().WaitText("failed now: wrong password", "Was the diagnosis right?")
	v.NoSidewaysScroll("the direct message")
	v.CSS("#tab-home").Click()
	v.CSS("#home").WaitText("Who can't log in?")
	v.NoSidewaysScroll("Home")
	v.By("button", "Diagnose somebody").Click()
	v.By("dialog", "Diagnose somebody").Wait()
	v.NoSidewaysScroll("a modal")
	v.By("dialog", "Diagnose somebody").By("button", "Cancel").Click()
	v.By("dialog", "Diagnose somebody").WaitGone()
	v.CSS("#tab-messages").Click()
	v.CSS("#composer").Click()
	v.Type("/")
	v.CSS("#options li").First().Wait()
	v.NoSidewaysScroll("the commands")
}
