package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/actions/records"
	"github.com/latchkey-bot/latchkey/bot/slackfake/conversation"
)

// leadTalks are the conversations about lockouts, incidents and Home.
var leadTalks = map[string]func(*helpdesk){
	"Lockouts": lockoutsTold, "LockoutsAsked": lockoutsAsked, "Incident": incidentTold, "IncidentDeclined": incidentDeclined,
	"HomeOfAnAgent": homeOfAnAgent, "HomeOfALead": homeOfALead, "HomeWithMore": homeWithMore, "ShiftHandedOver": shiftHandedOver,
}

// takes imports records beside the server.
func (d *helpdesk) takes(lines string) {
	d.t.Helper()
	d.beside(func(h *house) {
		if _, err := h.actions.Import(d.t.Context(), atTerminal(), actions.Import{Lines: records.Read("more", strings.NewReader(lines))}); err != nil {
			d.t.Fatal(err)
		}
	})
}

// outagePeople is how many work there.
const outagePeople = 24

// outage is what goes wrong at a company, whose new login page sends old
// passwords: since half an hour each was locked out. Pat is protected, and somebody
// locked Manu by hand.
func outage(now time.Time) string {
	var b strings.Builder
	b.WriteString(`{"type":"account","id":"out","name":"Outage Ltd","status":"active"}` + "\n")
	for i := range outagePeople {
		id := fmt.Sprintf("u-out-%d", i)
		protected, kind := i == 0, "attempts"
		if i == 1 {
			kind = "manual"
		}
		fmt.Fprintf(&b, `{"type":"user","id":%q,"username":"out.%d","email":"out.%d@outage.example","first_name":"Outa","last_name":"Ger%d","status":"active","protected":%t}`+"\n", id, i, i, i, protected)
		fmt.Fprintf(&b, `{"type":"membership","user_id":%q,"account_id":"out","role":"member","status":"active"}`+"\n", id)
		begun := now.Add(-30 * time.Minute).Add(time.Duration(i) * time.Minute)
		fmt.Fprintf(&b, `{"type":"attempt","at":%q,"identifier":"out.%d","user_id":%q,"outcome":"success","ip":"100.64.7.%d"}`+"\n", now.Add(-40*time.Hour).Format(time.RFC3339), i, id, 10+i)
		for try := range 5 {
			fmt.Fprintf(&b, `{"type":"attempt","at":%q,"identifier":"out.%d","user_id":%q,"outcome":"locked","ip":"100.64.7.%d","user_agent":"NewLogin/2"}`+"\n",
				begun.Add(time.Duration(try)*time.Minute).Format(time.RFC3339), i, id, 10+i)
		}
		fmt.Fprintf(&b, `{"type":"lock","id":"l-%s","user_id":%q,"kind":%q,"at":%q}`+"\n", id, id, kind, begun.Format(time.RFC3339))
	}
	return b.String()
}

// lockoutsTold: the digest in the leads' channel, and the lists behind its numbers.
func lockoutsTold(d *helpdesk) {
	noon := time.Now().UTC().Truncate(24 * time.Hour).Add(-36 * time.Hour) // nobody else was locked out then, whatever time it is
	d.takes(outage(noon))
	day := noon.Format(time.DateOnly)
	d.beside(func(h *house) {
		err := h.actions.Store.Tx(d.t.Context(), func(tx actions.Tx) error {
			return h.actions.Enqueue(d.t.Context(), tx, actions.OutgoingDigest, leadsRoom, day)
		})
		if err != nil {
			d.t.Fatal(err)
		}
	})
	digest := d.talk.In(leadsRoom).Expects("Lockouts on", "were locked out", "Why", "The audit has")
	list := digest.As("U0LEAD").Click("Show customers", day+"+1||customers|0").Reads("Who was locked out* · 1 to 15 of 24").OnlyFor("U0LEAD")
	list.Click("Show more").Reads("16 to 24 of 24").OnlyFor("U0LEAD")
	digest.As("U0BOSS").Click("Show who is out").Reads("not in yet").OnlyFor("U0BOSS")
	d.lead().ClickGone("outbox", "-").Reads("delivered").OnlyFor("U0LEAD")
	d.lead().ClickGone("lockout_list", "nonsense").Reads("leads nowhere", "/lockouts").OnlyFor("U0LEAD")
	d.ava().ClickGone("lockout_list", day+"+1||customers|0").Reads("takes a lead").OnlyFor("U0AGENT")
	d.wantAudit(actions.ActLockouts, actions.ActDone, actions.ActDone, actions.ActDone, actions.ActRefused)
}

