package actions

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"
)

// justDone returns what the same actor did to the same customer a moment ago: a
// double click isn't a second order.
func (a *Actions) justDone(ctx context.Context, call Call, order Order) (OperationReport, bool, error) {
	begun, err := a.justBegun(ctx, call, order)
	if err != nil {
		return OperationReport{}, false, err
	}
	for _, op := range begun {
		same := op.Actor == call.Actor.ID && op.Act.Recorded() == order.Act && op.Reason == order.Reason && op.Params.Admin.same(order.Params.Admin)
		if same && (!op.State.Final() || op.State == OperationDone) {
			report, err := a.reportOf(ctx, op)
			report.Already = true
			return report, true, err
		}
	}
	return OperationReport{}, false, nil
}

// justBegun is what was begun a moment ago for the same customer, or of the same kind.
func (a *Actions) justBegun(ctx context.Context, call Call, order Order) ([]Operation, error) {
	since := Instant(a.Now()).Add(-2 * doubleClick)
	if order.Act == ActTempAdmin {
		return a.justCreated(ctx, call.Actor.ID, order.Params.Admin.Target, since)
	}
	return a.Store.OperationsOf(ctx, order.UserID, since, operationsRead)
}

// answeredBefore reports whether an operation had ended before somebody typed
// the call: nobody types twice by mistake what was answered meanwhile.
func (op Operation) answeredBefore(call Call) bool {
	return !call.TypedAt.IsZero() && op.State.Final() && op.EndedAt.Before(call.TypedAt)
}

// onlyOnce fails with errDouble when the same was begun a moment ago, however
// soon that ended: the second of a double click comes with a key of its own.
func (a *Actions) onlyOnce(ctx context.Context, tx Tx, s *starting) error {
	name, slot := s.op.fingerprint(), s.op.At.Truncate(doubleClick)
	for _, at := range []time.Time{slot, slot.Add(-doubleClick)} {
		fresh, err := tx.Claim(ctx, "double "+name+" "+at.Format(time.RFC3339), s.op.At)
		switch {
		case err != nil:
			return err
		case !fresh && !s.again:
			return errDouble
		}
	}
	return nil
}

// fingerprint is the same for the same order of the same actor.
func (op Operation) fingerprint() string {
	p, subject, admin := op.Params, op.Subject, AdminParams{}
	if p.Admin != nil {
		admin = *p.Admin
	}
	if op.Act == ActTempAdmin {
		subject = "" // each has an ID of its own
	}
	of := []any{
		op.Actor, op.Act, subject, admin.Target, admin.Receiver, admin.Days, op.Reason, p.MailSubject, p.MailText, p.Copy, p.Then, p.Email, p.Mobile, p.Via, p.ByAdmin, p.Undoes, p.Case,
	}
	text, _ := json.Marshal(of) //nolint:errchkjson // strings and truth values can always be written
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
