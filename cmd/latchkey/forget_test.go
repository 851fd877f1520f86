package main

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/actions/records"
	"github.com/latchkey-bot/latchkey/bot/slackfake"
	"github.com/latchkey-bot/latchkey/bot/slackfake/conversation"
	"github.com/latchkey-bot/latchkey/store/storetest"
)

// robertsTraces is what nothing may hold once Robert was forgotten: his ID, his names
// and addresses, old and new, in any spelling.
var robertsTraces = regexp.MustCompile(`(?i)u-robert|robert[._-]?stone|robert[\x{200b}]?(@|%40|＠)acme|ｒｏｂｅｒｔ|robert\s+stone|stone,?\s*robert`)

// robertsSpellings are how his address is typed and listed.
var robertsSpellings = []string{
	" ROBERT@ACME.EXAMPLE ", "robert@acme.example.", "mailto:robert@acme.example", "Robert Stone <robert@acme.example>", `"robert@acme.example"`,
	"ｒｏｂｅｒｔ＠acme.example", "robert\u200b@acme.example", "robert%40acme.example", "[robert@acme.example]", "Stone, Robert",
}

// robertSpelled are records that have his address in every spelling without his ID, and
// records of others that name him.
func robertSpelled(t *testing.T) string {
	t.Helper()
	now := time.Now().UTC().Format(time.RFC3339)
	var lines bytes.Buffer
	to := json.NewEncoder(&lines)
	write := func(record map[string]any) {
		if err := to.Encode(record); err != nil {
			t.Fatal(err)
		}
	}
	for i, name := range robertsSpellings {
		id := fmt.Sprint("spelled-", i)
		write(map[string]any{"type": "attempt", "id": id, "at": now, "identifier": name, "outcome": "unknown_username", "ip": "192.0.2.7"})
		write(map[string]any{
			"type": "attempt", "id": id + "-lea", "at": now, "user_id": "u-lea", "identifier": name, "outcome": "success", "ip": "192.0.2.8",
			"resource": "/asks?for=" + name, "user_agent": "Mozilla/5.0 (for robert@acme.example)", "device_id": "phone of robert@acme.example",
		})
		write(map[string]any{"type": "delivery", "id": id, "at": now, "address": name, "kind": "notice", "status": "bounced"})
		write(map[string]any{"type": "suppression", "address": name, "list": "bounce", "since": now})
	}
	write(map[string]any{"type": "staff_network", "cidr": "198.18.7.0/24", "note": "Robert Stone at home [robert@acme.example]"})
	write(map[string]any{"type": "lock", "id": "lea", "user_id": "u-lea", "kind": "manual", "at": now, "released_at": now, "detail": "asked by Stone, Robert"})
	return lines.String()
}

// forgets erases somebody beside the server that runs, and returns what the command
// prints.
func (d *helpdesk) forgets(identifier string, change func(*forgetCmd)) (out, progress string, err error) {
	d.t.Helper()
	var rest bytes.Buffer
	out, err = d.forgetsTelling(identifier, change, &rest)
	return out, rest.String(), err
}

// forgetsTelling is forgets, and tells somebody how far it is.
func (d *helpdesk) forgetsTelling(identifier string, change func(*forgetCmd), rest io.Writer) (out string, err error) {
	c := forgetCmd{Identifier: identifier, Data: d.config.Data, Slack: d.config.Slack, People: d.config.People}
	if change != nil {
		change(&c)
	}
	var results bytes.Buffer
	err = c.Run(d.t.Context(), terminal{strings.NewReader(""), &results, rest})
	return results.String(), err
}

// once does something when what is written to it begins so for the first time.
type once struct {
	begins string
	do     func()
}

func (o *once) Write(text []byte) (int, error) {
	if do := o.do; do != nil && bytes.HasPrefix(text, []byte(o.begins)) {
		o.do = nil
		do()
	}
	return len(text), nil
}

// everyCell calls each with every value of every table of a database.
func everyCell(t *testing.T, databaseURL string, each func(where, text string)) {
	t.Helper()
	driver, source, tables := "postgres", databaseURL, `SELECT tablename FROM pg_tables WHERE schemaname = current_schema()`
	if path, found := strings.CutPrefix(databaseURL, "sqlite:"); found {
		driver, source, tables = "sqlite", path, `SELECT name FROM sqlite_master WHERE type = 'table'`
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	var names []string
	eachRow(t, db, tables, func(cells map[string]string) {
		for _, name := range cells {
			names = append(names, name)
		}
	})
	if len(names) < 40 {
		t.Fatalf("only %d tables: nothing is proven", len(names))
	}
	for _, name := range names {
		eachRow(t, db, `SELECT * FROM "`+name+`"`, func(cells map[string]string) {
			for column, text := range cells {
				each(name+"."+column, text)
			}
		})
	}
}

// eachRow calls each with the values of every row of a query, as text, by column.
func eachRow(t *testing.T, db *sql.DB, query string, each func(cells map[string]string)) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	values, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		cells := map[string]string{}
		for i, value := range values {
			if raw, ok := value.([]byte); ok {
				value = string(raw)
			}
			cells[columns[i]] = fmt.Sprint(value)
		}
		each(cells)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}

