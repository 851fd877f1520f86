package main

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/bot/slackfake"
	"github.com/latchkey-bot/latchkey/store/storetest"
)

// The goals of a server's start on an existing database.
const (
	readyGoal = 300 // milliseconds until /readyz
	idleGoal  = 40  // MB of resident memory
)

// BenchmarkServe starts the built server on an existing database, until
// /readyz answers 200, and looks at its memory then.
//
//	go test ./cmd/latchkey -run '^$' -bench Serve -benchtime 10x
func BenchmarkServe(b *testing.B) {
	binary := filepath.Join(b.TempDir(), "latchkey")
	if out, err := exec.CommandContext(b.Context(), "go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		b.Fatalf("building: %v\n%s", err, out)
	}
	for name, url := range map[string]string{"sqlite": storetest.SQLiteURL(b), "postgres": storetest.NewCluster(b, true).URL} {
		fill(b, url, 1000, 10_000)
		b.Run(name, func(b *testing.B) { benchServe(b, binary, url) })
	}
}

func benchServe(b *testing.B, binary, databaseURL string) {
	slack := slackfake.Start(slackfake.Config{})
	defer slack.Close()
	var ready time.Duration
	var memory float64
	for range b.N {
		outer, inner := freeAddress(b), freeAddress(b)
		server := exec.CommandContext(b.Context(), binary, "serve")
		server.Env = append(os.Environ(),
			"LATCHKEY_DATABASE_URL="+databaseURL, "LATCHKEY_SECRET_KEY="+testKey, "LATCHKEY_LISTEN="+outer, "LATCHKEY_INTERNAL_LISTEN="+inner,
			"LATCHKEY_SLACK_BOT_TOKEN="+slack.Token(), "LATCHKEY_SLACK_SIGNING_SECRET="+slack.SigningSecret(),
			"LATCHKEY_SLACK_API_URL="+slack.APIURL(), "LATCHKEY_AGENTS=U0AGENT")
		began := time.Now()
		if err := server.Start(); err != nil {
			b.Fatal(err)
		}
		untilReady(b, "http://"+inner+"/readyz")
		ready += time.Since(began)
		memory += residentMemory(b, server.Process.Pid)
		if err := server.Process.Signal(os.Interrupt); err != nil {
			b.Fatal(err)
		}
		if err := server.Wait(); err != nil {
			b.Errorf("the server ended with %v", err)
		}
	}
	report := func(value float64, unit string, goal float64) {
		b.ReportMetric(value, fmt.Sprintf("%s(goal-%.0f)", unit, goal))
		if value > goal {
			b.Logf("missed: %s is %.1f, the goal is %.0f", unit, value, goal)
		}
	}
	report(float64(ready.Milliseconds())/float64(b.N), "ready-ms", readyGoal)
	report(memory/float64(b.N), "idle-MB", idleGoal)
}

func untilReady(b *testing.B, url string) {
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for {
		got, err := http.Get(url)
		if err == nil {
			_ = got.Body.Close()
			if got.StatusCode == http.StatusOK {
				return
			}
		}
		select {
		case <-tick.C:
		case <-b.Context().Done():
			b.Fatal("the server never got ready")
		}
	}
}

// residentMemory reads the resident memory of a process in MB.
func residentMemory(b *testing.B, pid int) float64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Skipf("memory is read from /proc: %v", err)
	}
	for line := range strings.Lines(string(status)) {
		var kb float64
		if n, _ := fmt.Sscanf(line, "VmRSS: %f kB", &kb); n == 1 {
			return kb / 1024
		}
	}
	b.Fatal("/proc doesn't say VmRSS")
	return 0
}
