package escalation

import "time"

// Clock is the time that a service level gives, as far as it is used up: working
// time, which runs from Since on, or stands still.
type Clock struct {
	Limit time.Duration // working time in all; 0: no such level
	Used  time.Duration // before Since
	Since time.Time     // zero: it stands still
	Sent  Reminder      // the last reminder
	// EndsAt is when it runs out, as it runs now; zero while it stands still.
	EndsAt time.Time
}

// The names of the clocks, in events.
const (
	FirstClock      = "first"
	ResolutionClock = "resolution"
)

// Reminder says how far a clock has come.
type Reminder int

// The reminders: at half time and at the end in the thread, then to the group, then
// to the leads.
const (
	NoReminder Reminder = iota
	HalfTime            // half of the limit
	AtTheEnd            // the limit
	ToTheGroup          // a quarter of it later
	ToTheLeads          // half of it later; of a case that nobody claims again and again
)

// of is how much of a limit is used up when the reminder is due.
func (r Reminder) of(limit time.Duration) time.Duration {
	switch r {
	case HalfTime:
		return limit / 2
	case AtTheEnd:
		return limit
	case ToTheGroup:
		return limit + limit/4
	case ToTheLeads:
		return limit + limit/2
	case NoReminder:
	}
	return 0
}

// begun is a clock that begins at a moment.
func begun(limit time.Duration, now time.Time) Clock { return Clock{Limit: limit, Since: now} }

// stopped is the clock standing still from a moment on. What is used up never
// shrinks, even when the wall clock was set back meanwhile.
func (k Clock) stopped(h Hours, now time.Time) Clock {
	if k.Since.IsZero() {
		return k
	}
	k.Used += h.Between(k.Since, now)
	k.Since, k.EndsAt = time.Time{}, time.Time{}
	return k
}

// goingOn is the clock running on from a moment, with the reminders that it sent.
func (k Clock) goingOn(now time.Time) Clock {
	if k.Since.IsZero() {
		k.Since = now
	}
	return k
}

// reaches returns when a reminder is due, as the clock runs now: not before Since;
// zero while it stands still, and without a limit.
func (k Clock) reaches(r Reminder, h Hours) time.Time {
	if k.Since.IsZero() || k.Limit <= 0 {
		return time.Time{}
	}
	return h.After(k.Since, r.of(k.Limit)-k.Used)
}

// furthest returns the last reminder that is due and wasn't sent. Those before it
// are left out: whoever was away hears once how late it is.
func (k Clock) furthest(h Hours, now time.Time) Reminder {
	for r := ToTheLeads; r > k.Sent; r-- {
		if at := k.reaches(r, h); !at.IsZero() && !at.After(now) {
			return r
		}
	}
	return NoReminder
}

// next returns when the next reminder is due; zero for never.
func (k Clock) next(h Hours) time.Time {
	if k.Sent >= ToTheLeads {
		return time.Time{}
	}
	return k.reaches(k.Sent+1, h)
}

// leadsEvery is how often the leads are told again, in working time.
const leadsEvery = 8 * time.Hour

// again returns when the leads are told again, once the last reminder was sent: the
// first time later than since of those that lie so far apart, counted from the last
// reminder on. What happens between two of them so puts off neither. Zero for never.
func (k Clock) again(h Hours, since time.Time) time.Time {
	if k.Since.IsZero() || k.Limit <= 0 || k.Sent < ToTheLeads {
		return time.Time{}
	}
	last := ToTheLeads.of(k.Limit)
	beyond := max(0, k.Used+h.Between(k.Since, since)-last)
	return h.After(k.Since, last+(beyond/leadsEvery+1)*leadsEvery-k.Used)
}

// begin begins both clocks of a case anew, with the times of its level.
func (d *Desk) begin(c *Case, now time.Time) {
	d.beginFirst(c, now)
	c.Resolution = begun(d.Levels.Of(c.Kind, c.Priority).Resolution, now)
}

// beginFirst begins the clock until the first claim anew.
func (d *Desk) beginFirst(c *Case, now time.Time) {
	c.First = begun(d.Levels.Of(c.Kind, c.Priority).First, now)
}

// raise makes a case urgent, with the times of that level: what is used up stays. How
// long the first claim took is history once somebody claimed it.
func (d *Desk) raise(c *Case) {
	c.Priority = Urgent
	level := d.Levels.Of(c.Kind, c.Priority)
	if c.State == Open {
		c.First.Limit = level.First
	}
	c.Resolution.Limit = level.Resolution
}

// stopFirst stops the clock until the first claim.
func (d *Desk) stopFirst(c *Case, now time.Time) { c.First = c.First.stopped(d.Hours, now) }

// stopResolution stops the clock until the resolution: while the customer has to
// answer, and for good.
func (d *Desk) stopResolution(c *Case, now time.Time) {
	c.Resolution = c.Resolution.stopped(d.Hours, now)
}

// goOn lets the clock until the resolution run on. One that runs isn't touched.
func (d *Desk) goOn(c *Case, now time.Time) { c.Resolution = c.Resolution.goingOn(now) }

// reckon works out anew what hangs on time, after every change of a case.
func (d *Desk) reckon(c *Case, now time.Time) { c.reckon(d.Hours, now) }
