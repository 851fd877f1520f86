package actions

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strings"
	"time"
)

// The bounds of what comes with an order.
const (
	reasonLimit = 500 // characters
	doubleClick = 5 * time.Second
)

// Do does what helps a customer: it decides by the policy, looks at the
// customer's present state, stores the intent, makes each change, reads it back,
// and stores the outcome with its row of the audit and its messages, all of them
// or none. Who waits for a second person, or for the owner of a contact, is told
// so by the report's state; so is who asked for what is under way already.
//
// What the directory fails to do is a report with the state failed, and no error.
//
// Errors: Forbidden for who may not, or was stopped; Invalid for an order that
// can't be understood; Conflict for what can't help, with a sentence that says who
// can, which is a row of the audit (see [IsUnverified] for the caller who isn't
// proven), and for a request that was answered before; NotFound for a user who
// isn't on record; Unavailable when the directory or the database doesn't answer.
func (a *Actions) Do(ctx context.Context, call Call, order Order) (OperationReport, error) {
	order.Params.Admin = nil // those acts have a way of their own
	return a.do(ctx, call, order)
}

// do is Do for all acts.
func (a *Actions) do(ctx context.Context, call Call, order Order) (OperationReport, error) {
	order.Act = order.Act.Recorded()
	if !MayAsk(call.Actor.Roles, order.Act) {
		return OperationReport{}, a.Refuse(ctx, call, order.Act)
	}
	if err := a.checkOrder(&order); err != nil {
		return OperationReport{}, err
	}
	ticket, err := a.Unbraked(ctx, call, order.Act)
	if err != nil {
		return OperationReport{}, err
	}
	p, err := a.planned(ctx, order.Act, order.UserID, call.Actor.Roles, order.Params)
	if err != nil {
		return OperationReport{}, err
	}
	if err := a.checkMail(p); err != nil {
		return OperationReport{}, err
	}
	verified, err := a.verified(ctx, order.UserID, call.Actor.ID, ticket)
	if err != nil {
		return OperationReport{}, err
	}
	verdict := p.decide(p.situated(order.Reason, verified, order.Attested))
	if refusal := p.refusal(verdict); refusal != nil {
		return a.refusePlan(ctx, call, order, p, refusal)
	}
	return a.begin(ctx, call, order, p, a.intent(call.Actor.ID, ticket, order, p, verdict, verified), verdict)
}

// checkOrder bounds what comes from outside, and trims it.
func (a *Actions) checkOrder(order *Order) error {
	order.Reason = strings.TrimSpace(order.Reason)
	order.Params = Params{ // what else they hold is ours to fill in
		MailSubject: strings.TrimSpace(order.Params.MailSubject), MailText: order.Params.MailText, Copy: strings.TrimSpace(order.Params.Copy),
		Then: order.Params.Then, Email: strings.TrimSpace(order.Params.Email), Mobile: strings.TrimSpace(order.Params.Mobile),
		Via: order.Params.Via, ByAdmin: order.Params.ByAdmin, Undoes: order.Params.Undoes, Case: order.Params.Case,
		Admin: order.Params.Admin,
	}
	order.Params.keepOf(order.Act)
	if err := CheckReason(order.Reason); err != nil {
		return err
	}
	if err := a.checkCopy(order.Params.Copy); err != nil {
		return err
	}
	changes := order.Act == ActChangeEmail || order.Act == ActChangeMobile
	if changes && (order.Act == ActChangeEmail && order.Params.Email == "" || order.Act == ActChangeMobile && order.Params.Mobile == "") {
		return Errorf(Invalid, "Please fill in the new contact.")
	}
	return nil
}

// keepOf drops the contacts and the case that an act has nothing to do with.
func (p *Params) keepOf(act Act) {
	switch act {
	case ActChangeEmail, ActChangeMobile:
		p.Case = ""
	case ActDelist:
		p.Mobile, p.Via, p.ByAdmin = "", "", false
	default:
		p.Email, p.Mobile, p.Via, p.ByAdmin, p.Case = "", "", "", false, ""
	}
}

// checkCopy lets a copy go to colleagues only: what is written to a customer is
// nobody else's.
func (a *Actions) checkCopy(address string) error {
	e := Errorf(Invalid, "A copy goes only to colleagues, at an address that ends in @%s.", a.Colleagues)
	switch e.Cause = errNoCopy; {
	case address == "":
		return nil
	case a.Colleagues == "":
		e.Sentence = "A copy goes only to colleagues, and Latchkey doesn't know the address of your company's mail. Please leave it empty."
	case checkEmail(address) != "":
		e.Sentence = "The address for the copy isn't an e-mail address. Please type it once more."
	case Domain(address) == Fold(a.Colleagues):
		return nil
	}
	return e
}

