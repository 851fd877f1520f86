package main

import (
	"strings"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/slackfake"
	"github.com/latchkey-bot/latchkey/bot/slackfake/conversation"
	"github.com/latchkey-bot/latchkey/escalation"
)

// caseTalks are the conversations about what L2 is asked.
var caseTalks = map[string]func(*helpdesk){
	"CaseLife": caseLife, "CaseJoined": caseJoined, "CasePremature": casePremature, "CaseGateways": caseGateways,
	"CaseOfNobody": caseOfNobody, "CaseFromTheDiagnosis": caseFromTheDiagnosis, "CaseFromAThread": caseFromAThread, "CaseHandedOver": caseHandedOver,
	"CaseTooLate": caseTooLate, "CaseOutsiders": caseOutsiders, "CaseArchived": caseArchived, "CaseGroupUnknown": caseGroupUnknown,
	"CaseCardDeleted": caseCardDeleted, "CaseHostileTexts": caseHostileTexts, "CaseFormAlone": caseFormAlone, "CaseDelistProtected": caseDelistProtected,
	"CaseHeard": caseHeard, "CaseLists": caseLists,
}

// question is what L2 reads, in exactly this form (RULES S4.9).
func question(gateway, email string) string {
	return "<!subteam^" + l2Group + "> " + gateway + " - Can you please investigate if " + email + " is on the email Global Black List?"
}

// lea is a customer whose address is on a list.
const lea = "lea@lumiere.example"

// escalated has an agent ask L2 about Léa, and returns L2's card and the agent's.
func (d *helpdesk) escalated(agent *conversation.Person) (card, mine *conversation.Message) {
	d.t.Helper()
	agent.InDM().Command("/escalate blocklist "+lea+" #4711").Reads("L2", "block list since", "No mail to the address is on record")
	card = d.talk.In(l2Room).Expects(question("GW2010", lea), "Open").HasButtons("Claim")
	mine = agent.ExpectDM("nobody has claimed it yet", "#4711").HasButtons("Reply", "Hand over")
	card.As("U0ELTWO").ExpectReply("block since", "can't be looked up")
	return card, mine
}

// claimed is a case that Elle has claimed.
func (d *helpdesk) claimed() (card, mine *conversation.Message) {
	d.t.Helper()
	card, mine = d.escalated(d.ava())
	card.As("U0ELTWO").Click("Claim")
	card = card.As("U0ELTWO").Becomes("Claimed", "<@U0ELTWO>").HasButtons("Remove from list", "Resolve", "Ask the agent", "Hand back")
	return card, mine.Becomes("<@U0ELTWO>")
}

