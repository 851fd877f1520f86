package store_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/lib/pq"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/store"
	"github.com/latchkey-bot/latchkey/store/storetest"
)

const (
	benchAttempts = 1_000_000
	benchUsers    = 50_000
	benchBatch    = 2_000
	// benchGoal is the least share of COPY's rate that an import has to reach.
	benchGoal = 0.5
)

var benchStart = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

// BenchmarkImport imports a month of attempts, and has psql copy the same rows
// into the same table of another database of the same server. share is the
// import's rate by psql's. Run it with -benchtime=1x.
func BenchmarkImport(b *testing.B) {
	cluster := storetest.NewCluster(b, true)
	file := filepath.Join(b.TempDir(), "attempts.txt")
	writeRows(b, file)
	// The better of two: the first one also warms the machine up.
	copied := max(copyRate(b, cluster, "first", file), copyRate(b, cluster, "second", file))
	b.Run("postgres", func(b *testing.B) { benchImport(b, cluster.Database(b, "latchkey"), copied) })
	b.Run("sqlite", func(b *testing.B) { benchImport(b, storetest.SQLiteURL(b), copied) })
}

// benchImport measures one import of all attempts, the way from records to the
// committed transaction.
func benchImport(b *testing.B, url string, copied float64) {
	ctx := context.Background()
	for b.Loop() {
		s, err := store.Open(ctx, url, store.Options{Keys: storetest.Keyring(b)})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := s.Migrate(ctx); err != nil {
			b.Fatal(err)
		}
		begun := time.Now()
		if err := s.Import(ctx, putAll); err != nil {
			b.Fatal(err)
		}
		rate := benchAttempts / time.Since(begun).Seconds()
		b.ReportMetric(rate, "rec/s")
		b.ReportMetric(copied, "copy-rec/s")
		b.ReportMetric(rate/copied, "share")
		b.ReportMetric(peakMemory(b), "peak-MB")
		if rate/copied < benchGoal {
			b.Errorf("an import reaches %.2f of COPY's rate, less than %.2f", rate/copied, benchGoal)
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func putAll(tx actions.ImportTx) error {
	batch := make([]actions.Record, 0, benchBatch)
	random := rand.New(rand.NewPCG(1, 2))
	for n := range benchAttempts {
		batch = append(batch, actions.Record{Body: benchAttempt(random, n)})
		if len(batch) == benchBatch {
			if _, err := tx.Put(context.Background(), batch); err != nil {
				return err
			}
			batch = batch[:0]
		}
	}
	return nil
}

// benchAttempt makes the attempt number n of a month in which most people get
// in, some mistype their password and a few their name.
func benchAttempt(random *rand.Rand, n int) actions.Attempt {
	who := random.IntN(benchUsers)
	a := actions.Attempt{
		ID: "at-" + strconv.Itoa(n), At: benchStart.Add(time.Duration(n) * 2500 * time.Millisecond),
		Identifier: fmt.Sprintf("Person.%d@company%d.example", who, who%500), Outcome: actions.Success,
		UserID: fmt.Sprintf("user-%06d", who), IP: fmt.Sprintf("%d.%d.%d.%d", 11+who%80, who%250, who/250, 1+random.IntN(250)),
		Country: "AU", ASN: "AS" + strconv.Itoa(1000+who%90), DeviceID: fmt.Sprintf("device-%d-%d", who, random.IntN(3)),
		UserAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
	}
	switch random.IntN(10) {
	case 0, 1:
		a.Outcome = actions.WrongPassword
	case 2:
		a.Outcome, a.DeviceID = actions.LockedOut, ""
	case 3:
		a.Outcome, a.UserID, a.DeviceID = actions.UnknownUsername, "", ""
		a.Identifier = fmt.Sprintf("Persn.%d@company%d.example", who, who%500)
	case 4:
		a.UserID = "" // matched by what was typed
	}
	return a
}

// writeRows writes the attempts as psql copies them.
func writeRows(b *testing.B, path string) {
	file, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	out := bufio.NewWriter(file)
	random := rand.New(rand.NewPCG(1, 2))
	for n := range benchAttempts {
		a := benchAttempt(random, n)
		null := func(s string) string {
			if s == "" {
				return `\N`
			}
			return s
		}
		fields := []string{
			string(pq.FormatTimestamp(a.At)), a.ID, a.Identifier, actions.Key(a.Identifier), string(a.Outcome), null(a.UserID),
			a.IP, a.Country, a.ASN, null(a.DeviceID), a.UserAgent, strconv.FormatBool(a.VPN), a.Resource, strconv.Itoa(n),
		}
		if _, err := out.WriteString(strings.Join(fields, "\t") + "\n"); err != nil {
			b.Fatal(err)
		}
	}
	if err := errors.Join(out.Flush(), file.Close()); err != nil {
		b.Fatal(err)
	}
}

// copyRate returns how many rows a second psql copies into the same table of a
// new database.
func copyRate(b *testing.B, cluster *storetest.Cluster, database, file string) float64 {
	ctx := context.Background()
	url := cluster.Database(b, database)
	s, err := store.Open(ctx, url, store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := s.Migrate(ctx); err != nil {
		b.Fatal(err)
	}
	if err := errors.Join(s.MakePartitions(ctx, benchStart, 2), s.Close()); err != nil {
		b.Fatal(err)
	}
	begun := time.Now()
	out, err := exec.Command(cluster.Program("psql"), url, "-c", `\copy attempts FROM `+file).CombinedOutput()
	if err != nil {
		b.Fatalf("psql: %v\n%s", err, out)
	}
	return benchAttempts / time.Since(begun).Seconds()
}

// peakMemory returns the most memory this process had, in MB.
func peakMemory(b *testing.B) float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Skip("no /proc to read the memory from")
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			if err != nil {
				b.Fatal(err)
			}
			return kb / 1000
		}
	}
	return 0
}
