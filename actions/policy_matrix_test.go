package actions

import (
	"fmt"
	"strings"
	"testing"
)

// mayNot, in a row of the matrix: this role may not.
const mayNot = "may not"

// matrix is who may do what, as the company wrote it down: for an agent, an L2, a
// lead and an admin what each needs. r: a reason; v: the caller verified, or
// vouched for; V: the same, and vouching needs a second person; 2: a second
// person; o: one when no contact on file could confirm; c: one when the customer is
// protected or their contact changed lately.
var matrix = map[Act][4]string{
	ActDiagnose:   {"", "", "", ""},
	ActHelp:       {"", "", "", ""},
	ActHistory:    {"", "", "", ""},
	ActTicketNote: {"", "", "", ""},
	ActShare:      {"", "", "", ""},
	ActWatch:      {"", "", "", ""},
	ActJudge:      {"", "", "", ""},
	ActLast:       {"", "", "", ""},
	ActDraftMail:  {"", "", "", ""},
	ActOperation:  {"", "", "", ""},
	ActVerify:     {"", "", "", ""},
	ActWithdraw:   {"", "", "", ""},
	ActHandOver:   {"", "", "", ""},

	ActUnlock:           {"rc", "rc", "rc", "rc"},
	ActSendReset:        {"rc", "rc", "rc", "rc"},
	ActSendUsername:     {"rc", "rc", "rc", "rc"},
	ActSendLoginLink:    {"rc", "rc", "rc", "rc"},
	ActResendInvitation: {"rc", "rc", "rc", "rc"},
	ActUnlockAttacked:   {mayNot, "rVc", mayNot, "rvc"},
	ActUnlockManual:     {mayNot, mayNot, "rc", "rc"},
	ActReenable:         {mayNot, mayNot, "rvc", "rvc"},
	ActReenableShared:   {"rV2", "rV2", "rvc", "rvc"},
	ActChangeEmail:      {"rVoc", "rVoc", "rvoc", "rvoc"},
	ActChangeMobile:     {"rVoc", "rVoc", "rvoc", "rvoc"},
	ActResetFactor:      {mayNot, mayNot, "rv2", "rv2"},
	ActReinvite:         {mayNot, mayNot, "rv2", "rv2"},
	ActSetPassword:      {mayNot, mayNot, "rv2", "rv2"},
	ActUndoReinvite:     {mayNot, mayNot, "rc", "rc"},
	ActRevokeSessions:   {mayNot, "rc", "rc", "rc"},

	ActSecret:        {"", "", "", ""},
	ActSecretRequest: {"", "", "", ""},
	ActSecretLook:    {"", "", "", ""},
	ActSecretShow:    {"", "", "", ""},
	ActSecretRevoke:  {"", "", "", ""},
	ActSecretOpen:    {"", "", "", ""},
	ActSecretHandout: {mayNot, mayNot, "", ""},
	ActRekey:         {mayNot, mayNot, mayNot, ""},

	ActEscalate:     {"r", "r", "r", "r"},
	ActCaseLook:     {"", "", "", ""},
	ActClaim:        {mayNot, "", mayNot, ""},
	ActHandBack:     {mayNot, "", mayNot, ""},
	ActAsk:          {mayNot, "", mayNot, ""},
	ActReply:        {"r", "r", "r", "r"},
	ActResolve:      {mayNot, "r", mayNot, "r"},
	ActReopen:       {mayNot, "", mayNot, ""},
	ActCaseHandOver: {"", "", "", ""},
	ActDelist:       {mayNot, "c", mayNot, "c"},
	ActCasesExport:  {mayNot, mayNot, "", ""},

	ActTempAdmin:    {"r2", "r2", "r2", "r2"},
	ActExtendAdmin:  {"r2", "r2", "r2", "r2"},
	ActAdoptAdmin:   {"r2", "r2", "r2", "r2"},
	ActAskAdmin:     {"r", "r", "r", "r"},
	ActRevokeAdmin:  {"r", "r", "r", "r"},
	ActAdminRemoved: {"r", "r", "r", "r"},
	ActAdminLook:    {"", "", "", ""},
	ActAdminSecret:  {"", "", "", ""},
	ActTargetAdd:    {mayNot, mayNot, mayNot, ""},
	ActTargetTest:   {mayNot, mayNot, mayNot, ""},
	ActTargetRemove: {mayNot, mayNot, mayNot, ""},

	ActLockouts:   {mayNot, mayNot, "", ""},
	ActBulkUnlock: {mayNot, mayNot, "r2", "r2"},
	ActHome:       {"", "", "", ""},
	ActHandShift:  {"", "", "", ""},
	ActForget:     {mayNot, mayNot, mayNot, ""},
	ActBackup:     {mayNot, mayNot, mayNot, ""},

	ActApprove:      {mayNot, mayNot, "", ""},
	ActDecline:      {mayNot, mayNot, "", ""},
	ActReleaseBrake: {mayNot, mayNot, "r", "r"},
	ActOutbox:       {mayNot, mayNot, "", ""},
	ActRetryLetter:  {mayNot, mayNot, "r", "r"},
	ActTokenCreate:  {mayNot, mayNot, mayNot, ""},
	ActTokenRevoke:  {mayNot, mayNot, mayNot, ""},
}

