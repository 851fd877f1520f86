package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/term"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/actions/records"
)

// importCmd takes records into the directory.
type importCmd struct {
	Files   []string `arg:"" name:"file" help:"Files of records, one JSON object a line; - is standard input."`
	SkipBad bool     `help:"Store the good lines and print each bad one with its reason, instead of storing nothing."`
	JSON    bool     `help:"As JSON."`
	Data
	Mail
}

// Run imports the files, all or nothing. Whoever's contact changes by it is told,
// by what the server reaches customers with: so the import reads how.
func (c *importCmd) Run(ctx context.Context, t terminal) (err error) {
	g, err := c.carriers()
	if err != nil {
		return err
	}
	h, err := c.open(ctx, actions.Rules{}, quiet(t))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	h.actions.Mailer, h.actions.Texter = g.mailer, g.texter
	sources, err := openSources(c.Files, t.in)
	if err != nil {
		return err
	}
	defer sources.close()

	skipped := 0
	in := actions.Import{Lines: sources.lines(ctx)}
	if c.SkipBad {
		in.Skip = func(bad *actions.BadLine) {
			skipped++
			_, _ = fmt.Fprintln(t.err, "skipped", bad)
		}
	}
	bar := newProgress(t.err, sources)
	if bar != nil {
		in.Progress = bar.show
	}
	tally, err := h.actions.Import(ctx, atTerminal(), in)
	bar.clear()
	var bad *actions.BadLine
	if errors.As(err, &bad) {
		return fmt.Errorf("%w. Nothing was imported; mend the line, or leave bad lines out with --skip-bad", bad)
	}
	if err != nil {
		return err
	}
	return c.report(t.out, tally, skipped)
}

// report says what the import did.
func (c *importCmd) report(out io.Writer, tally actions.Tally, skipped int) error {
	if c.JSON {
		return json.NewEncoder(out).Encode(actions.Imported{Imported: tally.Total(), Skipped: skipped, Records: tally})
	}
	var parts []string
	for _, kind := range slices.Sorted(maps.Keys(tally)) {
		n := tally[kind]
		parts = append(parts, fmt.Sprintf("%s %d new, %d changed, %d as before", kind, n.New, n.Changed, n.Unchanged))
	}
	line := "Imported " + plural(tally.Total(), "record")
	if len(parts) > 0 {
		line += ": " + strings.Join(parts, "; ")
	}
	if skipped > 0 {
		line += ". Skipped " + plural(skipped, "bad line")
	}
	_, err := fmt.Fprintln(out, line+".")
	return err
}

// source is one input with the bytes read so far.
type source struct {
	name string
	io.Reader
	file *os.File // nil for standard input
	size int64    // 0 when unknown
	read atomic.Int64
}

// Read counts what it reads.
func (s *source) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	s.read.Add(int64(n))
	return n, err
}

// sources are the inputs of one import.
type sources []*source

// openSources opens every input before anything is imported.
func openSources(names []string, stdin io.Reader) (sources, error) {
	var all sources
	for _, name := range names {
		if name == "-" {
			all = append(all, &source{name: name, Reader: stdin})
			continue
		}
		file, err := os.Open(name) //nolint:gosec // the user names the file
		if err != nil {
			all.close()
			return nil, fmt.Errorf("the file can't be opened: %w", err)
		}
		s := &source{name: name, Reader: file, file: file}
		all = append(all, s)
		info, err := file.Stat()
		switch {
		case err != nil:
			all.close()
			return nil, fmt.Errorf("the file can't be read: %w", err)
		case info.IsDir():
			all.close()
			return nil, fmt.Errorf("%s is a folder; please name the files in it", name)
		}
		s.size = info.Size()
	}
	return all, nil
}

// lines yields the records of all inputs, until ctx ends.
func (all sources) lines(ctx context.Context) iter.Seq2[actions.Record, error] {
	var each []iter.Seq2[actions.Record, error]
	for _, s := range all {
		each = append(each, records.Read(s.name, s))
	}
	return ahead(ctx, records.Chain(each...))
}

func (all sources) close() {
	for _, s := range all {
		if s.file != nil {
			_ = s.file.Close() // it was only read
		}
	}
}

// progress shows on a terminal how far an import is.
type progress struct {
	out     io.Writer
	sources sources
	began   time.Time
	shown   time.Time
}

// newProgress returns nil when out is no terminal.
func newProgress(out io.Writer, all sources) *progress {
	if !isTerminal(out) {
		return nil
	}
	return &progress{out: out, sources: all, began: time.Now()}
}

// show prints records, rate and time left, at most four times a second.
func (p *progress) show(n int) {
	now := time.Now()
	if now.Sub(p.shown) < 250*time.Millisecond {
		return
	}
	p.shown = now
	spent := now.Sub(p.began).Seconds()
	line := fmt.Sprintf("\r\x1b[K%d records, %.0f a second", n, float64(n)/spent)
	if left, ok := p.left(spent); ok {
		line += fmt.Sprintf(", %s left", left.Round(time.Second))
	}
	_, _ = io.WriteString(p.out, line)
}

// left estimates the time left, when the size of every input is known.
func (p *progress) left(spent float64) (time.Duration, bool) {
	var read, size int64
	for _, s := range p.sources {
		if s.size == 0 {
			return 0, false
		}
		read, size = read+s.read.Load(), size+s.size
	}
	if read == 0 {
		return 0, false
	}
	return time.Duration(spent * float64(size-read) / float64(read) * float64(time.Second)), true
}

// clear takes the line away.
func (p *progress) clear() {
	if p != nil && !p.shown.IsZero() {
		_, _ = io.WriteString(p.out, "\r\x1b[K")
	}
}

// isTerminal reports whether somebody is reading.
func isTerminal(w any) bool {
	file, ok := w.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}
