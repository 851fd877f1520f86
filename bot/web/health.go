package web

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"
)

// How long a check may take, and how long its result is good for.
const (
	checkLimit = 2 * time.Second
	keepGood   = 30 * time.Second
	keepBad    = 5 * time.Second // short, so that what has recovered is seen soon
)

// Check asks a part that we need whether it is there; nil means yes. It may
// ignore ctx: nobody waits longer than two seconds.
type Check func(ctx context.Context) error

// Healthz answers 200 as long as the process serves at all.
func Healthz() http.Handler {
	return reading(func(w http.ResponseWriter, _ *http.Request) {
		secure(w.Header(), "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, "ok\n") // who hung up reads nothing
	})
}

// Readyz answers whether requests can be answered: 200, or 503 when a part
// that we need is missing, with JSON that says of each part "ok" or, in a
// sentence, what is wrong, and nothing about how. slackCheck asks Slack, and its
// result is kept for 30 seconds; nil leaves Slack out. more are asked each time.
// Causes go to log.
func Readyz(database, slackCheck Check, log *slog.Logger, more ...Part) http.Handler {
	parts := []*part{{name: "database", check: database, sentence: "The database doesn't answer.", log: log}}
	if slackCheck != nil {
		parts = append(parts, &part{
			name: "slack", check: slackCheck, sentence: "Slack doesn't answer, or refuses the token.", log: log, kept: true,
		})
	}
	for _, m := range more {
		parts = append(parts, &part{name: m.Name, check: m.Check, sentence: m.Sentence, log: log})
	}
	return reading(func(w http.ResponseWriter, r *http.Request) {
		status, answer := http.StatusOK, map[string]string{}
		for _, result := range ask(r.Context(), parts) {
			answer[result.name] = result.sentence
			if !result.ok {
				status = http.StatusServiceUnavailable
			}
		}
		secure(w.Header(), "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(answer) // who hung up reads nothing
	})
}

// Part is something else that a server needs: what it is called in the answer, how
// it is asked, and what is said when it isn't there.
type Part struct {
	Name     string
	Check    Check
	Sentence string
}

// part is something that we need.
type part struct {
	name     string
	check    Check
	sentence string // when it isn't there
	kept     bool   // its result is remembered
	log      *slog.Logger

	mu    sync.Mutex
	ok    bool
	until time.Time
}

// verdict is what is said of a part.
type verdict struct {
	name     string
	ok       bool
	sentence string
}

// ask asks all parts at once.
func ask(ctx context.Context, parts []*part) []verdict {
	verdicts := make([]verdict, len(parts))
	var all sync.WaitGroup
	for i, p := range parts {
		all.Go(func() { verdicts[i] = p.ask(ctx) })
	}
	all.Wait()
	return verdicts
}

func (p *part) ask(ctx context.Context) verdict {
	if p.there(ctx) {
		return verdict{name: p.name, ok: true, sentence: "ok"}
	}
	return verdict{name: p.name, sentence: p.sentence}
}

// there reports whether the part is there, now or at the last look that is
// kept. Several who ask at once wait for one look of that kind.
func (p *part) there(ctx context.Context) bool {
	if !p.kept {
		return p.look(ctx)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if time.Now().Before(p.until) {
		return p.ok
	}
	p.ok, p.until = p.look(ctx), time.Now().Add(keepGood)
	if !p.ok {
		p.until = time.Now().Add(keepBad)
	}
	return p.ok
}

// look runs the check. Who hung up doesn't make the part look missing to the
// next one.
func (p *part) look(ctx context.Context) bool {
	err := bounded(context.WithoutCancel(ctx), p.check)
	if err != nil {
		p.log.WarnContext(ctx, "not ready", "part", p.name, "error", err)
	}
	return err == nil
}

// bounded runs a check for two seconds at most.
func bounded(ctx context.Context, check Check) error {
	ctx, cancel := context.WithTimeout(ctx, checkLimit)
	defer cancel()
	done := make(chan error, 1) // buffered: nobody may be left to read it
	go func() { done <- check(ctx) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// reading lets through what only reads.
func reading(next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			secure(w.Header(), "text/plain; charset=utf-8")
			w.Header().Set("Allow", "GET, HEAD")
			w.WriteHeader(http.StatusMethodNotAllowed)
			return
		}
		next(w, r)
	})
}

// secure sets the headers that every answer here has.
func secure(header http.Header, contentType string) {
	header.Set("Content-Type", contentType)
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	header.Set("Referrer-Policy", "no-referrer")
}
