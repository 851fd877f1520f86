package actions

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Record is one record of an import: what it is, and where it came from.
type Record struct {
	// Body is one of Account, User, Membership, Lock, Attempt, LoginCode, Delivery,
	// ResetLink, Suppression, StaffNetwork, by value.
	Body any
	// Digest names the content of the record (see [Digest]), so that the store can
	// tell an identical one from a changed one.
	Digest []byte
	File   string // "-" for standard input
	Line   int    // from 1
	Source int    // which of the sources of the import, from 0
	// SentAt is when a system sent the record with a token; zero for one that an
	// import brings. What is sent may change less (see [Record.Over]).
	SentAt time.Time
	// TakenAt is when it was taken in.
	TakenAt time.Time
}

// Digest names the content of a record: 16 bytes, none for attempts, since
// there are so many and nothing but an import writes them: they are compared
// column by column.
func Digest(body any) []byte {
	if _, ok := body.(Attempt); ok {
		return nil
	}
	content, err := json.Marshal(body)
	if err != nil {
		panic(fmt.Sprintf("actions: %T can't be marshalled: %v", body, err)) // structs of strings, times and booleans
	}
	sum := sha256.Sum256(content)
	return sum[:16]
}

// Over returns the record as it is stored over the user who is there. What an
// import brings replaces everything, but for one thing: when it doesn't know when
// a contact changed, the time on file stays for the same contact, so that the
// nightly import of a change made here doesn't end its hold, and another contact
// changed when the record was taken in. What is sent with a token never takes a
// protection away (RULES S0.5) and never brings forward when a contact changed
// last; and when e-mail or mobile differ, the contact changed at that moment,
// unless the record names a later one. So nobody is verified by a contact that
// has just been put there, whoever put it.
func (r Record) Over(stored User) Record {
	user, ok := r.Body.(User)
	if !ok {
		return r
	}
	if r.SentAt.IsZero() {
		if user.ContactChangedAt.IsZero() {
			user.ContactChangedAt = stored.ContactChangedAt
			if !user.SameContact(stored) {
				user.ContactChangedAt = Instant(r.TakenAt)
			}
			r.Body = user
		}
		return r
	}
	if stored.Protected && !user.Protected {
		user.Protected = true
		r.Digest = Digest(user) // the same as an import's of the protected user
	}
	user.ContactChangedAt = latest(user.ContactChangedAt, stored.ContactChangedAt)
	if !user.SameContact(stored) {
		user.ContactChangedAt = latest(user.ContactChangedAt, Instant(r.SentAt))
	}
	r.Body = user
	return r
}

// latest returns the later of two times.
func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// Kind returns the wire name of the record's type: "account", "user", ….
func (r Record) Kind() string {
	switch r.Body.(type) {
	case Account:
		return "account"
	case User:
		return "user"
	case Membership:
		return "membership"
	case Lock:
		return "lock"
	case Attempt:
		return "attempt"
	case LoginCode:
		return "code"
	case Delivery:
		return "delivery"
	case ResetLink:
		return "reset_link"
	case Suppression:
		return "suppression"
	case StaffNetwork:
		return "staff_network"
	}
	return ""
}

// References returns the user and the account that the record points to, ""
// where it points to none.
func (r Record) References() (user, account string) {
	switch body := r.Body.(type) {
	case Membership:
		return body.UserID, body.AccountID
	case Lock:
		return body.UserID, ""
	case Attempt:
		return body.UserID, ""
	case LoginCode:
		return body.UserID, ""
	case Delivery:
		return body.UserID, ""
	case ResetLink:
		return body.UserID, ""
	}
	return "", ""
}

// Fingerprint names the content of an attempt that came without an ID.
func (a Attempt) Fingerprint() string {
	h := sha256.New()
	for _, field := range []string{
		strconv.FormatInt(a.At.UnixMicro(), 10), a.Identifier, string(a.Outcome), a.UserID, a.IP, a.Country, a.ASN,
		a.DeviceID, a.UserAgent, strconv.FormatBool(a.VPN), a.Resource,
	} {
		h.Write([]byte(strconv.Itoa(len(field)) + ":" + field))
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// MadeID returns the ID of an attempt that came without one: made of its
// content and its position among equal ones of the same instant, so that
// sending it again doesn't count it twice (IMPORT.md).
func MadeID(fingerprint string, position int) string {
	return strings.Join([]string{"made", fingerprint, strconv.Itoa(position)}, "-")
}

// BadLine is a line that isn't a record. It is an error for the person who
// made the file: it names file, line and field, and shows at most the beginning
// of one value.
type BadLine struct {
	File    string // "-" for standard input
	Line    int    // from 1
	Field   string // "" when the whole line is bad
	Problem string // what is wrong, in words that follow the field; nothing of the line
	Value   string // what stood there, shortened; "" where that doesn't help
}

// Error says where and what.
func (b *BadLine) Error() string {
	file, problem := b.File, b.Problem
	if file == "-" {
		file = "standard input"
	}
	if b.Value != "" {
		problem = fmt.Sprintf("%q %s", b.Value, problem)
	}
	if b.Field == "" {
		return fmt.Sprintf("%s, line %d: %s", file, b.Line, problem)
	}
	return fmt.Sprintf("%s, line %d, field %q: %s", file, b.Line, b.Field, problem)
}

// fieldName is what a field may be called.
var fieldName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_.-]{0,39}$`)

// Blind returns the field, and what is wrong in a sentence, with nothing of the
// line's content, for whoever may not be the one who wrote it. A field that no
// record has is named only when that is a name.
func (b *BadLine) Blind() (field, sentence string) {
	where := fmt.Sprintf("Line %d", b.Line)
	if fieldName.MatchString(b.Field) {
		field = b.Field
		where += fmt.Sprintf(", field %q", field)
	}
	return field, fmt.Sprintf("%s: %s.", where, b.Problem)
}
