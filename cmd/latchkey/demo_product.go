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
	"strings"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/sandbox"
)

// skylarkProduct is the demo's product as Latchkey knows every product: it sends its
// records, redeems the codes of links, and learns of changes, each by a token of
// its own at the inner address.
type skylarkProduct struct {
	directory actions.Directory
	post      *sandbox.Post
	url       string // of the inner address
	tokens    map[actions.Scope]string
	heard     int64 // the last change that it heard of
	log       *slog.Logger
	now       func() time.Time
}

// product makes it, with its tokens.
func (d *demo) product(ctx context.Context, log *slog.Logger) (*skylarkProduct, error) {
	p := &skylarkProduct{
		directory: d.house.store, post: d.post, now: d.clock.Now, url: "http://" + d.at.inner.Addr().String(), tokens: map[actions.Scope]string{}, log: log,
	}
	for _, scope := range []actions.Scope{actions.ScopeDirectory, actions.ScopeLinks, actions.ScopeChanges} {
		token, err := d.house.actions.CreateToken(ctx, atTerminal(), "product-"+string(scope), scope)
		if err != nil {
			return nil, err
		}
		p.tokens[scope] = token.Text
	}
	return p, nil
}

// errUnknown is that Latchkey doesn't know what it was asked about.
var errUnknown = errors.New("unknown")

// askLimit is how long one question of the product may take: less than Latchkey waits
// for requests under way when it ends.
const askLimit = graceTime / 2

// ask asks Latchkey for something, with the token of the scope, and reads its
// answer into to, unless that is nil. A question that was begun isn't broken off when
// ctx ends: the other side would be right to complain.
//
// Errors: errUnknown, what else the other side says, those of the network, and that ctx
// has ended before.
func (p *skylarkProduct) ask(ctx context.Context, scope actions.Scope, method, path, kind string, body io.Reader, to any) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("asking for %s: %w", path, err)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), askLimit)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, p.url+path, body)
	if err != nil {
		return fmt.Errorf("asking for %s: %w", path, err)
	}
	r.Header.Set("Authorization", "Bearer "+p.tokens[scope])
	r.Header.Set("Content-Type", kind)
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		return fmt.Errorf("asking for %s: %w", path, err)
	}
	defer func() { _ = got.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(got.Body, 1<<20))
	switch {
	case err != nil:
		return fmt.Errorf("asking for %s: %w", path, err)
	case got.StatusCode == http.StatusNotFound:
		return fmt.Errorf("asking for %s: %w", path, errUnknown)
	case got.StatusCode != http.StatusOK:
		return fmt.Errorf("asking for %s: %s: %.500s", path, got.Status, bytes.TrimSpace(answer))
	case to == nil:
		return nil
	}
	return json.Unmarshal(answer, to)
}

// send sends records.
func (p *skylarkProduct) send(ctx context.Context, lines ...any) error {
	var body bytes.Buffer
	enc := json.NewEncoder(&body)
	for _, line := range lines {
		if err := enc.Encode(line); err != nil {
			return fmt.Errorf("writing what a customer did: %w", err)
		}
	}
	return p.ask(ctx, actions.ScopeDirectory, http.MethodPost, "/v1/records", "application/x-ndjson", &body, nil)
}

// redeem takes the code of a link; found is false for one that isn't good.
func (p *skylarkProduct) redeem(ctx context.Context, code string) (userID string, purpose actions.LinkPurpose, found bool, err error) {
	body, err := json.Marshal(map[string]string{"code": code})
	if err != nil {
		return "", "", false, fmt.Errorf("writing a code: %w", err)
	}
	var answer struct {
		UserID  string              `json:"user_id"`
		Purpose actions.LinkPurpose `json:"purpose"`
	}
	err = p.ask(ctx, actions.ScopeLinks, http.MethodPost, "/v1/links/redeem", "application/json", bytes.NewReader(body), &answer)
	if errors.Is(err, errUnknown) {
		return "", "", false, nil
	}
	return answer.UserID, answer.Purpose, err == nil, err
}

// listenEvery is how often the product asks what has changed.
const listenEvery = time.Second

// listen asks again and again what has changed, until ctx ends.
func (p *skylarkProduct) listen(ctx context.Context, ticks <-chan time.Time) {
	for {
		select {
		case <-ticks:
			if err := p.hear(ctx); err != nil && ctx.Err() == nil {
				p.log.WarnContext(ctx, "the demo's product could not hear what has changed", "error", err)
			}
		case <-ctx.Done():
			return
		}
	}
}

// change is one change, as the product reads it.
type change struct {
	Seq    int64              `json:"seq"`
	Kind   actions.ChangeKind `json:"kind"`
	UserID string             `json:"user_id"`
	At     time.Time          `json:"at"`
}

// hear asks once what has changed since, and puts it into the post: whom, and
// what. Its next question acknowledges that.
func (p *skylarkProduct) hear(ctx context.Context) error {
	var answer struct {
		Changes []change `json:"changes"`
	}
	path := fmt.Sprintf("/v1/changes?after=%d", p.heard)
	if err := p.ask(ctx, actions.ScopeChanges, http.MethodGet, path, "", http.NoBody, &answer); err != nil {
		return err
	}
	for _, c := range answer.Changes {
		name := p.nameOf(ctx, c.UserID)
		p.post.Hear(sandbox.Heard{At: c.At, Line: name + ": " + strings.ReplaceAll(string(c.Kind), "_", " ")})
		p.heard = c.Seq
	}
	return nil
}

// nameOf is what a user is called, or their ID.
func (p *skylarkProduct) nameOf(ctx context.Context, userID string) string {
	known, err := p.directory.Users(ctx, []string{userID}, nil)
	if err != nil || len(known) != 1 || known[0].Name() == "" {
		return userID
	}
	return known[0].Name()
}
