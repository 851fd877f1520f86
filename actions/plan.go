package actions

import (
	"context"
	"errors"
	"slices"
	"time"
)

// operationsRead is how many of a customer's operations are looked through.
const operationsRead = 50

// planned looks at an act over the customer's state as it is now. Errors:
// NotFound for a user who isn't on record, Unavailable.
func (a *Actions) planned(ctx context.Context, act Act, userID string, roles Roles, params Params) (*plan, error) {
	procedure, known := procedures[act]
	if !known {
		return nil, Errorf(Invalid, "There is no such act. Please look the customer up again.")
	}
	p, err := a.planOver(ctx, act, userID, params)
	if err != nil {
		return nil, err
	}
	p.roles, p.zone = roles, a.zone()
	if act == ActChangeEmail || act == ActChangeMobile {
		if err := a.lookForContact(ctx, p); err != nil {
			return nil, err
		}
	}
	procedure.check(p)
	a.able(p)
	p.follow()
	if procedure.hands {
		p.handover = a.handoverOf(p)
	}
	return p, nil
}

// planOver reads the state that a plan is made over.
func (a *Actions) planOver(ctx context.Context, act Act, userID string, params Params) (*plan, error) {
	switch {
	case act == ActUndoReinvite:
		return a.undoPlan(ctx, userID, params)
	case act.about() == aTempAdmin:
		return a.adminPlan(ctx, act, userID, params)
	case act.about() == anIncident:
		return a.bulkPlan(ctx, act, userID, params)
	}
	s, snapshot, err := a.situationOf(ctx, userID)
	if err != nil {
		return nil, err
	}
	return &plan{situation: s, rawPlaces: snapshot.Places, row: act, params: params}, nil
}

// situationOf reads a user's state as it is now, masked throughout, and as it is
// stored.
func (a *Actions) situationOf(ctx context.Context, userID string) (*situation, Snapshot, error) {
	query, err := a.normalise(Query{UserID: userID})
	if err != nil {
		return nil, Snapshot{}, err
	}
	snapshot, err := a.Directory.Snapshot(ctx, query)
	switch {
	case err != nil:
		return nil, Snapshot{}, err
	case len(snapshot.Users) != 1:
		return nil, Snapshot{}, errGone()
	}
	snapshot.Identifier, snapshot.At = "", query.At
	return newSituation(snapshot, a.Rules, a.Directory.Abilities()), snapshot, nil
}

// zone is the team's time zone.
func (a *Actions) zone() *time.Location {
	if a.Zone == nil {
		return time.UTC
	}
	return a.Zone
}

// able refuses what this directory can't do, and what needs mail where none can
// be sent, which doesn't follow anything either.
func (a *Actions) able(p *plan) {
	for _, s := range procedures[p.row].steps {
		if !s.lists && !s.site && !p.abilities.Can(s.kind) {
			p.refuse("", "This directory can't do that from here. Please do it in the system that owns the login.")
		}
	}
	if p.row == ActDelist && len(a.Lists) == 0 {
		p.refuse("", noLists)
	}
	if mailsAlone(p.params.Then) && !a.carries(ChannelEmail) {
		p.params.Then = "" // the first helps without it
	}
	if err := a.CanSendSecrets(); err != nil && procedures[p.row].seals() {
		p.refuse("", spoken("the directory", err))
	}
	if p.row == ActSetPassword && !a.carries(ChannelEmail) {
		p.params.Untold = true
	}
	if mailsAlone(p.row) && !a.carries(ChannelEmail) {
		p.refuse("", "Mail isn't set up for Latchkey, so nothing can be sent. Copy the text and send it by hand, or ask your Latchkey admin.")
	}
}

// mailsAlone reports whether an act is of no use without its mail.
func mailsAlone(act Act) bool {
	return slices.Contains([]Act{
		ActSendReset, ActSendUsername, ActSendLoginLink, ActResendInvitation, ActReenableShared, ActReinvite,
	}, act)
}

// follow looks at what is to follow: only a mail follows, and only an unlock
// ("Unlock and send reset"). What would refuse it but the lock refuses both.
func (p *plan) follow() {
	then := p.params.Then
	sends := []Act{ActSendReset, ActSendUsername, ActSendLoginLink}
	if then == "" || p.row.Recorded() != ActUnlock || !slices.Contains(sends, then) {
		p.params.Then = ""
		return
	}
	p.needsAddress()
}

// errNotProven is the cause of the refusal for want of a proven caller.
var errNotProven = errors.New("the caller isn't proven")

// IsUnverified reports whether an act was refused because nothing proves the
// caller.
func IsUnverified(err error) bool { return errors.Is(err, errNotProven) }

// stopped is why the policy stops a plan, nil when it doesn't.
func (p *plan) stopped(verdict Verdict) *Error {
	switch verdict {
	case Denied:
		return errBeyond(p.row)
	case NeedsReason:
		return Errorf(Invalid, "Please say why; it stands in the audit.")
	case NeedsVerified:
		e := Errorf(Conflict, "Nothing proves that the caller is who they say. Verify them with a code first, or vouch for them, and a lead answers for it.")
		e.Cause = errNotProven
		return e
	case Granted, NeedsSecond:
	}
	return nil
}

// second says why a second person is asked; "" when none is.
func (p *plan) second(verdict Verdict, attested bool) string {
	rule, _ := RuleFor(p.row)
	switch {
	case verdict != NeedsSecond:
		return ""
	case p.user.Protected:
		return "This customer is protected: another lead must approve first."
	case attested:
		return "Nothing proves the caller, so a lead must approve first."
	case p.noContact:
		return "They have no contact on file that could confirm, so a lead must approve first."
	case rule.Second:
		return "This takes a second person: another lead must approve first."
	}
	return "Their contact changed in the last 24 hours, so a lead must approve first."
}
