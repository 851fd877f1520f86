package bot

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
	"github.com/latchkey-bot/latchkey/escalation"
)

// home draws the app's Home when somebody opens it.
func (b *Bot) home(ctx context.Context, r request) (*reply, error) {
	report, err := b.actions.Home(ctx, r.call)
	if err != nil {
		return nil, err
	}
	return nil, b.publishHome(ctx, r.call.Actor, report)
}

// redrawHome draws somebody's Home anew because something on it changed. Who holds no
// role any more has none.
func (b *Bot) redrawHome(ctx context.Context, user string) error {
	self, err := b.roster.whoami(ctx)
	if err != nil {
		return err
	}
	roles, err := b.roster.rolesOf(ctx, self.Team, user, false)
	if err != nil {
		return err
	}
	actor := actions.Actor{ID: user, Roles: roles}
	if !actions.May(roles, actions.ActHome) {
		return errors.Join(b.workspace.PublishHome(ctx, user, blocks.Failure(actions.Explain(actions.ErrRefused())).Blocks), b.actions.HomeGone(ctx, user))
	}
	report, err := b.actions.HomeAgain(ctx, actor)
	if err != nil {
		return err
	}
	err = b.publishHome(ctx, actor, report)
	if errors.Is(err, ErrUndeliverable) { // they left, and nobody misses it
		return b.actions.HomeGone(ctx, user)
	}
	return err
}

// homeList shows the whole of a part of Home that has no room for it.
func (b *Bot) homeList(ctx context.Context, r request) (*reply, error) {
	of, offset, ok := blocks.ReadHomeRef(r.value)
	if !ok {
		return nil, actions.Errorf(actions.Invalid, "That button leads nowhere any more. Please open Home again.")
	}
	page, err := b.actions.HomeList(ctx, r.call, of, offset)
	if err != nil {
		return nil, err
	}
	links := map[string]string{}
	b.linkApprovals(ctx, r.call.Actor, page.Approvals, links)
	return newReply(blocks.HomeList(page, links))
}

// queueOnHome is how many cases of L2's queue stand on a Home.
const queueOnHome = 10

// publishHome draws a Home with all that its owner may see.
func (b *Bot) publishHome(ctx context.Context, actor actions.Actor, report actions.HomeReport) error {
	view := blocks.HomeView{
		Viewer: actor.Roles, Zone: report.Zone, Now: report.Now,
		Approvals: report.Approvals, MoreApprovals: report.MoreApprovals, Secrets: report.Secrets, MoreSecrets: report.MoreSecrets,
		Requests: report.Requests, Admins: report.Admins, Verified: report.Verified, MoreVerified: report.MoreVerified, Looks: report.Looks, Watches: report.Watches,
		Help: b.helpFor(actor.Roles), Links: map[string]string{},
	}
	var err error
	if view.Cases, err = b.desk.Own(ctx, actions.Call{Actor: actor}); err != nil {
		return err
	}
	if actor.Roles.Has(actions.RoleL2) {
		queue, err := b.desk.Queue(ctx, queueOnHome)
		if err != nil {
			return err
		}
		view.Queue = &queue
	}
	if actor.Roles.Has(actions.RoleLead) {
		b.showToday(ctx, actor, &view)
	}
	b.linkCases(ctx, &view)
	b.linkApprovals(ctx, actor, view.Approvals, view.Links)
	return b.workspace.PublishHome(ctx, actor.ID, blocks.Home(view))
}

// showToday puts today's numbers on a Home. Without them the rest of it is as good as ever.
func (b *Bot) showToday(ctx context.Context, actor actions.Actor, view *blocks.HomeView) {
	today, err := b.today.get(ctx, b.now(), b.countToday)
	if err != nil {
		b.log.ErrorContext(ctx, "today's numbers could not be counted for a Home", "actor", actor.ID, "error", err)
		view.Uncounted = true
		return
	}
	view.Today, view.Desk, view.Incidents = &today.report, today.desk, today.report.Incidents
}

// linkApprovals says where somebody's cards of approvals stand, by their IDs.
func (b *Bot) linkApprovals(ctx context.Context, actor actions.Actor, shown []actions.OperationReport, links map[string]string) {
	for _, r := range shown {
		if r.Approval != nil {
			links[r.Approval.ID] = b.linkOf(ctx, actions.OutgoingApproval, actor.ID, r.Approval.ID)
		}
	}
}

