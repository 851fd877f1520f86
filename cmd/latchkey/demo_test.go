package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"html"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
	"github.com/latchkey-bot/latchkey/bot/sandbox"
	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

// opened is a demo that runs in the process.
type opened struct {
	t    *testing.T
	url  string
	said string        // its first line
	end  func() error  // asks it to end, and returns what Run did
	errs *bytes.Buffer // its standard error, to be read after end
}

// openDemo starts a demo. It and its pages take a whole core, and a person in front of
// them doesn't wait, so that what opens one runs alone: no t.Parallel.
func openDemo(t *testing.T) *opened {
	t.Helper()
	o := &opened{t: t, errs: new(bytes.Buffer)}
	ctx, cancel := context.WithCancel(t.Context())
	out, said := io.Pipe()
	done := make(chan error, 1)
	go func() {
		err := (&demoCmd{Listen: "127.0.0.1:0"}).Run(ctx, terminal{in: strings.NewReader(""), out: said, err: o.errs})
		_ = said.Close()
		done <- err
	}()
	o.end = sync.OnceValue(func() error { cancel(); return <-done })
	t.Cleanup(func() { _ = o.end() }) // so that nothing is left of it
	lines := bufio.NewReader(out)
	first, err := lines.ReadString('\n')
	if err != nil {
		t.Fatalf("the demo ended before it was open: %v", o.end())
	}
	go func() { _, _ = io.Copy(io.Discard, lines) }()
	o.said, o.url = first, strings.TrimSuffix(strings.TrimSpace(first[strings.Index(first, "http://"):]), "/")
	return o
}

// do does what the page does when somebody acts.
func (o *opened) do(path string, asked map[string]string) {
	o.t.Helper()
	if answer := o.asks(path, asked); strings.TrimSpace(answer) != "{}" {
		o.t.Fatalf("%s %v is answered %s", path, asked, answer)
	}
}

