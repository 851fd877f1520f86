package actions

import (
	"context"
	"crypto/rand"
	"math"
	"slices"
	"time"
)

// HomeReport is what somebody's Home of the app shows of their own: what waits for
// them, and what of theirs has a clock.
type HomeReport struct {
	Approvals     []OperationReport // waiting for them, the oldest first
	MoreApprovals int
	Secrets       []SecretReport // live ones that they sent, newest first
	MoreSecrets   int
	Requests      []RequestReport      // asked and not opened
	Admins        AdminList            // that they asked for, or get in with
	Verified      []VerificationReport // callers who are proven, the newest first
	MoreVerified  int
	Looks         []Look
	Watches       []WatchReport
	Now           time.Time
	Zone          *time.Location
}

// HomeReads is what Home reads.
type HomeReads interface {
	// HeldBy returns the verifications of an actor that hold since later than since, the
	// newest first, at most limit.
	HeldBy(ctx context.Context, actor string, since time.Time, limit int) ([]Verification, error)
}

// HomeTx is how it is known whose Home is to be redrawn.
type HomeTx interface {
	// OpenHome remembers that somebody opened their Home, and which roles they hold.
	OpenHome(ctx context.Context, actor string, roles Roles, at time.Time) error
	// CloseHome forgets it.
	CloseHome(ctx context.Context, actor string) error
	// HomeOpen reports whether somebody opened their Home later than since.
	HomeOpen(ctx context.Context, actor string, since time.Time) (bool, error)
	// EnqueueHomes is Enqueue of a message like m, whose To and Ref are ignored, to each
	// who opened their Home later than since and holds one of the roles (0: whoever they
	// are): the first in the order of their IDs, at most limit. It takes as long for many
	// as for one.
	EnqueueHomes(ctx context.Context, m Outgoing, roles Roles, since time.Time, limit int) error
}

// The bounds of Home.
const (
	// homeMemory is for how long a Home is redrawn that nobody opened since.
	homeMemory = 14 * 24 * time.Hour
	// homesRedrawn is how many are, at most, when something changes that many see.
	homesRedrawn  = 100
	homeShown     = 10   // of each kind
	verifiedRead  = 200  // callers
	approvalsRead = 1000 // of all that wait for somebody
)

// Home is what the actor's Home shows. It is a row of the audit, and from then on
// their Home is redrawn when something on it changes. Errors: Forbidden, Conflict for a
// request that was answered before, Unavailable.
func (a *Actions) Home(ctx context.Context, call Call) (HomeReport, error) {
	if !May(call.Actor.Roles, ActHome) {
		return HomeReport{}, a.Refuse(ctx, call, ActHome)
	}
	report, err := a.HomeAgain(ctx, call.Actor)
	if err != nil || !a.Store.Keyed() {
		return report, err
	}
	return report, a.Store.Tx(ctx, func(tx Tx) error {
		if err := a.record(ctx, tx, call, AuditEntry{At: report.Now, Act: ActHome, Outcome: ActDone}); err != nil {
			return err
		}
		return tx.OpenHome(ctx, call.Actor.ID, call.Actor.Roles, report.Now)
	})
}

// HomeAgain is Home for drawing it anew: without a row of the audit. Errors:
// Forbidden for who holds no role any more, Unavailable.
func (a *Actions) HomeAgain(ctx context.Context, actor Actor) (r HomeReport, err error) {
	if !May(actor.Roles, ActHome) {
		return HomeReport{}, ErrRefused()
	}
	r.Now, r.Zone = Instant(a.Now()), a.zone()
	for _, read := range []func(context.Context, Actor, *HomeReport) error{
		a.homeApprovals, a.homeSecrets, a.homeAdmins, a.homeVerified, a.homeLooks,
	} {
		if err := read(ctx, actor, &r); err != nil {
			return HomeReport{}, err
		}
	}
	return r, nil
}

// homeApprovals reads what waits for somebody as the second person.
func (a *Actions) homeApprovals(ctx context.Context, actor Actor, r *HomeReport) error {
	open, err := a.approvalsFor(ctx, actor, r.Now)
	if err != nil {
		return err
	}
	r.MoreApprovals = max(len(open)-homeShown, 0)
	r.Approvals, err = a.approvalReports(ctx, open[:min(len(open), homeShown)])
	return err
}

// approvalsFor are the approvals that wait for somebody, the oldest first.
func (a *Actions) approvalsFor(ctx context.Context, actor Actor, now time.Time) ([]Approval, error) {
	if !May(actor.Roles, ActApprove) {
		return nil, nil
	}
	open, err := a.Store.OpenApprovals(ctx, approvalsRead)
	return slices.DeleteFunc(open, func(p Approval) bool { return !slices.Contains(p.Asked, actor.ID) || !p.Until.After(now) }), err
}

// approvalReports say what each approval is about. Those that are gone are left out.
func (a *Actions) approvalReports(ctx context.Context, approvals []Approval) ([]OperationReport, error) {
	var reports []OperationReport
	for _, approval := range approvals {
		report, err := a.Report(ctx, approval.Operation)
		switch {
		case CodeOf(err) == NotFound:
			continue
		case err != nil:
			return nil, err
		}
		reports = append(reports, report)
	}
	return reports, nil
}

