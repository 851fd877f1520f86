package storetest

import (
	"sync"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/escalation"
)

func testTx(t *testing.T) {
	t.Run("Error", func(t *testing.T) { each(t, txError) })
	t.Run("Panic", func(t *testing.T) { each(t, txPanic) })
}

// everything does all that a transaction can.
func everything(t *testing.T, tx actions.Tx) {
	t.Helper()
	ctx := t.Context()
	_, claimed := tx.Claim(ctx, "a", moment)
	_, counted := tx.CountRefusal(ctx, "U1", moment)
	_, begun := tx.ClaimRun(ctx, runOf("digest", "a", 0))
	_, _, started := tx.StartOperation(ctx, operation("op-1", actions.ActUnlock, "user-1", 0))
	code := actions.LinkCode{Hash: []byte{1}, UserID: "user-1", Purpose: actions.LinkLogin, ExpiresAt: moment}
	cases, ours := tx.(escalation.Tx)
	same(t, "whether it is a transaction over cases, too", ours, true)
	_, opened := cases.StartCase(ctx, escalated("c1", "U1", 0))
	_, followed := cases.Follow(ctx, escalation.Follower{Case: "c1", Agent: "U1", At: moment})
	for _, err := range []error{
		opened, followed, cases.AddEvent(ctx, event("c1", 1, escalation.EventOpened)),
		begun, tx.Enqueue(ctx, letter("a", "U1", 0)), tx.StartWatch(ctx, watch("w1", "U1", "user-1", 0)), tx.Park(ctx, parked("p1", moment)),
		tx.StartTarget(ctx, target("t1", "Acme")), tx.StartAdmin(ctx, tempAdmin("a1", "U1", 0)),
		started, tx.StartApproval(ctx, approval("a1", "op-1", 0)), tx.StartVerification(ctx, verification("v1", "U1", "", 0)),
		tx.StartLink(ctx, oneTimeLink("l1", "user-1", actions.LinkLogin)), tx.StartLinkCode(ctx, code),
		tx.StartSecret(ctx, secret("s1", "U1")), tx.StartRequest(ctx, request("r1", "U1")), tx.PutSealed(ctx, sealed(actions.SealSecret, "s1", "test")),
		tx.StartMail(ctx, mail("m1", "op-1", "", 0)), tx.PullBrake(ctx, actions.Brake{Actor: "U1", Why: "Much.", At: moment}),
		claimed, counted, tx.RestartRefusals(ctx, "U2", moment), tx.RememberTicket(ctx, "U1", "#1", moment), tx.Audit(ctx, acts()[3]),
	} {
		if err != nil {
			t.Error(err)
		}
	}
}

func txError(t *testing.T, s *site) {
	err := s.Tx(t.Context(), func(tx actions.Tx) error { everything(t, tx); return errOnPurpose })
	if err != errOnPurpose { //nolint:errorlint // it comes back as it is
		t.Errorf("the error is %v, not the one that fn returned", err)
	}
	checkEmpty(t, s)
	s.in(t, func(tx actions.Tx) error { everything(t, tx); return nil })
	verify(t, s, Keyring(t), 1)
}

func txPanic(t *testing.T, s *site) {
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		s.in(t, func(tx actions.Tx) error { everything(t, tx); panic("on purpose") })
	}()
	checkEmpty(t, s)
	s.in(t, func(tx actions.Tx) error { everything(t, tx); return nil })
}

func testAtOnce(t *testing.T) {
	t.Run("SameRecords", func(t *testing.T) { each(t, importsAtOnce) })
}

// importsAtOnce sends the same records four times at once.
func importsAtOnce(t *testing.T, s *site) {
	bodies := append(samples(), fail("others", bigBatch, ago(50*time.Minute), 45*time.Minute)...)
	bodies = append(bodies, series("jane", bigBatch, time.Hour)...)
	bodies = append(bodies, unknown("at-u", "jnae", ago(time.Minute)))
	var all sync.WaitGroup
	var guard sync.Mutex
	total := actions.Tally{}
	const imports = 4
	for range imports {
		all.Go(func() {
			tally, err := s.tryPut(t.Context(), bodies...)
			if err != nil {
				t.Errorf("importing: %v", err)
			}
			guard.Lock()
			defer guard.Unlock()
			total.Add(tally)
		})
	}
	all.Wait()
	want := everyKind(actions.Count{New: 1, Unchanged: imports - 1})
	attempts := 2*bigBatch + 2
	want["attempt"] = actions.Count{New: attempts, Unchanged: (imports - 1) * attempts}
	same(t, "the tally of all", total, want)
	same(t, "alike", s.look(t, "jane.doe").Alike.LastHour, bigBatch)
	checkTotals(t, s)
}

// checkTotals fails when the totals by the hour aren't what they are totals of.
func checkTotals(t *testing.T, s *site) {
	t.Helper()
	wrong := s.value(t, `SELECT count(*) FROM outcome_totals WHERE customers <> (SELECT count(*) FROM hourly_outcomes
		WHERE hourly_outcomes.outcome = outcome_totals.outcome AND hourly_outcomes.hour = outcome_totals.hour)`)
	same(t, "hours with a wrong total", wrong, "0")
}
