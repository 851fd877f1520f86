package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// The company of the demo: small, made up, and everybody in it has a different
// reason why they can't log in. The records are made afresh for the moment the
// demo starts, and take the same way in as everybody's.

// resident is somebody of the company and why they can't log in.
type resident struct {
	first, last string
	cause       actions.Cause
	live        func(*scene) // what happened to them
}

func (r resident) id() string       { return "u-" + strings.ToLower(r.first) }
func (r resident) username() string { return strings.ToLower(r.first + "." + r.last) }
func (r resident) email() string    { return strings.ToLower(r.first) + "@acme.example" }

// scene is where a resident's records are made. Times are minutes before now.
type scene struct {
	now     time.Time
	who     resident
	user    map[string]any
	place   map[string]any
	account map[string]any // of their own; nil: everybody's
	events  []map[string]any
}

const (
	hour = 60
	day  = 24 * hour
)

// mistyped is a name that nobody has, one letter from Finn's.
const mistyped = "fin@acme.example"

// Where people log in from: their own network, others, and strangers'.
const (
	atHome   = "203.0.113.7"
	stranger = "192.0.2.66"
	office   = "198.51.100.20" // support's own
)

func (s *scene) ago(minutes float64) string {
	return s.now.Add(-time.Duration(minutes * float64(time.Minute))).Format(time.RFC3339Nano)
}

func (s *scene) event(kind string, fields map[string]any) {
	fields["type"] = kind
	if _, named := fields["id"]; !named {
		fields["id"] = fmt.Sprintf("%s-%s-%d", s.who.id(), kind, len(s.events))
	}
	s.events = append(s.events, fields)
}

// tried is an attempt of theirs; more sets or adds fields, name and value in
// turn.
func (s *scene) tried(minutes float64, outcome actions.Outcome, more ...any) {
	fields := map[string]any{
		"at": s.ago(minutes), "identifier": s.who.username(), "user_id": s.who.id(), "outcome": outcome,
		"ip": atHome, "country": "AU", "device_id": s.who.id() + "-laptop",
	}
	for pair := range slices.Chunk(more, 2) {
		fields[pair[0].(string)] = pair[1]
	}
	s.event("attempt", fields)
}

func (s *scene) locked(minutes float64, kind actions.LockKind) {
	s.event("lock", map[string]any{"user_id": s.who.id(), "kind": kind, "at": s.ago(minutes)})
}

func (s *scene) mailed(minutes float64, kind actions.DeliveryKind, status actions.DeliveryStatus) {
	s.event("delivery", map[string]any{"address": s.who.email(), "kind": kind, "status": status, "at": s.ago(minutes)})
}

func (s *scene) coded(minutes float64, channel actions.Channel) {
	s.event("code", map[string]any{
		"user_id": s.who.id(), "channel": channel, "sent_at": s.ago(minutes), "expires_at": s.ago(minutes - 10),
	})
}

func (s *scene) closed(status actions.AccountStatus, reason string) {
	s.account = map[string]any{
		"id": "acc-" + s.who.id(), "name": s.who.last + " Pty Ltd", "status": status, "status_reason": reason,
		"gateway_ids": []string{"GW" + strings.ToUpper(s.who.last)}, "owner": "owner@vendor.example",
	}
}

func one(outcome actions.Outcome) func(*scene) {
	return func(s *scene) { s.tried(12, outcome) }
}

