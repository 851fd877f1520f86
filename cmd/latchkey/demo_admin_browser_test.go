package main

import (
	"testing"

	"github.com/latchkey-bot/latchkey/bot/browsertest"
)

// TestTempAdminInABrowser follows a temporary admin from the form to its end, as a
// newcomer with a mouse does: Ava asks, Marcus approves, the site shows it, Ava gets
// its password, days pass, and it is gone from the site and on the card.
func TestTempAdminInABrowser(t *testing.T) {
	browsertest.Open(t, browsertest.Options{}).Close() // starts the browser, or skips, before there is a demo
	o := openDemo(t)
	v := visit(t, o.url, browsertest.Options{})
	v.CSS("#site-users tr.temporary").WaitCount(1) // this morning's
	v.Audit("the site beside the chat")
	v.askForAdmin()
	v.become("Marcus Webb")
	v.CSS("#apps .place").Click()
	v.answers().Last().WaitText("Ava Reyes", "Acme shop").By("button", "Approve").Click()
	v.CSS("#confirm button[value=yes]").Click()
	v.CSS("#site-users tr.temporary").WaitCount(2)
	v.CSS("#site-news").WaitText("support-temp-", "is there now")
	v.answers().Last().WaitText("Approved by @Marcus Webb")

	v.become("Ava Reyes")
	v.CSS("#apps .place").Click()
	card := v.answers().Last().WaitText("In use", "support-temp-", "#4712")
	card = v.CSS(`#messages [data-ts="` + browsertest.Of[string](card, "this.dataset.ts") + `"]`)
	card.By("button", "Create one-time secret").Click()
	v.answers().Last().WaitText("one-time secret for support-temp-")

	v.By("button", "Let time pass: +1 week").Click()
	v.CSS("#ahead").WaitText("7 days ahead")
	v.CSS("#site-users tr.temporary").WaitCount(0)
	v.CSS("#site-users tr").WaitCount(3)
	v.CSS("#site-news").WaitText("is gone")
	card.WaitText("Gone: temporary admin support-temp-", "#4712")
	v.Audit("the site, and the temporary admin gone")
	v.hideTheSite()
	v.Close()
	if err := o.end(); err != nil || o.errs.Len() > 0 {
		t.Errorf("the demo ends with %v and says %s", err, o.errs)
	}
}

// askForAdmin fills the form in that asks for one.
func (v visitor) askForAdmin() {
	v.t.Helper()
	v.CSS(`#try [data-command="/tempadmin create"]`).Click()
	form := v.By("dialog", "Create temporary admin").WaitText("Acme shop", "Ava Reyes")
	form.By("textbox", "Reason").Click()
	v.Type("The checkout page stays white.")
	form.By("textbox", "Ticket (optional)").Click()
	v.Press("Home", "Shift+End") // the one that is remembered
	v.Type("#4712")
	v.Audit("the form for a temporary admin")
	form.By("button", "Ask for approval").Click()
	form.WaitGone()
	v.CSS("#apps .place").Click()
	v.answers().Last().WaitText("Acme shop", "#4712")
}

// hideTheSite hides it and brings it back, by its two buttons, with the focus where
// one goes on.
func (v visitor) hideTheSite() {
	v.t.Helper()
	v.By("button", "Hide Acme shop").Click()
	v.CSS("#site").WaitCount(0)
	v.WaitFocus("button", "Acme shop")
	v.Press("Enter")
	v.CSS("#site").Wait()
	v.WaitFocus("complementary", "Acme shop")
}

// TestSiteInANarrowWindow: the site is a drawer there, that closes by its button and by
// Escape, and its button says that something changed meanwhile.
func TestSiteInANarrowWindow(t *testing.T) {
	browsertest.Open(t, browsertest.Options{}).Close() // starts the browser, or skips, before there is a demo
	o := openDemo(t)
	v := visit(t, o.url, browsertest.Options{Width: 320, Height: 640, Touch: true})
	v.NoSidewaysScroll("the chat")
	v.By("button", "Acme shop").Click()
	v.CSS("#site-users tr.temporary").WaitText("support-temp-", "Temporary")
	v.NoSidewaysScroll("the site")
	v.Audit("the site in a narrow window")
	v.By("button", "Hide Acme shop").Click()
	v.CSS("#site").WaitCount(0)
	o.letPass(24)
	v.By("button", "Acme shop , changed").Click()
	v.CSS("#site-users tr.temporary").WaitCount(0)
	v.CSS("#site-news").WaitText("is gone")
	v.Press("Escape")
	v.WaitFocus("button", "Acme shop")
	v.Close()
	if err := o.end(); err != nil || o.errs.Len() > 0 {
		t.Errorf("the demo ends with %v and says %s", err, o.errs)
	}
}
