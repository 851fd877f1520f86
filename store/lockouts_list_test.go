package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/store"
	"github.com/latchkey-bot/latchkey/store/storetest"
)

// listWeek prepares the week in London, and in it two secrets that nobody opened and two
// incidents.
func listWeek(t *testing.T, s *store.Store) *week {
	t.Helper()
	london := weeks[2]
	w := newWeek(t, london.zone, london.monday, london.from)
	w.prepare(t, s)
	err := s.Tx(t.Context(), func(tx actions.Tx) error {
		for id, end := range map[string]time.Time{"early": w.at(1, "10:00"), "late": w.at(4, "10:00"), "before": w.at(-1, "10:00")} {
			one := actions.Secret{
				ID: id, State: actions.SecretExpired, Actor: "U1", For: "somebody", At: end.Add(-time.Hour), ExpiresAt: end,
				Salt: []byte{1}, LinkProof: []byte("link " + id), ClaimProof: []byte("claim " + id), KeyID: "test",
			}
			if err := tx.StartSecret(t.Context(), one); err != nil {
				return err
			}
		}
		for id, begin := range map[string]time.Time{"first": w.at(1, "10:00"), "second": w.at(2, "10:00"), "long ago": w.at(-9, "10:00")} {
			_, err := tx.StartIncident(t.Context(), actions.Incident{ID: id, Outcome: actions.Outcome("mfa_failed"), At: begin, SeenAt: begin, EndedAt: begin.Add(time.Hour)})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// list reads a part of a list behind the numbers of some days.
func (w *week) list(t *testing.T, s *store.Store, spec string, asked actions.Lockouts, list actions.LockoutList, offset int) actions.LockoutPage {
	t.Helper()
	page, err := w.asking(s, spec).LockoutList(t.Context(), lead(), asked, list, offset)
	if err != nil {
		t.Fatalf("%s of %s: %v", list, spec, err)
	}
	return page
}

// line is a line of a list in short.
func line(l actions.LockoutLine) string {
	who := ""
	if l.Person != nil {
		who = l.Person.ID
	}
	switch {
	case l.Judged != nil:
		return who + " " + string(l.Judged.Judgement)
	case l.Account != nil:
		return fmt.Sprintf("%s %d", l.Account.Name, l.Account.Customers)
	case l.Network != nil:
		return fmt.Sprintf("%s %d+%d", l.Network.Network, l.Network.Customers, l.Network.Names)
	case l.Name != nil:
		return fmt.Sprintf("%s x%d %s/%d", l.Name.Name, l.Name.Failures, l.Name.Network, l.Name.Networks)
	case l.Incident != nil:
		return l.Incident.ID
	case l.Secret != nil:
		return l.Secret.Secret.ID
	default:
		return fmt.Sprintf("%s x%d %s", who, l.Lockouts, l.Lockout.Cause)
	}
}

// wantLists are lists of the prepared week, in their order. Ann is u-04, Cy u-06, Dee u-07, Fay
// u-09, Gil u-10, Acme's are u-11 (Hal) to u-15, Joe u-22, Mia u-23, Nat u-24, Kim u-25; before
// the week Pat, Pia and Per, u-01 to u-03.
var wantLists = []struct {
	spec, account string
	list          actions.LockoutList
	offset, total int
	want          string
}{
	{"7d", "", actions.ListCustomers, 0, 14, "u-25 x1 wrong_password, u-24 x1 code_wrong, u-23 x1 mfa_failed, u-22 x1 wrong_password, u-11 x1 payment_hold, u-12 x1 payment_hold, u-13 x1 payment_hold, u-14 x1 payment_hold, u-15 x1 payment_hold, u-10 x1 stale_saved_password, u-09 x1 under_attack, u-04 x2 wrong_password, u-07 x1 wrong_password, u-06 x1 locked_inactivity"},
	{"7d", "", actions.ListOut, 0, 7, "u-07 x1 wrong_password, u-11 x1 payment_hold, u-12 x1 payment_hold, u-13 x1 payment_hold, u-14 x1 payment_hold, u-15 x1 payment_hold, u-25 x1 wrong_password"},
	{"7d", "", actions.ListBack, 0, 7, "u-09 x1 under_attack, u-22 x1 wrong_password, u-10 x1 stale_saved_password, u-24 x1 code_wrong, u-23 x1 mfa_failed, u-04 x2 wrong_password, u-06 x1 locked_inactivity"},
	{"7d", "", actions.ListRepeat, 0, 1, "u-04 x2 wrong_password"},
	{"+1", "", actions.ListRepeat, 0, 1, "u-04 x2 wrong_password"}, // in the 7 days; on Tuesday once
	{"30d", "", actions.ListRepeat, 0, 3, "u-04 x2 wrong_password, u-01 x2 locked_attempts, u-02 x2 locked_attempts"},
	{"7d", "", actions.ListAttacked, 0, 1, "u-09 x1 under_attack"},
	{"7d", "", actions.ListRight, 0, 2, "u-02 right, u-01 right"},
	{"7d", "", actions.ListWrong, 0, 1, "u-11 wrong"},
	{"7d", "", actions.ListAccounts, 0, 1, "Acme 5"},
	{"7d", "", actions.ListNetworks, 0, 2, "198.51.100.0/24 1+12, 203.0.113.0/24 11+0"},
	{"7d", "", actions.ListNetworks, 1, 2, "203.0.113.0/24 11+0"},
	{"7d", "", actions.ListNames, 10, 12, "g••• x1 198.51.100.0/24/1, g••• x1 198.51.100.0/24/1"},
	{"7d", "acme", actions.ListNames, 0, 0, ""},
	{"7d", "", actions.ListIncidents, 0, 2, "second, first"},
	{"7d", "", actions.ListIncidents, 1, 2, "first"},
	{"7d", "", actions.ListUnopened, 0, 2, "late, early"},
	{"7d", "", actions.ListUnopened, 1, 2, "early"},
	{"7d", "", actions.ListUnopened, 2, 2, ""},
	{"7d", "", actions.ListCause + "wrong_password", 0, 4, "u-25 x1 wrong_password, u-22 x1 wrong_password, u-04 x2 wrong_password, u-07 x1 wrong_password"},
	{"7d", "", actions.ListCause + "unexplained", 0, 0, ""},
	{"30d", "", actions.ListCustomers, 14, 17, "u-03 x1 locked_attempts, u-01 x3 locked_attempts, u-02 x3 locked_attempts"},
	{"30d", "", actions.ListCustomers, actions.LockoutPageSize, 17, "u-01 x3 locked_attempts, u-02 x3 locked_attempts"},
	{"30d", "", actions.ListCustomers, 17, 17, ""},
	{"30d", "", actions.ListCustomers, 1_000_000, 17, ""},
	{"7d", "acme", actions.ListCustomers, 0, 5, "u-11 x1 payment_hold, u-12 x1 payment_hold, u-13 x1 payment_hold, u-14 x1 payment_hold, u-15 x1 payment_hold"},
	{"7d", "acme", actions.ListBack, 0, 0, ""},
	{"7d", "acme", actions.ListRight, 0, 0, ""},
	{"7d", "acme", actions.ListWrong, 0, 1, "u-11 wrong"},
	{"7d", "acme", actions.ListNetworks, 0, 1, "203.0.113.0/24 11+0"},
	{"7d", "gone", actions.ListCustomers, 0, 0, ""}, // the account isn't on record any more
}

// TestLockoutLists: every list, in its order, in parts, of all and of one account.
func TestLockoutLists(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := listWeek(t, s)
		for _, step := range wantLists {
			asked := w.report(t, s, step.spec).Asked
			asked.Account = step.account
			page := w.list(t, s, step.spec, asked, step.list, step.offset)
			var got []string
			for _, l := range page.Lines {
				got = append(got, line(l))
			}
			if text := strings.Join(got, ", "); text != step.want || page.Total != step.total {
				t.Errorf("%s of %s %s from %d: %d in all\ngot  %s\nwant %d: %s", step.list, step.spec, step.account, step.offset, page.Total, text, step.total, step.want)
			}
			if page.Asked != asked || page.List != step.list || page.Offset != step.offset || page.Zone != w.zone || !page.Now.Equal(w.asking(s, step.spec).Now()) {
				t.Errorf("the page of %s says %+v", step.list, page)
			}
		}
	})
}

// TestLockoutListsAddUp: each number of each report is how long its list is, page by page.
func TestLockoutListsAddUp(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := listWeek(t, s)
		for _, step := range wantWeek {
			r := w.report(t, s, step.spec)
			back := 0
			for _, b := range r.Back {
				back += b.Customers
			}
			numbers := map[actions.LockoutList]int{
				actions.ListCustomers: r.Customers, actions.ListOut: r.Out, actions.ListBack: back, actions.ListRepeat: r.Repeat,
				actions.ListAttacked: r.Attacked, actions.ListRight: r.Right, actions.ListWrong: r.Wrong, actions.ListAccounts: len(r.Accounts),
				actions.ListNetworks: len(r.Networks), actions.ListUnopened: r.Desk.Unopened,
				actions.ListNames: r.Strangers, actions.ListIncidents: len(r.Incidents),
			}
			for _, c := range r.Causes {
				numbers[actions.ListCause+actions.LockoutList(c.Cause)] = c.Customers
			}
			for list, number := range numbers {
				lines := 0
				for offset := 0; offset <= number; offset += actions.LockoutPageSize {
					page := w.list(t, s, step.spec, r.Asked, list, offset)
					lines += len(page.Lines)
					if page.Total != number || len(page.Lines) > actions.LockoutPageSize {
						t.Errorf("%s of %s has %d in all and %d on a page, the report says %d", list, step.spec, page.Total, len(page.Lines), number)
					}
				}
				if lines != number {
					t.Errorf("%s of %s has %d lines, the report says %d", list, step.spec, lines, number)
				}
			}
		}
	})
}

