package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
)

// The company of the demo: made up, a few thousand people with a login, and
// among them the residents, each with a reason of their own why they can't log
// in. The records are made afresh for the moment the demo starts, and take the
// same way in as everybody's; the same moment makes the same company.
//
// A map: company.go writes it down; company_accounts.go has the accounts,
// company_people.go the names, company_crowd.go the many and their traffic;
// company_residents.go has the residents, company_scene.go what can happen to
// one, company_trials.go what a visitor may type.

// ledger is the company, as JSON Lines.
type ledger struct {
	lines bytes.Buffer
	enc   *json.Encoder
}

// company makes the records of everybody, as of now.
func company(now time.Time) []byte { return companyOf(newCrowd(now)) }

// companyOf writes down the accounts, the residents as of the crowd's moment,
// and the crowd.
func companyOf(c *crowd) []byte {
	l, now := &ledger{}, c.now
	l.enc = json.NewEncoder(&l.lines)
	for i := range accounts {
		l.write(accounts[i].record(now))
	}
	l.write(map[string]any{"type": "staff_network", "cidr": "198.51.100.0/24", "note": "support's own office"})
	for i := range residents {
		l.resident(now, &residents[i], i)
	}
	l.write(attemptRecord{
		Type: "attempt", ID: "nobody-1", At: now.Add(-4 * time.Minute), Identifier: mistyped, Outcome: "unknown_username", IP: "203.0.113.99", Country: "AU",
	})
	l.crowd(c)
	return l.lines.Bytes()
}

// write appends a record: a struct, or a map whose empty fields were left out.
func (l *ledger) write(record any) {
	if err := l.enc.Encode(record); err != nil {
		panic(fmt.Sprintf("the demo's company can't be written: %v", err)) // strings, numbers, times and lists of them
	}
}

// resident writes down one of the residents, and what happened to them.
func (l *ledger) resident(now time.Time, r *resident, i int) {
	s := newScene(now, r, i)
	s.usual()
	r.live(s)
	l.write(present("user", s.user))
	l.write(present("membership", s.place))
	for _, e := range s.events {
		l.write(e)
	}
}

// present is a record of the type without the fields that are nil.
func present(kind string, fields map[string]any) map[string]any {
	fields["type"] = kind
	for name, value := range fields {
		if value == nil {
			delete(fields, name)
		}
	}
	return fields
}

// attemptRecord is an attempt as it is written down.
type attemptRecord struct {
	Type       string    `json:"type"`
	ID         string    `json:"id"`
	At         time.Time `json:"at"`
	Identifier string    `json:"identifier"`
	UserID     string    `json:"user_id,omitempty"`
	Outcome    string    `json:"outcome"`
	IP         string    `json:"ip,omitempty"`
	Country    string    `json:"country,omitempty"`
	DeviceID   string    `json:"device_id,omitempty"`
	UserAgent  string    `json:"user_agent,omitempty"`
}
