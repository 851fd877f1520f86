package escalation

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// tick is the smallest step of time.
const tick = time.Microsecond

// timed is has, with clocks that began now, as they run in that state.
func (s *scene) timed(t testing.TB, state State, changes ...func(*Case)) Case {
	t.Helper()
	c := s.has(t, state, changes...)
	s.begin(&c, s.now)
	s.enter(&c, state, s.now)
	s.reckon(&c, s.now)
	s.store.state.cases[c.ID] = c
	return c
}

// TestPassed holds what is due in each state, at each moment: of the clock that
// reminds the furthest reminder that wasn't sent, once; and of an open case the leads
// are told again.
func TestPassed(t *testing.T) {
	clocks := map[State]string{Open: FirstClock, Claimed: ResolutionClock, WaitingAgent: ResolutionClock, WaitingCustomer: "", Resolved: ""}
	limits := map[string]time.Duration{FirstClock: 2 * time.Hour, ResolutionClock: 8 * time.Hour, "": 8 * time.Hour} // of a blocklist case
	moments := []struct {
		quarters int
		less     time.Duration
		reached  Reminder
	}{
		{0, 0, NoReminder}, {2, tick, NoReminder}, {2, 0, HalfTime}, {4, tick, HalfTime}, {4, 0, AtTheEnd}, {5, tick, AtTheEnd}, {5, 0, ToTheGroup},
		{6, tick, ToTheGroup}, {6, 0, ToTheLeads}, {40, 0, ToTheLeads},
	}
	for state, clock := range clocks {
		t.Run(string(state), func(t *testing.T) {
			s := stage(t)
			for _, m := range moments {
				for sent := NoReminder; sent <= ToTheLeads; sent++ {
					c := s.timed(t, state, func(c *Case) { c.Offered = true })
					c.First.Sent, c.Resolution.Sent = sent, sent
					now := noon.Add(limits[clock]*time.Duration(m.quarters)/4 - m.less)
					var want Event
					again := state == Open && sent == ToTheLeads && m.quarters == 40
					if (m.reached > sent || again) && clock != "" {
						want = Event{Kind: EventReminded, Clock: clock, Level: m.reached}
					}
					after, got := reminded(c, now)
					if got != want {
						t.Errorf("at %s, with %d sent, %+v is due, not %+v", now, sent, got, want)
					}
					if _, again := reminded(after, now); again != (Event{}) {
						t.Errorf("at %s, %+v is due again", now, again)
					}
				}
			}
		})
	}
}

// reminded returns the case as it is after what is due, and the reminder, zero for
// none.
func reminded(c Case, now time.Time) (Case, Event) {
	after, events := c.passed(Hours{}, now)
	i := slices.IndexFunc(events, func(e Event) bool { return e.Kind == EventReminded })
	if i < 0 {
		return after, Event{}
	}
	return after, events[i]
}

func TestOffered(t *testing.T) {
	half := 4 * time.Hour // of the time for the resolution
	for name, c := range map[string]struct {
		state  State
		change func(*Case)
		after  time.Duration
		want   bool
	}{
		"Quiet":              {Claimed, nil, half, true},
		"NotYet":             {Claimed, nil, half - tick, false},
		"HeardLater":         {Claimed, func(c *Case) { c.HeardAt = noon.Add(time.Hour) }, half, false},
		"HeardLaterAndQuiet": {Claimed, func(c *Case) { c.HeardAt = noon.Add(time.Hour) }, half + time.Hour, true},
		"NeverHeard":         {Claimed, func(c *Case) { c.HeardAt = time.Time{} }, half, true},
		"AlreadyOffered":     {Claimed, func(c *Case) { c.Offered = true }, half, false},
		"WaitsForTheAgent":   {WaitingAgent, nil, 100 * half, false},
		"WaitsForCustomer":   {WaitingCustomer, nil, 100 * half, false},
		"Open":               {Open, nil, 100 * half, false},
		"Resolved":           {Resolved, nil, 100 * half, false},
	} {
		t.Run(name, func(t *testing.T) {
			given := stage(t).timed(t, c.state)
			if c.change != nil {
				c.change(&given)
			}
			after, events := given.passed(Hours{}, noon.Add(c.after))
			offer := Event{Kind: EventOffered, To: lou}
			if slices.Contains(events, offer) != c.want || after.Offered != (c.want || given.Offered) {
				t.Errorf("offered is %t, with %+v", after.Offered, events)
			}
		})
	}
}

// TestReopeningEnds holds that the moment from which a case can't be opened again is
// the one at which its card is redrawn.
func TestReopeningEnds(t *testing.T) {
	c := stage(t).timed(t, Resolved)
	end := noon.Add(ReopenTime)
	if !c.Due.Equal(end) || !c.reopens(end.Add(-tick)) || c.reopens(end) {
		t.Errorf("due %s, not %s", c.Due, end)
	}
	if before, _ := c.passed(Hours{}, end.Add(-tick)); !before.Due.Equal(end) {
		t.Errorf("due %s before the end", before.Due)
	}
	if after, events := c.passed(Hours{}, end); !after.Due.IsZero() || len(events) > 0 {
		t.Errorf("due %s after the end, with %+v", after.Due, events)
	}
}

