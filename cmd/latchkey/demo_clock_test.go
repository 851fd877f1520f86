package main

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

// TestDemoClock: when the clock was moved on, what was due meanwhile has happened, each
// at its moment; and all goes on, by that time: commands, forms, mail, the product.
func TestDemoClock(t *testing.T) {
	o := openDemo(t)
	o.letPass(24)
	if !slices.ContainsFunc(o.messages("U0MARCUS", leadsChannel), func(m slackfake.Shown) bool {
		ahead := hoursAhead(t, m.TS)
		return 1 < ahead && ahead < 20
	}) {
		t.Errorf("the leads heard of no case while the day passed: %s", o.reading("U0MARCUS", leadsChannel))
	}
	o.letPass(168)
	answer := o.diagnose("U0AVA", "jane@acme.example")
	if ahead := hoursAhead(t, answer.TS); ahead < 191 || ahead > 193 || !strings.Contains(string(answer.Blocks), "Jane Doe") {
		t.Errorf("%.1f hours ahead, the bot answers %s", ahead, answer.Text)
	}
	o.do("/api/command", map[string]string{"as": "U0AVA", "conversation": supportChannel, "text": "/secret"})
	o.until("a form opens", func() bool { return len(o.sees("U0AVA").Modals) == 1 })
	o.do("/api/attempt", map[string]string{"as": "U0AVA", "customer": "u-finn", "outcome": "success"})
	o.do("/api/command", map[string]string{"as": "U0AVA", "conversation": supportChannel, "text": "/unlock jane@acme.example She asked for it"})
	card := o.await("U0AVA", slackfake.DirectMessage("U0AVA"), "a card", func(m slackfake.Shown) bool { return strings.Contains(string(m.Blocks), "Jane Doe") })
	if ahead := hoursAhead(t, card.TS); ahead < 191 || ahead > 193 {
		t.Errorf("the card about Jane comes %.1f hours ahead", ahead)
	}
	if err := o.end(); err != nil || o.errs.Len() > 0 {
		t.Errorf("the demo ends with %v and says %s", err, o.errs)
	}
}

// letPass presses a button that lets hours pass.
func (o *opened) letPass(hours int) {
	o.t.Helper()
	if answer := o.asks("/api/jump", map[string]any{"as": "U0AVA", "hours": hours}); strings.TrimSpace(answer) != "{}" {
		o.t.Fatalf("to let %d hours pass is answered %s", hours, answer)
	}
}

// hoursAhead is how far a message is ahead of the system's clock.
func hoursAhead(t *testing.T, ts string) float64 {
	t.Helper()
	at, err := strconv.ParseFloat(ts, 64)
	if err != nil {
		t.Fatal(err)
	}
	return (at - float64(time.Now().Unix())) / 3600
}

// until waits for something to be so.
func (o *opened) until(what string, so func() bool) {
	o.t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for limit := time.After(10 * time.Second); !so(); {
		select {
		case <-tick.C:
		case <-limit:
			o.t.Fatalf("it never is so that %s", what)
		}
	}
}