// wantNothingOf expects that nothing of somebody stands in a text.
func wantNothingOf(t *testing.T, traces *regexp.Regexp, where, text string) {
	t.Helper()
	if found := traces.FindStringIndex(text); found != nil {
		t.Errorf("%s has %q: …%.200s", where, text[found[0]:found[1]], text[max(0, found[0]-60):])
	}
}

// wantErased expects that nothing of somebody stands in the database, or is exported.
func (d *helpdesk) wantErased(traces *regexp.Regexp) {
	d.t.Helper()
	others := false
	everyCell(d.t, d.databaseURL, func(where, text string) {
		wantNothingOf(d.t, traces, where, text)
		others = others || strings.Contains(text, "lea@lumiere.example")
	})
	if !others {
		d.t.Error("others are gone, too")
	}
	for name, export := range map[string]func(terminal) error{
		"audit": func(t terminal) error { return (&auditExportCmd{Data: d.config.Data}).Run(d.t.Context(), t) },
		"cases": func(t terminal) error {
			return (&casesExportCmd{Data: d.config.Data, Hours: d.config.Hours}).Run(d.t.Context(), t)
		},
	} {
		var out bytes.Buffer
		if err := export(terminal{strings.NewReader(""), &out, &out}); err != nil || out.Len() == 0 {
			d.t.Errorf("exporting %s: %v, %d bytes", name, err, out.Len())
		}
		wantNothingOf(d.t, traces, "the export of "+name, out.String())
	}
	var out bytes.Buffer
	if err := (&auditVerifyCmd{Data: d.config.Data}).Run(d.t.Context(), terminal{strings.NewReader(""), &out, &out}); err != nil {
		d.t.Errorf("the audit isn't whole: %v", err)
	}
}

// slackKeeps is all that stays in Slack: what everybody sees, and the Homes.
func (d *helpdesk) slackKeeps() string {
	d.t.Helper()
	var all strings.Builder
	for _, who := range []string{"U0AGENT", "U0BO", "U0ELTWO", "U0LTWO", "U0LEAD", "U0BOSS"} {
		view := d.slack.View(who)
		for _, c := range view.Conversations {
			for _, m := range c.Messages {
				if raw, err := json.Marshal(m); err == nil && !m.Ephemeral && m.User == view.App {
					plain, _ := url.QueryUnescape(string(raw))
					fmt.Fprintln(&all, string(raw), plain)
				}
			}
		}
		fmt.Fprintln(&all, string(view.Home))
	}
	return all.String()
}

// livesRobert has everything done for Robert that leaves something behind.
func (d *helpdesk) livesRobert() {
	d.t.Helper()
	ava := d.ava()
	form := ava.InDM().Command("/escalate blocklist robert@acme.example").Opens("Escalate", "Robert", "GW1001", "GW1002")
	form.Choose("Gateway ID", "GW1002 · Acme Ltd").Fill("Reason", "No mail arrives.").Submit()
	d.talk.In(l2Room).Expects(question("GW1002", "robert@acme.example"), "Open")
	ava.ExpectDM("nobody has claimed it yet")
	var told toldOnce
	d.playMailedSecret(&told)
	card, mail := d.changesRobertsMail()
	if status, _, page := d.clickLink(mail, actions.LinkGoOn); status != http.StatusOK {
		d.t.Fatalf("the page answers %d: %s", status, page)
	}
	card.Becomes("Change e-mail or mobile – done")
	d.mailTo(newAddress)
	d.imports(fmt.Appendf(nil, `{"type":"attempt","id":"typed","at":%q,"identifier":"robert.stone","outcome":"unknown_username","ip":"192.0.2.7"}`+"\n", time.Now().UTC().Format(time.RFC3339)))
	d.imports([]byte(robertSpelled(d.t)))
	ava.In("C0SUPPORT").Command("/diagnose lea@lumiere.example").Reads("Léa")
	ava.OpensHome().Reads("Robert Stone")
	d.beside(func(h *house) { // somebody's reason names him in a row about somebody else
		err := h.store.Tx(d.t.Context(), func(tx actions.Tx) error {
			return tx.Audit(d.t.Context(), actions.AuditEntry{
				At: time.Now(), Act: actions.ActUnlock, Actor: "U0AGENT", Subject: "u-lea", Outcome: actions.ActDone, Reason: "the same as Robert Stone's (robert@acme.example)",
			})
		})
		if err != nil {
			d.t.Error(err)
		}
	})
}

