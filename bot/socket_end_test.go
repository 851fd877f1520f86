package bot

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

// TestSocketEndsInMidCommand: what is under way is acknowledged, what comes after
// isn't read and goes to another replica, and then the connections are closed.
func TestSocketEndsInMidCommand(t *testing.T) {
	for name, takes := range map[string]time.Duration{"InTime": time.Second, "Late": 5 * time.Second} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := wire(t)
				typed := make(chan *slackfake.Answer, 1)
				first := w.slack.Connections()
				answer := w.slowly(takes, func() {
					w.end()
					synctest.Wait()
					w.another()
					w.directory.set(0)
					typed <- w.types(agent, "/diagnose", "jane").reads("locked").Answer
				})
				answer.reads("locked after too many wrong passwords")
				ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
				defer cancel()
				err := <-w.ended
				w.ended <- nil
				if err != nil || w.bot.Drain(ctx) != nil {
					t.Errorf("it ended with %v", err)
				}
				for _, c := range first {
					<-c.Gone()
				}
				if shown := len(w.slack.Messages(answer.ResponseURL)); (takes < inlineBudget) != (answer.Message != nil) || (shown == 1) == (answer.Message != nil) {
					t.Errorf("the answer came as %+v, and %d came later", answer.Message, shown)
				}
				if after := <-typed; after.Failed != "" {
					t.Errorf("what was typed after: %+v", after)
				}
				w.looks(2)
			})
		})
	}
}

// another is another replica of the same bot.
func (w *wired) another() {
	other := *w
	other.ended = make(chan error, 1)
	other.socket = w.bot.Socket(w.slack.AppToken(), w.slack.APIURL())
	other.socket.dialer.NetDialContext = w.slack.Dial
	before := len(w.slack.Connections())
	other.run()
	ctx, cancel := context.WithTimeout(w.t.Context(), time.Second)
	defer cancel()
	if err := w.slack.AwaitConnections(ctx, before+socketConnections); err != nil {
		w.t.Error(err)
	}
}

// TestSocketLongAnswer: what is too long for an acknowledgement goes to the
// response URL.
func TestSocketLongAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := wire(t)
		for i := range 25 { // each is written out, twice, and "<" takes nine bytes
			w.directory.users = append(w.directory.users, actions.User{
				ID: fmt.Sprint("u-max-", i), Username: "max", FirstName: strings.Repeat("<", 60), LastName: strings.Repeat(">", 60), Email: strings.Repeat("<", 60) + "@" + strings.Repeat("&", 60), Status: actions.UserActive,
			})
		}
		for _, twice := range []slackfake.Twice{slackfake.Once, slackfake.Later, slackfake.OtherWay} {
			w.slack.SendTwice(twice)
			answer := w.types(agent, "/diagnose", "max").reads("max")
			pass(time.Minute)
			if said := w.slack.Messages(answer.ResponseURL); answer.Message != nil || answer.Failed != "" || len(said) != 1 {
				t.Errorf("it was acknowledged with %d bytes (%s), and %d messages came", len(answer.Body), answer.Failed, len(said))
			}
		}
	})
}

// framed counts the parts of frames that are written to a connection.
type framed struct {
	net.Conn
	parts *atomic.Int64
}

// Write writes a frame, or a request. All but the last part of a frame lack its first bit.
func (f framed) Write(frame []byte) (int, error) {
	if frame[0]&0x80 == 0 && !bytes.HasPrefix(frame, []byte("GET ")) {
		f.parts.Add(1)
	}
	return f.Conn.Write(frame)
}

