package store

import (
	"context"
	"strings"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// Forget removes what is older than its moment in keep.
func (t *tx) Forget(ctx context.Context, keep actions.Keep) error {
	for _, old := range []struct {
		what, query string
		before      time.Time
	}{
		{"passwords that nobody handed out", dropped(`SELECT id FROM operations WHERE ended_at < $1`, actions.SealHandout), keep.Done},
		{"bodies of secrets", dropped(`SELECT id FROM secrets WHERE expires_at < $1`, actions.SealSecret, actions.SealPassphrase), keep.Secrets},
		{"bodies of requests", dropped(`SELECT id FROM secret_requests WHERE expires_at < $1`, actions.SealRequest, actions.SealAnswer), keep.Secrets},
		{"secrets", `DELETE FROM secrets WHERE expires_at < $1`, keep.Secrets},
		{"requests for secrets", `DELETE FROM secret_requests WHERE expires_at < $1`, keep.Secrets},
		{"claims", `DELETE FROM inbox WHERE at < $1`, keep.Requests},
		{"tickets", `DELETE FROM tickets WHERE at < $1`, keep.Requests},
		{"parked requests", `DELETE FROM parked WHERE at < $1`, keep.Requests},
		{"delivered messages", `DELETE FROM outbox WHERE delivered_at < $1`, keep.Requests},
		{"paces", `DELETE FROM paces WHERE free_at < $1`, keep.Requests},
		{"events of cases", `DELETE FROM case_events WHERE case_id IN (` + oldCases + `)`, keep.Cases},
		{"followers of cases", `DELETE FROM case_followers WHERE case_id IN (` + oldCases + `)`, keep.Cases},
		{"cases", `DELETE FROM cases WHERE ` + oldCase, keep.Cases},
		{"places of cases", `DELETE FROM places WHERE at < $1 AND ` + ofCases, keep.Cases},
		{"passwords of temporary admins", dropped(`SELECT operation FROM temp_admins WHERE `+oldAdmin, actions.SealAdmin), keep.Admins},
		{"temporary admins", `DELETE FROM temp_admins WHERE ` + oldAdmin, keep.Admins},
		{"places of temporary admins", `DELETE FROM places WHERE at < $1 AND ` + ofAdmins, keep.Admins},
		{"places of messages", `DELETE FROM places WHERE at < $1 AND NOT ` + ofCases + ` AND NOT ` + ofAdmins, keep.Runs},
		{"runs of jobs", `DELETE FROM job_runs WHERE period < $1`, keep.Runs},
		{"watches", `DELETE FROM watches WHERE judgement = '' AND ended_at < $1`, keep.Watches},
		{"judged watches", `DELETE FROM watches WHERE judgement <> '' AND ended_at < $1`, keep.Judged},
		{"customers of bulk unlocks", `DELETE FROM bulk_items WHERE operation IN (SELECT id FROM operations WHERE ended_at < $1)`, keep.Done},
		{"incidents", `DELETE FROM incidents WHERE at < $1 AND ended_at < $1`, keep.Done},
		{"operations", `DELETE FROM operations WHERE ended_at < $1`, keep.Done},
		{"approvals", `DELETE FROM approvals WHERE until < $1`, keep.Done},
		{"verifications", `DELETE FROM verifications WHERE at < $1`, keep.Done},
		{"links that waited to be mailed", dropped(`SELECT id FROM mails WHERE `+oldMail, actions.SealMail), keep.Done},
		{"messages to customers", `DELETE FROM mails WHERE ` + oldMail, keep.Done},
		{"released brakes", `DELETE FROM brakes WHERE released_at < $1`, keep.Done},
		{"links", `DELETE FROM one_time_links WHERE expires_at < $1`, keep.Links},
		{"codes of links", `DELETE FROM link_codes WHERE expires_at < $1`, keep.Links},
		{"changes", `DELETE FROM changes WHERE at < $1 AND seq <= (SELECT acknowledged FROM change_head)`, keep.Changes},
	} {
		if _, err := t.exec(ctx, old.query, at(old.before)); err != nil {
			return failed("forgetting old "+old.what, err)
		}
	}
	return nil
}

// oldCase is what a case must be that is forgotten: it was opened before it was
// resolved, and by that is found.
const (
	oldCase  = resolved + ` AND resolved_at < $1 AND at < $1`
	oldCases = `SELECT id FROM cases WHERE ` + oldCase
)

// oldMail is what a message to a customer must be that is forgotten: it is out, or never
// will be, and what it was sent for is forgotten, too.
const oldMail = `at < $1 AND state <> '` + string(actions.MailQueued) + `'
	AND NOT EXISTS (SELECT 1 FROM operations WHERE operations.id = mails.operation)`

// ofCases is what a place must be of a case's card, which is redrawn for as long as
// the case is there: without it there would be two.
const ofCases = `kind IN ('` + string(actions.OutgoingCase) + `', '` + string(actions.OutgoingCaseAgent) + `', '` +
	string(actions.OutgoingCaseThread) + `')`

// oldAdmin is what a temporary admin must be that is forgotten. It was asked for
// before it ended, and by that is found.
const oldAdmin = adminOver + ` AND coalesce(ended_at, ending_at, at) < $1 AND at < $1`

// ofAdmins is what a place must be of a temporary admin's card: one that a customer is
// reminded of is redrawn for months.
const ofAdmins = `kind IN ('` + string(actions.OutgoingAdmin) + `', '` + string(actions.OutgoingAdminLeads) + `')`

// dropped is the statement that removes what lies sealed for a purpose and one of
// the records that a query finds.
func dropped(records string, purposes ...actions.Purpose) string {
	quoted := make([]string, len(purposes))
	for i, purpose := range purposes {
		quoted[i] = "'" + string(purpose) + "'"
	}
	return `DELETE FROM secret_bodies WHERE purpose IN (` + strings.Join(quoted, ", ") + `) AND id IN (` + records + `)`
}
