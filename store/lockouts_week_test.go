package store_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/store"
	"github.com/latchkey-bot/latchkey/store/storetest"
)

// The weeks: Monday to Sunday, with the night from Saturday to Sunday in which the clocks
// are changed. night is how long it is from Saturday 22:30 to Sunday 04:30, and from and
// until are Sunday's bounds, from the tables of the zones.
var weeks = []struct {
	name, zone, monday string
	night              string
	from, until        string
}{
	{"MelbourneBack", "Australia/Melbourne", "2026-03-30", "7h0m0s", "2026-04-04T13:00:00Z", "2026-04-05T14:00:00Z"},
	{"MelbourneForward", "Australia/Melbourne", "2026-09-28", "5h0m0s", "2026-10-03T14:00:00Z", "2026-10-04T13:00:00Z"},
	{"LondonForward", "Europe/London", "2026-03-23", "5h0m0s", "2026-03-29T00:00:00Z", "2026-03-29T23:00:00Z"},
	{"LondonBack", "Europe/London", "2026-10-19", "7h0m0s", "2026-10-24T23:00:00Z", "2026-10-26T00:00:00Z"},
	// There the clocks were changed at midnight: one Sunday begins at 1:00, and one Saturday
	// has its last hour twice.
	{"SaoPauloForward", "America/Sao_Paulo", "2018-10-29", "5h0m0s", "2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z"},
	{"SaoPauloBack", "America/Sao_Paulo", "2018-02-12", "7h0m0s", "2018-02-18T03:00:00Z", "2018-02-19T03:00:00Z"},
}

