package actions

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"
)

// bulkBatch is how many customers of a bulk unlock are read at once.
const bulkBatch = 50

// bulkWork is a bulk unlock that is being carried out by this process.
type bulkWork struct {
	op       Operation
	incident Incident
	leads    []string  // who see the incident's card
	shown    time.Time // when its progress was shown last
	since    int       // how many customers ago
	left     bool      // somebody else is about one of the customers
}

// takeEach unlocks the customers of a bulk unlock, one after the other, as far as it
// comes in its time; [Actions.CarryOn] goes on. What became of each is stored with the
// operation that unlocks them, or by itself, so that nobody is unlocked twice and nobody
// is forgotten wherever a process ends. Errors: errSliceOver, and those that leave the
// operation as it is.
func (a *Actions) takeEach(ctx context.Context, op Operation) error {
	slice, over := context.WithTimeout(ctx, bulkSlice)
	defer over()
	w := &bulkWork{op: op, shown: Instant(a.Now())}
	var err error
	if w.incident, err = a.incidentOf(ctx, op); err != nil {
		return err
	}
	if w.leads, err = a.leadsOf(ctx, op); err != nil {
		return err
	}
	for after := 0; ; {
		items, err := a.Store.BulkItems(ctx, op.ID, after, bulkBatch, BulkWaiting)
		if err != nil {
			return err
		}
		if len(items) == 0 {
			break
		}
		for _, item := range items {
			if slice.Err() != nil {
				return a.pauseBulk(ctx, w)
			}
			if err := a.takeItem(ctx, w, item); err != nil {
				return err
			}
			after = item.Seq
		}
	}
	if w.left {
		return a.pauseBulk(ctx, w)
	}
	return nil
}

// takeItem has a customer unlocked or left out, and shows the progress now and then.
func (a *Actions) takeItem(ctx context.Context, w *bulkWork, item BulkItem) error {
	part, err := a.partFor(ctx, w, item)
	if err != nil {
		return fmt.Errorf("unlocking the customer number %d: %w", item.Seq, err)
	}
	if part != nil {
		a.reach(*part, stepIntent)
		if part := a.carryOut(ctx, *part); !part.State.Final() {
			w.left = true // what stopped it is logged, and it is carried on with by itself
		}
	}
	w.since++
	if now := Instant(a.Now()); w.since >= bulkShown || now.Sub(w.shown) >= bulkShownAfter {
		w.since, w.shown = 0, now
		return a.moveBulk(ctx, w, now.Add(leaseTime))
	}
	return nil
}

// pauseBulk lets somebody else carry on, with the next tick.
func (a *Actions) pauseBulk(ctx context.Context, w *bulkWork) error {
	return cmp.Or(a.moveBulk(ctx, w, Instant(a.Now())), errSliceOver)
}

// moveBulk shows how far a bulk unlock came, and keeps its lease until a moment.
func (a *Actions) moveBulk(ctx context.Context, w *bulkWork, until time.Time) error {
	w.op.LeasedUntil = until
	return a.Store.Tx(ctx, func(tx Tx) error {
		moved, err := tx.MoveOperation(ctx, w.op, OperationRunning, w.op.Lease)
		if err != nil || !moved {
			return cmp.Or[error](err, errOvertaken)
		}
		if err := a.cards(ctx, tx, w.op, nil); err != nil {
			return err
		}
		return a.showIncident(ctx, tx, w.op.Subject, w.leads)
	})
}

// partID is the ID of the operation that unlocks a customer of a bulk unlock.
func partID(item BulkItem) string { return fmt.Sprintf("%s-%d", item.Operation, item.Seq) }

// partFor begins the operation that unlocks a customer; nil when they are left out, which
// is stored then, or when it was begun before and somebody is about it.
func (a *Actions) partFor(ctx context.Context, w *bulkWork, item BulkItem) (*Operation, error) {
	begun, err := a.Store.OperationByID(ctx, partID(item))
	if err == nil {
		w.left = w.left || !begun.State.Final()
		return nil, nil
	}
	if CodeOf(err) != NotFound {
		return nil, err
	}
	p, err := a.planned(ctx, ActUnlock, item.UserID, RolesOf(RoleLead), Params{})
	switch {
	case CodeOf(err) == NotFound:
		return nil, a.leaveOut(ctx, w, item, BulkLeftOut, "They aren't on record any more.")
	case CodeOf(err) == Unavailable || ctx.Err() != nil:
		return nil, err
	case err != nil: // the others don't wait for one whose records can't be read
		a.Log.ErrorContext(ctx, "a customer of a bulk unlock can't be looked at", "operation", w.op.ID, "number", item.Seq, "error", err)
		return nil, a.leaveOut(ctx, w, item, BulkFailed, "Their records can't be read. Please tell your Latchkey admin.")
	}
	if why := p.leftOut(w.incident); why != "" {
		return nil, a.leaveOut(ctx, w, item, BulkLeftOut, why)
	}
	return a.startPart(ctx, w, item, p)
}

