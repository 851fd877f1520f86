package main

import (
	"testing"

	"github.com/latchkey-bot/latchkey/bot/browsertest"
)

// TestCasesInABrowser escalates Ugo's missing mail and plays both sides, as a newcomer
// with a mouse does: Ava escalates from the diagnosis, Liv claims and asks, Ava
// replies, Liv resolves, and Ava reads what to say to Ugo.
func TestCasesInABrowser(t *testing.T) {
	browsertest.Open(t, browsertest.Options{}).Close() // starts the browser, or skips, before there is a demo
	o := openDemo(t)
	v := visit(t, o.url, browsertest.Options{})
	v.escalateUgo()

	v.become("Liv Andersen")
	v.goTo(l2Channel)
	v.claimUgo()
	v.askAva("Did it arrive at Ugo’s colleague Ivo?")

	v.become("Ava Reyes")
	v.CSS("#apps .place").Click()
	v.replyToLiv("Did it arrive at Ugo’s colleague Ivo?", "It did, an hour ago.")

	v.become("Liv Andersen")
	v.goTo(l2Channel)
	v.resolveUgo("It did, an hour ago.")

	v.become("Ava Reyes")
	v.CSS("#apps .place").Click()
	v.answers().Last().WaitText("Resolved: not listed", "His provider drops our mail silently.", "Say to the customer")
	v.answers().Last().By("button", "Send a fresh reset").Wait()
	v.Close()
	if err := o.end(); err != nil || o.errs.Len() > 0 {
		t.Errorf("the demo ends with %v and says %s", err, o.errs)
	}
}

// goTo opens a channel.
func (v visitor) goTo(channel string) {
	v.t.Helper()
	v.CSS(`#channels [data-conversation="` + channel + `"]`).Click()
}

// escalateUgo asks about him, and escalates from the answer.
func (v visitor) escalateUgo() {
	v.t.Helper()
	answer := v.afterwards(v.CSS(`#try [data-customer="u-ugo"]`).First().Click)
	answer.By("button", "Escalate").Click()
	form := v.By("dialog", "Escalate to L2")
	form.WaitText("Ugo Conti", "GW1010")
	form.By("textbox", "Reason").Click()
	v.Type("Spam folder and firewall are checked.")
	form.By("button", "Escalate").Click()
	form.WaitGone()
	v.CSS("#apps .place").Click()
	v.answers().Last().WaitText("Blocklist case for L2", "Ugo Conti", "nobody has claimed it yet")
}

// ugosQuestion is what L2 reads first.
const ugosQuestion = "@support-melbourne GW1010 - Can you please investigate if ugo@harborline.example is on the email Global Black List?"

// claimUgo takes the newest case on: it is Ugo's.
func (v visitor) claimUgo() {
	v.t.Helper()
	card := v.answers().Last().WaitText(ugosQuestion)
	card.By("button", "Claim").Click()
	v.answers().Last().WaitText("Claimed by @Liv Andersen")
}

// askAva asks whose case it is.
func (v visitor) askAva(question string) {
	v.t.Helper()
	v.answers().Last().By("button", "Ask the agent").Click()
	form := v.By("dialog", "Ask the agent")
	form.By("textbox", "Question (optional)").Click()
	v.Type(question)
	form.By("button", "Ask").Click()
	form.WaitGone()
	v.answers().Last().WaitText("Waiting for the agent")
}

// replyToLiv answers what was asked.
func (v visitor) replyToLiv(question, answer string) {
	v.t.Helper()
	card := v.answers().Last().WaitText("L2 asks you", question)
	card.By("button", "Reply").Click()
	form := v.By("dialog", "Reply to L2")
	form.WaitText(question)
	form.By("textbox", "Reason").Click()
	v.Type(answer)
	form.By("button", "Reply").Click()
	form.WaitGone()
	v.answers().Last().WaitText("is on it")
}

// resolveUgo reads the answer in the thread, and says what came of the case.
func (v visitor) resolveUgo(answer string) {
	v.t.Helper()
	v.answers().Last().CSS("button.replies").Click()
	v.CSS("#replies").WaitText("Spam folder and firewall are checked.", answer)
	v.CSS("#close-thread").Click()
	v.answers().Last().By("button", "Resolve").Click()
	form := v.By("dialog", "Resolve")
	form.CSS(`input[value="not_listed"]`).Click()
	form.By("textbox", "Reason").Click()
	v.Type("His provider drops our mail silently.")
	form.By("button", "Resolve").Click()
	form.WaitGone()
	v.answers().Last().WaitText("Resolved by @Liv Andersen", "not listed")
}
