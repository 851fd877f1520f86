package main

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot"
	"github.com/latchkey-bot/latchkey/bot/slackfake"
	"github.com/latchkey-bot/latchkey/store"
	"github.com/latchkey-bot/latchkey/store/storetest"
)

const (
	// benchWaiting is how many messages wait in the outbox.
	benchWaiting = 100_000
	// benchWarm is how long the outbox runs before it is measured.
	benchWarm = 3 * time.Second
	// shareGoal is the least share of one message a second per channel.
	shareGoal = 0.95
)

// BenchmarkOutbox delivers to 1, 50 and 500 channels for as many seconds as
// -benchtime says, with 100,000 messages waiting, rendered from the database and
// posted to a Slack that notes when each comes. share is how many came, of one a
// second per channel; close counts those that came less than 0.9 s after the one
// before.
//
//	go test ./cmd/latchkey -run '^$' -bench Outbox -benchtime 20x -timeout 1h
func BenchmarkOutbox(b *testing.B) {
	for name, url := range map[string]func(testing.TB) string{
		"sqlite":   storetest.SQLiteURL,
		"postgres": func(t testing.TB) string { return storetest.NewCluster(t, true).URL },
	} {
		for _, channels := range []int{1, 50, 500} {
			b.Run(fmt.Sprintf("%s/%d", name, channels), func(b *testing.B) {
				if b.N == 1 { // only tried out
					return
				}
				db, slack := openOutbox(b, url(b)), slackfake.New(slackfake.Config{Unlimited: true})
				queueUp(b, db, channels)
				for i := range channels {
					slack.AddChannel(slackfake.Channel{ID: channelID(i)})
				}
				came := arrivals{}
				slack.Follow(came.note)
				stop := runOutbox(b, db, slack)
				<-time.After(benchWarm)
				b.ResetTimer()
				from := time.Now()
				<-time.After(time.Duration(b.N) * time.Second)
				took := time.Since(from)
				b.StopTimer()
				stop()
				came.report(b, from, took, channels)
			})
		}
	}
}

// openOutbox opens a database and makes its tables.
func openOutbox(b *testing.B, url string) *store.Store {
	b.Helper()
	db, err := store.Open(b.Context(), url, store.Options{Keys: benchKeys(b)})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	if _, err := db.Migrate(b.Context()); err != nil {
		b.Fatal(err)
	}
	return db
}

func channelID(i int) string { return fmt.Sprintf("C%04d", i) }

// queueUp lets messages wait for channels, by turns, each about one watch.
func queueUp(b *testing.B, db *store.Store, channels int) {
	b.Helper()
	now := actions.Instant(time.Now())
	err := db.Tx(b.Context(), func(tx actions.Tx) error {
		w := actions.Watch{ID: "w", UserID: "u", Actor: "U0AGENT", StartedAt: now, Until: now, State: actions.WatchIn, EndedAt: now, Outcome: actions.Success}
		if err := tx.StartWatch(b.Context(), w); err != nil {
			return err
		}
		for i := range benchWaiting {
			due := now.Add(time.Duration(i-benchWaiting) * time.Millisecond)
			m := actions.Outgoing{ID: fmt.Sprint("m", i), Kind: actions.OutgoingWatchEnded, To: channelID(i % channels), Ref: "w", At: now, Due: due}
			if err := tx.Enqueue(b.Context(), m); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}

// runOutbox delivers until stop is called.
func runOutbox(b *testing.B, db *store.Store, slack *slackfake.Slack) (stop func()) {
	b.Helper()
	box, err := bot.New(bot.Config{
		SigningSecret: slack.SigningSecret(), Outbox: db, APIURL: slack.APIURL(), Transport: slack.Transport(),
		Workspace: bot.NewWorkspace(slack.Token(), slack.APIURL(), slack.Transport()),
		Actions:   &actions.Actions{Directory: db, Store: db, Now: time.Now}, Log: slog.New(slog.NewTextHandler(b.Output(), nil)),
	})
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { box.Run(ctx) })
	return func() {
		cancel()
		running.Wait()
	}
}

// arrivals are when messages came, by channel.
type arrivals struct {
	mu sync.Mutex
	at map[string][]time.Time
}

func (a *arrivals) note(h slackfake.Happening) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.at == nil {
		a.at = map[string][]time.Time{}
	}
	a.at[h.Channel] = append(a.at[h.Channel], time.Now())
}

// report counts what came within a time.
func (a *arrivals) report(b *testing.B, from time.Time, took time.Duration, channels int) {
	b.Helper()
	a.mu.Lock()
	defer a.mu.Unlock()
	came, tooClose, least := 0, 0, int(took.Seconds())
	for i := range channels {
		here := 0
		for n, at := range a.at[channelID(i)] {
			if at.Before(from) || !at.Before(from.Add(took)) {
				continue
			}
			here++
			if n > 0 && at.Sub(a.at[channelID(i)][n-1]) < 900*time.Millisecond {
				tooClose++
			}
		}
		came, least = came+here, min(least, here)
	}
	share := float64(came) / took.Seconds() / float64(channels)
	b.ReportMetric(share, "share(goal-0.95)")
	b.ReportMetric(float64(came)/took.Seconds(), "messages/s")
	b.ReportMetric(float64(least)/took.Seconds(), "least-share")
	b.ReportMetric(float64(tooClose), "close")
	if share < shareGoal {
		b.Logf("missed: %.3f of one message a second per channel, the goal is %.2f", share, shareGoal)
	}
}
