package ses_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/actions/ses"
	"github.com/latchkey-bot/latchkey/actions/ses/sesfake"
	"github.com/latchkey-bot/latchkey/actions/suppressiontest"
)

// configured is what reaches a fake.
func configured(a sesfake.Account, f *sesfake.Fake) ses.Config {
	return ses.Config{
		Region: a.Region, AccessKeyID: a.AccessKeyID, SecretAccessKey: a.SecretAccessKey, SessionToken: a.SessionToken, Transport: f.Transport(),
	}
}

// client makes a client.
func client(t *testing.T, c ses.Config) *ses.Client {
	t.Helper()
	made, err := ses.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// opened is an empty list in Sydney, and a client that asks for it.
func opened(t *testing.T) (*sesfake.Fake, *ses.Client) {
	t.Helper()
	f := sesfake.New(sesfake.Sydney, time.Now)
	return f, client(t, configured(sesfake.Sydney, f))
}

// reasons are what the lists are called there.
var reasons = map[actions.SuppressionList]string{actions.ListBounce: "BOUNCE", actions.ListComplaint: "COMPLAINT"}

// TestConformance runs the suite that each system passes.
func TestConformance(t *testing.T) {
	suppressiontest.Conformance(t, func(t *testing.T) suppressiontest.Lists {
		f, c := opened(t)
		return suppressiontest.Lists{
			Suppressions: c,
			Kinds:        []actions.SuppressionList{actions.ListBounce, actions.ListComplaint},
			List: func(_ *testing.T, listed ...actions.Suppression) {
				for _, s := range listed {
					f.Suppress(s.Address, reasons[s.List], s.Since)
				}
			},
			Customer: func(*testing.T, string) string { return "u-1" },
			Silence:  func(*testing.T) { f.Down(sesfake.Denied) },
		}
	})
}

// TestCheck asks for one entry, and says when the key isn't taken.
func TestCheck(t *testing.T) {
	f, c := opened(t)
	f.Suppress("jane@acme.example", "BOUNCE", time.Now())
	f.Suppress("joe@acme.example", "BOUNCE", time.Now())
	if err := c.Check(t.Context()); err != nil || len(f.Asked()) != 1 {
		t.Errorf("it says %v after %v", err, f.Asked())
	}
	f.Down(sesfake.Denied)
	if err := c.Check(t.Context()); !errors.Is(err, actions.ErrTurnedAway) {
		t.Errorf("denied: %v", err)
	}
}

// TestConfig takes what can be asked, and shows nothing of what it doesn't take.
func TestConfig(t *testing.T) {
	f := sesfake.New(sesfake.Sydney, time.Now)
	for name, row := range map[string]struct {
		change func(*ses.Config)
		wrong  string // words of the error; "" for none
	}{
		"Sydney":             {func(*ses.Config) {}, ""},
		"Beijing":            {func(c *ses.Config) { c.Region = "cn-north-1" }, ""},
		"Elsewhere":          {func(c *ses.Config) { c.URL = "https://ses.acme.example/" }, ""},
		"Loopback":           {func(c *ses.Config) { c.URL = "http://127.0.0.1:4566" }, ""},
		"LoopbackByName":     {func(c *ses.Config) { c.URL = "http://localhost:4566" }, ""},
		"TemporaryKey":       {func(c *ses.Config) { c.SessionToken = "AQoDYXdzEPT//////////wEXAMPLE" }, ""},
		"NoRegion":           {func(c *ses.Config) { c.Region = "" }, "the region"},
		"RegionIsAHost":      {func(c *ses.Config) { c.Region = "evil.example/" }, "the region"},
		"NoKey":              {func(c *ses.Config) { c.AccessKeyID = "" }, "the access key"},
		"NoSecret":           {func(c *ses.Config) { c.SecretAccessKey = "" }, "the access key"},
		"SecretWithANewline": {func(c *ses.Config) { c.SecretAccessKey = "canary\n" }, "the access key"},
		"TokenWithASpace":    {func(c *ses.Config) { c.SessionToken = "canary and canary" }, "the session token"},
		"Plain":              {func(c *ses.Config) { c.URL = "http://canary.example" }, "over https://"},
		"NoHost":             {func(c *ses.Config) { c.URL = "canary" }, "can't be read"},
		"Credentials":        {func(c *ses.Config) { c.URL = "https://canary:canary@acme.example" }, "can't be read"},
		"Query":              {func(c *ses.Config) { c.URL = "https://acme.example/?canary" }, "can't be read"},
		"Unparseable":        {func(c *ses.Config) { c.URL = "https://canary\x7f" }, "can't be read"},
	} {
		t.Run(name, func(t *testing.T) {
			c := configured(sesfake.Sydney, f)
			row.change(&c)
			made, err := ses.New(c)
			switch {
			case row.wrong == "" && (err != nil || made.Name() != "Amazon SES"):
				t.Errorf("got %v", err)
			case row.wrong != "" && (err == nil || !strings.Contains(err.Error(), row.wrong) || strings.Contains(err.Error(), "canary")):
				t.Errorf("got %v, want %q", err, row.wrong)
			}
		})
	}
}
