package main

import (
	"regexp"
	"testing"

	"github.com/latchkey-bot/latchkey/bot/browsertest"
)

// TestRemediesInABrowser helps Jane from the first look to her own new password,
// as a newcomer with a mouse does: diagnosed, proven by a code on her telephone,
// unlocked, mailed, and in by the mail's link.
func TestRemediesInABrowser(t *testing.T) {
	browsertest.Open(t, browsertest.Options{}).Close() // starts the browser, or skips, before there is a demo
	o := openDemo(t)
	v := visit(t, o.url, browsertest.Options{})
	v.beJaneWhoIsLocked()
	answer := v.afterwards(v.By("button", "Ask about Jane Doe").First().Click)
	answer.WaitText("locked_attempts")
	v.proveJane(answer)
	v.unlockJane(answer)
	link := v.readJanesMail()
	v.followJanesLink(link)
	v.janeIsIn(o.url)
	v.Close()
	if err := o.end(); err != nil || o.errs.Len() > 0 {
		t.Errorf("the demo ends with %v and says %s", err, o.errs)
	}
}

// beJaneWhoIsLocked tries to log in as her: nobody but support can help.
func (v visitor) beJaneWhoIsLocked() {
	v.t.Helper()
	v.CSS("#tab-customer").Click()
	v.CSS("[data-outcome=success]").Click()
	v.CSS("#happened").WaitText("Jane Doe couldn’t log in: the login is locked")
	v.CSS("#tab-try").Click()
}

// sixDigits is what a code is.
var sixDigits = regexp.MustCompile(`\b\d{6}\b`)

// proveJane has a code sent to her telephone, mistypes it once, and types it as
// she reads it back.
func (v visitor) proveJane(answer browsertest.Element) {
	v.t.Helper()
	answer.By("button", "Verify the caller").Click()
	form := v.By("dialog", "Verify the caller")
	form.CSS(`input[value="sms"]`).Click()
	form.By("textbox", "Ticket (optional)").Click()
	v.Type("#4711")
	form.By("button", "Send code").Click()
	form.WaitGone()
	v.CSS("#tab-post").Click()
	text := v.CSS("#texts li").First().WaitText("Skylark").Text()
	code := sixDigits.FindString(text)
	if code == "" {
		v.t.Fatalf("there is no code in %q", text)
	}
	v.CSS("#apps .place").Click()
	card := v.answers().Last().WaitText("A code went out by SMS")
	card.By("button", "Enter code").Click()
	form = v.By("dialog", "Enter code")
	form.By("textbox", "Code").Click()
	v.Type(mistypedCode(code))
	form.By("button", "Verify").Click()
	form.WaitText("That isn't the code. 2 tries are left")
	form.By("textbox", "Code").Click()
	v.Press("End", "Backspace", "Backspace", "Backspace", "Backspace", "Backspace", "Backspace")
	v.Type(code)
	form.By("button", "Verify").Click()
	form.WaitGone()
	v.answers().Last().WaitText("Verified", "by SMS", "for #4711")
}

// mistypedCode is a code that isn't this one.
func mistypedCode(code string) string {
	if code[0] == '9' {
		return "0" + code[1:]
	}
	return "9" + code[1:]
}

// unlockJane unlocks her and has the reset mailed, for a reason, and reads in the
// direct message that both are done.
func (v visitor) unlockJane(answer browsertest.Element) {
	v.t.Helper()
	v.CSS(`#channels [data-conversation="` + supportChannel + `"]`).Click()
	v.unlockAndSendReset(answer)
	v.CSS("#apps .place").Click()
	v.CSS("#messages").WaitText("Unlock and send reset", "Done and read back", "Password reset by e-mail")
	v.CSS("#heard").WaitText("Jane Doe: unlocked")
}

// unlockAndSendReset presses the button of an answer, and says why.
func (v visitor) unlockAndSendReset(answer browsertest.Element) {
	v.t.Helper()
	answer.By("button", "Unlock and send reset").Click()
	form := v.By("dialog", "Unlock and send reset")
	form.By("textbox", "Reason").Click()
	v.Type("Mistyped it, and can't remember it")
	form.By("button", "Unlock and send reset").Click()
	form.WaitGone()
}

// readJanesMail opens the mail that came, looks that no link of it is shown in
// Slack, and returns the link.
func (v visitor) readJanesMail() string {
	v.t.Helper()
	v.CSS("#mails button").First().Click()
	mail := v.CSS("#letter")
	mail.WaitText("To jane@acme.example")
	mail.CSS("iframe").Wait()
	mail.CSS("summary").Click()
	link := browsertest.Of[string](mail.CSS(`pre a[href*="/l/"]`), "this.href")
	v.NoSidewaysScroll("a mail")
	v.By("button", "Close the mail").Click()
	mail.WaitGone()
	return link
}

// followJanesLink opens the link, goes on, and chooses a new password.
func (v visitor) followJanesLink(link string) {
	v.t.Helper()
	v.Goto(link)
	v.CSS("form button").First().Click()
	v.CSS(`body[data-state="choose"]`).Wait()
	v.CSS("h1").WaitText("Choose a new password")
	v.CSS("#password").Click()
	v.Type("correct horse battery")
	v.By("button", "Set the new password").Click()
	v.CSS("h1").WaitText("You’re in, Jane")
	v.NoSidewaysScroll("the login page")
}

// janeIsIn asks once more: she is in, and what was done stands there.
func (v visitor) janeIsIn(url string) {
	v.t.Helper()
	v.Goto(url)
	v.CSS(`body[data-ready="true"][data-live="true"]`).Wait()
	again := v.afterwards(v.By("button", "Ask about Jane Doe").First().Click)
	again.WaitText("got in at their last attempt", "Verified")
}
