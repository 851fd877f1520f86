package actions

import (
	"context"
	"slices"
	"strings"
	"time"
)

// removedTime is how long a link is good by which a customer says that they deleted
// a temporary admin: several mails may wait at once to be read.
const removedTime = 30 * 24 * time.Hour

// remindersAfter are when a customer is asked again to delete a temporary admin, after
// they were asked first; then it is weekly.
var remindersAfter = []time.Duration{adminDay, 3 * adminDay, 7 * adminDay}

// remindCustomer asks the customer (again) to delete a temporary admin of theirs; t is
// locked, and stored by the caller with its next Due.
func (a *Actions) remindCustomer(ctx context.Context, tx Tx, t *TempAdmin) error {
	if err := a.closeRequest(ctx, tx, *t); err != nil {
		return err
	}
	mail := a.newMail("", t.UserID, TemplateAdminDelete, ChannelEmail)
	mail.Ref, mail.Details = t.ID, strings.TrimSpace(t.Where+"\n"+t.Reason)
	if err := tx.StartMail(ctx, mail); err != nil {
		return err
	}
	t.Tries++
	t.Due = t.nextReminder(mail.At)
	if t.Tries > 1 {
		return a.tellOwn(ctx, tx, *t, "", "")
	}
	return a.tellOwn(ctx, tx, *t, NewsAsked, "")
}

// nextReminder is when the customer is to be asked again, of one who was just asked:
// always later than now, also when the server was off meanwhile.
func (t TempAdmin) nextReminder(now time.Time) time.Time {
	for _, after := range remindersAfter {
		if at := t.EndingAt.Add(after); at.After(now) {
			return at
		}
	}
	weeks := now.Sub(t.EndingAt) / (7 * adminDay)
	return t.EndingAt.Add((weeks + 1) * 7 * adminDay)
}

// AdminRemoved says of a customer's own that they have deleted it, as the customer
// told the actor. Errors: as of [Actions.RevokeAdmin]; Conflict for a managed one, or
// one that the customer wasn't asked to delete.
func (a *Actions) AdminRemoved(ctx context.Context, call Call, id, reason string) (AdminReport, error) {
	if !May(call.Actor.Roles, ActAdminRemoved) {
		return AdminReport{}, a.Refuse(ctx, call, ActAdminRemoved)
	}
	if reason = strings.TrimSpace(reason); reason == "" {
		return AdminReport{}, aboutAdmin("reason", Errorf(Invalid, "Please say how you know that they deleted it; it stands in the audit."))
	}
	if err := CheckReason(reason); err != nil {
		return AdminReport{}, aboutAdmin("reason", err)
	}
	err := a.Store.Tx(ctx, func(tx Tx) error {
		t, found, err := tx.Admin(ctx, id)
		switch {
		case err != nil:
			return err
		case !found:
			return errNoAdmin()
		case t.State == AdminGone && t.Site == SiteCustomer:
			return nil // the report says so
		}
		if err := t.removable(); err != nil {
			return err
		}
		entry := t.ownEntry(Instant(a.Now()), ActAdminRemoved, call.Actor.ID, "they deleted it, as an agent says")
		entry.Reason = reason
		call.About = t.Ticket
		if err := a.record(ctx, tx, call, entry); err != nil {
			return err
		}
		return a.removed(ctx, tx, t, call.Actor.ID)
	})
	if err != nil {
		return AdminReport{}, a.stopped(ctx, call, ActAdminRemoved, err)
	}
	return a.AdminReport(ctx, id)
}

// removable says why a temporary admin isn't one of which somebody may say that it was
// deleted, nil when it is. Errors: Conflict.
func (t TempAdmin) removable() error {
	switch {
	case t.Site != SiteCustomer:
		return Errorf(Conflict, "This one is on a site that we manage: Latchkey deletes it, and looks there whether it is gone. Nobody has to say so.")
	case t.State == AdminRefused:
		return Errorf(Conflict, "No credentials ever came, so Latchkey doesn't follow it. If they made one already, please ask them to delete it.")
	case t.State != AdminEnding:
		return Errorf(Conflict, "The customer wasn't asked to delete it yet. Please press Ask to delete it first, if it isn't needed any more.")
	}
	return nil
}

