package actions

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// creatingAdmin makes a temporary admin on a site that we manage (RULES S3.2).
var creatingAdmin = procedure{
	act:   ActTempAdmin,
	about: aTempAdmin,
	check: checkCreateAdmin,
	steps: []step{
		{kind: ChangeAdminMade, what: "making the user", site: true},
		{kind: ChangeAdminChecked, what: "checking that the user is an administrator", site: true},
	},
	does:   createAdminDoes,
	settle: settleCreated,
}

// extendingAdmin lets a temporary admin live longer. Nothing is done on its target.
var extendingAdmin = procedure{
	act:   ActExtendAdmin,
	about: aTempAdmin,
	check: checkExtendAdmin,
	does: func(op Operation) []string {
		admin := adminParams(op)
		return []string{fmt.Sprintf("Lets %s on %s, by which <@%s> gets in, live until %s, and no longer.", admin.Login, admin.TargetName, admin.Receiver, admin.Ends)}
	},
	settle: settleExtended,
}

// adoptingAdmin has somebody answer for a temporary admin that was found.
var adoptingAdmin = procedure{
	act:   ActAdoptAdmin,
	about: aTempAdmin,
	check: checkAdoptAdmin,
	steps: []step{{kind: ChangeAdminChecked, what: "looking for the user", site: true}},
	does: func(op Operation) []string {
		admin := adminParams(op)
		return []string{
			fmt.Sprintf("Has <@%s> answer for %s on %s, which was found there.", admin.Receiver, admin.Login, admin.TargetName),
			fmt.Sprintf("Deletes it on %s, or as soon as its ticket is solved, and looks that it is gone.", admin.Ends),
		}
	},
	settle: settleAdopted,
}

// adminParams are the parameters of an operation on a temporary admin.
func adminParams(op Operation) AdminParams {
	if op.Params.Admin == nil {
		return AdminParams{}
	}
	return *op.Params.Admin
}

// same reports whether two orders are for the same of a temporary admin: its login
// and its end differ with each.
func (p *AdminParams) same(other *AdminParams) bool {
	if p == nil || other == nil {
		return p == other
	}
	return p.Target == other.Target && p.Receiver == other.Receiver && p.Days == other.Days
}

func createAdminDoes(op Operation) []string {
	admin := adminParams(op)
	lives := fmt.Sprintf("%d days", admin.Days)
	if admin.Days == 1 {
		lives = "a day"
	}
	return []string{
		fmt.Sprintf("Makes an administrator on %s, with the login %s.", admin.TargetName, admin.Login),
		fmt.Sprintf("Makes up its password, which nobody sees: it lies sealed until <@%s> makes a one-time secret of it.", admin.Receiver),
		fmt.Sprintf("Deletes it %s after it was made, or as soon as its ticket is solved, and looks that it is gone.", lives),
	}
}

// adminState is the state that a plan about a temporary admin is made over.
type adminState struct {
	kept     TempAdmin // as it is on record
	found    bool      // it is; one that is to be made isn't, before it was asked for
	targeted bool      // its target is there
	may      bool      // who gets in may use Latchkey
}

// adminPlan reads the state that a plan about a temporary admin is made over. Errors:
// Invalid for an order that doesn't say what to do, Unavailable.
func (a *Actions) adminPlan(ctx context.Context, act Act, id string, params Params) (*plan, error) {
	if params.Admin == nil {
		return nil, Errorf(Invalid, "That doesn't say which temporary admin. Please ask for it with /tempadmin.")
	}
	state := adminState{may: true}
	var err error
	if state.kept, state.found, err = a.Store.AdminByID(ctx, id); err != nil {
		return nil, err
	}
	if _, state.targeted, err = a.Store.TargetByID(ctx, params.Admin.Target); err != nil {
		return nil, err
	}
	if state.found { // before, who gets in was looked at with the form
		if state.may, err = a.mayGetIn(ctx, params.Admin.Receiver); err != nil {
			return nil, err
		}
	}
	nobody := newSituation(Snapshot{At: Instant(a.Now()), Users: []User{{ID: id}}}, a.Rules, a.Directory.Abilities())
	return &plan{situation: nobody, row: act, params: params, admin: &state}, nil
}

