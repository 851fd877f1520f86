package bot

import (
	"errors"
	"sync"
	"time"
)

// How long an envelope is remembered, so that it isn't carried out again, and how
// many are. Over replicas and restarts the database's claims decide.
const (
	envelopesFor  = time.Hour
	envelopesMost = 20_000
	// answersFor is how long their answers are: they hold customers' data, and Slack
	// shows none that comes later than after 3 seconds.
	answersFor = time.Minute
)

// envelopes remembers which envelopes came.
type envelopes struct {
	mu    sync.Mutex
	known map[string]*exchange
	order []*exchange // as they came
}

// exchange is an envelope and its answer. It may come several times, on one
// connection or on several.
type exchange struct {
	id    string
	at    time.Time
	ready chan struct{} // closed when the answer is there
	in    Inbound

	mu      sync.Mutex
	reply   *reply // nil: none, or none any more
	waiting int    // how many times it came and isn't acknowledged
	told    bool   // the answer was sent as an acknowledgement
	posted  bool   // the answer went to the response_url, or nowhere
}

func newEnvelopes() *envelopes { return &envelopes{known: map[string]*exchange{}} }

// begin notes that an envelope came; first says that it has to be carried out.
func (e *envelopes) begin(id string) (x *exchange, first bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	now := time.Now()
	e.forget(now)
	x, came := e.known[id]
	if !came {
		x = &exchange{id: id, at: now, ready: make(chan struct{})}
		e.known[id] = x
		e.order = append(e.order, x)
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.waiting++
	return x, !came
}

// forget forgets what came long ago, and the oldest when there are many.
func (e *envelopes) forget(now time.Time) {
	for len(e.order) > 0 && (len(e.order) >= envelopesMost || now.Sub(e.order[0].at) > envelopesFor) {
		delete(e.known, e.order[0].id)
		e.order[0] = nil
		e.order = e.order[1:]
	}
}

// end says that the answer is there.
func (x *exchange) end() {
	close(x.ready)
	time.AfterFunc(answersFor, func() {
		x.mu.Lock()
		defer x.mu.Unlock()
		x.reply, x.in = nil, Inbound{}
	})
}

// tell acknowledges the envelope on a connection that it came on, and posts the
// answer to the response_url when it couldn't go along.
func (x *exchange) tell(l *link, e envelope) {
	if in, answer := x.acknowledge(l, e); answer != nil && answer.postable(in) {
		l.socket.bot.post(in, answer)
	}
}

// acknowledge acknowledges the envelope with the answer, unless that was posted
// already. It returns the answer, once, when it has to be posted: it is too long, or
// the connection is gone and the envelope is to be acknowledged on no other.
func (x *exchange) acknowledge(l *link, e envelope) (Inbound, *reply) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.waiting--
	if x.reply == nil || x.posted {
		_ = l.acknowledge(e, nil) // nothing is lost with it
		return Inbound{}, nil
	}
	err := errTooLong
	if e.Accepts {
		err = l.acknowledge(e, x.reply)
	}
	if errors.Is(err, errTooLong) {
		_ = l.acknowledge(e, nil)
	}
	x.told = x.told || err == nil
	if x.told || (x.waiting > 0 && !errors.Is(err, errTooLong)) {
		return Inbound{}, nil
	}
	x.posted = true
	return x.in, x.reply
}
