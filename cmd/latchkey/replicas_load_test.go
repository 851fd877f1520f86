package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
	"github.com/latchkey-bot/latchkey/bot/slackfake"
	"github.com/latchkey-bot/latchkey/escalation"
)

// What befalls the servers while people work.
const (
	dying    = iota + 1 // they are killed: some requests break off
	away                // the database is: every answer is a sentence
	restarts            // they are restarted: nobody notices
)

// How many people there are: nobody does more in an hour than people do, and what one
// reader or one channel is told comes once a second.
const (
	replicaEach  = 8 // customers of one agent
	replicaL2    = 12
	replicaOdd   = 40 // of so many customers one is protected, and one is escalated
	replicaHands = 4  // who work at the same moment
	replicaPause = 150 * time.Millisecond
	replicaWaits = 5 * time.Second // for an answer that comes later, from who may have been killed
)

// workforce is people at work: agents who unlock and escalate, leads who approve, L2 who
// claim. Each goes on until they read that it is done.
type workforce struct {
	t      *testing.T
	slack  *slackfake.Slack
	app    *slackfake.App
	behind *sql.DB

	befalls atomic.Int32 // dying, away or restarts
	next    atomic.Int64 // the customer who calls next
	most    int64

	mu     sync.Mutex
	asked  map[int]bool // customers about whom somebody was answered
	failed map[int]int  // answers that were none, by what befell the servers
	read   map[int]int  // answers, by that
}

// agentOf is who helps a customer. Those who escalate do nothing else, so that all that they
// are told is about cases.
func agentOf(customer int) string {
	if isEscalated(customer) {
		return fmt.Sprintf("UC%03d", customer/replicaOdd/replicaEach)
	}
	return fmt.Sprintf("UA%03d", customer/replicaEach)
}

// isProtected and isEscalated are which customers take a second person, and which L2.
func isProtected(customer int) bool { return customer%replicaOdd == 3 }
func isEscalated(customer int) bool { return customer%replicaOdd == 7 }

// mailOf is the address of a customer.
func mailOf(customer int) string { return fmt.Sprintf("c%d@acme.example", customer) }

// says has somebody type a command, and returns what they read; "" when nobody answered.
func (s *workforce) says(ctx context.Context, who, command, text string) string {
	befell := int(s.befalls.Load())
	answer, err := s.app.Command(ctx, slackfake.Command{User: who, Name: command, Text: text})
	if err != nil {
		if ctx.Err() == nil {
			s.t.Errorf("%s %s: %v", command, text, err)
		}
		return ""
	}
	if answer.Failed != "" {
		s.unanswered(befell, fmt.Sprintf("%s %s fails with %s", command, text, answer.Failed))
		return ""
	}
	if answer.Message == nil && len(s.slack.View(who).Modals) > 0 {
		return s.fills(ctx, who)
	}
	if befell == dying {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, replicaWaits)
		defer cancel()
	}
	message, err := s.slack.Wait(ctx, answer)
	if err != nil {
		s.unanswered(befell, fmt.Sprintf("%s %s: %v", command, text, err))
		return ""
	}
	return s.understood(message)
}

// unanswered notes that somebody was left without an answer, which may only happen while
// servers are killed.
func (s *workforce) unanswered(befell int, what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failed[befell]++
	if befell != dying && int(s.befalls.Load()) == befell {
		s.t.Errorf("while nobody is killed: %s", what)
	}
}

// understood is what somebody reads, which is a sentence and nothing of how we work.
func (s *workforce) understood(message slackfake.Message) string {
	words := message.Text
	for _, block := range message.Blocks {
		words += " " + string(block)
	}
	for _, inner := range []string{"pq:", "sql:", "dial tcp", "EOF", "connection refused", "goroutine", "context "} {
		if strings.Contains(words, inner) {
			s.t.Errorf("somebody reads %q", words)
		}
	}
	if !strings.ContainsAny(message.Text, ".–·:") {
		s.t.Errorf("somebody reads no sentence: %q", message.Text)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.read[int(s.befalls.Load())]++
	return words
}

// answers is how many answers people have read while something befell the servers.
func (s *workforce) answers(befell int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.read[befell]
}

// work has customers call until ctx ends; whoever was begun with is helped to the end.
func (s *workforce) work(ctx context.Context) {
	tick := time.NewTicker(replicaPause)
	defer tick.Stop()
	for ctx.Err() == nil {
		customer := s.next.Add(1)
		if customer >= s.most {
			return
		}
		s.help(int(customer))
		<-tick.C
	}
}

// help helps a customer, and goes on until somebody reads that it is done, or waits.
func (s *workforce) help(customer int) {
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Minute)
	defer cancel()
	command, text := "/unlock", mailOf(customer)+" she asked #4711"
	enough := []string{"done", "Nothing is locked", "second person", "under way", "being done", "already"}
	if isEscalated(customer) {
		command, text = "/escalate", "other "+mailOf(customer)+" she can't get in #4711"
		enough = []string{"L2", "already"}
	}
	again, last := time.NewTicker(2*replicaPause), ""
	defer again.Stop()
	for ctx.Err() == nil {
		last = s.says(ctx, agentOf(customer), command, text)
		if last == filledIn {
			last = s.cardOf(ctx, customer)
		}
		for _, word := range enough {
			if strings.Contains(last, word) && !isFailure(last) {
				s.mu.Lock()
				defer s.mu.Unlock()
				s.asked[customer] = true
				return
			}
		}
		<-again.C
	}
	s.t.Errorf("%s %s came to nothing within a minute; the last answer: %.300s", command, text, last)
}