// wantWeek are the numbers of the prepared week (see week.prepare), worked out by hand.
// "usual" of a day is the mean of the same weekday of the four weeks before, in which
// there were: on Mondays 2, 1, 0 and 1 (the last week first); on Thursdays 1, 0, 2 and 0; on
// Sundays 0, 1, 0 and 0. NIGHT is how long the night was.
var wantWeek = []struct{ why, spec, want string }{
	{
		"Ann 30 min (4 wrong, unlocked), Cy 2 min (told that he is locked: for inactivity, got a reset), Dee never; Bob slipped. Median of 2 and 30 min: 16.",
		"+0",
		"3 customers (usual 1.00, a week before 2): locked_attempts 1 (1.00) locked_inactivity 1 (0.00) wrong_password 1 (0.00); out 1; back reset 1 unlock 1; median 16m0s worst 30m0s; right 1 wrong 0; repeat 0 attacked 0 strangers 0",
	},
	{
		"Ann again, 15 min over midnight: it began on Tuesday. Dee goes on failing, and a colleague tests: neither is a lockout.",
		"+1",
		"1 customers (usual 0.00, a week before 0): wrong_password 1 (0.00); out 0; back alone 1; median 15m0s worst 15m0s; right 1 wrong 0; repeat 1 attacked 0 strangers 0",
	},
	{
		"Fay attacked, 31 h until her own reset; Gil's phone, 45 min until the lock ran out: 15:52:30 is the mean. 12 names that nobody has, from where Fay was attacked.",
		"+2",
		"2 customers (usual 0.00, a week before 0): under_attack 1 (0.00) stale_saved_password 1 (0.00); out 0; back by_reset 1 ran_out 1; median 15h52m30s worst 31h0m0s; right 0 wrong 0; repeat 1 attacked 1 strangers 12; network 198.51.100.0/24 1+12 in 0 attack",
	},
	{
		"Five of Acme for payment; six of their office slipped and got in: 11 customers from it, and no attack.",
		"+3",
		"5 customers (usual 0.75, a week before 1): payment_hold 5 (0.00); out 5; back; median 0s worst 0s; right 0 wrong 1; repeat 1 attacked 0 strangers 0; account Acme 5 (0.00); network 203.0.113.0/24 11+0 in 6",
	},
	{"nobody", "+4", "0 customers (usual 0.00, a week before 0):; out 0; back; median 0s worst 0s; right 0 wrong 0; repeat 1 attacked 0 strangers 0"},
	{
		"Joe over the night in which the clocks are changed: real hours count.",
		"+5",
		"1 customers (usual 0.00, a week before 0): wrong_password 1 (0.00); out 0; back helped 1; median NIGHT worst NIGHT; right 0 wrong 0; repeat 1 attacked 0 strangers 0",
	},
	{
		"Mia in Sunday's first moment (20 min), Nat at noon (30 min), Kim in its last microsecond (1 h); Lou in Monday's first moment isn't in it.",
		"+6",
		"3 customers (usual 0.25, a week before 0): mfa_failed 1 (0.00) code_wrong 1 (0.00) wrong_password 1 (0.00); out 0; back alone 3; median 30m0s worst 1h0m0s; right 0 wrong 0; repeat 1 attacked 0 strangers 0",
	},
	{
		"Lou alone; usual of 3, 2, 1 and 0; in the 7 days up to here Ann was locked out once.",
		"today",
		"1 customers (usual 1.50, a week before 3): wrong_password 1 (0.25); out 1; back; median 0s worst 0s; right 0 wrong 0; repeat 0 attacked 0 strangers 0",
	},
	{
		"All seven days: Ann counts once, by Tuesday's, and Kim isn't in yet. Before: 3, 2, 2 and 1 customers. Of 2, 15, 20, 30, 30, 45 min, the night and 31 h the middle two are 30.",
		"7d",
		"14 customers (usual 2.00, a week before 3): payment_hold 5 (0.00) wrong_password 4 (0.00) under_attack 1 (0.00) stale_saved_password 1 (0.00) locked_inactivity 1 (0.00) mfa_failed 1 (0.00) code_wrong 1 (0.00); out 7; back alone 3 by_reset 1 helped 1 ran_out 1 reset 1; median 30m0s worst 31h0m0s; right 2 wrong 1; repeat 1 attacked 1 strangers 12; account Acme 5 (0.00); network 198.51.100.0/24 1+12 in 0 attack; network 203.0.113.0/24 11+0 in 6",
	},
	{
		"The 30 days up to Sunday begin 29 days before it, so that three of the customers of before are in them, with seven lockouts of 30 min: Pat had two within five days, and Pia on a Sunday and the Monday after. Of the 30 days before not all are on record.",
		"30d",
		"17 customers (usual -1.00, a week before -1): payment_hold 5 (-1.00) wrong_password 4 (-1.00) locked_attempts 3 (-1.00) under_attack 1 (-1.00) stale_saved_password 1 (-1.00) locked_inactivity 1 (-1.00) mfa_failed 1 (-1.00) code_wrong 1 (-1.00); out 7; back alone 6 by_reset 1 helped 1 ran_out 1 reset 1; median 30m0s worst 31h0m0s; right 2 wrong 1; repeat 3 attacked 1 strangers 12; network 198.51.100.0/24 1+12 in 0 attack; network 203.0.113.0/24 11+0 in 6",
	},
	{
		"Acme alone: Hal and four others, and the six who slipped; of them one diagnosis was judged. Strangers belong to no account.",
		"7d acme",
		"5 customers (usual 0.00, a week before 0): payment_hold 5 (0.00); out 5; back; median 0s worst 0s; right 0 wrong 1; repeat 0 attacked 0 strangers 0; account Acme 5 (0.00); network 203.0.113.0/24 11+0 in 6",
	},
}

// TestPreparedWeek: every number of every day of a week, and of the week, equals what
// was worked out by hand, in three time zones, across both changes of the clocks.
func TestPreparedWeek(t *testing.T) {
	for _, w := range weeks {
		t.Run(w.name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, s *store.Store) {
				week := newWeek(t, w.zone, w.monday, w.from)
				week.prepare(t, s)
				for _, step := range wantWeek {
					r := week.report(t, s, step.spec)
					if got, want := said(r), strings.ReplaceAll(step.want, "NIGHT", w.night); got != want {
						t.Errorf("%s:\n%s\ngot  %s\nwant %s", step.spec, step.why, got, want)
					}
					if step.spec == "+6" && (r.From.Format(time.RFC3339) != w.from || r.Until.Format(time.RFC3339) != w.until) {
						t.Errorf("Sunday is from %s until %s, want %s and %s", r.From, r.Until, w.from, w.until)
					}
				}
			})
		})
	}
}

// week is a week of a place.
type week struct {
	zone   *time.Location
	monday time.Time
	sunday time.Time // its first moment
	bodies []any
	people int
	tries  int
}

