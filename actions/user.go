package actions

import "time"

// UserStatus is the state of a user.
type UserStatus string

// The states of a user (IMPORT.md's "user").
const (
	UserActive   UserStatus = "active"
	UserInvited  UserStatus = "invited"
	UserDisabled UserStatus = "disabled"
	UserExpired  UserStatus = "expired"
)

// Channel is a way by which codes and notices reach a user.
type Channel string

// The channels.
const (
	ChannelEmail Channel = "email"
	ChannelSMS   Channel = "sms"
)

// User is a person who logs in. An empty string or a zero time means unknown.
type User struct {
	ID               string
	Username         string
	Status           UserStatus
	Email            string
	EmailVerified    bool
	Mobile           string
	MobileVerified   bool
	FirstName        string
	LastName         string
	DisabledReason   string
	ExpiresAt        time.Time
	HasPassword      bool // true unless the record says otherwise
	LoginMethods     []string
	MustReset        bool
	OptedOut         []Channel
	LastLoginAt      time.Time
	CreatedAt        time.Time
	Protected        bool // nothing is done to them without a second person (RULES S0.5)
	Locale           string
	ContactChangedAt time.Time
}

// Name is what to call the user: first and last name, as far as known.
func (u User) Name() string {
	switch {
	case u.FirstName == "":
		return u.LastName
	case u.LastName == "":
		return u.FirstName
	}
	return u.FirstName + " " + u.LastName
}

// Keys returns the keys (see [Key]) of what the user may type to log in:
// user name, e-mail and mobile, without empty ones and repetitions. Attempts
// without a user ID are looked up by them.
func (u User) Keys() []string {
	var keys []string
	for _, key := range []string{Key(u.Username), Key(u.Email), MobileKey(u.Mobile)} {
		if key == "" || (len(keys) > 0 && keys[0] == key) || (len(keys) > 1 && keys[1] == key) {
			continue
		}
		keys = append(keys, key)
	}
	return keys
}

// Answers reports whether an identifier, as it was typed, is one of the
// user's: user name or e-mail without regard to case, a phone number by its
// digits. It is exact where [Key] is only a way to look up.
func (u User) Answers(identifier string) bool {
	if identifier == "" {
		return false
	}
	folded := Fold(identifier)
	if folded == Fold(u.Username) || (u.Email != "" && folded == Fold(u.Email)) {
		return true
	}
	digits := PhoneDigits(identifier)
	return digits != "" && digits == Digits(u.Mobile)
}

// SameContact reports whether two states of a user have the same e-mail and
// mobile, without regard to case and to how a number is written.
func (u User) SameContact(other User) bool {
	return Fold(u.Email) == Fold(other.Email) && sameNumber(u.Mobile, other.Mobile)
}

func sameNumber(a, b string) bool {
	return a == b || (Digits(a) != "" && Digits(a) == Digits(b))
}