// removed ends the record of a customer's own that was deleted; by is who says so,
// and isn't told. The row of the audit is its caller's.
func (a *Actions) removed(ctx context.Context, tx Tx, t TempAdmin, by string) error {
	t.State, t.EndedAt, t.Due, t.Trouble, t.TroubleSince = AdminGone, Instant(a.Now()), time.Time{}, "", time.Time{}
	if err := tx.PutAdmin(ctx, t); err != nil {
		return err
	}
	return a.tellOwn(ctx, tx, t, NewsGone, by)
}

// removedByLink takes a click on the page of a link by which a customer says that they
// deleted a temporary admin. The link is spent by the transaction that ends the record.
// When that is over already, they are thanked all the same.
func (a *Actions) removedByLink(ctx context.Context, link OneTimeLink, outcome LinkOutcome) (LinkOutcome, error) {
	user, err := a.user(ctx, link.UserID)
	if err != nil && CodeOf(err) != NotFound { // who was deleted may still answer
		return LinkOutcome{}, err
	}
	if outcome.Locale = user.Locale; outcome.State != LinkLive {
		return outcome, nil
	}
	spent := false
	err = a.Store.Tx(ctx, func(tx Tx) (err error) {
		now := Instant(a.Now())
		if spent, err = tx.SpendLink(ctx, link.ID, now); err != nil || !spent {
			return err
		}
		t, found, err := tx.Admin(ctx, link.Operation)
		if err != nil || !found || t.removable() != nil {
			return err
		}
		if err := a.removed(ctx, tx, t, linkOwner); err != nil {
			return err
		}
		return tx.Audit(ctx, t.ownEntry(now, ActAdminGone, linkOwner, "they deleted it, as they say by link"))
	})
	switch {
	case err != nil:
		return LinkOutcome{}, err
	case !spent:
		outcome.State = LinkSpent
	}
	return outcome, nil
}

// gatherAdmin reads the temporary admin that the message asks to delete, and the name
// under which its credentials were asked for.
func (a *Actions) gatherAdmin(ctx context.Context, p *posting) error {
	t, found, err := a.Store.AdminByID(ctx, p.mail.Ref)
	switch {
	case err != nil:
		return err
	case !found:
		return errForgotten()
	}
	r, _, err := a.Store.RequestByID(ctx, t.Request)
	p.admin, p.ticket, p.from = &t, t.Ticket, a.shownFrom(t.Actor, r.From)
	return err
}

// settleAdmin notes whether the customer could be asked to delete a temporary admin:
// who answers for it is told once that a mail failed, and sees why on the card.
func (a *Actions) settleAdmin(ctx context.Context, tx Tx, mail Mail) error {
	t, found, err := tx.Admin(ctx, mail.Ref)
	if err != nil || !found || t.State != AdminEnding {
		return err
	}
	var news AdminNews
	if mail.State == MailFailed {
		if t.Trouble == "" {
			news, t.TroubleSince = NewsTrouble, Instant(a.Now())
		}
		t.Trouble = mail.Why
	} else {
		t.Trouble, t.TroubleSince = "", time.Time{}
	}
	if err := tx.PutAdmin(ctx, t); err != nil {
		return err
	}
	return a.tellOwn(ctx, tx, t, news, "")
}

// tellOwn redraws the cards of a customer's own, and says below them, with news, what
// has become of it; by is who did it, and needn't be told.
func (a *Actions) tellOwn(ctx context.Context, tx Tx, t TempAdmin, news AdminNews, by string) error {
	if err := a.showAdmin(ctx, tx, t); err != nil || news == "" {
		return err
	}
	others := slices.DeleteFunc(t.people(), func(id string) bool { return id == by })
	return a.tellAdmin(ctx, tx, t, news, others...)
}

// errNoAdmin is for an ID that no temporary admin has.
func errNoAdmin() error {
	return Errorf(NotFound, "There is no such temporary admin, or it isn't on record any more. /tempadmin list shows those there are.")
}
