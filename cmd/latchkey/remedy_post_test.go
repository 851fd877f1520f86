package main

import (
	"bytes"
	"context"
	"log/slog"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/store/storetest"
)

// postRoom is a house that reaches customers, with a clock that the test turns,
// and a customer, Jane.
type postRoom struct {
	*house
	t    *testing.T
	path string // of the database's file, on SQLite
	log  *safeBuffer

	guard sync.Mutex
	now   time.Time

	mails, texts *letterBox
}

// safeBuffer is a buffer that several may write to.
type safeBuffer struct {
	guard sync.Mutex
	text  bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.guard.Lock()
	defer b.guard.Unlock()
	return b.text.Write(p)
}

func (b *safeBuffer) String() string {
	b.guard.Lock()
	defer b.guard.Unlock()
	return b.text.String()
}

// letterBox keeps what it is given to send.
type letterBox struct {
	letters []actions.Letter
	answer  error // what sending ends with
	crash   bool  // the process ends once the letter is out
}

func (b *letterBox) Send(_ context.Context, letter actions.Letter) error {
	if b.answer == nil {
		b.letters = append(b.letters, letter)
	}
	if b.crash {
		runtime.Goexit()
	}
	return b.answer
}

func (b *letterBox) SendText(ctx context.Context, letter actions.Letter) error {
	return b.Send(ctx, letter)
}

// last is the newest letter.
func (b *letterBox) last(t *testing.T) actions.Letter {
	t.Helper()
	if len(b.letters) == 0 {
		t.Fatal("nothing was sent")
	}
	return b.letters[len(b.letters)-1]
}

// plainWriter writes a line for each template, in which every placeholder that
// the template may have stands.
type plainWriter struct{}

func (plainWriter) Write(w actions.Writing) (actions.Written, error) {
	texts := map[actions.Template]string{
		actions.TemplateReset:      "[Customer Name] of [Brand]: [insert link here], good for [minutes] minutes",
		actions.TemplateUsername:   "You are [user name]; log in at [login page]",
		actions.TemplateLoginLink:  "[loginLink]",
		actions.TemplateCode:       "[code] [purpose], good for [minutes] minutes",
		actions.TemplateConfirm:    "Is [contact] yours? [insert link here]",
		actions.TemplateConfirmFor: "Is [contact] the one of [details]? [insert link here]",
		actions.TemplateSecret:     "[sender] sent you something, good until [until]: [insert link here]",
		actions.TemplateRequest:    "[sender] needs something ([details]), until [until]: [insert link here]",
		actions.TemplateChanged:    "Your contact is now [contact]. [insert link here] [user name]",
	}
	out := actions.Written{Subject: w.Subject, Text: w.Text, Language: "en"}
	if out.Text == "" {
		out.Text = texts[w.Template]
	}
	if out.Subject == "" {
		out.Subject = "About [Brand]"
	}
	out.Text = strings.ReplaceAll(out.Text, actions.PlacePurpose, "for "+string(w.Purpose))
	for place, value := range w.Values {
		out.Subject = strings.ReplaceAll(out.Subject, place, value)
		out.Text = strings.ReplaceAll(out.Text, place, value)
	}
	out.HTML = "<p>" + out.Text + "</p>"
	return out, nil
}

// shift is who works: everybody an agent, and one lead.
type shift struct{}

func (shift) RolesOf(_ context.Context, id string) (actions.Roles, error) {
	if id == "ULEAD" {
		return actions.RolesOf(actions.RoleLead), nil
	}
	return actions.RolesOf(actions.RoleAgent), nil
}

func (shift) Leads(context.Context) (onDuty, others []string, err error) {
	return []string{"ULEAD"}, nil, nil
}

const (
	jane     = "u1"
	janeName = "jane.roe.42"
	janeMail = "jane@acme.example"
)

// openPostRoom opens a post room on an empty database.
func openPostRoom(t *testing.T, databaseURL string) *postRoom {
	t.Helper()
	room := reopenPostRoom(t, databaseURL)
	room.put(
		actions.Account{ID: "a1", Name: "Acme", Status: actions.AccountActive, Brand: "Acme Cloud"},
		actions.User{
			ID: jane, Username: janeName, Status: actions.UserActive, Email: janeMail, Mobile: "+49 170 1234567", FirstName: "Jane",
			HasPassword: true, LastLoginAt: room.now.AddDate(0, 0, -3), Locale: "de-DE",
		},
		actions.Membership{UserID: jane, AccountID: "a1", Role: "member", Status: actions.MembershipActive},
	)
	return room
}

