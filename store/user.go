package store

import "github.com/latchkey-bot/latchkey/actions"

var users = kindOf("user",
	digested("users", "id", `username status email email_verified mobile mobile_verified first_name last_name
		disabled_reason expires_at has_password login_methods must_reset opted_out last_login_at created_at protected
		locale contact_changed_at id_key username_key email_key mobile_key email_domain`),
	func(u actions.User) string { return u.ID },
	func(to []any, u actions.User) []any {
		return append(to,
			u.ID, u.Username, string(u.Status), u.Email, u.EmailVerified, u.Mobile, u.MobileVerified, u.FirstName, u.LastName,
			u.DisabledReason, at(u.ExpiresAt), u.HasPassword, list(u.LoginMethods), u.MustReset, channels(u.OptedOut),
			at(u.LastLoginAt), at(u.CreatedAt), u.Protected, u.Locale, at(u.ContactChangedAt),
			actions.Key(u.ID), actions.Key(u.Username), optional(actions.Key(u.Email)), optional(actions.MobileKey(u.Mobile)),
			optional(actions.Domain(u.Email)),
		)
	})

// userRow is a user in its table.
type userRow struct {
	ID               string `db:"id"`
	Username         string `db:"username"`
	Status           string `db:"status"`
	Email            string `db:"email"`
	EmailVerified    bool   `db:"email_verified"`
	Mobile           string `db:"mobile"`
	MobileVerified   bool   `db:"mobile_verified"`
	FirstName        string `db:"first_name"`
	LastName         string `db:"last_name"`
	DisabledReason   string `db:"disabled_reason"`
	ExpiresAt        stamp  `db:"expires_at"`
	HasPassword      bool   `db:"has_password"`
	LoginMethods     list   `db:"login_methods"`
	MustReset        bool   `db:"must_reset"`
	OptedOut         list   `db:"opted_out"`
	LastLoginAt      stamp  `db:"last_login_at"`
	CreatedAt        stamp  `db:"created_at"`
	Protected        bool   `db:"protected"`
	Locale           string `db:"locale"`
	ContactChangedAt stamp  `db:"contact_changed_at"`
	Seq              int64  `db:"seq"`
}

const userColumns = `id, username, status, email, email_verified, mobile, mobile_verified, first_name, last_name,
	disabled_reason, expires_at, has_password, login_methods, must_reset, opted_out, last_login_at, created_at, protected,
	locale, contact_changed_at, seq`

func (r userRow) user() actions.User {
	user := actions.User{
		ID: r.ID, Username: r.Username, Status: actions.UserStatus(r.Status), Email: r.Email, EmailVerified: r.EmailVerified,
		Mobile: r.Mobile, MobileVerified: r.MobileVerified, FirstName: r.FirstName, LastName: r.LastName,
		DisabledReason: r.DisabledReason, ExpiresAt: r.ExpiresAt.Time, HasPassword: r.HasPassword,
		LoginMethods: r.LoginMethods, MustReset: r.MustReset, LastLoginAt: r.LastLoginAt.Time, CreatedAt: r.CreatedAt.Time,
		Protected: r.Protected, Locale: r.Locale, ContactChangedAt: r.ContactChangedAt.Time,
	}
	for _, channel := range r.OptedOut {
		user.OptedOut = append(user.OptedOut, actions.Channel(channel))
	}
	return user
}

// channels makes a list of channels.
func channels(channels []actions.Channel) list {
	var l list
	for _, channel := range channels {
		l = append(l, string(channel))
	}
	return l
}