// residents is everybody, one for each cause that a user can have.
var residents = []resident{
	{"Jane", "Doe", actions.CauseLockedAttempts, func(s *scene) {
		s.tried(2*day, actions.Success)
		for i := range 4 {
			s.tried(float64(20-i), actions.WrongPassword)
		}
		s.tried(14, actions.LockedOut)
		s.locked(15, actions.LockAttempts)
	}},
	{"Bob", "Stone", actions.CauseWrongPassword, func(s *scene) {
		s.tried(day, actions.Success)
		s.tried(9, actions.WrongPassword)
		s.tried(8, actions.Success, "ip", office, "country", "AU")
	}},
	{"Carla", "Nuñez", actions.CauseAccountCancelled, func(s *scene) { s.closed(actions.AccountCancelled, "bad_credit"); s.tried(30, actions.DisabledOut) }},
	{"Tom", "Trial", actions.CauseTrialExpired, func(s *scene) { s.closed(actions.AccountTrialExpired, ""); s.tried(33, actions.DisabledOut) }},
	{"Pia", "Holder", actions.CausePaymentHold, func(s *scene) { s.closed(actions.AccountPaymentHold, "unpaid"); s.tried(31, actions.PaymentHold) }},
	{"Mel", "Gone", actions.CauseMembershipDeactivated, func(s *scene) {
		s.place["status"], s.place["deactivated_by"], s.place["deactivated_at"] = "deactivated", "their-admin", s.ago(3*day)
		s.tried(28, actions.DisabledOut)
	}},
	{"Dan", "Off", actions.CauseUserDisabled, func(s *scene) {
		s.user["status"], s.user["disabled_reason"] = "disabled", "offboarding"
		s.tried(41, actions.DisabledOut)
	}},
	{"Eva", "Past", actions.CauseUserExpired, func(s *scene) { s.user["expires_at"] = s.ago(2 * day); s.tried(44, actions.ExpiredOut) }},
	{"Ina", "Guest", actions.CauseInvitePending, func(s *scene) { s.user["status"] = "invited" }},
	{"Gus", "Broken", actions.CauseAccountTakenOver, func(s *scene) {
		s.tried(day*2, actions.Success)
		hammered(s, 40)
		s.tried(32, actions.Success, "ip", stranger, "country", "ZZ")
	}},
	{"Ada", "Target", actions.CauseUnderAttack, func(s *scene) { s.tried(day, actions.Success); hammered(s, 25) }},
	{"Sam", "Shared", actions.CauseCredentialShared, func(s *scene) { s.locked(50, actions.LockSharing); s.tried(45, actions.Shared) }},
	{"Phil", "Phone", actions.CauseStaleSavedPassword, func(s *scene) {
		s.tried(2*day, actions.Success)
		for i := range 24 {
			s.tried(30-float64(i)/4, actions.WrongPassword, "user_agent", "MailApp/3.1")
		}
	}},
	{"Nora", "Idle", actions.CauseLockedInactivity, func(s *scene) {
		s.user["last_login_at"] = s.ago(130 * day)
		s.tried(7, actions.LockedOut)
		s.locked(5*day, actions.LockInactivity)
	}},
	{"Max", "Manual", actions.CauseLockedManually, func(s *scene) { s.locked(3*hour, actions.LockManual); s.tried(16, actions.LockedOut) }},
	{"Uma", "Fresh", actions.CauseJustUnlocked, func(s *scene) {
		s.tried(40, actions.LockedOut)
		s.event("lock", map[string]any{"user_id": s.who.id(), "kind": "attempts", "at": s.ago(45), "released_at": s.ago(5)})
	}},
	{"Ivo", "Blocked", actions.CauseIPBlocked, one(actions.IPBlocked)},
	{"Rae", "Renew", actions.CausePasswordExpired, one(actions.PasswordExpired)},
	{"Olga", "Single", actions.CauseWrongLoginMethod, func(s *scene) {
		s.user["has_password"], s.user["login_methods"] = false, []string{"google"}
		s.tried(13, actions.WrongPassword)
	}},
	{"Moe", "Nomail", actions.CauseEmailMissing, func(s *scene) { delete(s.user, "email"); s.tried(22, actions.WrongPassword) }},
	{"Lea", "Listed", actions.CauseEmailSuppressed, func(s *scene) {
		s.event("suppression", map[string]any{"id": nil, "address": s.who.email(), "list": "block", "since": s.ago(40 * day)})
		s.tried(26, actions.WrongPassword)
	}},
	{"Ben", "Bounce", actions.CauseEmailBounced, func(s *scene) {
		s.tried(55, actions.WrongPassword)
		s.mailed(40, actions.DeliveryPasswordReset, actions.Bounced)
	}},
	{"Tess", "Texter", actions.CauseSMSUndelivered, func(s *scene) {
		s.coded(30, actions.ChannelSMS)
		s.event("delivery", map[string]any{"address": s.user["mobile"], "kind": "code", "status": "failed", "at": s.ago(29), "detail": "unknown subscriber"})
	}},
	{"Del", "Later", actions.CauseEmailDelayed, func(s *scene) {
		s.tried(50, actions.WrongPassword)
		s.mailed(35, actions.DeliveryPasswordReset, actions.Deferred)
	}},
	{"Rob", "Late", actions.CauseResetLinkExpired, func(s *scene) { s.link(200, 140, 0) }},
	{"Scan", "Mailgate", actions.CauseResetLinkConsumed, func(s *scene) { s.link(90, 0, 89.8); s.tried(60, actions.WrongPassword) }},
	{"Ugo", "Unread", actions.CauseEmailUnseen, func(s *scene) {
		s.tried(75, actions.WrongPassword)
		s.mailed(70, actions.DeliveryPasswordReset, actions.Delivered)
	}},
	{"Otto", "Quiet", actions.CauseOptedOut, func(s *scene) {
		s.user["opted_out"] = []string{"sms"}
		s.coded(20, actions.ChannelSMS)
		s.tried(8, actions.CodeExpired)
	}},
	{"Vera", "Tunnel", actions.CauseVPNInterference, func(s *scene) {
		s.tried(9*day, actions.Success)
		s.tried(17, actions.CodeWrong, "vpn", true, "ip", "192.0.2.55")
	}},
	{"Mia", "Factor", actions.CauseMFAFailed, one(actions.MFAFailed)},
	{"Sue", "Older", actions.CauseCodeSuperseded, func(s *scene) {
		s.coded(15, actions.ChannelEmail)
		s.coded(12, actions.ChannelEmail)
		s.tried(10, actions.CodeSuperseded)
	}},
	{"Cody", "Slow", actions.CauseCodeExpired, func(s *scene) { s.coded(40, actions.ChannelEmail); s.tried(20, actions.CodeExpired) }},
	{"Tia", "Typo", actions.CauseCodeWrong, func(s *scene) { s.coded(9, actions.ChannelEmail); s.tried(6, actions.CodeWrong) }},
	{"Inka", "Cognito", actions.CauseDeviceUnrecognised, func(s *scene) {
		for i := range 3 {
			at := float64((i + 1) * day)
			s.event("code", map[string]any{"user_id": s.who.id(), "channel": "email", "sent_at": s.ago(at + 2), "used_at": s.ago(at)})
			s.tried(at, actions.Success, "device_id", fmt.Sprintf("private-%d", i))
		}
	}},
	{"Nik", "Notyet", actions.CauseNotPublished, one(actions.NotPublished)},
	{"Wanda", "Writer", actions.CauseUnknownUsername, func(s *scene) {
		s.event("attempt", map[string]any{"at": s.ago(11), "identifier": "wanda.witer", "outcome": "unknown_username", "ip": atHome})
	}},
	{"Shay", "Suspect", actions.CauseSharingSuspected, func(s *scene) {
		for i := range 5 {
			s.tried(float64(150-20*i), actions.Success, "ip", fmt.Sprintf("198.18.%d.9", i))
		}
	}},
	{"Zoe", "Zero", actions.CauseNoAttemptsSeen, func(*scene) {}},
	{"Finn", "Fine", actions.CauseLooksFine, func(s *scene) { s.tried(6, actions.WrongPassword); s.tried(2, actions.Success) }},
	{"Mira", "Mystery", actions.CauseUnexplained, one(actions.UnknownUsername)},
}

