package conversation

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

// wanted is what somebody waits for.
type wanted struct {
	name  string // in words: "a message for U0AGENT"
	after int    // how much had been shown before
	kinds []slackfake.Occurrence
	seen  func(*heard) bool // by whom, and where
	parts []string
}

func (w wanted) is(h *heard) bool {
	return slices.Contains(w.kinds, h.What) && w.seen(h) && h.reads(w.parts)
}

// wait returns the first thing that is wanted and marks it as expected. It ends
// the test when none comes.
func (k *Talk) wait(w wanted) *heard {
	k.t.Helper()
	limit := time.NewTimer(Patience)
	defer limit.Stop()
	for {
		found, more := k.find(w)
		if found != nil {
			return found
		}
		select {
		case <-more:
		case <-limit.C:
			k.t.Fatalf("%s%s didn't come%s", w.name, reading(w.parts), k.instead())
		case <-k.t.Context().Done():
			k.t.Fatalf("%s%s didn't come before the test ended%s", w.name, reading(w.parts), k.instead())
		}
	}
}

// find takes the first thing that is wanted; more is closed when something
// else has come.
func (k *Talk) find(w wanted) (found *heard, more <-chan struct{}) {
	all, more := k.since(w.after)
	for _, h := range all {
		if w.is(h) && k.take(h) {
			return h, more
		}
	}
	return nil, more
}

// since is what was shown after so much else. The lock isn't held while it is
// looked at: to know who sees it, the Slack must be asked, which may be telling
// us of the next thing.
func (k *Talk) since(after int) ([]*heard, <-chan struct{}) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.Clone(k.heard[after:]), k.more
}

// take marks something as expected, unless it is already.
func (k *Talk) take(h *heard) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	fresh := !h.expected
	h.expected = true
	return fresh
}

// instead says what came that nobody expected.
func (k *Talk) instead() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	var lines []string
	for _, h := range k.heard {
		if !h.expected {
			lines = append(lines, fmt.Sprintf("%s:\n%s", h.describe(), indent(h.words())))
		}
	}
	if lines == nil {
		return ""
	}
	return "; there is\n" + strings.Join(lines, "\n")
}

func reading(parts []string) string {
	if len(parts) == 0 {
		return ""
	}
	return fmt.Sprintf(" reading %q", parts)
}

// lacks fails for each part that can't be read.
func (k *Talk) lacks(h *heard, parts []string) {
	k.t.Helper()
	words := h.words()
	for _, part := range parts {
		if !strings.Contains(words, part) {
			k.t.Errorf("%q isn't in %s:\n%s", part, h.describe(), indent(words))
		}
	}
}

// holds fails for each part that can be read.
func (k *Talk) holds(h *heard, parts []string) {
	k.t.Helper()
	words := h.words()
	for _, part := range parts {
		if strings.Contains(words, part) {
			k.t.Errorf("%q is in %s:\n%s", part, h.describe(), indent(words))
		}
	}
}

// button finds a button by its label, and by its value when several have it.
func (k *Talk) button(h *heard, label string, value []string) slackfake.Button {
	k.t.Helper()
	var labels []string
	for _, b := range h.Message.Buttons() {
		if b.Label == label && (len(value) == 0 || b.Value == value[0]) {
			return b
		}
		labels = append(labels, b.Label)
	}
	k.t.Fatalf("there is no button %q %v in %s, only %q", label, value, h.describe(), labels)
	return slackfake.Button{}
}

// buttons fails unless exactly these labels are there, from top to bottom.
func (k *Talk) buttons(h *heard, labels []string) {
	k.t.Helper()
	var got []string
	for _, b := range h.Message.Buttons() {
		got = append(got, b.Label)
	}
	if !slices.Equal(got, labels) {
		k.t.Errorf("%s has the buttons %q, not %q", h.describe(), got, labels)
	}
}