// TestNudged holds who is nudged, and from when on.
func TestNudged(t *testing.T) {
	for name, c := range map[string]struct {
		state   State
		heard   time.Duration // after noon
		changed time.Duration
		after   time.Duration
		want    bool
	}{
		"Waits":            {WaitingCustomer, 0, 0, nudgeAfter, true},
		"NotYet":           {WaitingCustomer, 0, 0, nudgeAfter - tick, false},
		"HeardSince":       {WaitingCustomer, time.Hour, 0, nudgeAfter, false},
		"HeardBefore":      {WaitingCustomer, time.Hour, 2 * time.Hour, nudgeAfter + 2*time.Hour, true},
		"ChangedSince":     {WaitingCustomer, 0, time.Hour, nudgeAfter + time.Hour - tick, false},
		"WaitsForTheAgent": {WaitingAgent, 0, 0, 10 * nudgeAfter, false},
		"Claimed":          {Claimed, 0, 0, 10 * nudgeAfter, false},
		"Open":             {Open, 0, 0, 10 * nudgeAfter, false},
		"Resolved":         {Resolved, 0, 0, 10 * nudgeAfter, false},
	} {
		t.Run(name, func(t *testing.T) {
			given := stage(t).timed(t, c.state)
			given.HeardAt, given.ChangedAt = noon.Add(c.heard), noon.Add(c.changed)
			after, events := given.passed(Hours{}, noon.Add(c.after))
			if slices.Contains(events, Event{Kind: EventNudged, To: ana}) != c.want {
				t.Errorf("%+v happened", events)
			}
			if again := noon.Add(c.after + nudgeAfter); c.want && !after.Due.Equal(again) {
				t.Errorf("due again %s, not %s", after.Due, again)
			}
		})
	}
}

// TestRaised holds that an urgent case has the times of its level, and what was used
// up and sent stays; but for how long the first claim had.
func TestRaised(t *testing.T) {
	for _, state := range []State{Open, Claimed, WaitingCustomer} {
		s := stage(t)
		before := s.timed(t, state)
		before.First.Sent, before.Resolution.Sent, before.Resolution.Used = HalfTime, HalfTime, time.Hour
		want := before
		want.Priority, want.Resolution.Limit = Urgent, 4*time.Hour
		if state == Open {
			want.First.Limit = 30 * time.Minute
		}
		got := before
		if s.raise(&got); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: the case is\n%+v, want\n%+v", state, got, want)
		}
	}
}

// life is a case to which random things happen.
type life struct {
	*scene
	random *rand.Rand
	c      Case
	sent   map[string][]Reminder // by clock, since it began
}

// TestTimeIsKept plays random lives of cases, over holidays and changes of the
// clocks, with the wall clock set back now and then: Due is exactly when time alone
// changes something, no reminder is sent twice or after a later one, and what is
// used up never shrinks.
func TestTimeIsKept(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 11))
	for range 400 {
		s := stage(t)
		hours := newTimely(t, random)
		if random.IntN(3) > 0 {
			hours.From, hours.To = 480, 1080 // hours in which something happens
		}
		s.Hours, s.now = hours.Hours, hours.moment()
		l := &life{scene: s, random: random, sent: map[string][]Reminder{}}
		l.c = s.timed(t, Open, func(c *Case) { c.Priority = []Priority{Normal, Urgent}[random.IntN(2)] })
		for range 30 {
			first, resolution := l.c.First.Used, l.c.Resolution.Used
			anew := l.step()
			if l.c.First.Used < first && !anew || l.c.Resolution.Used < resolution && !anew {
				t.Fatalf("what was used up shrank: %+v", l.c)
			}
			l.watch(t)
		}
	}
}

// step lets something happen to the case, and reports whether a clock began anew.
func (l *life) step() (anew bool) {
	l.later(time.Duration(l.random.Int64N(int64(40 * time.Hour))).Truncate(tick))
	switch l.random.IntN(8) {
	case 0:
		l.later(-time.Hour) // somebody mends the clock
	case 1, 2, 3:
		states := []State{Claimed, WaitingAgent, WaitingCustomer}
		if to := states[l.random.IntN(len(states))]; l.c.State != Resolved {
			l.c.ClaimedBy, l.c.HeardAt = lou, l.now
			l.enter(&l.c, to, l.now)
		}
	case 4:
		if l.c.State == Resolved {
			l.begin(&l.c, l.now)
			l.sent = map[string][]Reminder{}
		} else {
			delete(l.sent, FirstClock)
		}
		l.enter(&l.c, Open, l.now)
		anew = true
	case 5:
		l.c.ResolvedAt = l.now
		l.enter(&l.c, Resolved, l.now)
	case 6:
		if l.c.State != Resolved {
			l.raise(&l.c)
		}
	}
	if l.random.IntN(2) > 0 {
		l.c.ChangedAt = l.now
	}
	l.reckon(&l.c, l.now)
	return anew
}

// watch lets time do what is due, and checks that it is due when Due says so.
func (l *life) watch(t *testing.T) {
	t.Helper()
	due := !l.c.Due.IsZero() && !l.c.Due.After(l.now)
	ends := l.c.State == Resolved
	after, events := l.c.passed(l.Hours, l.now)
	if due != (len(events) > 0 || ends && after.Due.IsZero() && !l.c.Due.IsZero()) {
		t.Fatalf("at %s, due %s, happened %+v: %+v", l.now, l.c.Due, events, l.c)
	}
	if !after.Due.IsZero() && !after.Due.After(l.now) {
		t.Fatalf("at %s it is due still: %s", l.now, after.Due)
	}
	for _, e := range events {
		if e.Kind != EventReminded {
			continue
		}
		again := l.c.State == Open && e.Level == ToTheLeads // which comes more than once
		if all := l.sent[e.Clock]; len(all) > 0 && all[len(all)-1] >= e.Level && !again {
			t.Fatalf("%d is sent after %v", e.Level, all)
		}
		l.sent[e.Clock] = append(l.sent[e.Clock], e.Level)
	}
	if again, more := after.passed(l.Hours, l.now.Add(-time.Hour)); len(more) > 0 || !again.Due.Equal(after.Due) && !after.Due.IsZero() {
		t.Fatalf("the clock was set back, and %+v happened", more)
	}
	l.c = after
}
