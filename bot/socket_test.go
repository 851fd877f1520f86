package bot

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

// wired is an office whose bot hears over Socket Mode.
type wired struct {
	*office
	socket *Socket
	end    context.CancelFunc
	ended  chan error
}

// wire opens an office in a synctest bubble and connects its bot to Slack. At the
// test's end it is stopped, unless it has ended.
func wire(t *testing.T) *wired {
	t.Helper()
	w := unconnected(t)
	w.run()
	w.connects()
	return w
}

// connects waits until both connections are there.
func (w *wired) connects() {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), time.Minute)
	defer cancel()
	if err := w.slack.AwaitConnections(ctx, socketConnections); err != nil {
		w.t.Fatalf("%v:\n%s", err, w.log)
	}
}

// unconnected is one whose bot doesn't run yet.
func unconnected(t *testing.T) *wired {
	t.Helper()
	w := &wired{office: open(t, func(c *Config) { c.SigningSecret, c.SocketMode = "", true }), ended: make(chan error, 1)}
	w.socket = w.bot.Socket(w.slack.AppToken(), w.slack.APIURL())
	w.socket.dialer.NetDialContext = w.slack.Dial
	w.app = w.slack.SocketApp()
	return w
}

func (w *wired) run() {
	ctx, cancel := context.WithCancel(w.t.Context())
	w.end = cancel
	go func() { w.ended <- w.socket.Run(ctx) }()
	w.t.Cleanup(func() {
		cancel()
		select {
		case err := <-w.ended:
			if err != nil {
				w.t.Errorf("it ended with %v", err)
			}
		case <-time.After(time.Minute):
			w.t.Error("it doesn't end")
		}
		pass(time.Minute) // what Slack still waits for
	})
}

// looks expects how often somebody was looked up.
func (w *wired) looks(want int) {
	w.t.Helper()
	synctest.Wait()
	done := 0
	for _, act := range w.store.acts() {
		if act == actions.ActDiagnose {
			done++
		}
	}
	if done != want {
		w.t.Errorf("%d look-ups are on record, want %d", done, want)
	}
}

// once expects that an answer was shown exactly once.
func (w *wired) once(answer *slackfake.Answer) {
	w.t.Helper()
	pass(20 * time.Second)
	shown := len(w.slack.Messages(answer.ResponseURL))
	if answer.Message != nil {
		shown++
	}
	if shown != 1 {
		w.t.Errorf("the answer was shown %d times", shown)
	}
	w.looks(1)
}

// slowly types a command whose handler takes so long, and lets something happen
// after half a second.
func (w *wired) slowly(takes time.Duration, happens func()) heard {
	w.t.Helper()
	w.directory.set(takes)
	go func() {
		pass(500 * time.Millisecond)
		happens()
	}()
	return w.types(agent, "/diagnose", "jane")
}

// TestSocketTroubles: whatever happens to the connections in mid-command, it is
// carried out once and its answer is shown once.
func TestSocketTroubles(t *testing.T) {
	for name, happens := range map[string]func(w *wired){
		"Nothing":       func(*wired) {},
		"Dropped":       func(w *wired) { w.carrier().Drop() },
		"BothDropped":   func(w *wired) { w.each((*slackfake.Connection).Drop) },
		"Refresh":       func(w *wired) { w.carrier().Disconnect(reasonRefresh) },
		"Warning":       func(w *wired) { w.each(func(c *slackfake.Connection) { c.Disconnect(reasonWarning) }) },
		"UnknownReason": func(w *wired) { w.carrier().Disconnect("something_new") },
		"NotJSON":       func(w *wired) { w.each(sends("{")) },
		"NotAnObject":   func(w *wired) { w.each(sends(`[1]`, `null`, `"x"`, `{"type":7}`)) },
		"NoEnvelope":    func(w *wired) { w.each(sends(`{"type":"slash_commands","payload":{}}`)) },
		"MalformedInside": func(w *wired) {
			w.each(sends(`{"type":"slash_commands","envelope_id":"e1","payload":[]}`, `{"type":"interactive","envelope_id":"e2","payload":"x"}`, `{"type":"events_api","envelope_id":"e3"}`))
		},
		"UnknownType": func(w *wired) { w.each(sends(`{"type":"something_new","envelope_id":"e1","payload":{}}`)) },
		"TooLong": func(w *wired) {
			w.each(sends(`{"type":"slash_commands","envelope_id":"e1","payload":"` + strings.Repeat("x", maxBody) + `"}`))
		},
		"HelloAgain": func(w *wired) { w.each(sends(`{"type":"hello"}`)) },
	} {
		for within, takes := range map[string]time.Duration{"InTime": time.Second, "Late": 5 * time.Second} {
			t.Run(name+within, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					w := wire(t)
					answer := w.slowly(takes, func() { happens(w) }).reads("locked after too many wrong passwords")
					w.once(answer.Answer)
					if answer.Failed != "" && name != "BothDropped" { // then there is nowhere to acknowledge it
						t.Errorf("Slack said %s", answer.Failed)
					}
					w.directory.set(0)
					w.types(agent, "/diagnose", "jane").reads("locked") // all is well again
					if n := len(w.slack.Connections()); n != socketConnections {
						t.Errorf("%d connections are open", n)
					}
					if err := w.socket.Check(t.Context()); err != nil {
						t.Errorf("it isn't ready: %v", err)
					}
				})
			})
		}
	}
}

