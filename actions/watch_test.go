package actions

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// watch begins to watch jane for the agent U1.
func (d *desk) watch(t *testing.T, key string) WatchReport {
	t.Helper()
	report, err := d.Watch(t.Context(), agent(key, ""), "u-1")
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// happens brings something into the directory.
func (d *desk) happens(options ...option) {
	all(options...)(d.directory.scene)
	d.directory.scene.sort()
}

// check checks the watches at that long after noon.
func (d *desk) check(t *testing.T, after time.Duration) {
	t.Helper()
	d.now = noon.Add(after)
	if err := d.CheckWatches(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestWatchOK(t *testing.T) {
	d := newDesk(tried(hour, WrongPassword))
	got, err := d.Watch(t.Context(), agent("k-1", "#4711"), "u-1")
	if err != nil {
		t.Fatal(err)
	}
	w := got.Watch
	want := Watch{
		ID: w.ID, UserID: "u-1", Actor: "U1", Ticket: "#4711", Cause: CauseWrongPassword, Grade: Proven,
		StartedAt: noon, Until: noon.Add(30 * minute), State: Watching,
	}
	if w != want || got.Already || len(w.ID) < 20 {
		t.Errorf("watches %+v, already: %t", w, got.Already)
	}
	if p := got.Person; p.ID != "u-1" || p.Name != "Jane Doe" || p.Email != "j•••@a•••.example" || p.Username != "j•••" || p.Mobile != "•••23" {
		t.Errorf("the person isn't masked: %+v", p)
	}
	if kept := d.store.state.watches[w.ID]; kept != want {
		t.Errorf("kept %+v", kept)
	}
	entry := AuditEntry{At: noon, Act: ActWatch, Actor: "U1", Subject: "u-1", Outcome: ActDone, Ticket: "#4711"}
	if audit := d.store.state.audit; len(audit) != 1 || audit[0] != entry {
		t.Errorf("recorded %+v", audit)
	}
}

func TestWatchKeepsTheRememberedTicket(t *testing.T) {
	d := newDesk()
	d.diagnose(t, agent("k-1", "#7"))
	if got := d.watch(t, "k-2"); got.Watch.Ticket != "#7" {
		t.Errorf("the ticket is %q", got.Watch.Ticket)
	}
}

func TestWatchTwiceIsOneWatch(t *testing.T) {
	d := newDesk()
	first := d.watch(t, "k-1")
	d.now = d.now.Add(minute)
	second := d.watch(t, "k-2")
	if second.Watch != first.Watch || !second.Already || len(d.store.state.watches) != 1 {
		t.Errorf("watches %+v, then %+v", first, second)
	}
	other, err := d.Watch(t.Context(), Call{Actor: Actor{ID: "U2", Roles: RolesOf(RoleL2)}, Key: "k-3"}, "u-1")
	if err != nil || other.Already || other.Watch.ID == first.Watch.ID {
		t.Errorf("a colleague watches %+v, %v", other, err)
	}
}

func TestWatchReplayed(t *testing.T) {
	d := newDesk()
	d.watch(t, "k-1")
	_, err := d.Watch(t.Context(), agent("k-1", ""), "u-1")
	wantCode(t, err, Conflict)
	if n := len(d.store.state.audit); n != 1 {
		t.Errorf("%d rows of the audit", n)
	}
}

func TestWatchNobodyElse(t *testing.T) {
	d := newDesk()
	_, err := d.Watch(t.Context(), Call{Actor: Actor{ID: "U9"}, Key: "k-1"}, "u-1")
	wantCode(t, err, Forbidden)
	if len(d.store.state.watches) != 0 || d.directory.asked.UserID != "" {
		t.Error("somebody without a role got further")
	}
}

func TestWatchGone(t *testing.T) {
	d := newDesk(nobody())
	_, err := d.Watch(t.Context(), agent("k-1", ""), "u-1")
	wantCode(t, err, NotFound)
}

func TestWatchWithoutADirectory(t *testing.T) {
	d := newDesk()
	d.directory.err = Errorf(Unavailable, "The directory is away.")
	_, err := d.Watch(t.Context(), agent("k-1", ""), "u-1")
	wantCode(t, err, Unavailable)
}

// TestWatchMany begins as many watches as there may be, and one more.
func TestWatchMany(t *testing.T) {
	d := newDesk()
	for i := range watchLimit {
		d.happens(user(func(u *User) { u.ID = fmt.Sprint("u-", i) }))
		d.watch(t, fmt.Sprint("k-", i))
	}
	d.happens(user(func(u *User) { u.ID = "u-more" }))
	_, err := d.Watch(t.Context(), agent("k-more", ""), "u-more")
	wantCode(t, err, Conflict)
	if err == nil || !strings.Contains(err.Error(), "20 customers") {
		t.Errorf("it says %v", err)
	}
	if len(d.store.state.watches) != watchLimit || len(d.store.state.audit) != watchLimit {
		t.Errorf("%d watches, %d rows of the audit", len(d.store.state.watches), len(d.store.state.audit))
	}
	if again := d.again(t, "u-3"); !again.Already {
		t.Error("somebody watched already counts as one more")
	}
}

func (d *desk) again(t *testing.T, userID string) WatchReport {
	t.Helper()
	d.happens(user(func(u *User) { u.ID = userID }))
	return d.watch(t, "k-again")
}

// TestWatchOverdue begins a watch anew whose time was over before anybody
// looked.
func TestWatchOverdue(t *testing.T) {
	d := newDesk()
	old := d.watch(t, "k-1").Watch
	d.now = old.Until.Add(tick)
	fresh := d.watch(t, "k-2")
	if fresh.Already || fresh.Watch.ID == old.ID {
		t.Errorf("the old watch goes on: %+v", fresh)
	}
	if state := d.store.state.watches[old.ID].State; state != WatchExpired || len(d.store.state.outbox) != 1 {
		t.Errorf("the old watch is %s, messages: %+v", state, d.store.state.outbox)
	}
}

func TestCheckWatches(t *testing.T) {
	const end = 30 * minute
	for name, row := range map[string]struct {
		options []option
		after   time.Duration
		state   WatchState
		tried   time.Duration // after the start
		outcome Outcome
	}{
		"Nothing":          {nil, end, Watching, 0, ""},
		"In":               {[]option{tried(-5*minute, Success)}, 6 * minute, WatchIn, 5 * minute, Success},
		"InAtOnce":         {[]option{tried(-tick, Success)}, tick, WatchIn, tick, Success},
		"BeforeTheStart":   {[]option{tried(0, Success), tried(minute, WrongPassword)}, minute, Watching, 0, ""},
		"Failed":           {[]option{tried(-5*minute, LockedOut)}, 6 * minute, WatchFailed, 5 * minute, LockedOut},
		"FailedTwice":      {[]option{tried(-4*minute, WrongPassword), tried(-5*minute, LockedOut)}, 6 * minute, WatchFailed, 5 * minute, LockedOut},
		"FailedThenIn":     {[]option{tried(-4*minute, WrongPassword), tried(-5*minute, Success)}, 6 * minute, WatchIn, 5 * minute, Success},
		"InThenFailed":     {[]option{tried(-4*minute, Success), tried(-5*minute, WrongPassword)}, 6 * minute, WatchIn, 4 * minute, Success},
		"InTwice":          {[]option{tried(-4*minute, Success), tried(-5*minute, Success)}, 6 * minute, WatchIn, 4 * minute, Success},
		"Staff":            {[]option{tried(-5*minute, Success, from(staff))}, 6 * minute, Watching, 0, ""},
		"StaffAndFailed":   {[]option{tried(-5*minute, Success, from(staff)), tried(-4*minute, MFAFailed)}, 6 * minute, WatchFailed, 4 * minute, MFAFailed},
		"OfTheFuture":      {[]option{tried(-7*minute, Success)}, 6 * minute, Watching, 0, ""},
		"AtTheEnd":         {[]option{tried(-end, Success)}, 2 * end, WatchIn, end, Success},
		"AfterTheEnd":      {[]option{tried(-end-tick, Success)}, 2 * end, WatchExpired, 0, ""},
		"OverAndNobodyWas": {nil, end + tick, WatchExpired, 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk()
			want := d.watch(t, "k-1").Watch
			d.happens(row.options...)
			d.check(t, row.after)
			messages := 0
			if want.State = row.state; row.state != Watching {
				want.EndedAt, want.Outcome, messages = noon.Add(row.after), row.outcome, 1
			}
			if row.tried > 0 {
				want.AttemptAt = noon.Add(row.tried)
			}
			if got := d.store.state.watches[want.ID]; got != want {
				t.Errorf("the watch is %+v,\nwant %+v", got, want)
			}
			d.check(t, row.after)
			if n := len(d.store.state.outbox); n != messages {
				t.Errorf("%d messages, want %d", n, messages)
			}
		})
	}
}

func TestCheckWatchesSendsWord(t *testing.T) {
	d := newDesk()
	w := d.watch(t, "k-1").Watch
	d.happens(tried(-5*minute, Success))
	d.check(t, 6*minute)
	d.check(t, 7*minute)
	if n := len(d.store.state.outbox); n != 1 {
		t.Fatalf("%d messages", n)
	}
	at := noon.Add(6 * minute)
	got := d.store.state.outbox[0]
	if want := (Outgoing{ID: got.ID, Kind: OutgoingWatchEnded, To: "U1", Ref: w.ID, At: at, Due: at}); got != want || len(got.ID) < 20 {
		t.Errorf("sends %+v", got)
	}
}

// TestCheckWatchesQuiet: however many wait, one look shows that nobody tried.
func TestCheckWatchesQuiet(t *testing.T) {
	d := newDesk()
	for i := range watchLimit {
		d.happens(user(func(u *User) { u.ID = fmt.Sprint("u-", i) }))
		d.watch(t, fmt.Sprint("k-", i))
	}
	d.happens(tried(minute, Success), tried(-2*minute, Success))
	d.check(t, minute)
	if d.directory.looks != 1 || d.directory.reads != 0 || len(d.store.state.open("U1")) != watchLimit {
		t.Errorf("%d looks, then attempts of %d users; %d watches are open", d.directory.looks, d.directory.reads, len(d.store.state.open("U1")))
	}
}

// TestCheckWatchesOfTwo: two wait for the same customer, who tried between the
// one's start and the other's.
func TestCheckWatchesOfTwo(t *testing.T) {
	d := newDesk()
	first := d.watch(t, "k-1").Watch
	d.now = noon.Add(2 * minute)
	second, err := d.Watch(t.Context(), Call{Actor: Actor{ID: "U2", Roles: RolesOf(RoleAgent)}, Key: "k-2"}, "u-1")
	if err != nil {
		t.Fatal(err)
	}
	d.happens(tried(-minute, Success))
	d.check(t, 3*minute)
	states := [2]WatchState{d.store.state.watches[first.ID].State, d.store.state.watches[second.Watch.ID].State}
	if want := [2]WatchState{WatchIn, Watching}; states != want {
		t.Errorf("the watches are %s, want %s", states, want)
	}
}

// TestCheckWatchesIdle: with nobody waiting the directory isn't asked.
func TestCheckWatchesIdle(t *testing.T) {
	d := newDesk()
	d.watch(t, "k-1")
	d.happens(tried(-minute, Success))
	d.check(t, minute)
	before := d.directory.reads + d.directory.looks
	d.check(t, 2*minute)
	if after := d.directory.reads + d.directory.looks; before != 2 || after != before {
		t.Errorf("the directory was asked %d times, then %d", before, after)
	}
}

func TestCheckWatchesWithoutADirectory(t *testing.T) {
	d := newDesk()
	w := d.watch(t, "k-1").Watch
	d.directory.err = errBroken
	if err := d.CheckWatches(t.Context()); !errors.Is(err, errBroken) || strings.Contains(err.Error(), "u-1") {
		t.Errorf("the error is %v; want one that doesn't name the customer", err)
	}
	d.now = d.now.Add(hour)
	if err := d.CheckWatches(t.Context()); err == nil || !strings.Contains(err.Error(), w.ID) || strings.Contains(err.Error(), "u-1") {
		t.Errorf("the error is %v; want one that names the watch and not the customer", err)
	}
	if state := d.store.state.watches[w.ID].State; state != Watching || len(d.store.state.outbox) != 0 {
		t.Errorf("the watch is %s", state)
	}
}