func newWeek(t *testing.T, name, monday, sunday string) *week {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	day, err := time.ParseInLocation(time.DateOnly, monday, zone)
	if err != nil {
		t.Fatal(err)
	}
	from, err := time.Parse(time.RFC3339, sunday)
	if err != nil {
		t.Fatal(err)
	}
	return &week{zone: zone, monday: day, sunday: from}
}

// at is a time of the clock on the wall, some days after Monday.
func (w *week) at(day int, clock string) time.Time {
	of, err := time.Parse("15:04", clock)
	if err != nil {
		panic(err)
	}
	return time.Date(w.monday.Year(), w.monday.Month(), w.monday.Day()+day, of.Hour(), of.Minute(), 0, 0, w.zone)
}

// asking are the use cases as they are asked for a day after Monday ("+2"), or for more.
func (w *week) asking(s *store.Store, spec string) *actions.Actions {
	now := w.at(7, "08:00")
	if spec != "today" && !strings.HasPrefix(spec, "+") {
		now = w.at(7, "00:00").Add(-time.Microsecond)
	}
	return &actions.Actions{
		Directory: s, Store: s, Zone: w.zone, Rules: actions.Rules{LockAfter: 3, IdleMonths: 3}, Now: func() time.Time { return now },
	}
}

// report asks for the digest of a day after Monday ("+2"), or as people do: for today on
// the Monday after, for more in Sunday's last moment.
func (w *week) report(t *testing.T, s *store.Store, spec string) actions.LockoutReport {
	t.Helper()
	a := w.asking(s, spec)
	var r actions.LockoutReport
	var err error
	var day int
	if n, _ := fmt.Sscanf(spec, "+%d", &day); n == 1 {
		r, err = a.DigestReport(t.Context(), w.at(day, "12:00").Format(time.DateOnly))
	} else {
		r, err = a.Lockouts(t.Context(), lead(), spec)
	}
	if err != nil {
		t.Fatalf("%s: %v", spec, err)
	}
	return r
}

func lead() actions.Call {
	return actions.Call{Actor: actions.Actor{ID: "U0LEAD", Roles: actions.RolesOf(actions.RoleLead)}}
}

// said is a report in short.
func said(r actions.LockoutReport) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d customers (usual %.2f, a week before %d):", r.Customers, r.Usual, r.LastWeek)
	for _, c := range r.Causes {
		fmt.Fprintf(&b, " %s %d (%.2f)", c.Cause, c.Customers, c.Usual)
	}
	fmt.Fprintf(&b, "; out %d; back", r.Out)
	for _, c := range r.Back {
		fmt.Fprintf(&b, " %s %d", c.How, c.Customers)
	}
	fmt.Fprintf(&b, "; median %s worst %s; right %d wrong %d; repeat %d attacked %d strangers %d",
		r.Median, r.Worst, r.Right, r.Wrong, r.Repeat, r.Attacked, r.Strangers)
	for _, a := range r.Accounts {
		fmt.Fprintf(&b, "; account %s %d (%.2f)", a.Name, a.Customers, a.Usual)
	}
	for _, n := range r.Networks {
		fmt.Fprintf(&b, "; network %s %d+%d in %d", n.Network, n.Customers, n.Names, n.In)
		if n.Attack {
			b.WriteString(" attack")
		}
	}
	return b.String()
}

// somebody adds a user who logs in from a network of their own.
func (w *week) somebody(accounts ...string) string {
	w.people++
	id := fmt.Sprintf("u-%02d", w.people)
	w.bodies = append(w.bodies, actions.User{ID: id, Username: "name-" + id, Email: id + "@mail.example", Status: actions.UserActive})
	for _, account := range accounts {
		w.bodies = append(w.bodies, actions.Membership{UserID: id, AccountID: account, Status: actions.MembershipActive})
	}
	return id
}

// ends adds an attempt of a user from their own network.
func (w *week) ends(id string, at time.Time, outcome actions.Outcome) {
	w.from(id, "10.0."+strings.TrimLeft(id[2:], "0")+".9", at, outcome)
}

// from adds an attempt of a user from an address.
func (w *week) from(id, ip string, at time.Time, outcome actions.Outcome) {
	w.tries++
	w.bodies = append(w.bodies, actions.Attempt{ID: fmt.Sprintf("a-%04d", w.tries), At: at, UserID: id, Outcome: outcome, IP: ip})
}

