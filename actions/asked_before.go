package actions

import (
	"context"
	"fmt"
	"time"
)

// declinedTime is how long those who are asked hear that somebody else declined.
const declinedTime = 24 * time.Hour

// askedBefore says that another second person has declined the same for the same
// customer within a day, "" when nobody has: whoever asks one colleague after the
// other doesn't find one who knows less.
func (a *Actions) askedBefore(ctx context.Context, op Operation) (string, error) {
	begun, err := a.Store.OperationsOf(ctx, op.Subject, op.At.Add(-declinedTime), operationsRead)
	if err != nil {
		return "", err
	}
	for _, before := range begun {
		if before.ID == op.ID || before.Act.Recorded() != op.Act.Recorded() || before.State != OperationRefused || before.Approver == "" {
			continue
		}
		approval, err := a.approvalOf(ctx, before)
		if err != nil {
			return "", err
		}
		if approval != nil && approval.State == ApprovalDeclined {
			return fmt.Sprintf("<@%s> declined the same at %s, when <@%s> asked for it. Please talk to them before you answer.",
				approval.By, approval.DecidedAt.In(a.zone()).Format("15:04"), before.Actor), nil
		}
	}
	return "", nil
}
