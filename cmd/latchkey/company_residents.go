package main

import (
	"fmt"

	"github.com/latchkey-bot/latchkey/actions"
)

// mistyped is a name that nobody has, one letter from Finn's.
const mistyped = "fin@acme.example"

// twins is the user name that two people have; the first of them is at Acme.
const (
	twins      = "alex.kim"
	twinsFirst = "acme"
)

// residents is everybody with a story, in the order of the welcome page: first
// what support hears every day.
var residents = []resident{
	{"Jane", "Doe", "acme", actions.CauseLockedAttempts, "“It says I'm locked. I only mistyped it a few times!”", 1, func(s *scene) {
		s.missed(4, 17)
		s.locked(15, actions.LockAttempts)
		s.tried(14, actions.LockedOut)
	}},
	{"Robert", "Stone", "acme", actions.CauseWrongPassword, "“My password doesn't work”, though a colleague's test login from our office did.", 1, func(s *scene) {
		s.tried(9, actions.WrongPassword)
		s.tried(8, actions.Success, "ip", office, "device_id", "support-desk")
	}},
	{"Finn", "Gallagher", "acme", actions.CauseLooksFine, "“I couldn't get in a minute ago”, and meanwhile they are in.", 1, func(s *scene) {
		s.tried(6, actions.WrongPassword)
		s.tried(2, actions.Success)
	}},
	{"Ugo", "Conti", "harborline", actions.CauseEmailUnseen, "“Your reset mail never came.”", 1, func(s *scene) {
		s.tried(95, actions.WrongPassword)
		s.mailed(90, actions.DeliveryPasswordReset, actions.Delivered, "accepted by mx.harborline.example")
	}},
	{"Sunniva", "Dahl", "pennine", actions.CauseCodeSuperseded, "“I type the code and it says it's wrong.” There were two.", 1, func(s *scene) {
		s.coded(15, actions.ChannelEmail)
		s.coded(12, actions.ChannelEmail)
		s.tried(10, actions.CodeSuperseded)
	}},
	{"Inka", "Lehtonen", "pennine", actions.CauseDeviceUnrecognised, "“You ask me for a code every single day.”", 0, func(s *scene) {
		for i := range 6 {
			at := float64((i+1)*day - 40*i)
			s.event("code", map[string]any{"user_id": s.who.id(), "channel": "email", "sent_at": s.ago(at + 2), "used_at": s.ago(at)})
			s.tried(at, actions.Success, "device_id", fmt.Sprintf("private-%d", i))
		}
	}},
	{"Zoe", "Marchetti", "kowhai", actions.CauseNoAttemptsSeen, "“The page doesn't let me in.” Nobody has seen her there for a week.", 8, func(*scene) {}},

	{"Carla", "Nuñez", "cedar", actions.CauseAccountCancelled, "“None of us at Cedar & Vine gets in any more.”", 7, func(s *scene) { s.tried(31, actions.DisabledOut) }},
	{"Toby", "Ferris", "brightpath", actions.CauseTrialExpired, "“We were just trying it out.”", 4, func(s *scene) { s.tried(33, actions.DisabledOut) }},
	{"Pia", "Holm", "tidewater", actions.CausePaymentHold, "“I did nothing, and it just says no.”", 2, func(s *scene) { s.tried(35, actions.PaymentHold) }},
	{"Mel", "Okoro", "okafor", actions.CauseMembershipDeactivated, "“I came back from leave and can't get in.”", 4, func(s *scene) {
		s.place["status"], s.place["deactivated_by"], s.place["deactivated_at"] = "deactivated", "ifeoma.okafor", s.ago(3*day)
		s.tried(28, actions.DisabledOut)
	}},
	{"Dan", "Whitlock", "redwood", actions.CauseUserDisabled, "“Why am I switched off?”", 5, func(s *scene) {
		s.user["status"], s.user["disabled_reason"] = "disabled", "offboarding"
		s.tried(41, actions.DisabledOut)
	}},
	{"Eva", "Novotná", "redwood", actions.CauseUserExpired, "“My contract was extended, my login wasn't.”", 3, func(s *scene) {
		s.user["expires_at"] = s.ago(2 * day)
		s.tried(44, actions.ExpiredOut)
	}},
	{"Ina", "Sørensen", "sundara", actions.CauseInvitePending, "“I'm new here and have no password.”", 0, func(s *scene) {
		s.user["status"], s.user["created_at"], s.user["last_login_at"], s.user["email_verified"] = "invited", s.ago(4*day), nil, false
	}},

	{"Gus", "Abara", "okafor", actions.CauseAccountTakenOver, "“I get mails about orders I never made.”", 1, func(s *scene) {
		s.hammered(75)
		s.tried(67, actions.Success, "ip", stranger, "country", "ZZ", "device_id", nil, "user_agent", "curl/8.5.0")
	}},
	{"Ada", "Lindqvist", "pennine", actions.CauseUnderAttack, "“Locked again, and I haven't touched it.”", 1, func(s *scene) { s.hammered(25) }},
	{"Sam", "Whetu", "kowhai", actions.CauseCredentialShared, "“The whole ward uses this login.”", 1, func(s *scene) {
		s.locked(50, actions.LockSharing, "detail", "9 devices in an hour")
		s.tried(45, actions.Shared)
	}},
	{"Phil", "Osei", "harborline", actions.CauseStaleSavedPassword, "“I changed my password, and now I'm out all the time.”", 1, func(s *scene) {
		for i := range 24 {
			s.tried(40-float64(i)/4, actions.WrongPassword, "user_agent", "MailApp/3.1", "device_id", "u-phil-phone")
		}
	}},
	{"Nora", "Idesson", "harborline", actions.CauseLockedInactivity, "“I'm back after months abroad.”", 0, func(s *scene) {
		s.user["last_login_at"] = s.ago(130 * day)
		s.locked(38*day, actions.LockInactivity)
		s.tried(7, actions.LockedOut)
	}},
	{"Max", "Adler", "alpenglueck", actions.CauseLockedManually, "“Somebody on your side locked me.”", 1, func(s *scene) {
		s.locked(3*hour, actions.LockManual, "detail", "asked for by the account's owner")
		s.tried(16, actions.LockedOut)
	}},
	{"Uma", "Rangan", "sundara", actions.CauseJustUnlocked, "“You said it's unlocked?”", 1, func(s *scene) {
		s.missed(4, 47)
		s.locked(45, actions.LockAttempts, "released_at", s.ago(5))
		s.tried(40, actions.LockedOut)
	}},

	{"Ivo", "Horvat", "harborline", actions.CauseIPBlocked, "“Half the depot can't get in since this morning.” Others fail alike.", 1, one(actions.IPBlocked)},
	{"Rae", "Morgan", "redwood", actions.CausePasswordExpired, "“It wants a new password, and I had no time.”", 1, one(actions.PasswordExpired)},
	{"Olga", "Petrenko", "redwood", actions.CauseWrongLoginMethod, "“I never set a password, did I?”", 1, func(s *scene) {
		s.user["has_password"], s.user["login_methods"] = false, []string{"google"}
		s.tried(13, actions.WrongPassword)
	}},
	{"Moana", "Teague", "kowhai", actions.CauseEmailMissing, "“Which address do you have for me?” None.", 1, func(s *scene) {
		s.user["email"], s.user["email_verified"] = nil, nil
		s.tried(82, actions.WrongPassword)
	}},
	{"Léa", "Fontaine", "lumiere", actions.CauseEmailSuppressed, "“None of your mails arrive, and haven't for weeks.”", 1, func(s *scene) {
		s.listed(actions.ListBlock, 40, "reported by the provider")
		s.tried(126, actions.WrongPassword)
	}},
	{"Benoît", "Caron", "boreale", actions.CauseEmailBounced, "“I asked for a reset three times.”", 1, func(s *scene) {
		s.tried(155, actions.WrongPassword)
		s.mailed(140, actions.DeliveryPasswordReset, actions.Bounced, "550 mailbox unavailable")
	}},
	{"Tess", "Bramley", "acme", actions.CauseSMSUndelivered, "“The text with the code doesn't come.” Ask by her mobile.", 1, func(s *scene) {
		s.coded(30, actions.ChannelSMS)
		s.event("delivery", map[string]any{"address": s.user["mobile"], "kind": "code", "status": "failed", "at": s.ago(29), "detail": "unknown subscriber"})
		s.tried(15, actions.CodeExpired)
	}},
	{"Delia", "Ortega", "solaria", actions.CauseEmailDelayed, "“How long does that mail take?”", 1, func(s *scene) {
		s.tried(50, actions.WrongPassword)
		s.mailed(35, actions.DeliveryPasswordReset, actions.Deferred, "421 try again later")
	}},
	{"Rob", "Castellan", "pennine", actions.CauseResetLinkExpired, "“Your link leads nowhere.”", 1, func(s *scene) {
		s.tried(212, actions.WrongPassword)
		s.link(200, 140, 0)
	}},
	{"Siân", "Mercer", "pennine", actions.CauseResetLinkConsumed, "“The link says it was used. Not by me!”", 1, func(s *scene) {
		s.link(190, 0, 189.8)
		s.tried(160, actions.WrongPassword)
	}},
	{"Otto", "Brandt", "nordlicht", actions.CauseOptedOut, "“I get no codes.” He switched them off.", 1, func(s *scene) {
		s.user["opted_out"] = []string{"sms"}
		s.coded(20, actions.ChannelSMS)
		s.tried(8, actions.CodeExpired)
	}},
	{"Vera", "Sokolova", "acme", actions.CauseVPNInterference, "“It works at home, not from the hotel.”", 1, func(s *scene) {
		s.tried(17, actions.CodeWrong, "vpn", true, "ip", "192.0.2.55", "country", "NL")
	}},
	{"Mia", "Ferrante", "acme", actions.CauseMFAFailed, "“I have a new phone, and the app is on the old one.”", 1, one(actions.MFAFailed)},
	{"Cody", "Slater", "redwood", actions.CauseCodeExpired, "“The code ran out while I looked for my glasses.”", 1, func(s *scene) {
		s.coded(40, actions.ChannelEmail)
		s.tried(20, actions.CodeExpired)
	}},
	{"Thiago", "Prado", "ipanema", actions.CauseCodeWrong, "“I typed it exactly as it came!”", 1, func(s *scene) {
		s.coded(9, actions.ChannelEmail)
		s.tried(6, actions.CodeWrong)
	}},
	{"Nikolai", "Brandvold", "alpenglueck", actions.CauseNotPublished, "“I'm in, but the page says it isn't for me.”", 1, func(s *scene) {
		s.tried(12, actions.NotPublished, "resource", "/reports/q3")
	}},
	{"Wanda", "Kowalczyk", "acme", actions.CauseUnknownUsername, "“It doesn't know me.” Somebody leaves out a letter.", 2, func(s *scene) {
		s.event("attempt", map[string]any{"at": s.ago(11), "identifier": "wanda.kowalcyk", "outcome": "unknown_username", "ip": s.ip(), "country": "AU"})
	}},
	{"Shay", "Levi", "redwood", actions.CauseSharingSuspected, "“All good here”, from five networks in three hours.", 1, func(s *scene) {
		for i := range 5 {
			s.tried(float64(150-20*i), actions.Success, "ip", fmt.Sprintf("198.19.25%d.9", i), "device_id", fmt.Sprintf("shared-%d", i))
		}
	}},
	{"Mira", "Castellanos", "solaria", actions.CauseUnexplained, "“It just doesn't work.” Nothing on record says why.", 1, one(actions.UnknownUsername)},

	{"Jürgen", "Weiß", "nordlicht", actions.CauseWrongPassword, "He speaks German: what to tell him is in his language.", 1, func(s *scene) { s.missed(2, 72) }},
	{"Grace", "Abernathy", "acme", actions.CausePasswordExpired, "The chief executive is protected: nothing is done without a second person.", 1, func(s *scene) {
		s.user["protected"] = true
		s.place["role"] = "admin"
		s.tried(19, actions.PasswordExpired)
	}},
	{"Hiroko", "Sato", "sundara", actions.CauseWrongPassword, "Her contact was changed this morning: mind who is calling.", 1, func(s *scene) {
		s.user["contact_changed_at"], s.user["email_verified"] = s.ago(5*hour), false
		s.tried(66, actions.WrongPassword)
	}},
	{"Alex", "Kim", "acme", actions.CauseLooksFine, "", 1, func(s *scene) { s.tried(25, actions.Success) }},
	{"Alex", "Kim", "redwood", actions.CauseWrongPassword, "", 1, func(s *scene) { s.tried(88, actions.WrongPassword) }},

	// Whom cases are about that were escalated this morning; see demo_cases.go.
	{"Bea", "Hartmann", "nordlicht", actions.CauseEmailSuppressed, "", 1, func(s *scene) {
		s.listed(actions.ListBounce, 8, "552 mailbox full")
		s.tried(200, actions.WrongPassword)
	}},
	{"Noel", "Abbott", "acme", actions.CauseEmailSuppressed, "", 1, func(s *scene) {
		s.listed(actions.ListComplaint, 3, "reported as spam")
		s.tried(38, actions.WrongPassword)
	}},
}
