package ses_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions/ses/sesfake"
)

// TestSignature: the service checks it by itself, over a network too; a wrong key, an
// old clock and another region don't pass, a temporary key does.
func TestSignature(t *testing.T) {
	temporary := sesfake.Sydney
	temporary.SessionToken = "AQoDYXdzEPT//////////wEXAMPLE"
	for name, row := range map[string]struct {
		there, here sesfake.Account
		ahead       time.Duration
		passes      bool
	}{
		"OK":          {there: sesfake.Sydney, here: sesfake.Sydney, passes: true},
		"Temporary":   {there: temporary, here: temporary, passes: true},
		"NoToken":     {there: temporary, here: sesfake.Sydney},
		"OtherSecret": {there: sesfake.Sydney, here: sesfake.Account{Region: "ap-southeast-2", AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "guessed"}},
		"OtherKey":    {there: sesfake.Sydney, here: sesfake.Account{Region: "ap-southeast-2", AccessKeyID: "AKIDOTHER", SecretAccessKey: sesfake.Sydney.SecretAccessKey}},
		"OtherRegion": {there: sesfake.Sydney, here: sesfake.Account{Region: "eu-west-1", AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: sesfake.Sydney.SecretAccessKey}},
		"Behind":      {there: sesfake.Sydney, here: sesfake.Sydney, ahead: -6 * time.Minute},
		"Ahead":       {there: sesfake.Sydney, here: sesfake.Sydney, ahead: 6 * time.Minute},
		"NearlyRight": {there: sesfake.Sydney, here: sesfake.Sydney, ahead: 4 * time.Minute, passes: true},
	} {
		t.Run(name, func(t *testing.T) {
			f := sesfake.New(row.there, time.Now)
			server := httptest.NewServer(f)
			defer server.Close()
			f.Suppress("jane/ü+%@acme.example", "BOUNCE", yesterday)
			config := configured(row.here, f)
			config.URL, config.Transport, config.Now = server.URL, http.DefaultTransport, func() time.Time { return time.Now().Add(row.ahead) }
			entries, err := client(t, config).Listed(t.Context(), "jane/ü+%@acme.example")
			if row.passes && (err != nil || len(entries) != 1) {
				t.Errorf("got %v, %v", entries, err)
			}
			if !row.passes {
				wantWords(t, err, "turns Latchkey away", "403 ")
			}
		})
	}
}

// TestDroppedOverANetwork: a connection that ends, and one that nobody listens to.
func TestDroppedOverANetwork(t *testing.T) {
	f := sesfake.New(sesfake.Sydney, time.Now)
	server := httptest.NewServer(f)
	f.Suppress(jane, "BOUNCE", yesterday)
	f.Meets(sesfake.DroppedAfter)
	config := configured(sesfake.Sydney, f)
	config.URL, config.Transport = server.URL, &http.Transport{DisableKeepAlives: true}
	c := client(t, config)
	if err := c.Delist(t.Context(), off); err != nil || f.Suppresses(jane) {
		t.Errorf("got %v", err)
	}
	server.Close()
	_, err := c.Listed(t.Context(), jane)
	wantWords(t, err, "doesn't answer", "connect")
}
