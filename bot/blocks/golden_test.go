package blocks_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
)

var update = flag.Bool("update", false, "write the golden files anew")

var (
	now    = time.Date(2026, 3, 14, 9, 52, 0, 0, time.UTC)
	reader = blocks.Reader{ID: "U0AGENT", L2: "@support-melbourne"}
)

func ago(d time.Duration) time.Time { return now.Add(-d) }

// golden compares a message with a file under testdata.
func golden(t *testing.T, name string, message blocks.Message) {
	t.Helper()
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(map[string]any{"text": message.Text, "blocks": message.Blocks}); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", name+".json")
	if *update {
		if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), out.String()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
	withinLimits(t, message)
}

// locked is Jane, locked after wrong passwords, with all that stands beside.
func locked() actions.Diagnosis {
	return actions.Diagnosis{
		Identifier: "jane@acme.example", At: now,
		User: &actions.Person{
			ID: "u-1", Name: "Jane Doe", Username: "j•••", Email: "jane@acme.example", Mobile: "•••78", Status: actions.UserActive,
		},
		Matches: []actions.Person{},
		Findings: []actions.Finding{
			{
				Cause: actions.CauseLockedAttempts, Grade: actions.Proven, Summary: "The user is locked after too many wrong passwords.",
				Evidence: []actions.Evidence{
					{At: ago(20 * time.Minute), Source: "lock", Text: "locked for too many wrong passwords"},
					{At: ago(21 * time.Minute), Source: "attempt", Text: "wrong password from 203.0.113.7, AU"},
				},
				Remedies:     []actions.RemedyID{actions.Unlock, actions.SendReset},
				TellCaller:   "Thank you, I am looking into it. First I need to make sure who you are.",
				TellCustomer: "There were too many tries.",
			},
			{Cause: actions.CauseEmailSuppressed, Grade: actions.Proven, Summary: "Mail to the address is held back: it is on the block list."},
		},
		Facts: actions.Facts{
			Freshness: actions.Freshness{NewestAttempt: ago(4 * time.Minute), Text: "The newest record is 4 minutes old."},
			Contact: &actions.Contact{
				Email: "jane@acme.example", EmailVerified: true, Mobile: "•••78", OptedOut: []actions.Channel{actions.ChannelSMS},
				ChangedAt: ago(48 * time.Hour), ChangedLately: true,
			},
			Accounts: []actions.AccountFact{
				{ID: "a-1", Name: "Acme Pty Ltd", Status: actions.AccountActive, GatewayIDs: []string{"GW-1001", "GW-1002"}, Role: "member", Membership: actions.MembershipActive, LetsIn: true},
				{ID: "a-2", Name: "Acme Old", Status: actions.AccountCancelled, Reason: "not_needed", GatewayIDs: []string{}, Role: "admin", Membership: actions.MembershipDeactivated},
			},
			LastSuccess: &actions.AttemptFact{At: ago(72 * time.Hour), Outcome: actions.Success, Typed: "j•••", IP: "203.0.113.7", Country: "AU"},
			LastFailures: []actions.AttemptFact{
				{At: ago(10 * time.Minute), Outcome: actions.WrongPassword, Typed: "j•••", IP: "198.51.100.1", Staff: true},
				{At: ago(21 * time.Minute), Outcome: actions.WrongPassword, Typed: "j•••", IP: "203.0.113.7", Country: "AU", VPN: true},
			},
			Locks: []actions.LockFact{
				{ID: "l-1", Kind: actions.LockAttempts, At: ago(20 * time.Minute), Until: now.Add(time.Hour), Open: true},
				{ID: "l-0", Kind: actions.LockManual, At: ago(240 * time.Hour), EndedAt: ago(239 * time.Hour), Detail: "asked by phone"},
			},
			Protected: true,
			Support: []actions.SupportFact{
				{At: ago(time.Hour), Actor: "U0BEN", Act: actions.ActDiagnose, Outcome: actions.ActDone},
				{At: ago(2 * time.Hour), Actor: "terminal:ann", Act: actions.ActDiagnose, Outcome: actions.ActDone},
				{At: ago(3 * time.Hour), Actor: "U0AGENT", Act: actions.ActDiagnose, Outcome: actions.ActDone},
			},
			Alike: &actions.AlikeFact{Outcome: actions.WrongPassword, Customers: 19, Usual: 2.4},
		},
	}
}