// asks sends what the page sends, and returns what it reads.
func (o *opened) asks(path string, asked any) string {
	o.t.Helper()
	body, err := json.Marshal(asked)
	if err != nil {
		o.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(o.t.Context(), http.MethodPost, o.url+path, bytes.NewReader(body))
	if err != nil {
		o.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Origin", o.url)
	return o.fetch(r)
}

func (o *opened) fetch(r *http.Request) string {
	o.t.Helper()
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		o.t.Fatal(err)
	}
	defer func() { _ = got.Body.Close() }()
	answer, err := io.ReadAll(got.Body)
	if err != nil || got.StatusCode != http.StatusOK {
		o.t.Fatalf("%s is answered %s: %s, %v", r.URL, got.Status, answer, err)
	}
	return string(answer)
}

// sees is all that somebody sees.
func (o *opened) sees(who string) slackfake.View {
	o.t.Helper()
	r, err := http.NewRequestWithContext(o.t.Context(), http.MethodGet, o.url+"/api/state?as="+who, nil)
	if err != nil {
		o.t.Fatal(err)
	}
	var view slackfake.View
	if err := json.Unmarshal([]byte(o.fetch(r)), &view); err != nil {
		o.t.Fatal(err)
	}
	return view
}

// newest is the newest message that somebody sees in a conversation, an empty
// one when there is none.
func (o *opened) newest(who, conversation string) slackfake.Shown {
	o.t.Helper()
	if all := o.messages(who, conversation); len(all) > 0 {
		return all[len(all)-1]
	}
	return slackfake.Shown{}
}

// diagnose types the command and returns what the bot answers, be it at once or
// only later.
func (o *opened) diagnose(who, identifier string) slackfake.Shown {
	o.t.Helper()
	before := o.newest(who, supportChannel).TS
	o.do("/api/command", map[string]string{"as": who, "conversation": supportChannel, "text": "/diagnose " + identifier})
	return o.await(who, supportChannel, "an answer", func(newest slackfake.Shown) bool { return newest.Ephemeral && newest.TS != before })
}

// reads is what the bot answers to the command, as text and blocks.
func (o *opened) reads(who, identifier string) string {
	o.t.Helper()
	answer := o.diagnose(who, identifier)
	return answer.Text + string(answer.Blocks)
}

// TestDemo: the page is there, the bot behind it answers for what stands on it,
// each person as they may, and a customer who logs in is in.
func TestDemo(t *testing.T) {
	o := openDemo(t)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, o.url+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	page := html.UnescapeString(o.fetch(r))
	for _, trial := range trials() {
		if !strings.Contains(page, trial.identifier) {
			t.Errorf("%s doesn't stand on the page", trial.identifier)
		}
	}
	if got := o.reads("U0AVA", "jane@acme.example"); !strings.Contains(got, "locked after too many wrong passwords") {
		t.Errorf("about Jane Ava reads %s", got)
	}
	if got := o.reads("U0MARCUS", mistyped); !strings.Contains(got, "Nobody has this name") || !strings.Contains(got, "Finn") {
		t.Errorf("about nobody Marcus reads %s", got)
	}
	if got := o.reads("U0LIV", "GW1001"); !strings.Contains(got, "Acme Ltd") {
		t.Errorf("about an account Liv reads %s", got)
	}
	if got := o.reads("U0KIM", "jane@acme.example"); !strings.Contains(got, "you aren't set up to use Latchkey") || strings.Contains(got, "Jane") {
		t.Errorf("without a role Kim reads %s", got)
	}
	o.do("/api/attempt", map[string]string{"as": "U0AVA", "customer": "u-rae", "outcome": sandbox.LogsIn})
	if got := o.reads("U0AVA", "rae@redwood.example"); !strings.Contains(got, "got in at their last attempt") {
		t.Errorf("once Rae is in, Ava reads %s", got)
	}
	o.do("/api/attempt", map[string]string{"as": "U0AVA", "customer": "u-rae", "outcome": sandbox.TypesAWrongPassword})
	if got := o.reads("U0AVA", "rae@redwood.example"); !strings.Contains(got, "typed a wrong password") {
		t.Errorf("once Rae mistyped, Ava reads %s", got)
	}
	for _, outcome := range []string{sandbox.LogsIn, sandbox.TypesAWrongPassword} {
		asked := map[string]string{"as": "U0AVA", "customer": "u-jane", "outcome": outcome}
		if answer := o.asks("/api/attempt", asked); strings.TrimSpace(answer) != `{"happened":"locked"}` {
			t.Errorf("while Jane is locked: %s", answer)
		}
	}
	if err := o.end(); err != nil || o.errs.Len() > 0 {
		t.Errorf("the demo ends with %v and says %s", err, o.errs)
	}
}

// TestDemoTellsWhenTheyAreIn: an agent asks to be told, the customer logs in,
// and the word comes to the agent's direct message.
func TestDemoTellsWhenTheyAreIn(t *testing.T) {
	o := openDemo(t)
	asked := o.diagnose("U0AVA", "robert@acme.example").TS
	o.do("/api/click", map[string]string{
		"as": "U0AVA", "conversation": supportChannel, "message": asked, "action": blocks.WatchAction, "value": "u-robert",
	})
	o.awaitWords("U0AVA", supportChannel, "I'll tell you")
	o.do("/api/attempt", map[string]string{"as": "U0AVA", "customer": "u-robert", "outcome": sandbox.LogsIn})
	o.awaitWords("U0AVA", slackfake.DirectMessage("U0AVA"), "Robert Stone")
	if err := o.end(); err != nil || o.errs.Len() > 0 {
		t.Errorf("the demo ends with %v and says %s", err, o.errs)
	}
}

// awaitWords waits until the newest message that somebody sees in a conversation
// says something.
func (o *opened) awaitWords(who, conversation, says string) {
	o.t.Helper()
	o.await(who, conversation, says, func(newest slackfake.Shown) bool { return strings.Contains(newest.Text, says) })
}

// await waits until the newest message that somebody sees in a conversation is
// the one that is wanted.
func (o *opened) await(who, conversation, wanted string, is func(slackfake.Shown) bool) slackfake.Shown {
	o.t.Helper()
	stream := o.stream(who)
	defer func() { _ = stream.Close() }()
	for lines := bufio.NewScanner(stream); lines.Scan(); {
		if !strings.HasPrefix(lines.Text(), "data:") {
			continue
		}
		if newest := o.newest(who, conversation); is(newest) {
			return newest
		}
	}
	o.t.Fatalf("in %s %s never reads %q", conversation, who, wanted)
	return slackfake.Shown{}
}

// stream is what a browser listens to, for half a minute.
func (o *opened) stream(who string) io.ReadCloser {
	o.t.Helper()
	ctx, cancel := context.WithTimeout(o.t.Context(), 30*time.Second)
	o.t.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, o.url+"/api/events?as="+who, nil)
	if err != nil {
		o.t.Fatal(err)
	}
	got, err := http.DefaultClient.Do(r)
	if err != nil || got.StatusCode != http.StatusOK {
		o.t.Fatalf("the stream of changes is answered %+v, %v", got, err)
	}
	return got.Body
}

