package main

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/slackfake"
	"github.com/latchkey-bot/latchkey/store/storetest"
)

// unnamed is a password that nobody calls one, so that it isn't recognised and the
// agent's reason is taken.
const unnamed = "Kanarie7vogel"

// wiretap keeps what the app asks of Slack, and what it answers.
type wiretap struct {
	guard    sync.Mutex
	requests []string
	answers  []string
}

// RoundTrip sends a request on to the app and keeps the answer.
func (w *wiretap) RoundTrip(r *http.Request) (*http.Response, error) {
	got, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(got.Body)
	_ = got.Body.Close()
	got.Body = io.NopCloser(bytes.NewReader(body))
	w.guard.Lock()
	defer w.guard.Unlock()
	w.answers = append(w.answers, string(body))
	return got, err
}

func (w *wiretap) hear(body []byte) {
	w.guard.Lock()
	defer w.guard.Unlock()
	w.requests = append(w.requests, string(body))
}

// TestCanaryInEveryFlow: what goes out to customers and the product stands nowhere
// else, whatever was played; and a password that slipped into a reason stands where
// reasons do, before those who read reasons, and nowhere else.
func TestCanaryInEveryFlow(t *testing.T) {
	t.Parallel()
	wire := &wiretap{}
	d := openHelpdesk(t, storetest.SQLiteURL(t), wire)
	d.slack.Tap(wire.hear)
	d.sayTheUnnamed()
	secrets := append(d.playTheRest(), d.secretsSent()...)
	if len(secrets) < 9 { // four links, two codes, the product's codes
		t.Errorf("only %d secrets went out", len(secrets))
	}
	changes := d.changesRead()
	d.end()
	for where, searched := range map[string]struct{ text, proof string }{
		"what Slack was asked": {decoded(wire.requests), "Robert Stone"}, "what Slack was answered": {strings.Join(wire.answers, "\n"), "Robert Stone"},
		"the log": {d.log.String(), `"listening"`}, "/v1/changes": {changes, "u-sam"}, "the database": {d.cells(nil), "robert.stone"},
	} {
		if !strings.Contains(searched.text, searched.proof) {
			t.Errorf("%s doesn't hold %q: nothing is proven\n%.300s", where, searched.proof, searched.text)
		}
		for _, secret := range secrets {
			if secret.MatchString(searched.text) {
				t.Errorf("%s is in %s", secret, where)
			}
		}
	}
	d.standsOnlyInReasons(wire, changes)
}

// sayTheUnnamed has it typed into a command, into one that goes on elsewhere, into
// a form, and into what a lead is asked.
func (d *helpdesk) sayTheUnnamed() {
	d.t.Helper()
	ava := d.ava()
	ava.Command("/latchkey username robert@acme.example he was told "+unnamed+" #4711").Reads("Send user name", "done")
	ava.ExpectDM("Send user name – done", unnamed).Becomes("· sent ·")
	ava.In("C0RANDOM").Command("/unlock nora@harborline.example she was told " + unnamed).Click("Continue in DM")
	ava.ExpectDM("Unlock – done", "Nora", unnamed)
	answer := ava.Command("/diagnose jane@acme.example #4711").Reads("locked")
	answer.Click("Unlock and send reset").Opens("Unlock and send reset").Fill("Reason", "she was told "+unnamed).Submit()
	ava.ExpectDM("Unlock and send reset – done", unnamed).Becomes("· sent ·")
	answer = ava.Command("/diagnose sam@kowhai.example #4711").Reads("credential_shared")
	d.verifies(ava, "sam@kowhai.example", answer)
	answer.Click("Re-enable").Opens("Re-enable", "Verified").Fill("Reason", "the ward was told "+unnamed).Submit()
	card := ava.ExpectDM("Re-enable – waiting for a second person", unnamed)
	lead, boss := d.asked("<@U0AGENT> asks for *Re-enable*", unnamed)
	lead.Click("Approve")
	lead.Becomes("Approved by <@U0LEAD>")
	boss.Becomes("Approved by <@U0LEAD>")
	card.Becomes("Re-enable – done", "· sent ·")
	answer.Click("Copy ticket note").Reads("Ticket: #4711").DoesntRead(unnamed)
	ava.Command("/latchkey history jane@acme.example").Reads("Jane Doe").DoesntRead(unnamed)
}

// playTheRest has a contact changed and links used, and returns the product's
// codes.
func (d *helpdesk) playTheRest() (codes []*regexp.Regexp) {
	d.t.Helper()
	card, asks := d.changesRobertsMail()
	if status, _, page := d.clickLink(asks, actions.LinkGoOn); status != http.StatusOK {
		d.t.Errorf("the page answers %d: %s", status, page)
	}
	card.Becomes("Change e-mail or mobile – done", "· sent ·")
	d.bo().Command("/latchkey loginlink finn@acme.example he is in a hurry #4712").Reads("done")
	d.bo().ExpectDM("Send login link – done").Becomes("· sent ·")
	for _, to := range []string{"jane@acme.example", "sam@kowhai.example", "finn@acme.example"} {
		_, login, page := d.clickLink(d.mailTo(to, "/l/"), actions.LinkGoOn)
		code := login.Query().Get("code")
		if code == "" {
			d.t.Fatalf("the link of %s says %s", to, page)
		}
		codes = append(codes, regexp.MustCompile(regexp.QuoteMeta(code)))
		if status := d.api(http.MethodPost, "/v1/links/redeem", d.links, map[string]string{"code": code}, nil); status != http.StatusOK {
			d.t.Errorf("the code is answered with %d", status)
		}
	}
	return codes
}

