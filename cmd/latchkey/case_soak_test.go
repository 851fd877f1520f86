package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/slackfake"
	"github.com/latchkey-bot/latchkey/escalation"
	"github.com/latchkey-bot/latchkey/store/storetest"
)

// soakVariable asks for all of what is done many times, or kills many processes. Without
// it a sample will do: .ci/run asks for the whole once, without the race detector.
const soakVariable = "LATCHKEY_TEST_SOAK"

// inFull reports whether the whole is asked for.
func inFull() bool { return os.Getenv(soakVariable) != "" }

// TestCasesShownOnce lets cases change for an hour while Slack limits, fails, hangs and
// hangs up, before and after it did what it was asked. Afterwards both sides see
// each case as it is, once, and each event once. A little of that will do unless the
// whole is asked for.
func TestCasesShownOnce(t *testing.T) {
	t.Parallel()
	cases, lasts := 12, 4*time.Minute
	if inFull() {
		cases, lasts = 200, time.Hour
	}
	t.Run("sqlite", func(t *testing.T) {
		(&soak{database: storetest.SQLiteURL(t), servers: 1, cases: cases, lasts: lasts}).run(t)
	})
	t.Run("postgres, two servers", func(t *testing.T) {
		(&soak{database: storetest.PostgresURL(t), servers: 2, cases: cases / 4, lasts: lasts / 4}).run(t)
	})
}

// soak is what happens.
type soak struct {
	database string
	servers  int
	cases    int
	lasts    time.Duration

	t       *testing.T
	dice    *rand.Rand
	halls   []*hall
	roles   map[string]actions.Roles
	ids     []string // of the cases
	calls   int
	changes int
	struck  atomic.Int64 // how often something went wrong
}

// Who works in a soak: nobody does more in an hour than people do.
const (
	soakAgents = 12
	soakL2     = 12
)

// run lets it happen, in a time of its own.
func (s *soak) run(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s.t, s.dice, s.roles = t, rand.New(rand.NewPCG(6, 41)), map[string]actions.Roles{}
		slack := s.moveIn()
		ctx, stop := context.WithCancel(t.Context())
		var running sync.WaitGroup
		for _, h := range s.halls {
			running.Go(func() { h.bot.Run(ctx) })
		}
		trouble := slackfake.Randomly(41, 0.15, slackfake.Troubles(10*time.Second)...)
		slack.FailSometimes(slackfake.Every, func(n int) slackfake.Failure {
			f := trouble(n)
			if f != (slackfake.Failure{}) {
				s.struck.Add(1)
			}
			return f
		})
		s.live(ctx)
		s.watch(ctx)
		slack.Recover()
		s.settle()
		stop()
		running.Wait()
		t.Logf("%d cases changed %d times, and Slack failed %d times", len(s.ids), s.changes, s.struck.Load())
		if len(s.ids) < s.cases*3/4 || s.struck.Load() < int64(s.cases) {
			t.Error("too little happened")
		}
		s.halls[0].wantSeen(t.Context(), passing, s.ids...)
		s.moveOut()
	})
}

// passing lets a time pass, which in a soak is no time at all.
func passing(d time.Duration) { <-time.After(d) }

// moveOut closes the servers.
func (s *soak) moveOut() {
	s.t.Helper()
	for _, h := range s.halls {
		if err := h.close(); err != nil {
			s.t.Error(err)
		}
	}
}

// settle waits until everything is delivered, which nothing hinders any more, and
// expects that nothing was given up.
func (s *soak) settle() {
	s.t.Helper()
	h, left := s.halls[0], time.Now().Add(4*time.Hour)
	for h.waiting(s.t.Context()) > 0 && time.Now().Before(left) {
		<-time.After(10 * time.Second)
	}
	var lost int
	if err := h.behind.QueryRowContext(s.t.Context(), `SELECT count(*) FROM outbox WHERE delivered_at IS NULL`).Scan(&lost); err != nil || lost > 0 {
		s.t.Fatalf("%d messages wait still, or were given up, %v", lost, err)
	}
}

