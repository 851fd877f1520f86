package actions

import "time"

// Offer is an act that would help the customer in their present state.
type Offer struct {
	Act Act
	// First: it is a remedy of the decisive finding, so its button stands high.
	First bool
}

// Preparation is what a modal shows before an act is asked for.
type Preparation struct {
	Act    Act // the row of the policy that holds for this customer, such as unlock_attacked
	Then   Act // what follows it, "" for nothing, also when no mail can be sent
	Person Person
	Does   []string // exactly what will happen, in sentences
	Rule   Rule
	Ticket string // the one remembered for the actor, or ""
	// Verified is what proves the caller, nil when nothing does.
	Verified *Verified
	// Second says, in a sentence, why a second person will be asked; "" when none.
	Second string
	// Refused: the act can't help now, or takes somebody else; Warning says so.
	Refused bool
	// Warning is what to mind first ("No mail reaches a locked user."), or "".
	Warning string
	// Instead is the act that helps first, as the warning says, or "".
	Instead Act
	// Ways are the contacts by which a change can be confirmed.
	Ways []Way
	// Draft is the mail, to look at and change; nil when the act sends none that can
	// be changed.
	Draft *Draft
	// HoldsResets: the directory keeps resets from a changed contact for 24 h.
	HoldsResets bool
	// Handover is what is known of closed accounts (RULES S4.4); nil but for that act.
	Handover *Handover
}

// Draft is the text of a mail with its placeholders: names filled in, links not.
type Draft struct {
	Subject, Text string
	Language      string
	To            string // masked
}

// Handover is what the owner or a lead needs to know of a closed account.
type Handover struct {
	Accounts []AccountFact
	Advice   string   // what the reason means for the reply
	Searches []Search // with the query filled in
	To       string   // who will be told, in words
}

// DeadLetter is a message that could not be delivered.
type DeadLetter struct {
	ID   string
	Kind OutgoingKind
	To   string // a Slack ID, or a channel (email, sms)
	Why  string
	At   time.Time // when it was given up
}