// errNoCopy is the cause of the refusal of an address for a copy.
var errNoCopy = errors.New("no copy goes to that address")

// IsAboutCopy reports whether an order was refused for its address for a copy.
func IsAboutCopy(err error) bool { return errors.Is(err, errNoCopy) }

// checkMail looks at an agent's own text for a mail, and drops it where none is
// sent.
func (a *Actions) checkMail(p *plan) error {
	if p.row != ActSendReset && p.row != ActSendLoginLink {
		p.params.MailSubject, p.params.MailText, p.params.Copy = "", "", ""
		return nil
	}
	if err := checkLine("text", p.params.MailText, textLimit, true); err != nil {
		return err
	}
	if err := CheckWritten(p.params.MailSubject, p.params.MailText); err != nil {
		return err
	}
	return a.checkWording(p.Users[0], p.rawPlaces, p.params.MailSubject, p.params.MailText)
}

// refusal is why a plan isn't carried out, nil when it is: what can't help at
// all is said to everybody, whatever else is missing.
func (p *plan) refusal(verdict Verdict) *Error {
	if p.refused != "" {
		return &Error{Code: Conflict, Sentence: p.refused}
	}
	return p.stopped(verdict)
}

// refusePlan records that a plan was refused, unless it only repeats what this
// actor has just done, or a reason is missing.
func (a *Actions) refusePlan(ctx context.Context, call Call, order Order, p *plan, refusal *Error) (OperationReport, error) {
	if refusal.Code == Invalid {
		return OperationReport{}, refusal
	}
	if just, found, err := a.justDone(ctx, call, order); err != nil || found && !just.Operation.answeredBefore(call) {
		return just, err
	}
	entry := AuditEntry{
		At: Instant(a.Now()), Act: p.row.Recorded(), Subject: order.UserID, Outcome: ActRefused, Reason: order.Reason, Detail: refusal.Sentence,
	}
	err := a.Store.Tx(ctx, func(tx Tx) error { return a.record(ctx, tx, call, entry) })
	return OperationReport{}, firstOf(err, refusal)
}

// intent is the operation of a plan, as it is stored before anything is touched.
func (a *Actions) intent(actor, ticket string, order Order, p *plan, verdict Verdict, verified *Verified) Operation {
	rule, _ := RuleFor(p.row)
	now := Instant(a.Now())
	op := Operation{
		ID: rand.Text(), Act: p.row, Actor: actor, Subject: order.UserID, Reason: order.Reason, Ticket: ticket,
		Attested: rule.Verified && verified == nil && order.Attested, Params: p.params, At: now,
	}
	switch {
	case verdict == NeedsSecond:
		op.State, op.Until = OperationAsked, now.Add(approvalTime)
	case rule.Owner:
		op.State, op.Until = OperationOwner, now.Add(confirmTime)
	default:
		a.lease(&op)
	}
	return op
}

// errAnswered is for a request whose key was seen before.
func errAnswered() error {
	return Errorf(Conflict, "This request was answered before, so nothing was done again. Please send the command anew.")
}

var (
	errDouble  = errors.New("the same was begun a moment ago")
	errTooMuch = errors.New("the actor did unusually much")
)

// begin stores the intent, and carries it out unless it waits for somebody.
func (a *Actions) begin(ctx context.Context, call Call, order Order, p *plan, op Operation, verdict Verdict) (OperationReport, error) {
	start := starting{op: op, admin: adminOf(op), bulk: p.bulkItems(op.ID)}
	if err := a.askWhom(ctx, &start, verdict); err != nil {
		if refusal := new(Error); errors.As(err, &refusal) && refusal.Code == Conflict {
			return a.refusePlan(ctx, call, order, p, refusal)
		}
		return OperationReport{}, err
	}
	already, err := a.start(ctx, call, &start)
	switch {
	case errors.Is(err, errTooMuch):
		return OperationReport{}, a.pullBrake(ctx, call, order.Act, order.UserID, tooManyActs)
	case errors.Is(err, errDouble):
		if just, found, err := a.justDone(ctx, call, order); err != nil || found {
			return just, err
		}
		start.again = true
		already, err = a.start(ctx, call, &start)
	}
	if err != nil {
		return OperationReport{}, err
	}
	op = start.op
	if !already && op.State == OperationRunning {
		op = a.carryOut(ctx, op)
	}
	report, err := a.reportOf(ctx, op)
	report.Already = already
	return report, err
}

