package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

// replica is a server in a process of its own, which is ended and started again at the
// same addresses.
type replica struct {
	t     *testing.T
	name  string // by which its database knows it
	env   []string
	url   string
	ended chan error
	cmd   *exec.Cmd
	said  []*awaited // what each of its processes wrote
}

// awaited is what a process writes, until it writes a word and after.
type awaited struct {
	safeBuffer
	word  string
	heard chan struct{}
	done  bool
}

// Write notes what was written.
func (a *awaited) Write(p []byte) (int, error) {
	n, err := a.safeBuffer.Write(p)
	if !a.done && strings.Contains(a.String(), a.word) {
		a.done = true
		close(a.heard)
	}
	return n, err
}

// newReplica is a server of a set, which isn't started.
func newReplica(t *testing.T, name string, slack *slackfake.Slack, databaseURL string, settings ...string) *replica {
	t.Helper()
	outer, inner := lastingAddress(t), lastingAddress(t)
	r := &replica{t: t, name: name, url: "http://" + outer}
	r.env = append(os.Environ(),
		"LATCHKEY_DATABASE_URL="+knownAs(t, databaseURL, name), "LATCHKEY_SECRET_KEY="+testKey, "LATCHKEY_LISTEN="+outer, "LATCHKEY_INTERNAL_LISTEN="+inner,
		"LATCHKEY_SLACK_BOT_TOKEN="+slack.Token(), "LATCHKEY_SLACK_SIGNING_SECRET="+slack.SigningSecret(), "LATCHKEY_SLACK_API_URL="+slack.APIURL(),
	)
	r.env = append(r.env, settings...)
	t.Cleanup(func() {
		if r.cmd != nil {
			r.kill()
		}
	})
	return r
}

// knownAs is the URL of a database that is to know by a name who asks it.
func knownAs(t *testing.T, databaseURL, name string) string {
	t.Helper()
	known, err := url.Parse(databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	query := known.Query()
	query.Set("application_name", name)
	known.RawQuery = query.Encode()
	return known.String()
}

// lastingAddress is an address that is free, and that nobody is given by chance while who
// listens there is being restarted: no system hands out ports as low.
func lastingAddress(t *testing.T) string {
	t.Helper()
	for range 100 {
		address := net.JoinHostPort("127.0.0.1", strconv.Itoa(20000+rand.IntN(10000)))
		if l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", address); err == nil {
			_ = l.Close() // it listened only
			return address
		}
	}
	t.Fatal("no port is free")
	return ""
}

// start starts the server and waits until it listens.
func (r *replica) start() {
	r.t.Helper()
	said := &awaited{word: `"msg":"listening"`, heard: make(chan struct{})}
	// No test's context: it ends before what cleans up.
	cmd := exec.CommandContext(context.WithoutCancel(r.t.Context()), "latchkey", "serve")
	cmd.Env, cmd.Stderr = r.env, said
	if err := cmd.Start(); err != nil {
		r.t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	r.cmd, r.ended, r.said = cmd, ended, append(r.said, said)
	select {
	case <-said.heard:
	case err := <-ended:
		r.cmd = nil
		r.t.Fatalf("a server ended before it listened: %v\n%s", err, said)
	}
}

// kill ends the server as a power cut does.
func (r *replica) kill() {
	r.t.Helper()
	if err := r.cmd.Process.Kill(); err != nil {
		r.t.Errorf("a server had ended by itself: %v\n%s", err, r.said[len(r.said)-1])
	}
	if err := <-r.ended; err == nil {
		r.t.Error("a server had ended well by itself")
	}
	r.cmd = nil
}

// stop asks the server to end, and expects that it does as it should.
func (r *replica) stop() {
	r.t.Helper()
	if err := r.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		r.t.Errorf("a server had ended by itself: %v\n%s", err, r.said[len(r.said)-1])
	}
	if err := <-r.ended; err != nil {
		r.t.Errorf("a server ended with %v:\n%s", err, r.said[len(r.said)-1])
	}
	r.cmd = nil
}

// wantDefectless expects that no process panicked or met a race.
func (r *replica) wantDefectless() {
	r.t.Helper()
	for _, said := range r.said {
		for line := range strings.Lines(said.String()) {
			if strings.Contains(line, "panic") || strings.Contains(line, "DATA RACE") || strings.Contains(line, `"code":"internal"`) {
				r.t.Errorf("a server says %s", fmt.Sprintf("%.600s", line))
			}
		}
	}
}
