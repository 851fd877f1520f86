package actions

import (
	"context"
	"time"
)

// RequestReport returns a request for its card. Errors: NotFound, Unavailable.
func (a *Actions) RequestReport(ctx context.Context, id string) (RequestReport, error) {
	r, found, err := a.Store.RequestByID(ctx, id)
	switch {
	case err != nil:
		return RequestReport{}, err
	case !found:
		return RequestReport{}, errNoRequest()
	}
	return a.reportRequest(ctx, r)
}

// RequestFor is RequestReport for who asked, or sits at the terminal. Errors:
// Forbidden for who may not; NotFound alike for one that nobody made and somebody
// else's; Unavailable.
func (a *Actions) RequestFor(ctx context.Context, call Call, id string) (RequestReport, error) {
	if !May(call.Actor.Roles, ActSecretLook) {
		return RequestReport{}, a.Refuse(ctx, call, ActSecretLook)
	}
	r, found, err := a.Store.RequestByID(ctx, id)
	switch {
	case err != nil:
		return RequestReport{}, err
	case !found || !owns(call.Actor.ID, r.Actor):
		return RequestReport{}, errNoRequest()
	}
	return a.reportRequest(ctx, r)
}

// errNoRequest is the one error for a request that nobody made and for somebody
// else's.
func errNoRequest() error {
	return Errorf(NotFound, "There is no such request of yours. After 90 days nothing is known of one any more; /secret list shows those there are.")
}

// reportRequest is a request as who asked sees it.
func (a *Actions) reportRequest(ctx context.Context, r SecretRequest) (RequestReport, error) {
	report := RequestReport{Zone: a.Zone}
	r.State, report.Since = r.StateAt(Instant(a.Now()))
	r.Proof, r.ViewProof = nil, nil
	mail, err := a.mailOf(ctx, r.Mail, r.UserID)
	report.Request, report.Mail = r, mail
	return report, err
}

// entry is the row of the audit about a request: what happened to it, and whom it
// is asked of, never what came.
func (r SecretRequest) entry(at time.Time, act Act, actor, what string) AuditEntry {
	return AuditEntry{
		At: at, Act: act, Actor: actor, Subject: r.UserID, Outcome: ActDone, Ticket: r.Ticket,
		Detail: aboutSealed(what, "request", r.ID, r.For),
	}
}

// tellAsker redraws the card of a request; with a kind of news, it says below it
// what has become of it.
func (a *Actions) tellAsker(ctx context.Context, tx Tx, r SecretRequest, news OutgoingKind) error {
	if !hasCards(r.Actor) {
		return nil
	}
	if err := a.Enqueue(ctx, tx, OutgoingRequest, r.Actor, r.ID); err != nil || news == "" {
		return err
	}
	return a.Enqueue(ctx, tx, news, r.Actor, r.ID)
}
