package actions

import (
	"slices"
	"testing"
)

func TestRolesOf(t *testing.T) {
	for name, row := range map[string]struct {
		given []Role
		has   []Role
	}{
		"None":      {nil, nil},
		"Agent":     {[]Role{RoleAgent}, []Role{RoleAgent}},
		"L2":        {[]Role{RoleL2}, []Role{RoleAgent, RoleL2}},
		"Lead":      {[]Role{RoleLead}, []Role{RoleAgent, RoleLead}},
		"L2AndLead": {[]Role{RoleL2, RoleLead}, []Role{RoleAgent, RoleL2, RoleLead}},
		"Admin":     {[]Role{RoleAdmin}, []Role{RoleAgent, RoleL2, RoleLead, RoleAdmin}},
	} {
		t.Run(name, func(t *testing.T) {
			want := map[Role]bool{}
			for _, role := range row.has {
				want[role] = true
			}
			for _, role := range []Role{RoleAgent, RoleL2, RoleLead, RoleAdmin} {
				if got := RolesOf(row.given...).Has(role); got != want[role] {
					t.Errorf("%v has %s: %t", row.given, role, got)
				}
			}
		})
	}
}

func TestMay(t *testing.T) {
	for _, role := range []Role{RoleAgent, RoleL2, RoleLead, RoleAdmin} {
		if !May(RolesOf(role), ActDiagnose) || !May(RolesOf(role), ActHelp) {
			t.Errorf("%s may not look", role)
		}
		if May(RolesOf(role), "release_the_hounds") {
			t.Errorf("%s may do what isn't in the policy", role)
		}
	}
	for act := range policy {
		if May(RolesOf(), act) {
			t.Errorf("nobody may %s", act)
		}
	}
}

func TestRuleFor(t *testing.T) {
	if rule, ok := RuleFor(ActDiagnose); !ok || rule.Roles != Roles(RoleAgent) || rule.Writes {
		t.Errorf("the rule is %+v, %t", rule, ok)
	}
	if _, ok := RuleFor("release_the_hounds"); ok {
		t.Error("there is a rule for what nobody may do")
	}
}

func TestRuleAllows(t *testing.T) {
	for name, row := range map[string]struct {
		rule  Roles
		roles []Role // who may, of those below
	}{
		"Nobody":   {0, nil},
		"Agent":    {Roles(RoleAgent), []Role{RoleAgent, RoleL2, RoleLead, RoleAdmin}},
		"L2OrLead": {Roles(RoleL2 | RoleLead), []Role{RoleL2, RoleLead, RoleAdmin}},
		"Lead":     {Roles(RoleLead), []Role{RoleLead, RoleAdmin}},
		"Admin":    {Roles(RoleAdmin), []Role{RoleAdmin}},
	} {
		t.Run(name, func(t *testing.T) {
			rule := Rule{Roles: row.rule}
			for _, role := range []Role{RoleAgent, RoleL2, RoleLead, RoleAdmin} {
				if got := rule.Allows(RolesOf(role)); got != slices.Contains(row.roles, role) {
					t.Errorf("%s may: %t", role, got)
				}
			}
			if rule.Allows(RolesOf()) {
				t.Error("somebody without a role may")
			}
		})
	}
}

// TestAsideActs: what helps a customer is told to colleagues, and so is that
// somebody looked; reading the same answer further isn't, nor is waiting.
func TestAsideActs(t *testing.T) {
	want := []Act{
		ActApprove, ActAsk, ActCaseHandOver, ActCaseLook, ActClaim, ActDecline, ActDraftMail, ActHandBack, ActHandShift, ActHistory, ActHome, ActJudge,
		ActLast, ActOperation, ActReopen, ActReply, ActSecretHandout, ActSecretLook, ActSecretOpen, ActSecretRevoke, ActSecretShow,
		ActShare, ActAdminLook, ActAdminSecret, ActTicketNote, ActVerify, ActWatch, ActWithdraw,
	}
	if got := AsideActs(); !slices.Equal(got, want) {
		t.Errorf("aside are %v, want %v", got, want)
	}
}