// starting is an intent with what is stored beside it.
type starting struct {
	op       Operation
	approval *Approval  // of what needs a second person
	confirm  *Mail      // of what its owner confirms
	admin    *TempAdmin // that is made
	bulk     []BulkItem // the customers of a bulk unlock
	leads    []string   // who see what it is about
	again    bool       // it failed a moment ago, and is tried again
}

// askWhom prepares the question to a second person, or to the owner. Conflict
// when nobody can be asked.
func (a *Actions) askWhom(ctx context.Context, s *starting, verdict Verdict) error {
	switch {
	case verdict == NeedsSecond:
		approval, err := a.newApproval(ctx, s.op)
		s.approval = &approval
		if err == nil {
			s.leads, err = a.leadsOf(ctx, s.op)
		}
		return err
	case s.op.State == OperationOwner:
		mail, err := a.confirmMail(ctx, s.op)
		s.confirm = &mail
		return err
	}
	return nil
}

// start stores the intent in one transaction; already is true, and the
// operation the one under way, when it was begun before.
func (a *Actions) start(ctx context.Context, call Call, s *starting) (already bool, err error) {
	intent := s.op
	err = a.Store.Tx(ctx, func(tx Tx) error {
		s.op = intent
		fresh, err := tx.Claim(ctx, call.Key, intent.At)
		if err != nil || !fresh {
			return cmp.Or[error](err, errAnswered())
		}
		if call.Ticket != "" {
			if err := tx.RememberTicket(ctx, call.Actor.ID, call.Ticket, intent.At); err != nil {
				return err
			}
		}
		op, started, err := tx.StartOperation(ctx, intent)
		if already = !started; err != nil || already {
			s.op = op
			return err
		}
		if err := a.onlyOnce(ctx, tx, s); err != nil {
			return err
		}
		if err := a.notTooMuch(ctx, tx, intent); err != nil {
			return err
		}
		return a.startBeside(ctx, tx, s)
	})
	if err != nil {
		return false, err
	}
	if !already {
		a.reach(s.op, stepIntent)
	}
	return already, nil
}

// startBeside stores what the intent needs, and sends what it asks.
func (a *Actions) startBeside(ctx context.Context, tx Tx, s *starting) error {
	if s.admin != nil {
		if err := tx.StartAdmin(ctx, *s.admin); err != nil {
			return err
		}
	}
	if len(s.bulk) > 0 {
		if err := tx.StartBulk(ctx, s.bulk); err != nil {
			return err
		}
	}
	if s.approval != nil {
		if err := tx.StartApproval(ctx, *s.approval); err != nil {
			return err
		}
	}
	if s.confirm != nil {
		if err := tx.StartMail(ctx, *s.confirm); err != nil {
			return err
		}
	}
	if s.op.State == OperationRunning {
		return nil // its card comes with the outcome
	}
	if s.admin == nil {
		if err := a.showSubject(ctx, tx, s.op, s.leads); err != nil {
			return err
		}
	}
	return a.cards(ctx, tx, s.op, s.approval)
}

// cards has those who see an operation see its newest state: who asked for it,
// and who was asked about it. What is done for a case stands on the case, and has a
// card of its own only if it waits for somebody; a part of a bulk unlock has none.
func (a *Actions) cards(ctx context.Context, tx Tx, op Operation, approval *Approval) error {
	if shown := approval != nil || op.Params.Case == "" && op.Bulk == ""; shown && !atTerminal(op.Actor) {
		if err := a.Enqueue(ctx, tx, OutgoingOperation, op.Actor, cardID(op.ID)); err != nil {
			return err
		}
	}
	if approval == nil {
		return nil
	}
	for _, id := range slices.Compact(slices.Sorted(slices.Values(approval.Asked))) {
		if err := a.Enqueue(ctx, tx, OutgoingApproval, id, approval.ID); err != nil {
			return err
		}
	}
	return nil
}

// atTerminal reports whether an actor sits at the terminal of the server, where
// no card reaches them.
func atTerminal(actor string) bool { return strings.HasPrefix(actor, "terminal:") }