// homeSecrets reads the secrets and requests of somebody that aren't over.
func (a *Actions) homeSecrets(ctx context.Context, actor Actor, r *HomeReport) error {
	secrets, err := a.Store.SecretsBy(ctx, actor.ID, secretsRead) // as many as their list has
	if err != nil {
		return err
	}
	secrets = slices.DeleteFunc(secrets, func(s Secret) bool { state, _ := s.StateAt(r.Now); return state != SecretLive })
	requests, err := a.Store.RequestsBy(ctx, actor.ID, secretsRead)
	if err != nil {
		return err
	}
	requests = slices.DeleteFunc(requests, func(q SecretRequest) bool {
		state, _ := q.StateAt(r.Now)
		return state != RequestAsked && state != RequestReceived
	})
	r.MoreSecrets = max(len(secrets)-homeShown, 0) + max(len(requests)-homeShown, 0)
	for _, s := range secrets[:min(len(secrets), homeShown)] {
		report, err := a.reportSecret(ctx, s)
		if err != nil {
			return err
		}
		r.Secrets = append(r.Secrets, report)
	}
	for _, q := range requests[:min(len(requests), homeShown)] {
		report, err := a.reportRequest(ctx, q)
		if err != nil {
			return err
		}
		r.Requests = append(r.Requests, report)
	}
	return nil
}

// homeAdmins reads the temporary admins that somebody answers for, or gets in with.
func (a *Actions) homeAdmins(ctx context.Context, actor Actor, r *HomeReport) (err error) {
	r.Admins, err = a.Admins(ctx, Call{Actor: actor}, true, 0)
	return err
}

// homeVerified reads which callers somebody has proven, for as long as that holds.
func (a *Actions) homeVerified(ctx context.Context, actor Actor, r *HomeReport) error {
	held, err := a.verifiedBy(ctx, actor, r.Now)
	if err != nil {
		return err
	}
	r.MoreVerified = max(len(held)-homeShown, 0)
	r.Verified, err = a.verifiedReports(ctx, held[:min(len(held), homeShown)])
	return err
}

// verifiedBy are the verifications of somebody that hold, the newest first.
func (a *Actions) verifiedBy(ctx context.Context, actor Actor, now time.Time) ([]Verification, error) {
	return a.Store.HeldBy(ctx, actor.ID, now.Add(-verifiedTime), verifiedRead)
}

// verifiedReports say who is proven. Who isn't on record any more is left out.
func (a *Actions) verifiedReports(ctx context.Context, held []Verification) ([]VerificationReport, error) {
	var reports []VerificationReport
	for _, v := range held {
		user, err := a.user(ctx, v.UserID)
		switch {
		case CodeOf(err) == NotFound:
			continue
		case err != nil:
			return nil, err
		}
		reports = append(reports, a.proofReport(v, user, Mail{}, false))
	}
	return reports, nil
}

// homeLooks reads whom somebody looked up last, and whom they wait for.
func (a *Actions) homeLooks(ctx context.Context, actor Actor, r *HomeReport) (err error) {
	if a.Store.Keyed() {
		rows, err := a.Store.Looks(ctx, actor.ID, looksRead)
		if err != nil {
			return err
		}
		if r.Looks, err = a.looks(ctx, newestLooks(rows)); err != nil {
			return err
		}
	}
	r.Watches, err = a.OpenWatches(ctx, actor.ID)
	return err
}

// onHome says whose Home shows what a message of this kind tells: that of who gets it,
// or of all who hold one of the roles.
func (k OutgoingKind) onHome() (own bool, roles Roles) {
	switch k {
	case OutgoingApproval, OutgoingVerification, OutgoingSecret, OutgoingRequest, OutgoingCaseAgent, OutgoingAdmin, OutgoingWatchEnded:
		return true, 0
	case OutgoingCase:
		return false, Roles(RoleL2)
	case OutgoingIncident:
		return false, Roles(RoleLead)
	default:
		return false, 0
	}
}

// redrawHomes has those Homes drawn anew that show what a message tells.
func (a *Actions) redrawHomes(ctx context.Context, tx Tx, kind OutgoingKind, to string) error {
	switch own, roles := kind.onHome(); {
	case own:
		return a.redrawHome(ctx, tx, to)
	case roles != 0:
		return tx.EnqueueHomes(ctx, a.homeDrawn(ctx), roles, Instant(a.Now()).Add(-homeMemory), homesRedrawn)
	}
	return nil
}

// redrawHome has somebody's Home drawn anew, if they opened it lately.
func (a *Actions) redrawHome(ctx context.Context, tx Tx, actor string) error {
	open, err := tx.HomeOpen(ctx, actor, Instant(a.Now()).Add(-homeMemory))
	if err != nil || !open {
		return err
	}
	return a.Enqueue(ctx, tx, OutgoingHome, actor, actor)
}

// homeDrawn is a message that draws a Home anew.
func (a *Actions) homeDrawn(ctx context.Context) Outgoing {
	now := Instant(a.Now())
	return Outgoing{ID: rand.Text(), Kind: OutgoingHome, At: now, Due: now, Request: RequestID(ctx)}
}

// redrawEveryHome has every Home drawn anew, however long ago it was opened: what it
// shows stands in Slack until then.
func (a *Actions) redrawEveryHome(ctx context.Context, tx Tx) error {
	return tx.EnqueueHomes(ctx, a.homeDrawn(ctx), 0, time.Unix(0, 0), math.MaxInt32)
}

// HomeGone forgets that somebody opened their Home: Slack doesn't know them any more.
func (a *Actions) HomeGone(ctx context.Context, actor string) error {
	return a.Store.Tx(ctx, func(tx Tx) error { return tx.CloseHome(ctx, actor) })
}
