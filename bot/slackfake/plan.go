package slackfake

import (
	"math/rand/v2"
	"net/http"
	"time"
)

// Plan says how the calls of a method fail: what it returns for the n-th call,
// from 0 on, strikes that one. The zero Failure strikes none.
type Plan func(n int) Failure

// planned is a plan and how many calls it has seen.
type planned struct {
	plan Plan
	seen int
}

// FailSometimes lets a method fail by a plan from now on, or every one that has
// none of its own. What [Slack.Fail] says goes before it.
func (s *Slack) FailSometimes(method string, p Plan) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.plans[method] = &planned{plan: p}
}

// Randomly is a plan by which a share of the calls, 0 to 1, fails in one of some
// ways. The same seed makes the same plan.
func Randomly(seed uint64, share float64, ways ...Failure) Plan {
	return func(n int) Failure {
		dice := rand.New(rand.NewPCG(seed, uint64(n))) //nolint:gosec // a plan that can be repeated is what it is for
		if len(ways) == 0 || dice.Float64() >= share {
			return Failure{}
		}
		return ways[dice.IntN(len(ways))]
	}
}

// Troubles are the ways in which a call goes wrong now and then: Slack asks to
// wait, answers 500 before or after it did what was asked, doesn't answer before or
// after it, for as long as patience, or cuts the connection before or after it.
func Troubles(patience time.Duration) []Failure {
	return []Failure{
		{RetryAfter: time.Second},
		{Status: http.StatusInternalServerError}, {Status: http.StatusInternalServerError, Late: true},
		{Hang: patience}, {Hang: patience, Late: true},
		{Cut: true}, {Cut: true, Late: true},
	}
}

// strike is what a plan has for the next call.
func (p *planned) strike() Failure {
	if p == nil {
		return Failure{}
	}
	p.seen++
	return p.plan(p.seen - 1)
}
