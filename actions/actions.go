// Package actions is the domain of Latchkey: what a support team can see and
// do for a customer who can't log in. It holds no SQL, no Slack and no HTTP;
// it imports nothing of ours, and everything else imports it.
//
// A map of the package:
//
//   - account.go, user.go, lock.go, attempt.go, mail.go, network.go: the records
//     of the directory, as they are imported and as they are stored;
//   - identifier.go, mask.go: how people are named, and how much of a name an
//     agent is shown;
//   - record.go, import.go, spool.go: the records of an import, and the use case
//     that takes them in (their wire form is read by the package actions/records);
//   - token.go, ingest.go: what systems prove themselves with, and the records
//     that they send;
//   - directory.go: what Latchkey asks of a system that knows users, and the
//     [Snapshot] it answers with;
//   - situation.go, burst.go, window.go: the snapshot prepared for judging;
//   - cause.go and the cause_*.go files: one small pure function for each
//     cause, in one table; evidence.go: what each shows; remedy.go: what helps;
//   - facts.go, article.go, diagnose.go: what stands beside the findings, and the use case;
//   - again.go, history.go: a diagnosis for another purpose, and the attempts of
//     two weeks;
//   - watch.go, watch_check.go, watch_report.go: being told when a customer gets
//     in; last.go: an agent's own look-ups; parked.go: what is done elsewhere;
//   - outbox.go: what is sent later; run.go: who runs a job when; tidy.go: what
//     is kept for how long;
//   - retention.go, retain.go: what grows is kept so long, the audit up to a signed
//     checkpoint; forget.go, known.go: a person is erased, by what they are known;
//   - policy.go, refusal.go: who may do what, and how a refusal is recorded;
//     withdraw.go: what waits is taken back; password.go: no password in what
//     stays on record; asked_before.go: what a second person hears of another's no;
//     double_click.go: the second of a double click is no second order;
//   - verify.go: a caller is proven once, by a code; proof.go: how codes, links
//     and tokens are recognised without being kept;
//   - mail_new.go, mail_send.go, draft.go: messages to customers, and what they
//     look like before; contact.go: the old and the new contact are told;
//   - one_time_link_make.go, use_link.go, link_refusal.go: links that are good
//     once; changes.go: what the product learns of our writes;
//   - secret.go, envelope.go, sealed.go: one-time secrets, their cryptography, and
//     what lies sealed; secret_make.go, secret_open.go, secret_end.go: how one is
//     made, opened once, and ended; secret_for.go, secret_lifetime.go,
//     secret_passphrase.go: whom it is for, how long it lives, what protects it;
//     secret_report.go, secret_list.go: what its sender sees; mail_carry.go: links
//     that are mailed; secret_steps.go: where a process may end meanwhile;
//   - secret_request.go, envelope_request.go, request_make.go, request_receive.go,
//     request_view.go, request_end.go, request_report.go: secrets that a customer is
//     asked for; handout.go: a password set by hand, until it is one; rekey.go:
//     everything sealed anew with another server key;
//   - suppression.go: lists that hold mail back; procedure_delist.go: an address is
//     taken off them; read_lists.go: what other systems list, for the diagnosis (the
//     package actions/ses has Amazon's);
//   - temp_admin.go, target.go: temporary admins and the sites that we manage;
//     temp_admin_make.go, procedure_temp_admin.go, procedure_temp_admin_end.go: one is
//     made, extended, adopted, and its record follows; temp_admin_secret.go: its
//     password is handed out; temp_admin_report.go, temp_admin_operation.go: what
//     people see; target_add.go, target_site.go, target_directory.go: targets are
//     added, opened behind a gate, and those that are accounts of the directory;
//   - temp_admin_end.go, temp_admin_ticket.go: a temporary admin ends, by a person or
//     with its ticket; temp_admin_due.go: what time does to it; temp_admin_sweep.go,
//     temp_admin_delete.go: what is due is done, and one is deleted until it is gone;
//     temp_admin_reconcile.go: what targets have, and what is on record;
//     temp_admin_told.go: who is told, and the steps by hand;
//   - temp_admin_ask.go, temp_admin_removed.go: one on the customer's own site, from
//     the question to the click that says that it is deleted;
//   - incident.go, incident_watch.go, incident_shares.go: many customers who fail the
//     same way, seen by a job; incident_report.go, incident_crowd.go: who they are;
//     procedure_bulk.go, procedure_bulk_each.go: all of them are unlocked, each by an
//     operation of their own;
//   - lockouts.go, lockouts_days.go: who was locked out in some days; lockouts_reads.go,
//     lockouts_survey.go, lockouts_run.go: what was tried, read and cut into lockouts;
//     lockouts_report.go, lockouts_list.go: the numbers and the lists behind them; digest.go:
//     the leads are told each day; home.go, home_list.go: what somebody's Home shows, and when it is redrawn;
//   - forget.go, known.go: a person's right to erasure, and by what they are recognised;
//     retention.go, retain.go: what is kept for how long, and where the audit is cut;
//     backup.go: a copy is on record; tallies.go: what is counted for metrics;
//   - audit.go, chain.go, key.go: the record of every act, its chain, the keys;
//   - store.go: the unit of work; error.go: the one error type.
//
// Decisions are pure functions over a snapshot; reading and writing stand at
// the edges, behind the interfaces [Directory] and [Store].
package actions

