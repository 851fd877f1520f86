package main

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/sandbox"
)

// customers is who logs in to the demo's product: what they do there reaches
// Latchkey as from every product.
type customers struct {
	*skylarkProduct
	crowd *crowd
}

// customers makes them, and their product.
func (d *demo) customers(ctx context.Context, log *slog.Logger) (*customers, error) {
	p, err := d.product(ctx, log)
	if err != nil {
		return nil, err
	}
	return &customers{skylarkProduct: p, crowd: d.crowd}, nil
}

// Attempt lets a customer log in, or fail to, from where they usually do. Whom
// the product doesn't let in is told so, whatever they type: only support can
// help them.
//
// Errors: NotFound for a customer who isn't there, what the other side says
// when it doesn't take the records.
func (c *customers) Attempt(ctx context.Context, userID, outcome string) (happened string, err error) {
	now := c.now().UTC()
	known, err := c.directory.Snapshot(ctx, actions.Query{UserID: userID, At: now})
	if err != nil {
		return "", err
	}
	if len(known.Users) != 1 {
		return "", actions.Errorf(actions.NotFound, "There is no such customer any more.")
	}
	if away := turnedAway(known, now); away != "" {
		outcome = string(away)
	}
	attempt := attemptRecord{
		Type: "attempt", ID: "live-" + nonsense(), At: now, Identifier: known.Users[0].Username, UserID: userID, Outcome: outcome, IP: "203.0.113.200",
	}
	for _, usual := range known.Successes {
		if !actions.FromStaff(known.StaffNetworks, usual) {
			attempt.IP, attempt.Country, attempt.DeviceID, attempt.UserAgent = usual.IP, usual.Country, usual.DeviceID, usual.UserAgent
			break
		}
	}
	return outcome, c.send(ctx, attempt)
}

// turnedAway is how every attempt of somebody ends whom the product doesn't let
// in, "" for everybody else.
func turnedAway(known actions.Snapshot, now time.Time) actions.Outcome {
	user := known.Users[0]
	switch {
	case !slices.ContainsFunc(known.Places, actions.Place.LetsIn):
		if slices.ContainsFunc(known.Places, func(p actions.Place) bool { return p.Account.Status == actions.AccountPaymentHold }) {
			return actions.PaymentHold
		}
		return actions.DisabledOut
	case user.Status == actions.UserDisabled:
		return actions.DisabledOut
	case user.Status == actions.UserExpired, !user.ExpiresAt.IsZero() && !user.ExpiresAt.After(now):
		return actions.ExpiredOut
	}
	away := actions.Outcome("")
	for _, l := range known.Locks {
		switch {
		case !l.Open(now):
		case l.Kind == actions.LockSharing:
			return actions.Shared
		default:
			away = actions.LockedOut
		}
	}
	return away
}

// Redeem takes the code that a link sent somebody on with.
func (c *customers) Redeem(ctx context.Context, code string) (v sandbox.Visitor, known bool, err error) {
	userID, purpose, found, err := c.redeem(ctx, code)
	if err != nil || !found {
		return sandbox.Visitor{}, false, err
	}
	who, err := c.directory.Users(ctx, []string{userID}, nil)
	if err != nil || len(who) != 1 {
		return sandbox.Visitor{}, false, err
	}
	v = sandbox.Visitor{UserID: userID, Name: who[0].FirstName, Chooses: purpose == actions.LinkReset}
	if v.Name == "" {
		v.Name = who[0].Name()
	}
	return v, true, nil
}

// lifeEvery is how often one of the crowd logs in while the demo runs, so that
// its records stay fresh.
const lifeEvery = 20 * time.Second

// live lets the crowd go on with its day until ctx ends.
func (c *customers) live(ctx context.Context, ticks <-chan time.Time) {
	for {
		select {
		case <-ticks:
			if err := c.send(ctx, c.crowd.next(c.now().UTC())); err != nil && ctx.Err() == nil {
				c.log.WarnContext(ctx, "the demo's customers could not log in", "error", err)
			}
		case <-ctx.Done():
			return
		}
	}
}