// TestForget: whatever was done for somebody in more than a year, nothing of it is left, in
// no table, no message, no Home and no export, also once what is old was removed; and no
// import brings it back.
func TestForget(t *testing.T) {
	t.Parallel()
	for name, databaseURL := range map[string]func(testing.TB) string{"sqlite": storetest.SQLiteURL, "postgres": storetest.PostgresURL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := databaseURL(t)
			livesMonths(t, url, time.Now().UTC())
			d := openHelpdesk(t, url, nil)
			d.livesRobert()
			if !robertsTraces.MatchString(d.slackKeeps()) {
				t.Fatal("Slack never named him: nothing is proven")
			}
			d.forgetsRobert()
			var changes json.RawMessage
			if status := d.api(http.MethodGet, "/v1/changes?after=0", d.change, nil, &changes); status != http.StatusOK {
				t.Errorf("changes are answered with %d", status)
			}
			wantNothingOf(t, robertsTraces, "/v1/changes", string(changes))
			d.sendsRecords(fmt.Sprintf(`{"type":"attempt","id":"again","at":%q,"identifier":"robert.stone","outcome":"unknown_username","ip":"192.0.2.7"}
{"type":"attempt","id":"again-2","at":%[1]q,"identifier":"robert@acme.example","user_id":"u-robert","outcome":"success","ip":"192.0.2.7"}
{"type":"delivery","id":"again-3","at":%[1]q,"address":"robert.stone@elsewhere.example","kind":"notice","status":"bounced"}
`, time.Now().UTC().Format(time.RFC3339)))
			d.imports([]byte(robertSpelled(t)))
			d.end()
			d.retains()
			d.wantErased(robertsTraces)
			d.imports(companyOf(&crowd{now: time.Now().UTC()})) // as every night
			d.wantErased(robertsTraces)
			if again, _, err := d.forgets("u-robert", func(c *forgetCmd) { c.KeepMessages = true }); actions.CodeOf(err) != actions.NotFound {
				t.Errorf("forgotten twice: %q, %v", again, err)
			}
		})
	}
}

// forgetsRobert erases him: Slack fails at first, and the second time it goes on.
func (d *helpdesk) forgetsRobert() {
	d.t.Helper()
	for who, rooms := range map[string][]string{"U0AGENT": {"D0AGENT"}, "U0ELTWO": {l2Room}, "U0LEAD": {"D0LEAD", leadsRoom}, "U0BOSS": {"D0BOSS"}} {
		for _, room := range rooms {
			d.talk.As(who).In(room).MayRead()
		}
	}
	out, progress, err := d.forgets("robert.stone", nil)
	again := time.NewTicker(conversation.Patience / 20)
	defer again.Stop()
	for tries := 0; err != nil && strings.Contains(err.Error(), "again in a minute") && tries < 20; tries++ { // his cards are redrawn still
		<-again.C
		out, progress, err = d.forgets("robert.stone", nil)
	}
	if err != nil || !strings.Contains(out, "Forgotten: ") || !strings.Contains(progress, "messages read") {
		d.t.Fatalf("forgetting says %q, %v:\n%s", out, err, progress)
	}
	wantNothingOf(d.t, robertsTraces, "the answer", out+progress)
	d.ava().ExpectHome("Léa Fontaine", "Somebody who isn't on record any more").DoesntRead("Robert") // the server draws it
	d.wantSlackErased()
}

// wantSlackErased expects that nothing of Robert stands in Slack, once the server has drawn
// anew what it has to.
func (d *helpdesk) wantSlackErased() {
	d.t.Helper()
	limit := time.NewTimer(conversation.Patience)
	defer limit.Stop()
	for {
		version := d.slack.Version()
		kept := d.slackKeeps()
		if !robertsTraces.MatchString(kept) {
			return
		}
		select {
		case <-d.slack.Changed(version):
		case <-limit.C:
			wantNothingOf(d.t, robertsTraces, "Slack", kept)
			return
		}
	}
}