// leftOut says why a bulk unlock leaves a customer out, "" when it doesn't: it unlocks only
// whom the incident locked by too many attempts, and never a protected or an attacked one.
func (p *plan) leftOut(i Incident) string {
	open, indicated := p.lockedBy()
	switch {
	case p.user.Protected:
		return "They are protected: unlock them one by one, with a second person."
	case p.bursts.takeover != nil:
		return "Their login looks taken over: hand it to L2 at once."
	case p.attacked():
		return "Strangers try their login: hand it to L2."
	case slices.Contains(open, LockManual):
		return "A person locked them: ask who, and why."
	case p.in:
		return "They are in again, since " + p.clock(p.last.At) + "."
	case !slices.Contains(open, LockAttempts) && indicated != LockAttempts:
		return "They aren't locked for too many attempts."
	case p.refused != "":
		return p.refused
	case slices.ContainsFunc(open, func(kind LockKind) bool { return kind != LockAttempts }):
		return "They are locked for something else as well: unlock them one by one."
	}
	return p.lockedBesides(i)
}

// lockedBesides says why it wasn't the incident that locked somebody for too many
// attempts, "" when it was; see incidentCrowd.lockedBy, which tells the same in short.
func (p *plan) lockedBesides(i Incident) string {
	for _, lock := range p.open {
		switch {
		case lock.Kind != LockAttempts || i.locks(lock):
		case lock.At.Before(i.At):
			return "They were locked before the incident began."
		default:
			return "They were locked after the incident was over."
		}
	}
	if len(p.open) > 0 {
		return ""
	}
	in := slices.DeleteFunc(slices.Clone(p.sinceSuccessAndLock()), func(a Attempt) bool { return !i.during(a.At) })
	if len(withOutcome(in, i.Outcome)) == 0 || !i.indicates(p.rules, len(withOutcome(in, LockedOut)) > 0, len(withOutcome(in, WrongPassword))) {
		return "No lock of theirs is on record, and what shows one isn't of this incident: unlock them one by one."
	}
	return ""
}

// leaveOut stores why a customer isn't unlocked.
func (a *Actions) leaveOut(ctx context.Context, w *bulkWork, item BulkItem, state BulkState, why string) error {
	item.State, item.Why = state, why
	return a.Store.Tx(ctx, func(tx Tx) error {
		if err := stillOurs(ctx, tx, w.op); err != nil {
			return err
		}
		_, err := tx.SettleItem(ctx, item)
		return err
	})
}

// startPart stores the intent to unlock a customer, as the same people decided it. Whom
// somebody is unlocking already is left out.
func (a *Actions) startPart(ctx context.Context, w *bulkWork, item BulkItem, p *plan) (*Operation, error) {
	now := Instant(a.Now())
	part := Operation{
		ID: partID(item), Act: p.row, Actor: w.op.Actor, Subject: item.UserID, Reason: w.op.Reason, Ticket: w.op.Ticket,
		Approver: w.op.Approver, Bulk: w.op.ID, Params: p.params, At: now,
	}
	a.lease(&part)
	var started bool
	err := a.Store.Tx(ctx, func(tx Tx) error {
		if err := stillOurs(ctx, tx, w.op); err != nil {
			return err
		}
		underWay, fresh, err := tx.StartOperation(ctx, part)
		if started = fresh; err != nil || fresh {
			return err
		}
		item.State, item.Why = BulkLeftOut, fmt.Sprintf("<@%s> is unlocking them already.", underWay.Actor)
		_, err = tx.SettleItem(ctx, item)
		return err
	})
	if err != nil || !started {
		return nil, err
	}
	return &part, nil
}

// stillOurs fails with errOvertaken when somebody else carries an operation out, and
// keeps it until the transaction ends.
func stillOurs(ctx context.Context, tx Tx, op Operation) error {
	now, err := tx.Operation(ctx, op.ID)
	if err == nil && (now.State != OperationRunning || now.Lease != op.Lease) {
		err = errOvertaken
	}
	return err
}

// settlePart stores what became of a customer of a bulk unlock with the operation that was
// to unlock them.
func settlePart(ctx context.Context, tx Tx, op Operation) error {
	item := BulkItem{Operation: op.Bulk, UserID: op.Subject, State: BulkFailed, Why: op.Why}
	if op.State == OperationDone {
		item.State = BulkDone
	}
	_, err := tx.SettleItem(ctx, item)
	return err
}
