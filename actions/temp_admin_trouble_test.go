package actions

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestCreateAdminTrouble: whatever the target does, nothing is told that isn't so, and
// nothing is forgotten that may be there.
func TestCreateAdminTrouble(t *testing.T) {
	for _, c := range []struct {
		name    string
		trouble siteTrouble
		methods []string
		state   AdminState
		says    string
	}{
		{"down", siteDown, nil, AdminEnding, "doesn't answer, so it may have happened or not"},
		{"down for the first call", siteDown, []string{callMake}, AdminEnding, "Acme shop doesn't answer"},
		{"slow", siteSlow, nil, AdminEnding, "doesn't answer"},
		{"garbage", siteGarbage, nil, AdminEnding, "doesn't answer"},
		{"the answer lost", siteLost, []string{callMake}, AdminEnding, "doesn't answer"},
		{"late", siteLate, []string{callMake}, AdminEnding, "Latchkey looks for what there may be of the user"},
		{"401 and no look", siteAway, nil, AdminEnding, "Latchkey looks for what there may be of the user"},
		{"401", siteAway, []string{callMake}, AdminRefused, "There is nothing of the user."},
		{"401 and made", siteBarred, []string{callMake}, AdminEnding, "Acme shop turned Latchkey away, and shows the user all the same. Latchkey looks"},
		{"429", siteBusy, []string{callMake}, AdminRefused, "There is nothing of the user."},
		{"the name taken", siteTaken, []string{callMake}, AdminRefused, "somebody else of that name"},
		{"it lies", siteLies, []string{callMake}, AdminEnding, "Acme shop said yes, and doesn't show the user."},
		{"no administrator", siteWeak, []string{callMake}, AdminEnding, "doesn't show the user as an administrator"},
		{"no answer to the check", siteDown, []string{callLook}, AdminEnding, "doesn't answer"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d, site := hosts(t)
				report, asked := d.asksAdmin(t)
				site.breaks(c.trouble, c.methods...)
				began := time.Now()
				got := d.approves(t, report)
				if got.Operation.State != OperationFailed || !strings.Contains(got.Operation.Why, c.says) {
					t.Fatalf("%s: %s", got.Operation.State, got.Operation.Why)
				}
				if took := time.Since(began); took > carryLimit {
					t.Errorf("it took %s", took)
				}
				d.leftAfterTrouble(t, asked.ID, c.state)
			})
		})
	}
}

// leftAfterTrouble checks the record of one that couldn't be made.
func (d *desk) leftAfterTrouble(t *testing.T, id string, state AdminState) {
	t.Helper()
	left := d.admin(t, id)
	switch {
	case left.State != state || left.End != AdminFailed:
		t.Errorf("it is %s, %s", left.State, left.End)
	case state == AdminEnding && (!left.Due.Equal(d.now) || !left.UnsureUntil.Equal(d.now.Add(10*minute)) || !left.EndingAt.Equal(d.now)):
		t.Errorf("due %s, unsure until %s, ending since %s", left.Due, left.UnsureUntil, left.EndingAt)
	case state == AdminRefused && !left.Due.IsZero():
		t.Errorf("due %s", left.Due)
	}
	if news := d.sentOf(OutgoingAdminNews); news != nil {
		t.Errorf("told %v", news)
	}
	if _, waits, _ := d.store.SealedByID(t.Context(), SealAdmin, left.Operation); waits {
		t.Error("its password lies sealed")
	}
	rows := d.store.current().audit
	if row := rows[len(rows)-1]; row.Act != ActTempAdmin || row.Outcome != ActFailed {
		t.Errorf("the audit says %+v", row)
	}
}

// TestCreateAdminTaken: who is there under the login of one that couldn't be made isn't
// left there unseen.
func TestCreateAdminTaken(t *testing.T) {
	d, site := hosts(t)
	report, asked := d.asksAdmin(t)
	site.has(SiteUser{ID: "66", Login: asked.Login, Email: "mallory@acme.example", Admin: true})
	site.breaks(siteTaken, callMake)
	if got := d.approves(t, report); !strings.Contains(got.Operation.Why, "somebody else of that name") {
		t.Errorf("%s: %s", got.Operation.State, got.Operation.Why)
	}
	d.leftAfterTrouble(t, asked.ID, AdminEnding)
}

// TestCreateAdminOnceMore: an answer that got lost is asked for again, and makes no
// second user.
func TestCreateAdminOnceMore(t *testing.T) {
	d, site := hosts(t)
	report, _ := d.asksAdmin(t)
	site.breaks(siteLost, callMake)
	site.before = func(_ context.Context, method string) {
		if method == callMake && site.called(callMake) == 1 {
			site.breaks("", callMake)
		}
	}
	if got := d.approves(t, report); got.Operation.State != OperationDone || len(site.logins()) != 1 || site.called(callMake) != 2 {
		t.Errorf("%s: %s, %v", got.Operation.State, got.Operation.Why, site.calls)
	}
}

