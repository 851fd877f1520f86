package actions

import (
	"context"
	"fmt"
	"net/netip"
	"time"
)

// Days are whole days in the team's time zone, one after the other.
type Days struct {
	First string // "2026-03-10"
	N     int    // at least 1
}

// Lockouts is what somebody asks for: lockouts that began in some days, of everybody
// or of one account.
type Lockouts struct {
	Days    Days
	Account string // its ID; "" for all
}

// Lockout is one time that a customer couldn't log in: from their first failure until
// they were in again. A slip isn't one: in again within 10 minutes, after no more
// failures than lock (Rules.LockAfter), and never told by the system that they may not
// log in at all.
type Lockout struct {
	UserID  string
	Began   time.Time // the first failure
	Last    time.Time // the last failure
	BackAt  time.Time // the success that ended it; zero: not in yet
	How     BackBy    // what let them in; "" while out
	Cause   Cause     // why: see causeOfLockout
	Tries   int       // failures; beyond AttemptLimit some of the oldest aren't counted
	Network netip.Prefix
}

// BackBy says what let a customer in again: the last of these that support did after
// the lockout began and before they were in.
type BackBy string

// What lets customers in again.
const (
	BackUnlocked BackBy = "unlock"   // support unlocked them
	BackReset    BackBy = "reset"    // support sent a reset, a login link or the user name
	BackHelped   BackBy = "helped"   // support did something else for them that writes
	BackByReset  BackBy = "by_reset" // they reset the password themselves
	BackReleased BackBy = "released" // a lock was released elsewhere
	BackRanOut   BackBy = "ran_out"  // a lock ran out
	BackAlone    BackBy = "alone"    // nothing on record
)

// LockoutReport is what became of the customers who were locked out in some days.
type LockoutReport struct {
	Asked       Lockouts
	AccountName string    // of the account asked for, masked like an account's name always is; "" for all
	From, Until time.Time // the days' bounds; Until isn't in them
	Now         time.Time // the moment of the report; today's ends there
	Zone        *time.Location
	Fresh       Freshness // how new the records are

	Customers int     // locked out, each once
	Usual     float64 // the mean of the same weekdays (or of as many days) over the four weeks before; -1: nothing is on record before
	Over      int     // how many such weeks are on record, at most four, and so are in Usual
	LastWeek  int     // the same days a week before, or the days before when it is more than 7; -1: nothing is on record
	Causes    []CauseCount
	Out       int // of the customers: aren't in yet
	Back      []BackCount
	Median    time.Duration // until back in, of those who are
	Worst     time.Duration
	Right     int // diagnoses that somebody judged
	Wrong     int
	Repeat    int // customers who were locked out twice or more within 7 days: of these, or of the 7 before Until if these are fewer
	Attacked  int // customers with a foreign burst of failures
	Accounts  []UnusualAccount
	Networks  []UnusualNetwork
	Strangers int        // names tried that nobody has
	Incidents []Incident // that lasted at some moment of these days, newest first
	Desk      DeskNumbers
	Audit     AuditHead
}

// CauseCount is how many customers were locked out for a cause: that of the last of
// their lockouts in these days, so that the counts add up.
type CauseCount struct {
	Cause     Cause
	Customers int
	Usual     float64 // as LockoutReport.Usual
}

// BackCount is how many customers got in again by one means.
type BackCount struct {
	How       BackBy
	Customers int
}

// UnusualAccount is an account of which more customers than usual were locked out: 5
// or more, and 5 times what is usual.
type UnusualAccount struct {
	ID, Name  string
	Customers int
	Usual     float64
}

// UnusualNetwork is a network (/24, /48) from which 10 or more customers, or names that
// nobody has, failed. It is an attack when at most one in ten of them got in from it, in
// these days or in the week before; else an office, perhaps, of people who forget.
type UnusualNetwork struct {
	Network   netip.Prefix
	Customers int
	Names     int // that nobody has
	In        int // how many got in from it
	Attack    bool
}

// DeskNumbers are what support has open.
type DeskNumbers struct {
	// Temporary admins that aren't gone: in use; to go and not seen gone; asked for; that
	// nobody answers for. Together they are all of them.
	AdminsAlive, AdminsUnconfirmed, AdminsAsked, AdminsStray int
	AdminsOverdue                                            int // of them: beyond their end
	Unopened                                                 int // secrets that ran out in these days and nobody opened
	DeadLetters                                              int
}

// AuditHead is the end of the audit, published so that a cut tail shows.
type AuditHead struct {
	Rows int64
	Head string // hexadecimal MAC of the last row; "" without one
}

// LockoutList names a list behind a number of a report.
type LockoutList string

