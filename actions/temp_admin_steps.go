package actions

// The steps of ending a temporary admin, as [Actions.Reached] is told of them.
const (
	stepAdminEnding  = "temp_admin_end:ending"  // it is to go, and nothing touched
	stepAdminDeleted = "temp_admin_end:deleted" // the target said yes, and wasn't asked again
	stepAdminLooked  = "temp_admin_end:looked"  // it isn't there, and that isn't stored
	stepAdminGone    = "temp_admin_end:gone"    // stored, with its row of the audit
)

// AdminSteps names each step of ending a temporary admin in order; those of making
// one are among [Steps].
func AdminSteps() []string {
	return []string{stepAdminEnding, stepAdminDeleted, stepAdminLooked, stepAdminGone}
}