// caseLife: a case from the first question to the last, with two who claim it at
// once.
func caseLife(d *helpdesk) {
	card, mine := d.escalated(d.ava())
	first, second := card.As("U0ELTWO").Click("Claim"), card.As("U0LTWO").Click("Claim")
	card = card.Becomes("Claimed")
	winner, loser, sorry := "U0ELTWO", "U0LTWO", second
	if strings.Contains(card.Words(), "<@U0LTWO>") {
		winner, loser, sorry = loser, winner, first
	}
	sorry.Reads("<@"+winner+">", "faster").OnlyFor(loser)
	mine = mine.Becomes("<@" + winner + ">")

	ask := card.As(winner).Click("Ask the agent").Opens("Ask the agent")
	ask.Submit()
	ask.Refuses("Question", "There is nothing written. Please say it in a sentence; the others read it.")
	ask.Fill("Question", "Is that the address she signed up with?").Submit()
	ask.IsClosed()
	card = card.Becomes("Waiting for the agent")
	card.As(winner).ExpectReply("Is that the address she signed up with?")
	mine = mine.Becomes("Is that the address she signed up with?").HasButtons("Reply", "Hand over")
	mine.ExpectReply("Is that the address she signed up with?")

	reply := mine.Click("Reply").Opens("Reply")
	reply.Fill("Reason", "She says so, she'll look into her spam, too.").Tick("Who answers?", "The customer has to answer").Submit()
	reply.IsClosed()
	card = card.Becomes("Waiting for the customer")
	card.As(winner).ExpectReply("She says so")
	mine = mine.Becomes("Waiting for the customer")
	reply = mine.Click("Reply").Opens("Reply")
	reply.Fill("Reason", "Nothing in her spam.").Submit()
	card = card.Becomes("Claimed")
	card.As(winner).ExpectReply("Nothing in her spam.")
	mine = mine.Becomes("<@" + winner + ">")

	card.As(winner).Click("Remove from list")
	card = card.Becomes("Claimed", "Removed from the lists").HasButtons("Resolve", "Ask the agent", "Hand back")
	card.As(winner).ExpectReply("each was read again")
	mine = mine.Becomes("Removed from the lists")
	d.talk.As(loser).In(l2Room).ClickGone("delist", d.valueOf(card, "Resolve")).Reads("already", "<@"+winner+">").OnlyFor(loser)

	resolve := card.As(winner).Click("Resolve").Opens("Resolve")
	if chosen := resolve.Value("Outcome"); chosen != "listed_removed" {
		d.t.Errorf("the outcome of a case that was delisted is %q", chosen)
	}
	resolve.Fill("Reason", " ").Submit()
	resolve.Refuses("Reason", "There is nothing written. Please say it in a sentence; the others read it.")
	resolve.Fill("Reason", "It stood there since her old mailbox bounced.").Submit()
	resolve.IsClosed()
	card = card.Becomes("Resolved", "removed", "her old mailbox bounced").HasButtons("Reopen")
	card.As(winner).ExpectReply("her old mailbox bounced")
	mine = mine.Becomes("Resolved", "her old mailbox bounced").HasButtons("Send a fresh reset")
	mine.ExpectReply("her old mailbox bounced")
	d.talk.As(loser).In(l2Room).ClickGone("delist", d.valueOf(card, "Reopen")).Reads("resolved").OnlyFor(loser)
	d.ava().Command("/diagnose " + lea).DoesntRead("email_suppressed")
	mine.Click("Send a fresh reset").Opens("Send reset").Close()

	card.As(loser).Click("Reopen")
	card = card.Becomes("Open").HasButtons("Claim")
	card.As(loser).ExpectReply("opened this case again")
	mine = mine.Becomes("nobody has claimed it yet")
	mine.ExpectReply("opened the case again")
	card.As(loser).Click("Claim")
	card = card.Becomes("Claimed", "<@"+loser+">")
	mine = mine.Becomes("<@" + loser + ">")
	card.As(loser).Click("Hand back")
	card.Becomes("Open").HasButtons("Claim").As(loser).ExpectReply("handed this case back")
	mine.Becomes("nobody has claimed it yet")
	d.ava().Command("/escalate list").Reads("Mine", "Open").OnlyFor("U0AGENT")
	d.lead().Command("/escalate list unclaimed").Reads("Open").DoesntRead(lea)
	d.wantAudit(actions.ActResolve, actions.ActDone)
	d.wantAudit(actions.ActDelist, actions.ActDone)
	d.wantAudit(actions.ActClaim, actions.ActDone, actions.ActDone)
}

// caseJoined: who asks the same joins, and hears of it.
func caseJoined(d *helpdesk) {
	card, mine := d.escalated(d.ava())
	d.bo().Command("/escalate blocklist " + lea + " #4712 he called twice").Reads("you follow it now")
	theirs := d.bo().ExpectDM("nobody has claimed it yet")
	card.As("U0ELTWO").ExpectReply("<@U0BO>", "he called twice")
	mine.ExpectReply("<@U0BO>")
	d.bo().Command("/escalate blocklist " + lea).Reads("already")
	card = card.Becomes("<@U0BO>")
	card.As("U0ELTWO").Click("Claim")
	card.Becomes("Claimed")
	mine.Becomes("<@U0ELTWO>")
	theirs.Becomes("<@U0ELTWO>").HasButtons("Reply", "Hand over")
}

