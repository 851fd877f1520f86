package main

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

// TestDemoHasCases: L2's channel has a case in each state, one of them late, which the
// leads know, all of it from earlier today; and one that is open can be claimed.
func TestDemoHasCases(t *testing.T) {
	o := openDemo(t)
	room := o.reading("U0LIV", l2Channel)
	for _, state := range []string{"*Open*", "*overdue:*", "*Claimed*", "*Waiting for the agent*", "*Waiting for the customer*", "*Resolved*"} {
		if !strings.Contains(room, state) {
			t.Errorf("no case is %s: %s", state, room)
		}
	}
	if leads := o.reading("U0MARCUS", leadsChannel); !strings.Contains(leads, "long overdue") {
		t.Errorf("the leads read %s", leads)
	}
	if card := o.reading("U0AVA", slackfake.DirectMessage("U0AVA")); !strings.Contains(card, "L2 asks you") {
		t.Errorf("Ava reads %s", card)
	}
	open := o.newest("U0LIV", l2Channel)
	for _, m := range o.messages("U0LIV", l2Channel) {
		if at, err := strconv.ParseFloat(m.TS, 64); err != nil || at > float64(time.Now().Add(-5*time.Minute).Unix()) {
			t.Errorf("it is from %s: %s", m.TS, m.Text)
		}
		if strings.Contains(string(m.Blocks), `"action_id":"claim"`) {
			open = m
		}
	}
	_, id, _ := strings.Cut(string(open.Blocks), `"type":"button","value":"`)
	id, _, _ = strings.Cut(id, `"`)
	click := map[string]string{"as": "U0LIV", "conversation": l2Channel, "message": open.TS, "action": string(actions.ActClaim), "value": id}
	o.do("/api/click", click)
	o.await("U0LIV", l2Channel, "that Liv claimed it", func(slackfake.Shown) bool {
		return strings.Contains(o.blocksOf("U0LIV", l2Channel, open.TS), "*Claimed* by \\u003c@U0LIV")
	})
	if err := o.end(); err != nil || o.errs.Len() > 0 {
		t.Errorf("the demo ends with %v and says %s", err, o.errs)
	}
}

// messages are what somebody sees in a conversation.
func (o *opened) messages(who, conversation string) []slackfake.Shown {
	o.t.Helper()
	for _, c := range o.sees(who).Conversations {
		if c.ID == conversation {
			return c.Messages
		}
	}
	return nil
}

// reading is all that somebody reads in a conversation.
func (o *opened) reading(who, conversation string) string {
	o.t.Helper()
	var all strings.Builder
	for _, m := range o.messages(who, conversation) {
		_, _ = fmt.Fprintln(&all, m.Text, string(m.Blocks))
	}
	return all.String()
}

// blocksOf are the blocks of a message.
func (o *opened) blocksOf(who, conversation, ts string) string {
	o.t.Helper()
	for _, m := range o.messages(who, conversation) {
		if m.TS == ts {
			return string(m.Blocks)
		}
	}
	return ""
}
