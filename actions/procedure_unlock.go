package actions

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// unlocking releases locks, and the counter of wrong passwords starts anew
// (RULES S4.6).
var unlocking = procedure{
	act:   ActUnlock,
	check: checkUnlock,
	steps: []step{{kind: ChangeUnlocked, what: "unlocking", change: func(op Operation) Change {
		return Change{Locks: op.Params.Locks, Indicated: op.Params.Indicated, Since: op.Params.Since}
	}}},
	does: func(op Operation) []string {
		if op.Params.Indicated != "" {
			return []string{fmt.Sprintf("Releases the lock for %s that the attempts show, though none is on record; the counter starts anew.", op.Params.Indicated.Words())}
		}
		return []string{fmt.Sprintf("Releases the lock for %s; the counter of wrong passwords starts anew.", lockList(op.Params.Locks))}
	},
	after: "Your login is open again. Please try once more, carefully; if you aren't sure of the password, use \"Forgot your password?\".",
}

func lockList(kinds []LockKind) string {
	words := make([]string, len(kinds))
	for i, kind := range kinds {
		words[i] = kind.Words()
	}
	return strings.Join(words, " and ")
}

// checkUnlock refuses what unlocking can't help, and says who can.
func checkUnlock(p *plan) {
	p.barredUser()
	open, indicated := p.lockedBy()
	manual := slices.Contains(open, LockManual)
	switch {
	case p.attacked():
		p.row = ActUnlockAttacked
	case manual:
		p.row = ActUnlockManual
	default:
		p.row = ActUnlock
	}
	if p.shared() {
		p.refuse(ActReenable, "The login was shared, so unlocking isn't enough: its password is changed first. Re-enable them instead; a lead approves.")
	}
	if p.attacked() && manual && !p.roles.Has(RoleLead) {
		p.refuse("", "A person locked this user while strangers try the login. Only a lead can release that lock: ask who locked it, and why.")
	}
	if open == nil && indicated == "" {
		p.refuse("", "Nothing is locked, so there is nothing to unlock"+p.lastUnlocked())
	}
	if staleSavedPassword(p.situation) != nil {
		p.warning = "A device or app of theirs keeps trying an old password: find it first, or it locks again."
	}
	p.params.Locks, p.params.Indicated, p.params.Since = open, indicated, time.Time{}
	if indicated != "" {
		p.params.Since = p.At
		if len(p.attempts) > 0 {
			p.params.Since = p.attempts[0].At
		}
	}
}

// lastUnlocked goes on after "nothing is locked": who unlocked when.
func (p *plan) lastUnlocked() string {
	for _, e := range p.Support {
		if e.Act == ActUnlock && e.Outcome == ActDone {
			return fmt.Sprintf(": <@%s> unlocked them at %s. Ask them to try now.", e.Actor, p.clock(e.At))
		}
	}
	if !p.lockEnded.IsZero() && p.recent(p.lockEnded) {
		return fmt.Sprintf(": %s on %s at %s. Ask them to try now.", p.endWords(p.lockEnded), day(p.lockEnded.In(p.zone)), p.clock(p.lockEnded))
	}
	return ". Look at the diagnosis for what keeps them out."
}

// clock says a time of the day in the team's zone.
func (p *plan) clock(t time.Time) string { return t.In(p.zone).Format("15:04") }
