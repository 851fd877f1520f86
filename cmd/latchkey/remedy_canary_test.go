package main

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/slackfake/conversation"
	"github.com/latchkey-bot/latchkey/store/storetest"
)

// canaryPassword is what a customer told an agent, who writes it down everywhere.
const canaryPassword = "Canary-Pa55w0rd"

// passwordWritten is what they read then.
const passwordWritten = "That reads as if a password stood in it, and what you write here stays on record. Nothing was kept. Please write it again without; support never needs a password."

// overheard is a wire between Slack and the app that keeps what the app answers.
type overheard struct{ said *safeBuffer }

// RoundTrip sends the request on and keeps the answer.
func (o overheard) RoundTrip(r *http.Request) (*http.Response, error) {
	got, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(got.Body)
	_ = got.Body.Close()
	got.Body = io.NopCloser(bytes.NewReader(body))
	_, _ = o.said.Write(append(body, '\n')) // a buffer takes everything
	return got, err
}

// TestCanaries: neither a password that is typed, nor the code, link and token of
// any message, nor what they turn into, gets into anything that Slack is sent,
// the log, the database or an answer to somebody else.
func TestCanaries(t *testing.T) {
	t.Parallel()
	said := &safeBuffer{}
	d := openHelpdesk(t, storetest.SQLiteURL(t), overheard{said})
	d.slack.Tap(func(body []byte) { _, _ = said.Write(append(body, '\n')) })
	secrets := map[string]string{
		"a password": canaryPassword, "the product's token": d.links, "another token of the product": d.change, "the token of the text service": phoneToken,
		"the signing secret": d.slack.SigningSecret(), "the bot's token": d.slack.Token(),
	}
	d.writesThePassword()
	d.provesWith(secrets)
	d.opensLinksWith(secrets)
	d.end()
	d.keepsNone(said.String(), secrets)
}

// writesThePassword has agents write the password wherever something is kept.
func (d *helpdesk) writesThePassword() {
	d.t.Helper()
	reason := "her password is " + canaryPassword
	ava := d.ava()
	for _, command := range []string{"/unlock jane@acme.example ", "/latchkey username robert@acme.example ", "/profile robert@acme.example ", "/resetemail robert@acme.example "} {
		ava.Command(command + reason).Reads(passwordWritten)
	}
	form := ava.Command("/diagnose jane@acme.example #4711").Click("Unlock").Opens("Unlock")
	form.Fill("Reason", reason).Submit()
	form.Refuses("Reason", passwordWritten)
	form.Close()
	mail := ava.Command("/resetemail robert@acme.example").Opens("Send reset e-mail")
	mail.Fill("Text", "Your new password: "+canaryPassword+" [insert link here]").Fill("Reason", "he forgot it").Submit()
	mail.Refuses("Text", passwordWritten)
	mail.Click("Copy").Reads(passwordWritten)
	mail.Close()
	_, typed := d.proving(ava, "robert@acme.example")
	typed.Fill("Code", canaryPassword).Submit()
	typed.Refuses("Code", "Please enter at most 12 characters.")
	typed.Close()
}

// proving sends a code by mail, and returns the card of it and the form for it.
func (d *helpdesk) proving(who *conversation.Person, email string) (*conversation.Message, *conversation.Modal) {
	d.t.Helper()
	form := who.Command("/latchkey verify " + email).Opens("Verify the caller")
	form.Choose("Send a code by", "E-mail to "+email[:1]+"•••@a•••.example").Submit()
	card := who.ExpectDM("Verify the caller").Becomes("A code went out")
	return card, card.Click("Enter code").Opens("Enter code")
}

// provesWith proves a caller, and notes the code.
func (d *helpdesk) provesWith(secrets map[string]string) {
	d.t.Helper()
	card, typed := d.proving(d.bo(), "mia@acme.example")
	code := codeIn(d.t, d.mailTo("mia@acme.example").Text)
	typed.Fill("Code", code).Submit()
	card.Becomes("Verified", "by e-mail")
	secrets["a code"] = code
}

