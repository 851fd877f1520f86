package escalation

import (
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// Kind says what a case is about.
type Kind string

// The kinds of case.
const (
	Blocklist Kind = "blocklist" // is the address on a list that holds mail back? (RULES S4.9)
	Account   Kind = "account"   // the account or the user is in a state that support can't mend
	Security  Kind = "security"  // under attack, taken over, a blocked network
	Delivery  Kind = "delivery"  // mail or texts don't arrive, for another reason than a list
	Other     Kind = "other"
)

// Kinds lists them, in the order in which they are offered.
func Kinds() []Kind { return []Kind{Blocklist, Account, Security, Delivery, Other} }

// Priority says how much of a hurry a case is in.
type Priority string

// The priorities.
const (
	Normal Priority = "normal"
	Urgent Priority = "urgent"
)

// State is where a case stands.
type State string

// The states. A resolved case is opened again within [ReopenTime].
const (
	Open            State = "open"    // nobody has claimed it
	Claimed         State = "claimed" // by ClaimedBy, as in the two that follow
	WaitingAgent    State = "waiting_agent"
	WaitingCustomer State = "waiting_customer" // the time for the resolution stands still
	Resolved        State = "resolved"
)

// ReopenTime is how long after its resolution a case can be opened again.
const ReopenTime = 14 * 24 * time.Hour

// Outcome is what came of a case.
type Outcome string

// The outcomes. Cases that aren't about lists ([Kind.Listed]) have OutcomeOther.
const (
	ListedRemoved Outcome = "listed_removed"
	ListedKept    Outcome = "listed_kept"
	NotListed     Outcome = "not_listed"
	OutcomeOther  Outcome = "other"
)

// Listed reports whether what is asked is about a list, so that all outcomes fit.
func (k Kind) Listed() bool { return k == Blocklist || k == Delivery }

// Case is an escalation.
type Case struct {
	ID       string // [A-Z2-7]+
	Kind     Kind
	Priority Priority
	State    State
	// Agent is the Slack ID of whose case it is on the agents' side: who opened it,
	// or whom it was handed to. Others who escalate the same follow it.
	Agent string
	// UserID is the customer's; "" when nobody on record has the address.
	UserID string
	// Address is the e-mail address in full, which L2 must search for; "" for none.
	Address string
	Gateway string // Gateway ID of the account
	Reason  string // why it was escalated
	Ticket  string
	// Channel is the Slack ID of L2's channel, where its card stands. When the company
	// chose another one, the case moves there with its next change, or with time.
	Channel string
	Facts   Facts // what was known when it was opened

	ClaimedBy string // Slack ID; "" while open. Of a resolved case, who had it
	ClaimedAt time.Time
	// Offered: whoever claimed it wasn't heard of for too long, so that others may
	// claim it.
	Offered bool
	HeardAt time.Time // when whoever claimed it was last heard of

	Outcome    Outcome
	Note       string // what L2 found and did
	ResolvedBy string
	ResolvedAt time.Time

	Delisting string // ID of the newest operation that takes the address off lists; ""
	// Unreached says why L2's channel doesn't take the card, and what to do; "" when
	// it does.
	Unreached string

	First      Clock // until the first claim
	Resolution Clock
	Events     int // how many there are: the number of the newest
	At         time.Time
	ChangedAt  time.Time
	// Due is when time alone changes something: a reminder, an offer, a nudge, the end
	// of reopening. Zero: never.
	Due time.Time
}

// Key names what a case is about: of the open cases no two have the same. It is the
// kind with the address, or else with the user's ID.
func (c Case) Key() string {
	if c.Address != "" {
		return string(c.Kind) + " " + actions.AddressKey(c.Address)
	}
	return string(c.Kind) + " user " + c.UserID
}

// EventKind says what happened to a case.
type EventKind string

// The kinds of event.
const (
	EventOpened      EventKind = "opened"      // Text: the reason
	EventJoined      EventKind = "joined"      // somebody else escalated the same; Text: their reason
	EventClaimed     EventKind = "claimed"     // To: whom it was taken over from
	EventHandedBack  EventKind = "handed_back" // To: who had it
	EventAsked       EventKind = "asked"       // Text: the question; To: the agent whose case it is
	EventReplied     EventKind = "replied"     // Text: the answer, or more to know, from who escalates the same again
	EventWaiting     EventKind = "waiting"     // for the customer; Text, and To, as of asked or replied
	EventResolved    EventKind = "resolved"    // Text: the note
	EventReopened    EventKind = "reopened"
	EventHandedOver  EventKind = "handed_over"  // To: the colleague
	EventReminded    EventKind = "reminded"     // by time; see Level
	EventOffered     EventKind = "offered"      // by time; To: who had it
	EventHeard       EventKind = "heard"        // L2 wrote in the thread; what they wrote isn't kept
	EventDelisting   EventKind = "delisting"    // began, or waits for a second person
	EventDelisted    EventKind = "delisted"     // and read back
	EventNotDelisted EventKind = "not_delisted" // Text: why
	EventUnreached   EventKind = "unreached"    // by Slack; Text: why, and what to do
	// EventReached: L2's channel takes the card again. With To, the ID of that channel,
	// the case moved there, since L2's channel is another one now.
	EventReached EventKind = "reached_again"
	// EventUrgent: a normal case became urgent, since Actor escalated the same as urgent.
	// Its service level is another one from now on.
	EventUrgent EventKind = "raised"
	// EventNudged: by time; the customer's answer has been waited for so long that To,
	// the agent whose case it is, should ask them again.
	EventNudged EventKind = "nudged"
	// EventAgentUnreached: by Slack; To is the agent whose case it is, who can't be
	// reached any more. Text: why, and what to do.
	EventAgentUnreached EventKind = "agent_unreached"
)

// Event is one thing that happened to a case. All of them, in their order, are its
// history.
type Event struct {
	Case  string
	Seq   int // from 1 on
	Kind  EventKind
	Actor string // Slack ID; "" for what time or Slack did
	At    time.Time
	Text  string
	To    string // Slack ID
	// Of reminded: which clock ("first" or "resolution") and how far it had come.
	Clock string
	Level Reminder
}

// Follower is an agent who is told what becomes of a case.
type Follower struct {
	Case  string
	Agent string
	// Channel and Thread are where they escalated from, when that was a thread.
	Channel, Thread string
	Ticket          string
	At              time.Time
}

// Facts are what was known when a case was opened, for L2.
type Facts struct {
	Person   *actions.Person   `json:"person,omitempty"` // masked
	Findings []actions.Finding `json:"findings,omitempty"`
	Lists    []actions.Listing `json:"lists,omitempty"`
	// LastMail is the newest mail to the address, nil when none is on record.
	LastMail *Mail `json:"last_mail,omitempty"`
	// Before is the ID of a case about the same that was resolved in the last 14
	// days, or "".
	Before string `json:"before,omitempty"`
}

// Mail is a message to an address, and what became of it.
type Mail struct {
	Kind   actions.DeliveryKind   `json:"kind"`
	Status actions.DeliveryStatus `json:"status"`
	At     time.Time              `json:"at"`
	Detail string                 `json:"detail,omitempty"`
}
