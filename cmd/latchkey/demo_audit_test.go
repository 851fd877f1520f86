package main

import (
	"testing"

	"github.com/latchkey-bot/latchkey/bot/browsertest"
)

// audit lets axe-core look at everything that the demo shows.
func audit(t *testing.T, url string, dark bool) {
	v := visit(t, url, browsertest.Options{Dark: dark, ReducedMotion: true})
	v.become("Noor Haddad")
	v.CSS("#you").WaitText("Noor")
	v.Audit("the welcome page")
	said := v.afterwards(v.CSS(`#try [data-customer="u-juergen"]`).Click)
	v.Audit("an answer")
	v.afterwards(said.By("button", "Show history").Click).WaitText("Attempts by day")
	v.Audit("a history")
	v.CSS("#messages button.replies").First().Click()
	v.CSS("#replies article").Last().Wait()
	v.Audit("a thread")
	v.CSS("#close-thread").Click()
	v.CSS("#tab-customer").Click()
	v.Audit("the customer")
	v.CSS("#apps button").Click()
	v.CSS("#tab-home").Click()
	v.CSS("#home").WaitText("Who can't log in?")
	v.Audit("Home")
	v.By("button", "Diagnose somebody").Click()
	v.By("dialog", "Diagnose somebody").Wait()
	v.Audit("a modal")
	v.By("dialog", "Diagnose somebody").By("button", "Cancel").Click() // it is still open for whoever comes next
	v.By("dialog", "Diagnose somebody").WaitGone()
}

// auditDrawers lets axe-core look at what is a drawer on a telephone.
func auditDrawers(t *testing.T, url string) {
	v := visit(t, url, browsertest.Options{Width: 320, Touch: true, ReducedMotion: true})
	v.Audit("the welcome page on a telephone")
	v.CSS("#open-side").Click()
	v.Audit("the workspace on a telephone")
	v.CSS("#me").Click()
	v.Audit("a menu on a telephone")
	v.Press("Escape", "Escape")
	v.CSS("#open-guide").Click()
	v.Audit("the guide on a telephone")
}