// secretsSent are the tokens of links and the codes of all the mails and texts.
// Six digits may stand by chance in a longer number.
func (d *helpdesk) secretsSent() (all []*regexp.Regexp) {
	d.t.Helper()
	post := d.post.All()
	for _, m := range post.Mails {
		for _, found := range linkPattern.FindAllStringSubmatch(m.Text, -1) {
			all = append(all, regexp.MustCompile(regexp.QuoteMeta(found[2])))
		}
	}
	for _, text := range post.Texts {
		if code := codePattern.FindString(text.Text); code != "" {
			all = append(all, regexp.MustCompile(`(^|[^0-9.])`+code+`([^0-9]|$)`))
		}
	}
	return all
}

// changesRead is what the product reads of Latchkey's writes, as it comes.
func (d *helpdesk) changesRead() string {
	d.t.Helper()
	var raw json.RawMessage
	if status := d.api(http.MethodGet, "/v1/changes?after=0", d.change, nil, &raw); status != http.StatusOK || !bytes.Contains(raw, []byte("u-sam")) {
		d.t.Fatalf("changes are answered with %d %s", status, raw)
	}
	return string(raw)
}

// decoded are requests as they read: a form's values and JSON's strings as such.
func decoded(requests []string) string {
	var all strings.Builder
	for _, body := range requests {
		if plain, err := url.QueryUnescape(body); err == nil {
			body = plain
		}
		fmt.Fprintln(&all, strings.ReplaceAll(body, `\u0026`, "&"))
	}
	return all.String()
}

// cells are all texts of the database; each is called with the table and the column
// that it stands in.
func (d *helpdesk) cells(each func(column, text string)) string {
	d.t.Helper()
	path := strings.TrimPrefix(d.databaseURL, "sqlite:")
	if left, err := os.ReadFile(path + "-wal"); err == nil && len(left) > 0 {
		d.t.Errorf("%d bytes are left beside the database", len(left))
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		d.t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	var all strings.Builder
	for _, table := range d.rows(db, `SELECT name FROM sqlite_master WHERE type = 'table'`) {
		for _, row := range d.rows(db, `SELECT * FROM "`+table["name"]+`"`) {
			for column, text := range row {
				fmt.Fprintln(&all, text)
				if each != nil {
					each(table["name"]+"."+column, text)
				}
			}
		}
	}
	return all.String()
}

// rows are the texts of the rows of a query, by column.
func (d *helpdesk) rows(db *sql.DB, query string) (all []map[string]string) {
	d.t.Helper()
	rows, err := db.QueryContext(d.t.Context(), query)
	if err != nil {
		d.t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		d.t.Fatal(err)
	}
	for rows.Next() {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			d.t.Fatal(err)
		}
		row := map[string]string{}
		for i, value := range values {
			switch text := value.(type) {
			case string:
				row[columns[i]] = text
			case []byte:
				row[columns[i]] = string(text)
			}
		}
		all = append(all, row)
	}
	if err := rows.Err(); err != nil {
		d.t.Fatal(err)
	}
	return all
}

// standsOnlyInReasons expects the unnamed password in the reasons on record, and in
// what the agent and the leads who were asked read, in words alone.
func (d *helpdesk) standsOnlyInReasons(wire *wiretap, changes string) {
	d.t.Helper()
	kept := map[string]bool{}
	d.cells(func(column, text string) {
		if strings.Contains(text, unnamed) {
			kept[column] = true
		}
	})
	if got := slices.Sorted(maps.Keys(kept)); !slices.Equal(got, []string{"audit_texts.reason", "operations.reason"}) {
		d.t.Errorf("it is kept in %q", got)
	}
	if strings.Contains(d.log.String()+changes, unnamed) {
		d.t.Error("it is in the log, or the product reads it")
	}
	for _, m := range d.post.All().Mails {
		if strings.Contains(m.Subject+m.Text+m.HTML, unnamed) {
			d.t.Errorf("a customer reads it:\n%s", m.Text)
		}
	}
	shown := map[string]bool{}
	for _, body := range wire.requests {
		form, _ := url.ParseQuery(body)
		if strings.Contains(decoded([]string{body}), unnamed) {
			shown[form.Get("channel")] = true
		}
		for _, field := range []string{form.Get("blocks"), form.Get("view"), form.Get("metadata"), body} {
			d.carriesNone(field)
		}
	}
	for _, body := range wire.answers {
		d.carriesNone(body)
	}
	var want []string
	for _, who := range []string{"U0AGENT", "U0BOSS", "U0LEAD"} {
		want = append(want, slackfake.DirectMessage(who))
	}
	delete(shown, "") // an answer to the agent alone
	if got := slices.Sorted(maps.Keys(shown)); !slices.Equal(got, want) {
		d.t.Errorf("it is shown in %q, not %q", got, want)
	}
}

// carriesNone expects that what comes back with a click, and that nobody sees,
// doesn't hold it.
func (d *helpdesk) carriesNone(body string) {
	d.t.Helper()
	var content any
	if json.Unmarshal([]byte(body), &content) != nil {
		return // a form, or empty
	}
	hidden := []string{"value", "private_metadata", "metadata", "event_payload", "action_id", "block_id", "callback_id", "external_id"}
	var look func(any)
	look = func(part any) {
		switch part := part.(type) {
		case []any:
			for _, one := range part {
				look(one)
			}
		case map[string]any:
			for name, one := range part {
				if text, err := json.Marshal(one); err == nil && slices.Contains(hidden, name) && strings.Contains(string(text), unnamed) {
					d.t.Errorf("%s carries it: %s", name, text)
				}
				look(one)
			}
		}
	}
	look(content)
}
