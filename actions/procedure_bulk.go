package actions

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// unlockingAll unlocks the customers whom an incident locked, each by an operation of
// their own (see procedure_bulk_each.go).
var unlockingAll = procedure{
	act:    ActBulkUnlock,
	about:  anIncident,
	check:  checkBulk,
	steps:  []step{{kind: ChangeUnlocked, what: "unlocking", each: true}},
	does:   bulkDoes,
	settle: settleBulk,
}

// bulkState is the state that a plan over an incident is made over.
type bulkState struct {
	incident Incident
	users    []string // who are in it, who failed last first
	helps    bool     // somebody of them could be unlocked
}

// bulkLooks is how many customers are looked at before a bulk unlock is asked for.
const bulkLooks = 20

// helpsAny reports whether a bulk unlock helps anybody: of those who seem locked, one is
// enough. When the first don't tell, it may.
func (a *Actions) helpsAny(ctx context.Context, c incidentCrowd) (bool, error) {
	locked := c.locked()
	for _, customer := range locked[:min(len(locked), bulkLooks)] {
		p, err := a.planned(ctx, ActUnlock, customer.UserID, RolesOf(RoleLead), Params{})
		switch {
		case CodeOf(err) == NotFound:
		case err != nil:
			return false, err
		case p.leftOut(c.incident) == "":
			return true, nil
		}
	}
	return len(locked) > bulkLooks, nil
}

// bulkPlan reads it. Errors: NotFound for an incident that isn't there, Unavailable.
func (a *Actions) bulkPlan(ctx context.Context, act Act, id string, params Params) (*plan, error) {
	incident, err := a.Store.IncidentByID(ctx, id)
	if err != nil {
		return nil, err
	}
	crowd, err := a.crowdOf(ctx, incident)
	if err != nil {
		return nil, err
	}
	state := bulkState{incident: incident, users: crowd.users()}
	if state.helps, err = a.helpsAny(ctx, crowd); err != nil {
		return nil, err
	}
	nobody := newSituation(Snapshot{At: Instant(a.Now()), Users: []User{{ID: id}}}, a.Rules, a.Directory.Abilities())
	return &plan{situation: nobody, row: act, params: params, bulk: &state}, nil
}

// checkBulk looks whether an incident left anybody locked. Once it is asked for, it is
// for those customers, and each is looked at before they are unlocked.
func checkBulk(p *plan) {
	if p.params.Bulk == nil {
		p.params.Bulk = &BulkParams{Outcome: p.bulk.incident.Outcome, Since: p.bulk.incident.At, Customers: len(p.bulk.users)}
	}
	if !p.bulk.helps {
		p.refuse("", "This incident has left nobody locked whom a bulk unlock could help, so there is nothing to do. Who is protected, attacked, or locked by a person is unlocked one by one.")
	}
}

// bulkItems are the customers of a plan, as they are stored with the intent; nil for a
// plan of anything else.
func (p *plan) bulkItems(operation string) []BulkItem {
	if p.bulk == nil {
		return nil
	}
	items := make([]BulkItem, len(p.bulk.users))
	for i, id := range p.bulk.users {
		items[i] = BulkItem{Operation: operation, Seq: i + 1, UserID: id, State: BulkWaiting}
	}
	return items
}

// bulkParams are the parameters of a bulk unlock.
func bulkParams(op Operation) BulkParams {
	if op.Params.Bulk == nil {
		return BulkParams{}
	}
	return *op.Params.Bulk
}

func bulkDoes(op Operation) []string {
	b := bulkParams(op)
	if b.Done+b.LeftOut+b.Failed > 0 {
		return []string{fmt.Sprintf("Of %s of the incident %d were unlocked, %d were left out, and %d failed.",
			count(b.Customers, "customer", "customers"), b.Done, b.LeftOut, b.Failed)}
	}
	return []string{
		fmt.Sprintf("Looks at each of %s who failed with %q since %s UTC, and unlocks those whom that locked.",
			count(b.Customers, "customer", "customers"), b.Outcome.Words(), b.Since.UTC().Format("15:04 on 2 January")),
		"Leaves out who is protected, under attack or taken over, locked by a person, or in again, and names them.",
		"Each unlock stands in the audit under whoever asks for it, with whoever approves it.",
	}
}

// settleBulk counts what became of the customers of a bulk unlock that has just ended,
// however it did: nobody waits for one that is over. One by which nobody was unlocked, and
// some should have been, failed.
func settleBulk(ctx context.Context, a *Actions, tx Tx, op *Operation, leads []string) error {
	if err := tx.EndBulk(ctx, op.ID); err != nil {
		return err
	}
	if err := a.showIncident(ctx, tx, op.Subject, leads); err != nil || op.State != OperationDone {
		return err
	}
	tally, err := tx.BulkTally(ctx, op.ID)
	if err != nil {
		return err
	}
	b := bulkParams(*op)
	b.Done, b.LeftOut, b.Failed = tally.Done, tally.LeftOut, tally.Failed
	op.Params.Bulk = &b
	if b.Done == 0 && b.Failed > 0 {
		op.State, op.Why = OperationFailed, "Nobody could be unlocked: the card says why for each."
		return nil
	}
	moved, err := tx.MoveOperation(ctx, *op, OperationDone, "")
	if err == nil && !moved {
		err = errOvertaken
	}
	return err
}

