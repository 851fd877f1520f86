package escalation

import "time"

// pressing returns the clock that reminds, and its name: until somebody claims the
// case the first, then the other one, which stands still while the customer has to
// answer, and for good when the case is resolved.
func (c *Case) pressing() (name string, k *Clock) {
	if c.State == Open {
		return FirstClock, &c.First
	}
	return ResolutionClock, &c.Resolution
}

// quietUntil returns when a claimed case is offered to others, because whoever has it
// wasn't heard of for half of the time for the resolution; zero for never. Who waits
// for an answer isn't quiet.
func (c *Case) quietUntil(h Hours) time.Time {
	heard := c.HeardAt
	if heard.IsZero() {
		heard = c.ClaimedAt
	}
	if c.State != Claimed || c.Offered || heard.IsZero() || c.Resolution.Limit <= 0 {
		return time.Time{}
	}
	return h.After(heard, c.Resolution.Limit/2)
}

// nudgeAfter is how long the customer's answer is waited for until the agent is told
// to ask them again: five working days.
const nudgeAfter = 5 * 8 * time.Hour

// nudgeAt returns when the agent of a case that waits for the customer is told to ask
// them again: so long after anything happened or was heard of; zero for never.
func (c *Case) nudgeAt(h Hours) time.Time {
	last := c.ChangedAt
	if c.HeardAt.After(last) {
		last = c.HeardAt
	}
	if c.State != WaitingCustomer || last.IsZero() {
		return time.Time{}
	}
	return h.After(last, nudgeAfter)
}

// leadsAgain returns when the leads are told once more of a case that nobody claims;
// zero for never.
func (c *Case) leadsAgain(h Hours) time.Time {
	if c.State != Open {
		return time.Time{}
	}
	return c.First.again(h, c.ChangedAt)
}

// reopenUntil returns when a resolved case can't be opened again any more; zero while
// it isn't resolved.
func (c *Case) reopenUntil() time.Time {
	if c.State != Resolved || c.ResolvedAt.IsZero() {
		return time.Time{}
	}
	return c.ResolvedAt.Add(ReopenTime)
}

// reckon works out when the clocks of a case end, and when time alone changes
// something (see [Case.Due]). It is a pure function of the case, the hours and the
// moment.
func (c *Case) reckon(h Hours, now time.Time) {
	c.First.EndsAt = c.First.reaches(AtTheEnd, h)
	c.Resolution.EndsAt = c.Resolution.reaches(AtTheEnd, h)
	_, pressing := c.pressing()
	c.Due = time.Time{}
	for _, at := range []time.Time{pressing.next(h), c.leadsAgain(h), c.quietUntil(h), c.nudgeAt(h)} {
		c.Due = earliest(c.Due, at)
	}
	if end := c.reopenUntil(); end.After(now) {
		c.Due = end
	}
}

// earliest returns the earlier of two moments, of which zero is never.
func earliest(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// passed returns the case as time alone has made it by a moment, and what that
// caused: at most one reminder, and the offer to others or the nudge. It is a pure
// function of the case, the hours and the moment; what it did it doesn't do again.
func (c Case) passed(h Hours, now time.Time) (Case, []Event) {
	var events []Event
	isDue := func(at time.Time) bool { return !at.IsZero() && !at.After(now) }
	name, pressing := c.pressing()
	switch r := pressing.furthest(h, now); {
	case r != NoReminder:
		pressing.Sent = r
		events = append(events, Event{Kind: EventReminded, Clock: name, Level: r})
	case isDue(c.leadsAgain(h)):
		events = append(events, Event{Kind: EventReminded, Clock: name, Level: ToTheLeads})
	}
	if isDue(c.quietUntil(h)) {
		c.Offered = true
		events = append(events, Event{Kind: EventOffered, To: c.ClaimedBy})
	}
	if isDue(c.nudgeAt(h)) {
		events = append(events, Event{Kind: EventNudged, To: c.Agent})
	}
	if len(events) > 0 {
		c.ChangedAt = now
	}
	c.reckon(h, now)
	return c, events
}
