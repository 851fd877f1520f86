package actions

import (
	"context"
	"strings"
	"time"
)

// AdminPrefix begins the login of every temporary admin that Latchkey makes, so
// that whoever reads a site's list of users sees what it is.
const AdminPrefix = "support-temp-"

// IsAdminLogin reports whether a login begins as those of temporary admins do. Capitals
// make no other login on most systems, so that they hide nobody.
func IsAdminLogin(login string) bool {
	return len(login) > len(AdminPrefix) && strings.EqualFold(login[:len(AdminPrefix)], AdminPrefix)
}

// AdminSite says on whose site a temporary admin is.
type AdminSite string

// The sites.
const (
	// SiteManaged is a target that we manage: Latchkey makes the user and deletes it.
	SiteManaged AdminSite = "managed"
	// SiteCustomer is the customer's own: they do both, guided and reminded (RULES S3.2).
	SiteCustomer AdminSite = "customer"
)

// AdminState says how far a temporary admin came.
type AdminState string

// The states of a temporary admin; gone and refused are final.
const (
	// AdminAsked: of a managed site, a second person is asked, or it is being made; of
	// the customer's own, they were asked to make one.
	AdminAsked AdminState = "asked"
	// AdminReceived: the customer sent the credentials, and nobody opened them yet.
	AdminReceived AdminState = "received"
	AdminInUse    AdminState = "in_use"
	// AdminEnding: it is to go. Latchkey deletes it, as often as that takes, or the
	// customer is reminded until they say that they did.
	AdminEnding AdminState = "ending"
	// AdminGone: the target was asked and hasn't it, or the customer said so; or the
	// target was removed (AdminTargetRemoved), and nobody can ask any more.
	AdminGone AdminState = "gone"
	// AdminRefused: there never was one.
	AdminRefused AdminState = "refused"
	// AdminStray: a target has it and nobody answers for it: Latchkey doesn't know it,
	// or thought it gone. It waits for somebody to adopt or to delete it.
	AdminStray AdminState = "stray"
)

// Final reports whether nothing more becomes of it by itself.
func (s AdminState) Final() bool { return s == AdminGone || s == AdminRefused }

// AdminEnd says why a temporary admin ends.
type AdminEnd string

// The reasons.
const (
	AdminExpired  AdminEnd = "expired"         // its lifetime was over
	AdminRevoked  AdminEnd = "revoked"         // somebody did
	AdminSolved   AdminEnd = "ticket_solved"   // RULES S3.5
	AdminResolved AdminEnd = "case_resolved"   // of its ticket (RULES S3.5)
	AdminFailed   AdminEnd = "not_made"        // making it failed: what there may be of it goes
	AdminUnsent   AdminEnd = "never_sent"      // the customer sent no credentials, or the request was withdrawn
	AdminDeclined AdminEnd = "not_approved"    // nobody approved it, or it was withdrawn
	AdminByHand   AdminEnd = "deleted_by_hand" // of a stray: it was gone when it was looked for again
	// AdminTargetRemoved: its target was removed before that showed that it was gone.
	AdminTargetRemoved AdminEnd = "target_removed"
)