// wrong adds wrong passwords, one each so often.
func (w *week) wrong(id, ip string, at time.Time, n int, each time.Duration) {
	for i := range n {
		w.from(id, ip, at.Add(time.Duration(i)*each), actions.WrongPassword)
	}
}

// before adds the lockouts of the four weeks before: each is 4 wrong passwords from 10:00
// on, a minute apart, and in again at 10:30. The first of them is the first on record.
func (w *week) before() {
	pat, pia, per := w.somebody("globex"), w.somebody("globex"), w.somebody()
	for _, out := range []struct {
		who string
		day int
	}{
		{pat, -28},             // Monday
		{pat, -18}, {pia, -18}, // Thursday
		{pat, -14},           // Monday
		{pia, -8},            // Sunday
		{pat, -7}, {pia, -7}, // Monday
		{per, -4}, // Thursday
	} {
		at := w.at(out.day, "10:00")
		w.wrong(out.who, "10.9."+strings.TrimLeft(out.who[2:], "0")+".9", at, 4, time.Minute)
		w.ends(out.who, at.Add(30*time.Minute), actions.Success)
	}
}

// records are what was added.
func (w *week) records() []actions.Record {
	records := make([]actions.Record, len(w.bodies))
	for i, body := range w.bodies {
		records[i] = actions.Record{Body: body, Digest: []byte{1}}
	}
	return records
}

// put fills a database with what was added.
func (w *week) put(t *testing.T, s *store.Store) {
	t.Helper()
	err := s.Import(t.Context(), func(tx actions.ImportTx) error { _, err := tx.Put(t.Context(), w.records()); return err })
	if err != nil {
		t.Fatal(err)
	}
}