// TestForgetWhatIsPostedMeanwhile: what is posted about somebody while the messages in Slack
// are read goes, too, and a card that names others stays, without them.
func TestForgetWhatIsPostedMeanwhile(t *testing.T) {
	t.Parallel()
	d := openHelpdesk(t, storetest.SQLiteURL(t), nil)
	answer := d.ava().In("C0SUPPORT").Command("/diagnose robert@acme.example").Reads("Robert Stone")
	var card, shared *conversation.Message
	meanwhile := once{"D0LTWO: ", func() { // every other channel was read
		d.takes(fmt.Sprintf(`{"type":"attempt","id":"r","at":%q,"identifier":"robert@acme.example","user_id":"u-robert","outcome":"locked","ip":"100.64.7.9"}`+"\n", time.Now().UTC().Format(time.RFC3339)))
		card = d.incidentBegins().Reads("Robert Stone")
		answer.Click("Share in channel")
		shared = d.talk.In("C0SUPPORT").Expects("Robert Stone")
	}}
	d.ltwo().In("D0LTWO").MayRead()
	if out, err := d.forgetsTelling("u-robert", nil, &meanwhile); err != nil || !strings.Contains(out, "Forgotten: ") || meanwhile.do != nil {
		t.Fatalf("forgetting says %q, %v", out, err)
	}
	shared.Becomes("somebody whose data was erased")
	card.Loses("Robert Stone").Becomes("customers fail the same way", "Outa Ger")
	d.wantSlackErased()
	d.end()
	d.wantErased(robertsTraces)
}

// TestForgetWithoutSlackAtTheEnd: when Slack can't be asked what was posted meanwhile, it says
// so, and what is to be looked at.
func TestForgetWithoutSlackAtTheEnd(t *testing.T) {
	t.Parallel()
	d := openHelpdesk(t, storetest.SQLiteURL(t), nil)
	d.ava().In("C0SUPPORT").Command("/diagnose robert@acme.example").Reads("Robert Stone")
	d.ltwo().In("D0LTWO").MayRead()
	fails := once{"D0LTWO: ", func() { d.slack.Fail("conversations.history", slackfake.Failure{Error: "invalid_auth"}) }}
	var halfWay *halfWayError
	out, err := d.forgetsTelling("u-robert", nil, &fails)
	if !strings.Contains(out, "Forgotten: ") || !errors.As(err, &halfWay) || !strings.Contains(err.Error(), "The person is forgotten, but") {
		t.Errorf("forgetting says %q, %v", out, err)
	}
	d.end()
	d.wantErased(robertsTraces)
}

// imports takes records in from a file.
func (d *helpdesk) imports(lines []byte) {
	d.t.Helper()
	d.beside(func(h *house) {
		if _, err := h.actions.Import(d.t.Context(), atTerminal(), actions.Import{Lines: records.Read("company", bytes.NewReader(lines))}); err != nil {
			d.t.Error(err)
		}
	})
}

// TestForgetHalfWay: nothing is deleted while Slack fails, and the next time goes on; while
// something is under way for somebody, not even Slack is touched.
func TestForgetHalfWay(t *testing.T) {
	t.Parallel()
	d := openHelpdesk(t, storetest.SQLiteURL(t), nil)
	card, _, _ := d.asksToReenableSam()
	if _, _, err := d.forgets("u-sam", nil); actions.CodeOf(err) != actions.Conflict || !strings.Contains(err.Error(), "withdraw it") {
		t.Errorf("while a second person is asked: %v", err)
	}
	card.Reads("waiting for a second person")
	d.ava().In("C0SUPPORT").Command("/diagnose robert@acme.example").Reads("Robert Stone").Click("Share in channel")
	shared := d.talk.In("C0SUPPORT").Expects("Robert Stone")
	d.slack.Fail("chat.update", slackfake.Failure{Error: "invalid_auth", Times: 1})
	out, _, err := d.forgets("u-robert", nil)
	if err == nil || out != "" || !strings.Contains(err.Error(), "nothing was deleted from the database") {
		t.Errorf("without Slack it says %q, %v", out, err)
	}
	d.beside(func(h *house) {
		if users, err := h.store.Users(t.Context(), []string{"u-robert"}, nil); err != nil || len(users) != 1 {
			t.Errorf("there are %d of him, %v", len(users), err)
		}
	})
	if out, _, err = d.forgets("u-robert", func(c *forgetCmd) { c.JSON = true }); err != nil || !strings.Contains(out, `"messages_edited":1`) {
		t.Errorf("the next time it says %q, %v", out, err)
	}
	shared.Becomes("somebody whose data was erased")
	for _, wrong := range []func(*forgetCmd){
		func(c *forgetCmd) { c.SecretKey = "" }, func(c *forgetCmd) { c.SlackBotToken = "" }, func(c *forgetCmd) { c.L2Channel = "U0NOBODY" },
	} {
		var usage *usageError
		if _, _, err := d.forgets("u-robert", wrong); !errors.As(err, &usage) {
			t.Errorf("with a wrong configuration it says %v", err)
		}
	}
}
