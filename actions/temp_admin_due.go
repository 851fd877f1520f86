package actions

import "time"

// The times of the end of a temporary admin.
const (
	remindDay  = 24 * time.Hour // before its end
	remindHour = time.Hour
	ownerWaits = time.Hour // since when it can't be deleted, until its owner hears
	leadsWait  = 4 * time.Hour
)

// nextDue is when something is to be done next with a temporary admin that lives: what
// wasn't told yet of its end, and its end. It is zero for one that doesn't live. It is
// a pure function.
func nextDue(t TempAdmin) time.Time {
	switch {
	case !t.lives():
		return time.Time{}
	case t.remindsDay():
		return t.ExpiresAt.Add(-remindDay)
	case !t.Told.Has(ToldHour):
		return t.ExpiresAt.Add(-remindHour)
	}
	return t.ExpiresAt
}

// lives reports whether it can be used, and ends by itself.
func (t TempAdmin) lives() bool { return t.State == AdminReceived || t.State == AdminInUse }

// remindsDay reports whether its people hear a day before its end: of one that lives
// no longer than a day they wouldn't hear anything new.
func (t TempAdmin) remindsDay() bool {
	return t.Told&(ToldDay|ToldHour) == 0 && t.ExpiresAt.Sub(t.BegunAt) > remindDay
}

// livesUntil has it end at a moment, as decided now: what was told of another end
// counts no more.
func (t *TempAdmin) livesUntil(now, until time.Time) {
	t.ExpiresAt = until
	t.Told &^= ToldDay | ToldHour
	if until.Sub(now) <= remindDay {
		t.Told |= ToldDay
	}
	t.Due = nextDue(*t)
}

// adminTask is what is to be done with a temporary admin whose moment has come.
type adminTask string

// The tasks.
const (
	taskNone     adminTask = "" // nothing: its moment was another
	taskTellDay  adminTask = "tell_day"
	taskTellHour adminTask = "tell_hour"
	taskExpire   adminTask = "expire"
	taskDelete   adminTask = "delete" // on a site that we manage
	taskAsk      adminTask = "ask"    // the customer, to delete it
)

// taskOf says what is to be done at a moment. Of what was missed while nothing ran only
// the last is told, and nothing of one whose time is over. It is a pure function.
func taskOf(t TempAdmin, now time.Time) adminTask {
	reached := func(moment time.Time) bool { return !now.Before(moment) }
	switch {
	case t.Due.IsZero() || !reached(t.Due):
		return taskNone
	case t.State == AdminEnding && t.Site == SiteManaged:
		return taskDelete
	case t.State == AdminEnding:
		return taskAsk
	case !t.lives():
		return taskNone
	case reached(t.ExpiresAt):
		return taskExpire
	case !t.Told.Has(ToldHour) && reached(t.ExpiresAt.Add(-remindHour)):
		return taskTellHour
	case t.remindsDay() && reached(t.ExpiresAt.Add(-remindDay)):
		return taskTellDay
	}
	return taskNone
}

// backOffs are how long a deletion waits that failed so many times; the last holds for
// all after it.
var backOffs = []time.Duration{
	time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour,
}

// backOff is how long the next try waits after so many that failed (1 for the first):
// longer each time, up to an hour, and as long as the target asks for, up to that.
func backOff(tries int, asked time.Duration) time.Duration {
	last := len(backOffs) - 1
	return max(backOffs[min(max(tries-1, 0), last)], min(asked, backOffs[last]))
}

// troubleToTell is what is to be told of one that can't be deleted, and wasn't yet: to
// its owner after an hour, to the leads after four. It is a pure function.
func troubleToTell(t TempAdmin, now time.Time) AdminTold {
	var tell AdminTold
	since := now.Sub(t.TroubleSince)
	if t.TroubleSince.IsZero() {
		return 0
	}
	if since >= ownerWaits {
		tell |= ToldTrouble
	}
	if since >= leadsWait {
		tell |= ToldLeads
	}
	return tell &^ t.Told
}
