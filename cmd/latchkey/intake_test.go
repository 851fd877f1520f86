package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/web"
	"github.com/latchkey-bot/latchkey/store/storetest"
)

// intake is a house whose systems send it records.
type intake struct {
	*house
	t           *testing.T
	databaseURL string
	url         string
	log         bytes.Buffer
	arrived     bell
}

// openIntake opens an intake on a database.
func openIntake(t *testing.T, databaseURL string) *intake {
	t.Helper()
	keys, err := actions.ParseKeyring(testKey)
	if err != nil {
		t.Fatal(err)
	}
	in := &intake{t: t, databaseURL: databaseURL, arrived: make(bell, 1)}
	in.house, err = openHouse(t.Context(), databaseURL, keys, actions.Rules{}, quiet(terminal{err: io.Discard}))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(web.Records(in.actions, in.arrived.ring, slog.New(slog.NewTextHandler(&in.log, nil))))
	in.url = server.URL
	t.Cleanup(func() {
		server.Close()
		if err := in.close(); err != nil {
			t.Error(err)
		}
	})
	return in
}

// onEach runs a test with an intake on each database.
func onEach(t *testing.T, test func(*testing.T, *intake)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, openIntake(t, storetest.SQLiteURL(t))) })
	t.Run("postgres", func(t *testing.T) { test(t, openIntake(t, storetest.PostgresURL(t))) })
}

// token makes a token with the scopes.
func (in *intake) token(name string, scopes ...actions.Scope) string {
	in.t.Helper()
	made, err := in.actions.CreateToken(in.t.Context(), atTerminal(), name, scopes...)
	if err != nil {
		in.t.Fatal(err)
	}
	return made.Text
}

// reply is what a system reads that sent records.
type reply struct {
	status int
	header http.Header
	body   string
}

// send sends records with a token.
func (in *intake) send(token, body string) reply {
	in.t.Helper()
	r, err := http.NewRequestWithContext(in.t.Context(), http.MethodPost, in.url, strings.NewReader(body))
	if err != nil {
		in.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-ndjson")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		in.t.Error(err)
		return reply{}
	}
	defer func() { _ = got.Body.Close() }()
	read, err := io.ReadAll(got.Body)
	if err != nil {
		in.t.Error(err)
	}
	return reply{got.StatusCode, got.Header, string(read)}
}

// takes expects that records are taken and returns what was.
func (in *intake) takes(token, body string) actions.Imported {
	in.t.Helper()
	got := in.send(token, body)
	var taken actions.Imported
	if err := json.Unmarshal([]byte(got.body), &taken); err != nil || got.status != http.StatusOK {
		in.t.Fatalf("got %d %s, %v", got.status, got.body, err)
	}
	return taken
}

// imports lets the command import records and returns what it prints.
func (in *intake) imports(body string) string {
	in.t.Helper()
	var out bytes.Buffer
	c := importCmd{Files: []string{"-"}, JSON: true, Data: Data{DatabaseURL: in.databaseURL, SecretKey: testKey}}
	if err := c.Run(in.t.Context(), terminal{in: strings.NewReader(body), out: &out, err: io.Discard}); err != nil {
		in.t.Fatal(err)
	}
	return out.String()
}

// user is the user of that ID, and whether there is one.
func (in *intake) user(id string) (actions.User, bool) {
	in.t.Helper()
	found, err := in.store.Snapshot(in.t.Context(), actions.Query{UserID: id, At: time.Now()})
	if err != nil {
		in.t.Fatal(err)
	}
	if len(found.Users) == 0 {
		return actions.User{}, false
	}
	return found.Users[0], true
}

// checkActors expects who imported, in this order.
func (in *intake) checkActors(want ...string) {
	in.t.Helper()
	var got []string
	err := in.store.AuditRows(in.t.Context(), 0, func(row actions.AuditRow) error {
		if row.Entry.Act == actions.ActImport {
			got = append(got, row.Entry.Actor)
		}
		return nil
	})
	if err != nil || !slices.Equal(got, want) {
		in.t.Errorf("the imports are on the record of %q, %v", got, err)
	}
}

// hammer sends bodies, each from a system of its own and all at once, each
// again while it is asked to come later, and returns what was taken of all.
func (in *intake) hammer(bodies ...string) actions.Tally {
	in.t.Helper()
	var all sync.WaitGroup
	var guard sync.Mutex
	total := actions.Tally{}
	for i, body := range bodies {
		token := in.token(fmt.Sprint("system-", i), actions.ScopeDirectory)
		all.Go(func() {
			got := in.send(token, body)
			for got.status == http.StatusServiceUnavailable && got.header.Get("Retry-After") != "" && in.t.Context().Err() == nil {
				got = in.send(token, body)
			}
			var taken actions.Imported
			if err := json.Unmarshal([]byte(got.body), &taken); err != nil || got.status != http.StatusOK {
				in.t.Errorf("got %d %s, %v", got.status, got.body, err)
			}
			guard.Lock()
			defer guard.Unlock()
			total.Add(taken.Records)
		})
	}
	all.Wait()
	return total
}
