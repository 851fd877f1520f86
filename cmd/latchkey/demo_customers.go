package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// customers is the demo's product, where its customers log in: what they do
// there reaches Latchkey as from every product, through POST /v1/records with a
// token.
type customers struct {
	directory  actions.Directory
	url, token string
	crowd      *crowd
	log        *slog.Logger
}

// customers makes the product, with a token of its own.
func (d *demo) customers(ctx context.Context, inner string, log *slog.Logger) (*customers, error) {
	token, err := d.house.actions.CreateToken(ctx, atTerminal(), "product", actions.ScopeDirectory)
	if err != nil {
		return nil, err
	}
	return &customers{directory: d.house.store, url: inner + "/v1/records", token: token.Text, crowd: d.crowd, log: log}, nil
}

// Attempt lets a customer log in, or fail to, as they usually do. Who gets in
// was unlocked before: the product has people of its own who can do that.
//
// Errors: NotFound for a customer who isn't there, what the other side says
// when it doesn't take the records.
func (c *customers) Attempt(ctx context.Context, userID, outcome string) error {
	now := time.Now().UTC()
	known, err := c.directory.Snapshot(ctx, actions.Query{UserID: userID, At: now})
	if err != nil {
		return err
	}
	if len(known.Users) != 1 {
		return actions.Errorf(actions.NotFound, "There is no such customer any more.")
	}
	attempt := attemptRecord{
		Type: "attempt", ID: "live-" + nonsense(), At: now, Identifier: known.Users[0].Username, UserID: userID, Outcome: outcome, IP: "203.0.113.200",
	}
	for _, usual := range known.Successes {
		if !actions.FromStaff(known.StaffNetworks, usual) {
			attempt.IP, attempt.Country, attempt.DeviceID, attempt.UserAgent = usual.IP, usual.Country, usual.DeviceID, usual.UserAgent
			break
		}
	}
	var lines []any
	if outcome == string(actions.Success) {
		lines = released(known.Locks, now)
	}
	return c.send(ctx, append(lines, attempt))
}

// released are the open locks as they are when somebody released them.
func released(locks []actions.Lock, now time.Time) []any {
	var lines []any
	for _, l := range locks {
		if l.Open(now) {
			lines = append(lines, map[string]any{
				"type": "lock", "id": l.ID, "user_id": l.UserID, "kind": l.Kind, "at": l.At, "detail": l.Detail, "released_at": now.Add(-time.Second),
			})
		}
	}
	return lines
}

// lifeEvery is how often one of the crowd logs in while the demo runs, so that
// its records stay fresh.
const lifeEvery = 20 * time.Second

// live lets the crowd go on with its day until ctx ends.
func (c *customers) live(ctx context.Context, ticks <-chan time.Time) {
	for {
		select {
		case at := <-ticks:
			if err := c.send(ctx, []any{c.crowd.next(at.UTC())}); err != nil && ctx.Err() == nil {
				c.log.WarnContext(ctx, "the demo's customers could not log in", "error", err)
			}
		case <-ctx.Done():
			return
		}
	}
}

// send sends records as a product does.
func (c *customers) send(ctx context.Context, lines []any) error {
	var body bytes.Buffer
	enc := json.NewEncoder(&body)
	for _, line := range lines {
		if err := enc.Encode(line); err != nil {
			return fmt.Errorf("writing what a customer did: %w", err)
		}
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, &body)
	if err != nil {
		return fmt.Errorf("sending what a customer did: %w", err)
	}
	r.Header.Set("Authorization", "Bearer "+c.token)
	r.Header.Set("Content-Type", "application/x-ndjson")
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		return fmt.Errorf("sending what a customer did: %w", err)
	}
	defer func() { _ = got.Body.Close() }()
	if got.StatusCode == http.StatusOK {
		return nil
	}
	answer, err := io.ReadAll(io.LimitReader(got.Body, 4096))
	return errors.Join(fmt.Errorf("sending what a customer did: %s: %s", got.Status, bytes.TrimSpace(answer)), err)
}
