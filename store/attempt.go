package store

import (
	"encoding/binary"

	"github.com/latchkey-bot/latchkey/actions"
)

var attempts = kindOf("attempt",
	compared("attempts", "at id",
		"identifier identifier_key outcome user_id ip country asn device_id user_agent vpn resource", "seq"),
	attemptIdentity,
	func(to []any, a actions.Attempt) []any {
		return append(to,
			actions.Instant(a.At), a.ID, a.Identifier, actions.Key(a.Identifier), string(a.Outcome), optional(a.UserID), a.IP,
			a.Country, a.ASN, optional(a.DeviceID), a.UserAgent, a.VPN, a.Resource,
		)
	})

// attemptIdentity sorts as the primary key does: by time, then by ID.
func attemptIdentity(a actions.Attempt) string {
	var moment [8]byte
	binary.BigEndian.PutUint64(moment[:], uint64(a.At.UnixMicro())^1<<63) // the bits, with negative ones first
	return string(moment[:]) + a.ID
}

// attemptRow is an attempt in its table.
type attemptRow struct {
	At         stamp    `db:"at"`
	ID         string   `db:"id"`
	Identifier string   `db:"identifier"`
	Outcome    string   `db:"outcome"`
	UserID     optional `db:"user_id"`
	IP         string   `db:"ip"`
	Country    string   `db:"country"`
	ASN        string   `db:"asn"`
	DeviceID   optional `db:"device_id"`
	UserAgent  string   `db:"user_agent"`
	VPN        bool     `db:"vpn"`
	Resource   string   `db:"resource"`
	Seq        int64    `db:"seq"`
}

const attemptColumns = `at, id, identifier, outcome, user_id, ip, country, asn, device_id, user_agent, vpn, resource, seq`

func (r attemptRow) attempt() actions.Attempt {
	return actions.Attempt{
		ID: r.ID, At: r.At.Time, Identifier: r.Identifier, Outcome: actions.Outcome(r.Outcome), UserID: string(r.UserID),
		IP: r.IP, Country: r.Country, ASN: r.ASN, DeviceID: string(r.DeviceID), UserAgent: r.UserAgent, VPN: r.VPN,
		Resource: r.Resource, Seq: r.Seq,
	}
}

// customer is who an attempt was made by, as far as is known: a user, or what
// was typed. It is what attempts_customer and hourly_outcomes call them.
func customer(a actions.Attempt) string {
	if a.UserID != "" {
		return customerUser(a.UserID)
	}
	return customerKey(actions.Key(a.Identifier))
}

func customerUser(id string) string { return "u:" + id }

func customerKey(key string) string { return "i:" + key }

// customersOf are all that a user's attempts are filed under.
func customersOf(user actions.User) []string {
	customers := []string{customerUser(user.ID)}
	for _, key := range user.Keys() {
		customers = append(customers, customerKey(key))
	}
	return customers
}

// filedQuery is customersOf of all rows of members, a query with a column to
// carry along and the users' id and keys.
const filedQuery = `SELECT %[1]s, id AS member, 'u:' || id AS who FROM members
		UNION SELECT %[1]s, id, 'i:' || username_key FROM members
		UNION SELECT %[1]s, id, 'i:' || email_key FROM members WHERE email_key IS NOT NULL
		UNION SELECT %[1]s, id, 'i:' || mobile_key FROM members WHERE mobile_key IS NOT NULL`

// belongs reports whether an attempt is the user's, exactly: it has their ID,
// or none and they answer to what was typed.
func belongs(user actions.User, a actions.Attempt) bool {
	return a.UserID == user.ID || (a.UserID == "" && user.Answers(a.Identifier))
}

// The expressions that the indexes on attempts begin with; a query must repeat
// them word by word.
const (
	customerColumn = `coalesce('u:' || user_id, 'i:' || identifier_key)`
	insideColumn   = `(CASE outcome WHEN 'success' THEN 1 ELSE 0 END)`
	newestFirst    = `at DESC, seq DESC`
	// byIndex is the order of a branch over one of those indexes. With seq in
	// it, PostgreSQL may choose to read and sort all of a customer's attempts
	// before it takes the first: slow for one who is under attack. Whoever joins
	// the branches puts equal moments right.
	byIndex = `at DESC`
)

// attemptsOf turns rows into attempts, without those that keep leaves out.
func attemptsOf(rows []attemptRow, keep func(actions.Attempt) bool) []actions.Attempt {
	attempts := make([]actions.Attempt, 0, len(rows))
	for _, row := range rows {
		if a := row.attempt(); keep(a) {
			attempts = append(attempts, a)
		}
	}
	return attempts
}
