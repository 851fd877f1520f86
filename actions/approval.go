package actions

import (
	"context"
	"time"
)

// ApprovalState says what a second person said.
type ApprovalState string

// The states of an approval; all but the first are final.
const (
	ApprovalAsked    ApprovalState = "asked"
	ApprovalGiven    ApprovalState = "given"
	ApprovalDeclined ApprovalState = "declined"
	ApprovalExpired  ApprovalState = "expired" // nobody answered in time, or By took back what they were asked about
)

// Approval is the question to a second person whether an operation may be
// carried out. The first who answers decides.
type Approval struct {
	ID        string
	Operation string   // its ID
	Asked     []string // Slack IDs of those who were asked so far
	State     ApprovalState
	By        string // who decided, or took it back
	At        time.Time
	Until     time.Time // 30 minutes after At
	WidenAt   time.Time // when everybody else is asked, too; zero once they were
	DecidedAt time.Time
}

// The times of an approval.
const (
	approvalTime  = 30 * time.Minute
	approvalWiden = 10 * time.Minute // then the others are asked, too
)

// ApprovalTx is how approvals are kept.
type ApprovalTx interface {
	StartApproval(ctx context.Context, a Approval) error
	// Approval returns an approval, locked until the transaction ends; NotFound
	// without one.
	Approval(ctx context.Context, id string) (Approval, error)
	// DecideApproval stores State, By, DecidedAt of one that is asked; decided is
	// false when somebody was faster.
	DecideApproval(ctx context.Context, a Approval) (decided bool, err error)
	// WidenApproval stores Asked and clears WidenAt.
	WidenApproval(ctx context.Context, a Approval) error
}

// ApprovalReads is how approvals are read outside a transaction.
type ApprovalReads interface {
	ApprovalByID(ctx context.Context, id string) (Approval, error)
	// ApprovalOf returns the approval of an operation; found is false without one.
	ApprovalOf(ctx context.Context, operation string) (a Approval, found bool, err error)
	// OpenApprovals returns those that are asked, oldest first, at most limit.
	OpenApprovals(ctx context.Context, limit int) ([]Approval, error)
}

// Staff knows the company's people: the bot, which asks Slack.
type Staff interface {
	// RolesOf returns the roles that somebody holds now, asked anew.
	RolesOf(ctx context.Context, id string) (Roles, error)
	// Leads returns the Slack IDs of the leads and admins who are members in good
	// standing: those on duty (present, and in their working hours) and the others.
	Leads(ctx context.Context) (onDuty, others []string, err error)
}
