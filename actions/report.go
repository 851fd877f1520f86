package actions

import (
	"context"
	"slices"
	"strings"
)

// Report returns an operation as people see it, for its card. Errors: NotFound,
// Unavailable.
func (a *Actions) Report(ctx context.Context, id string) (OperationReport, error) {
	op, err := a.Store.OperationByID(ctx, id)
	if err != nil {
		return OperationReport{}, err
	}
	return a.reportOf(ctx, op)
}

// ApprovalReport returns what a second person is asked about, for their card.
// Errors: NotFound, Unavailable.
func (a *Actions) ApprovalReport(ctx context.Context, approvalID string) (OperationReport, error) {
	approval, err := a.Store.ApprovalByID(ctx, approvalID)
	if err != nil {
		return OperationReport{}, err
	}
	return a.Report(ctx, approval.Operation)
}

// reportOf adds to an operation what people need to see of it.
func (a *Actions) reportOf(ctx context.Context, op Operation) (OperationReport, error) {
	switch op.Act.about() {
	case aTempAdmin:
		return a.adminOperation(ctx, op)
	case anIncident:
		return a.bulkOperation(ctx, op)
	case aCustomer:
	}
	user, p, err := a.subjectOf(ctx, op)
	if err != nil {
		return OperationReport{}, err
	}
	r := OperationReport{
		Person: NewMasker("").person(user), Does: doesOf(op), Contact: op.contact(), Undoable: undoable(op, Instant(a.Now())),
	}
	if r.Undoable {
		undo, err := a.undoPlan(ctx, op.Subject, Params{Undoes: op.ID})
		if err != nil {
			return OperationReport{}, err
		}
		r.Undoable = undo.undoes != nil
	}
	if p != nil && procedures[op.Act] != nil && procedures[op.Act].hands {
		r.Handover = a.handoverOf(p)
	}
	if p != nil && op.State == OperationAsked {
		before, err := a.askedBefore(ctx, op)
		if err != nil {
			return OperationReport{}, err
		}
		r.Mind, r.Draft = strings.TrimSpace(p.mind(op)+" "+before), op.draft()
	}
	if r.Verified, err = a.verified(ctx, op.Subject, op.Actor, op.Ticket); err != nil {
		return OperationReport{}, err
	}
	if r.Approval, err = a.approvalOf(ctx, op); err != nil {
		return OperationReport{}, err
	}
	if r.Mails, err = a.mailReports(ctx, op, user); err != nil {
		return OperationReport{}, err
	}
	if r.Handout, err = a.handoutOf(ctx, op); err != nil {
		return OperationReport{}, err
	}
	if op.State == OperationDone && procedures[op.Act] != nil && !slices.ContainsFunc(r.Mails, MailReport.promised) {
		r.Afterwards = procedures[op.Act].after
	}
	r.Operation = op.shown()
	return r, a.addNext(ctx, op, &r)
}

// contact says what becomes of the contact, masked; "" when nothing does.
func (op Operation) contact() string {
	if op.Act == ActDelist {
		return "mail to " + NewMasker("").Name(op.Params.Email) + " is held back no more"
	}
	return contactWords(op.Params)
}

// subjectOf returns whom an operation is about, as far as they are known, with
// the plan over them when they are on record.
func (a *Actions) subjectOf(ctx context.Context, op Operation) (User, *plan, error) {
	s, snapshot, err := a.situationOf(ctx, op.Subject)
	if CodeOf(err) == NotFound && op.Params.User != nil {
		return *op.Params.User, nil, nil // deleted, to be made anew
	}
	if CodeOf(err) == NotFound {
		return User{ID: op.Subject}, nil, nil
	}
	if err != nil {
		return User{}, nil, err
	}
	return snapshot.Users[0], &plan{situation: s, rawPlaces: snapshot.Places, row: op.Act}, nil
}

// mind is what a second person should mind before they say yes.
func (p *plan) mind(op Operation) string {
	var minds []string
	if p.user.Protected {
		minds = append(minds, "This customer is protected.")
	}
	if p.held(op.Act) || p.held(op.Params.Then) {
		minds = append(minds, "Their contact changed in the last 24 hours, so what is sent there may reach somebody else.")
	}
	return strings.Join(minds, " ")
}

// draft is the mail of an operation in the words of who asked for it, nil for the
// template's.
func (op Operation) draft() *Draft {
	if op.Params.MailSubject == "" && op.Params.MailText == "" {
		return nil
	}
	return &Draft{Subject: op.Params.MailSubject, Text: op.Params.MailText}
}

// mailReports are the messages of an operation as people see them.
func (a *Actions) mailReports(ctx context.Context, op Operation, user User) ([]MailReport, error) {
	mails, err := a.Store.MailsOf(ctx, op.ID)
	if err != nil {
		return nil, err
	}
	var reports []MailReport
	for _, mail := range mails {
		of := user
		if mail.UserID != user.ID && mail.Address == "" {
			of = User{} // another's contact isn't this user's
			if op.Params.User != nil && mail.UserID == op.Params.NewID {
				of = *op.Params.User
			}
		}
		reports = append(reports, reportMail(mail, of))
	}
	return reports, nil
}

// promised reports whether a message didn't go out of which the customer would be
// told that it did.
func (m MailReport) promised() bool { return m.State == MailFailed && !m.Copy }

// addNext adds the operation that follows.
func (a *Actions) addNext(ctx context.Context, op Operation, r *OperationReport) error {
	if op.Params.Then == "" || op.State != OperationDone {
		return nil
	}
	next, err := a.Store.OperationByID(ctx, nextID(op.ID))
	if CodeOf(err) == NotFound {
		return nil
	} else if err != nil {
		return err
	}
	report, err := a.reportOf(ctx, next)
	r.Next = &report
	return err
}

// shown is an operation without what only its writes need: contacts, a profile,
// the text of a mail, the lease.
func (op Operation) shown() Operation {
	p := op.Params
	op.Lease = ""
	op.Params = Params{
		Locks: slices.Clone(p.Locks), Indicated: p.Indicated, Since: p.Since, Then: p.Then, Via: p.Via, ByAdmin: p.ByAdmin,
		NewID: p.NewID, Undoes: p.Undoes, Case: p.Case, Begun: p.Begun, Admin: p.Admin, Bulk: p.Bulk,
	}
	return op
}
