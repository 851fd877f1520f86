package storetest

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

func testRequests(t *testing.T) {
	t.Run("Whole", func(t *testing.T) { each(t, requestIsWhole) })
	t.Run("Bare", func(t *testing.T) { each(t, requestIsBare) })
	t.Run("Received", func(t *testing.T) { each(t, requestReceived) })
	t.Run("ReceivedAtOnce", func(t *testing.T) { each(t, requestReceivedAtOnce) })
	t.Run("Ends", func(t *testing.T) { each(t, requestEnds) })
	t.Run("EndedAtOnce", func(t *testing.T) { each(t, requestEndedAtOnce) })
	t.Run("View", func(t *testing.T) { each(t, requestViewKept) })
	t.Run("Over", func(t *testing.T) { each(t, requestsOver) })
	t.Run("By", func(t *testing.T) { each(t, requestsBy) })
}

// request is one made at the moment, for an hour.
func request(id, actor string) actions.SecretRequest {
	return actions.SecretRequest{
		ID: id, State: actions.RequestAsked, Actor: actor, From: "Maria", What: "Your FTP password", Why: "To see why uploads fail",
		For: "j•••@acme.example", UserID: "user-1", Ticket: "#4711", Mail: "mail-1", Proof: []byte{0, 1, 255}, KeyID: "test",
		PublicKey: bytes.Repeat([]byte{4, 0}, 32), At: moment, ExpiresAt: moment.Add(time.Hour),
	}
}

func (s *site) requests(t testing.TB, requests ...actions.SecretRequest) {
	t.Helper()
	for _, one := range requests {
		s.in(t, func(tx actions.Tx) error { return tx.StartRequest(t.Context(), one) })
	}
}

