package bot

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/slackfake"
	"github.com/latchkey-bot/latchkey/bot/slackfake/conversation"
)

// The people of the tests.
const (
	agent    = "U0AGENT"
	grouped  = "U0GROUPED"  // an agent through a group
	engineer = "U0ENGINEER" // of L2
	lead     = "U0LEAD"
	nobody   = "U0NOBODY"
	stranger = "U0UNKNOWN" // whom not even Slack knows
)

// office is a support team at work: a Slack, the bot, a directory that knows
// Jane, and a database.
type office struct {
	t         *testing.T
	slack     *slackfake.Slack
	app       *slackfake.App
	bot       *Bot
	directory *directory
	store     *memory
	log       *journal
}

// open opens an office. It has no network, so it may stand inside a synctest
// bubble.
func open(t *testing.T, changes ...func(*Config)) *office {
	t.Helper()
	o := &office{t: t, slack: slackfake.New(slackfake.Config{Scopes: Manifest("", "").OAuthConfig.Scopes.Bot}), directory: newDirectory(), store: newMemory(), log: &journal{}}
	for _, id := range []string{agent, grouped, engineer, lead, nobody} {
		o.slack.AddMember(slackfake.Member{ID: id})
	}
	o.slack.SetGroup("S0AGENTS", grouped)
	o.slack.AddChannel(slackfake.Channel{ID: "C0SUPPORT", Name: "support"})
	o.slack.AddChannel(slackfake.Channel{ID: "C0RANDOM", Name: "random"})
	log := slog.New(slog.NewTextHandler(o.log, nil))
	keys, err := actions.ParseKeyring("k1:" + base64.StdEncoding.EncodeToString(make([]byte, 32)))
	if err != nil {
		t.Fatal(err)
	}
	config := Config{
		SigningSecret: o.slack.SigningSecret(),
		Actions:       &actions.Actions{Directory: o.directory, Store: o.store, Rules: actions.Rules{LockAfter: 3, IdleMonths: 3}, Now: time.Now, Log: log, Keys: keys, PublicURL: "https://latchkey.example"},
		Workspace:     NewWorkspace(o.slack.Token(), o.slack.APIURL(), o.slack.Transport()),
		Outbox:        o.store,
		Agents:        []string{agent, "S0AGENTS"}, L2: []string{engineer}, Leads: []string{lead}, SupportChannels: []string{"C0SUPPORT"},
		APIURL: o.slack.APIURL(), Transport: o.slack.Transport(), Log: log,
	}
	config.Escalations = newDesk(config.Actions, o.store)
	for _, change := range changes {
		change(&config)
	}
	if o.bot, err = New(config); err != nil {
		t.Fatal(err)
	}
	o.app = o.slack.App("http://latchkey.test", slackfake.Direct(o.bot.Handler()))
	return o
}

// talk begins a conversation with the bot. At the test's end the bot says what
// it still has to say, and nothing of all that may be unexpected.
func (o *office) talk() *conversation.Talk {
	o.t.Helper()
	return conversation.Start(o.t, o.slack, o.app, func() {
		// The test's own context has ended when its end comes.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(o.t.Context()), conversation.Patience)
		defer cancel()
		if err := errors.Join(o.bot.Drain(ctx), o.bot.Deliver(ctx)); err != nil {
			o.t.Error(err)
		}
	})
}

// heard is what somebody gets to read.
type heard struct {
	*slackfake.Answer
	o *office
}

// types sends what somebody types in #support.
func (o *office) types(user, command, text string) heard {
	o.t.Helper()
	return o.sends(slackfake.Command{User: user, Name: command, Text: text})
}

func (o *office) sends(c slackfake.Command) heard {
	o.t.Helper()
	answer, err := o.app.Command(o.t.Context(), c)
	if err != nil {
		o.t.Fatal(err)
	}
	return heard{answer, o}
}

