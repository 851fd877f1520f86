package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/escalation"
)

// wantOnce expects that whoever was answered is helped, that nobody was helped twice, and
// that the audit, the directory, the feed of changes, the cases and Slack say so alike.
func (r *replicas) wantOnce() {
	r.t.Helper()
	if _, err := actions.VerifyAudit(r.t.Context(), r.house.store, r.house.actions.Keys); err != nil {
		r.t.Errorf("the audit: %v", err)
	}
	unlocked, escalated, claimed := r.audited(actions.ActUnlock), r.audited(actions.ActEscalate), r.audited(actions.ActClaim)
	fed, locked, cases := r.fed(), r.locked(), r.cases()
	for customer := range r.asked {
		id := fmt.Sprint("c", customer)
		if isEscalated(customer) {
			if escalated[id] != 1 || cases[id] != 1 || claimed[id] != 1 {
				r.t.Errorf("%s: %d cases; escalated %d times and claimed %d times", id, cases[id], escalated[id], claimed[id])
			}
			continue
		}
		if unlocked[id] != 1 || fed[id] != 1 || locked[id] {
			r.t.Errorf("%s: the audit has %d unlocks, the feed %d; locked: %t", id, unlocked[id], fed[id], locked[id])
		}
	}
	if n := len(unlocked) + len(cases); n != len(r.asked) || len(fed) != len(unlocked) {
		r.t.Errorf("%d were asked about, %d were helped, and the feed names %d", len(r.asked), n, len(fed))
	}
	r.wantShown(unlocked)
}

// audited is how often the audit says that something was done, by customer.
func (r *replicas) audited(act actions.Act) map[string]int {
	r.t.Helper()
	done := map[string]int{}
	err := r.house.store.AuditRows(r.t.Context(), 0, func(row actions.AuditRow) error {
		if e := row.Entry; e.Act == act && e.Outcome == actions.ActDone {
			done[e.Subject]++
			if act == actions.ActUnlock && (e.Approver != "") != r.protected(e.Subject) {
				r.t.Errorf("%s is unlocked with the approver %q", e.Subject, e.Approver)
			}
		}
		return nil
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return done
}

// protected reports whether a customer takes a second person.
func (r *replicas) protected(id string) bool {
	r.t.Helper()
	var customer int
	if _, err := fmt.Sscanf(id, "c%d", &customer); err != nil {
		r.t.Fatalf("%q is no customer", id)
	}
	return isProtected(customer)
}

// fed is how often the product is told that a customer was unlocked, each change once and
// in order.
func (r *replicas) fed() map[string]int {
	r.t.Helper()
	times, after := map[string]int{}, int64(0)
	for more := true; more; {
		var changes []actions.Recorded
		var err error
		if changes, more, err = r.house.store.Changes(r.t.Context(), after, 100); err != nil {
			r.t.Fatal(err)
		}
		for _, c := range changes {
			if c.Seq <= after || c.Change.Kind != actions.ChangeUnlocked {
				r.t.Errorf("after %d the feed has %+v", after, c)
			}
			after = c.Seq
			times[c.Change.UserID]++
		}
	}
	return times
}

// locked are the customers who are.
func (r *replicas) locked() map[string]bool {
	all := map[string]bool{}
	for _, id := range r.open(r.t.Context(), `SELECT user_id FROM locks WHERE released_at IS NULL`) {
		all[id] = true
	}
	return all
}

// cases is how many there are of each customer; each was claimed once.
func (r *replicas) cases() map[string]int {
	r.t.Helper()
	times := map[string]int{}
	err := r.house.store.EachCase(r.t.Context(), time.Time{}, time.Time{}, func(c escalation.Case) error {
		times[c.UserID]++
		return nil
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return times
}

// wantShown expects that Slack shows what became of everything, once: the card of each
// unlock to its agent, and each case to both sides.
func (r *replicas) wantShown(unlocked map[string]int) {
	r.t.Helper()
	roles := map[string]actions.Roles{"ULEAD": actions.RolesOf(actions.RoleLead), "UBOSS": actions.RolesOf(actions.RoleLead)}
	h := openHall(r.t, r.house, r.database, r.slack, roles)
	ids := r.open(r.t.Context(), `SELECT id FROM cases ORDER BY id`)
	h.wantSeen(r.t.Context(), r.pass, ids...)
	shown := r.cards()
	for id := range unlocked {
		if n := shown[id]; n != 1 {
			r.t.Errorf("%s: its agent has %d cards that say that it is unlocked", id, n)
		}
	}
	var buried int
	err := r.behind.QueryRowContext(r.t.Context(), `SELECT count(*) FROM outbox WHERE buried_at IS NOT NULL`).Scan(&buried)
	if err != nil || buried > 0 {
		r.t.Errorf("%d messages were given up, %v", buried, err)
	}
}

// cards is how many cards of unlocks that are done the agents have, by customer.
func (r *replicas) cards() map[string]int {
	cards, agents := map[string]int{}, map[string]bool{}
	for customer := range r.asked {
		agents[agentOf(customer)] = true
	}
	for agent := range agents {
		for _, c := range r.slack.View(agent).Conversations {
			for _, m := range c.Messages {
				text := m.Text + string(m.Blocks)
				_, rest, named := strings.Cut(text, "Customer-")
				if number, _, _ := strings.Cut(rest, "-"); named && strings.HasPrefix(c.ID, "D") && strings.Contains(text, "Unlock – done") {
					cards["c"+number]++
				}
			}
		}
	}
	return cards
}
