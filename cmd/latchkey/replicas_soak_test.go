package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/slackfake"
	"github.com/latchkey-bot/latchkey/escalation"
	"github.com/latchkey-bot/latchkey/store/storetest"
)

// replicas are three servers on one PostgreSQL, behind a balancer, with people at work.
type replicas struct {
	*workforce
	house    *house // to look at what they did
	database string
	cluster  *storetest.Cluster
	servers  []*replica
	balancer *balancer
	begun    time.Time
	ahead    atomic.Int64 // how much later it is for the house than it is

	ready, until     time.Time // between them all servers were to be there
	awayFrom, awayTo time.Time // between them the database wasn't
	kills            int
	broke            []breakOff
}

// How many servers are killed at least, and how long it lasts at most after that.
const (
	killsLeast  = 2
	replicaRest = time.Minute
)

// TestReplicasLoseNothing: three servers are one. While people work, servers are killed
// at random, then the database is, and then all servers are restarted one by one. Nothing
// that was answered is lost, nothing happens twice, every job runs once in its period, and
// in words people only notice what breaks off. A little of that will do unless the whole
// is asked for.
func TestReplicasLoseNothing(t *testing.T) {
	lasts, between := 5*time.Second, 1500*time.Millisecond
	if os.Getenv(soakVariable) == "whole" {
		lasts, between = 2*time.Minute, 4*time.Second
	}
	r := openReplicas(t, int((lasts+replicaRest)/replicaPause)*replicaHands)
	r.jobsBegun()
	end := r.begin()
	r.dies(lasts, between)
	r.databaseEnds(lasts / 10)
	r.restarted()
	end()
	r.settle()
	r.wantOnce()
	periods := r.wantJobs()
	t.Logf("%d customers in %s: %d answers while servers were killed, %d while the database was away, %d while all were restarted; %d broke off, %d servers were killed, jobs ran in %d periods",
		len(r.asked), time.Since(r.begun).Round(time.Second), r.read[dying], r.read[away], r.read[restarts], r.failed[dying], r.kills, periods)
	if len(r.asked) < int(lasts/time.Second) || r.until.Sub(r.ready) < lasts || periods < 2*int(lasts/time.Minute) {
		t.Error("too little happened")
	}
}

// openReplicas opens all that, with so many customers at most.
func openReplicas(t *testing.T, customers int) *replicas {
	t.Helper()
	cluster := storetest.NewCluster(t, false)
	r := &replicas{cluster: cluster, database: cluster.Database(t, "replicas"), begun: time.Now()}
	keys, err := actions.ParseKeyring(testKey)
	if err != nil {
		t.Fatal(err)
	}
	if r.house, err = openHouse(t.Context(), r.database, keys, actions.Rules{LockAfter: 3, IdleMonths: 3}, quiet(terminal{err: t.Output()})); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.house.close() })
	r.house.actions.Now = func() time.Time { return time.Now().Add(time.Duration(r.ahead.Load())) }
	slack := slackfake.Start(slackfake.Config{Unlimited: true, Patience: 30 * time.Second})
	t.Cleanup(slack.Close)
	people := r.moveIn(t, slack, customers)
	noteJobs(t, r.database)
	var urls []string
	for i := range 3 {
		server := newReplica(t, fmt.Sprint("server-", i), slack, r.database, people...)
		server.start()
		r.servers, urls = append(r.servers, server), append(urls, server.url)
	}
	r.balancer = openBalancer(t, urls...)
	r.balancer.allReady(t)
	r.ready = time.Now()
	r.workforce = &workforce{
		t: t, slack: slack, app: slack.App(r.balancer.url, nil), behind: behind(t, r.database),
		most: int64(customers), asked: map[int]bool{}, failed: map[int]int{}, read: map[int]int{},
	}
	return r
}

