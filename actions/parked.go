package actions

import (
	"context"
	"crypto/rand"
	"time"
)

// Parked is a request made in a channel where it may not be carried out, kept
// so that nothing is typed again in the direct message. It was typed (Command
// and Text, with the ticket if one was named) or clicked (Action and Value).
type Parked struct {
	ID      string
	Actor   string
	Command string
	Text    string
	Action  string
	Value   string
	At      time.Time
}

// ParkTx keeps parked requests.
type ParkTx interface {
	// Park stores a request.
	Park(ctx context.Context, p Parked) error
	// Unpark removes and returns the actor's request of that ID, made later than
	// since; found is false when there is none.
	Unpark(ctx context.Context, id, actor string, since time.Time) (p Parked, found bool, err error)
}

const (
	// parkTime is how long a request is kept.
	parkTime = 30 * time.Minute
	// parkLimit is how long the parts of a request may be in all, in bytes:
	// longer than anything that Slack sends with a command or a button.
	parkLimit = 20_000
)

// Park keeps a request of the caller's for 30 minutes and returns the ID that
// fetches it. The request's ID, Actor and At are set here. The call's key isn't
// claimed: what the request asks for claims it when it is done.
//
// Errors: Forbidden for who has no role, Invalid for a request too long to be
// kept, Unavailable when the database doesn't answer.
func (a *Actions) Park(ctx context.Context, call Call, p Parked) (id string, err error) {
	if !call.Actor.Roles.Has(RoleAgent) {
		return "", ErrRefused()
	}
	if len(p.Command)+len(p.Text)+len(p.Action)+len(p.Value) > parkLimit {
		return "", Errorf(Invalid, "That is too long to be kept for our direct message. Please send it there.")
	}
	p.ID, p.Actor, p.At = rand.Text(), call.Actor.ID, Instant(a.Now())
	return p.ID, a.Store.Tx(ctx, func(tx Tx) error { return tx.Park(ctx, p) })
}

// Unpark returns the caller's own request, once, and within 30 minutes.
//
// Errors: Forbidden for who has no role, NotFound for a request that is gone or
// somebody else's, Unavailable when the database doesn't answer.
func (a *Actions) Unpark(ctx context.Context, call Call, id string) (p Parked, err error) {
	if !call.Actor.Roles.Has(RoleAgent) {
		return Parked{}, ErrRefused()
	}
	var found bool
	err = a.Store.Tx(ctx, func(tx Tx) (err error) {
		p, found, err = tx.Unpark(ctx, id, call.Actor.ID, Instant(a.Now()).Add(-parkTime))
		return err
	})
	if err == nil && !found {
		err = Errorf(NotFound, "That request was carried out already, or is older than %.0f minutes. Please send it again, here or in our direct message.", parkTime.Minutes())
	}
	return p, err
}
