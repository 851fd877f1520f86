package actions

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// bulkUnderWay stores a bulk unlock that runs, for jane.
func (d *desk) bulkUnderWay(t *testing.T) Operation {
	t.Helper()
	d.LeadsChannel = "CLEADS"
	op := Operation{
		ID: "op", Act: ActBulkUnlock, Actor: "U8", Approver: "U9", Subject: "i-1", Reason: "The release.", State: OperationRunning,
		At: d.now, Lease: "ours", LeasedUntil: d.now.Add(leaseTime),
		Params: Params{Bulk: &BulkParams{Outcome: LockedOut, Since: noon.Add(-hour), Customers: 1}, Begun: d.now},
	}
	d.store.state.incidents["i-1"] = Incident{ID: "i-1", Outcome: LockedOut, At: noon.Add(-hour), SeenAt: noon, Customers: 1}
	d.store.state.operations[op.ID] = op
	d.store.state.items = []BulkItem{{Operation: op.ID, Seq: 1, UserID: "u-1", State: BulkWaiting}}
	return op
}

// TestBulkUnlockInSlices: who has worked at it for long enough shows how far it came and
// leaves the rest to whoever carries on, at once.
func TestBulkUnlockInSlices(t *testing.T) {
	d := newDesk(user(func(u *User) { u.Protected = true }))
	op := d.bulkUnderWay(t)
	over, end := context.WithCancel(t.Context())
	end()
	if err := d.takeEach(over, op); !errors.Is(err, errSliceOver) {
		t.Fatalf("got %v", err)
	}
	if left := d.store.state.operations["op"]; left.State != OperationRunning || !left.LeasedUntil.Equal(d.now) || d.store.state.tally("op").Waiting != 1 {
		t.Errorf("it is %+v, %+v", left, d.store.state.items)
	}
	var told []string
	for _, m := range d.store.state.outbox {
		told = append(told, string(m.Kind)+" to "+m.To)
	}
	if want := []string{"operation to U8", "incident to CLEADS"}; !slices.Equal(told, want) {
		t.Errorf("told are %v, want %v", told, want)
	}
	must(t, d.CarryOn(t.Context()))
	done := d.store.state.operations["op"]
	if done.State != OperationDone || done.Params.Bulk.LeftOut != 1 || d.store.state.items[0].State != BulkLeftOut {
		t.Errorf("it is %+v, %+v", done, d.store.state.items)
	}
}

// tries are attempts of an outcome, one a minute, the last of them so long ago.
func tries(n int, ago time.Duration, outcome Outcome) option {
	some := make([]option, n)
	for i := range some {
		some[i] = tried(ago+time.Duration(i)*minute, outcome)
	}
	return all(some...)
}