// TestSocketOneFrame: an acknowledgement is one frame, however long it is.
func TestSocketOneFrame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := unconnected(t)
		var parts atomic.Int64
		w.socket.dialer.NetDialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := w.slack.Dial(ctx, network, address)
			return framed{conn, &parts}, err
		}
		w.run()
		w.connects()
		for i := range 7 {
			w.directory.users = append(w.directory.users, actions.User{
				ID: fmt.Sprint("u-max-", i), Username: "max", FirstName: strings.Repeat("<", 60), LastName: strings.Repeat(">", 60), Status: actions.UserActive,
			})
		}
		answer := w.types(agent, "/diagnose", "max").reads("max")
		if answer.Message == nil || len(answer.Body) < 5<<10 || parts.Load() != 0 {
			t.Errorf("an acknowledgement of %d bytes came in %d parts", len(answer.Body), parts.Load()+1)
		}
	})
}

// TestSocketAcknowledgesTheRightWay: on the connection that an envelope came on, an
// event before it is done, and with nothing where Slack takes nothing.
func TestSocketAcknowledgesTheRightWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := wire(t)
		var acks bytes.Buffer
		w.slack.Tap(func(frame []byte) { fmt.Fprintf(&acks, "%s\n", frame) })
		begin := time.Now()
		w.directory.set(time.Second)
		if answer, err := w.app.OpenHome(t.Context(), agent); err != nil || answer.Failed != "" || time.Since(begin) != 0 {
			t.Errorf("an event is acknowledged with %+v, %v after %s", answer, err, time.Since(begin))
		}
		w.clicks(agent, "diagnose", "u-jane").reads("locked")
		synctest.Wait()
		for line := range strings.Lines(acks.String()) {
			if strings.HasPrefix(line, `{"envelope_id"`) && strings.Contains(line, "payload") {
				t.Errorf("it is acknowledged with %s", line)
			}
		}
		if n := strings.Count(acks.String(), `{"envelope_id"`); n != 2 {
			t.Errorf("%d acknowledgements, want 2:\n%s", n, acks.String())
		}
	})
}

// TestSocketPanicIsAnswered: a handler that panics is a failure like any other.
func TestSocketPanicIsAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := wire(t)
		w.directory.panics = "boom"
		w.types(agent, "/diagnose", "jane").reads("E-")
		w.directory.panics = nil
		w.types(agent, "/diagnose", "jane").reads("locked")
	})
}

// TestSocketHasNoHTTP: without a signing secret nothing that is posted is taken, even
// if it is signed with an empty one.
func TestSocketHasNoHTTP(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := wire(t)
		forged := slackfake.New(slackfake.Config{SigningSecret: " "})
		app := forged.App("http://latchkey.test", slackfake.Direct(w.bot.Handler()))
		r := app.Request("/slack/commands", formType, []byte("command=/diagnose&text=jane&team_id=T0TEAM&user_id="+agent))
		body := []byte("command=/diagnose&text=jane&team_id=T0TEAM&user_id=" + agent)
		slackfake.Sign(r.Header, "", time.Now(), body)
		answer, err := app.Send(t.Context(), r, "")
		if err != nil || answer.Status != 401 {
			t.Errorf("got %+v, %v", answer, err)
		}
		w.looks(0)
	})
}

// TestEnvelopesAreForgotten: an answer after a minute, the envelope after an hour or
// when very many came.
func TestEnvelopesAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newEnvelopes()
		x, first := e.begin("e1")
		x.reply = &reply{body: []byte("Jane")}
		x.end()
		if again, second := e.begin("e1"); !first || second || again != x {
			t.Error("the same envelope was taken for another")
		}
		pass(answersFor + time.Second)
		x.mu.Lock()
		if x.reply != nil {
			t.Error("the answer is kept")
		}
		x.mu.Unlock()
		pass(envelopesFor - 2*answersFor)
		if _, first := e.begin("e1"); first {
			t.Error("the envelope is forgotten within the hour")
		}
		pass(2 * answersFor)
		if _, first := e.begin("e1"); !first {
			t.Error("the envelope is remembered for more than an hour")
		}
		for i := range envelopesMost * 2 {
			e.begin(fmt.Sprint("many-", i))
		}
		if len(e.known) > envelopesMost || len(e.order) != len(e.known) {
			t.Errorf("%d are remembered, %d in order", len(e.known), len(e.order))
		}
	})
}
