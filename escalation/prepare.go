package escalation

import (
	"context"
	"slices"

	"github.com/latchkey-bot/latchkey/actions"
)

// Whom is a customer: by the ID of their user, or, when nobody on record has it, by
// an e-mail address.
type Whom struct{ UserID, Address string }

// Gateway is an account of the customer's by its Gateway ID.
type Gateway struct {
	ID      string
	Account string // its name
	Status  actions.AccountStatus
}

// Preparation is what can be known before L2 is asked, and what a form shows.
type Preparation struct {
	Kind     Kind
	Priority Priority // the usual one of the kind; "" while the kind is to be chosen
	Whom     Whom
	Person   *actions.Person // masked; nil when nobody on record has the address
	Address  string          // in full; "" without one, and of kinds that aren't about one
	Gateways []Gateway       // to pick from; none: L2 needs one all the same
	// Premature says why L2 can't help yet, and what helps first; "" when they can.
	// Instead is the act that helps, or "".
	Premature string
	Instead   actions.Act
	// Known are sentences about what is on record: lists, the last mail.
	Known []string
	// Unknowable says what nobody can look up (providers' own lists).
	Unknowable string
	// Joins is the open case about the same, which would be joined; nil without one.
	Joins  *Case
	Ticket string // the one remembered for the actor
}

// Prepare looks at what can be known about a customer before L2 is asked: whether
// the address is on a list, how the last mail to it fared, whether the user is
// locked, so that no mail can arrive yet (RULES S4.6, S4.9). A form that asks for the
// kind, too, is prepared for the kind "", which nothing is premature for: it suggests one. It records
// nothing.
//
// Errors: Forbidden for who may not, or was stopped; Invalid for a kind that needs
// an address and has none; NotFound for a user who isn't on record; Conflict
// without L2's channel; Unavailable.
func (d *Desk) Prepare(ctx context.Context, call actions.Call, kind Kind, whom Whom) (Preparation, error) {
	ticket, err := d.mayEscalate(ctx, call)
	if err != nil {
		return Preparation{}, err
	}
	if kind != "" && !slices.Contains(Kinds(), kind) {
		return Preparation{}, errKind()
	}
	now := actions.Instant(d.Actions.Now())
	k, err := d.look(ctx, kind, whom, now)
	if err == nil {
		err = d.lookFurther(ctx, &k, kind, now)
	}
	if err != nil {
		return Preparation{}, err
	}
	p := Preparation{
		Kind: kind, Priority: usual(kind), Whom: k.whom, Person: k.facts.Person, Address: k.address, Gateways: k.gateways,
		Known: k.sentences(), Ticket: ticket,
	}
	if k.address != "" {
		p.Unknowable = Unknowable
	}
	if why := k.premature(kind); why != nil {
		p.Premature, p.Instead = why.Sentence, actions.ActUnlock
	} else if kind == "" && k.locked {
		p.Known = append(p.Known, "They are locked, and no mail reaches a locked user: where mail is missing, unlock them first.")
	}
	if kind == "" {
		p.Kind, p.Priority = k.suggests(), ""
		return p, nil
	}
	p.Joins, err = d.openCase(ctx, k.start(kind).Key())
	return p, err
}

// mayEscalate refuses who may not, or was stopped, and says when there is nobody to
// escalate to. It returns the ticket that the call works on.
func (d *Desk) mayEscalate(ctx context.Context, call actions.Call) (ticket string, err error) {
	switch {
	case !actions.May(call.Actor.Roles, actions.ActEscalate):
		return "", d.Actions.Refuse(ctx, call, actions.ActEscalate)
	case d.Channel == "":
		return "", actions.Errorf(actions.Conflict, "Latchkey doesn't know the channel of L2, so nothing can be escalated here. Please write to L2 yourself, and ask your Latchkey admin to set it up.")
	}
	return d.Actions.Unbraked(ctx, call, actions.ActEscalate)
}

// errKind is for a kind of case that there isn't.
func errKind() error {
	return actions.Errorf(actions.Invalid, "There is no such kind of case. Please choose blocklist, account, security, delivery or other.")
}

// suggests is the kind of case that the decisive finding calls for.
func (k known) suggests() Kind {
	if len(k.facts.Findings) == 0 {
		return Blocklist // an address of nobody, whom nothing else can be asked about
	}
	switch k.facts.Findings[0].Cause {
	case actions.CauseEmailSuppressed, actions.CauseEmailBounced, actions.CauseEmailUnseen:
		return Blocklist
	case actions.CauseEmailDelayed, actions.CauseSMSUndelivered:
		return Delivery
	case actions.CauseUnderAttack, actions.CauseAccountTakenOver, actions.CauseIPBlocked, actions.CauseCredentialShared, actions.CauseSharingSuspected:
		return Security
	case actions.CauseAccountCancelled, actions.CauseTrialExpired, actions.CausePaymentHold, actions.CauseMembershipDeactivated, actions.CauseUserDisabled,
		actions.CauseUserExpired, actions.CauseInvitePending, actions.CauseNotPublished:
		return Account
	default:
		return Other
	}
}

// usual is the priority that cases of a kind have.
func usual(kind Kind) Priority {
	if kind == Security {
		return Urgent
	}
	return Normal
}

// openCase returns the case of a key that isn't resolved, nil without one.
func (d *Desk) openCase(ctx context.Context, key string) (*Case, error) {
	c, found, err := d.Store.OpenCaseOf(ctx, key)
	if err != nil || !found {
		return nil, err
	}
	return &c, nil
}

// premature says why L2 can't help yet with a kind of case, nil when they can:
// nobody finds out why mail is missing that isn't sent to a locked user (RULES S4.6).
func (k known) premature(kind Kind) *actions.Error {
	if !kind.Listed() || !k.locked {
		return nil
	}
	return &actions.Error{
		Code: actions.Conflict, Cause: prematurely{instead: actions.ActUnlock},
		Sentence: "They are locked, and no mail reaches a locked user, so L2 would find nothing yet. Unlock them first, and have them try again; if the mail still doesn't arrive, escalate it then.",
	}
}

// prematurely is the cause of an error that says that L2 can't help yet.
type prematurely struct{ instead actions.Act }

// Error says for the log what helps first.
func (p prematurely) Error() string { return "premature: first " + string(p.instead) }