// casePremature: no mail reaches a locked user, so L2 can't help yet.
func casePremature(d *helpdesk) {
	d.ava().Command("/escalate blocklist jane@acme.example").Reads("locked").HasButtons("Unlock").Click("Unlock").Opens("Unlock").Close()
	d.wantAudit(actions.ActEscalate, actions.ActRefused)
}

// caseGateways: the agent picks one of several.
func caseGateways(d *helpdesk) {
	form := d.ava().InDM().Command("/escalate blocklist robert@acme.example").Opens("Escalate", "Robert", "GW1001", "GW1002")
	form.Choose("Gateway ID", "GW1002 · Acme Ltd").Fill("Reason", "No mail arrives.").Submit()
	form.IsClosed()
	d.talk.In(l2Room).Expects(question("GW1002", "robert@acme.example")).As("U0ELTWO").ExpectReply("robert")
	d.ava().ExpectDM("nobody has claimed it yet")
}

// caseOfNobody: nobody on record has the address, so nobody knows the Gateway ID.
func caseOfNobody(d *helpdesk) {
	form := d.ava().InDM().Command("/escalate blocklist someone@nowhere.example").Opens("Escalate", "Nobody on record")
	form.Fill("Reason", "No mail arrives.").Submit()
	form.Refuses("Gateway ID", "No Gateway ID is on record for them, and L2 needs one. Please type it, such as GW-1001.")
	form.Fill("Gateway ID", "GW9999").Submit()
	form.IsClosed()
	d.talk.In(l2Room).Expects(question("GW9999", "someone@nowhere.example")).As("U0ELTWO").ExpectReply("nobody, or more than one person, has this address on record")
	d.ava().ExpectDM("nobody has claimed it yet")
}

// caseFromTheDiagnosis: the button under the answer.
func caseFromTheDiagnosis(d *helpdesk) {
	answer := d.ava().Command("/diagnose " + lea + " #4713").Reads("Léa")
	form := answer.Click("Escalate").Opens("Escalate", "Léa", "block")
	form.Fill("Reason", "None of our mails arrive.").Choose("How urgent is it?", "Urgent: it can't wait for its turn").Choose("What is it about?", "Blocklist: does a list hold mail to them back?").Submit()
	form.IsClosed()
	card := d.talk.In(l2Room).Expects(question("GW2010", lea), "urgent")
	card.As("U0ELTWO").ExpectReply("None of our mails arrive.")
	d.ava().ExpectDM("nobody has claimed it yet", "#4713")
}

// caseFromAThread: the thread that it is asked in follows, without the address.
func caseFromAThread(d *helpdesk) {
	d.ava().Command("/latchkey help").Reads("/escalate")
	first := d.bo().Says("Can somebody take " + lea + "? No mail arrives.")
	form := first.As("U0AGENT").Shortcut("escalate_message").Opens("Escalate", "Léa")
	form.Fill("Reason", "No mail arrives.").Submit()
	card := d.talk.In(l2Room).Expects(question("GW2010", lea))
	card.As("U0ELTWO").ExpectReply("No mail arrives.")
	mine := d.ava().ExpectDM("nobody has claimed it yet")
	follows := first.ExpectReply("nobody has claimed it yet").DoesntRead(lea).HasButtons()
	card.As("U0ELTWO").Click("Claim")
	card.Becomes("Claimed")
	mine.Becomes("<@U0ELTWO>")
	follows.Becomes("<@U0ELTWO>").DoesntRead(lea)
}

// caseHandedOver: a colleague takes the agent's side.
func caseHandedOver(d *helpdesk) {
	card, mine := d.claimed()
	form := mine.Click("Hand over").Opens("Hand over")
	form.Submit()
	form.Refuses("Who goes on with it?", "Please choose who takes the case over.")
	form.Choose("Who goes on with it?", "U0BO").Submit()
	form.IsClosed()
	theirs := d.bo().ExpectDM("<@U0ELTWO>").HasButtons("Reply", "Hand over")
	theirs.ExpectReply("<@U0AGENT>")
	mine = mine.Becomes("<@U0BO>").HasButtons("Reply", "Hand over")
	card = card.Becomes("<@U0BO>")
	ask := card.As("U0ELTWO").Click("Ask the agent").Opens("Ask the agent")
	ask.Fill("Question", "Which mailbox?").Submit()
	card.Becomes("Waiting for the agent").As("U0ELTWO").ExpectReply("Which mailbox?")
	theirs.Becomes("Which mailbox?").ExpectReply("Which mailbox?")
	mine.Becomes("Which mailbox?")
}

