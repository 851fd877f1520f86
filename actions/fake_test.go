package actions

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"
)

// fakeStore is a store in memory, which keeps the rules of one: a transaction
// that fails leaves nothing behind, nothing is recorded without a key, and
// nothing is stored that points to nobody.
type fakeStore struct {
	Store // what no test here uses
	keyed bool
	down  error // what every transaction fails with
	// untried: nobody has ever tried to log in.
	untried bool
	state   fakeState
	begun   []Operation // newest first
	rows    []AuditRow
	count   int64
	head    []byte
	// writing is held by the transaction under way, so that what it reads is locked
	// until it ends; reading guards the state itself.
	writing, reading sync.Mutex
}

// fakeState is what is stored.
type fakeState struct {
	claims  map[string]time.Time
	tickets map[string]fakeTicket
	hours   map[string]RefusalHour
	audit   []AuditEntry
	records map[string]Record
	order   []string // of the records, as they were put first
	outbox  []Outgoing
	runs    map[string]fakeRun
	watches map[string]Watch
	parked  map[string]Parked
	tokens  map[string]Token // by the hash of their text
	brakes  map[string]Brake // by the actor, the newest
	keep    Keep             // of the last Forget

	sealed   map[string]Sealed // by purpose and ID
	secrets  map[string]Secret
	requests map[string]SecretRequest
	mails    map[string]Mail
	// deliveries are those that Latchkey wrote into the directory.
	deliveries []Delivery
	kept       map[string][]keptRow // by the system that lists it

	fakeOperations
	fakeAdmins
	fakeLinks
	fakeIncidents
}

type fakeTicket struct {
	name string
	at   time.Time
}

func newFakeStore() *fakeStore {
	return &fakeStore{keyed: true, state: fakeState{
		claims: map[string]time.Time{}, tickets: map[string]fakeTicket{}, hours: map[string]RefusalHour{}, records: map[string]Record{},
		runs: map[string]fakeRun{}, watches: map[string]Watch{}, parked: map[string]Parked{},
		tokens: map[string]Token{}, brakes: map[string]Brake{},
		sealed: map[string]Sealed{}, requests: map[string]SecretRequest{}, secrets: map[string]Secret{}, mails: map[string]Mail{},
		kept:           map[string][]keptRow{},
		fakeOperations: newFakeOperations(), fakeAdmins: newFakeAdmins(), fakeLinks: fakeLinks{}, fakeIncidents: newFakeIncidents(),
	}}
}

func (s fakeState) clone() fakeState {
	s.claims, s.tickets, s.hours = maps.Clone(s.claims), maps.Clone(s.tickets), maps.Clone(s.hours)
	s.records, s.audit, s.order = maps.Clone(s.records), slices.Clone(s.audit), slices.Clone(s.order)
	s.tokens, s.brakes = maps.Clone(s.tokens), maps.Clone(s.brakes)
	s.sealed, s.requests, s.mails, s.secrets = maps.Clone(s.sealed), maps.Clone(s.requests), maps.Clone(s.mails), maps.Clone(s.secrets)
	s.deliveries, s.kept = slices.Clone(s.deliveries), maps.Clone(s.kept)
	s.fakeIncidents = s.fakeIncidents.clone()
	s.fakeOperations, s.fakeAdmins, s.fakeLinks = s.fakeOperations.clone(), s.fakeAdmins.clone(), s.fakeLinks.clone()
	s.outbox, s.runs, s.watches, s.parked = slices.Clone(s.outbox), maps.Clone(s.runs), maps.Clone(s.watches), maps.Clone(s.parked)
	return s
}

func (s *fakeStore) Tx(_ context.Context, fn func(Tx) error) error {
	return s.transact(func(tx *fakeTx) error { return fn(tx) })
}

func (s *fakeStore) Import(_ context.Context, fn func(ImportTx) error) error {
	return s.transact(func(tx *fakeTx) error { return fn(tx) })
}

