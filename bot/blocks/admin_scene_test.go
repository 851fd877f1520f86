package blocks_test

import (
	"fmt"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// day is a day of 24 h.
const day = 24 * time.Hour

// shop is a site that we manage.
func shop() actions.Target {
	return actions.Target{ID: "t-1", Name: "Acme shop", Kind: actions.TargetWordPress, URL: "https://shop.acme.example", User: "latchkey", Reassign: "editor", At: ago(90 * day)}
}

// managed is a temporary admin on the shop, asked for by Ava for Ben, in a state.
func managed(state actions.AdminState) actions.AdminReport {
	t := actions.TempAdmin{
		ID: "a-1", Site: actions.SiteManaged, State: state, Target: "t-1", Login: "support-temp-k3x9p2ma7q", Actor: "U0AGENT", Receiver: "U0BEN", Approver: "U0LEA",
		Reason: "the checkout shows an error on this site only", Ticket: "#4711", Operation: "o-1", At: ago(2 * day), BegunAt: ago(2 * day), ExpiresAt: now.Add(day), Days: 3,
	}
	r := actions.AdminReport{Admin: t, Target: shop(), Now: now, Zone: time.UTC}
	switch state {
	case actions.AdminAsked:
		r.Admin.Approver, r.Admin.BegunAt, r.Admin.ExpiresAt = "", time.Time{}, time.Time{}
	case actions.AdminInUse:
		r.Handout = actions.HandoutWaits
	case actions.AdminStray:
		r.Admin = actions.TempAdmin{ID: "a-1", Site: actions.SiteManaged, State: state, Target: "t-1", Login: "support-temp-old", RemoteID: "7", At: now}
	case actions.AdminEnding, actions.AdminGone, actions.AdminRefused, actions.AdminReceived:
		r.Admin.End, r.Admin.EndedBy, r.Admin.EndingAt = actions.AdminSolved, "zendesk", ago(2*time.Minute)
	}
	if state == actions.AdminGone {
		r.Admin.EndedAt = ago(time.Minute)
	}
	return r
}

// waiting is one that a second person must approve: to be made, extended or adopted.
func waiting(act actions.Act, state actions.AdminState) actions.AdminReport {
	r := managed(state)
	op := orders(act, actions.OperationAsked, r)
	op.Admin = nil
	r.Waits = &op
	return r
}

// orders is an operation on a temporary admin, in a state.
func orders(act actions.Act, state actions.OperationState, about actions.AdminReport) actions.OperationReport {
	r := operation(act, state)
	r.Person, r.Does = actions.Person{}, []string{"An administrator is made on Acme shop.", "It is deleted when its time is over."}
	p := &actions.AdminParams{Target: "t-1", TargetName: "Acme shop", Login: about.Admin.Login, Receiver: "U0BEN", Days: 3}
	if act != actions.ActTempAdmin {
		p.Days, p.Until, p.Ends = 0, now.Add(3*day), "Tue 17 Mar 09:52"
	}
	r.Operation.Subject, r.Operation.Reason, r.Operation.Params.Admin, r.Admin = "a-1", "the checkout shows an error on this site only", p, &about
	r.Approval = &actions.Approval{ID: "p-1", Operation: "o-1", Asked: []string{"U0LEA", "U0BOB"}, State: actions.ApprovalAsked, At: now, Until: now.Add(30 * time.Minute)}
	if state == actions.OperationDone || state == actions.OperationFailed {
		r.Approval.State, r.Approval.By, r.Approval.DecidedAt, r.Operation.Approver = actions.ApprovalGiven, "U0LEA", now, "U0LEA"
	}
	if state == actions.OperationFailed {
		r.Operation.Why = "Acme shop doesn't answer."
	}
	return r
}

// stuck is one that its site hasn't let go for a while.
func stuck() actions.AdminReport {
	r := managed(actions.AdminEnding)
	r.Admin.Trouble = "Acme shop turned Latchkey away (401): its application password isn't valid any more. Make a new one there and run latchkey targets add again."
	r.Admin.TroubleSince, r.Admin.Tries, r.Admin.Due = ago(70*time.Minute), 7, now.Add(30*time.Minute)
	r.ByHand = []string{
		"Log in at https://shop.acme.example/wp-admin as an administrator.", "Open Users, All Users, and search for support-temp-k3x9p2ma7q.",
		"Press Delete below the name, choose to attribute all content to editor, and press Confirm Deletion.",
	}
	return r
}

// back is one that was gone, and is there again.
func back() actions.AdminReport {
	r := managed(actions.AdminStray)
	r.Admin.Actor, r.Admin.Receiver, r.Admin.Reason, r.Admin.Ticket, r.Admin.At = "U0AGENT", "U0BEN", "the checkout", "#4711", ago(9*day)
	return r
}

// passwordOf is the secret of the password of a temporary admin, in a state.
func passwordOf(state actions.SecretState) actions.SecretReport {
	r := handedOut(state)
	r.Secret.For = "support-temp-k3x9p2ma7q"
	return r
}

// customers is one that a customer makes on their own site, in a state.
func customers(state actions.AdminState) actions.AdminReport {
	t := actions.TempAdmin{
		ID: "a-2", Site: actions.SiteCustomer, State: state, UserID: "u-1", For: "j•••@a•••.example", Where: "https://jane.example", Request: "r-1",
		Actor: "U0AGENT", Receiver: "U0AGENT", Reason: "the error shows only behind the login", Ticket: "#4711", At: ago(5 * time.Hour), Days: 3,
	}
	r := actions.AdminReport{Admin: t, Now: now, Zone: time.UTC, Mails: []actions.MailReport{
		{Kind: actions.DeliveryNotice, Via: actions.ChannelEmail, To: "j•••@a•••.example", State: actions.MailSent, At: ago(5 * time.Hour)},
	}}
	if state != actions.AdminAsked && state != actions.AdminRefused {
		r.Admin.BegunAt, r.Admin.ExpiresAt = ago(time.Hour), now.Add(3*day-time.Hour)
	}
	switch state {
	case actions.AdminEnding, actions.AdminGone:
		r.Admin.End, r.Admin.EndedBy, r.Admin.EndingAt, r.Admin.Tries, r.Admin.Due = actions.AdminRevoked, "U0AGENT", ago(time.Minute), 2, now.Add(3*day)
	case actions.AdminRefused:
		r.Admin.End = actions.AdminUnsent
	case actions.AdminAsked, actions.AdminReceived, actions.AdminInUse, actions.AdminStray:
	}
	if state == actions.AdminGone {
		r.Admin.EndedAt, r.Admin.Due = now, time.Time{}
	}
	return r
}

// undelivered is r whose last mail failed.
func undelivered(r actions.AdminReport) actions.AdminReport {
	r.Mails = []actions.MailReport{{
		Kind: actions.DeliveryNotice, Via: actions.ChannelEmail, To: "j•••@a•••.example", State: actions.MailFailed, Why: "The mail server doesn't know this mailbox.", At: now,
	}}
	return r
}

// adminForm is what the forms offer on a day of the week.
func adminForm(weekend bool) actions.AdminForm {
	other := shop()
	other.ID, other.Name = "t-2", "Zürich <demo>"
	f := actions.AdminForm{
		Targets: []actions.Target{shop(), other}, Least: 1, Most: actions.AdminDaysMost, Usual: 1, CanMail: true, Now: now, Zone: time.FixedZone("AEDT", 11*3600),
	}
	if weekend {
		f.Least, f.Usual, f.Weekend = 3, 3, true
	}
	return f
}

// adminList is a list of one in trouble, one in use and one that is asked for.
func adminList() actions.AdminList {
	return actions.AdminList{
		Open: []actions.AdminReport{stuck(), managed(actions.AdminInUse), customers(actions.AdminAsked), managed(actions.AdminStray)}, Now: now, Zone: time.UTC,
	}
}

// manyTargets are as many sites.
func manyTargets(n int, name string) []actions.Target {
	var all []actions.Target
	for i := range n {
		t := shop()
		t.ID, t.Name = fmt.Sprintf("target-with-an-id-%03d", i), fmt.Sprintf("%s %03d", name, i)
		all = append(all, t)
	}
	return all
}
