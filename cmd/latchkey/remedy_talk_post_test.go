package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/sandbox"
	"github.com/latchkey-bot/latchkey/bot/slackfake"
	"github.com/latchkey-bot/latchkey/bot/slackfake/conversation"
)

// atWork is somebody of the workspace who is at Slack.
func atWork(id string) slackfake.Member { return slackfake.Member{ID: id, Zone: "UTC"} }

// safeSet is a set that several may add to.
type safeSet struct {
	guard sync.Mutex
	all   map[string]bool
}

func (s *safeSet) add(what string) {
	s.guard.Lock()
	defer s.guard.Unlock()
	if s.all == nil {
		s.all = map[string]bool{}
	}
	s.all[what] = true
}

func (s *safeSet) has(what string) bool {
	s.guard.Lock()
	defer s.guard.Unlock()
	return s.all[what]
}

// touchOf names what somebody pressed or submitted, "" for anything else.
func touchOf(r *http.Request) string {
	if r.URL.Path != "/slack/interactions" {
		return ""
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(err)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	form, err := url.ParseQuery(string(body))
	if err != nil {
		panic(err)
	}
	var sent struct {
		Type    string `json:"type"`
		Actions []struct {
			ID string `json:"action_id"`
		} `json:"actions"`
		View struct {
			Callback string `json:"callback_id"`
		} `json:"view"`
	}
	if err := json.Unmarshal([]byte(form.Get("payload")), &sent); err != nil {
		panic(err)
	}
	if len(sent.Actions) > 0 {
		return sent.Type + " " + sent.Actions[0].ID
	}
	return sent.Type + " " + sent.View.Callback
}

// mailTo waits for the oldest mail to an address that holds all the parts.
func (d *helpdesk) mailTo(address string, parts ...string) sandbox.Mail {
	d.t.Helper()
	var got sandbox.Mail
	d.waitPost("a mail to "+address, func(all sandbox.Arrived) bool {
		for _, m := range slices.Backward(all.Mails) {
			if m.To == address && holdsAll(m.Subject+"\n"+m.Text, parts) {
				got = m
				return true
			}
		}
		return false
	})
	return got
}

// newestText waits for the first text, and returns the newest.
func (d *helpdesk) newestText() string {
	d.t.Helper()
	var got string
	d.waitPost("a text", func(all sandbox.Arrived) bool {
		if len(all.Texts) > 0 {
			got = all.Texts[0].Text
		}
		return got != ""
	})
	return got
}

// bySMS is how a choice names a resident's mobile.
func (d *helpdesk) bySMS(email string) string {
	d.t.Helper()
	for i := range residents {
		if residents[i].email() == email {
			return "SMS to " + actions.MaskMobile(residents[i].mobile(i))
		}
	}
	d.t.Fatalf("nobody has the address %s", email)
	return ""
}

// valueOf is the value of the button with a label.
func (d *helpdesk) valueOf(m *conversation.Message, label string) string {
	d.t.Helper()
	for _, b := range m.Buttons() {
		if b.Label == label {
			return b.Value
		}
	}
	d.t.Fatalf("there is no button %q in\n%s", label, m.Words())
	return ""
}

// waitPost waits until the post has something.
func (d *helpdesk) waitPost(what string, there func(sandbox.Arrived) bool) {
	d.t.Helper()
	limit := time.NewTimer(conversation.Patience)
	defer limit.Stop()
	for {
		version := d.post.Version()
		if all := d.post.All(); there(all) {
			return
		}
		select {
		case <-d.post.Changed(version):
		case <-limit.C:
			d.t.Fatalf("%s didn't come; there is %+v", what, d.post.All())
		}
	}
}

func holdsAll(text string, parts []string) bool {
	return !slices.ContainsFunc(parts, func(part string) bool { return !strings.Contains(text, part) })
}

// clickLink clicks on the page of the link in a mail, as the customer does. It
// returns the status, where it sends them, and the page.
func (d *helpdesk) clickLink(m sandbox.Mail, answer actions.LinkAnswer) (status int, to *url.URL, page string) {
	d.t.Helper()
	id, token := linkIn(d.t, m.Text)
	form := url.Values{"token": {token}, "answer": {string(answer)}}
	r, err := http.NewRequestWithContext(d.t.Context(), http.MethodPost, d.outer+"/l/"+id, strings.NewReader(form.Encode()))
	if err != nil {
		d.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", publicURL)
	got, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		d.t.Fatal(err)
	}
	defer func() { _ = got.Body.Close() }()
	body, err := io.ReadAll(got.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	if to, err = url.Parse(got.Header.Get("Location")); err != nil {
		d.t.Fatal(err)
	}
	return got.StatusCode, to, string(body)
}

// goesIn clicks on a link, and the product learns by its code who comes and for
// what; neither works a second time.
func (d *helpdesk) goesIn(m sandbox.Mail, user string, purpose actions.LinkPurpose) {
	d.t.Helper()
	status, to, page := d.clickLink(m, actions.LinkGoOn)
	code := to.Query().Get("code")
	if status != http.StatusSeeOther || !strings.HasPrefix(to.String(), loginPage+"?") || code == "" {
		d.t.Fatalf("the link answers %d, sends to %v and says %s", status, to, page)
	}
	if again, _, page := d.clickLink(m, actions.LinkGoOn); again != http.StatusGone {
		d.t.Errorf("the link answers %d the second time: %s", again, page)
	}
	var who struct {
		UserID  string              `json:"user_id"`
		Purpose actions.LinkPurpose `json:"purpose"`
	}
	if status := d.api(http.MethodPost, "/v1/links/redeem", d.links, map[string]string{"code": code}, &who); status != http.StatusOK || who.UserID != user || who.Purpose != purpose {
		d.t.Errorf("the product is answered %d, %+v", status, who)
	}
	if status := d.api(http.MethodPost, "/v1/links/redeem", d.links, map[string]string{"code": code}, nil); status != http.StatusNotFound {
		d.t.Errorf("the code is redeemed twice: %d", status)
	}
}

// api asks the inner address, as the product does.
func (d *helpdesk) api(method, path, token string, body, into any) int {
	d.t.Helper()
	sent, err := json.Marshal(body)
	if err != nil {
		d.t.Fatal(err)
	}
	if body == nil {
		sent = nil
	}
	r, err := http.NewRequestWithContext(d.t.Context(), method, d.inner+path, bytes.NewReader(sent))
	if err != nil {
		d.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		d.t.Fatal(err)
	}
	defer func() { _ = got.Body.Close() }()
	if got.StatusCode == http.StatusOK && into != nil {
		if err := json.NewDecoder(got.Body).Decode(into); err != nil {
			d.t.Fatal(err)
		}
	}
	return got.StatusCode
}

// wantChanges expects what the product learns of, in this order.
func (d *helpdesk) wantChanges(kinds ...actions.ChangeKind) {
	d.t.Helper()
	var told struct {
		Changes []struct {
			Kind actions.ChangeKind `json:"kind"`
		} `json:"changes"`
	}
	if status := d.api(http.MethodGet, "/v1/changes?after=0", d.change, nil, &told); status != http.StatusOK {
		d.t.Fatalf("changes are answered with %d", status)
	}
	var got []actions.ChangeKind
	for _, c := range told.Changes {
		got = append(got, c.Kind)
	}
	if !slices.Equal(got, kinds) {
		d.t.Errorf("the product learns of %v, want %v", got, kinds)
	}
}
