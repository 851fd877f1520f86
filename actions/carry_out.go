package actions

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// The times of carrying out: a lease is longer than anybody holds on, so that
// two never take the same step at once.
const (
	leaseTime  = 30 * time.Second
	carryLimit = 20 * time.Second
)

// lease makes an operation run, and nobody else's for a while.
func (a *Actions) lease(op *Operation) {
	now := Instant(a.Now())
	op.State, op.Lease, op.LeasedUntil, op.Until = OperationRunning, rand.Text(), now.Add(leaseTime), time.Time{}
	if op.Params.Begun.IsZero() {
		op.Params.Begun = now
	}
}

// reach tells of a step.
func (a *Actions) reach(op Operation, step string) {
	if p, known := procedures[op.Act]; known && a.Reached != nil {
		a.Reached(stepName(p.act, step))
	}
}

// carryOut takes the steps of an operation that runs under our lease, and ends
// it. It goes on when who asked stops waiting. What stops it half way, the job
// CarryOn goes on with; the operation is returned as far as it came.
func (a *Actions) carryOut(ctx context.Context, op Operation) Operation {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), carryLimit)
	defer cancel()
	came, then, err := a.steps(ctx, op)
	switch {
	case errors.Is(err, errSliceOver):
		return came
	case err != nil:
		a.Log.ErrorContext(ctx, "an operation stopped half way and is carried on later", "operation", op.ID, "act", op.Act, "error", err)
		return came
	}
	if then != nil {
		a.reach(*then, stepIntent)
		a.carryOut(ctx, *then)
	}
	return came
}

// steps takes the steps that are left, and stores the outcome; then is what
// follows. Its errors leave the operation as it is.
func (a *Actions) steps(ctx context.Context, op Operation) (came Operation, then *Operation, err error) {
	steps := stepsOf(op)
	for op.Step < len(steps) {
		s := steps[op.Step]
		wrong, err := a.tryStep(ctx, op, s)
		if err != nil {
			return op, nil, err
		}
		if wrong != nil {
			if err := ctx.Err(); err != nil {
				return op, nil, err
			}
			came, err := a.failed(ctx, op, steps, *wrong)
			return came, nil, err
		}
		a.reach(op, string(s.kind))
		next := op
		next.Step, next.LeasedUntil = op.Step+1, Instant(a.Now()).Add(leaseTime)
		if err := a.move(ctx, next, op.Lease); err != nil {
			return op, nil, err
		}
		op = next
	}
	a.reach(op, stepOutcome)
	came, then, err = a.outcome(ctx, op)
	if err == nil {
		a.reach(came, stepDone)
	}
	return came, then, err
}

// errOvertaken is for who lost the lease of an operation: somebody else carries
// it out.
var errOvertaken = errors.New("somebody else carries it out")

// move stores how far an operation came that runs under the lease.
func (a *Actions) move(ctx context.Context, op Operation, lease string) error {
	return a.Store.Tx(ctx, func(tx Tx) error {
		moved, err := tx.MoveOperation(ctx, op, OperationRunning, lease)
		if err == nil && !moved {
			err = errOvertaken
		}
		return err
	})
}

// changeOf is the change that a step makes.
func (a *Actions) changeOf(ctx context.Context, op Operation, s step) (Change, error) {
	var change Change
	switch {
	case s.sealed != nil:
		password, err := a.passwordOf(ctx, op, SealHandout)
		if err != nil {
			return Change{}, err
		}
		change = s.sealed(password)
	case s.change != nil:
		change = s.change(op)
	}
	change.ID, change.Kind, change.At = op.ID+"/"+string(s.kind), s.kind, op.Params.Begun
	if change.UserID == "" {
		change.UserID = op.Subject
	}
	return change, nil
}

// failed ends an operation at the step that failed, and says what was done
// before.
func (a *Actions) failed(ctx context.Context, op Operation, steps []step, wrong mishap) (Operation, error) {
	failed := op
	failed.State, failed.Why = OperationFailed, fmt.Sprintf("%s failed: %s", capital(steps[op.Step].what), wrong.why)
	var done []string
	for _, s := range steps[:op.Step] {
		done = append(done, s.what)
	}
	if done = append(done, wrong.done...); done != nil {
		failed.Why += " Done before that, and read back: " + strings.Join(done, ", ") + "."
	}
	if op.Act == ActReenableShared && wrong.out {
		failed.Why += " The user is still kept out."
	}
	failed.leaves(wrong)
	return a.endOr(ctx, op, failed, nil)
}

