package main

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// knock is something that comes to a page before its reader does, and doesn't
// click.
type knock struct {
	method, path, agent, media, body string
}

// knocks are what previews, gateways and scanners send to a page and its routes:
// reads, other methods, and forms with all that the link tells.
func knocks(page, fragment string, routes []string, fields url.Values) []knock {
	paths := []string{page, page + "/", page + "%23" + fragment, page + "?utm_source=mail", page + ".json"}
	for _, route := range routes {
		paths = append(paths, page+"/"+route, page+"/"+route+"?"+fields.Encode())
	}
	var all []knock
	for _, path := range paths {
		for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodPut, http.MethodDelete, http.MethodPatch} {
			all = append(all, knock{method: method, path: path, agent: "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"})
		}
		for media, body := range map[string]string{
			"application/x-www-form-urlencoded":   fields.Encode(),
			"multipart/form-data; boundary=scan":  "--scan\r\nContent-Disposition: form-data; name=\"link\"\r\n\r\n" + fields.Get("link") + "\r\n--scan--\r\n",
			"text/plain":                          object(fields),
			"application/x-www-form-urlencoded; ": "",
		} {
			all = append(all, knock{http.MethodPost, path, "Mozilla/5.0 (scanner)", media, body})
		}
	}
	return all
}

// object is the fields as a JSON object, which only a page sends as such.
func object(fields url.Values) string {
	var pairs []string
	for name := range fields {
		pairs = append(pairs, fmt.Sprintf("%q:%q", name, fields.Get(name)))
	}
	return "{" + strings.Join(pairs, ",") + "}"
}

// at sends it, and returns the status.
func (k knock) at(ctx context.Context, server string) (int, error) {
	r, err := http.NewRequestWithContext(ctx, k.method, server+k.path, strings.NewReader(k.body))
	if err != nil {
		return 0, err
	}
	r.Header.Set("User-Agent", k.agent)
	if k.media != "" {
		r.Header.Set("Content-Type", k.media)
	}
	got, err := callers.Do(r)
	if err != nil {
		return 0, err
	}
	defer func() { _ = got.Body.Close() }()
	_, err = io.Copy(io.Discard, got.Body)
	return got.StatusCode, err
}

// TestOnlyAClickChanges: whatever reads the link, or submits forms, before its
// receiver does, changes nothing at all: not a row of the database.
func TestOnlyAClickChanges(t *testing.T) {
	t.Parallel()
	onEachVault(t, func(t *testing.T, v *vault) {
		server, db := v.serves(), behind(t, v.database)
		open, _ := v.sends("canary", actions.PassphraseNone)
		shut, _ := v.sends("canary", actions.PassphraseOwn)
		made, err := v.actions.AskForSecret(t.Context(), atTerminal(), actions.NewRequest{What: "a key", Why: "it fails", From: "Ava", Lifetime: time.Hour})
		if err != nil {
			t.Fatal(err)
		}
		asked := readRequestLink(t, made.Link)

		before := everything(t, db)
		for _, link := range []secretLink{open, shut} {
			o := link.with(t, nil)
			fields := url.Values{"link": {wire.EncodeToString(o.link)}, "claim": {wire.EncodeToString(o.claim)}}
			v.knocked(server, knocks("/s/"+link.name, wire.EncodeToString(link.root), []string{"status", "open", "again"}, fields))
		}
		fields := url.Values{"token": {wire.EncodeToString(asked.token)}}
		v.knocked(server, knocks("/r/"+asked.name, wire.EncodeToString(asked.token), []string{"status", "send", "open"}, fields))
		if after := everything(t, db); after != before {
			t.Errorf("something has changed:\n%s\nwas\n%s", after, before)
		}
		open.with(t, nil).wantOpened(t, server, "canary")
		if left := shut.with(t, nil).wantStatus(t, server, "live").AttemptsLeft; left != 5 {
			t.Errorf("%d attempts are left", left)
		}
	})
}

// knocked sends all of them; none of those that write may succeed.
func (v *vault) knocked(server string, all []knock) {
	v.t.Helper()
	for _, k := range all {
		status, err := k.at(v.t.Context(), server)
		reads := k.method == http.MethodGet || k.method == http.MethodHead
		if err != nil || status >= 500 || !reads && status < 400 {
			v.t.Errorf("%s %s (%s) is answered %d, %v", k.method, strings.SplitN(k.path, "/", 4)[1], k.media, status, err)
		}
	}
}

// everything is what the database says of secrets and requests, and how much it
// has recorded and is to tell.
func everything(t testing.TB, db *sql.DB) string {
	t.Helper()
	var all strings.Builder
	for _, query := range []string{
		`SELECT id, state, wrong, ended_at, again_at FROM secrets ORDER BY id`,
		`SELECT id, state, view_proof, received_at, ended_at FROM secret_requests ORDER BY id`,
		`SELECT purpose, id, body FROM secret_bodies ORDER BY purpose, id`,
		`SELECT count(*) FROM audit`, `SELECT count(*) FROM refusals`, `SELECT count(*) FROM outbox`, `SELECT count(*) FROM mails`,
	} {
		all.WriteString(table(t, db, query))
	}
	return all.String()
}

// table is the answer to a query, one row a line.
func table(t testing.TB, db *sql.DB, query string) string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for rows.Next() {
		cells := make([]any, len(columns))
		for i := range cells {
			cells[i] = new(any)
		}
		if err := rows.Scan(cells...); err != nil {
			t.Fatal(err)
		}
		for _, cell := range cells {
			fmt.Fprintf(&all, "%x|", *cell.(*any)) //nolint:forcetypeassert // it was made above
		}
		all.WriteByte('\n')
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all.String()
}
