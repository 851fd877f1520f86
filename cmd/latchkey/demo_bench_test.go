package main

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/actions/records"
)

// openGoal is how long the built demo may take until its page is there, and
// until it has ended, in milliseconds.
const openGoal = 1000

// BenchmarkDemo starts the built demo until it says where it is, asks for the
// page, and ends it.
//
//	go test ./cmd/latchkey -run '^$' -bench Demo -benchtime 10x
func BenchmarkDemo(b *testing.B) {
	binary := filepath.Join(b.TempDir(), "latchkey")
	if out, err := exec.CommandContext(b.Context(), "go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		b.Fatalf("building: %v\n%s", err, out)
	}
	var opened, ended, memory float64
	for range b.N {
		address := freeAddress(b)
		running := exec.CommandContext(b.Context(), binary, "demo", "--listen", address)
		out, err := running.StdoutPipe()
		if err != nil {
			b.Fatal(err)
		}
		began := time.Now()
		if err := running.Start(); err != nil {
			b.Fatal(err)
		}
		if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
			b.Fatal(err)
		}
		untilReady(b, "http://"+address+"/")
		opened += time.Since(began).Seconds() * 1000
		memory += residentMemory(b, running.Process.Pid)
		began = time.Now()
		if err := running.Process.Signal(syscall.SIGTERM); err != nil {
			b.Fatal(err)
		}
		if err := running.Wait(); err != nil {
			b.Errorf("the demo ended with %v", err)
		}
		ended += time.Since(began).Seconds() * 1000
	}
	b.ReportMetric(opened/float64(b.N), "open-ms(goal-1000)")
	b.ReportMetric(ended/float64(b.N), "end-ms(goal-1000)")
	b.ReportMetric(memory/float64(b.N), "MB")
	if most := max(opened, ended) / float64(b.N); most > openGoal {
		b.Logf("missed: it takes %.0f ms, the goal is %d", most, openGoal)
	}
}

// BenchmarkCompany makes the demo's company, and takes it into a new database.
//
//	go test ./cmd/latchkey -run '^$' -bench Company -benchtime 10x
func BenchmarkCompany(b *testing.B) {
	b.Run("make", func(b *testing.B) {
		for b.Loop() {
			b.SetBytes(int64(len(company(time.Now()))))
		}
	})
	b.Run("import", func(b *testing.B) {
		lines := company(time.Now())
		for b.Loop() {
			h, err := openHouse(b.Context(), "sqlite:"+filepath.Join(b.TempDir(), "demo.db"), benchKeys(b), actions.Rules{}, quiet(terminal{err: os.Stderr}))
			if err != nil {
				b.Fatal(err)
			}
			tally, err := h.actions.Import(b.Context(), atTerminal(), actions.Import{Lines: ahead(b.Context(), records.Read("demo", bytes.NewReader(lines)))})
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(tally.Total()), "records")
			if err := h.close(); err != nil {
				b.Fatal(err)
			}
		}
	})
}
