package actions

import (
	"net/netip"
	"slices"
	"sort"
	"time"
)

const (
	// lookBack is how long before a failure others are looked for that it goes on from.
	// Who failed for longer without getting in was locked out before.
	lookBack = 7 * 24 * time.Hour
	// slipTime is how soon somebody is in again who only mistyped, and slipLeast how often
	// they may, unless the company says when it locks.
	slipTime  = 10 * time.Minute
	slipLeast = 3
)

// tellingOutcomes are failures by which a system says that somebody may not log in at all.
var tellingOutcomes = []Outcome{LockedOut, DisabledOut, ExpiredOut, PaymentHold, Shared, IPBlocked, PasswordExpired, NotPublished}

// failing is a run of failures, from the first one after a success until the next
// success.
type failing struct {
	failures []Attempt // oldest first; at least one
	back     time.Time // the success; zero: none yet
	// around are the failures that count towards a burst and came within an hour of the run,
	// its own among them: whoever gets in meanwhile doesn't end an attack.
	around []Attempt
}

func (f failing) began() time.Time { return f.failures[0].At }

func (f failing) last() Attempt { return f.failures[len(f.failures)-1] }

// during reports whether a moment lies between the first failure and the success.
func (f failing) during(t time.Time) bool {
	return !t.Before(f.began()) && (f.back.IsZero() || !t.After(f.back))
}

// failingsOf finds the runs of failures among attempts, which come oldest first. A
// failure begins one when the newest attempt within 7 days before it is a success, or
// there is none: so each day counts the same whichever days are asked for.
func failingsOf(attempts []Attempt) []failing {
	var found []failing
	out := 0 // how many of the last haven't ended
	for i, a := range attempts {
		switch {
		case !a.Failed():
			for j := len(found) - out; j < len(found); j++ {
				found[j].back = a.At
			}
			out = 0
		case out > 0 && a.At.Sub(attempts[i-1].At) <= lookBack:
			run := &found[len(found)-1]
			run.failures = append(run.failures, a)
		default:
			found = append(found, failing{failures: []Attempt{a}})
			out++
		}
	}
	counting := burstingOf(attempts)
	for i := range found {
		found[i].around = between(counting, found[i].began().Add(-spreadSpan), found[i].last().At.Add(spreadSpan))
	}
	return found
}

// burstingOf are the failures that count towards a burst; none when they are too few for
// one, as nearly always.
func burstingOf(attempts []Attempt) []Attempt {
	counts := func(a Attempt) bool { return slices.Contains(burstOutcomes, a.Outcome) }
	n := 0
	for i := range attempts {
		if counts(attempts[i]) {
			n++
		}
	}
	if n < spreadCount {
		return nil
	}
	counting := make([]Attempt, 0, n)
	for _, a := range attempts {
		if counts(a) {
			counting = append(counting, a)
		}
	}
	return counting
}

// between are the attempts, which come oldest first, from one moment to another.
func between(attempts []Attempt, from, to time.Time) []Attempt {
	begin := sort.Search(len(attempts), func(i int) bool { return !attempts[i].At.Before(from) })
	end := sort.Search(len(attempts), func(i int) bool { return attempts[i].At.After(to) })
	return attempts[begin:max(begin, end)]
}

// slip reports whether a run is none that locked anybody out: in again soon, after few
// failures, which are no burst, and none of which says that they may not log in at all.
func (f failing) slip(rules Rules) bool {
	most := rules.LockAfter
	if most == 0 {
		most = slipLeast
	}
	telling := func(a Attempt) bool { return slices.Contains(tellingOutcomes, a.Outcome) }
	return !f.back.IsZero() && f.back.Sub(f.began()) <= slipTime && len(f.failures) <= most && !slices.ContainsFunc(f.failures, telling) &&
		f.bursts(nil).any == nil
}

// lockoutOf is what a run of a user's failures was. own are their successes in the 30
// days before, oldest first, by which a burst is told from an attack.
func lockoutOf(userID string, f failing, own []Attempt, records LockoutRecords, rules Rules) Lockout {
	cause := causeOfLockout(f, own, records, rules)
	if cause == CauseAccountTakenOver {
		f.back = f.ownersReturn(own)
	}
	l := Lockout{
		UserID: userID, Began: f.began(), Last: f.last().At, BackAt: f.back, Tries: len(f.failures), Cause: cause, Network: networkOf(f.failures),
	}
	if !f.back.IsZero() {
		l.How = howBack(f, records)
	}
	return l
}

// networkOf is that of the last failure that has one.
func networkOf(failures []Attempt) netip.Prefix {
	for _, a := range slices.Backward(failures) {
		if network := a.Network(); network.IsValid() {
			return network
		}
	}
	return netip.Prefix{}
}

// bursts are those of a run of failures.
func (f failing) bursts(own []Attempt) bursts { return burstsAmong(f.around, own) }