// TestDemoEnds: while a browser still listens, the demo ends, and nothing of it
// is left.
func TestDemoEnds(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	o := openDemo(t)
	if left := inFolder(t, temp); len(left) != 1 {
		t.Fatalf("while it runs the demo has %v", left)
	}
	stream := o.stream("U0AVA")
	defer func() { _ = stream.Close() }()
	if _, err := bufio.NewReader(stream).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	if err := o.end(); err != nil || o.errs.Len() > 0 {
		t.Errorf("the demo ends with %v and says %s", err, o.errs)
	}
	if left := inFolder(t, temp); len(left) > 0 {
		t.Errorf("the demo left %v", left)
	}
	if _, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(o.url, "http://")); err == nil {
		t.Error("the page is still there")
	}
}

// TestDemoStopsEarly: to be ended before it is open is no error either.
func TestDemoStopsEarly(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := (&demoCmd{Listen: "127.0.0.1:0"}).Run(ctx, terminal{out: io.Discard, err: io.Discard}); err != nil {
		t.Errorf("it ends with %v", err)
	}
	if left := inFolder(t, temp); len(left) > 0 {
		t.Errorf("the demo left %v", left)
	}
}

func inFolder(t *testing.T, folder string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestDemoMoves: the friendly address is taken for granted only while nobody
// else has it.
func TestDemoMoves(t *testing.T) {
	first, _, err := (&demoCmd{}).open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = first.Close() }()
	second, moved, err := (&demoCmd{}).open(t.Context())
	if err != nil || !moved || second.Addr().String() == friendly {
		t.Fatalf("beside another the demo is at %v, moved %t, %v", second, moved, err)
	}
	defer func() { _ = second.Close() }()
	if _, _, err := (&demoCmd{Listen: second.Addr().String()}).open(t.Context()); err == nil {
		t.Error("an address that is taken was opened")
	}
	var out bytes.Buffer
	if err := (&demo{page: second, moved: true}).welcome(terminal{out: &out}); err != nil || !strings.Contains(out.String(), friendly) {
		t.Errorf("moved, the demo says %s, %v", &out, err)
	}
}

// TestDemoIsForThisMachine: no address that others reach is opened.
func TestDemoIsForThisMachine(t *testing.T) {
	t.Parallel()
	for listen, ok := range map[string]bool{
		"": true, "127.0.0.1:7000": true, "localhost:0": true, "[::1]:8000": true,
		":7000": false, "0.0.0.0:7000": false, "[::]:7000": false, "192.0.2.1:80": false, "acme.example:80": false, "127.0.0.1": false, "7000": false,
	} {
		if err := (&demoCmd{Listen: listen}).check(); (err == nil) != ok {
			t.Errorf("--listen %q: %v", listen, err)
		}
	}
}