// mayGetIn reports whether somebody holds a role, so that a temporary admin may be
// theirs. Errors: Unavailable.
func (a *Actions) mayGetIn(ctx context.Context, id string) (bool, error) {
	if a.Staff == nil {
		return false, Errorf(Unavailable, "Slack doesn't say who may do what, so nothing was done. Please try again in a minute.")
	}
	roles, err := a.Staff.RolesOf(ctx, id)
	return roles.Has(RoleAgent), err
}

// checkAdmin refuses what can be done with no temporary admin.
func (p *plan) checkAdmin() {
	admin := p.params.Admin
	if !p.admin.targeted {
		p.refuse("", fmt.Sprintf("The target %s isn't there any more, so nothing can be done on it. Please choose another.", admin.TargetName))
	}
	if !p.admin.may {
		p.refuse("", fmt.Sprintf("<@%s>, who would get in, may not use Latchkey any more. Please ask for it for somebody else.", admin.Receiver))
	}
}

// checkCreateAdmin looks whether one is still to be made.
func checkCreateAdmin(p *plan) {
	p.checkAdmin()
	if p.admin.found && p.admin.kept.State != AdminAsked {
		p.refuse("", "It was ended before anybody approved it. Please ask for a new one, if you still need it.")
	}
}

// checkExtendAdmin looks whether one can live longer.
func checkExtendAdmin(p *plan) {
	p.checkAdmin()
	switch kept := p.admin.kept; {
	case kept.Site == SiteCustomer:
		p.refuse("", "It is on the customer's own site, and ends when they delete it. Please ask the customer for a new one.")
	case kept.State != AdminInUse:
		p.refuse("", "It isn't in use, so it can't live longer. Please ask for a new one.")
	case !p.params.Admin.Until.After(kept.ExpiresAt):
		p.refuse("", "It lives as long as that already. Please choose more days.")
	case !p.params.Admin.Until.After(p.At):
		p.refuse("", "That end is over already. Please ask for a new one.")
	}
}

// checkAdoptAdmin looks whether nobody answers for one.
func checkAdoptAdmin(p *plan) {
	p.checkAdmin()
	switch {
	case p.admin.kept.State != AdminStray:
		p.refuse("", "Somebody answers for it, or it is gone, so there is nothing to adopt.")
	case !p.params.Admin.Until.After(p.At):
		p.refuse("", "That end is over already. Please ask for it anew.")
	}
}

// adminOf is the temporary admin that an operation is to make, as it is stored with
// the intent; nil when it makes none.
func adminOf(op Operation) *TempAdmin {
	if op.Act != ActTempAdmin {
		return nil
	}
	admin := adminParams(op)
	return &TempAdmin{
		ID: op.Subject, Site: SiteManaged, State: AdminAsked, Target: admin.Target, Login: admin.Login,
		Actor: op.Actor, Receiver: admin.Receiver, Reason: op.Reason, Ticket: op.Ticket, Operation: op.ID, At: op.At, Days: admin.Days,
	}
}

// justCreated are the operations by which somebody asked for temporary admins on a
// target later than since, newest first.
func (a *Actions) justCreated(ctx context.Context, actor, target string, since time.Time) ([]Operation, error) {
	admins, err := a.Store.AdminList(ctx, AdminFilter{Actor: actor, Target: target}, operationsRead)
	if err != nil {
		return nil, err
	}
	var begun []Operation
	for _, t := range admins {
		if !t.At.After(since) || t.Operation == "" {
			continue
		}
		op, err := a.Store.OperationByID(ctx, t.Operation)
		if err != nil {
			return nil, err
		}
		begun = append(begun, op)
	}
	return begun, nil
}

// The user that is made: nobody can take it over by a mail about its password, since
// no mail reaches that domain (RFC 2606).
const (
	adminName   = "Temporary support admin"
	adminDomain = "@latchkey.invalid"
)

