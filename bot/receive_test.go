package bot

import (
	"bytes"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

const (
	aForm = "application/x-www-form-urlencoded"
	aJSON = "application/json"
)

// sign signs a request anew, as of at.
func (o *office) sign(r *http.Request, at time.Time, body string) {
	r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
	slackfake.Sign(r.Header, o.slack.SigningSecret(), at, []byte(body))
}

// TestWhatIsNotSlacks is the table of everything that Slack doesn't send:
// nothing of it is looked up, recorded or parsed before the signature held.
func TestWhatIsNotSlacks(t *testing.T) {
	form := url.Values{
		"team_id": {"T0TEAM"}, "user_id": {agent}, "channel_id": {"C0SUPPORT"}, "command": {"/diagnose"}, "text": {"jane@acme.example"},
		"trigger_id": {"1.2.3"},
	}.Encode()
	for name, test := range map[string]struct {
		spoil  func(o *office, r *http.Request)
		status int
	}{
		"Unsigned":    {func(_ *office, r *http.Request) { r.Header.Del("X-Slack-Signature") }, 401},
		"WithoutTime": {func(_ *office, r *http.Request) { r.Header.Del("X-Slack-Request-Timestamp") }, 401},
		"WronglySigned": {func(_ *office, r *http.Request) {
			slackfake.Sign(r.Header, "another secret", time.Now(), []byte(form))
		}, 401},
		"AnotherBody": {func(_ *office, r *http.Request) {
			body := strings.Replace(form, "jane", "john", 1)
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
		}, 401},
		"AnotherVersion": {func(_ *office, r *http.Request) {
			r.Header.Set("X-Slack-Signature", strings.Replace(r.Header.Get("X-Slack-Signature"), "v0=", "v1=", 1))
		}, 401},
		"Stale":      {func(o *office, r *http.Request) { o.sign(r, time.Now().Add(-5*time.Minute-2*time.Second), form) }, 401},
		"FromFuture": {func(o *office, r *http.Request) { o.sign(r, time.Now().Add(5*time.Minute+2*time.Second), form) }, 401},
		"JustInTime": {func(o *office, r *http.Request) { o.sign(r, time.Now().Add(-5*time.Minute+2*time.Second), form) }, 200},
		"UnsignedAndNoForm": {func(_ *office, r *http.Request) {
			r.Header.Del("X-Slack-Signature")
			r.Header.Set("Content-Type", "text/html")
			r.URL.RawQuery = "payload=%"
		}, 401},
		"Oversized": {func(o *office, r *http.Request) { o.sign(r, time.Now(), form+"&x="+strings.Repeat("y", 1<<20)) }, 413},
		"OversizedChunked": {func(o *office, r *http.Request) {
			o.sign(r, time.Now(), strings.Repeat("y", 1<<20+1))
			r.ContentLength = -1
		}, 413},
		"AnnouncesTooMuch": {func(_ *office, r *http.Request) { r.ContentLength = 1 << 50 }, 413},
		"NoForm":           {func(_ *office, r *http.Request) { r.Header.Set("Content-Type", "application/json") }, 400},
		"NoContentType":    {func(_ *office, r *http.Request) { r.Header.Del("Content-Type") }, 400},
		"FormWithCharset":  {func(_ *office, r *http.Request) { r.Header.Set("Content-Type", aForm+"; charset=utf-8") }, 200},
		"PayloadInQuery":   {func(_ *office, r *http.Request) { r.URL.RawQuery = "payload=%7B%7D" }, 400},
		"EmptyQuery":       {func(_ *office, r *http.Request) { r.URL.ForceQuery = true }, 400},
		"Get":              {func(_ *office, r *http.Request) { r.Method = http.MethodGet }, 405},
		"Put":              {func(_ *office, r *http.Request) { r.Method = http.MethodPut }, 405},
		"BrokenForm":       {func(o *office, r *http.Request) { o.sign(r, time.Now(), "user_id=%zz") }, 400},
		"NoCommand":        {func(o *office, r *http.Request) { o.sign(r, time.Now(), "team_id=T0TEAM&user_id=U0AGENT") }, 400},
		"NoUser":           {func(o *office, r *http.Request) { o.sign(r, time.Now(), "team_id=T0TEAM&command=/diagnose") }, 400},
		"NotAUser": {func(o *office, r *http.Request) {
			o.sign(r, time.Now(), "team_id=T0TEAM&user_id=U0%0Aroot&command=/diagnose")
		}, 400},
	} {
		t.Run(name, func(t *testing.T) {
			o := open(t)
			r := o.app.Request("/slack/commands", aForm, []byte(form))
			test.spoil(o, r)
			answer := httptest.NewRecorder()
			o.bot.Handler().ServeHTTP(answer, r)
			if answer.Code != test.status {
				t.Errorf("got %d, want %d", answer.Code, test.status)
			}
			if answer.Code == http.StatusUnauthorized && answer.Body.String() != "Unauthorized\n" {
				t.Errorf("401 says why: %q", answer.Body)
			}
			if answer.Code == http.StatusMethodNotAllowed && answer.Header().Get("Allow") != http.MethodPost {
				t.Errorf("405 with Allow %q", answer.Header().Get("Allow"))
			}
			if answer.Code != http.StatusOK && (len(o.directory.lookups()) > 0 || len(o.store.rows()) > 0 || o.slack.Calls("users.info") > 0) {
				t.Error("it had an effect")
			}
		})
	}
}

func TestEventsAndInteractionsAreCheckedAlike(t *testing.T) {
	o := open(t)
	for _, test := range []struct {
		path, contentType, body string
		status                  int
	}{
		{"/slack/events", aJSON, `{"type":"event_callback"}`, 200},
		{"/slack/events", aForm, `{"type":"event_callback"}`, 400},
		{"/slack/events", aJSON, `{"type":`, 400},
		{"/slack/events", aJSON, `[]`, 400},
		{"/slack/events", aJSON, `{"type":"url_verification","challenge":"` + strings.Repeat("x", 2000) + `"}`, 400},
		{"/slack/interactions", aJSON, `{"type":"block_actions"}`, 400},
		{"/slack/interactions", aForm, `payload={"type":`, 400},
		{"/slack/interactions", aForm, `nothing=here`, 400},
		{"/slack/interactions", aForm, `payload={"type":"view_closed"}`, 200},
		{"/slack/interactions", aForm, `payload={"type":"block_actions"}`, 200},
		{"/slack/interactions", aForm, `payload={"type":"block_actions","actions":[{"action_id":"diagnose"}]}`, 400},
	} {
		answer, err := o.app.Send(t.Context(), o.app.Request(test.path, test.contentType, []byte(test.body)), "")
		if err != nil {
			t.Fatal(err)
		}
		if answer.Status != test.status {
			t.Errorf("%s %s: got %d, want %d", test.path, test.body[:min(40, len(test.body))], answer.Status, test.status)
		}
		r := o.app.Request(test.path, test.contentType, []byte(test.body))
		r.Header.Del("X-Slack-Signature")
		if answer, err = o.app.Send(t.Context(), r, ""); err != nil || answer.Status != http.StatusUnauthorized {
			t.Errorf("%s unsigned: got %v, %v", test.path, answer, err)
		}
	}
}

func TestSlackMakesSureOfTheAddress(t *testing.T) {
	o := open(t)
	answer, err := o.app.Event(t.Context(), map[string]any{"type": "url_verification", "challenge": "3eZbrw1aB1"})
	if err != nil {
		t.Fatal(err)
	}
	if answer.Status != 200 || string(answer.Body) != "3eZbrw1aB1" || answer.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("got %d %q", answer.Status, answer.Body)
	}
}