// reopenPostRoom opens a post room on a database as it is.
func reopenPostRoom(t *testing.T, databaseURL string) *postRoom {
	t.Helper()
	return rekeyedPostRoom(t, databaseURL, testKey)
}

// rekeyedPostRoom opens it with these keys.
func rekeyedPostRoom(t *testing.T, databaseURL, serverKeys string) *postRoom {
	t.Helper()
	keys, err := actions.ParseKeyring(serverKeys)
	if err != nil {
		t.Fatal(err)
	}
	room := &postRoom{
		t: t, path: strings.TrimPrefix(databaseURL, "sqlite:"), log: &safeBuffer{}, mails: &letterBox{}, texts: &letterBox{},
		now: time.Date(2026, 3, 9, 9, 30, 0, 0, time.UTC),
	}
	log := slog.New(slog.NewTextHandler(room.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	if room.house, err = openHouse(t.Context(), databaseURL, keys, actions.Rules{LockAfter: 3, IdleMonths: 3}, log); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := room.close(); err != nil {
			t.Error(err)
		}
	})
	a := room.actions
	a.Now, a.Mailer, a.Texter, a.Writer, a.Staff = room.clock, room.mails, room.texts, plainWriter{}, shift{}
	a.Brand, a.LoginURL, a.PublicURL, a.Colleagues = "Acme", "https://acme.example/login", "https://latchkey.example", "acme.example"
	return room
}

// onEachPost runs a test with a post room on each database.
func onEachPost(t *testing.T, test func(*testing.T, *postRoom)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, openPostRoom(t, storetest.SQLiteURL(t))) })
	t.Run("postgres", func(t *testing.T) { test(t, openPostRoom(t, storetest.PostgresURL(t))) })
}

func (p *postRoom) clock() time.Time {
	p.guard.Lock()
	defer p.guard.Unlock()
	return p.now
}

// pass turns the clock on.
func (p *postRoom) pass(d time.Duration) {
	p.guard.Lock()
	defer p.guard.Unlock()
	p.now = p.now.Add(d)
}

// put imports records.
func (p *postRoom) put(bodies ...any) {
	p.t.Helper()
	if _, err := p.actions.Import(p.t.Context(), atTerminal(), actions.Import{Lines: linesOf(bodies...)}); err != nil {
		p.t.Fatal(err)
	}
}

// linesOf yields records as an import reads them.
func linesOf(bodies ...any) func(func(actions.Record, error) bool) {
	return func(yield func(actions.Record, error) bool) {
		for i, body := range bodies {
			if !yield(actions.Record{Body: body, Digest: actions.Digest(body), File: "-", Line: i + 1}, nil) {
				return
			}
		}
	}
}

// person is the customer as they are stored.
func (p *postRoom) person(id string) actions.User {
	p.t.Helper()
	users, err := p.store.Users(p.t.Context(), []string{id}, nil)
	if err != nil || len(users) != 1 {
		p.t.Fatalf("got %v, %v", users, err)
	}
	return users[0]
}

// snapshot is what the directory knows of the customer now.
func (p *postRoom) snapshot() actions.Snapshot {
	p.t.Helper()
	s, err := p.store.Snapshot(p.t.Context(), actions.Query{UserID: jane, Identifier: jane, At: p.clock()})
	if err != nil {
		p.t.Fatal(err)
	}
	return s
}

// within runs fn in a transaction.
func (p *postRoom) within(fn func(actions.Tx) error) {
	p.t.Helper()
	if err := p.store.Tx(p.t.Context(), fn); err != nil {
		p.t.Fatal(err)
	}
}