// caseTooLate: the case went on meanwhile, and who comes too late reads it.
func caseTooLate(d *helpdesk) {
	card, mine := d.claimed()
	mineForm := card.As("U0ELTWO").Click("Resolve").Opens("Resolve")
	theirs := card.As("U0LTWO").Click("Resolve").Opens("Resolve")
	theirs.Choose("Outcome", "Not listed").Fill("Reason", "It's clean.").Submit()
	theirs.IsClosed()
	card = card.Becomes("Resolved", "It's clean.")
	card.As("U0ELTWO").ExpectReply("It's clean.")
	mine.Becomes("Resolved").ExpectReply("It's clean.")
	mineForm.Choose("Outcome", "Listed and removed").Fill("Reason", "I removed it.").Submit()
	if words := mineForm.Problem("Reason"); !strings.Contains(words, "was faster: they resolved this case") || strings.Contains(words, "<@") {
		d.t.Errorf("who comes too late reads %q", words)
	}
	mineForm.Close()
	id := d.valueOf(card, "Reopen")
	d.talk.As("U0ELTWO").In(l2Room).ClickGone("claim", id).Reads("resolved").OnlyFor("U0ELTWO")
	d.talk.As("U0ELTWO").In(l2Room).ClickGone("hand_back", id).Reads("resolved").OnlyFor("U0ELTWO")
	d.talk.As("U0AGENT").In(l2Room).ClickGone("reply", id).Reads("resolved").OnlyFor("U0AGENT")
	d.wantAudit(actions.ActResolve, actions.ActDone)
}

// caseOutsiders: who isn't in L2 reads so, and who has no role reads nothing else.
func caseOutsiders(d *helpdesk) {
	card, mine := d.escalated(d.ava())
	card.As("U0AGENT").Click("Claim").Reads("That takes L2").OnlyFor("U0AGENT")
	card.As("U0LEAD").Click("Claim").Reads("That takes L2").OnlyFor("U0LEAD")
	card.As("U0NOBODY").Click("Claim").Reads("you aren't set up").OnlyFor("U0NOBODY")
	d.bo().InDM().ClickGone("reply", d.valueOf(mine, "Reply")).Reads("follow").OnlyFor("U0BO")
	d.wantAudit(actions.ActClaim, actions.ActRefused, actions.ActRefused, actions.ActRefused)
}

// caseArchived: L2's channel is archived, so that nobody there reads of it.
func caseArchived(d *helpdesk) {
	d.slack.Archive(l2Room)
	d.ava().InDM().Command("/escalate blocklist " + lea).Reads("L2")
	mine := d.ava().ExpectDM("nobody has claimed it yet").Becomes("archived")
	mine.ExpectReply("archived")
	d.talk.In(leadsRoom).Expects("archived")
	d.slack.Unarchive(l2Room)
	form := d.lead().InDM().Command("/latchkey outbox").Reads("archived").Click("Retry").Opens("Deliver once more")
	form.Fill("Reason", "It is open again.").Submit()
	d.lead().InDM().ExpectDM("delivered once more")
	card := d.talk.In(l2Room).Expects(question("GW2010", lea)).HasButtons("Claim").Becomes("Open")
	mine.Becomes("nobody has claimed it yet").DoesntRead("archived")
	card.As("U0ELTWO").ExpectReply("again", "block since")
	card.As("U0ELTWO").ExpectReply("block since")
	mine.ExpectReply("L2 has your case now")
}

