package blocks_test

import (
	"fmt"
	"net/netip"
	"slices"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// The networks that customers, strangers and staff come from.
const (
	home  = "192.0.2.10"
	away  = "203.0.113.10"
	staff = "198.51.100.7"
)

// situations has, for each cause, what must be on record for it to be the
// decisive one of Jane, or of nobody.
var situations = map[actions.Cause]func(*records){
	actions.CauseAccountCancelled:      accountIs(actions.AccountCancelled, "not_needed"),
	actions.CauseTrialExpired:          accountIs(actions.AccountTrialExpired, ""),
	actions.CausePaymentHold:           accountIs(actions.AccountPaymentHold, "unpaid"),
	actions.CauseMembershipDeactivated: func(r *records) { r.Places[0].Status = actions.MembershipDeactivated },
	actions.CauseUserDisabled: func(r *records) {
		r.user().Status, r.user().DisabledReason = actions.UserDisabled, "left the company"
	},
	actions.CauseUserExpired:   func(r *records) { r.user().ExpiresAt = ago(48 * time.Hour) },
	actions.CauseInvitePending: func(r *records) { r.user().Status = actions.UserInvited },
	actions.CauseAccountTakenOver: func(r *records) {
		r.fails(25, time.Hour, away)
		r.try(time.Hour-10*time.Minute, actions.Success, away)
	},
	actions.CauseUnderAttack:        func(r *records) { r.fails(25, time.Hour, away) },
	actions.CauseCredentialShared:   locks(actions.LockSharing),
	actions.CauseStaleSavedPassword: func(r *records) { r.fails(25, time.Hour, home) },
	actions.CauseLockedAttempts:     locks(actions.LockAttempts),
	actions.CauseLockedInactivity:   locks(actions.LockInactivity),
	actions.CauseLockedManually:     locks(actions.LockManual),
	actions.CauseJustUnlocked: func(r *records) {
		locks(actions.LockAttempts)(r)
		r.Locks[0].ReleasedAt = ago(5 * time.Minute)
	},
	actions.CauseIPBlocked:       ends(actions.IPBlocked),
	actions.CausePasswordExpired: ends(actions.PasswordExpired),
	actions.CauseWrongLoginMethod: func(r *records) {
		r.user().HasPassword, r.user().LoginMethods = false, []string{"google"}
		r.try(10*time.Minute, actions.WrongMethod, home)
	},
	actions.CauseEmailMissing: func(r *records) { r.user().Email = "" },
	actions.CauseEmailSuppressed: func(r *records) {
		r.Suppression = []actions.Suppression{{Address: "jane@acme.example", List: actions.ListGlobal, Since: ago(30 * time.Hour), Reason: "complaint of bob@acme.example"}}
	},
	actions.CauseEmailBounced: mails(actions.Bounced, "550 5.1.1 <jane@acme.example> unknown"),
	actions.CauseSMSUndelivered: func(r *records) {
		r.Texts = []actions.Delivery{{ID: "d-1", Kind: actions.DeliveryCode, Status: actions.Failed, At: ago(20 * time.Minute)}}
	},
	actions.CauseEmailDelayed: mails(actions.Deferred, ""),
	actions.CauseResetLinkExpired: func(r *records) {
		r.ResetLinks = []actions.ResetLink{{ID: "r-1", SentAt: ago(2 * time.Hour), ExpiresAt: ago(time.Hour)}}
	},
	actions.CauseResetLinkConsumed: func(r *records) {
		r.ResetLinks = []actions.ResetLink{{ID: "r-1", SentAt: ago(time.Hour), UsedAt: ago(time.Hour - 10*time.Second), UsedIP: "203.0.113.99"}}
		r.try(10*time.Minute, actions.WrongPassword, home)
	},
	actions.CauseEmailUnseen: mails(actions.Delivered, ""),
	actions.CauseOptedOut: func(r *records) {
		r.user().OptedOut = []actions.Channel{actions.ChannelEmail, actions.ChannelSMS}
	},
	actions.CauseVPNInterference: func(r *records) {
		r.try(48*time.Hour, actions.Success, home)
		r.try(10*time.Minute, actions.CodeExpired, away)
		r.Attempts[0].VPN = true
	},
	actions.CauseMFAFailed:      ends(actions.MFAFailed),
	actions.CauseCodeSuperseded: ends(actions.CodeSuperseded),
	actions.CauseCodeExpired:    ends(actions.CodeExpired),
	actions.CauseCodeWrong:      ends(actions.CodeWrong),
	actions.CauseDeviceUnrecognised: func(r *records) {
		for i := range 3 {
			used := ago(time.Duration(i+1) * 24 * time.Hour)
			r.Codes = append(r.Codes, actions.LoginCode{ID: fmt.Sprint("c-", i), Channel: actions.ChannelEmail, SentAt: used.Add(-time.Minute), UsedAt: used})
		}
	},
	actions.CauseNotPublished: ends(actions.NotPublished),
	actions.CauseUnknownUsername: func(r *records) {
		r.nobody()
		r.NearUsers = []actions.User{jane()}
		r.Typed = []actions.Attempt{{ID: "a-1", At: ago(3 * time.Minute), Identifier: "jane.deo", Outcome: actions.UnknownUsername, IP: home, Country: "AU"}}
	},
	actions.CauseWrongPassword: ends(actions.WrongPassword),
	actions.CauseSharingSuspected: func(r *records) {
		for i := range 5 {
			r.try(time.Duration(i+1)*20*time.Minute, actions.Success, fmt.Sprintf("10.0.%d.9", i))
		}
	},
	actions.CauseNoAttemptsSeen:     func(*records) {},
	actions.CauseIdentityUnresolved: func(r *records) { r.nobody() },
	actions.CauseUnexplained: func(r *records) {
		r.try(10*time.Minute, actions.Outcome("no_words_for_this"), home)
	},
	actions.CauseLooksFine: ends(actions.Success),
}

// records is a snapshot under way.
type records struct{ actions.Snapshot }

// jane is a healthy user.
func jane() actions.User {
	return actions.User{
		ID: "u-1", Username: "jane.doe", Status: actions.UserActive, Email: "jane@acme.example", EmailVerified: true,
		Mobile: "+61 400 000 123", FirstName: "Jane", LastName: "Doe", HasPassword: true, LoginMethods: []string{"password"},
		CreatedAt: ago(400 * 24 * time.Hour), LastLoginAt: ago(20 * 24 * time.Hour),
	}
}

// judged is the diagnosis of Jane, asked for by her e-mail address, with what
// is on record.
func judged(happened func(*records)) actions.Diagnosis {
	r := records{actions.Snapshot{
		Identifier: "jane@acme.example", At: now, NewestAttempt: ago(time.Minute), Users: []actions.User{jane()},
		StaffNetworks: []netip.Prefix{netip.MustParsePrefix("198.51.100.0/24")},
		Places: []actions.Place{{
			Membership: actions.Membership{UserID: "u-1", AccountID: "a-1", Role: "member", Status: actions.MembershipActive},
			Account:    actions.Account{ID: "a-1", Name: "Acme Pty Ltd", Status: actions.AccountActive, GatewayIDs: []string{"GW-1001"}},
		}},
	}}
	happened(&r)
	d := actions.Judge(r.Snapshot, actions.Rules{LockAfter: 3, IdleMonths: 3}, able())
	d.Ticket = "#4711"
	return d
}

// able is a directory that can make every change.
func able() actions.Abilities {
	return actions.Abilities{TellsUnknownUser: true, Changes: []actions.ChangeKind{
		actions.ChangeUnlocked, actions.ChangeDisabled, actions.ChangeEnabled, actions.ChangeContact, actions.ChangePasswordSet,
		actions.ChangeSessions, actions.ChangeFactor, actions.ChangeInvited, actions.ChangeDeleted, actions.ChangeCreated,
	}}
}

func (r *records) user() *actions.User { return &r.Users[0] }

// nobody makes the records those of a name that nobody has.
func (r *records) nobody() {
	r.Snapshot = actions.Snapshot{Identifier: "jane.deo", At: r.At, NewestAttempt: r.NewestAttempt}
}

// try is an attempt of Jane's.
func (r *records) try(before time.Duration, outcome actions.Outcome, ip string) {
	a := actions.Attempt{
		ID: fmt.Sprint("a-", len(r.Attempts)), At: ago(before), Identifier: "jane.doe", Outcome: outcome, UserID: "u-1",
		IP: ip, Country: "AU", DeviceID: "laptop", Seq: int64(len(r.Attempts)),
	}
	newestFirst := func(a, b actions.Attempt) int { return b.Compare(a) }
	r.Attempts = append(r.Attempts, a)
	slices.SortStableFunc(r.Attempts, newestFirst)
	if !a.Failed() {
		r.Successes = append(r.Successes, a)
		slices.SortStableFunc(r.Successes, newestFirst)
	}
}

// fails tries wrong passwords, ten seconds apart.
func (r *records) fails(n int, before time.Duration, ip string) {
	r.try(20*24*time.Hour, actions.Success, home)
	for i := range n {
		r.try(before-time.Duration(i)*10*time.Second, actions.WrongPassword, ip)
	}
}

func ends(outcome actions.Outcome) func(*records) {
	return func(r *records) { r.try(10*time.Minute, outcome, home) }
}

func locks(kind actions.LockKind) func(*records) {
	return func(r *records) {
		r.try(21*time.Minute, actions.LockedOut, home)
		r.Locks = []actions.Lock{{ID: "l-1", UserID: "u-1", Kind: kind, At: ago(20 * time.Minute)}}
	}
}

func mails(status actions.DeliveryStatus, detail string) func(*records) {
	return func(r *records) {
		r.Mails = []actions.Delivery{{ID: "d-1", Kind: actions.DeliveryPasswordReset, Status: status, At: ago(20 * time.Minute), Detail: detail}}
	}
}

func accountIs(status actions.AccountStatus, reason string) func(*records) {
	return func(r *records) {
		account := &r.Places[0].Account
		account.Status, account.StatusReason, account.ClosedAt = status, reason, ago(72*time.Hour)
	}
}