// request reads a request, in both ways.
func (s *site) request(t testing.TB, id string) (found actions.SecretRequest, there bool) {
	t.Helper()
	found, there, err := s.RequestByID(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	s.in(t, func(tx actions.Tx) error {
		locked, lockedThere, err := tx.Request(t.Context(), id)
		same(t, "the request in a transaction", locked, found)
		same(t, "there in a transaction", lockedThere, there)
		return err
	})
	return found, there
}

func (s *site) receive(t testing.TB, id string, at, until time.Time) (received bool) {
	t.Helper()
	s.in(t, func(tx actions.Tx) (err error) {
		received, err = tx.ReceiveRequest(t.Context(), id, at, until)
		return err
	})
	return received
}

func (s *site) endRequest(t testing.TB, id string, from []actions.RequestState, state actions.RequestState, at time.Time) (ended bool) {
	t.Helper()
	s.in(t, func(tx actions.Tx) (err error) {
		ended, err = tx.EndRequest(t.Context(), id, from, state, "so", at)
		return err
	})
	return ended
}

// The states that a request ends from.
var (
	fromAsked    = []actions.RequestState{actions.RequestAsked}
	fromReceived = []actions.RequestState{actions.RequestReceived}
	fromEither   = []actions.RequestState{actions.RequestAsked, actions.RequestReceived}
)

func requestIsWhole(t *testing.T, s *site) {
	one := request("r1", "U1")
	one.State, one.Reason = actions.RequestWithdrawn, "The mail failed."
	one.ViewProof, one.ViewUntil = []byte{0, 9}, moment.Add(5*time.Minute)
	one.ReceivedAt, one.EndedAt = moment.Add(time.Minute), moment.Add(2*time.Minute)
	s.requests(t, one)
	s.restart(t)
	got, _ := s.request(t, "r1")
	same(t, "the request", got, one)
	for _, id := range []string{"r2", "", "r1\x00", "R1"} {
		if got, found := s.request(t, id); found {
			t.Errorf("the request %q: %+v", id, got)
		}
	}
	if err := s.Tx(t.Context(), func(tx actions.Tx) error { return tx.StartRequest(t.Context(), request("r1", "U2")) }); err == nil {
		t.Error("a second request of the same ID was kept")
	}
}

// requestIsBare: what isn't there comes back as nothing, not as empty.
func requestIsBare(t *testing.T, s *site) {
	one := actions.SecretRequest{
		ID: "r1", State: actions.RequestAsked, Actor: "U1", What: "That\x00\xff", Proof: []byte{1}, KeyID: "test", PublicKey: []byte{4},
		At: moment, ExpiresAt: moment.Add(time.Hour),
	}
	s.requests(t, one)
	one.What = "That\uFFFD\uFFFD"
	got, _ := s.request(t, "r1")
	same(t, "the request", got, one)
}

func requestReceived(t *testing.T, s *site) {
	one := request("r1", "U1")
	s.requests(t, one, request("r2", "U1"), request("r3", "U1"))
	last, until := one.ExpiresAt.Add(-time.Microsecond), one.ExpiresAt.Add(day)
	same(t, "whether it was received at its end", s.receive(t, "r1", one.ExpiresAt, until), false)
	same(t, "whether it was received in time", s.receive(t, "r1", last, until), true)
	same(t, "whether it was received twice", s.receive(t, "r1", last, until.Add(day)), false)
	one.State, one.ReceivedAt, one.ExpiresAt = actions.RequestReceived, last, until
	got, _ := s.request(t, "r1")
	same(t, "the request", got, one)
	s.endRequest(t, "r2", fromAsked, actions.RequestWithdrawn, moment)
	same(t, "whether one was received that was withdrawn", s.receive(t, "r2", moment, until), false)
	same(t, "whether one was received that nobody has", s.receive(t, "nobody's", moment, until), false)
	got, _ = s.request(t, "r3")
	same(t, "another request", got, request("r3", "U1"))
}

func requestReceivedAtOnce(t *testing.T, s *site) {
	servers := s.servers(t)
	s.requests(t, request("r1", "U1"))
	received := timesAtOnce(20, func(i int) bool { return servers[i%len(servers)].receive(t, "r1", moment, moment.Add(day)) })
	same(t, "how many were received", received, 1)
}

// requestEnds: to its last microsecond a request is opened and withdrawn, from the
// states that were named, and from its end on it only expires.
func requestEnds(t *testing.T, s *site) {
	end := moment.Add(time.Hour)
	last := end.Add(-time.Microsecond)
	for _, try := range []struct {
		name  string
		is    actions.RequestState
		from  []actions.RequestState
		state actions.RequestState
		at    time.Time
		ends  bool
	}{
		{"opened in time", actions.RequestReceived, fromReceived, actions.RequestOpened, last, true},
		{"opened at its end", actions.RequestReceived, fromReceived, actions.RequestOpened, end, false},
		{"opened before anything came", actions.RequestAsked, fromReceived, actions.RequestOpened, last, false},
		{"withdrawn while asked", actions.RequestAsked, fromEither, actions.RequestWithdrawn, last, true},
		{"withdrawn when something came", actions.RequestReceived, fromEither, actions.RequestWithdrawn, last, true},
		{"withdrawn when something came, only while asked", actions.RequestReceived, fromAsked, actions.RequestWithdrawn, last, false},
		{"withdrawn at its end", actions.RequestAsked, fromEither, actions.RequestWithdrawn, end, false},
		{"expired too early", actions.RequestReceived, fromEither, actions.RequestExpired, last, false},
		{"expired at its end", actions.RequestAsked, fromEither, actions.RequestExpired, end, true},
		{"expired after its end", actions.RequestReceived, fromEither, actions.RequestExpired, end.Add(day), true},
		{"withdrawn from no state", actions.RequestAsked, nil, actions.RequestWithdrawn, moment, false},
		{"withdrawn once it was opened", actions.RequestOpened, []actions.RequestState{actions.RequestOpened}, actions.RequestWithdrawn, moment, false},
	} {
		t.Run(try.name, func(t *testing.T) {
			one := request(try.name, "U1")
			one.State = try.is
			s.requests(t, one)
			same(t, "whether it ended", s.endRequest(t, one.ID, try.from, try.state, try.at), try.ends)
			if try.ends {
				one.State, one.Reason, one.EndedAt = try.state, "so", try.at
				same(t, "whether it was opened again", s.endRequest(t, one.ID, fromEither, actions.RequestOpened, moment), false)
				same(t, "whether it expired afterwards", s.endRequest(t, one.ID, fromEither, actions.RequestExpired, end.Add(day)), false)
			}
			got, _ := s.request(t, one.ID)
			same(t, "the request", got, one)
		})
	}
	same(t, "whether one that nobody has ended", s.endRequest(t, "nobody's", fromEither, actions.RequestWithdrawn, moment), false)
}

// requestEndedAtOnce: of many who open and withdraw it at once, one does.
func requestEndedAtOnce(t *testing.T, s *site) {
	servers := s.servers(t)
	states := []actions.RequestState{actions.RequestOpened, actions.RequestWithdrawn}
	s.requests(t, request("r1", "U1"))
	s.receive(t, "r1", moment, moment.Add(day))
	ended := timesAtOnce(crowd, func(i int) bool {
		return servers[i%len(servers)].endRequest(t, "r1", fromEither, states[i/2%2], moment)
	})
	same(t, "who ended it", ended, 1)
}

func requestViewKept(t *testing.T, s *site) {
	one := request("r1", "U1")
	s.requests(t, one, request("r2", "U1"))
	for i := range 2 { // a new link voids the one before
		one.ViewProof, one.KeyID, one.ViewUntil = []byte{0, byte(i)}, "new", moment.Add(time.Duration(i)*time.Minute)
		s.in(t, func(tx actions.Tx) error {
			return tx.KeepView(t.Context(), "r1", one.ViewProof, one.KeyID, one.ViewUntil)
		})
		got, _ := s.request(t, "r1")
		same(t, "the request", got, one)
	}
	got, _ := s.request(t, "r2")
	same(t, "another request", got, request("r2", "U1"))
}

// requestIDs names requests in their order.
func requestIDs(requests []actions.SecretRequest) string {
	return strings.Join(idsOf(requests, func(r actions.SecretRequest) string { return r.ID }), " ")
}

func requestsOver(t *testing.T, s *site) {
	for id, d := range map[string]time.Duration{"long": -day, "now": 0, "still": time.Microsecond, "withdrawn": -time.Hour, "came": -time.Minute} {
		one := request(id, "U1")
		one.At, one.ExpiresAt = ago(2*day), moment.Add(d)
		s.requests(t, one)
	}
	s.endRequest(t, "withdrawn", fromAsked, actions.RequestWithdrawn, ago(day))
	s.receive(t, "came", ago(day), ago(time.Minute))
	for limit, want := range map[int]string{10: "long came now", 1: "long"} {
		over, err := s.RequestsOver(t.Context(), moment, limit)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "what ran out", requestIDs(over), want)
	}
	s.endRequest(t, "long", fromEither, actions.RequestExpired, moment)
	s.endRequest(t, "came", fromEither, actions.RequestExpired, moment)
	over, err := s.RequestsOver(t.Context(), moment, 10)
	if err != nil || len(over) != 1 {
		t.Fatal(over, err)
	}
	want := request("now", "U1")
	want.At, want.ExpiresAt = ago(2*day), moment
	same(t, "the request that ran out", over[0], want)
}

func requestsBy(t *testing.T, s *site) {
	for id, d := range map[string]time.Duration{"a": -day, "b": -time.Hour, "c": -time.Hour, "d": 0} {
		one := request(id, "U1")
		one.At = moment.Add(d)
		s.requests(t, one)
	}
	s.requests(t, request("another's", "U2"))
	s.endRequest(t, "c", fromAsked, actions.RequestWithdrawn, moment)
	for limit, want := range map[int]string{10: "d c b a", 2: "d c"} {
		mine, err := s.RequestsBy(t.Context(), "U1", limit)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "my requests", requestIDs(mine), want)
	}
	nobodys, err := s.RequestsBy(t.Context(), "U3", 10)
	if err != nil || len(nobodys) != 0 {
		t.Errorf("the requests of somebody who has none: %v, %v", nobodys, err)
	}
}