// start stores a message with the operation that it belongs to.
func (p *postRoom) start(mail actions.Mail, state actions.OperationState) string {
	p.t.Helper()
	now := actions.Instant(p.clock())
	mail.UserID, mail.State, mail.At, mail.Operation = jane, actions.MailQueued, now, "op-"+mail.ID
	if mail.Via == "" {
		mail.Via = actions.ChannelEmail
	}
	p.within(func(tx actions.Tx) error {
		op := actions.Operation{
			ID: mail.Operation, Act: actions.ActSendReset, Actor: "UAGENT", Subject: jane, Reason: "forgot", Ticket: "#4711", State: state, At: now,
		}
		if state.Final() {
			op.EndedAt = now
		}
		if _, _, err := tx.StartOperation(p.t.Context(), op); err != nil {
			return err
		}
		return tx.StartMail(p.t.Context(), mail)
	})
	return mail.ID
}

// sends stores a message and delivers it.
func (p *postRoom) sends(mail actions.Mail) actions.Letter {
	p.t.Helper()
	id := p.start(mail, actions.OperationDone)
	if err := p.actions.SendMail(p.t.Context(), id); err != nil {
		p.t.Fatal(err)
	}
	return p.mails.last(p.t)
}

// mail is a message as it is stored.
func (p *postRoom) mail(id string) actions.Mail {
	p.t.Helper()
	m, err := p.store.MailByID(p.t.Context(), id)
	if err != nil {
		p.t.Fatal(err)
	}
	return m
}

// cards takes what waits for the agents' direct messages.
func (p *postRoom) cards() []actions.Outgoing {
	p.t.Helper()
	return p.taken(func(actions.Outgoing) {}, actions.OutgoingOperation, actions.OutgoingVerification)
}

// deliver sends every message that waits, and returns how many there were.
func (p *postRoom) deliver() int {
	p.t.Helper()
	return len(p.taken(func(m actions.Outgoing) {
		if err := p.actions.SendMail(p.t.Context(), m.Ref); err != nil {
			p.t.Error(err)
		}
	}, actions.OutgoingMail))
}

// taken takes everything of some kinds out of the outbox.
func (p *postRoom) taken(deliver func(actions.Outgoing), kinds ...actions.OutgoingKind) []actions.Outgoing {
	p.t.Helper()
	var all []actions.Outgoing
	for {
		waiting, err := p.store.Lease(p.t.Context(), p.clock().Add(time.Minute), time.Minute, 10, kinds)
		if err != nil {
			p.t.Fatal(err)
		}
		if len(waiting) == 0 {
			return all
		}
		for _, m := range waiting {
			deliver(m)
			if err := p.store.Delivered(p.t.Context(), m, p.clock()); err != nil {
				p.t.Fatal(err)
			}
		}
		all = append(all, waiting...)
	}
}

// entries are the rows of the audit of an act, in order.
func (p *postRoom) entries(act actions.Act) []actions.AuditEntry {
	p.t.Helper()
	var rows []actions.AuditEntry
	err := p.store.AuditRows(p.t.Context(), 0, func(row actions.AuditRow) error {
		if row.Entry.Act == act {
			rows = append(rows, row.Entry)
		}
		return nil
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return rows
}

// agent is a call of an agent's.
func agent(id string) actions.Call {
	return actions.Call{Actor: actions.Actor{ID: id, Roles: actions.RolesOf(actions.RoleAgent)}}
}

var linkPattern = regexp.MustCompile(`https://latchkey\.example/l/([A-Za-z0-9_-]{22})#([A-Za-z0-9_-]{43})`)

// linkIn finds the link in a text.
func linkIn(t *testing.T, text string) (id, token string) {
	t.Helper()
	found := linkPattern.FindStringSubmatch(text)
	if found == nil {
		t.Fatalf("no link stands in %q", text)
	}
	return found[1], found[2]
}

var codePattern = regexp.MustCompile(`\b[0-9]{6}\b`)

// codeIn finds the code in a text.
func codeIn(t *testing.T, text string) string {
	t.Helper()
	found := codePattern.FindString(text)
	if found == "" {
		t.Fatalf("no code stands in %q", text)
	}
	return found
}

// wantCode expects an error of a kind.
func wantCode(t *testing.T, err error, code actions.Code) {
	t.Helper()
	if actions.CodeOf(err) != code {
		t.Errorf("got %v, and not %q", err, code)
	}
}

// openPostRoomOnSQLite is for what doesn't differ between databases.
func openPostRoomOnSQLite(t *testing.T) *postRoom {
	t.Helper()
	return openPostRoom(t, storetest.SQLiteURL(t))
}