// TestLockoutsRefused: what isn't there, who may not, and what was answered before; and
// what of it the audit has.
func TestLockoutsRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := listWeek(t, s)
		a := w.asking(s, "7d")
		asked := w.report(t, s, "7d").Asked
		week := actions.Lockouts{Days: asked.Days, Account: "acme"}
		agent, once := lead(), lead()
		agent.Actor = actions.Actor{ID: "U0AGENT", Roles: actions.RolesOf(actions.RoleAgent, actions.RoleL2)}
		once.Key = "click-1"
		list := func(call actions.Call, asked actions.Lockouts, list actions.LockoutList, offset int) error {
			page, err := a.LockoutList(t.Context(), call, asked, list, offset)
			if err != nil && (page.Total != 0 || page.Lines != nil) {
				t.Errorf("%s is refused and shows %+v", list, page)
			}
			return err
		}
		spec := func(call actions.Call, text string) error {
			_, err := a.Lockouts(t.Context(), call, text)
			return err
		}
		err := s.Import(t.Context(), func(tx actions.ImportTx) error {
			_, err := tx.Put(t.Context(), []actions.Record{
				{Body: actions.Account{ID: "east", Name: "Initrode"}, Digest: []byte{1}}, {Body: actions.Account{ID: "west", Name: "INITRODE"}, Digest: []byte{1}},
			})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for name, step := range map[string]struct {
			got  error
			want actions.Code
		}{
			"no list":        {list(lead(), asked, "everybody", 0), actions.Invalid},
			"an empty list":  {list(lead(), asked, "", 0), actions.Invalid},
			"no cause":       {list(lead(), asked, actions.ListCause, 0), actions.Invalid},
			"another cause":  {list(lead(), asked, actions.ListCause+"bad_luck", 0), actions.Invalid},
			"before a list":  {list(lead(), asked, actions.ListOut, -1), actions.Invalid},
			"beyond it":      {list(lead(), asked, actions.ListOut, 1_000_001), actions.Invalid},
			"no days":        {list(lead(), actions.Lockouts{}, actions.ListOut, 0), actions.Invalid},
			"too many days":  {list(lead(), actions.Lockouts{Days: actions.Days{First: asked.Days.First, N: 31}}, actions.ListOut, 0), actions.Invalid},
			"a long account": {list(lead(), actions.Lockouts{Days: asked.Days, Account: strings.Repeat("x", 1001)}, actions.ListOut, 0), actions.Invalid},
			"an agent":       {list(agent, asked, actions.ListOut, 0), actions.Forbidden},
			"the first time": {list(once, week, actions.ListOut, 0), ""},
			"again":          {list(once, week, actions.ListOut, 0), actions.Conflict},
			"no account":     {spec(lead(), "7d Initech"), actions.NotFound},
			"two accounts":   {spec(lead(), "today Initrode"), actions.Conflict},
			"one of the two": {spec(lead(), "7d west"), ""},
			"an agent's":     {spec(agent, "7d"), actions.Forbidden},
			"asked again":    {spec(once, "7d"), actions.Conflict},
		} {
			if got := actions.CodeOf(step.got); got != step.want {
				t.Errorf("%s: %v, want %q", name, step.got, step.want)
			}
		}
		wantLockoutRows(t, s, []string{
			"U0AGENT refused ", // one row for both, since they came at once
			"U0LEAD done the list out of lockouts, 7 days from 2026-03-23, of the account acme",
			"U0LEAD done the report of lockouts, 7 days from 2026-03-23", "U0LEAD done the report of lockouts, 7 days from 2026-03-23, of the account west",
		})
	})
}

// wantLockoutRows expects rows of the audit, in whatever order.
func wantLockoutRows(t *testing.T, s *store.Store, want []string) {
	t.Helper()
	var got []string
	err := s.AuditRows(t.Context(), 0, func(row actions.AuditRow) error {
		if e := row.Entry; e.Act == actions.ActLockouts {
			got = append(got, fmt.Sprint(e.Actor, " ", e.Outcome, " ", e.Detail))
			if e.Subject != "" {
				t.Errorf("a row names %s", e.Subject)
			}
		}
		return nil
	})
	slices.Sort(got)
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("the audit has, %v\n%s\nwant\n%s", err, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