func several() actions.Diagnosis {
	return actions.Diagnosis{
		Identifier: "sam", At: now,
		Matches: []actions.Person{
			{ID: "u-1", Name: "Sam One", Username: "sam", Email: "s•••@o•••.example", Status: actions.UserActive},
			{ID: "u-2", Username: "sam", Mobile: "•••12", Status: actions.UserDisabled},
		},
		Facts: actions.Facts{Freshness: actions.Freshness{NewestAttempt: ago(time.Minute), Text: "The newest record is 1 minute old."}},
	}
}

func none() actions.Diagnosis {
	return actions.Diagnosis{
		Identifier: "jnae", At: now, Matches: []actions.Person{},
		Findings: []actions.Finding{{
			Cause: actions.CauseUnknownUsername, Grade: actions.Proven, Summary: "Nobody has this name, and somebody tried to log in with it.",
			Evidence:     []actions.Evidence{{At: ago(time.Minute), Source: "attempt", Text: "unknown user name from 203.0.113.7"}},
			Remedies:     []actions.RemedyID{actions.SendUsername, actions.LoginHelper},
			TellCaller:   "Thank you, I am looking into it.",
			TellCustomer: "We send the right user name to your address on file.",
		}},
		Facts: actions.Facts{
			Freshness: actions.Freshness{Stale: true, Text: "The newest record is 3 hours old: what happened since isn't in here.", NewestAttempt: ago(3 * time.Hour)},
			NearNames: []actions.Person{{ID: "u-1", Name: "Jane Doe", Username: "j•••", Email: "j•••@a•••.example", Status: actions.UserActive}},
		},
	}
}

func anAccount() actions.Diagnosis {
	return actions.Diagnosis{
		Identifier: "GW-1001", At: now, Matches: []actions.Person{}, Findings: []actions.Finding{},
		Facts: actions.Facts{
			Freshness: actions.Freshness{NewestAttempt: ago(time.Minute), Text: "The newest record is 1 minute old."},
			Accounts: []actions.AccountFact{{
				ID: "a-1", Name: "Acme Pty Ltd", Status: actions.AccountPaymentHold, Reason: "unpaid", GatewayIDs: []string{"GW-1001"},
				Owner: "owner@latchkey.example", Members: 12, ClosedAt: ago(24 * time.Hour),
			}},
			Failed: []actions.AccountFail{{AccountID: "a-1", Cut: true, Users: []actions.UserFail{
				{Person: actions.Person{ID: "u-1", Name: "Jane Doe", Username: "j•••"}, Outcome: actions.PaymentHold, At: ago(time.Hour), Failures: 3},
				{Person: actions.Person{ID: "u-2", Username: "s•••"}, Outcome: actions.WrongPassword, At: ago(2 * time.Hour), Failures: 1, InSince: ago(time.Hour)},
			}}},
		},
	}
}

func TestGolden(t *testing.T) {
	quiet := locked()
	quiet.Facts = actions.Facts{Freshness: quiet.Facts.Freshness}
	quiet.Findings = quiet.Findings[:1]
	quiet.Unrecorded = true
	calm := anAccount()
	calm.Facts.Failed = nil
	for name, message := range map[string]blocks.Message{
		"locked":      blocks.Diagnosis(locked(), reader),
		"locked_only": blocks.Diagnosis(quiet, reader),
		"several":     blocks.Diagnosis(several(), reader),
		"nobody":      blocks.Diagnosis(none(), reader),
		"account":     blocks.Diagnosis(anAccount(), reader),
		"account_ok":  blocks.Diagnosis(calm, reader),
		"nothing":     blocks.Diagnosis(actions.Diagnosis{}, reader),
		"failure":     blocks.Failure(actions.Words{Code: actions.Invalid, Sentence: "Please say <who> & why."}),
		"dm":          blocks.ContinueInDM([]string{"C0ONE", "C0TWO"}, "U0BOT"),
		"dm_only":     blocks.ContinueInDM(nil, "U0BOT"),
		"help": blocks.Help("/latchkey", []blocks.Command{
			{Name: "/diagnose", Usage: "IDENTIFIER", Summary: "Says why a customer can't log in.", Example: "/diagnose jane@acme.example"},
			{Name: "/latchkey", Summary: "Explains the commands."},
		}),
	} {
		t.Run(name, func(t *testing.T) { golden(t, name, message) })
	}
}