// caseGroupUnknown: nobody can be called, and everybody reads so.
func caseGroupUnknown(d *helpdesk) {
	d.slack.RemoveGroup(l2Group)
	d.ava().InDM().Command("/escalate blocklist " + lea).Reads("L2")
	plain := strings.ReplaceAll(question("GW2010", lea), "<!subteam^"+l2Group+">", "@support-melbourne")
	d.talk.In(l2Room).Expects(plain, "nobody was called").As("U0ELTWO").ExpectReply("block since")
	d.ava().ExpectDM("nobody has claimed it yet", "nobody was called")
}

// caseCardDeleted: somebody deleted L2's card by hand, and it comes back.
func caseCardDeleted(d *helpdesk) {
	card, mine := d.claimed()
	id := d.valueOf(card, "Resolve")
	card.IsDeletedByHand()
	reply := mine.Click("Reply").Opens("Reply")
	reply.Fill("Reason", "Any news?").Submit()
	again := d.talk.In(l2Room).Expects(question("GW2010", lea), "Claimed", "<@U0ELTWO>")
	again.As("U0ELTWO").ExpectReply("Any news?")
	again.As("U0ELTWO").ExpectReply("block since") // the details, once more
	d.talk.As("U0ELTWO").In(l2Room).ClickGone("hand_back", id)
	again.Becomes("Open").As("U0ELTWO").ExpectReply("handed this case back")
	mine.Becomes("nobody has claimed it yet")
}

// caseHostileTexts: what people and records say is shown, and mentions nobody.
func caseHostileTexts(d *helpdesk) {
	const hostile = `<!channel> <@U0BOSS> see <https://evil.example|our page> @here {"type":"section"} *bold* &lt;!here&gt;`
	card, mine := d.escalated(d.ava())
	card.As("U0ELTWO").Click("Claim")
	card = card.Becomes("Claimed")
	mine = mine.Becomes("<@U0ELTWO>")
	reply := mine.Click("Reply").Opens("Reply")
	reply.Fill("Reason", hostile).Submit()
	said := card.As("U0ELTWO").ExpectReply("our page", "bold")
	said.Mentions("U0AGENT", "U0ELTWO")
	resolve := card.As("U0ELTWO").Click("Resolve").Opens("Resolve")
	resolve.Choose("Outcome", "Something else").Fill("Reason", hostile).Submit()
	mine.Becomes("Resolved", "our page").Mentions("U0ELTWO", "U0AGENT")
	mine.ExpectReply("our page").Mentions("U0ELTWO")
	card.Becomes("Resolved", "our page").Mentions(l2Group, "U0ELTWO", "U0AGENT")
	card.As("U0ELTWO").ExpectReply("our page").Mentions("U0ELTWO")
}

// caseFormAlone: the command alone opens a form that asks everything.
func caseFormAlone(d *helpdesk) {
	form := d.ava().InDM().Command("/escalate").Opens("Escalate")
	form.Choose("What is it about?", "Security: under attack, taken over, a blocked network").Fill("Whom is it about?", "nobody-there").Fill("Reason", "Odd logins from two countries.").Submit()
	form.Refuses("Whom is it about?", "That names nobody, or more than one. Please write the customer's e-mail address, or look them up first.")
	form.Fill("Whom is it about?", lea).Submit()
	form.IsClosed()
	card := d.talk.In(l2Room).Expects("GW2010", "Odd logins from two countries.", "urgent").DoesntRead("Global Black List").HasButtons("Claim")
	card.As("U0ELTWO").ExpectReply("Odd logins")
	mine := d.ava().ExpectDM("nobody has claimed it yet")
	card.As("U0ELTWO").Click("Claim")
	card = card.Becomes("Claimed")
	mine = mine.Becomes("<@U0ELTWO>")
	resolve := card.As("U0ELTWO").Click("Resolve").Opens("Resolve").DoesntRead("Listed")
	resolve.Fill("Reason", "It was her, on holiday.").Submit()
	card.Becomes("Resolved", "on holiday").As("U0ELTWO").ExpectReply("on holiday")
	mine.Becomes("Resolved").ExpectReply("on holiday")
}

