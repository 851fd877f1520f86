package main

import (
	"context"
	"flag"
	"net"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/latchkey-bot/latchkey/bot/browsertest"
)

// TestMain lets the scripts under testdata run the command as people do. Most tests
// here wait, as people who work in Slack do, so that twice as many run at once as usual,
// unless -parallel says how many.
func TestMain(m *testing.M) {
	if err := flag.Set("test.parallel", strconv.Itoa(2*runtime.GOMAXPROCS(0))); err != nil {
		panic(err)
	}
	testscript.Main(browsertest.Closing{Tests: m}, map[string]func(){"latchkey": main})
}

// TestScripts runs the scripts: what a person types at a terminal, and reads.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(env *testscript.Env) error {
			env.Setenv("LATCHKEY_DATABASE_URL", "sqlite:"+env.WorkDir+"/latchkey.db")
			env.Setenv("KEY", "k1:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")
			env.Setenv("OTHER_KEY", "k1:YWJjZGVmZ2hpamtsbW5vcGFiY2RlZmdoaWprbG1ub3A=")
			env.Setenv("HOME", env.WorkDir)
			env.Setenv("OUTER", freeAddress(t))
			env.Setenv("INNER", freeAddress(t))
			env.Setenv("NOWHERE", freeAddress(t))
			startSite(env)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"await": await, "site": siteCommand},
	})
}

// freeAddress is an address on loopback that nobody listens on.
func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// await waits until a URL answers with a status: await 200 http://….
func await(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: await STATUS URL")
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	last := ""
	for ctx.Err() == nil {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, args[1], nil)
		ts.Check(err)
		got, err := http.DefaultClient.Do(r)
		if err == nil {
			_ = got.Body.Close()
			if last = got.Status; strings.HasPrefix(last, args[0]) {
				return
			}
		}
		<-tick.C
	}
	ts.Fatalf("%s never answered %s, last %s", args[1], args[0], last)
}