import (
	"context"
	"log/slog"
	"time"
)

// Actions carries what the use cases need. All fields but Log and Zone are
// required; the zero Rules switch both lock indications off.
type Actions struct {
	Directory Directory
	Store     Store
	Rules     Rules
	// Now is the clock. Times are UTC, cut to microseconds.
	Now func() time.Time
	Log *slog.Logger
	// Zone is the team's time zone, in which whole days are counted; nil is UTC.
	Zone *time.Location

	// Staff knows who may approve; nil: nobody can be asked.
	Staff Staff
	// Keys seal and prove; the zero Keyring holds none.
	Keys Keyring
	// Mailer and Texter carry messages to customers; nil: none are sent, and nothing
	// that needs them is offered.
	Mailer Mailer
	Texter Texter
	// Writer makes them of templates.
	Writer Writer
	// Brand is the name that customers know the company by; Closing closes its
	// mails; LoginURL is its login page; PublicURL is where the pages of links are.
	Brand, Closing, LoginURL, PublicURL string
	// Colleagues is the domain of the company's own mail, the only one that a copy
	// of a mail goes to; "": no copy goes anywhere.
	Colleagues string
	// Searches are where closed accounts are looked up, by what they are called;
	// "{query}" in them stands for what is searched.
	Searches []Search
	// Lists are the systems that hold mail back from addresses, the directory's own
	// first; none: nothing is known of them.
	Lists []Suppressions
	// Ended, when set, is told of each operation of a case that ended, in the
	// transaction that ends it.
	Ended func(ctx context.Context, tx Tx, op Operation) error
	// Sites opens a target, by its kind, with what it is proven with ("" for none);
	// targets of a kind without an entry can't be reached, but those of the directory
	// (see DirectorySite). Errors: Invalid for a target
	// that can't be one, such as an address without https.
	Sites map[TargetKind]func(t Target, password string) (Site, error)
	// LeadsChannel is where the leads are told of temporary admins; "": each lead is, in
	// their DM.
	LeadsChannel string
	// DigestAt is when the digest is told, after midnight in Zone.
	DigestAt time.Duration
	// Retention is how long things are kept; its zero value keeps the defaults.
	Retention Retention
	// Reached, when set, is called at each named step of an operation (see Steps)
	// and of what goes sealed (see SecretSteps), before and after what it does.
	Reached func(step string)

	gates gates // of the targets' calls

	deletions gates // of what is deleted on the targets
}

// Rules are what a company sets for its own diagnoses.
type Rules struct {
	// LockAfter is how many wrong passwords don't lock yet: more than this
	// many indicate a lock (RULES S4.6). 0 switches the indication off.
	LockAfter int
	// IdleMonths is how many months without a login don't lock yet: more
	// indicate a lock (RULES S4.6). 0 switches the indication off.
	IdleMonths int
	// Articles are shown beside the causes that they help with.
	Articles Articles
}

// Instant cuts a time to what is stored and compared: UTC, microseconds.
func Instant(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Microsecond)
}

// Search is a place of the company where something is looked up.
type Search struct {
	Name string // such as "Tickets" or "CRM"
	URL  string // with "{query}" in it
}