// caseDelistProtected: for a protected customer a second person decides.
func caseDelistProtected(d *helpdesk) {
	const grace = "grace@acme.example"
	d.sendsRecords(`{"type":"suppression","address":"` + grace + `","list":"complaint","since":"2026-03-01T08:00:00Z"}` + "\n")
	form := d.ava().InDM().Command("/escalate blocklist "+grace).Opens("Escalate", "GW1001", "complaint")
	form.Choose("Gateway ID", "GW1001 · Acme Ltd").Fill("Reason", "No mail arrives.").Submit()
	card := d.talk.In(l2Room).Expects(question("GW1001", grace))
	card.As("U0ELTWO").ExpectReply("complaint since")
	mine := d.ava().ExpectDM("nobody has claimed it yet")
	card.As("U0ELTWO").Click("Claim")
	card = card.As("U0ELTWO").Becomes("Claimed")
	mine = mine.Becomes("<@U0ELTWO>")
	card.Click("Remove from list")
	card = card.Becomes("Waiting for a lead")
	card.ExpectReply("second person")
	theirs := d.talk.As("U0ELTWO").ExpectDM("Remove from list – waiting for a second person")
	asked, other := d.asked("Remove from list", "protected")
	asked.Click("Approve")
	card.Becomes("Removed from the lists").ExpectReply("each was read again")
	theirs.Becomes("Remove from list – done")
	asked.Becomes("Approved")
	other.Becomes("Approved")
	mine.Becomes("Removed from the lists")
}

// caseHeard: what L2 writes in a case's thread is a sign of life, once, however
// often Slack tells of it; what others write, and elsewhere, is nothing.
func caseHeard(d *helpdesk) {
	d.app.Subscribe("message.channels", "message.groups")
	card, _ := d.claimed()
	id := d.valueOf(card, "Resolve")
	card.As("U0ELTWO").Reply("On it, their provider is slow.")
	event := d.app.LastEvent()
	for _, again := range []func() (*slackfake.Answer, error){
		func() (*slackfake.Answer, error) { return event.Retry(d.t.Context(), 1, "http_timeout") },
		func() (*slackfake.Answer, error) { return event.Renamed().Send(d.t.Context()) },
		func() (*slackfake.Answer, error) { return event.FromTeam("T0OTHER").Send(d.t.Context()) },
	} {
		if answer, err := again(); err != nil || answer.Status != 200 {
			d.t.Errorf("an event that comes again is answered %+v, %v", answer, err)
		}
	}
	card.As("U0AGENT").Reply("Thanks!")
	card.As("U0LTWO").Reply("I can help.")
	d.ltwo().In(l2Room).Says("Lunch?")
	d.end()
	d.beside(func(h *house) {
		events, err := h.store.EventsOf(d.t.Context(), id)
		var heard []escalation.Event
		for _, e := range events {
			if e.Kind == escalation.EventHeard {
				heard = append(heard, e)
			}
		}
		if err != nil || len(heard) != 1 || heard[0].Actor != "U0ELTWO" || heard[0].Text != "" {
			d.t.Errorf("heard were %+v, %v", heard, err)
		}
	})
}

// caseLists: each side finds its cases, with a link to the thread.
func caseLists(d *helpdesk) {
	d.ava().InDM().Command("/escalate list").Reads("nothing").DoesntRead(lea)
	card, mine := d.claimed()
	list := d.ava().InDM().Command("/escalate list mine").Reads("<@U0ELTWO>", "l•••@l•••.example").DoesntRead(lea)
	if link := list.Link(); !strings.Contains(link, "/archives/"+l2Room+"/p"+strings.ReplaceAll(card.TS(), ".", "")) {
		d.t.Errorf("the list leads to %q", link)
	}
	d.eltwo().In(l2Room).Command("/escalate list").Reads("<@U0ELTWO>")
	d.bo().InDM().Command("/escalate list mine").DoesntRead("l•••@l•••.example")
	d.bo().InDM().Command("/escalate list unclaimed").DoesntRead("l•••@l•••.example")
	d.bo().InDM().Command("/escalate list everything").Reads("mine")
	d.talk.As("U0NOBODY").InDM().Command("/escalate list").Reads("you aren't set up")
	mine.HasButtons("Reply", "Hand over")
}