// TestBulkUnlockOnlyItsOwn: it unlocks whom the incident locked, which began an hour ago and
// may be over since half an hour, and nobody whom something else did; the card counts the
// same.
func TestBulkUnlockOnlyItsOwn(t *testing.T) {
	nobody := func(*scene) {}
	unlocks := func(s *scene) { s.abilities.Changes = []ChangeKind{ChangeUnlocked} }
	for name, row := range map[string]struct {
		outcome  Outcome
		over     bool
		jane     option
		state    CustomerState // as the database tells it in short
		unlocked bool
	}{
		"Locked":               {LockedOut, false, lockedFor(LockAttempts, minute), CustomerState{Locks: []Lock{{Kind: LockAttempts, At: noon.Add(-minute)}}}, true},
		"LockedAhead":          {LockedOut, false, lockedFor(LockAttempts, 2*hour), CustomerState{Locks: []Lock{{Kind: LockAttempts, At: noon.Add(-2 * hour)}}}, true},
		"LockedBefore":         {LockedOut, false, lockedFor(LockAttempts, 2*hour+tick), CustomerState{Locks: []Lock{{Kind: LockAttempts, At: noon.Add(-2*hour - tick)}}}, false},
		"LockedAheadOtherwise": {MFAFailed, false, lockedFor(LockAttempts, hour+tick), CustomerState{Locks: []Lock{{Kind: LockAttempts, At: noon.Add(-hour - tick)}}}, false},
		"LockedAfter":          {LockedOut, true, lockedFor(LockAttempts, minute), CustomerState{Locks: []Lock{{Kind: LockAttempts, At: noon.Add(-minute)}}}, false},
		"LockedTwice": {LockedOut, false, all(lockedFor(LockAttempts, minute), lockedFor(LockAttempts, 3*hour)),
			CustomerState{Locks: []Lock{{Kind: LockAttempts, At: noon.Add(-minute)}, {Kind: LockAttempts, At: noon.Add(-3 * hour)}}}, false},
		"Told":             {LockedOut, false, nobody, CustomerState{}, true},
		"ToldAfterWrong":   {WrongPassword, false, tried(30*minute, LockedOut), CustomerState{Wrong: 1, Told: true}, true},
		"NotTold":          {WrongPassword, false, nobody, CustomerState{Wrong: 1}, false},
		"Indicated":        {MFAFailed, false, tries(4, 50*minute, WrongPassword), CustomerState{Wrong: 4}, true},
		"IndicatedBefore":  {MFAFailed, false, tries(4, 120*hour, WrongPassword), CustomerState{}, false},
		"IndicatedHalf":    {MFAFailed, false, all(tries(3, 50*minute, WrongPassword), tries(3, 3*hour, WrongPassword)), CustomerState{Wrong: 3}, false},
		"IndicatedAfter":   {MFAFailed, true, tries(4, minute, WrongPassword), CustomerState{}, false},
		"IndicatedAndOver": {MFAFailed, true, tries(4, 50*minute, WrongPassword), CustomerState{Wrong: 4}, true},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(unlocks, row.jane, tried(40*minute, row.outcome))
			op := d.bulkUnderWay(t)
			i := d.store.state.incidents["i-1"]
			if i.Outcome = row.outcome; row.over {
				i.SeenAt, i.EndedAt = noon.Add(-35*minute), noon.Add(-30*minute)
			}
			d.store.state.incidents["i-1"] = i
			row.state.UserID = "u-1"
			d.store.state.states["u-1"] = row.state
			d.store.state.failing = []fakeFailing{{
				IncidentCustomer: IncidentCustomer{Who: "u:u-1", UserID: "u-1", At: noon.Add(-40 * minute)}, attempt: Attempt{Outcome: row.outcome},
			}}
			report, err := d.IncidentReport(t.Context(), "i-1")
			if err != nil || (report.Locked == 1) != row.unlocked {
				t.Errorf("the card says that %d are locked, %v", report.Locked, err)
			}
			w := &bulkWork{op: op}
			if w.incident, err = d.incidentOf(t.Context(), op); err != nil {
				t.Fatal(err)
			}
			part, err := d.partFor(t.Context(), w, d.store.state.items[0])
			if item := d.store.state.items[0]; err != nil || (part != nil) != row.unlocked || (item.State == BulkLeftOut) == row.unlocked {
				t.Errorf("they are unlocked by %+v, %+v, %v", part, item, err)
			}
		})
	}
}

// TestBulkUnlockOver: of one that is declined, taken back or too late nobody waits any more,
// and the card offers it again.
func TestBulkUnlockOver(t *testing.T) {
	d := newDesk()
	op := d.bulkUnderWay(t)
	op.State, op.Lease, op.LeasedUntil, op.Until = OperationAsked, "", time.Time{}, d.now
	d.store.state.operations[op.ID] = op
	must(t, d.CarryOn(t.Context()))
	if over := d.store.state.operations["op"]; over.State != OperationRefused || d.store.state.tally("op") != (BulkTally{}) {
		t.Errorf("it is %+v, %+v", over, d.store.state.items)
	}
}

