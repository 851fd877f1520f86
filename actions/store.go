package actions

import (
	"context"
	"time"
)

// Store is the unit of work. The package store implements it over one
// database transaction; state, audit row and outgoing message are written by
// the same Tx or not at all. Nothing calls Slack, mail or a target inside one.
type Store interface {
	OperationReads
	ApprovalReads
	VerificationReads
	MailReads
	LinkReads
	ChangeReads
	LetterReads
	SecretReads
	RequestReads
	HandoutReads
	RekeyReads
	ListReads
	AdminReads
	IncidentReads
	HomeReads
	LockoutReads
	ForgetReads
	RetentionReads
	// Tx runs fn in one transaction, committed when fn returns nil. It may run
	// fn again when the database asks for it (a deadlock, a serialisation
	// failure), so fn changes nothing but through tx.
	Tx(ctx context.Context, fn func(Tx) error) error
	// Import runs fn in one transaction that takes records in bulk. It never
	// runs fn twice.
	Import(ctx context.Context, fn func(ImportTx) error) error
	// Keyed reports whether a key is there to seal and to audit with.
	Keyed() bool
	// Ping returns nil when the database answers.
	Ping(ctx context.Context) error
	// AuditRows calls yield for each row of the audit from seq (exclusive) on, in
	// order, until it returns an error.
	AuditRows(ctx context.Context, after int64, yield func(AuditRow) error) error
	// AuditHead returns how many rows the audit has and the MAC of the last.
	AuditHead(ctx context.Context) (count int64, head []byte, err error)
	// Looks returns the actor's newest diagnoses from the audit, newest first, at
	// most limit.
	Looks(ctx context.Context, actor string, limit int) ([]AuditRow, error)
	// Watches returns the watches that haven't ended, oldest first.
	Watches(ctx context.Context) ([]Watch, error)
	// WatchesOf returns the actor's watches that haven't ended, newest first.
	WatchesOf(ctx context.Context, actor string) ([]Watch, error)
	// Watch returns a watch, and a NotFound error when there is none of that ID.
	Watch(ctx context.Context, id string) (Watch, error)
	// Token returns the token with that hash, revoked ones too, and the hash as it
	// is kept; without one the zero Token and no hash.
	Token(ctx context.Context, hash []byte) (token Token, kept []byte, err error)
	// Tokens returns every token: those that aren't revoked by name, then the
	// others, the one revoked last first.
	Tokens(ctx context.Context) ([]Token, error)
}

// Tx is what the use cases need inside a transaction.
type Tx interface {
	OutboxTx
	OperationTx
	ApprovalTx
	VerificationTx
	LinkTx
	MailTx
	BrakeTx
	LetterTx
	SecretTx
	RequestTx
	RekeyTx
	RunTx
	WatchTx
	ParkTx
	TokenTx
	ListTx
	AdminTx
	IncidentTx
	HomeTx
	ForgetTx
	RetentionTx
	// Claim remembers the key of a request for at least an hour; fresh is false
	// when it was claimed before. An empty key is always fresh.
	Claim(ctx context.Context, key string, at time.Time) (fresh bool, err error)
	// Audit appends a row to the audit chain. Without a key it fails.
	Audit(ctx context.Context, entry AuditEntry) error
	// CountRefusal adds one to an actor's running hour of refusals, which it
	// starts at Since = at when there is none, and returns it.
	CountRefusal(ctx context.Context, actor string, at time.Time) (RefusalHour, error)
	// RestartRefusals starts the actor's hour anew: Since = at, Count = 1.
	RestartRefusals(ctx context.Context, actor string, at time.Time) error
	// TakeRefusals removes and returns the hours that started at or before since.
	TakeRefusals(ctx context.Context, since time.Time) ([]RefusalHour, error)
	// RememberTicket keeps the ticket that an agent works on.
	RememberTicket(ctx context.Context, actor, ticket string, at time.Time) error
	// Ticket returns the actor's ticket remembered later than since, or "".
	Ticket(ctx context.Context, actor string, since time.Time) (string, error)
	// Forget removes what is older than its moment in keep.
	Forget(ctx context.Context, keep Keep) error
}

// Keep are the moments that things are kept from: what is older goes, and with
// the zero time nothing does. Dead letters, and watches and operations that
// haven't ended, always stay.
type Keep struct {
	Requests time.Time // claims, tickets, parked requests, delivered messages
	Runs     time.Time // of jobs, by their period
	Watches  time.Time // that nobody judged, by when they ended
	Judged   time.Time // watches that somebody judged, by when they ended
	Secrets  time.Time // secrets and requests for them, by when they expire
	Done     time.Time // operations that ended, their approvals and mails; verifications; released brakes
	Links    time.Time // one-time links and their codes, by when they expire
	Changes  time.Time // changes that the product has acknowledged
	Cases    time.Time // that are resolved, with their events and followers, by when they were
	Admins   time.Time // temporary admins that are gone, or never were, by when they ended
}

// ImportTx is what the import needs inside its transaction.
type ImportTx interface {
	Tx
	// Put stores records, later ones winning over earlier ones of the same
	// identity, and counts what they did. A record identical to the one last
	// imported changes nothing. References must exist (see Missing).
	Put(ctx context.Context, records []Record) (Tally, error)
	// ContactsChanged returns whose e-mail or mobile the records that systems sent
	// have replaced since it was last called.
	ContactsChanged(ctx context.Context) ([]ContactChange, error)
	// Missing returns which of the users and accounts don't exist.
	Missing(ctx context.Context, users, accounts []string) (Missing, error)
	// Positions counts, for each fingerprint in order, how many equal ones this
	// import had up to and including it: 1 for the first.
	Positions(ctx context.Context, fingerprints []string) ([]int, error)
}

// Missing are references that lead nowhere.
type Missing struct{ Users, Accounts map[string]bool }
