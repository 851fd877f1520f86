package main

import (
	"regexp"
	"testing"

	"github.com/latchkey-bot/latchkey/bot/browsertest"
)

// TestSecretsInABrowser sends Jane a secret and asks Ugo for one, as a newcomer
// with a mouse does: each end of each link is a click away from the demo's page.
func TestSecretsInABrowser(t *testing.T) {
	browsertest.Open(t, browsertest.Options{}).Close() // starts the browser, or skips, before there is a demo
	o := openDemo(t)
	v := visit(t, o.url, browsertest.Options{})
	words := v.sendJaneASecret()
	link := v.readMail("jane@acme.example", "/s/")
	v.openJanesSecret(link, words)
	v.back(o.url)
	v.CSS("#messages").WaitText("Opened: one-time secret")

	v.askUgo()
	link = v.readMail("ugo@harborline.example", "/r/")
	v.answerAsUgo(link)
	v.back(o.url)
	v.openWhatUgoSent()
	v.back(o.url)
	v.CSS("#messages").WaitText("Opened: The login of your test site")
	v.Close()
	if err := o.end(); err != nil || o.errs.Len() > 0 {
		t.Errorf("the demo ends with %v and says %s", err, o.errs)
	}
}

// sung is what is sent here.
const sung = "the canary sings"

// fiveWords is what a generated passphrase is.
var fiveWords = regexp.MustCompile(`\b[a-z]+(?:-[a-z]+){4}\b`)

// sendJaneASecret mails it, and returns the passphrase, which is behind a click of
// its own.
func (v visitor) sendJaneASecret() string {
	v.t.Helper()
	v.CSS(`#try [data-command="/secret"]`).Click()
	form := v.By("dialog", "Send a secret")
	form.By("textbox", "Content (optional)").Click()
	v.Type(sung)
	form.By("textbox", "Whom is it for? (optional)").Click()
	v.Type("jane@acme.example")
	form.CSS(`input[value="mail"]`).Click()
	form.By("button", "Make the link").Click()
	form.WaitGone()
	answer := v.answers().Last().WaitText("Your one-time secret", "goes by e-mail")
	answer.By("button", "Show the passphrase").Click()
	shown := v.answers().Last().WaitText("The passphrase of your one-time secret").Text()
	words := fiveWords.FindString(shown)
	if words == "" {
		v.t.Fatalf("there is no passphrase in %q", shown)
	}
	return words
}

// readMail opens the newest mail, and returns the link in it.
func (v visitor) readMail(to, page string) string {
	v.t.Helper()
	v.CSS("#tab-post").Click()
	v.CSS("#mails").WaitText(to)
	v.CSS("#mails button").First().Click()
	mail := v.CSS("#letter")
	mail.WaitText("To " + to)
	mail.CSS("summary").Click()
	link := browsertest.Of[string](mail.CSS(`pre a[href*="`+page+`"]`), "this.href")
	v.By("button", "Close the mail").Click()
	mail.WaitGone()
	return link
}

// openJanesSecret follows the link, and reads what was sent.
func (v visitor) openJanesSecret(link, words string) {
	v.t.Helper()
	v.Goto(link)
	v.CSS("#passphrase").Click()
	v.Type(words)
	v.CSS("#open button").Click()
	v.CSS(`section[data-state="shown"]:not([hidden])`).Wait()
	if got := browsertest.Of[string](v.CSS("#content"), "this.value"); got != sung {
		v.t.Errorf("Jane reads %q", got)
	}
}

// back goes back to the demo, to what Latchkey wrote.
func (v visitor) back(url string) {
	v.t.Helper()
	v.Goto(url)
	v.CSS(`body[data-ready="true"][data-live="true"]`).Wait()
	v.CSS("#apps .place").Click()
}

// askUgo asks him for a login, by mail.
func (v visitor) askUgo() {
	v.t.Helper()
	v.CSS(`#channels [data-conversation="` + supportChannel + `"]`).Click()
	v.CSS(`#try [data-command="/secret request"]`).Click()
	form := v.By("dialog", "Ask for a secret")
	form.By("textbox", "What do you need? (optional)").Click()
	v.Type("The login of your test site")
	form.By("textbox", "Reason").Click()
	v.Type("The error shows only there")
	form.By("textbox", "Whom do you ask? (optional)").Click()
	v.Type("ugo@harborline.example")
	form.CSS(`input[value="mail"]`).Click()
	form.By("button", "Make the link").Click()
	form.WaitGone()
	v.answers().Last().WaitText("Your question", "goes by e-mail")
}

// answerAsUgo follows the link, and sends what was asked for.
func (v visitor) answerAsUgo(link string) {
	v.t.Helper()
	v.Goto(link)
	v.CSS("main").WaitText("The login of your test site", "The error shows only there", "Ava Reyes")
	v.CSS("#content").Click()
	v.Type(sung)
	v.CSS("#send button").Click()
	v.CSS(`section[data-state="sent"]:not([hidden])`).Wait()
}

// openWhatUgoSent opens it, by the button of the card and a link for once.
func (v visitor) openWhatUgoSent() {
	v.t.Helper()
	v.CSS("#messages").WaitText("Received")
	v.CSS("#messages").By("button", "Open it").Last().Click()
	answer := v.answers().Last().WaitText("Open the page")
	link := browsertest.Of[string](answer.CSS(`a[href*="/r/"]`), "this.href")
	v.Goto(link)
	v.CSS("#open button").Click()
	v.CSS(`section[data-state="shown"]:not([hidden])`).Wait()
	if got := browsertest.Of[string](v.CSS("#value"), "this.value"); got != sung {
		v.t.Errorf("the agent reads %q", got)
	}
}