// clicks sends a click of somebody.
func (o *office) clicks(user, action, value string) heard {
	o.t.Helper()
	answer, err := o.app.Click(o.t.Context(), slackfake.Click{User: user, Action: action, Value: value})
	if err != nil {
		o.t.Fatal(err)
	}
	return heard{answer, o}
}

// message is what the person reads, now or when it comes.
func (h heard) message() slackfake.Message {
	h.o.t.Helper()
	ctx, cancel := context.WithTimeout(h.o.t.Context(), 40*time.Second)
	defer cancel()
	message, err := h.o.slack.Wait(ctx, h.Answer)
	if err != nil {
		h.o.t.Fatal(err)
	}
	if message.ResponseType != "ephemeral" {
		h.o.t.Errorf("the answer is %q: everybody in the channel reads it", message.ResponseType)
	}
	return message
}

// reads expects all of the parts in the answer.
func (h heard) reads(parts ...string) heard {
	h.o.t.Helper()
	message := h.message()
	for _, part := range parts {
		if !strings.Contains(message.Visible(), part) {
			h.o.t.Errorf("%q isn't in what was read:\n%s", part, message.Visible())
		}
	}
	return h
}

// doesntRead expects none of the parts in the answer.
func (h heard) doesntRead(parts ...string) heard {
	h.o.t.Helper()
	message := h.message()
	for _, part := range parts {
		if strings.Contains(message.Visible()+message.Text, part) {
			h.o.t.Errorf("%q is in what was read:\n%s", part, message.Visible())
		}
	}
	return h
}

// directory knows Jane, two Sams and nobody else.
type directory struct {
	actions.Directory // what nobody here asks for
	mu                sync.Mutex
	asked             []actions.Query
	delay             time.Duration
	gate              chan struct{} // waited for when it is there
	panics            any
	users             []actions.User
	tried             []actions.Attempt // newest first
}

func newDirectory() *directory {
	made := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	user := func(id, username, email, first string) actions.User {
		return actions.User{
			ID: id, Username: username, Email: email, FirstName: first, Status: actions.UserActive, HasPassword: true, CreatedAt: made,
		}
	}
	return &directory{users: []actions.User{
		user("u-jane", "jane", "jane@acme.example", "Jane"),
		user("u-sam-1", "sam", "sam@one.example", "Sam One"),
		user("u-sam-2", "sam", "sam@two.example", "Sam Two"),
	}}
}

func (d *directory) Abilities() actions.Abilities { return actions.Abilities{TellsUnknownUser: true} }

func (d *directory) Snapshot(ctx context.Context, query actions.Query) (actions.Snapshot, error) {
	d.mu.Lock()
	d.asked = append(d.asked, query)
	delay, gate, panics := d.delay, d.gate, d.panics
	d.mu.Unlock()
	if panics != nil {
		panic(panics)
	}
	if gate != nil {
		<-gate
	}
	select {
	case <-time.After(delay):
	case <-ctx.Done():
		return actions.Snapshot{}, ctx.Err()
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	snapshot := actions.Snapshot{NewestAttempt: query.At.Add(-time.Minute)}
	for _, user := range d.users {
		if user.ID == query.UserID || (query.UserID == "" && user.Answers(query.Identifier)) {
			snapshot.Users = append(snapshot.Users, user)
		}
	}
	if len(snapshot.Users) == 1 && snapshot.Users[0].ID == "u-jane" {
		snapshot.Locks = []actions.Lock{{ID: "l1", UserID: "u-jane", Kind: actions.LockAttempts, At: query.At.Add(-time.Hour)}}
		snapshot.Attempts = slices.Clone(d.tried)
	}
	return snapshot, nil
}

func (d *directory) lookups() []actions.Query {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]actions.Query(nil), d.asked...)
}

// memory is a database in memory. While it is frozen nothing in it answers.
type memory struct {
	actions.Store // what nobody here asks for
	mu            sync.Mutex
	claims        map[string]bool
	refusals      map[string]actions.RefusalHour
	tickets       map[string]string
	audit         []actions.AuditEntry
	outbox        []kept
	free          map[string]time.Time // when a receiver may get the next message
	places        map[string]actions.Posted
	brakes        map[string]actions.Brake
	watches       []actions.Watch // oldest first
	homes         []string        // who has opened theirs
	parked        map[string]actions.Parked
	thaw          chan struct{} // closed unless frozen
	down          error
	uncountable   error // why cases can't be counted
}

