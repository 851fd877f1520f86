package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// rekeyCmd seals everything anew with the newest key, so that the old one can go.
type rekeyCmd struct {
	JSON bool `help:"As JSON."`
	Data
}

// Run seals everything anew: how far it is goes to standard error, what came of
// it to standard output.
func (c *rekeyCmd) Run(ctx context.Context, t terminal) (err error) {
	keys, err := c.keys()
	if err != nil {
		return err
	}
	if keys.Empty() {
		return usagef("LATCHKEY_SECRET_KEY is not set: there is no key to seal with.")
	}
	h, err := c.open(ctx, actions.Rules{}, quiet(t))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	done := 0
	report, err := h.actions.Rekey(ctx, atTerminal(), func(sealed, total int) {
		done = sealed
		_, _ = fmt.Fprintf(t.err, "%d of %d sealed anew\n", sealed, total)
	})
	switch {
	case err != nil && ctx.Err() != nil:
		return &halfWayError{fmt.Sprintf("Stopped after %d were sealed anew, which stay so. Run it again: it goes on where it stopped.", done)}
	case err != nil:
		return err
	case c.JSON:
		return json.NewEncoder(t.out).Encode(rekeyed(report))
	}
	_, err = fmt.Fprintln(t.out, strings.Join(rekeyLines(report, len(keys.IDs())), "\n"))
	return err
}

// halfWayError is for what was stopped and keeps what it did so far.
type halfWayError struct{ sentence string }

func (e *halfWayError) Error() string { return e.sentence }

// rekeyLine is what came of it as JSON.
type rekeyLine struct {
	Key     string      `json:"key"` // that seals
	Sealed  int         `json:"sealed"`
	Retired []string    `json:"retired"`
	Needed  []neededKey `json:"needed"`
}

// neededKey is an old key that something live still names.
type neededKey struct {
	Key   string    `json:"key"`
	Live  int       `json:"live"`
	Until time.Time `json:"until"`
}

func rekeyed(r actions.RekeyReport) rekeyLine {
	line := rekeyLine{Key: r.KeyID, Sealed: r.Sealed, Retired: append([]string{}, r.Retired...), Needed: []neededKey{}}
	for _, n := range r.Named {
		line.Needed = append(line.Needed, neededKey{n.KeyID, n.Live, n.Last})
	}
	return line
}

// rekeyLines says what came of it, and what to do now.
func rekeyLines(r actions.RekeyReport, keys int) []string {
	if keys == 1 {
		return []string{
			fmt.Sprintf("There is one key, %s, so there is nothing to replace.", r.KeyID),
			"To replace it, make another with 'openssl rand -base64 32', put it before the old one in LATCHKEY_SECRET_KEY as",
			fmt.Sprintf("NEWNAME:THE_NEW_KEY,%s:THE_OLD_KEY, start every server anew, and run this again.", r.KeyID),
		}
	}
	lines := []string{fmt.Sprintf("%s sealed anew; everything lies sealed with %s.", plural(r.Sealed, "thing"), r.KeyID)}
	for _, kid := range r.Retired {
		lines = append(lines, fmt.Sprintf("Nothing needs the key %s any more: take it out of LATCHKEY_SECRET_KEY. The audit can still be checked.", kid))
	}
	for _, n := range r.Named {
		lines = append(lines, fmt.Sprintf("The key %s is still needed by %s, the last until %s. Keep it till then, and run this again.",
			n.KeyID, plural(n.Live, "live link"), when(n.Last)))
	}
	if len(r.Retired)+len(r.Named) == 0 {
		lines = append(lines, "No other key is in use.")
	}
	return lines
}
