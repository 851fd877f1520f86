package actions

import "time"

// Incident is many customers failing the same way at once: 10 or more within an hour, and 5
// times the mean of the same hour over the last week (CAUSES.md, "Facts"). It lasts while that
// measure holds, and ends when it hasn't for 30 minutes. Who failed in one of wrong passwords and
// is told then that they are locked is still in that one.
type Incident struct {
	ID        string
	Outcome   Outcome
	At        time.Time // since when: the first failure of the hour in which it was seen
	SeenAt    time.Time // when the measure held last
	EndedAt   time.Time // zero while it lasts
	Customers int       // who failed so since At, each once
	Peak      int       // the most within an hour
	Usual     float64   // the mean of the same hour over the week before
	Shares    []Share   // what they have in common, the most telling first; at most 4
}

// ShareKind says what customers have in common.
type ShareKind string

// What customers may have in common.
const (
	ShareNetwork ShareKind = "network" // /24 or /48
	ShareAccount ShareKind = "account" // its ID
	ShareClient  ShareKind = "client"  // user agent
	ShareCountry ShareKind = "country"
	ShareVPN     ShareKind = "vpn"
)

// Share is what most of an incident's customers have in common: four in five or more.
type Share struct {
	Kind      ShareKind `json:"kind"`
	What      string    `json:"what"`         // as it is shown: a network, an account's name, a client
	ID        string    `json:"id,omitempty"` // of an account
	Customers int       `json:"customers"`
}

// IncidentReport is an incident as leads see it.
type IncidentReport struct {
	Incident Incident
	People   []Person // masked, who failed last first, at most IncidentPeople
	More     int      // how many more
	// Locked is how many of them are locked by it and could be unlocked at once.
	Locked int
	// Unlock is the bulk unlock that was asked for last, nil for none.
	Unlock *OperationReport
	Now    time.Time
	Zone   *time.Location
}

// IncidentPeople is how many customers an incident's card names.
const IncidentPeople = 10

// BulkReport says how far a bulk unlock came, and who was left out.
type BulkReport struct {
	Incident Incident
	Total    int // customers
	Done     int // unlocked
	Failed   int
	LeftOut  []LeftOut // at most LeftOutShown: failed and left out
	More     int
}

// LeftOutShown is how many of those who were left out are named.
const LeftOutShown = 20

// LeftOut is a customer who wasn't unlocked, and why in a sentence.
type LeftOut struct {
	Person Person
	Why    string
}

// LeftOutPage is a part of those whom a bulk unlock didn't unlock, in its order.
type LeftOutPage struct {
	Operation string // the bulk unlock's ID
	Incident  Incident
	Offset    int
	Total     int
	People    []LeftOut // at most LockoutPageSize
}

// BulkState is what became of one customer of a bulk unlock.
type BulkState string

// The states of a customer of a bulk unlock.
const (
	BulkWaiting BulkState = "waiting"
	BulkDone    BulkState = "done"
	BulkLeftOut BulkState = "left_out"
	BulkFailed  BulkState = "failed"
)

// BulkItem is one customer of a bulk unlock.
type BulkItem struct {
	Operation string // the bulk unlock's ID
	Seq       int
	UserID    string
	State     BulkState
	Why       string // why they were left out, or it failed
}

// IncidentFact is an incident beside the findings about one of its customers.
type IncidentFact struct {
	ID        string    `json:"id"`
	Outcome   Outcome   `json:"outcome"`
	Since     time.Time `json:"since"`
	Customers int       `json:"customers"`
}

// IncidentPage is a part of the customers of an incident, who failed last first.
type IncidentPage struct {
	Incident Incident
	Offset   int
	Total    int              // of more than IncidentMost, the others aren't on the list
	People   []IncidentPerson // at most LockoutPageSize
	Now      time.Time
	Zone     *time.Location
}

// IncidentPerson is one of an incident's customers.
type IncidentPerson struct {
	Person Person    // masked
	At     time.Time // when they failed so last
	In     bool      // they got in since
	Locked bool
}
