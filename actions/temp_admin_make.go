package actions

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"time"
)

// AdminForm is what the forms about temporary admins offer now. Errors: Forbidden,
// Unavailable.
func (a *Actions) AdminForm(ctx context.Context, call Call) (AdminForm, error) {
	if !May(call.Actor.Roles, ActAdminLook) {
		return AdminForm{}, a.Refuse(ctx, call, ActAdminLook)
	}
	targets, err := a.Store.Targets(ctx)
	if err != nil {
		return AdminForm{}, err
	}
	now, ticket := Instant(a.Now()), ""
	err = a.Store.Tx(ctx, func(tx Tx) error {
		ticket, err = call.ticket(ctx, tx, now)
		return err
	})
	if err != nil {
		return AdminForm{}, err
	}
	least, usual := AdminDays(now, a.Zone)
	return AdminForm{
		Targets: targets, Least: least, Most: AdminDaysMost, Usual: usual, Weekend: least > adminDaysUsual,
		CanMail: a.CanMail(), CanSeal: a.CanSendSecrets(), Ticket: ticket, Now: now, Zone: a.zone(),
	}, nil
}

// CreateAdmin makes a temporary admin on a site that we manage, once a second person,
// neither who asks nor who gets in, has approved it (RULES S3.2, S3.4). Nobody sees
// its password: it lies sealed until who gets in makes a one-time secret of it.
//
// What the target fails to do is a report with the state failed, and no error; what
// there may be of the user is deleted then.
//
// Errors: as of [Actions.Do]; Invalid for a target that isn't there, a receiver who
// may not use Latchkey, or a lifetime that it can't have (see [AdminField]).
func (a *Actions) CreateAdmin(ctx context.Context, call Call, n NewAdmin) (OperationReport, error) {
	if !MayAsk(call.Actor.Roles, ActTempAdmin) {
		return OperationReport{}, a.Refuse(ctx, call, ActTempAdmin)
	}
	params, err := a.newAdmin(ctx, call.Actor.ID, n)
	if err != nil {
		return OperationReport{}, err
	}
	return a.do(ctx, call, Order{Act: ActTempAdmin, UserID: rand.Text(), Reason: n.Reason, Params: Params{Admin: &params}})
}

// newAdmin looks at what is asked for, and fills in the usual. Errors: Invalid, about a
// field; Unavailable.
func (a *Actions) newAdmin(ctx context.Context, actor string, n NewAdmin) (AdminParams, error) {
	target, err := a.targetNamed(ctx, n.Target)
	if err != nil {
		return AdminParams{}, aboutAdmin("target", err)
	}
	params := AdminParams{Target: target.ID, TargetName: target.Name, Login: newAdminLogin(), Receiver: cmp.Or(n.Receiver, actor)}
	may, err := a.mayGetIn(ctx, params.Receiver)
	switch {
	case err != nil:
		return params, err
	case !may:
		return params, aboutAdmin("receiver", Errorf(Invalid, "They may not use Latchkey, so a temporary admin can't be theirs. Please choose a colleague of the support team."))
	}
	if params.Days, err = a.adminDays(n.Days); err != nil {
		return params, err
	}
	return params, checkAdminReason(n.Reason)
}

// targetNamed is a target by its ID or its name. Errors: Invalid when there is none;
// Unavailable.
func (a *Actions) targetNamed(ctx context.Context, named string) (Target, error) {
	t, found, err := a.Store.TargetByID(ctx, named)
	if err == nil && !found {
		t, found, err = a.Store.TargetByName(ctx, strings.TrimSpace(named))
	}
	if err == nil && !found {
		err = Errorf(Invalid, "There is no such target. Please choose one of the list, or ask your Latchkey admin to add it.")
	}
	return t, err
}

// checkAdminReason looks at the reason, for the field of the form.
func checkAdminReason(reason string) error {
	if strings.TrimSpace(reason) == "" {
		return aboutAdmin("reason", Errorf(Invalid, "Please say why; it stands in the audit."))
	}
	return aboutAdmin("reason", CheckReason(strings.TrimSpace(reason)))
}

// adminLoginRandom is how many random characters a login has behind AdminPrefix: 49
// bits.
const adminLoginRandom = 10

// newAdminLogin makes the login of a temporary admin, such as "support-temp-k7dpm3wx9a".
func newAdminLogin() string {
	const characters = passwordLetters + passwordDigits
	login := []byte(AdminPrefix)
	for range adminLoginRandom {
		login = append(login, characters[random(len(characters))])
	}
	return string(login)
}

// ExtendAdmin lets a temporary admin end so many days of 24 h from now, and never
// more than 7, once a second person has approved it. Errors: as of
// [Actions.CreateAdmin]; NotFound; Conflict for one that isn't in use, or wouldn't live
// longer.
func (a *Actions) ExtendAdmin(ctx context.Context, call Call, id, reason string, days int) (OperationReport, error) {
	days = cmp.Or(days, adminDaysUsual)
	check := func() error {
		if days < 1 || days > AdminDaysMost {
			return aboutAdmin("days", Errorf(Invalid, "It can live for 1 to %d days from now. Please choose one of them.", AdminDaysMost))
		}
		return nil
	}
	return a.decideEnd(ctx, call, ActExtendAdmin, id, reason, func() (int, error) { return days, check() })
}

// AdoptAdmin makes a stray the actor's, who answers for it from then on: it ends so
// many days from now. Errors: as of [Actions.ExtendAdmin]; Conflict for what is no
// stray.
func (a *Actions) AdoptAdmin(ctx context.Context, call Call, id, reason string, days int) (OperationReport, error) {
	return a.decideEnd(ctx, call, ActAdoptAdmin, id, reason, func() (int, error) { return a.adminDays(days) })
}

// decideEnd begins an operation by which a temporary admin on record ends so many days
// from now, however late it is approved.
func (a *Actions) decideEnd(ctx context.Context, call Call, act Act, id, reason string, lives func() (days int, err error)) (OperationReport, error) {
	if !MayAsk(call.Actor.Roles, act) {
		return OperationReport{}, a.Refuse(ctx, call, act)
	}
	t, found, err := a.Store.AdminByID(ctx, id)
	if err != nil || !found {
		return OperationReport{}, cmp.Or[error](err, errNoAdmin())
	}
	days, err := lives()
	if err == nil {
		err = checkAdminReason(reason)
	}
	if err != nil {
		return OperationReport{}, err
	}
	target, _, err := a.Store.TargetByID(ctx, t.Target)
	if err != nil {
		return OperationReport{}, err
	}
	until := Instant(a.Now()).Add(time.Duration(days) * adminDay)
	params := AdminParams{
		Target: t.Target, TargetName: target.Name, Login: t.Login, Receiver: t.Receiver, Days: days,
		Until: until, Ends: until.In(a.zone()).Format("Monday 2 January 2006, 15:04 MST"),
	}
	if act == ActAdoptAdmin {
		params.Receiver = call.Actor.ID
	}
	return a.do(ctx, call, Order{Act: act, UserID: t.ID, Reason: reason, Params: Params{Admin: &params}})
}

// AdminField names the field of a form that an error of these acts is about:
// "target", "receiver", "days", "reason", "for" or "where"; "" for none.
func AdminField(err error) string {
	var field adminField
	if errors.As(err, &field) {
		return string(field)
	}
	if IsAboutFor(err) {
		return "for"
	}
	return ""
}
