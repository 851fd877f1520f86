package actions

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
)

// AdminNews says what is told below the card of a temporary admin.
type AdminNews string

// The news.
const (
	NewsReceived AdminNews = "received" // customer's own: the credentials came
	NewsDay      AdminNews = "day"      // it ends in 24 h
	NewsHour     AdminNews = "hour"     // it ends in an hour
	NewsTrouble  AdminNews = "trouble"  // it can't be deleted for an hour
	NewsGone     AdminNews = "gone"     // it is gone
	NewsAsked    AdminNews = "asked"    // customer's own: they were asked to delete it
	NewsUnsent   AdminNews = "unsent"   // customer's own: no credentials came, or the mail failed
)

// AdminReport returns a temporary admin for its card. Errors: NotFound, Unavailable.
func (a *Actions) AdminReport(ctx context.Context, id string) (AdminReport, error) {
	t, found, err := a.Store.AdminByID(ctx, id)
	if err != nil || !found {
		return AdminReport{}, cmp.Or[error](err, errNoAdmin())
	}
	return a.wholeAdmin(ctx, t)
}

// wholeAdmin is a temporary admin with all that people need to see of it.
func (a *Actions) wholeAdmin(ctx context.Context, t TempAdmin) (AdminReport, error) {
	r, err := a.reportAdmin(ctx, t)
	if err != nil {
		return AdminReport{}, err
	}
	if t.Site == SiteCustomer {
		r.Mails, err = a.adminMails(ctx, t)
		return r, err
	}
	since := r.Now.Add(-2 * approvalTime)
	begun, err := a.Store.OperationsOf(ctx, t.ID, since, operationsRead)
	if err != nil {
		return AdminReport{}, err
	}
	for _, op := range begun {
		if op.State == OperationAsked {
			waits, err := a.reportOf(ctx, op)
			if err != nil {
				return AdminReport{}, err
			}
			r.Waits = &waits
			break
		}
	}
	return r, nil
}

// adminMails are the messages to the customer, newest first: the last by which they
// were asked to delete it, and the one by which they were asked to make it.
func (a *Actions) adminMails(ctx context.Context, t TempAdmin) ([]MailReport, error) {
	var reports []MailReport
	mail, found, err := a.Store.MailFor(ctx, t.ID)
	if err != nil {
		return nil, err
	}
	if found {
		report, err := a.mailOf(ctx, mail.ID, t.UserID)
		if err != nil {
			return nil, err
		}
		reports = append(reports, *report)
	}
	r, found, err := a.Store.RequestByID(ctx, t.Request)
	if err != nil || !found {
		return reports, err
	}
	report, err := a.mailOf(ctx, r.Mail, t.UserID)
	if report != nil {
		reports = append(reports, *report)
	}
	return reports, err
}

// AdminFor is AdminReport for who asks, by ID, or by login as it is typed. Errors: also
// Forbidden; Conflict when several targets have one of that login.
func (a *Actions) AdminFor(ctx context.Context, call Call, named string) (AdminReport, error) {
	if !May(call.Actor.Roles, ActAdminLook) {
		return AdminReport{}, a.Refuse(ctx, call, ActAdminLook)
	}
	named = strings.TrimSpace(named)
	t, found, err := a.Store.AdminByID(ctx, named)
	if err == nil && !found {
		t, err = a.adminCalled(ctx, strings.ToLower(named))
	}
	if err != nil {
		return AdminReport{}, err
	}
	return a.wholeAdmin(ctx, t)
}

// adminCalled is the one temporary admin of a login, on whatever target. Errors:
// NotFound, Conflict for several, Unavailable.
func (a *Actions) adminCalled(ctx context.Context, login string) (TempAdmin, error) {
	if !strings.HasPrefix(login, AdminPrefix) {
		return TempAdmin{}, errNoAdmin()
	}
	targets, err := a.Store.Targets(ctx)
	if err != nil {
		return TempAdmin{}, err
	}
	var there []TempAdmin
	for _, target := range targets {
		t, found, err := a.Store.AdminAt(ctx, target.ID, login)
		if err != nil {
			return TempAdmin{}, err
		}
		if found {
			there = append(there, t)
		}
	}
	switch len(there) {
	case 0:
		return TempAdmin{}, errNoAdmin()
	case 1:
		return there[0], nil
	}
	return TempAdmin{}, Errorf(Conflict, "Several targets have one called %s. Please choose it from /tempadmin list.", login)
}

// AdminList is a page of a list of temporary admins.
type AdminList struct {
	Open   []AdminReport // those that aren't final, those in trouble first, then by their end
	Offset int           // from which on
	More   int           // how many more there are behind them
	Now    time.Time
	Zone   *time.Location
	Alone  bool // only the actor's own
}

// The bounds of a list.
const (
	adminsRead  = 10_000
	adminsShown = 50
)

// Admins lists the temporary admins that aren't gone, from an offset on: everybody's, or
// the actor's own. Errors: Forbidden, Invalid for an offset that there isn't,
// Unavailable.
func (a *Actions) Admins(ctx context.Context, call Call, own bool, offset int) (AdminList, error) {
	if !May(call.Actor.Roles, ActAdminLook) {
		return AdminList{}, a.Refuse(ctx, call, ActAdminLook)
	}
	if offset < 0 || offset > offsetMost {
		return AdminList{}, Errorf(Invalid, "There is no such list. Please open it again.")
	}
	filter := AdminFilter{Open: true}
	if own {
		filter.Actor = call.Actor.ID
	}
	open, err := a.Store.AdminList(ctx, filter, adminsRead)
	if err != nil {
		return AdminList{}, err
	}
	count, err := a.Store.AdminCount(ctx, filter)
	if err != nil {
		return AdminList{}, err
	}
	slices.SortStableFunc(open, TempAdmin.urgency)
	shown := pageOf(open, offset, adminsShown)
	list := AdminList{Offset: offset, More: max(count-offset-len(shown), 0), Now: Instant(a.Now()), Zone: a.zone(), Alone: own}
	for _, t := range shown {
		read := a.reportAdmin
		if t.State == AdminAsked && t.Site == SiteManaged { // it waits for somebody, or is being made
			read = a.wholeAdmin
		}
		report, err := read(ctx, t)
		if err != nil {
			return AdminList{}, err
		}
		list.Open = append(list.Open, report)
	}
	return list, nil
}

// urgency orders temporary admins for a list: those that nobody answers for, or that
// can't be deleted, first, then by their end; those that haven't begun last.
func (t TempAdmin) urgency(other TempAdmin) int {
	rank := func(t TempAdmin) int {
		switch {
		case t.State == AdminStray || t.Trouble != "":
			return 0
		case t.State == AdminEnding:
			return 1
		case t.ExpiresAt.IsZero():
			return 3
		}
		return 2
	}
	return cmp.Or(rank(t)-rank(other), t.ExpiresAt.Compare(other.ExpiresAt), strings.Compare(t.ID, other.ID))
}