// prepare fills a database with the week.
func (w *week) prepare(t *testing.T, s *store.Store) {
	t.Helper()
	w.bodies = append(w.bodies, actions.Account{ID: "acme", Name: "Acme", GatewayIDs: []string{"GW-1"}}, actions.Account{ID: "globex", Name: "Globex"},
		actions.StaffNetwork{CIDR: "192.0.2.0/24"})
	w.before()
	done := w.monToTue()
	w.wednesday()
	hal := w.thursday()
	done = append(done, w.weekend()...)
	err := s.Import(t.Context(), func(tx actions.ImportTx) error {
		if _, err := tx.Put(t.Context(), w.records()); err != nil {
			return err
		}
		for _, op := range done {
			if _, started, err := tx.StartOperation(t.Context(), op); err != nil || !started {
				return fmt.Errorf("%s: %w", op.ID, err)
			}
		}
		for i, judged := range []actions.Watch{
			{UserID: "u-01", Judgement: actions.JudgedRight, JudgedAt: w.at(0, "15:00")},
			{UserID: "u-02", Judgement: actions.JudgedRight, JudgedAt: w.at(1, "09:00")},
			{UserID: hal, Judgement: actions.JudgedWrong, JudgedAt: w.at(3, "16:00")},
			{UserID: hal, Judgement: actions.JudgedWrong, JudgedAt: w.at(-60, "16:00")},
		} {
			judged.ID, judged.Actor, judged.State = fmt.Sprint("w-", i), "U1", actions.WatchIn
			judged.StartedAt, judged.Until = judged.JudgedAt.Add(-time.Hour), judged.JudgedAt
			if err := tx.StartWatch(t.Context(), judged); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// helped is an operation that ended well.
func helped(id string, act actions.Act, user string, at time.Time) actions.Operation {
	return actions.Operation{ID: id, Act: act, Actor: "U1", Subject: user, State: actions.OperationDone, At: at.Add(-time.Minute), EndedAt: at}
}

func (w *week) monToTue() []actions.Operation {
	ann, bob, cy, dee, colleague := w.somebody("globex"), w.somebody(), w.somebody(), w.somebody(), w.somebody()
	w.wrong(ann, "10.8.1.9", w.at(0, "09:00"), 4, time.Minute)
	w.bodies = append(w.bodies, actions.Lock{ID: "l-ann", UserID: ann, Kind: actions.LockAttempts, At: w.at(0, "09:03"), ReleasedAt: w.at(0, "09:25")})
	w.ends(ann, w.at(0, "09:30"), actions.Success)
	w.wrong(bob, "10.8.2.9", w.at(0, "10:00"), 3, time.Minute)
	w.ends(bob, w.at(0, "10:05"), actions.Success)
	w.bodies = append(w.bodies, actions.Lock{ID: "l-cy", UserID: cy, Kind: actions.LockInactivity, At: w.at(-100, "09:00"), ReleasedAt: w.at(0, "11:01")})
	w.ends(cy, w.at(0, "11:00"), actions.LockedOut)
	w.ends(cy, w.at(0, "11:02"), actions.Success)
	w.ends(dee, w.at(0, "12:00"), actions.WrongPassword)

	w.wrong(ann, "10.8.1.9", w.at(1, "23:50"), 2, time.Minute)
	w.ends(ann, w.at(2, "00:05"), actions.Success)
	w.ends(dee, w.at(1, "12:00"), actions.WrongPassword)
	w.wrong(colleague, "192.0.2.7", w.at(1, "13:00"), 9, time.Minute)
	return []actions.Operation{
		helped("o-1", actions.ActUnlock, ann, w.at(0, "09:25")), helped("o-2", actions.ActSendReset, cy, w.at(0, "11:01")),
		helped("o-3", actions.ActSendReset, dee, w.at(0, "12:30")),
	}
}

func (w *week) wednesday() {
	fay, gil := w.somebody(), w.somebody()
	w.ends(fay, w.at(-1, "12:00"), actions.Success)
	w.wrong(fay, "198.51.100.7", w.at(2, "03:00"), 20, 15*time.Second)
	w.bodies = append(w.bodies, actions.ResetLink{ID: "r-fay", UserID: fay, SentAt: w.at(3, "09:50"), ExpiresAt: w.at(3, "10:50"), UsedAt: w.at(3, "09:59")})
	w.ends(fay, w.at(3, "10:00"), actions.Success)
	for i := range 12 {
		w.tries++
		w.bodies = append(w.bodies, actions.Attempt{
			ID: fmt.Sprintf("a-%04d", w.tries), At: w.at(2, "03:10"), Identifier: fmt.Sprint("guess-", i), Outcome: actions.UnknownUsername, IP: "198.51.100.8",
		})
	}
	w.from(gil, "10.8.3.9", w.at(0, "08:00"), actions.Success)
	w.wrong(gil, "10.8.3.9", w.at(2, "09:00"), 20, 15*time.Second)
	w.bodies = append(w.bodies, actions.Lock{ID: "l-gil", UserID: gil, Kind: actions.LockAttempts, At: w.at(2, "09:05"), Until: w.at(2, "09:35")})
	w.from(gil, "10.8.3.9", w.at(2, "09:45"), actions.Success)
}

// thursday returns the first of Acme's.
func (w *week) thursday() string {
	hal := ""
	for i := range 5 {
		who := w.somebody("acme")
		w.from(who, "203.0.113.9", w.at(3, "08:00"), actions.PaymentHold)
		if i == 0 {
			hal = who
		}
	}
	for range 6 {
		who := w.somebody("acme")
		w.from(who, "203.0.113.9", w.at(3, "08:10"), actions.WrongPassword)
		w.from(who, "203.0.113.9", w.at(3, "08:11"), actions.Success)
	}
	return hal
}

func (w *week) weekend() []actions.Operation {
	joe, mia, nat, kim, lou := w.somebody(), w.somebody(), w.somebody(), w.somebody(), w.somebody()
	w.ends(joe, w.at(5, "22:30"), actions.WrongPassword)
	w.ends(joe, w.at(6, "04:30"), actions.Success)
	w.ends(mia, w.sunday, actions.MFAFailed)
	w.ends(mia, w.sunday.Add(20*time.Minute), actions.Success)
	w.ends(nat, w.at(6, "12:00"), actions.CodeWrong)
	w.ends(nat, w.at(6, "12:01"), actions.CodeWrong)
	w.ends(nat, w.at(6, "12:30"), actions.Success)
	monday := w.at(7, "00:00")
	w.ends(kim, monday.Add(-time.Microsecond), actions.WrongPassword)
	w.ends(kim, monday.Add(time.Hour-time.Microsecond), actions.Success)
	w.ends(lou, monday, actions.WrongPassword)
	return []actions.Operation{helped("o-4", actions.ActChangeEmail, joe, w.at(6, "04:00"))}
}