// link is a reset link: sent, run out and used so many minutes ago; 0 for not.
func (s *scene) link(sent, expired, used float64) {
	fields := map[string]any{"user_id": s.who.id(), "sent_at": s.ago(sent), "expires_at": s.ago(expired)}
	if expired == 0 {
		fields["expires_at"] = s.ago(-hour)
	}
	if used != 0 {
		fields["used_at"], fields["used_ip"] = s.ago(used), "192.0.2.10"
	}
	s.event("reset_link", fields)
}

// hammered are failures by a stranger, every twelve seconds.
func hammered(s *scene, minutes float64) {
	for i := range 25 {
		s.tried(minutes-float64(i)/5, actions.WrongPassword, "ip", stranger, "country", "ZZ", "device_id", nil)
	}
}

// company makes the records of everybody, as of now, as JSON Lines.
func company(now time.Time) []byte {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	write := func(kind string, fields map[string]any) {
		if kind != "" {
			fields["type"] = kind
		}
		for name, value := range fields {
			if value == nil {
				delete(fields, name)
			}
		}
		if err := enc.Encode(fields); err != nil {
			panic(fmt.Sprintf("the demo's company can't be written: %v", err)) // maps of strings, numbers and lists
		}
	}
	write("account", map[string]any{"id": "acme", "name": "Acme Ltd", "status": "active", "gateway_ids": []string{"GW1001"}})
	write("staff_network", map[string]any{"cidr": "198.51.100.0/24", "note": "support's own office"})
	for i, r := range residents {
		s := newScene(now, r, i)
		r.live(s)
		if s.account != nil {
			write("account", s.account)
			s.place["account_id"] = s.account["id"]
		}
		write("user", s.user)
		write("membership", s.place)
		for _, e := range s.events {
			write("", e)
		}
	}
	write("attempt", map[string]any{"id": "nobody-1", "at": now.Add(-4 * time.Minute).Format(time.RFC3339Nano), "identifier": mistyped, "outcome": "unknown_username", "ip": atHome})
	return out.Bytes()
}

func newScene(now time.Time, r resident, i int) *scene {
	s := &scene{now: now.UTC(), who: r}
	s.user = map[string]any{
		"id": r.id(), "username": r.username(), "email": r.email(), "email_verified": true, "status": "active",
		"mobile": fmt.Sprintf("+6141234%04d", i), "mobile_verified": true, "first_name": r.first, "last_name": r.last,
		"created_at": s.ago(400 * day), "last_login_at": s.ago(9 * day), "locale": "en-AU",
	}
	s.place = map[string]any{"user_id": r.id(), "account_id": "acme", "role": "member", "status": "active"}
	return s
}