// TestCreateAdminShut: a target that can't be opened isn't asked, and nothing is left.
func TestCreateAdminShut(t *testing.T) {
	d, site := hosts(t)
	report, asked := d.asksAdmin(t)
	must(t, d.store.Tx(t.Context(), func(tx Tx) error { return tx.DropSealed(t.Context(), asked.Target, SealTarget) }))
	got := d.approves(t, report)
	if got.Operation.State != OperationFailed || !strings.Contains(got.Operation.Why, "can't read the password") || len(site.calls) != 0 {
		t.Fatalf("%s: %v", got.Operation.Why, site.calls)
	}
	d.leftAfterTrouble(t, asked.ID, AdminRefused)
}

// TestCreateAdminCarriedOn: a process may end at each step; another goes on, the user
// is made once, with one password, and told of once.
func TestCreateAdminCarriedOn(t *testing.T) {
	steps := slices.DeleteFunc(Steps(), func(step string) bool { return !strings.HasPrefix(step, "temp_admin:") })
	want := []string{"temp_admin:intent", "temp_admin:sealed", "temp_admin:temp_admin_made", "temp_admin:temp_admin_checked", "temp_admin:outcome", "temp_admin:done"}
	if !slices.Equal(steps, want) {
		t.Fatalf("the steps are %v", steps)
	}
	for _, at := range steps {
		t.Run(at, func(t *testing.T) {
			d, site := hosts(t)
			report, asked := d.asksAdmin(t)
			killed := errors.New("killed")
			d.Reached = func(step string) {
				if step == at && report.Operation.State != "" {
					panic(killed)
				}
			}
			func() {
				defer func() {
					if recover() != killed { //nolint:errorlint // the very value
						t.Errorf("%s isn't reached", at)
					}
				}()
				d.approves(t, report)
			}()
			before := site.password(asked.Login)
			d.Reached = nil
			d.now = d.now.Add(minute)
			must(t, d.CarryOn(t.Context()))
			made := d.admin(t, asked.ID)
			if op := d.store.current().operations[report.Operation.ID]; op.State != OperationDone || made.State != AdminInUse {
				t.Fatalf("the operation is %s (%s), the admin %s", op.State, op.Why, made.State)
			}
			if logins := site.logins(); len(logins) != 1 || before != "" && site.password(asked.Login) != before {
				t.Errorf("the site has %v, and another password: %t", logins, before != site.password(asked.Login))
			}
			if got := d.sentOf(OutgoingAdmin); len(got) != 2 { // who asked, and who gets in
				t.Errorf("told %v", got)
			}
		})
	}
}

// TestCreateAdminCarriedOnTurnedAway: who carries on doesn't know whether the one
// before was heard, so that it isn't held to be nothing.
func TestCreateAdminCarriedOnTurnedAway(t *testing.T) {
	d, site := hosts(t)
	report, asked := d.asksAdmin(t)
	d.Reached = func(step string) {
		if step == "temp_admin:temp_admin_made" {
			panic("killed")
		}
	}
	func() {
		defer func() { _ = recover() }()
		d.approves(t, report)
	}()
	d.Reached = nil
	d.now = d.now.Add(minute)
	site.breaks(siteAway)
	must(t, d.CarryOn(t.Context()))
	d.leftAfterTrouble(t, asked.ID, AdminEnding)
}

// TestAdminEndedWhileMade: a ticket that is solved while the user is made ends it, and
// it isn't announced.
func TestAdminEndedWhileMade(t *testing.T) {
	for _, trouble := range []siteTrouble{"", siteDown, siteAway} {
		d, site := hosts(t)
		report, asked := d.asksAdmin(t)
		site.breaks(trouble, callMake)
		site.before = func(ctx context.Context, method string) {
			if method != callMake || site.called(callMake) > 0 {
				return
			}
			must(t, d.store.Tx(ctx, func(tx Tx) error {
				now, _, err := tx.Admin(ctx, asked.ID)
				now.State, now.End, now.EndedBy, now.EndingAt = AdminEnding, AdminSolved, "token:zendesk", d.now
				return cmp.Or(err, tx.PutAdmin(ctx, now))
			}))
		}
		d.approves(t, report)
		left := d.admin(t, asked.ID)
		state, due := AdminEnding, d.now
		if trouble == siteAway {
			state, due = AdminRefused, time.Time{}
		}
		if left.State != state || left.End != AdminSolved || !left.Due.Equal(due) || left.UnsureUntil.IsZero() != (trouble == siteAway) {
			t.Errorf("%q: %+v", trouble, left)
		}
		if news := d.sentOf(OutgoingAdminNews); news != nil {
			t.Errorf("%q: told %v", trouble, news)
		}
		if _, waits, _ := d.store.SealedByID(t.Context(), SealAdmin, left.Operation); waits {
			t.Errorf("%q: its password lies sealed", trouble)
		}
	}
}
