package storetest

import (
	"testing"

	"github.com/latchkey-bot/latchkey/actions"
)

func testAdmins(t *testing.T) { each(t, adminsOfAccounts) }

func adminsOfAccounts(t *testing.T, s *site) {
	place := func(user, account, role string, status actions.MembershipStatus) actions.Membership {
		return actions.Membership{UserID: user, AccountID: account, Role: role, Status: status}
	}
	bodies := []any{actions.Account{ID: "acc-1"}, actions.Account{ID: "acc-2"}, actions.Account{ID: "acc-3"}}
	for _, id := range []string{"second", "first", "member", "gone", "other"} {
		bodies = append(bodies, person(id, id))
	}
	s.put(t, append(bodies, place("first", "acc-1", "admin", actions.MembershipActive), place("second", "acc-2", "admin", actions.MembershipActive),
		place("second", "acc-1", "admin", actions.MembershipActive), place("member", "acc-1", "member", actions.MembershipActive),
		place("gone", "acc-1", "admin", actions.MembershipDeactivated), place("other", "acc-3", "admin", actions.MembershipActive))...)
	for _, row := range []struct{ accounts, want []string }{
		{[]string{"acc-1", "acc-2"}, []string{"second", "first"}}, {[]string{"acc-3"}, []string{"other"}},
		{[]string{"acc-4\x00"}, []string{}}, {nil, []string{}},
	} {
		got, err := s.Admins(t.Context(), row.accounts)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "the admins", userIDs(got), row.want)
	}
}