// isFailure reports whether an answer says that nothing was done, and tells under which
// reference; that is random, and may have any word of few letters in it.
func isFailure(answer string) bool { return strings.Contains(answer, "the reference E-") }

// filledIn is what somebody has read who filled in a form: a card comes later.
const filledIn = "(the form closed)"

// fills completes the form that is open, which asks for a reason.
func (s *workforce) fills(ctx context.Context, who string) string {
	befell := int(s.befalls.Load())
	modals := s.slack.View(who).Modals
	form := modals[len(modals)-1]
	var inputs []struct {
		ID    string `json:"block_id"`
		Label struct{ Text string }
		In    struct {
			Action string `json:"action_id"`
		} `json:"element"`
	}
	if err := json.Unmarshal(form.Blocks, &inputs); err != nil {
		s.t.Errorf("a form can't be read: %v", err)
		return ""
	}
	values := map[string]map[string]string{}
	for _, in := range inputs {
		if in.Label.Text == "Reason" {
			values[in.ID] = map[string]string{in.In.Action: "she asked"}
		}
	}
	answer, err := s.app.Submit(ctx, slackfake.Submission{User: who, View: form.ID, Values: values})
	if err != nil || answer.Failed != "" {
		if err == nil {
			s.unanswered(befell, "a form fails with "+answer.Failed)
		}
		_, _ = s.app.CloseModal(ctx, who, form.ID) // it may have closed
		return ""
	}
	return filledIn
}

// cardOf is the card about a customer in the direct message of their agent, once it is
// there; "" when it doesn't come.
func (s *workforce) cardOf(ctx context.Context, customer int) string {
	ctx, cancel := context.WithTimeout(ctx, replicaWaits)
	defer cancel()
	look := time.NewTicker(replicaPause)
	defer look.Stop()
	for {
		for _, c := range s.slack.View(agentOf(customer)).Conversations {
			for _, m := range c.Messages {
				if text := m.Text + string(m.Blocks); c.Kind == "im" && strings.Contains(text, fmt.Sprintf("Customer-%d-", customer)) {
					return text
				}
			}
		}
		select {
		case <-look.C:
		case <-ctx.Done():
			return ""
		}
	}
}

// click has somebody click on something of a record, wherever it stands.
func (s *workforce) click(ctx context.Context, who, action, record string) {
	befell := int(s.befalls.Load())
	answer, err := s.app.Click(ctx, slackfake.Click{User: who, Action: action, Value: record})
	if err == nil && answer.Failed != "" {
		s.unanswered(befell, action+" fails with "+answer.Failed)
	}
}

// decide has leads approve what waits for them, and L2 claim what is open, two at a time
// now and then. What can't be read now is read the next time.
func (s *workforce) decide(ctx context.Context) {
	for _, id := range s.open(ctx, `SELECT id FROM approvals WHERE state = 'asked'`) {
		s.click(ctx, "ULEAD", blocks.ApproveAction, id)
	}
	for _, id := range s.open(ctx, `SELECT id FROM cases WHERE state = '`+string(escalation.Open)+`'`) {
		var both sync.WaitGroup
		first := rand.IntN(replicaL2)
		for i := range 2 { // never the same, who would say that they are still at it
			who := fmt.Sprintf("UE%02d", (first+i)%replicaL2)
			both.Go(func() { s.click(ctx, who, string(actions.ActClaim), id) })
		}
		both.Wait()
	}
}

// open are the records that a query finds.
func (s *workforce) open(ctx context.Context, query string) (ids []string) {
	rows, err := s.behind.QueryContext(ctx, query)
	if err != nil {
		return nil // the database is away
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil
		}
		ids = append(ids, id)
	}
	if rows.Err() != nil {
		return nil
	}
	return ids
}

// deciding decides again and again until ctx ends.
func (s *workforce) deciding(ctx context.Context) {
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			s.decide(ctx)
		case <-ctx.Done():
			return
		}
	}
}

// begin lets people work; the returned function ends that, and returns when all are done.
func (s *workforce) begin() (end func()) {
	ctx, stop := context.WithCancel(s.t.Context())
	var working sync.WaitGroup
	for range replicaHands {
		working.Go(func() { s.work(ctx) })
	}
	working.Go(func() { s.deciding(ctx) })
	return func() { stop(); working.Wait() }
}
