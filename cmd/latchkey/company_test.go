package main

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/actions/records"
	"github.com/latchkey-bot/latchkey/bot"
	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

// moments are when a demo may start: the causes must not depend on the time of
// the day, of the week or of the year.
var moments = map[string]time.Time{
	"Now":     time.Now().UTC(),
	"LeapDay": time.Date(2032, 2, 29, 0, 0, 20, 987654321, time.UTC), // a Sunday, just after midnight
}

// TestCompany: whatever stands on the welcome page finds what stands beside
// it, when the demo starts and when it was left open for half a day.
func TestCompany(t *testing.T) {
	t.Parallel()
	for name, now := range moments {
		t.Run(name, func(t *testing.T) {
			h := companyHouse(t, now)
			for _, trial := range trials() {
				checkTrial(t, trial, look(t, h, trial.identifier, now))
				checkCause(t, trial, look(t, h, trial.identifier, now.Add(12*time.Hour)))
			}
			checkExtras(t, h, now)
			checkCrowd(t, h, now)
		})
	}
}

// TestTrials: every cause there is has something to type.
func TestTrials(t *testing.T) {
	t.Parallel()
	seen, typed := map[actions.Cause]bool{}, map[string]bool{}
	for _, trial := range trials() {
		seen[trial.cause] = true
		if typed[trial.identifier] {
			t.Errorf("%s stands there twice", trial.identifier)
		}
		typed[trial.identifier] = true
		if trial.name == "" || trial.line == "" {
			t.Errorf("%s lacks words: %+v", trial.identifier, trial)
		}
	}
	for _, cause := range actions.Causes() {
		if !seen[cause] {
			t.Errorf("nothing on the welcome page finds %s", cause)
		}
	}
}

// TestHelps: what can be done for somebody is typed with a command that there
// is, about a resident who is on the welcome page, or about the site. Behind /secret
// nobody is named: the form asks.
func TestHelps(t *testing.T) {
	t.Parallel()
	var commands []string
	for _, c := range bot.Manifest("", "https://latchkey.example").Features.SlashCommands {
		commands = append(commands, c.Command)
	}
	for _, h := range helps() {
		command, rest, _ := strings.Cut(h.command, " ")
		if !slices.Contains(commands, command) {
			t.Errorf("%s isn't a command: %v", command, commands)
		}
		about := slices.ContainsFunc(trials(), func(t trial) bool { return t.userID == h.userID && strings.Contains(rest+h.line, t.identifier) })
		if h.userID == "" {
			about = strings.Contains(h.name, acmeShop)
		}
		if !about || h.name == "" || h.line == "" {
			t.Errorf("it is about nobody, or lacks words: %+v", h)
		}
	}
}

// TestCompanyIsTheSame: the same moment makes the same company.
func TestCompanyIsTheSame(t *testing.T) {
	t.Parallel()
	now := moments["LeapDay"]
	if !bytes.Equal(company(now), company(now.In(time.FixedZone("there", 11*3600)))) {
		t.Error("the same moment made two companies")
	}
}

// companyHouse is a house with the company of a moment in it.
func companyHouse(t *testing.T, now time.Time) *house {
	t.Helper()
	config := demoConfig(t.TempDir(), slackfake.New(slackfake.Config{}))
	h, err := config.house(t.Context(), quiet(terminal{err: io.Discard}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.close() })
	in := actions.Import{Lines: records.Read("company", bytes.NewReader(company(now)))}
	if _, err := h.actions.Import(t.Context(), atTerminal(), in); err != nil {
		t.Fatal(err)
	}
	return h
}

func look(t *testing.T, h *house, identifier string, at time.Time) actions.Diagnosis {
	t.Helper()
	d, err := h.actions.Diagnose(t.Context(), atTerminal(), actions.Query{Identifier: identifier, At: at})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// checkTrial holds a diagnosis against what the welcome page promises. Others
// fail alike in one story only, and the records are fresh.
func checkTrial(t *testing.T, trial trial, d actions.Diagnosis) {
	t.Helper()
	checkCause(t, trial, d)
	if alike := d.Facts.Alike; (alike != nil) != (trial.cause == actions.CauseIPBlocked) {
		t.Errorf("at %v %s fails like others: %+v", d.At, trial.identifier, alike)
	}
	if d.Facts.Freshness.Stale {
		t.Errorf("at %v the records are old: %+v", d.At, d.Facts.Freshness)
	}
}

func checkCause(t *testing.T, trial trial, d actions.Diagnosis) {
	t.Helper()
	if trial.cause != "" {
		if len(d.Findings) == 0 || d.Findings[0].Cause != trial.cause {
			t.Errorf("at %v %s is diagnosed %+v", d.At, trial.identifier, d.Findings)
		}
	} else if len(d.Matches)+len(d.Facts.Failed) == 0 {
		t.Errorf("at %v %s finds neither several nor an account: %+v", d.At, trial.identifier, d)
	}
}

// checkExtras: what the welcome page says of those who show something besides
// their cause.
func checkExtras(t *testing.T, h *house, now time.Time) {
	t.Helper()
	for identifier, holds := range map[string]func(actions.Diagnosis) bool{
		twins:                       func(d actions.Diagnosis) bool { return len(d.Matches) == 2 && d.Matches[0].Username == twins },
		"GW1001":                    func(d actions.Diagnosis) bool { return len(d.Facts.Failed) == 1 && len(d.Facts.Failed[0].Users) > 5 },
		"@nordlicht.example":        func(d actions.Diagnosis) bool { return len(d.Facts.Failed) > 0 && len(d.Facts.Failed[0].Users) > 1 },
		"juergen@nordlicht.example": func(d actions.Diagnosis) bool { return d.User.Locale == "de-DE" },
		"grace@acme.example":        func(d actions.Diagnosis) bool { return d.Facts.Protected },
		"hiroko@sundara.example":    func(d actions.Diagnosis) bool { return d.Facts.Contact.ChangedLately },
		"ivo@harborline.example":    func(d actions.Diagnosis) bool { return d.Facts.Alike != nil && d.Facts.Alike.Customers == depotSize },
		mistyped: func(d actions.Diagnosis) bool {
			return len(d.Facts.NearNames) > 0 && d.Facts.NearNames[0].ID == "u-finn"
		},
	} {
		if d := look(t, h, identifier, now); !holds(d) {
			t.Errorf("%s shows %+v", identifier, d)
		}
	}
}

// checkCrowd: the many, of whom some are asked, are fine or have what everybody
// has now and then.
func checkCrowd(t *testing.T, h *house, now time.Time) {
	t.Helper()
	usual := []actions.Cause{
		actions.CauseLooksFine, actions.CauseWrongPassword, actions.CauseCodeWrong, actions.CauseNoAttemptsSeen,
		actions.CauseIPBlocked, actions.CauseAccountCancelled, actions.CauseTrialExpired, actions.CausePaymentHold,
	}
	members := newCrowd(now).members
	for i := 0; i < len(members); i += 37 {
		m := members[i]
		d := look(t, h, m.username, now)
		if len(d.Findings) != 1 || !slices.Contains(usual, d.Findings[0].Cause) {
			t.Fatalf("%s of the crowd is diagnosed %+v, %+v", m.username, d.Findings, d.Matches)
		}
	}
}
