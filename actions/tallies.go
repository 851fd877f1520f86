package actions

import "time"

// OutboxState says where a message is that isn't delivered yet.
type OutboxState string

// The states of a message in the outbox.
const (
	OutboxWaiting  OutboxState = "waiting"   // for its time, or its turn
	OutboxUnderWay OutboxState = "under_way" // somebody has it, or had it when they ended
	OutboxDead     OutboxState = "dead"      // a dead letter
)

// OutboxStates are all of them.
var OutboxStates = []OutboxState{OutboxWaiting, OutboxUnderWay, OutboxDead}

// SecretStates are all states of a secret.
var SecretStates = []SecretState{SecretLive, SecretRevealed, SecretExpired, SecretRevoked, SecretLocked}

// Tallies are what operators watch of a whole installation, as all its servers see it:
// numbers and times, and nothing of a customer's.
type Tallies struct {
	// Outbox is how many messages there are, by state; a missing state is 0, here and in
	// the others.
	Outbox map[OutboxState]int
	// Oldest is since when the oldest message has waited that is neither delivered nor
	// a dead letter: since it was due the first time; zero without one.
	Oldest time.Time
	// Jobs is when each job that runs once in a period last ended well. What never did
	// isn't in it.
	Jobs map[string]time.Time
	// Cases is how many cases there are, by state as the package escalation names it,
	// and Secrets how many one-time secrets.
	Cases   map[string]int
	Secrets map[SecretState]int
}
