package actions

import (
	"context"
	"time"
)

// requestOpen are the states of a request that hasn't ended.
var requestOpen = []RequestState{RequestAsked, RequestReceived}

// WithdrawRequest takes a request back, for who asked or sits at the terminal: what
// may have come is deleted unopened. Whoever comes too late reads what has become of
// it, and nothing changes. It is a row of the audit.
//
// Errors: Forbidden for who may not, or was stopped; NotFound alike for a request
// that nobody made and somebody else's; Conflict for a request that was answered
// before; Unavailable.
func (a *Actions) WithdrawRequest(ctx context.Context, call Call, id string) (RequestReport, error) {
	if !May(call.Actor.Roles, ActSecretRevoke) {
		return RequestReport{}, a.Refuse(ctx, call, ActSecretRevoke)
	}
	err := a.Store.Tx(ctx, func(tx Tx) error {
		now := Instant(a.Now())
		r, found, err := tx.Request(ctx, id)
		switch {
		case err != nil:
			return err
		case !found || !owns(call.Actor.ID, r.Actor):
			return errNoRequest()
		}
		ended, err := tx.EndRequest(ctx, id, requestOpen, RequestWithdrawn, "", now)
		if err != nil || !ended {
			return err
		}
		if err := dropRequest(ctx, tx, r); err != nil {
			return err
		}
		if err := a.record(ctx, tx, call, r.entry(now, ActSecretRevoke, call.Actor.ID, "withdrawn")); err != nil {
			return err
		}
		return a.movedOn(ctx, tx, r, RequestWithdrawn, call.Actor.ID, "")
	})
	if err != nil {
		return RequestReport{}, a.stopped(ctx, call, ActSecretRevoke, err)
	}
	return a.RequestReport(ctx, id)
}

// dropRequest removes all that lies sealed of a request.
func dropRequest(ctx context.Context, tx Tx, r SecretRequest) error {
	if err := tx.DropSealed(ctx, r.ID, SealRequest, SealAnswer); err != nil || r.Mail == "" {
		return err
	}
	return tx.DropSealed(ctx, r.Mail, SealMail)
}

// endedRequest removes what lies sealed of a request that ended by itself in a state,
// records it, and tells who asked.
func (a *Actions) endedRequest(ctx context.Context, tx Tx, r SecretRequest, state RequestState, at time.Time, what string) error {
	if err := dropRequest(ctx, tx, r); err != nil {
		return err
	}
	if err := tx.Audit(ctx, r.entry(at, ActSecretEnded, clockActor, what)); err != nil {
		return err
	}
	return a.movedOn(ctx, tx, r, state, clockActor, OutgoingRequestNews)
}

// expireRequests ends the requests that ran out.
func (a *Actions) expireRequests(ctx context.Context) error {
	return expireEach(ctx, a, a.Store.RequestsOver, a.expireRequest)
}

// expireRequest ends a request that ran out, unless somebody else did.
func (a *Actions) expireRequest(ctx context.Context, over SecretRequest) (ended bool, err error) {
	err = a.Store.Tx(ctx, func(tx Tx) error {
		ended = false
		now := Instant(a.Now())
		r, found, err := tx.Request(ctx, over.ID)
		if err != nil || !found || r.ExpiresAt.After(now) {
			return err
		}
		if ended, err = tx.EndRequest(ctx, r.ID, requestOpen, RequestExpired, "", r.ExpiresAt); err != nil || !ended {
			return err
		}
		what := "expired unanswered"
		if r.State == RequestReceived {
			what = "expired unopened"
		}
		return a.endedRequest(ctx, tx, r, RequestExpired, now, what)
	})
	return ended && err == nil, err
}