// takeSiteStep takes a step on the target of a temporary admin, and says what went
// wrong, nil for nothing. Its errors leave the operation as it is.
func (a *Actions) takeSiteStep(ctx context.Context, op Operation, s step) (*mishap, error) {
	t, found, err := a.Store.TargetByID(ctx, adminParams(op).Target)
	if err != nil {
		return nil, err
	}
	first := op.firstTry()
	if !found {
		return &mishap{why: "the target isn't there any more. Please tell your Latchkey admin.", untouched: first}, nil
	}
	site, err := a.site(ctx, t)
	switch {
	case errors.Is(err, errShut):
		return &mishap{why: spoken(t.Name, err), untouched: first}, nil
	case err != nil:
		return nil, err
	}
	goes := target{name: t.Name, limit: SiteLimit, again: "Please see whether the site is up before you ask again."}
	if s.kind == ChangeAdminMade {
		password, err := a.passwordOf(ctx, op, SealAdmin)
		if err != nil {
			return nil, err
		}
		goes.makes(op, site, password)
	} else {
		a.checksAdmin(&goes, op, site)
	}
	change := Change{ID: op.ID + "/" + string(s.kind), Kind: s.kind, UserID: op.Subject, At: op.Params.Begun}
	return a.takeStepAt(ctx, op, goes, change), nil
}

// firstTry reports whether nobody took a step of an operation before: it runs under
// its first lease.
func (op Operation) firstTry() bool {
	return op.Step == 0 && op.LeasedUntil.Equal(op.Params.Begun.Add(leaseTime))
}

// makes has a target get the user that an operation is to make. Whatever it answers,
// what it shows then counts: it is untouched only when it shows nobody.
func (t *target) makes(op Operation, site Site, password string) {
	login, touched, nobody := adminParams(op).Login, !op.firstTry(), false
	t.apply = func(ctx context.Context, _ Change) error {
		_, err := site.Make(ctx, SiteUser{Login: login, Name: adminName, Email: login + adminDomain, Admin: true}, password)
		if !errors.Is(err, ErrTurnedAway) && CodeOf(err) != Conflict {
			touched = true
		}
		return err
	}
	t.otherwise = "doesn't show the user"
	t.shows = func(ctx context.Context, _ Change) (bool, error) {
		_, found, err := site.Look(ctx, login, "")
		nobody = err == nil && !found
		return found, err
	}
	t.contrary = t.name + " turned Latchkey away, and shows the user all the same."
	t.untouched = func() bool { return !touched && nobody }
}

// checksAdmin has a target asked whether it shows the user, and as an administrator;
// the user's ID there is kept.
func (a *Actions) checksAdmin(t *target, op Operation, site Site) {
	t.apply = func(context.Context, Change) error { return nil }
	t.lacks = t.name + " doesn't show the user as an administrator."
	t.shows = func(ctx context.Context, _ Change) (bool, error) {
		user, found, err := site.Look(ctx, adminParams(op).Login, "")
		if err != nil || !found || !user.Admin {
			return false, err
		}
		return true, a.keepRemote(ctx, op.Subject, user.ID)
	}
}

// keepRemote stores which ID the target gave to a temporary admin.
func (a *Actions) keepRemote(ctx context.Context, id, remote string) error {
	return a.Store.Tx(ctx, func(tx Tx) error {
		t, found, err := tx.Admin(ctx, id)
		if err != nil || !found || t.RemoteID == remote {
			return err
		}
		t.RemoteID = remote
		return tx.PutAdmin(ctx, t)
	})
}

// leaves says what a failed operation leaves of the temporary admin that it was to
// make.
func (op *Operation) leaves(wrong mishap) {
	if op.Act != ActTempAdmin {
		return
	}
	if !wrong.untouched {
		op.Why += " Latchkey looks for what there may be of the user, and deletes it."
		return
	}
	admin := adminParams(*op)
	admin.Untouched = true
	op.Params.Admin = &admin
	op.Why += " There is nothing of the user."
}