// carrier is the connection on which the first command goes.
func (w *wired) carrier() *slackfake.Connection { return w.slack.Connections()[0] }

// each does something with every connection.
func (w *wired) each(do func(*slackfake.Connection)) {
	for _, c := range w.slack.Connections() {
		do(c)
	}
}

func sends(frames ...string) func(*slackfake.Connection) {
	return func(c *slackfake.Connection) {
		for _, frame := range frames {
			c.Send([]byte(frame))
		}
	}
}

// TestSocketEnvelopesTwice: on the same connection, on another, before and after
// they are acknowledged.
func TestSocketEnvelopesTwice(t *testing.T) {
	for name, twice := range map[string]slackfake.Twice{"SameWay": slackfake.SameWay, "OtherWay": slackfake.OtherWay, "Later": slackfake.Later} {
		for within, takes := range map[string]time.Duration{"AtOnce": 0, "InTime": time.Second, "Late": 5 * time.Second} {
			t.Run(name+within, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					w := wire(t)
					w.slack.SendTwice(twice)
					w.once(w.slowly(takes, func() {}).reads("locked after too many wrong passwords").Answer)
				})
			})
		}
	}
}

// TestSocketAnswerOfALostConnection: when Slack doesn't send the envelope again, the
// answer goes to the response URL.
func TestSocketAnswerOfALostConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := wire(t)
		w.slack.SendOnce()
		answer := w.slowly(time.Second, func() { w.carrier().Drop() })
		if answer.Failed != "operation_timeout" {
			t.Errorf("the command %q", answer.Failed)
		}
		pass(10 * time.Second)
		if n := len(w.slack.Messages(answer.ResponseURL)); n != 1 {
			t.Errorf("%d messages came, want 1", n)
		}
		w.looks(1)
	})
}

// TestSocketSilence: a frame every half minute keeps a connection; then a minute of
// silence ends it, and another takes its place. Between, commands go on.
func TestSocketSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := wire(t)
		first := w.slack.Connections()
		w.each((*slackfake.Connection).Freeze)
		for range 10 {
			pass(30 * time.Second)
			w.each(sends(`{"type":"hello"}`))
		}
		synctest.Wait()
		if now := w.slack.Connections(); len(now) != 2 || now[0] != first[0] || now[1] != first[1] {
			t.Fatal("a connection was replaced, though a frame came every half minute")
		}
		pass(59 * time.Second)
		if err := w.socket.Check(t.Context()); err != nil {
			t.Errorf("not ready after 59 seconds: %v", err)
		}
		pass(3 * time.Second)
		synctest.Wait()
		now := w.slack.Connections()
		if len(now) != 2 || now[0] == first[0] || now[1] == first[1] {
			t.Errorf("%d connections, and those that are silent are still there", len(now))
		}
		w.once(w.types(agent, "/diagnose", "jane").reads("locked").Answer)
	})
}

// TestSocketHalfSilent: one of two connections forgets us; what Slack sends there is
// sent again on the other.
func TestSocketHalfSilent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := wire(t)
		w.carrier().Freeze()
		send, err := w.app.HoldClick(slackfake.Click{User: agent, Action: "diagnose", Value: "u-jane"})
		if err != nil {
			t.Fatal(err)
		}
		answer, err := send(t.Context())
		if err != nil || answer.Failed != "operation_timeout" {
			t.Fatalf("got %+v, %v", answer, err)
		}
		heard{answer, w.office}.reads("locked after too many wrong passwords")
		w.looks(1)
		if err := w.socket.Check(t.Context()); err != nil {
			t.Errorf("it isn't ready, though one connection is there: %v", err)
		}
	})
}

// TestSocketRefreshOpensTheNextFirst: Slack never sees fewer connections than two,
// and the old one is read until Slack closes it.
func TestSocketRefreshOpensTheNextFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := wire(t)
		pass(time.Hour)
		old := w.carrier()
		old.Disconnect(reasonRefresh)
		synctest.Wait()
		if n := len(w.slack.Connections()); n != 3 {
			t.Errorf("%d connections while one is replaced, want 3", n)
		}
		w.directory.set(time.Second)
		for range 6 {
			if answer := w.types(agent, "/diagnose", "jane"); answer.Message == nil {
				t.Errorf("a command got no answer: %+v", answer.Answer)
			}
		}
		pass(10 * time.Second)
		select {
		case <-old.Gone():
		default:
			t.Error("the old connection is still there")
		}
		if n := len(w.slack.Connections()); n != 2 {
			t.Errorf("%d connections are open", n)
		}
		w.looks(6)
	})
}

// set sets how long looking up takes from now on.
func (d *directory) set(delay time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.delay = delay
}