// The lists.
const (
	ListCustomers LockoutList = "customers"
	ListOut       LockoutList = "out"    // who isn't in yet
	ListBack      LockoutList = "back"   // who is in again, the slowest first
	ListRepeat    LockoutList = "repeat" // locked out twice or more within 7 days
	ListAttacked  LockoutList = "attacked"
	ListWrong     LockoutList = "wrong" // whose diagnosis was judged wrong
	ListRight     LockoutList = "right" // whose was judged right
	ListAccounts  LockoutList = "accounts"
	ListNetworks  LockoutList = "networks"
	ListNames     LockoutList = "names" // tried, and nobody has them: the most tried first
	ListIncidents LockoutList = "incidents"
	ListUnopened  LockoutList = "unopened"
	// ListCause and a cause behind it: customers locked out for it.
	ListCause LockoutList = "cause:"
)

// LockoutPage is a part of a list.
type LockoutPage struct {
	Asked  Lockouts
	List   LockoutList
	Offset int
	Total  int           // of very many names, those tried the least aren't on the list
	Lines  []LockoutLine // at most LockoutPageSize
	Now    time.Time
	Zone   *time.Location
}

// LockoutPageSize is how many lines a page has.
const LockoutPageSize = 15

// TriedName is a name that was tried in some days and that nobody has.
type TriedName struct {
	Name     string       // masked
	Failures int          // at most AttemptLimit
	At       time.Time    // of the last
	Network  netip.Prefix // that the last came from
	Networks int          // that they came from
}

// LockoutLine is a line of a list: somebody, an account, a network, a name, an incident or
// a secret.
type LockoutLine struct {
	Person   *Person // masked; nil for the others
	Lockouts int     // in these days (ListRepeat: within 7 days, at most)
	Lockout  Lockout // the last of them
	Judged   *Watch  // of ListRight and ListWrong
	Account  *UnusualAccount
	Network  *UnusualNetwork
	Name     *TriedName
	Incident *Incident
	Secret   *SecretReport
}

// Lockouts answers /lockouts. spec is what was typed: "today" (also for nothing),
// "yesterday", "7d" or "30d", and an account behind it by ID, Gateway ID, name or
// @domain. It is a row of the audit (ActLockouts). Errors: Forbidden; Invalid for a
// spec that can't be read, with what can; NotFound, Conflict for an account that isn't
// there, or isn't one alone; Conflict for a request that was answered before; Unavailable.
func (a *Actions) Lockouts(ctx context.Context, call Call, spec string) (LockoutReport, error) {
	if !May(call.Actor.Roles, ActLockouts) {
		return LockoutReport{}, a.Refuse(ctx, call, ActLockouts)
	}
	days, named, err := readLockouts(spec, a.today())
	if err != nil {
		return LockoutReport{}, err
	}
	asked := Lockouts{Days: days}
	if named != "" {
		account, err := a.accountNamed(ctx, named)
		if err != nil {
			return LockoutReport{}, err
		}
		asked.Account = account.ID
	}
	r, err := a.lockoutReport(ctx, asked)
	if err != nil {
		return LockoutReport{}, err
	}
	if err := a.recordLockouts(ctx, call, asked, "the report"); err != nil {
		return LockoutReport{}, err
	}
	return r, nil
}

// DigestReport is the report of one day, "2026-03-10", for the daily digest. Errors:
// Invalid for no day, Unavailable.
func (a *Actions) DigestReport(ctx context.Context, day string) (LockoutReport, error) {
	return a.lockoutReport(ctx, Lockouts{Days: Days{First: day, N: 1}})
}

// LockoutsToday is the report of today up to now, without a row of the audit: it
// names nobody. For Home. Errors: Unavailable.
func (a *Actions) LockoutsToday(ctx context.Context) (LockoutReport, error) {
	return a.DigestReport(ctx, a.today().String())
}

// today is the day that it is in the team's zone.
func (a *Actions) today() date { return dateOf(a.Now().In(a.zone())) }

// accountNamed is the one account that somebody means. Errors: NotFound for none, Conflict
// for several, Unavailable.
func (a *Actions) accountNamed(ctx context.Context, named string) (Account, error) {
	found, err := a.Store.AccountsNamed(ctx, named)
	switch {
	case err != nil:
		return Account{}, err
	case len(found) == 0:
		return Account{}, Errorf(NotFound, "No account is called so. Please ask for today, yesterday, 7d or 30d, and for one account by its ID, Gateway ID, name or @domain behind it.")
	case len(found) > 1:
		return Account{}, Errorf(Conflict, "Several accounts fit. Please ask for one by its Gateway ID.")
	}
	return found[0], nil
}

// recordLockouts writes down what a lead looked at.
func (a *Actions) recordLockouts(ctx context.Context, call Call, asked Lockouts, what string) error {
	detail := fmt.Sprintf("%s of lockouts, %s from %s", what, count(asked.Days.N, "day", "days"), asked.Days.First)
	if asked.Account != "" {
		detail += ", of the account " + asked.Account
	}
	entry := AuditEntry{At: Instant(a.Now()), Act: ActLockouts, Outcome: ActDone, Detail: detail}
	err := a.Store.Tx(ctx, func(tx Tx) error { return a.record(ctx, tx, call, entry) })
	return a.stopped(ctx, call, ActLockouts, err)
}