// lockoutsAsked: on demand, for days and for an account, and by nobody but leads.
func lockoutsAsked(d *helpdesk) {
	d.takes(outage(time.Now().UTC().Add(-2 * time.Hour))) // an incident would be told, too
	d.lead().Command("/lockouts").Reads("locked out", "The audit has").OnlyFor("U0LEAD")
	d.lead().Command("/lockouts 7d").Reads("customers", "were locked out", "Why", "Too many tries").OnlyFor("U0LEAD")
	d.lead().Command("/lockouts 7d Outage Ltd").Reads("Outage Ltd", "customers").DoesntRead("Names that nobody has").OnlyFor("U0LEAD")
	d.lead().Command("/latchkey lockouts 30d").Reads("were locked out")
	d.lead().Command("/lockouts sometimes").Reads("today", "yesterday", "7d", "30d")
	d.ava().Command("/lockouts").Reads("takes a lead").DoesntRead("customers").OnlyFor("U0AGENT")
}

// incidentBegins has a company locked out, and returns the card that tells the leads of it,
// which may be drawn anew whenever a minute is over.
func (d *helpdesk) incidentBegins() *conversation.Message {
	d.t.Helper()
	d.takes(outage(time.Now().UTC()))
	d.beside(func(h *house) {
		h.actions.LeadsChannel = leadsRoom
		if err := h.actions.WatchIncidents(context.WithoutCancel(d.t.Context())); err != nil {
			d.t.Fatal(err)
		}
	})
	const title = "customers fail the same way"
	return d.talk.In(leadsRoom).Expects(title).Becomes(title)
}

// incidentTold: the leads read of it, one has all unlocked whom it locked, once
// another approved, and who was left out is named.
func incidentTold(d *helpdesk) {
	card := d.incidentBegins().Reads("locked", "100.64.7.0/24", "Outage Ltd", "NewLogin/2").HasButtons("Show customers", "Unlock all")
	card.As("U0LEAD").Click("Show customers").Reads("Outa Ger").OnlyFor("U0LEAD")
	d.ava().Command("/diagnose out.5@outage.example").Reads("customers fail the same way")
	d.ava().ClickGone("bulk_unlock", d.valueOf(card, "Unlock all")).Reads("takes a lead").OnlyFor("U0AGENT")

	form := card.As("U0LEAD").Click("Unlock all").Opens("Unlock all")
	form.Fill("Reason", " ").Submit()
	form.Refuses("Reason", "Please say why; it stands in the audit.")
	form.Fill("Reason", "The new login page sent old passwords.").Submit()
	form.IsClosed()
	mine := d.lead().ExpectDM("Unlock all", "waiting for a second person").HasButtons("Withdraw", "Show customers")
	asked := d.boss().ExpectDM("Unlock all", "second person").HasButtons("Approve", "Decline")
	asked.Click("Approve")
	asked.Becomes("Approved by <@U0BOSS>")
	mine = mine.Becomes("Unlock all", "done", "23 of 28 customers unlocked", "5 left out")
	mine.Reads("Outa Ger0", "rotected", "Outa Ger1").HasButtons("Show customers", "Show who was left out")
	mine.Click("Show who was left out").Reads("5 in all", "Outa Ger0", "They are protected: unlock them one by one", "Outa Ger1").HasButtons("Diagnose", "Diagnose", "Diagnose", "Diagnose", "Diagnose").OnlyFor("U0LEAD")
	card = card.Becomes("23 of 28", "left out")
	d.lead().ClickGone("bulk_left_out", d.valueOf(card, "Show who was left out")+"99").Reads("there are no more").OnlyFor("U0LEAD")
	d.lead().ClickGone("bulk_left_out", "nonsense|x").Reads("leads nowhere").OnlyFor("U0LEAD")
	d.ava().ClickGone("bulk_left_out", d.valueOf(card, "Show who was left out")).Reads("takes a lead").OnlyFor("U0AGENT")
	d.ava().Command("/diagnose out.5@outage.example").Reads("just_unlocked")
	d.ava().Command("/diagnose out.0@outage.example").DoesntRead("just_unlocked")
	rows := d.wantAudit(actions.ActBulkUnlock, actions.ActRefused, actions.ActDone)
	if rows[1].Actor != "U0LEAD" || rows[1].Approver != "U0BOSS" {
		d.t.Errorf("it is recorded as %+v", rows[1])
	}
	unlocked := d.audited(actions.ActUnlock)
	if len(unlocked) != 23 {
		d.t.Errorf("there are %d rows of unlocks", len(unlocked))
	}
}

