package storetest

import (
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// Samples of every kind, with every field set.
var (
	sampleAccount = actions.Account{
		ID: "acc-1", Name: "Acme Ltd", Status: actions.AccountPaymentHold, GatewayIDs: []string{"GW-1", "gw-2"},
		StatusReason: "unpaid", Owner: "owner@latchkey.example", CreatedAt: ago(900 * day), ClosedAt: ago(2 * day), Brand: "acme",
	}
	sampleUser = actions.User{
		ID: "user-1", Username: "Jane.Doe", Status: actions.UserActive, Email: "Jane@Acme.example", EmailVerified: true,
		Mobile: "+61 400 000 001", MobileVerified: true, FirstName: "Jane", LastName: "Doe", DisabledReason: "left",
		ExpiresAt: ago(-day), HasPassword: true, LoginMethods: []string{"password", "saml"}, MustReset: true,
		OptedOut: []actions.Channel{actions.ChannelEmail, actions.ChannelSMS}, LastLoginAt: ago(time.Hour),
		CreatedAt: ago(400 * day), Protected: true, Locale: "de-AT", ContactChangedAt: ago(3 * day),
	}
	sampleMembership = actions.Membership{
		UserID: "user-1", AccountID: "acc-1", Role: "admin", Status: actions.MembershipDeactivated,
		DeactivatedBy: "boss@acme.example", DeactivatedAt: ago(5 * day), KeepsLogin: true,
	}
	sampleLock = actions.Lock{
		ID: "lock-1", UserID: "user-1", Kind: actions.LockSharing, At: ago(3 * time.Hour), Until: ago(-time.Hour),
		ReleasedAt: ago(time.Hour), Detail: "from many places",
	}
	sampleAttempt = actions.Attempt{
		ID: "at-1", At: ago(2 * time.Hour), Identifier: "  jane.doe", Outcome: actions.WrongPassword, UserID: "user-1",
		IP: "203.0.113.7", Country: "AU", ASN: "AS64500", DeviceID: "device-1", UserAgent: "Mozilla/5.0", VPN: true, Resource: "/login",
	}
	sampleCode = actions.LoginCode{
		ID: "code-1", UserID: "user-1", Channel: actions.ChannelSMS, Address: "+61 400 000 001", SentAt: ago(30 * time.Minute),
		ExpiresAt: ago(20 * time.Minute), UsedAt: ago(25 * time.Minute),
	}
	sampleDelivery = actions.Delivery{
		ID: "mail-1", Address: "Jane@Acme.example", Kind: actions.DeliveryCode, Status: actions.Bounced, At: ago(40 * time.Minute),
		UserID: "user-1", Detail: "550 no such mailbox",
	}
	sampleLink = actions.ResetLink{
		ID: "link-1", UserID: "user-1", SentAt: ago(50 * time.Minute), ExpiresAt: ago(-10 * time.Minute),
		UsedAt: ago(45 * time.Minute), UsedIP: "2001:db8::1",
	}
	sampleSuppression = actions.Suppression{
		Address: "jane@acme.example", List: actions.ListComplaint, Since: ago(day), Reason: "spam button",
	}
	sampleNetwork = actions.StaffNetwork{CIDR: "198.51.100.0/24", Note: "the office"}
)

// samples are one record of every kind.
func samples() []any {
	return []any{
		sampleAccount, sampleUser, sampleMembership, sampleLock, sampleAttempt, sampleCode, sampleDelivery, sampleLink,
		sampleSuppression, sampleNetwork,
	}
}

// changedSamples are the samples with the same identities and another content.
func changedSamples() []any {
	account, user, membership, lock, attempt := sampleAccount, sampleUser, sampleMembership, sampleLock, sampleAttempt
	code, delivery, link, suppression, network := sampleCode, sampleDelivery, sampleLink, sampleSuppression, sampleNetwork
	account.Status, account.GatewayIDs = actions.AccountActive, []string{"GW-3"}
	user.Email, user.OptedOut, user.ExpiresAt = "jane.doe@acme.example", nil, time.Time{}
	membership.Status, membership.DeactivatedAt = actions.MembershipActive, time.Time{}
	lock.Until, lock.Detail = time.Time{}, "for a while"
	attempt.Outcome, attempt.DeviceID = actions.LockedOut, ""
	code.UsedAt = time.Time{}
	delivery.Address, delivery.Status = "jane.doe@acme.example", actions.Opened
	link.UsedAt, link.UsedIP = time.Time{}, ""
	suppression.Reason, suppression.Since = "asked for", ago(2*day)
	network.Note = "the other office"
	return []any{account, user, membership, lock, attempt, code, delivery, link, suppression, network}
}

// sampleTables are the tables of what the samples leave behind.
var sampleTables = []string{
	"accounts", "gateway_ids", "users", "memberships", "locks", "attempts", "codes", "deliveries", "reset_links",
	"suppressions", "staff_networks", "unknown_names", "hourly_outcomes", "outcome_totals", "inbox", "tickets", "refusals",
	"audit", "audit_texts", "audit_subjects", "outbox", "job_runs", "watches", "parked",
	"operations", "approvals", "verifications", "one_time_links", "link_codes", "mails", "brakes",
	"secrets", "secret_requests", "secret_bodies", "cases", "case_events", "case_followers",
	"temp_admins", "targets",
}

// person is a user with little more than a name.
func person(id, username string) actions.User {
	return actions.User{ID: id, Username: username, Status: actions.UserActive, HasPassword: true}
}

// try is an attempt of a user.
func try(id, user string, at time.Time, outcome actions.Outcome) actions.Attempt {
	return actions.Attempt{ID: id, At: at, Identifier: "typed", Outcome: outcome, UserID: user, IP: "203.0.113.7"}
}

// typed is an attempt that names nobody but by what was typed.
func typed(id, identifier string, at time.Time, outcome actions.Outcome) actions.Attempt {
	return actions.Attempt{ID: id, At: at, Identifier: identifier, Outcome: outcome, IP: "203.0.113.7"}
}