// moveIn takes the customers in and the staff on, and returns the settings of a server.
func (r *replicas) moveIn(t *testing.T, slack *slackfake.Slack, customers int) []string {
	t.Helper()
	bodies := []any{actions.Account{ID: "a1", Name: "Acme", Status: actions.AccountActive, GatewayIDs: []string{"GW-1"}}}
	agents := map[string]bool{}
	for i := range customers {
		id := fmt.Sprint("c", i)
		agents[agentOf(i)] = true
		bodies = append(bodies,
			actions.User{ID: id, Username: id, Status: actions.UserActive, Email: mailOf(i), FirstName: fmt.Sprintf("Customer-%d-", i), Protected: isProtected(i)},
			actions.Membership{UserID: id, AccountID: "a1", Role: "member", Status: actions.MembershipActive},
			actions.Lock{ID: "lock-" + id, UserID: id, Kind: actions.LockAttempts, At: r.begun.Add(-time.Hour)})
	}
	if _, err := r.house.actions.Import(t.Context(), atTerminal(), actions.Import{Lines: linesOf(bodies...)}); err != nil {
		t.Fatal(err)
	}
	var l2, all []string
	for i := range replicaL2 {
		l2 = append(l2, fmt.Sprintf("UE%02d", i))
	}
	for agent := range agents {
		all = append(all, agent)
	}
	slices.Sort(all)
	for _, id := range slices.Concat(all, l2, []string{"ULEAD", "UBOSS"}) {
		slack.AddMember(slackfake.Member{ID: id})
	}
	slack.AddChannel(slackfake.Channel{ID: hallL2, Name: "l2"})
	slack.AddChannel(slackfake.Channel{ID: hallLeads, Name: "leads"})
	return []string{
		"LATCHKEY_PUBLIC_URL=" + publicURL, "LATCHKEY_SHUTDOWN_DELAY=2s", "LATCHKEY_AGENTS=" + strings.Join(all, ","), "LATCHKEY_L2=" + strings.Join(l2, ","),
		"LATCHKEY_LEADS=ULEAD,UBOSS", "LATCHKEY_SUPPORT_CHANNELS=C0SUPPORT", "LATCHKEY_L2_CHANNEL=" + hallL2, "LATCHKEY_LEADS_CHANNEL=" + hallLeads,
	}
}

// dies kills a server at random again and again, and starts it anew.
func (r *replicas) dies(lasts, between time.Duration) {
	r.t.Helper()
	r.befalls.Store(dying)
	for ends := time.Now().Add(lasts); time.Now().Before(ends) || r.kills < killsLeast; {
		<-time.After(between/2 + rand.N(between))
		server := r.servers[rand.IntN(len(r.servers))]
		server.kill()
		r.kills++
		r.breaksOff(server.name)
		<-time.After(rand.N(between / 2))
		server.start()
	}
	r.balancer.allReady(r.t)
	<-time.After(replicaWaits) // so long somebody may wait for who was killed
}

// databaseEnds ends the database in the middle of it, and starts it again after a while,
// once people have read what there is to say.
func (r *replicas) databaseEnds(lasts time.Duration) {
	r.t.Helper()
	r.befalls.Store(away)
	r.awayFrom = time.Now()
	if err := r.cluster.Stop(); err != nil {
		r.t.Fatal(err)
	}
	r.breaksOff("")
	<-time.After(lasts)
	r.readsMore(away)
	if err := r.cluster.Start(); err != nil {
		r.t.Fatal(err)
	}
	r.balancer.allReady(r.t)
	r.awayTo = time.Now()
}

// readsMore waits until people have read more answers.
func (r *replicas) readsMore(befell int) {
	r.t.Helper()
	read := r.answers(befell)
	within(r.t, "people to read something", func() bool { return r.answers(befell) >= read+replicaHands })
}

// restarted restarts one server after the other, as an update does, while people work.
func (r *replicas) restarted() {
	r.t.Helper()
	broken := r.balancer.broken.Load()
	r.befalls.Store(restarts)
	for _, server := range r.servers {
		server.stop()
		r.breaksOff(server.name)
		server.start()
		r.balancer.allReady(r.t)
		r.readsMore(restarts)
	}
	if n := r.balancer.broken.Load() - broken; n > 0 {
		r.t.Errorf("%d requests broke off while the servers were restarted", n)
	}
}

// pass lets time pass for the house, which looks at what the servers did.
func (r *replicas) pass(d time.Duration) { r.ahead.Add(int64(d)) }

// settle ends the servers, and has what they left carried on, as the next one would once
// the leases ran out that the killed ones held.
func (r *replicas) settle() {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), time.Minute)
	defer cancel()
	within(r.t, "everything to be decided", func() bool { // a claim may have met a reminder
		r.decide(ctx)
		return r.number(`SELECT (SELECT count(*) FROM approvals WHERE state = 'asked') + (SELECT count(*) FROM cases WHERE state = '`+string(escalation.Open)+`')`) == 0
	})
	r.until = time.Now()
	var ending sync.WaitGroup
	for _, server := range r.servers {
		ending.Go(server.stop)
	}
	ending.Wait()
	r.breaksOff("")
	for _, server := range r.servers {
		server.wantDefectless()
	}
	r.pass(10 * time.Minute)
	if err := r.house.actions.CarryOn(ctx); err != nil {
		r.t.Fatal(err)
	}
}