// TempAdmin is an administrator that is made for support to look into a site, and
// deleted again (RULES S3). It is stored before anything is touched, and nothing
// of it is a password: that lies sealed (SealAdmin), or in a one-time secret.
type TempAdmin struct {
	ID    string
	Site  AdminSite
	State AdminState
	// Of a managed site: the target's ID, the user's login there, and its ID there
	// once that is known.
	Target   string
	Login    string
	RemoteID string
	// Of the customer's own: whose it is (user ID), who they are, masked, the address of
	// the site as the agent gave it ("" for none), and the secret request by which
	// the credentials come. Where is also the name and the address of a target that was
	// removed.
	UserID  string
	For     string
	Where   string
	Request string

	Actor    string // who asked for it, and answers for it
	Receiver string // Slack user who gets in; of the customer's own: the actor
	Approver string
	Reason   string
	Ticket   string
	// Operation is what made, or adopted, it; "" for the customer's own and for strays.
	Operation string

	At        time.Time // when it was asked for, or found
	BegunAt   time.Time // since when it is in use (customer's: received); zero before
	ExpiresAt time.Time // when it ends by itself; zero before it began
	Days      int       // how long it lives: days of 24 h, 1 to 7
	EndingAt  time.Time // since when it is to go; zero before
	EndedAt   time.Time // when it was found gone; zero before
	End       AdminEnd  // why; "" before
	EndedBy   string    // who ended it: a Slack user, "latchkey" for time, the name of a token

	// Due is when something is to be done next, zero for nothing; Tries counts the
	// deletions tried, or the times that the customer was asked to delete it.
	Due   time.Time
	Tries int
	// Trouble says why the last deletion failed, in a sentence that also says what to do,
	// and TroubleSince since when none succeeds; "" and zero while all is well.
	Trouble      string
	TroubleSince time.Time
	// Told is what was told already, so that each is said once.
	Told AdminTold
	// UnsureUntil is until when a user that isn't there may still appear: what made it
	// didn't answer in time. It isn't gone before.
	UnsureUntil time.Time
	// Lease proves who is about it now; LeasedUntil is when others may go on.
	Lease       string
	LeasedUntil time.Time
}

// AdminTold is a set of what was told of a temporary admin.
type AdminTold uint8

// What is told, once each.
const (
	ToldDay     AdminTold = 1 << iota // 24 h before the end
	ToldHour                          // 1 h before the end
	ToldTrouble                       // its owner: it can't be deleted for an hour
	ToldLeads                         // the leads: for four hours
	ToldFound                         // the leads: it was found, and nobody answers for it
)

// leads reports whether the leads were told of it, so that they have a card.
func (t AdminTold) leads() bool { return t&(ToldLeads|ToldFound) != 0 }

// Has reports whether that was told.
func (t AdminTold) Has(told AdminTold) bool { return t&told != 0 }

// The bounds of a lifetime (RULES S3.4).
const (
	AdminDaysMost    = 7
	adminDay         = 24 * time.Hour
	adminDaysUsual   = 1
	adminDaysWeekend = 3 // the least and the usual of one created on a weekend
)

// AdminDays are the lifetimes, in days of 24 h, that one created at a moment may
// have, and the usual one: 1 to 7, and 3 to 7 when it is created on a Friday after
// 17:00 or on a weekend, in the zone; nil is UTC (RULES S3.4).
func AdminDays(at time.Time, zone *time.Location) (least, usual int) {
	if DefaultLifetime(at, zone) == weekendLifetime {
		return adminDaysWeekend, adminDaysWeekend
	}
	return adminDaysUsual, adminDaysUsual
}

// NewAdmin is a temporary admin that somebody wants on a managed target.
type NewAdmin struct {
	Target   string // its ID or its name
	Receiver string // Slack user ID of who gets in; "" for the actor
	Reason   string
	Days     int // 0: the usual
}

// NewAdminAsk is a temporary admin that a customer is asked to make on their site.
type NewAdminAsk struct {
	For   string // the customer's identifier
	Where string // address of the site, "" for none
	Why   string // the customer reads it
	From  string // the name that the mail and the page show
	Days  int    // 0: the usual
}

// AdminForm is what the forms about temporary admins offer.
type AdminForm struct {
	Targets     []Target // managed ones, by name
	Least, Most int      // days
	Usual       int
	Weekend     bool  // the weekend rule holds now (RULES S3.4)
	CanMail     bool  // a customer can be asked
	CanSeal     error // why no secret can be made, nil when it can
	// Ticket is the one remembered for who asks, "" for none: what the form shows, since
	// what is made ends with its ticket.
	Ticket string
	// Now and Zone are the moment and the team's time zone, nil for UTC, in which the
	// forms say the day that a lifetime ends on; a zero Now has them say none.
	Now  time.Time
	Zone *time.Location
}

