package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

func testAccounts(t *testing.T) {
	t.Run("Named", func(t *testing.T) { each(t, accountsNamed) })
	t.Run("Failed", func(t *testing.T) { each(t, accountsFailed) })
	t.Run("Limited", func(t *testing.T) { each(t, accountsLimited) })
}

// member makes a user with an address, and their place in an account.
func member(id, account, email string) []any {
	user := person(id, "name of "+id)
	user.Email = email
	return []any{user, actions.Membership{UserID: id, AccountID: account, Role: "member", Status: actions.MembershipActive}}
}

func company(id string, gateway ...string) actions.Account {
	return actions.Account{ID: id, Name: "Company " + id, Status: actions.AccountActive, GatewayIDs: gateway}
}

func accountID(a actions.AccountSnapshot) string { return a.Account.ID }

func accountsNamed(t *testing.T, s *site) {
	bodies := []any{company("b", "GW-77", "Shared"), company("a", "shared", "gw-7"), company("c", "123 456 7")}
	bodies = append(bodies, member("1", "a", "one@Acme.example")...)
	bodies = append(bodies, member("2", "a", "two@acme.example")...)
	bodies = append(bodies, member("3", "b", "three@acme.example")...)
	bodies = append(bodies, member("4", "b", "four@sub.acme.example")...)
	s.put(t, bodies...)
	for identifier, want := range map[string][]string{
		"gw-77": {"b"}, "GW-7": {"a"}, "gw-": {}, "SHARED": {"b", "a"}, "@acme.example": {"b", "a"}, "@ACME.Example": {"b", "a"},
		"@sub.acme.example": {"b"}, "@example": {}, "@": {}, "123 456 7": {"c"}, "%": {}, "@%": {},
	} {
		same(t, fmt.Sprintf("accounts of %q", identifier), idsOf(s.look(t, identifier).Accounts, accountID), want)
	}
	got := s.look(t, "shared").Accounts
	same(t, "the account", got[1].Account, company("a", "shared", "gw-7"))
	same(t, "its members", []int{got[0].Members, got[1].Members}, []int{2, 2})
}

func accountsFailed(t *testing.T, s *site) {
	atDesk := try("staff", "4", ago(time.Minute), actions.WrongPassword)
	atDesk.IP = "198.51.100.9"
	bodies := []any{
		company("a", "gw"), sampleNetwork, atDesk,
		try("1a", "1", ago(5*time.Hour), actions.WrongPassword), try("1b", "1", ago(4*time.Hour), actions.LockedOut),
		try("1c", "1", ago(3*time.Hour), actions.Success), try("1d", "1", ago(2*time.Hour), actions.Success),
		typed("2a", "NAME of 2", ago(time.Hour), actions.WrongPassword), typed("2b", "two@acme.example", ago(24*time.Hour), actions.WrongPassword),
		typed("2c", "two@acme.example", ago(24*time.Hour+time.Microsecond), actions.WrongPassword), try("2d", "2", ago(2*time.Hour), actions.Success),
		try("3a", "3", ago(30*time.Hour), actions.WrongPassword), try("3b", "3", ago(time.Hour), actions.Success),
		try("5a", "5", moment.Add(time.Second), actions.WrongPassword), try("other", "6", ago(time.Hour), actions.WrongPassword),
	}
	for i := 1; i <= 5; i++ {
		bodies = append(bodies, member(fmt.Sprint(i), "a", []string{"two@acme.example", "x@y.example"}[min(1, max(i-2, 2-i))])...)
	}
	s.put(t, bodies...)
	accounts := s.look(t, "GW").Accounts
	if len(accounts) != 1 {
		t.Fatalf("there are %d accounts, not one", len(accounts))
	}
	var got []string
	for _, f := range accounts[0].Failed {
		got = append(got, fmt.Sprintf("%s: %d, last %s, in since %t", f.User.ID, f.Failures, f.Last.ID, f.InSince.Equal(ago(3*time.Hour))))
	}
	same(t, "who failed", got, []string{"2: 2, last 2a, in since false", "1: 2, last 1b, in since true"})
	same(t, "members, and whether there are more", fmt.Sprint(accounts[0].Members, accounts[0].Cut), "5 false")
	if in := accounts[0].Failed[0].InSince; !in.IsZero() {
		t.Errorf("who failed last is in since %s", in)
	}
}

func accountsLimited(t *testing.T, s *site) {
	bodies := []any{company("a", "gw")}
	for i := range actions.FailedUsersMax + 1 {
		id := fmt.Sprintf("%02d", i)
		bodies = append(bodies, member(id, "a", id+"@acme.example")...)
		bodies = append(bodies, try(id, id, ago(time.Duration(i)*time.Minute), actions.WrongPassword))
	}
	s.put(t, bodies...)
	account := s.look(t, "gw").Accounts[0]
	same(t, "the failed users, and whether there are more", fmt.Sprint(len(account.Failed), account.Cut), fmt.Sprint(actions.FailedUsersMax, true))
	same(t, "who failed last", account.Failed[0].User.ID, "00")
}
