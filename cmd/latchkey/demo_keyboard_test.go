package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/latchkey-bot/latchkey/bot/browsertest"
)

// walkByKeyboard does all that a newcomer does, without a mouse: everything is
// reached with Tab, and pressed with Enter or the arrows.
func walkByKeyboard(t *testing.T, url string) {
	v := visit(t, url, browsertest.Options{})
	v.becomeByKeyboard("Liv Andersen")
	v.readByKeyboard()
	v.waitByKeyboard()
	v.askAtHomeByKeyboard()
	v.askAboutAMessageByKeyboard()
}

// becomeByKeyboard changes who one is, by the menu.
func (v visitor) becomeByKeyboard(name string) {
	v.t.Helper()
	v.tabAndPress("Tab", "button", "You are ")
	v.By("menuitemradio", "").First().Wait()
	v.tabAndPress("ArrowDown", "menuitemradio", name)
	v.CSS("#you").WaitText("You are " + name)
}

// readByKeyboard chooses somebody to ask about, and reads the answer, the
// history, the note for the ticket, and what it looks like to the channel.
func (v visitor) readByKeyboard() {
	v.t.Helper()
	v.TabTo("Tab", "searchbox", fmt.Sprintf("Filter the %d people", len(trials())))
	v.Type("olga")
	said := v.afterwards(func() { v.tabAndPress("Tab", "button", "Ask about Olga") })
	said.WaitText("wrong_login_method", "Why", "What to do", "Say to a caller who isn't verified", "Say to the verified customer")
	v.afterwards(func() { v.tabAndPress("Shift+Tab", "button", "Show history") }).WaitText("In the last 14 days", "Attempts by day", "What happened")
	note := v.afterwards(func() { v.tabAndPress("Tab", "button", "Copy ticket note") })
	note.WaitText("Ticket note, ready to paste", "Customer: Olga Petrenko", "wrong_login_method")
	v.tabAndPress("Tab", "button", "Customer: Olga Petrenko")
	note.By("button", "").Last().WaitText("Copied")
	if got := v.Copied(); !strings.HasPrefix(got, "Customer: Olga Petrenko") || !strings.Contains(got, "wrong_login_method") || strings.Count(got, "\n") < 3 {
		v.t.Errorf("what was copied for the ticket is %q", got)
	}
	shared := v.afterwards(func() { v.tabAndPress("Shift+Tab", "button", "Share in channel") })
	shared.WaitText("shared by", "@Liv Andersen", "wrong_login_method")
	shared.CSS(".only").WaitGone()
}

// waitByKeyboard asks to be told, lets the customer log in, reads it in the
// direct message, and says that the diagnosis was right.
func (v visitor) waitByKeyboard() {
	v.t.Helper()
	v.afterwards(func() { v.tabAndPress("Shift+Tab", "button", "Tell me when they're in") }).WaitText("I'll tell you in our direct message", "Olga Petrenko")
	v.tabAndPress("Tab", "button", "be the customer")
	v.WaitFocus("tab", "Be the customer")
	v.TabTo("Tab", "combobox", "Customer")
	if who := browsertest.Of[string](v.CSS("#who"), "this.value"); who != "u-olga" {
		v.t.Errorf("the customer is %s", who)
	}
	v.tabAndPress("Tab", "button", "Log in")
	v.CSS("#happened").WaitText("Olga Petrenko logged in at")
	v.By("button", "Latchkey 1 unread message").Wait()
	v.tabAndPress("Shift+Tab", "button", "Latchkey 1 unread message")
	told := v.answers().Last()
	told.WaitText("Olga Petrenko is in at", "Was the diagnosis right?")
	v.tabAndPress("Tab", "button", "Mark as right")
	told.WaitText("You said that the diagnosis was right.")
	told.By("button", "Mark as right").WaitGone()
}

// askAtHomeByKeyboard asks about somebody from the app's Home.
func (v visitor) askAtHomeByKeyboard() {
	v.t.Helper()
	v.TabTo("Shift+Tab", "tab", "Messages")
	v.Press("ArrowLeft")
	v.WaitFocus("tab", "Home")
	v.CSS("#home").WaitText("Who can't log in?", "Olga Petrenko")
	v.tabAndPress("Tab", "button", "Diagnose somebody")
	v.By("dialog", "Diagnose somebody").Wait()
	if at := v.Focus(); at.Role != "textbox" {
		v.TabUntil("Tab", "a field", func(at browsertest.Stop) bool { return at.Role == "textbox" })
	}
	v.Type("nora.idesson")
	v.Press("Enter")
	v.By("dialog", "Diagnose somebody").WaitGone()
	v.WaitFocus("button", "Diagnose somebody")
	v.TabTo("Shift+Tab", "tab", "Home")
	v.Press("ArrowRight")
	v.answers().Last().WaitText("locked_inactivity", "Nora Idesson")
}

// askAboutAMessageByKeyboard asks about those whom a message names.
func (v visitor) askAboutAMessageByKeyboard() {
	v.t.Helper()
	v.tabAndPress("Shift+Tab", "button", "support")
	v.CSS("#title").WaitText("#support")
	v.TabTo("Tab", "link", "ugo@harborline.example")
	v.tabAndPress("Tab", "button", "More actions")
	v.WaitFocus("menuitem", "Diagnose this person")
	v.afterwards(func() { v.Press("Enter") }).WaitText("Whom does the message name?", "Jane Doe", "Ugo Conti")
	v.afterwards(func() { v.tabAndPress("Tab", "button", "Diagnose") }).WaitText("Jane Doe", "locked_attempts")
}

// tabAndPress goes on with a key until it stands on something that is called so,
// more or less, and presses it.
func (v visitor) tabAndPress(key, role, name string) {
	v.t.Helper()
	v.TabUntil(key, "the "+role+" "+name, func(at browsertest.Stop) bool { return at.Role == role && strings.Contains(at.Name, name) })
	v.Press("Enter")
}