// showIncident has the leads' card of an incident show its newest state.
func (a *Actions) showIncident(ctx context.Context, tx Tx, id string, leads []string) error {
	for _, lead := range leads {
		if err := a.Enqueue(ctx, tx, OutgoingIncident, lead, id); err != nil {
			return err
		}
	}
	return nil
}

// bulkOperation is the report of a bulk unlock.
func (a *Actions) bulkOperation(ctx context.Context, op Operation) (OperationReport, error) {
	r := OperationReport{Operation: op.shown(), Does: doesOf(op)}
	var err error
	if r.Approval, err = a.approvalOf(ctx, op); err != nil {
		return OperationReport{}, err
	}
	if op.State == OperationAsked {
		if r.Mind, err = a.askedBefore(ctx, op); err != nil {
			return OperationReport{}, err
		}
	}
	r.Bulk, err = a.bulkReport(ctx, op)
	return r, err
}

// incidentOf is the incident whose customers a bulk unlock is for. Errors: Unavailable.
func (a *Actions) incidentOf(ctx context.Context, op Operation) (Incident, error) {
	incident, err := a.Store.IncidentByID(ctx, op.Subject)
	if CodeOf(err) == NotFound { // so long ago that it is gone
		b := bulkParams(op)
		return Incident{ID: op.Subject, Outcome: b.Outcome, At: b.Since, EndedAt: op.At}, nil
	}
	return incident, err
}

// bulkReport says how far a bulk unlock came, and who was left out.
func (a *Actions) bulkReport(ctx context.Context, op Operation) (*BulkReport, error) {
	incident, err := a.incidentOf(ctx, op)
	if err != nil {
		return nil, err
	}
	tally, err := a.Store.BulkTally(ctx, op.ID)
	if err != nil {
		return nil, err
	}
	r := BulkReport{Incident: incident, Total: bulkParams(op).Customers, Done: tally.Done, Failed: tally.Failed}
	if r.LeftOut, err = a.leftOutFrom(ctx, op, 0, LeftOutShown); err != nil {
		return nil, err
	}
	r.More = tally.LeftOut + tally.Failed - len(r.LeftOut)
	return &r, nil
}

// leftOutFrom are some of those whom a bulk unlock didn't unlock, in its order.
func (a *Actions) leftOutFrom(ctx context.Context, op Operation, offset, limit int) ([]LeftOut, error) {
	out, err := a.Store.BulkItems(ctx, op.ID, 0, offset+limit, BulkLeftOut, BulkFailed)
	if err != nil {
		return nil, err
	}
	out = out[min(offset, len(out)):]
	ids := make([]string, len(out))
	for i, item := range out {
		ids[i] = item.UserID
	}
	people, err := a.peopleOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	var some []LeftOut
	for _, item := range out {
		left := LeftOut{Person: people[item.UserID], Why: item.Why}
		left.Person.ID = item.UserID // also of who is gone
		some = append(some, left)
	}
	return some, nil
}

// LeftOutOf returns a part of those whom a bulk unlock didn't unlock, for a lead to unlock them
// one by one; it is a row of the audit. Errors: Forbidden, NotFound for what is no bulk unlock,
// Unavailable.
func (a *Actions) LeftOutOf(ctx context.Context, call Call, operation string, offset int) (LeftOutPage, error) {
	if !May(call.Actor.Roles, ActLockouts) {
		return LeftOutPage{}, a.Refuse(ctx, call, ActLockouts)
	}
	if _, err := a.Unbraked(ctx, call, ActLockouts); err != nil {
		return LeftOutPage{}, err
	}
	page, err := a.leftOutPage(ctx, operation, offset)
	if err != nil {
		return LeftOutPage{}, err
	}
	entry := AuditEntry{
		At: Instant(a.Now()), Act: ActLockouts, Outcome: ActDone,
		Detail: fmt.Sprintf("who was left out of unlocking the incident %s (%s), from number %d on", page.Incident.ID, page.Incident.Outcome, page.Offset+1),
	}
	return page, a.Store.Tx(ctx, func(tx Tx) error { return a.record(ctx, tx, call, entry) })
}

// leftOutPage reads it.
func (a *Actions) leftOutPage(ctx context.Context, operation string, offset int) (LeftOutPage, error) {
	op, err := a.Store.OperationByID(ctx, operation)
	if err != nil {
		return LeftOutPage{}, err
	}
	if op.Act.about() != anIncident {
		return LeftOutPage{}, Errorf(NotFound, "That unlocked nobody of an incident, so nobody was left out.")
	}
	page := LeftOutPage{Operation: op.ID}
	if page.Incident, err = a.incidentOf(ctx, op); err != nil {
		return LeftOutPage{}, err
	}
	tally, err := a.Store.BulkTally(ctx, op.ID)
	if err != nil {
		return LeftOutPage{}, err
	}
	page.Total = tally.LeftOut + tally.Failed
	page.Offset = min(max(offset, 0), page.Total)
	page.People, err = a.leftOutFrom(ctx, op, page.Offset, LockoutPageSize)
	return page, err
}

// bulkSlice is how long one process carries on with a bulk unlock at a time: the next
// goes on, so that what else was left half way needn't wait.
const bulkSlice = 10 * time.Second

// The progress of a bulk unlock is shown after so many customers, or so long.
const (
	bulkShown      = 25
	bulkShownAfter = 3 * time.Second
)

// errSliceOver leaves a bulk unlock to whoever carries on.
var errSliceOver = errors.New("the rest of a bulk unlock is carried on with later")