// moveIn opens the servers over one database and one Slack, and takes the customers in.
func (s *soak) moveIn() *slackfake.Slack {
	keys, err := actions.ParseKeyring(testKey)
	if err != nil {
		s.t.Fatal(err)
	}
	var people []string
	for i := range soakAgents {
		people = append(people, fmt.Sprintf("UA%02d", i))
		s.roles[people[i]] = actions.RolesOf(actions.RoleAgent)
	}
	for i := range soakL2 {
		id := fmt.Sprintf("UE%02d", i)
		people, s.roles[id] = append(people, id), actions.RolesOf(actions.RoleL2)
	}
	slack := hallSlack(time.Now, people...)
	for range s.servers {
		h, err := openHouse(s.t.Context(), s.database, keys, actions.Rules{}, quiet(terminal{err: s.t.Output()}))
		if err != nil {
			s.t.Fatal(err)
		}
		h.desk.Hours = escalation.Hours{To: int(s.lasts.Minutes())} // later no case becomes late
		s.halls = append(s.halls, openHall(s.t, h, s.database, slack, s.roles))
	}
	bodies := []any{actions.Account{ID: "a1", Name: "Acme", Status: actions.AccountActive, GatewayIDs: []string{"GW-1"}}}
	for i := range s.cases {
		id := fmt.Sprint("u", i)
		bodies = append(bodies,
			actions.User{ID: id, Username: id, Status: actions.UserActive, Email: id + "@acme.example", FirstName: "Customer " + id},
			actions.Membership{UserID: id, AccountID: "a1", Role: "member", Status: actions.MembershipActive})
	}
	if _, err := s.halls[0].actions.Import(s.t.Context(), atTerminal(), actions.Import{Lines: linesOf(bodies...)}); err != nil {
		s.t.Fatal(err)
	}
	return slack
}

// live lets the cases open and change, and time do to them what it does.
func (s *soak) live(ctx context.Context) {
	ends := time.Now().Add(s.lasts)
	pause := s.lasts / time.Duration(4*s.cases)
	for watched := time.Now(); time.Now().Before(ends); <-time.After(pause) {
		h := s.halls[s.dice.IntN(len(s.halls))]
		if len(s.ids) < s.cases && s.dice.IntN(2) == 0 {
			s.open(ctx, h, len(s.ids))
		} else if len(s.ids) > 0 {
			s.change(ctx, h, s.ids[s.dice.IntN(len(s.ids))])
		}
		if time.Since(watched) >= 15*time.Second {
			watched = time.Now()
			s.watch(ctx)
		}
	}
}

// watch has every server do what time does, at once.
func (s *soak) watch(ctx context.Context) {
	var all sync.WaitGroup
	for _, h := range s.halls {
		all.Go(func() {
			if err := h.desk.Watch(ctx); err != nil {
				s.t.Error(err)
			}
		})
	}
	all.Wait()
}

// as is a call of somebody's.
func (s *soak) as(id string) actions.Call {
	s.calls++
	return actions.Call{Actor: actions.Actor{ID: id, Roles: s.roles[id]}, Key: fmt.Sprint("soak-", s.calls)}
}

// open escalates something about the nth customer.
func (s *soak) open(ctx context.Context, h *hall, nth int) {
	s.t.Helper()
	kinds := []escalation.Kind{escalation.Blocklist, escalation.Security, escalation.Other}
	made, err := h.desk.Escalate(ctx, s.as(fmt.Sprintf("UA%02d", nth%soakAgents)), escalation.NewCase{
		Kind: kinds[nth%len(kinds)], Whom: escalation.Whom{UserID: fmt.Sprint("u", nth)}, Reason: fmt.Sprintf("Reason %d.", nth),
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.ids = append(s.ids, made.Report.Case.ID)
	s.changes++
}

// change does something with a case that its state allows.
func (s *soak) change(ctx context.Context, h *hall, id string) {
	s.t.Helper()
	report, err := h.desk.Report(ctx, id)
	if err != nil {
		s.t.Fatal(err)
	}
	engineer := fmt.Sprintf("UE%02d", s.dice.IntN(soakL2))
	text := fmt.Sprintf("Text %d.", s.calls)
	does := map[actions.Act]doing{
		actions.ActClaim: (*escalation.Desk).Claim, actions.ActHandBack: (*escalation.Desk).HandBack, actions.ActReopen: (*escalation.Desk).Reopen,
		actions.ActAsk: asks(text, s.dice.IntN(3) == 0), actions.ActResolve: resolves(escalation.NotListed, text),
	}
	if c := report.Case; c.State == escalation.WaitingAgent || c.State == escalation.Claimed && s.dice.IntN(3) == 0 {
		_, err = h.desk.Reply(ctx, s.as(c.Agent), id, text, false)
	} else {
		acts := slices.DeleteFunc(report.Acts, func(act actions.Act) bool { // most are talked about before they end
			return (act == actions.ActResolve || act == actions.ActReopen) && s.dice.IntN(3) > 0
		})
		if len(acts) == 0 {
			return
		}
		_, err = does[acts[s.dice.IntN(len(acts))]](h.desk, ctx, s.as(engineer), id)
	}
	if err != nil {
		s.t.Errorf("the case is %s, and changing it is answered %v", report.Case.State, err)
	}
	s.changes++
}