func newMemory() *memory {
	m := &memory{claims: map[string]bool{}, refusals: map[string]actions.RefusalHour{}, tickets: map[string]string{}, parked: map[string]actions.Parked{}, free: map[string]time.Time{}, places: map[string]actions.Posted{}, brakes: map[string]actions.Brake{}, thaw: make(chan struct{})}
	close(m.thaw)
	return m
}

// fails lets the database fail with err from now on; nil ends it.
func (m *memory) fails(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.down = err
}

func (m *memory) freeze() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.thaw = make(chan struct{})
}

func (m *memory) answers(ctx context.Context) error {
	m.mu.Lock()
	thaw := m.thaw
	m.mu.Unlock()
	select {
	case <-thaw:
		m.mu.Lock()
		defer m.mu.Unlock()
		return m.down
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (m *memory) Tx(ctx context.Context, fn func(actions.Tx) error) error {
	if err := m.answers(ctx); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return fn(memoryTx{m: m})
}

func (m *memory) Import(context.Context, func(actions.ImportTx) error) error {
	panic("the bot doesn't import")
}
func (m *memory) Keyed() bool                    { return true }
func (m *memory) Ping(ctx context.Context) error { return m.answers(ctx) }
func (m *memory) AuditRows(context.Context, int64, func(actions.AuditRow) error) error {
	panic("the bot doesn't read the audit")
}

func (m *memory) AuditHead(context.Context) (int64, []byte, error) {
	return int64(len(m.rows())), nil, nil
}

func (m *memory) rows() []actions.AuditEntry {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]actions.AuditEntry(nil), m.audit...)
}

// acts are the acts of the audit, in order.
func (m *memory) acts() []actions.Act {
	var acts []actions.Act
	for _, row := range m.rows() {
		acts = append(acts, row.Act)
	}
	return acts
}

type memoryTx struct {
	actions.Tx // what nobody here asks for
	m          *memory
}

func (tx memoryTx) Claim(_ context.Context, key string, _ time.Time) (bool, error) {
	if key == "" {
		return true, nil
	}
	fresh := !tx.m.claims[key]
	tx.m.claims[key] = true
	return fresh, nil
}

func (tx memoryTx) Audit(_ context.Context, entry actions.AuditEntry) error {
	tx.m.audit = append(tx.m.audit, entry)
	return nil
}

func (tx memoryTx) CountRefusal(_ context.Context, actor string, at time.Time) (actions.RefusalHour, error) {
	hour, ok := tx.m.refusals[actor]
	if !ok {
		hour = actions.RefusalHour{Actor: actor, Since: at}
	}
	hour.Count++
	tx.m.refusals[actor] = hour
	return hour, nil
}

func (tx memoryTx) RestartRefusals(_ context.Context, actor string, at time.Time) error {
	tx.m.refusals[actor] = actions.RefusalHour{Actor: actor, Since: at, Count: 1}
	return nil
}

func (tx memoryTx) TakeRefusals(context.Context, time.Time) ([]actions.RefusalHour, error) {
	return nil, nil
}

func (tx memoryTx) RememberTicket(_ context.Context, actor, ticket string, _ time.Time) error {
	tx.m.tickets[actor] = ticket
	return nil
}

func (tx memoryTx) Ticket(_ context.Context, actor string, _ time.Time) (string, error) {
	return tx.m.tickets[actor], nil
}

func (tx memoryTx) Forget(context.Context, actions.Keep) error { return nil }

// pass lets time pass in a synctest bubble, where nobody waits for it.
func pass(d time.Duration) { <-time.After(d) }

// journal is a log that a test can read.
type journal struct {
	mu  sync.Mutex
	out bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.out.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.out.String()
}