// linkCases says where the cards of a Home's cases stand.
func (b *Bot) linkCases(ctx context.Context, view *blocks.HomeView) {
	shown := view.Cases.Cases
	if view.Queue != nil {
		shown = append(shown[:len(shown):len(shown)], view.Queue.Cases...)
	}
	for _, c := range shown {
		if _, known := view.Links[c.ID]; !known {
			view.Links[c.ID] = b.linkTo(ctx, c)
		}
	}
}

// todayKeeps is for how long today's numbers are good, and todayLimit how long counting
// them may take.
const (
	todayKeeps = 20 * time.Second
	todayLimit = 20 * time.Second
)

// today is what leads see of today's lockouts, counted at most three times a minute,
// however many of them look.
type today struct {
	counting singleflight.Group
	mu       sync.Mutex
	kept     numbersOfToday
	at       time.Time
}

// numbersOfToday are what leads see of today.
type numbersOfToday struct {
	report actions.LockoutReport
	desk   escalation.Numbers
}

// get returns today's numbers, counted anew when they are old. Who stops waiting leaves
// the counting to the others.
func (t *today) get(ctx context.Context, now time.Time, count func(context.Context) (numbersOfToday, error)) (numbersOfToday, error) {
	if kept, fresh := t.known(now); fresh {
		return kept, nil
	}
	counted := t.counting.DoChan("", func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), todayLimit)
		defer cancel()
		n, err := count(ctx)
		if err == nil {
			t.keep(n, now)
		}
		return n, err
	})
	select {
	case <-ctx.Done():
		return numbersOfToday{}, ctx.Err()
	case r := <-counted:
		n, _ := r.Val.(numbersOfToday)
		return n, r.Err
	}
}

func (t *today) known(now time.Time) (numbersOfToday, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	age := now.Sub(t.at)
	return t.kept, !t.at.IsZero() && age >= 0 && age < todayKeeps
}

func (t *today) keep(n numbersOfToday, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.kept, t.at = n, now
}

// countToday counts today's numbers.
func (b *Bot) countToday(ctx context.Context) (n numbersOfToday, err error) {
	if n.report, err = b.actions.LockoutsToday(ctx); err != nil {
		return n, err
	}
	n.desk, err = b.desk.Numbers(ctx, n.report.From, n.report.Until)
	return n, err
}

// sendSecret opens the form of a one-time secret from Home.
func (b *Bot) sendSecret(ctx context.Context, r request) (*reply, error) {
	return nil, b.openSecretForm(ctx, r, blocks.SecretForm{})
}

// askSecret opens the form of a request for one.
func (b *Bot) askSecret(ctx context.Context, r request) (*reply, error) {
	return nil, b.openRequestForm(ctx, r, blocks.RequestForm{})
}

// escalateSomebody opens the form of an escalation that also asks whom it is about.
func (b *Bot) escalateSomebody(ctx context.Context, r request) (*reply, error) {
	return nil, b.openEscalateWhom(ctx, r, "")
}

// handShift opens the form that hands all one's open cases to a colleague.
func (b *Bot) handShift(ctx context.Context, r request) (*reply, error) {
	own, err := b.desk.Own(ctx, r.call)
	if err != nil {
		return nil, err
	}
	cases := len(own.Cases) + own.More
	if cases == 0 {
		return nil, actions.Errorf(actions.Conflict, "You have no open case, so there is nothing to hand over.")
	}
	return nil, b.workspace.OpenModal(ctx, r.in.Trigger, blocks.HandShiftModal(cases))
}

// shiftHanded hands them over.
func (b *Bot) shiftHanded(ctx context.Context, r request) (*reply, error) {
	colleague := r.in.Inputs[blocks.ColleagueInput]
	if !userID.MatchString(colleague) {
		return nil, inField(blocks.ColleagueInput, nil, "Please choose who takes your cases over.")
	}
	shift, err := b.desk.HandShift(ctx, r.call, colleague)
	if err != nil {
		return nil, b.besideText(ctx, blocks.ColleagueInput, err)
	}
	return newReply(blocks.ShiftHanded(shift))
}