func (s *fakeStore) transact(fn func(*fakeTx) error) error {
	if s.down != nil {
		return s.down
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	tx := &fakeTx{fakeState: s.current().clone(), keyed: s.keyed, equal: map[string]int{}}
	if err := fn(tx); err != nil {
		return err
	}
	s.reading.Lock()
	defer s.reading.Unlock()
	s.state = tx.fakeState
	return nil
}

// current is what is committed: the maps of it are never written again.
func (s *fakeStore) current() fakeState {
	s.reading.Lock()
	defer s.reading.Unlock()
	return s.state
}

func (s *fakeStore) Keyed() bool                { return s.keyed }
func (s *fakeStore) Ping(context.Context) error { return s.down }

func (s *fakeStore) AuditHead(context.Context) (int64, []byte, error) { return s.count, s.head, nil }

func (s *fakeStore) AuditRows(_ context.Context, after int64, yield func(AuditRow) error) error {
	for _, row := range s.rows {
		if row.Link.Seq > after {
			if err := yield(row); err != nil {
				return err
			}
		}
	}
	return nil
}

// fakeTx is a transaction of a fakeStore.
type fakeTx struct {
	Tx // what no test here uses
	fakeState
	keyed bool
	equal map[string]int // attempts of this import by fingerprint
	// contacts are those that were replaced in this import.
	contacts []ContactChange
}

func (t *fakeTx) Claim(_ context.Context, key string, at time.Time) (bool, error) {
	if _, claimed := t.claims[key]; claimed && key != "" {
		return false, nil
	}
	t.claims[key] = at
	return true, nil
}

func (t *fakeTx) Audit(_ context.Context, entry AuditEntry) error {
	if !t.keyed {
		return Errorf(Unavailable, "There is no key.")
	}
	t.audit = append(t.audit, entry)
	return nil
}

func (t *fakeTx) CountRefusal(_ context.Context, actor string, at time.Time) (RefusalHour, error) {
	hour, running := t.hours[actor]
	if !running {
		hour = RefusalHour{Actor: actor, Since: at}
	}
	hour.Count++
	t.hours[actor] = hour
	return hour, nil
}

func (t *fakeTx) RestartRefusals(_ context.Context, actor string, at time.Time) error {
	t.hours[actor] = RefusalHour{Actor: actor, Since: at, Count: 1}
	return nil
}

func (t *fakeTx) TakeRefusals(_ context.Context, since time.Time) ([]RefusalHour, error) {
	var taken []RefusalHour
	for _, actor := range slices.Sorted(maps.Keys(t.hours)) {
		if hour := t.hours[actor]; !hour.Since.After(since) {
			taken = append(taken, hour)
			delete(t.hours, actor)
		}
	}
	return taken, nil
}

func (t *fakeTx) RememberTicket(_ context.Context, actor, ticket string, at time.Time) error {
	t.tickets[actor] = fakeTicket{ticket, at}
	return nil
}

func (t *fakeTx) Ticket(_ context.Context, actor string, since time.Time) (string, error) {
	if ticket := t.tickets[actor]; ticket.at.After(since) {
		return ticket.name, nil
	}
	return "", nil
}

func (t *fakeTx) Forget(_ context.Context, keep Keep) error {
	t.keep = keep
	maps.DeleteFunc(t.claims, func(_ string, at time.Time) bool { return at.Before(keep.Requests) })
	maps.DeleteFunc(t.tickets, func(_ string, ticket fakeTicket) bool { return ticket.at.Before(keep.Requests) })
	maps.DeleteFunc(t.parked, func(_ string, p Parked) bool { return p.At.Before(keep.Requests) })
	maps.DeleteFunc(t.runs, func(_ string, run fakeRun) bool { return run.Period.Before(keep.Runs) })
	maps.DeleteFunc(t.watches, func(_ string, w Watch) bool {
		before := keep.Watches
		if w.Judgement != "" {
			before = keep.Judged
		}
		return w.State != Watching && w.EndedAt.Before(before)
	})
	return nil
}

func (t *fakeTx) Put(ctx context.Context, records []Record) (Tally, error) {
	tally := Tally{}
	for _, record := range records {
		user, account := record.References()
		missing, _ := t.Missing(ctx, []string{user}, []string{account})
		if user != "" && missing.Users[user] || account != "" && missing.Accounts[account] {
			return nil, fmt.Errorf("%s of line %d points to nobody", record.Kind(), record.Line)
		}
		name := identity(record)
		n := tally[record.Kind()]
		if old, ok := t.records[name].Body.(User); ok {
			sent := !record.SentAt.IsZero()
			record = record.Over(old)
			if user := record.Body.(User); sent && !user.SameContact(old) {
				t.contacts = append(t.contacts, ContactChange{Before: old, After: user})
			}
		}
		switch old, there := t.records[name]; {
		case !there:
			n.New++
			t.order = append(t.order, name)
		case bytes.Equal(old.Digest, record.Digest):
			n.Unchanged++
		default:
			n.Changed++
		}
		tally[record.Kind()], t.records[name] = n, record
	}
	return tally, nil
}

// identity names a record among all others (IMPORT.md).
func identity(record Record) string {
	id := ""
	switch body := record.Body.(type) {
	case Account:
		id = body.ID
	case User:
		id = body.ID
	case Membership:
		id = body.UserID + "+" + body.AccountID
	case Lock:
		id = body.ID
	case Attempt:
		id = body.ID + "+" + body.At.String()
	}
	return record.Kind() + " " + id
}

func (t *fakeTx) Missing(_ context.Context, users, accounts []string) (Missing, error) {
	missing := Missing{Users: map[string]bool{}, Accounts: map[string]bool{}}
	for _, id := range users {
		_, there := t.records["user "+id]
		missing.Users[id] = !there
	}
	for _, id := range accounts {
		_, there := t.records["account "+id]
		missing.Accounts[id] = !there
	}
	return missing, nil
}

func (t *fakeTx) Positions(_ context.Context, fingerprints []string) ([]int, error) {
	positions := make([]int, len(fingerprints))
	for i, f := range fingerprints {
		t.equal[f]++
		positions[i] = t.equal[f]
	}
	return positions, nil
}

// fakeDirectory answers with a scene.
type fakeDirectory struct {
	Directory // what no test here uses
	scene     *scene
	asked     Query
	err       error
	reads     int // of a user's attempts, besides those of a snapshot
	looks     int // who tried
	// meanwhile, if set, happens while users are read by their names.
	meanwhile func()
}

func (d *fakeDirectory) Abilities() Abilities { return d.scene.abilities }

func (d *fakeDirectory) Snapshot(_ context.Context, query Query) (Snapshot, error) {
	d.asked = query
	return d.scene.Snapshot, d.err
}

func (d *fakeDirectory) Users(_ context.Context, ids, identifiers []string) (found []User, err error) {
	if d.meanwhile != nil {
		d.meanwhile()
	}
	for _, user := range d.scene.Users {
		if slices.Contains(ids, user.ID) || slices.ContainsFunc(identifiers, user.Answers) {
			found = append(found, user)
		}
	}
	return found, d.err
}

func (d *fakeDirectory) Tried(_ context.Context, since map[string]time.Time, until time.Time) (map[string]bool, error) {
	d.looks++
	tried := map[string]bool{}
	for _, user := range d.scene.Users {
		after, asked := since[user.ID]
		tried[user.ID] = asked && slices.ContainsFunc(d.scene.Attempts, func(a Attempt) bool {
			return a.At.After(after) && !a.At.After(until) // staff's as well
		})
	}
	return tried, d.err
}

func (d *fakeDirectory) AttemptsSince(_ context.Context, userID string, after, until time.Time) (made []Attempt, err error) {
	d.reads++
	for _, a := range d.scene.Attempts {
		mine := len(d.scene.Users) == 1 && d.scene.Users[0].ID == userID
		if mine && a.At.After(after) && !a.At.After(until) && !FromStaff(d.scene.StaffNetworks, a) {
			made = append(made, a)
		}
	}
	return made, d.err
}

// desk is Latchkey with a directory and a store in memory, and a clock that
// stands until it is moved.
type desk struct {
	*Actions
	directory *fakeDirectory
	store     *fakeStore
	now       time.Time
	sites     map[string]*fakeSite // behind the targets, by their IDs
}

func newDesk(options ...option) *desk {
	d := &desk{directory: &fakeDirectory{scene: stage(options...)}, store: newFakeStore(), now: noon}
	d.Actions = &Actions{
		Directory: d.directory, Store: d.store, Rules: d.directory.scene.rules,
		Now: func() time.Time { return d.now }, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	}
	return d
}

// agent is a call of the agent U1.
func agent(key, ticket string) Call {
	return Call{Actor: Actor{ID: "U1", Roles: RolesOf(RoleAgent)}, Key: key, Ticket: ticket}
}

// wantCode checks the code of an error.
func wantCode(t *testing.T, err error, want Code) {
	t.Helper()
	if got := CodeOf(err); got != want {
		t.Errorf("the error is %q (%v), want %q", got, err, want)
	}
}

var errBroken = errors.New("broken")