// AdminReport is a temporary admin as people see it.
type AdminReport struct {
	Admin  TempAdmin // without its lease
	Target Target    // of a managed site
	// Handout says what became of its password; "" for one that has none here.
	Handout Handout
	// Mails are the messages to the customer, masked, newest first.
	Mails []MailReport
	// ByHand are the exact steps to delete it by hand, in order.
	ByHand []string
	// Waits is the operation that waits for a second person, nil for none.
	Waits *OperationReport
	Now   time.Time
	Zone  *time.Location
}

// AdminFilter picks temporary admins; the zero value picks all.
type AdminFilter struct {
	Open   bool   // only those that aren't final
	Ends   bool   // only those that a solved ticket ends: open ones but strays, and those that end already
	Ticket string // in whatever case; "" for any, as with the others
	Target string
	Actor  string // who asked for it, or gets in
	State  AdminState
}

// AdminTx is how temporary admins are kept.
type AdminTx interface {
	// StartAdmin stores a new one. NotFound when its target isn't there, which is locked
	// as by AdminsLeased; Conflict when the target has another of that login on record.
	StartAdmin(ctx context.Context, t TempAdmin) error
	// Admin returns one, locked until the transaction ends; found is false without one.
	Admin(ctx context.Context, id string) (t TempAdmin, found bool, err error)
	// PutAdmin stores all that may change: everything but ID, Site, Target, Login, At.
	PutAdmin(ctx context.Context, t TempAdmin) error
	// AdminOfRequest returns the one whose credentials come by a secret request, locked
	// as by Admin.
	AdminOfRequest(ctx context.Context, request string) (t TempAdmin, found bool, err error)
	// AdminsLeased locks a target until the transaction ends, if it is there, so that
	// nobody else counts, begins or removes anything there, and counts its temporary
	// admins whose lease isn't over at now. It comes before any of them is locked.
	AdminsLeased(ctx context.Context, target string, now time.Time) (int, error)
	// AdminsLeft locks a target as AdminsLeased does, and returns its temporary admins
	// that aren't final, by ID, each locked as by Admin.
	AdminsLeft(ctx context.Context, target string) ([]TempAdmin, error)
	// StartTarget stores a target; Conflict when one of that name is there.
	StartTarget(ctx context.Context, t Target) error
	// PutTarget stores the user and the heir of a target; NotFound when it isn't there.
	PutTarget(ctx context.Context, t Target) error
	// EndTarget removes a target; ended is false when it isn't there.
	EndTarget(ctx context.Context, id string) (ended bool, err error)
}

// AdminReads is how temporary admins are read outside a transaction.
type AdminReads interface {
	AdminByID(ctx context.Context, id string) (t TempAdmin, found bool, err error)
	// AdminAt returns the one that a target has, or had, under a login.
	AdminAt(ctx context.Context, target, login string) (t TempAdmin, found bool, err error)
	// AdminList returns those that the filter picks, newest first, at most limit.
	AdminList(ctx context.Context, f AdminFilter, limit int) ([]TempAdmin, error)
	// AdminCount counts them.
	AdminCount(ctx context.Context, f AdminFilter) (int, error)
	// AdminsDue returns those whose Due is at or before now and whose lease is free,
	// what is due first coming first, at most limit.
	AdminsDue(ctx context.Context, now time.Time, limit int) ([]TempAdmin, error)
	// TargetByID and TargetByName return a target; found is false without one. Names
	// are compared without regard to case.
	TargetByID(ctx context.Context, id string) (t Target, found bool, err error)
	TargetByName(ctx context.Context, name string) (t Target, found bool, err error)
	// Targets returns all, by name.
	Targets(ctx context.Context) ([]Target, error)
}