// opensLinksWith has links of every purpose sent and used, and notes what was in
// them and what became of it.
func (d *helpdesk) opensLinksWith(secrets map[string]string) {
	d.t.Helper()
	d.ava().Command("/diagnose jane@acme.example #4711").Click("Unlock and send reset").Opens("Unlock and send reset").Fill("Reason", "locked").Submit()
	d.ava().ExpectDM("Unlock and send reset – done").Becomes("· sent ·")
	d.bo().Command("/latchkey loginlink finn@acme.example he is in a hurry #4711").Reads("done")
	d.bo().ExpectDM("Send login link – done").Becomes("· sent ·")
	for email, purpose := range map[string]string{"jane@acme.example": "reset", "finn@acme.example": "login"} {
		mail := d.mailTo(email, "/l/")
		id, token := linkIn(d.t, mail.Text)
		secrets["the token of a "+purpose+" link"], secrets["a "+purpose+" link"] = token, id+"#"+token
		for _, try := range []string{id + "%23" + token, id + "?token=" + token} {
			if status, _ := d.opens(http.MethodGet, try, nil); status != http.StatusOK {
				d.t.Errorf("the page answers %d", status)
			}
		}
		for _, try := range []url.Values{{"token": {other(token)}, "answer": {"go_on"}}, {"token": {token}, "answer": {"deny"}}, {"token": {token}, "answer": {token}}} {
			if status, page := d.opens(http.MethodPost, id, try); status < 400 || strings.Contains(page, token) {
				d.t.Errorf("the form answers %d: %s", status, page)
			}
		}
		_, to, _ := d.clickLink(mail, actions.LinkGoOn)
		code := to.Query().Get("code")
		if code == "" {
			d.t.Fatalf("the %s link leads to %s", purpose, to)
		}
		secrets["the product's code of a "+purpose+" link"] = code
		for _, want := range []int{http.StatusOK, http.StatusNotFound} {
			if status := d.api(http.MethodPost, "/v1/links/redeem", d.links, map[string]string{"code": code}, nil); status != want {
				d.t.Errorf("the code is answered with %d", status)
			}
		}
		if status := d.api(http.MethodPost, "/v1/links/redeem", d.change, map[string]string{"code": code}, nil); status != http.StatusForbidden {
			d.t.Errorf("another token is answered with %d", status)
		}
	}
}

// opens asks for something under /l/, and returns the page.
func (d *helpdesk) opens(method, path string, form url.Values) (status int, page string) {
	d.t.Helper()
	r, err := http.NewRequestWithContext(d.t.Context(), method, d.outer+"/l/"+path, strings.NewReader(form.Encode()))
	if err != nil {
		d.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	got, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		d.t.Fatal(err)
	}
	defer func() { _ = got.Body.Close() }()
	body, err := io.ReadAll(got.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	return got.StatusCode, string(body)
}

// keepsNone looks for the secrets in what Slack was sent, in the log and in the
// files of the database, which hold every column and the outbox.
func (d *helpdesk) keepsNone(said string, secrets map[string]string) {
	d.t.Helper()
	var kept string
	path := strings.TrimPrefix(d.databaseURL, "sqlite:")
	for _, name := range []string{path, path + "-wal"} {
		content, err := os.ReadFile(name)
		if err != nil && !os.IsNotExist(err) {
			d.t.Fatal(err)
		}
		kept += string(content)
	}
	for where, text := range map[string]struct{ text, proof string }{
		"what Slack was sent": {said, "private_metadata"}, "the log": {d.log.String(), `"listening"`}, "the database": {kept, "robert.stone"},
	} {
		if !strings.Contains(text.text, text.proof) {
			d.t.Errorf("%s doesn't hold what it should: nothing is proven", where)
		}
		for what, secret := range secrets {
			if secret == d.slack.Token() && strings.HasPrefix(where, "what") {
				continue // how the app proves itself to Slack
			}
			if holds(text.text, secret) {
				d.t.Errorf("%s is in %s", what, where)
			}
		}
	}
}

// holds reports whether a text holds a secret as such: six digits may stand by
// chance in a longer number, or as the parts of a second.
func holds(text, secret string) bool {
	if strings.Trim(secret, "0123456789") != "" {
		return strings.Contains(text, secret)
	}
	return regexp.MustCompile(`(^|[^0-9.])` + regexp.QuoteMeta(secret) + `([^0-9]|$)`).MatchString(text)
}
