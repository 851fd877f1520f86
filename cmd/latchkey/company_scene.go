package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// scene is where a resident's records are made. Times are minutes before now.
type scene struct {
	now    time.Time
	who    *resident
	nth    int
	user   map[string]any
	place  map[string]any
	events []map[string]any
}

const (
	hour = 60
	day  = 24 * hour
)

// Where people log in from that isn't their own network.
const (
	stranger = "192.0.2.66"
	office   = "198.51.100.20" // support's own
)

func newScene(now time.Time, r *resident, nth int) *scene {
	s := &scene{now: now, who: r, nth: nth}
	s.user = map[string]any{
		"id": r.id(), "username": r.username(), "email": r.email(), "email_verified": true, "status": "active",
		"mobile": r.mobile(nth), "mobile_verified": true, "first_name": r.first, "last_name": r.last,
		"created_at": s.ago(400 * day), "last_login_at": s.ago(9 * day), "locale": r.region().locale,
	}
	s.place = map[string]any{"user_id": r.id(), "account_id": r.account().id, "role": "member", "status": "active"}
	return s
}

// ip is the address of their own, at home.
func (s *scene) ip() string { return fmt.Sprintf("203.0.113.%d", 10+s.nth) }

func (s *scene) ago(minutes float64) time.Time {
	return s.now.Add(-time.Duration(minutes * float64(time.Minute)))
}

func (s *scene) event(kind string, fields map[string]any) {
	if _, named := fields["id"]; !named {
		fields["id"] = fmt.Sprintf("%s-%s-%d", s.who.id(), kind, len(s.events))
	}
	s.events = append(s.events, present(kind, fields))
}

// usual are the logins of the two weeks before their trouble, once or twice on
// most days, now and then with a wrong password first; none for who never came.
func (s *scene) usual() {
	if s.who.until == 0 {
		return
	}
	for d := 13; d >= s.who.until; d-- {
		began := float64(d*day + (s.nth*37+d*53)%(5*hour))
		switch (s.nth + d) % 6 {
		case 0:
			continue
		case 1, 3:
			s.tried(began+1, actions.WrongPassword)
		case 2:
			s.tried(began-2*hour, actions.Success)
		}
		s.tried(began, actions.Success)
		s.user["last_login_at"] = s.ago(began)
	}
}

// tried is an attempt of theirs; more sets or adds fields, name and value in
// turn.
func (s *scene) tried(minutes float64, outcome actions.Outcome, more ...any) {
	fields := map[string]any{
		"at": s.ago(minutes), "identifier": s.who.username(), "user_id": s.who.id(), "outcome": outcome,
		"ip": s.ip(), "country": s.who.region().country, "device_id": s.who.id() + "-laptop", "user_agent": "Firefox/140.0",
	}
	for pair := range slices.Chunk(more, 2) {
		fields[pair[0].(string)] = pair[1]
	}
	s.event("attempt", fields)
}

// missed are wrong passwords, half a minute apart, the last so many minutes
// ago.
func (s *scene) missed(times int, minutes float64) {
	for i := range times {
		s.tried(minutes+float64(times-1-i)/2, actions.WrongPassword)
	}
}

// hammered are failures by a stranger, every twelve seconds.
func (s *scene) hammered(minutes float64) {
	for i := range 25 {
		s.tried(minutes-float64(i)/5, actions.WrongPassword, "ip", stranger, "country", "ZZ", "device_id", nil, "user_agent", "curl/8.5.0")
	}
}

func (s *scene) locked(minutes float64, kind actions.LockKind, more ...any) {
	fields := map[string]any{"user_id": s.who.id(), "kind": kind, "at": s.ago(minutes)}
	for pair := range slices.Chunk(more, 2) {
		fields[pair[0].(string)] = pair[1]
	}
	s.event("lock", fields)
}

func (s *scene) mailed(minutes float64, kind actions.DeliveryKind, status actions.DeliveryStatus, detail string) {
	s.event("delivery", map[string]any{"address": s.who.email(), "kind": kind, "status": status, "at": s.ago(minutes), "detail": detail})
}

// listed puts their address on a list that holds mail back, so many days ago.
func (s *scene) listed(list actions.SuppressionList, days float64, reason string) {
	s.event("suppression", map[string]any{"id": nil, "address": s.who.email(), "list": list, "since": s.ago(days * day), "reason": reason})
}

// coded is a code that was sent and held for ten minutes.
func (s *scene) coded(minutes float64, channel actions.Channel) {
	s.event("code", map[string]any{
		"user_id": s.who.id(), "channel": channel, "sent_at": s.ago(minutes), "expires_at": s.ago(minutes - 10),
	})
}

// link is a reset link: sent, run out and used so many minutes ago; 0 for not.
func (s *scene) link(sent, expired, used float64) {
	fields := map[string]any{"user_id": s.who.id(), "sent_at": s.ago(sent), "expires_at": s.ago(expired)}
	if expired == 0 {
		fields["expires_at"] = s.ago(-day)
	}
	if used != 0 {
		fields["used_at"], fields["used_ip"] = s.ago(used), "192.0.2.10"
	}
	s.event("reset_link", fields)
}

// one is a single attempt of this morning.
func one(outcome actions.Outcome) func(*scene) {
	return func(s *scene) { s.tried(12, outcome) }
}

// resident is somebody of the company and why they can't log in.
type resident struct {
	first, last string
	at          string // the ID of their account
	cause       actions.Cause
	says        string // what they say on the telephone, or what is special about them
	until       int    // their usual logins end so many days ago; 0: there are none
	live        func(*scene)
}

// id is made of the first name, and of the account where two are called the
// same.
func (r *resident) id() string {
	id := "u-" + latin.Replace(strings.ToLower(r.first))
	if r.at != twinsFirst && r.username() == twins {
		id += "-" + r.at
	}
	return id
}

func (r *resident) account() *account { return accountOf(r.at) }
func (r *resident) region() *region   { return regionOf(r.account().home) }

// mobile is the number of the nth resident; the crowd has those that follow.
func (r *resident) mobile(nth int) string { return r.region().mobile(1000 + nth) }

func (r *resident) username() string { return loginName(r.first, r.last) }
func (r *resident) email() string {
	return latin.Replace(strings.ToLower(r.first)) + "@" + r.account().domain
}