// TestCrowdGoesOn: while the demo runs somebody logs in now and then.
func TestCrowdGoesOn(t *testing.T) {
	t.Parallel()
	now := moments["LeapDay"]
	c := newCrowd(now)
	before := len(c.attempts)
	taken := make(chan attemptRecord, 1)
	server := newServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var got attemptRecord
		if err := json.NewDecoder(r.Body).Decode(&got); err != nil || r.Header.Get("Authorization") != "Bearer token" {
			t.Errorf("a customer sends %v, %v", r.Header, err)
		}
		taken <- got
	}), quiet(terminal{err: os.Stderr}))
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(l) }()
	defer func() { _ = server.Close() }()
	ctx, cancel := context.WithCancel(t.Context())
	ticks, done := make(chan time.Time), make(chan struct{})
	var clock atomic.Pointer[time.Time]
	town := &customers{crowd: c, skylarkProduct: &skylarkProduct{
		now: func() time.Time { return *clock.Load() },
		url: "http://" + l.Addr().String(), tokens: map[actions.Scope]string{actions.ScopeDirectory: "token"}, log: quiet(terminal{err: os.Stderr}),
	}}
	go func() { town.live(ctx, ticks); close(done) }()
	for range 3 {
		now = now.Add(lifeEvery)
		at := now
		clock.Store(&at)
		ticks <- at
		if got := <-taken; !got.At.Equal(now) || got.UserID == "" || got.Type != "attempt" {
			t.Errorf("at %v a customer sends %+v", now, got)
		}
	}
	cancel()
	<-done
	if len(c.attempts) != before+3 {
		t.Errorf("the crowd tried %d times", len(c.attempts)-before)
	}
}

// TestTurnedAway: whom the product doesn't let in is told why, whatever they
// type, and nobody else is.
func TestTurnedAway(t *testing.T) {
	t.Parallel()
	now := moments["LeapDay"]
	lock := func(kind actions.LockKind, released time.Time) actions.Lock {
		return actions.Lock{Kind: kind, At: now.Add(-time.Hour), ReleasedAt: released}
	}
	place := func(account actions.AccountStatus, status actions.MembershipStatus) []actions.Place {
		return []actions.Place{{Membership: actions.Membership{Status: status}, Account: actions.Account{Status: account}}}
	}
	in := place(actions.AccountActive, actions.MembershipActive)
	for name, test := range map[string]struct {
		user   actions.User
		places []actions.Place
		locks  []actions.Lock
		want   actions.Outcome
	}{
		"LetIn":       {actions.User{}, in, nil, ""},
		"Unlocked":    {actions.User{}, in, []actions.Lock{lock(actions.LockAttempts, now)}, ""},
		"Locked":      {actions.User{}, in, []actions.Lock{lock(actions.LockAttempts, time.Time{})}, actions.LockedOut},
		"Shared":      {actions.User{}, in, []actions.Lock{lock(actions.LockManual, time.Time{}), lock(actions.LockSharing, time.Time{})}, actions.Shared},
		"Disabled":    {actions.User{Status: actions.UserDisabled}, in, nil, actions.DisabledOut},
		"Expired":     {actions.User{Status: actions.UserExpired}, in, nil, actions.ExpiredOut},
		"ExpiredNow":  {actions.User{ExpiresAt: now}, in, nil, actions.ExpiredOut},
		"NotYet":      {actions.User{ExpiresAt: now.Add(time.Second)}, in, nil, ""},
		"Closed":      {actions.User{}, place(actions.AccountCancelled, actions.MembershipActive), nil, actions.DisabledOut},
		"Unpaid":      {actions.User{}, place(actions.AccountPaymentHold, actions.MembershipActive), nil, actions.PaymentHold},
		"Deactivated": {actions.User{}, place(actions.AccountActive, actions.MembershipDeactivated), nil, actions.DisabledOut},
		"Nowhere":     {actions.User{}, nil, nil, actions.DisabledOut},
	} {
		if got := turnedAway(actions.Snapshot{Users: []actions.User{test.user}, Places: test.places, Locks: test.locks}, now); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}