// verdictBy is what the matrix says of a situation in which this is needed.
func verdictBy(needs string, s Situated) Verdict {
	if needs == mayNot {
		return Denied
	}
	if strings.Contains(needs, "r") && !s.Reason {
		return NeedsReason
	}
	proof := strings.ContainsAny(needs, "vV")
	if proof && !s.Verified && !s.Attested {
		return NeedsVerified
	}
	second := strings.Contains(needs, "2") ||
		strings.Contains(needs, "V") && !s.Verified ||
		strings.Contains(needs, "o") && s.NoContact ||
		strings.Contains(needs, "c") && (s.Protected || s.Held)
	if second && !s.Approved {
		return NeedsSecond
	}
	return Granted
}

// TestPolicyMatrix asks for every act as every role, with and without all that
// may be given.
func TestPolicyMatrix(t *testing.T) {
	for act := range policy {
		if _, written := matrix[act]; !written {
			t.Errorf("nobody wrote down who may %s", act)
		}
	}
	for act, row := range matrix {
		for i, role := range []Role{RoleAgent, RoleL2, RoleLead, RoleAdmin} {
			t.Run(fmt.Sprint(act, "/", role), func(t *testing.T) {
				for bits := range 1 << 7 {
					is := func(bit int) bool { return bits&(1<<bit) != 0 }
					s := Situated{
						Act: act, Roles: RolesOf(role), Reason: is(0), Verified: is(1), Attested: is(2), Protected: is(3), Held: is(4),
						NoContact: is(5), Approved: is(6),
					}
					if got, want := Decide(s), verdictBy(row[i], s); got != want {
						t.Errorf("%+v is %s, want %s", s, got, want)
					}
				}
			})
		}
	}
}

// TestPolicyOfNobody: without a role nothing is granted, whatever is given, nor is
// what isn't in the table, to anybody.
func TestPolicyOfNobody(t *testing.T) {
	given := Situated{Reason: true, Verified: true, Attested: true, Approved: true}
	for act := range policy {
		s := given
		s.Act = act
		if got := Decide(s); got != Denied {
			t.Errorf("%s is %s to nobody", act, got)
		}
	}
	given.Act, given.Roles = "release_the_hounds", RolesOf(RoleAdmin)
	if got := Decide(given); got != Denied {
		t.Errorf("what isn't in the table is %s", got)
	}
}

// TestMayAsk: which row of the policy holds, the customer's state decides, so
// whoever one of them allows may ask.
func TestMayAsk(t *testing.T) {
	for name, row := range map[string]struct {
		act  Act
		role Role
		may  bool
	}{
		"AnAgentForSomebodyDisabled": {ActReenable, RoleAgent, true}, // after sharing, with a lead
		"AnAgentForALock":            {ActUnlock, RoleAgent, true},
		"AnAgentForANewFactor":       {ActResetFactor, RoleAgent, false},
		"AnAgentForANewProfile":      {ActReinvite, RoleAgent, false},
		"AnL2ForSessions":            {ActRevokeSessions, RoleL2, true},
		"AnL2ForAPassword":           {ActSetPassword, RoleL2, false},
		"ALeadForAPassword":          {ActSetPassword, RoleLead, true},
	} {
		t.Run(name, func(t *testing.T) {
			if got := MayAsk(RolesOf(row.role), row.act); got != row.may {
				t.Errorf("%s may ask for %s: %t", row.role, row.act, got)
			}
		})
	}
}

// TestSteps: each step is named once, and every operation has its intent and its
// outcome.
func TestSteps(t *testing.T) {
	seen := map[string]bool{}
	for _, name := range Steps() {
		if seen[name] {
			t.Errorf("%s is named twice", name)
		}
		seen[name] = true
	}
	for act, p := range procedures {
		for _, name := range []string{stepIntent, stepOutcome, stepDone} {
			if !seen[stepName(p.act, name)] {
				t.Errorf("%s has no step %s", act, name)
			}
		}
		if rule, known := RuleFor(act); !known || !rule.Writes {
			t.Errorf("%s changes something and the policy doesn't know", act)
		}
	}
}