// TestBulkUnlockOvertaken: who lost the lease touches nobody.
func TestBulkUnlockOvertaken(t *testing.T) {
	d := newDesk(lockedFor(LockAttempts, minute), tried(2*minute, LockedOut))
	op := d.bulkUnderWay(t)
	theirs := op
	theirs.Lease = "theirs"
	d.store.state.operations[op.ID] = theirs
	if err := d.takeEach(t.Context(), op); !errors.Is(err, errOvertaken) {
		t.Errorf("got %v", err)
	}
	if len(d.store.state.operations) != 1 || d.store.state.items[0].State != BulkWaiting {
		t.Errorf("there are %+v, %+v", d.store.state.operations, d.store.state.items)
	}
}

// TestBulkUnlockOfOneWhoCantBeRead: the others don't wait for them, and nobody is passed over
// because the directory doesn't answer.
func TestBulkUnlockOfOneWhoCantBeRead(t *testing.T) {
	d := newDesk()
	op := d.bulkUnderWay(t)
	d.directory.err = Errorf(Unavailable, "The directory doesn't answer.")
	wantCode(t, d.takeEach(t.Context(), op), Unavailable)
	if d.store.state.items[0].State != BulkWaiting {
		t.Errorf("they are %+v", d.store.state.items)
	}
	d.directory.err = errBroken
	must(t, d.takeEach(t.Context(), op))
	if item := d.store.state.items[0]; item.State != BulkFailed || item.Why == "" {
		t.Errorf("they are %+v", item)
	}
}

// TestLeftOut: a lead sees all who were left out, each with why, in pages; it is a row of the
// audit. Nobody else does, and of another operation nobody was left out.
func TestLeftOut(t *testing.T) {
	d := newDesk()
	d.bulkUnderWay(t)
	d.store.state.operations["other"] = Operation{ID: "other", Act: ActUnlock, Subject: "u-1", State: OperationDone}
	d.store.state.items = nil
	for i := range 40 {
		item := BulkItem{Operation: "op", Seq: i + 1, UserID: fmt.Sprint("c-", i), State: BulkLeftOut, Why: "They are protected."}
		switch {
		case i == 39:
			item.UserID, item.State, item.Why = "u-1", BulkFailed, "The directory didn't answer."
		case i%2 == 0:
			item.State = BulkDone
		}
		d.store.state.items = append(d.store.state.items, item)
	}
	lead := func(key string) Call { return Call{Actor: Actor{ID: "U8", Roles: RolesOf(RoleLead)}, Key: key} }
	first, err := d.LeftOutOf(t.Context(), lead("first"), "op", 0)
	if err != nil || first.Operation != "op" || first.Incident.ID != "i-1" || first.Total != 20 || len(first.People) != LockoutPageSize || first.People[0] != (LeftOut{Person{ID: "c-1"}, "They are protected."}) {
		t.Errorf("got %+v, %v", first, err)
	}
	last, err := d.LeftOutOf(t.Context(), lead("last"), "op", 15)
	if err != nil || last.Offset != 15 || len(last.People) != 5 || last.People[4].Person.Email != "j•••@a•••.example" || last.People[4].Why != "The directory didn't answer." {
		t.Errorf("got %+v, %v", last, err)
	}
	if behind, err := d.LeftOutOf(t.Context(), lead("behind"), "op", 1<<62); err != nil || behind.Offset != 20 || len(behind.People) != 0 {
		t.Errorf("behind the last are %+v, %v", behind, err)
	}
	rows := d.store.state.audit
	if len(rows) != 3 || rows[1].Act != ActLockouts || rows[1].Actor != "U8" || rows[1].Subject != "" || !strings.Contains(rows[1].Detail, "the incident i-1 (locked), from number 16 on") {
		t.Errorf("the audit has %+v", rows)
	}
	_, err = d.LeftOutOf(t.Context(), lead("another"), "other", 0)
	wantCode(t, err, NotFound)
	_, err = d.LeftOutOf(t.Context(), lead("none"), "none", 0)
	wantCode(t, err, NotFound)
	_, err = d.LeftOutOf(t.Context(), agent("an agent", ""), "op", 0)
	wantCode(t, err, Forbidden)
	d.store.state.brakes["U8"] = Brake{Actor: "U8", At: noon}
	_, err = d.LeftOutOf(t.Context(), lead("stopped"), "op", 0)
	wantCode(t, err, Forbidden)
}
