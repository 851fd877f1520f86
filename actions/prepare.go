package actions

import "context"

// Prepare returns what a modal shows before an act is asked for: the row of the
// policy that holds for this customer, exactly what will happen, and what is
// missing. What would be refused is its warning, with what helps instead. Nothing
// is recorded: the act itself is.
//
// Errors: Forbidden for who may not, or was stopped; NotFound for a user who
// isn't on record; Unavailable when the directory or the database doesn't answer.
func (a *Actions) Prepare(ctx context.Context, call Call, act Act, userID string) (Preparation, error) {
	return a.PrepareBoth(ctx, call, act, "", userID)
}

// PrepareBoth is [Actions.Prepare] for an act and the one that follows it when it
// is done, as of [Params].Then; "" for none.
func (a *Actions) PrepareBoth(ctx context.Context, call Call, act, then Act, userID string) (Preparation, error) {
	act = act.Recorded()
	if !MayAsk(call.Actor.Roles, act) {
		return Preparation{}, a.Refuse(ctx, call, act)
	}
	ticket, err := a.Unbraked(ctx, call, act)
	if err != nil {
		return Preparation{}, err
	}
	p, err := a.planned(ctx, act, userID, call.Actor.Roles, Params{Then: then})
	if err != nil {
		return Preparation{}, err
	}
	verified, err := a.verified(ctx, userID, call.Actor.ID, ticket)
	if err != nil {
		return Preparation{}, err
	}
	return a.preparation(p, ticket, verified)
}

// preparation says a plan to the agent. It is judged as it would be with all that
// a modal asks for.
func (a *Actions) preparation(p *plan, ticket string, verified *Verified) (Preparation, error) {
	rule, _ := RuleFor(p.row)
	attests := rule.Verified && verified == nil
	verdict := p.decide(p.situated("given", verified, attests))
	prepared := Preparation{
		Act: p.row, Then: p.params.Then, Person: NewMasker("").person(p.Users[0]), Rule: rule, Ticket: ticket, Verified: verified, Warning: p.warning,
		Does: doesOf(Operation{Act: p.row, Subject: p.user.ID, Params: p.params}), Second: p.second(verdict, attests),
		HoldsResets: p.abilities.HoldsResets, Handover: p.handover,
	}
	switch {
	case p.refused != "":
		prepared.Refused, prepared.Warning, prepared.Instead = true, p.refused, p.instead
	case verdict == Denied:
		prepared.Refused, prepared.Warning = true, errBeyond(p.row).Sentence
	}
	if rule.Owner {
		prepared.Ways = p.wanted.ways
	}
	if p.row != ActSendReset || p.Users[0].Email == "" || a.Writer == nil {
		return prepared, nil
	}
	draft, err := a.draft(p.Users[0], p.rawPlaces)
	prepared.Draft = draft
	return prepared, err
}