// incidentDeclined: nobody is unlocked whom no second person let go.
func incidentDeclined(d *helpdesk) {
	card := d.incidentBegins()
	form := card.As("U0LEAD").Click("Unlock all").Opens("Unlock all")
	form.Fill("Reason", "It is over.").Submit()
	mine := d.lead().ExpectDM("waiting for a second person")
	asked := d.boss().ExpectDM("second person")
	d.lead().ClickGone("approve", d.valueOf(asked, "Approve")).Reads("yourself").OnlyFor("U0LEAD")
	asked.Click("Decline")
	asked.Becomes("Declined by <@U0BOSS>")
	mine.Becomes("declined it")
	card.Becomes("not done", "declined it").HasButtons("Show customers", "Unlock all")
	d.wantAudit(actions.ActUnlock)
}

// homeOfAnAgent: what is theirs, with its clock, and what they may press; it follows
// what they do.
func homeOfAnAgent(d *helpdesk) {
	ava := d.ava()
	home := ava.OpensHome().Reads("Who can't log in?", "Waiting for you").DoesntRead("Today's numbers", "The queue")
	home.Click("Send a secret").Opens("secret").Close()
	home.Click("Ask for a secret").Opens("secret").Close()
	home.Click("Escalate").Opens("Escalate").Close()
	home.Click("Show temporary admins").Reads("emporary admin").OnlyFor("U0AGENT")
	ava.ClickGone("secret_list", "-").Reads("secret").OnlyFor("U0AGENT")
	d.escalated(ava)
	home = ava.ExpectHome("Your open cases", "Léa Fontaine")
	home.Click("Show all cases").Reads("Open").OnlyFor("U0AGENT")
	d.ltwo().OpensHome().Reads("The queue, most urgent first").DoesntRead("Today's numbers")
}

// homeOfALead: today's numbers, and what waits for them.
func homeOfALead(d *helpdesk) {
	d.lead().OpensHome().Reads("Today's numbers", "locked out", "so far")
	d.asksToReenableSam()
	d.lead().ExpectHome("Waiting for you", "Re-enable", "<@U0AGENT>", "|Open the card>")
	d.lead().ClickGone("home_list", "approvals|0").Reads("Waiting for you", "Re-enable", "asked by <@U0AGENT>", "|Open the card>", "1 in all").OnlyFor("U0LEAD")
	d.ava().ClickGone("home_list", "approvals|0").Reads("nothing more").OnlyFor("U0AGENT")
}

// homeWithMore: what Home has no room for has a list.
func homeWithMore(d *helpdesk) {
	d.takes(outage(time.Now().UTC().Add(-2 * time.Hour)))
	ava := d.ava()
	for n := range 17 {
		ava.Command(fmt.Sprintf("/diagnose out.%d@outage.example", n)).Click("Tell me when they're in").Reads("in")
	}
	home := ava.OpensHome().Reads("You are waiting for", "…and 7 more")
	ava.Command("/diagnose out.17@outage.example").Click("Tell me when they're in").Reads("in")
	ava.ExpectHome("…and 8 more")
	home.Click("Show all whom you wait for").Reads("You are waiting for* · 1 to 15 of 18", "and 3 more").OnlyFor("U0AGENT").Click("Show more").Reads("16 to 18 of 18")
	ava.ClickGone("home_list", "verified|0").Reads("nothing more").OnlyFor("U0AGENT")
	card, typed := d.proving(ava, "mia@acme.example")
	typed.Fill("Code", codeIn(d.t, d.mailTo("mia@acme.example").Text)).Submit()
	card.Becomes("Verified", "by e-mail")
	ava.ExpectHome("Callers verified", "Mia")
	ava.ClickGone("home_list", "verified|0").Reads("Callers verified", "Mia", "by e-mail", "1 in all").OnlyFor("U0AGENT")
	ava.ClickGone("home_list", "watches").Reads("leads nowhere").OnlyFor("U0AGENT")
	ava.ClickGone("home_list", "everything|0").Reads("leads nowhere").OnlyFor("U0AGENT")
	d.wantAudit(actions.ActHome, actions.ActDone, actions.ActDone, actions.ActDone, actions.ActDone, actions.ActDone)
}

// shiftHandedOver: at the end of a shift all open cases go to a colleague at once.
func shiftHandedOver(d *helpdesk) {
	ava := d.ava()
	card, mine := d.escalated(ava)
	home := ava.OpensHome().Reads("Your open cases")
	form := home.Click("Hand over").Opens("Hand over")
	form.Fill("Who takes over?", "U0BO").Submit()
	form.IsClosed()
	mine.Becomes("<@U0BO>")
	card.Becomes("now with <@U0BO>")
	ava.ExpectDM("1 case has gone over to <@U0BO>")
	ava.ExpectHome("no case of yours is late").DoesntRead("Your open cases")
	d.bo().ExpectDM("nobody has claimed it yet").ExpectReply("handed this case over to you")
	d.wantAudit(actions.ActCaseHandOver, actions.ActDone)
}
