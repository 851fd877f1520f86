package blocks

import (
	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
)

// goingOn are the buttons for what comes next.
func goingOn(r actions.OperationReport) []slack.Block {
	op := r.Operation
	waits := op.State == actions.OperationAsked || op.State == actions.OperationOwner
	withdraw := offer{may: waits, label: labelOf(actions.ActWithdraw), action: WithdrawAction, value: op.ID}
	switch {
	case r.Bulk != nil:
		return rows(withdraw, offer{may: true, label: "Show customers", action: IncidentPeopleAction, value: refOf(r.Bulk.Incident.ID)}, showLeftOut(&r))
	case r.Admin != nil:
		return rows(withdraw)
	}
	handOut := offer{may: r.Handout == actions.HandoutWaits, label: "Make the one-time link", action: HandOutAction, value: op.ID, style: slack.StylePrimary}
	if gone(r.Person) {
		return rows(withdraw, handOut)
	}
	return rows(
		withdraw, handOut,
		offer{may: op.State == actions.OperationDone && op.Act != actions.ActHandOver, label: "Tell me when they're in", action: WatchAction, value: subject(r)},
		offer{may: op.State.Final(), label: "Diagnose again", action: DiagnoseAction, value: subject(r)},
		offer{
			may: r.Undoable, label: labelOf(actions.ActUndoReinvite), action: UndoReinviteAction, value: op.ID,
			confirm: asks[actions.ActUndoReinvite],
		})
}

// subject is who the customer is now: after delete and re-invite, the new
// profile.
func subject(r actions.OperationReport) string {
	if r.Operation.State == actions.OperationDone && r.Operation.Params.NewID != "" {
		return r.Operation.Params.NewID
	}
	return r.Operation.Subject
}