// endOr ends an operation that runs; when that can't be stored it comes back as it
// was before.
func (a *Actions) endOr(ctx context.Context, op, ended Operation, more func(Tx) error) (Operation, error) {
	ended, err := a.end(ctx, ended, OperationRunning, more)
	if err != nil {
		return op, err
	}
	return ended, nil
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// detailLimit is the longest detail of the audit, in characters.
const detailLimit = 1000

// end stores the final state of an operation, with its one row of the audit and
// its cards; more is written by the same transaction. When somebody was faster it
// returns what they made of it.
func (a *Actions) end(ctx context.Context, op Operation, from OperationState, more func(Tx) error) (Operation, error) {
	approval, err := a.approvalOf(ctx, op)
	if err != nil {
		return op, err
	}
	replaced, err := a.replacedBy(ctx, op)
	if err != nil {
		return op, err
	}
	leads, err := a.leadsOf(ctx, op)
	if err != nil {
		return op, err
	}
	lease := op.Lease
	op.EndedAt, op.Lease, op.LeasedUntil, op.Until = Instant(a.Now()), "", time.Time{}, time.Time{}
	ending := op
	err = a.Store.Tx(ctx, func(tx Tx) error {
		op = ending
		moved, err := tx.MoveOperation(ctx, op, from, lease)
		if err != nil || !moved {
			return cmp.Or[error](err, errOvertaken)
		}
		if err := a.settleOperation(ctx, tx, &op, leads); err != nil {
			return err
		}
		if err := a.dropPasswords(ctx, tx, op, replaced); err != nil {
			return err
		}
		if more != nil {
			if err := more(tx); err != nil {
				return err
			}
		}
		if err := a.show(ctx, tx, op, approval); err != nil {
			return err
		}
		return tx.Audit(ctx, op.entry()) // last: it makes all others wait
	})
	if errors.Is(err, errOvertaken) {
		return a.Store.OperationByID(ctx, op.ID)
	}
	return op, err
}

// show tells of an operation's newest state: the case that it is done for, once it
// ended, and those who see its card.
func (a *Actions) show(ctx context.Context, tx Tx, op Operation, approval *Approval) error {
	if op.Params.Case != "" && op.State.Final() && a.Ended != nil {
		if err := a.Ended(ctx, tx, op); err != nil {
			return err
		}
	}
	return a.cards(ctx, tx, op, approval)
}

// entry is the operation's row of the audit.
func (op Operation) entry() AuditEntry {
	outcomes := map[OperationState]AuditOutcome{OperationDone: ActDone, OperationFailed: ActFailed, OperationRefused: ActRefused}
	detail := strings.Join(doesOf(Operation{Act: op.Act, Subject: op.Subject, Params: op.Params}), " ")
	if op.Why != "" {
		detail = op.Why
	}
	if op.Attested {
		detail = "The caller was vouched for, not proven. " + detail
	}
	if utf8.RuneCountInString(detail) > detailLimit {
		detail = string([]rune(detail)[:detailLimit-1]) + "…"
	}
	return AuditEntry{
		At: op.EndedAt, Act: op.Act.Recorded(), Actor: op.Actor, Subject: op.Subject, Outcome: outcomes[op.State], Reason: op.Reason,
		Ticket: op.Ticket, Approver: op.Approver, Detail: detail,
	}
}

// outcome ends an operation whose steps are all taken, with its mails and what
// follows.
func (a *Actions) outcome(ctx context.Context, op Operation) (Operation, *Operation, error) {
	mails, err := a.mailsFor(ctx, op)
	if err != nil {
		return op, nil, err
	}
	leads, err := a.handedTo(ctx, op)
	if err != nil {
		return op, nil, err
	}
	var then *Operation
	done := op
	done.State = OperationDone
	done, err = a.endOr(ctx, op, done, func(tx Tx) error {
		for _, mail := range mails {
			if err := tx.StartMail(ctx, mail); err != nil {
				return err
			}
		}
		for _, lead := range leads {
			if err := a.Enqueue(ctx, tx, OutgoingHandOver, lead, op.ID); err != nil {
				return err
			}
		}
		if err := a.redrawUndone(ctx, tx, op); err != nil {
			return err
		}
		then, err = a.startNext(ctx, tx, op)
		return err
	})
	return done, then, err
}

// redrawUndone has the card of what was undone offer no undoing any more.
func (a *Actions) redrawUndone(ctx context.Context, tx Tx, op Operation) error {
	if op.Params.Undoes == "" {
		return nil
	}
	undone, err := tx.Operation(ctx, op.Params.Undoes)
	if err != nil || atTerminal(undone.Actor) {
		return err
	}
	return a.Enqueue(ctx, tx, OutgoingOperation, undone.Actor, undone.ID)
}

// mailsFor are the messages that an operation sends with its outcome.
func (a *Actions) mailsFor(ctx context.Context, op Operation) ([]Mail, error) {
	procedure := procedures[op.Act]
	if procedure.mails == nil && !procedure.hands {
		return nil, nil
	}
	who := op.Subject
	if op.Act == ActReinvite {
		who = op.Params.NewID
	}
	s, snapshot, err := a.situationOf(ctx, who)
	switch {
	case CodeOf(err) == NotFound:
		return nil, nil // deleted meanwhile: there is nobody to write to
	case err != nil:
		return nil, err
	case procedure.hands:
		return a.handoverMails(op, &plan{situation: s, rawPlaces: snapshot.Places, row: op.Act}), nil
	}
	return procedure.mails(a, op, snapshot.Users[0]), nil
}

// handedTo are the leads who get what is handed over: those on duty, or else
// everybody.
func (a *Actions) handedTo(ctx context.Context, op Operation) ([]string, error) {
	if !procedures[op.Act].hands || a.Staff == nil {
		return nil, nil
	}
	onDuty, others, err := a.Staff.Leads(ctx)
	if len(onDuty) == 0 {
		onDuty = others
	}
	return onDuty, err
}

// startNext stores the operation that follows, as the same people decided it.
func (a *Actions) startNext(ctx context.Context, tx Tx, op Operation) (*Operation, error) {
	if op.Params.Then == "" {
		return nil, nil
	}
	now := Instant(a.Now())
	next := Operation{
		ID: nextID(op.ID), Act: op.Params.Then, Actor: op.Actor, Subject: op.Subject, Reason: op.Reason, Ticket: op.Ticket,
		Approver: op.Approver, Attested: op.Attested, At: now,
	}
	a.lease(&next)
	started, fresh, err := tx.StartOperation(ctx, next)
	if err != nil || !fresh {
		return nil, err // the same is under way: it is sent anyway
	}
	return &started, nil
}

// nextID is the ID of the operation that follows another.
func nextID(id string) string { return id + nextEnd }

const nextEnd = "-next"

// cardID is the operation whose card shows this one: what follows another stands
// on the card of that.
func cardID(id string) string { return strings.TrimSuffix(id, nextEnd) }
