package records

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

var accountFields = fields[actions.Account]{
	must(id("id", func(a *actions.Account) *string { return &a.ID })),
	must(text("name", func(a *actions.Account) *string { return &a.Name })),
	must(oneOf("status", func(a *actions.Account) *actions.AccountStatus { return &a.Status },
		actions.AccountActive, actions.AccountTrial, actions.AccountTrialExpired, actions.AccountCancelled, actions.AccountPaymentHold)),
	list[actions.Account, string]("gateway_ids", func(a *actions.Account) *[]string { return &a.GatewayIDs }),
	text("status_reason", func(a *actions.Account) *string { return &a.StatusReason }),
	text("owner", func(a *actions.Account) *string { return &a.Owner }),
	moment("created_at", func(a *actions.Account) *time.Time { return &a.CreatedAt }),
	moment("closed_at", func(a *actions.Account) *time.Time { return &a.ClosedAt }),
	text("brand", func(a *actions.Account) *string { return &a.Brand }),
}

var userFields = fields[actions.User]{
	must(id("id", func(u *actions.User) *string { return &u.ID })),
	must(text("username", func(u *actions.User) *string { return &u.Username })),
	must(oneOf("status", func(u *actions.User) *actions.UserStatus { return &u.Status },
		actions.UserActive, actions.UserInvited, actions.UserDisabled, actions.UserExpired)),
	text("email", func(u *actions.User) *string { return &u.Email }),
	flag("email_verified", func(u *actions.User) *bool { return &u.EmailVerified }),
	text("mobile", func(u *actions.User) *string { return &u.Mobile }),
	flag("mobile_verified", func(u *actions.User) *bool { return &u.MobileVerified }),
	text("first_name", func(u *actions.User) *string { return &u.FirstName }),
	text("last_name", func(u *actions.User) *string { return &u.LastName }),
	text("disabled_reason", func(u *actions.User) *string { return &u.DisabledReason }),
	moment("expires_at", func(u *actions.User) *time.Time { return &u.ExpiresAt }),
	flag("has_password", func(u *actions.User) *bool { return &u.HasPassword }),
	list[actions.User, string]("login_methods", func(u *actions.User) *[]string { return &u.LoginMethods }),
	flag("must_reset", func(u *actions.User) *bool { return &u.MustReset }),
	list("opted_out", func(u *actions.User) *[]actions.Channel { return &u.OptedOut }, actions.ChannelEmail, actions.ChannelSMS),
	moment("last_login_at", func(u *actions.User) *time.Time { return &u.LastLoginAt }),
	moment("created_at", func(u *actions.User) *time.Time { return &u.CreatedAt }),
	flag("protected", func(u *actions.User) *bool { return &u.Protected }),
	text("locale", func(u *actions.User) *string { return &u.Locale }),
	moment("contact_changed_at", func(u *actions.User) *time.Time { return &u.ContactChangedAt }),
}

// presetUser is a user as absent fields leave it.
func presetUser(u *actions.User) { u.HasPassword, u.LoginMethods = true, []string{"password"} }

// sentUserFields are those of a user that is sent with a token: whom nothing is
// done to without a second person, only an import says (RULES S0.5).
func sentUserFields() fields[actions.User] {
	sent := slices.Clone(userFields)
	i := slices.IndexFunc(sent, func(f field[actions.User]) bool { return f.name == "protected" })
	sent[i].read = func(*actions.User, json.RawMessage) problem {
		return wrong("comes only from latchkey import; please leave it out")
	}
	return sent
}

var membershipFields = fields[actions.Membership]{
	must(id("user_id", func(m *actions.Membership) *string { return &m.UserID })),
	must(id("account_id", func(m *actions.Membership) *string { return &m.AccountID })),
	must(oneOf("role", func(m *actions.Membership) *string { return &m.Role }, "admin", "member")),
	must(oneOf("status", func(m *actions.Membership) *actions.MembershipStatus { return &m.Status },
		actions.MembershipActive, actions.MembershipDeactivated)),
	text("deactivated_by", func(m *actions.Membership) *string { return &m.DeactivatedBy }),
	moment("deactivated_at", func(m *actions.Membership) *time.Time { return &m.DeactivatedAt }),
	flag("keeps_login", func(m *actions.Membership) *bool { return &m.KeepsLogin }),
}

var lockFields = fields[actions.Lock]{
	must(id("id", func(l *actions.Lock) *string { return &l.ID })),
	must(id("user_id", func(l *actions.Lock) *string { return &l.UserID })),
	must(oneOf("kind", func(l *actions.Lock) *actions.LockKind { return &l.Kind },
		actions.LockAttempts, actions.LockInactivity, actions.LockSharing, actions.LockManual)),
	must(moment("at", func(l *actions.Lock) *time.Time { return &l.At })),
	moment("until", func(l *actions.Lock) *time.Time { return &l.Until }),
	moment("released_at", func(l *actions.Lock) *time.Time { return &l.ReleasedAt }),
	text("detail", func(l *actions.Lock) *string { return &l.Detail }),
}

var staffNetworkFields = fields[actions.StaffNetwork]{
	must(network("cidr", func(n *actions.StaffNetwork) *string { return &n.CIDR })),
	text("note", func(n *actions.StaffNetwork) *string { return &n.Note }),
}

// network reads a network; one that can't be read would let staff's logins
// count as the customer's without anybody noticing.
func network(name string, to func(*actions.StaffNetwork) *string) field[actions.StaffNetwork] {
	f := id(name, to)
	read := f.read
	f.read = func(n *actions.StaffNetwork, raw json.RawMessage) problem {
		if problem := read(n, raw); problem != fine {
			return problem
		}
		if _, ok := n.Prefix(); !ok {
			return wrong("must be a network, such as 198.51.100.0/24")
		}
		return fine
	}
	return f
}