// takenOver reports whether it was a stranger who ended a run by getting in.
func (f failing) takenOver(found bursts, own []Attempt) bool {
	if found.takeover == nil || f.back.IsZero() {
		return false
	}
	newest := slices.Clone(own)
	slices.Reverse(newest)
	entry := entryOf(newest, found.takeover.failures)
	return entry != nil && !entry.At.Before(f.back)
}

// ownersReturn is when the owner of a login that a stranger got into was in again: with the
// first success after that from a network that they had used before the failures; zero: not
// yet.
func (f failing) ownersReturn(own []Attempt) time.Time {
	used := map[netip.Prefix]bool{}
	for _, success := range own {
		network := success.Network()
		switch {
		case success.At.Before(f.began()):
			used[network] = success.At.After(f.began().Add(-ownNetworkFor)) || used[network]
		case !success.At.Before(f.back) && used[network]:
			return success.At
		}
	}
	return time.Time{}
}

// causeOfLockout says why somebody was locked out: a burst, else a lock that began
// meanwhile, or of which they were told, else the outcome of the last failure. It is a
// pure function.
func causeOfLockout(f failing, own []Attempt, records LockoutRecords, rules Rules) Cause {
	found := f.bursts(own)
	switch lock, locked := f.lock(records.Locks); {
	case f.takenOver(found, own):
		return CauseAccountTakenOver
	case found.foreign != nil:
		return CauseUnderAttack
	case found.any != nil:
		return CauseStaleSavedPassword
	case locked:
		return causeOfLock[lock.Kind]
	}
	cause, known := causeOfOutcome[f.last().Outcome]
	if !known {
		return CauseUnexplained
	}
	if wrong := countOf(f.failures, WrongPassword); cause == CauseWrongPassword && rules.LockAfter > 0 && wrong > rules.LockAfter {
		return CauseLockedAttempts
	}
	return cause
}

// lock is the newest lock that began during a run; else, when they were told last that
// they are locked, the newest that held then: one for inactivity always began before.
func (f failing) lock(locks []Lock) (Lock, bool) {
	for _, lock := range slices.Backward(locks) {
		if f.during(lock.At) {
			return lock, true
		}
	}
	for _, lock := range slices.Backward(locks) {
		if f.last().Outcome == LockedOut && lock.Open(f.last().At) {
			return lock, true
		}
	}
	return Lock{}, false
}

func countOf(attempts []Attempt, outcome Outcome) int {
	n := 0
	for _, a := range attempts {
		if a.Outcome == outcome {
			n++
		}
	}
	return n
}

// causeOfLock is what a kind of lock is called as a cause.
var causeOfLock = map[LockKind]Cause{
	LockSharing: CauseCredentialShared, LockAttempts: CauseLockedAttempts, LockInactivity: CauseLockedInactivity, LockManual: CauseLockedManually,
}

// causeOfOutcome is what an outcome indicates (CAUSES.md, "ended X").
var causeOfOutcome = map[Outcome]Cause{
	LockedOut: CauseLockedAttempts, DisabledOut: CauseUserDisabled, ExpiredOut: CauseUserExpired, PaymentHold: CausePaymentHold,
	Shared: CauseCredentialShared, IPBlocked: CauseIPBlocked, PasswordExpired: CausePasswordExpired, WrongMethod: CauseWrongLoginMethod,
	MFAFailed: CauseMFAFailed, CodeWrong: CauseCodeWrong, CodeExpired: CauseCodeExpired, CodeSuperseded: CauseCodeSuperseded,
	NotPublished: CauseNotPublished, UnknownUsername: CauseUnknownUsername, WrongPassword: CauseWrongPassword,
}

// howBack says what let somebody in again: the last that support did meanwhile, else
// what they did, else time. It is a pure function.
func howBack(f failing, records LockoutRecords) BackBy {
	for _, op := range slices.Backward(records.Helped) {
		if f.during(op.EndedAt) {
			return backBy(op.Act)
		}
	}
	ranOut := func(l Lock) bool {
		return !l.Until.IsZero() && f.during(l.Until) && (l.ReleasedAt.IsZero() || l.ReleasedAt.After(l.Until))
	}
	released := func(l Lock) bool { return f.during(l.ReleasedAt) }
	switch {
	case slices.ContainsFunc(records.Resets, f.during):
		return BackByReset
	case slices.ContainsFunc(records.Locks, released):
		return BackReleased
	case slices.ContainsFunc(records.Locks, ranOut):
		return BackRanOut
	}
	return BackAlone
}

// backBy is what an act of support does for somebody who is locked out.
func backBy(act Act) BackBy {
	switch act.Recorded() {
	case ActUnlock:
		return BackUnlocked
	case ActSendReset, ActSendLoginLink, ActSendUsername, ActReenable, ActSetPassword:
		return BackReset
	default:
		return BackHelped
	}
}