func TestReplayHasNoSecondEffect(t *testing.T) {
	for name, trigger := range map[string]string{"ByTrigger": "1.2.3", "ByRequest": ""} {
		t.Run(name, func(t *testing.T) {
			o := open(t)
			form := o.app.Form(slackfake.Command{User: agent, Name: "/diagnose", Text: "jane@acme.example"})
			form.Set("trigger_id", trigger)
			request := o.app.Request("/slack/commands", aForm, []byte(form.Encode()))
			send := func(change func(string) string) heard {
				r := request.Clone(t.Context())
				r.Header.Set("X-Slack-Signature", "v0="+change(r.Header.Get("X-Slack-Signature")[3:]))
				r.Body = io.NopCloser(strings.NewReader(form.Encode()))
				answer, err := o.app.Send(t.Context(), r, "")
				if err != nil {
					t.Fatal(err)
				}
				return heard{answer, o}
			}
			same := func(hex string) string { return hex }
			send(same).reads("locked after too many wrong passwords")
			for _, change := range []func(string) string{same, strings.ToUpper} {
				send(change).reads("answered before").doesntRead("jane", "locked")
			}
			if rows := o.store.rows(); len(rows) != 1 {
				t.Errorf("%d rows in the audit, want 1", len(rows))
			}
		})
	}
}

// FuzzSignature changes what was signed: only the very same secret, time and
// body hold.
func FuzzSignature(f *testing.F) {
	now := strconv.FormatInt(time.Now().Unix(), 10)
	for _, seed := range []struct{ stamp, signature, body string }{
		{now, "v0=" + strings.Repeat("00", 32), "a=b"}, {"", "", ""}, {"-9223372036854775808", "v0=", "x"}, {"1e9", "v0=zz", "\x00"},
		{now, "v0=" + strings.Repeat("00", 31), ""}, {" " + now, "v1=", "payload={}"},
	} {
		f.Add(seed.stamp, seed.signature, []byte(seed.body))
	}
	b := &Bot{secret: "signing-secret"}
	f.Fuzz(func(t *testing.T, stamp, signature string, body []byte) {
		header := http.Header{"X-Slack-Request-Timestamp": {stamp}, "X-Slack-Signature": {signature}}
		if b.signed(header, body) {
			t.Errorf("%q %q held for %q", stamp, signature, body)
		}
		slackfake.Sign(header, "signing-secret", time.Now(), body)
		if !b.signed(header, body) {
			t.Errorf("a good signature didn't hold for %q", body)
		}
		if b.signed(header, append(bytes.Clone(body), 'x')) {
			t.Errorf("it holds for more than %q", body)
		}
		good, _ := hex.DecodeString(strings.TrimPrefix(header.Get("X-Slack-Signature"), "v0="))
		good[len(body)%len(good)] ^= 1
		header.Set("X-Slack-Signature", "v0="+hex.EncodeToString(good))
		if b.signed(header, body) {
			t.Errorf("a changed signature held for %q", body)
		}
	})
}

func TestSignatureWindowIsFiveMinutes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &Bot{secret: "signing-secret"}
		for _, test := range []struct {
			age  time.Duration
			want bool
		}{{5 * time.Minute, true}, {5*time.Minute + time.Second, false}, {-5 * time.Minute, true}, {-5*time.Minute - time.Second, false}} {
			header := http.Header{}
			slackfake.Sign(header, "signing-secret", time.Now().Add(-test.age), []byte("body"))
			if got := b.signed(header, []byte("body")); got != test.want {
				t.Errorf("%s old: got %t", test.age, got)
			}
		}
	})
}
