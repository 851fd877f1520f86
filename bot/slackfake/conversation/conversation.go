// Package conversation lets a test of a Slack app read as a conversation:
//
//	talk := conversation.Start(t, slack, app)
//	agent := talk.As("U0AGENT")
//	answer := agent.Command("/diagnose jane@acme.example")
//	answer.Reads("locked after too many wrong passwords")
//	answer.Click("Show history").Reads("Last 14 days")
//	agent.ExpectDM("in at 09:52")
//
// At its end the test fails on whatever the app showed and nobody expected: a
// message, an update, a deletion, a modal, errors in one, a Home.
//
// A map of the package:
//
//   - conversation.go: [Talk], which hears all that the app shows; wait.go: how
//     it waits for one thing of it;
//   - person.go: what people do and expect; place.go: what everybody in a channel
//     reads;
//   - message.go: a message; card.go: one that is redrawn; call.go: whom one
//     calls; modal.go: a modal; home.go: a Home.
//
// What is waited for comes from other goroutines; nothing is waited for by the
// clock, except to give up. It works over HTTP and inside a testing/synctest
// bubble, where the waiting takes no time; then the Slack and the talk must be
// made in the bubble.
package conversation

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

// Patience is how long a talk waits for something that is expected: more than
// the half minute that a handler may take.
const Patience = 40 * time.Second

// Talk is a conversation between people and an app.
type Talk struct {
	t      testing.TB
	slack  *slackfake.Slack
	app    *slackfake.App
	settle []func()

	mu    sync.Mutex
	heard []*heard
	more  chan struct{}   // closed when something comes
	cards map[string]bool // messages that may be redrawn at any time

	allowed []wanted // what may come, and needn't
}

// heard is something that the app showed.
type heard struct {
	slackfake.Happening
	place    string // where, in words
	expected bool
}

// Start begins a conversation. At the test's end settle is called, such as
// synctest.Wait or the end of a queue, and then nothing may be left that nobody
// expected.
func Start(t testing.TB, slack *slackfake.Slack, app *slackfake.App, settle ...func()) *Talk {
	t.Helper()
	k := &Talk{t: t, slack: slack, app: app, settle: settle, more: make(chan struct{}), cards: map[string]bool{}}
	slack.Follow(k.hear)
	t.Cleanup(k.IsQuiet)
	return k
}

// IsQuiet settles, and expects that the app has shown nothing but what was
// expected so far. A test that doesn't ask is asked at its end.
func (k *Talk) IsQuiet() {
	k.t.Helper()
	for _, wait := range k.settle {
		wait()
	}
	k.end()
}

// As is somebody in the conversation. They type in #support, C0SUPPORT, until
// they go elsewhere; see [Person.In].
func (k *Talk) As(user string) *Person { return &Person{talk: k, id: user, channel: "C0SUPPORT"} }

// In is a channel, as everybody in it sees it.
func (k *Talk) In(channel string) *Place { return &Place{talk: k, channel: channel} }

func (k *Talk) hear(h slackfake.Happening) {
	k.mu.Lock()
	defer k.mu.Unlock()
	one := &heard{Happening: h, place: placeOf(h)}
	one.expected = h.What == slackfake.Updated && k.cards[cardOf(one)]
	k.heard = append(k.heard, one)
	close(k.more)
	k.more = make(chan struct{})
}

// said is how much the app has shown so far.
func (k *Talk) said() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return len(k.heard)
}

// end fails the test for what nobody expected, once.
func (k *Talk) end() {
	k.t.Helper()
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, h := range k.heard {
		if !h.expected && !slices.ContainsFunc(k.allowed, func(w wanted) bool { return w.is(h) }) {
			k.t.Errorf("nobody expected %s:\n%s", h.describe(), indent(h.words()))
			h.expected = true
		}
	}
}

func (h *heard) describe() string { return fmt.Sprintf("%s %s", h.What, h.place) }

// words are all that can be read in it.
func (h *heard) words() string {
	lines := []string{h.Modal.Title, h.Message.Text, h.Message.Visible(), h.Modal.Trouble}
	for _, sentence := range h.Modal.Errors {
		lines = append(lines, sentence)
	}
	var words []string
	for _, line := range lines {
		if line != "" {
			words = append(words, line)
		}
	}
	return strings.Join(words, "\n")
}

// reads reports whether all the parts can be read in it.
func (h *heard) reads(parts []string) bool {
	words := h.words()
	for _, part := range parts {
		if !strings.Contains(words, part) {
			return false
		}
	}
	return true
}

func placeOf(h slackfake.Happening) string {
	switch {
	case h.Channel == "":
		return "for " + h.User
	case h.User != "":
		return "in " + h.Channel + " that only " + h.User + " sees"
	}
	return "in " + h.Channel
}

func indent(text string) string {
	return "\t" + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n\t")
}
