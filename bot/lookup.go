package bot

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/slack-go/slack"
)

// How long what Slack said is good for, and how Slack is asked.
const (
	keepAnswer  = 5 * time.Minute
	keepRefusal = 30 * time.Second // also for writing, so that a stranger can't have Slack asked until it answers nobody
	askLimit    = 5 * time.Second
	askAgain    = time.Second // after a failure; Slack may ask for longer
	askAgainMax = time.Minute
	maxKnown    = 10_000
)

// lookup remembers what Slack said of each ID for up to five minutes, and asks
// once where many want to know the same.
type lookup[V any] struct {
	ask func(ctx context.Context, id string) (V, error)
	now func() time.Time

	mu     sync.Mutex
	known  map[string]known[V]
	asking map[string]*asked[V]
	failed map[string]failure
}

// known is an answer of Slack's.
type known[V any] struct {
	value V
	at    time.Time
}

// asked is a question under way; its answer is there when done is closed.
type asked[V any] struct {
	done  chan struct{}
	value V
	err   error
}

// failure is why Slack couldn't be asked, and until when it isn't asked again.
type failure struct {
	err   error
	until time.Time
}

func newLookup[V any](now func() time.Time, ask func(context.Context, string) (V, error)) *lookup[V] {
	return &lookup[V]{ask: ask, now: now, known: map[string]known[V]{}, asking: map[string]*asked[V]{}, failed: map[string]failure{}}
}

// get returns what Slack says of an ID: remembered for up to five minutes, or
// asked anew when fresh. Slack that is asked too often says nothing, too: whoever it
// would have refused mustn't change anything meanwhile.
func (l *lookup[V]) get(ctx context.Context, id string, fresh bool) (V, error) {
	l.mu.Lock()
	if k, ok := l.known[id]; ok && !fresh && l.now().Sub(k.at) <= keepAnswer {
		l.mu.Unlock()
		return k.value, nil
	}
	if f, ok := l.failed[id]; ok && l.now().Before(f.until) {
		l.mu.Unlock()
		var none V
		return none, f.err
	}
	question := l.asking[id]
	if question == nil {
		question = &asked[V]{done: make(chan struct{})}
		l.asking[id] = question
		// Whoever asked first may hang up; the answer is for all who wait.
		go l.find(context.WithoutCancel(ctx), id, question)
	}
	l.mu.Unlock()
	select {
	case <-question.done:
		return question.value, question.err
	case <-ctx.Done():
		var none V
		return none, ctx.Err()
	}
}

// remembered returns what Slack said of an ID if that isn't older than so long.
func (l *lookup[V]) remembered(id string, within time.Duration) (V, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	k, ok := l.known[id]
	return k.value, ok && l.now().Sub(k.at) <= within
}

// find asks Slack and remembers what it said.
func (l *lookup[V]) find(ctx context.Context, id string, question *asked[V]) {
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	question.err = errors.New("the look-up in Slack ended in a panic")
	defer func() {
		if v := recover(); v != nil {
			question.err = panicked(v)
		}
		l.remember(id, question)
		close(question.done)
	}()
	question.value, question.err = l.ask(ctx, id)
}

func (l *lookup[V]) remember(id string, question *asked[V]) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.asking, id)
	if question.err != nil {
		l.makeRoom(len(l.failed) >= maxKnown)
		l.failed[id] = failure{err: question.err, until: l.now().Add(pauseAfter(question.err))}
		return
	}
	delete(l.failed, id)
	l.makeRoom(len(l.known) >= maxKnown)
	l.known[id] = known[V]{value: question.value, at: l.now()}
}

// makeRoom forgets everything when there is too much, which is rare: only
// people who are listed somewhere are looked up.
func (l *lookup[V]) makeRoom(full bool) {
	if full {
		clear(l.known)
		clear(l.failed)
	}
}

// pauseAfter is how long Slack is left alone after a failure.
func pauseAfter(err error) time.Duration {
	var limited *slack.RateLimitedError
	if errors.As(err, &limited) {
		return min(max(limited.RetryAfter, askAgain), askAgainMax)
	}
	return askAgain
}
