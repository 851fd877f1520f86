package blocks_test

import (
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
)

// tried is an attempt as a fact.
func tried(before time.Duration, outcome actions.Outcome) actions.AttemptFact {
	return actions.AttemptFact{At: ago(before), Outcome: outcome}
}

// attemptsRead is what is read of a user's attempts.
func attemptsRead(t *testing.T, facts actions.Facts) string {
	t.Helper()
	d := locked()
	d.Facts.LastAttempts, d.Facts.LastSuccess, d.Facts.Failures = facts.LastAttempts, facts.LastSuccess, facts.Failures
	_, after, _ := strings.Cut(read(t, blocks.Diagnosis(d, reader)), "*Attempts*")
	text, _, _ := strings.Cut(after, "*Locks*")
	return text
}

// A success after failures is seen, and said once.
func TestAttemptsShowASuccess(t *testing.T) {
	in := tried(time.Minute, actions.Success)
	elsewhere := in
	elsewhere.At = in.At.In(time.FixedZone("CET", 3600)) // the same moment, as another query may say it
	text := attemptsRead(t, actions.Facts{
		LastAttempts: []actions.AttemptFact{in, tried(2*time.Minute, actions.WrongPassword)}, LastSuccess: &elsewhere, Failures: 1,
	})
	if missing := inOrder(text, "got in", "wrong password"); missing != "" || strings.Contains(text, "Last success") || strings.Contains(text, "more") {
		t.Errorf("the attempts are read as:\n%s", text)
	}
}

// However many failed, the number is the true one, and staff's don't count.
func TestAttemptsCountWhatIsLeftOut(t *testing.T) {
	var facts actions.Facts
	for i := range 10 {
		facts.LastAttempts = append(facts.LastAttempts, tried(time.Duration(i)*time.Minute, actions.WrongPassword))
	}
	for failures, want := range map[int]string{25: "…and 20 more failures in the last 7 days", 6: "…and 1 more failure in"} {
		facts.Failures = failures
		text := attemptsRead(t, facts)
		if missing := inOrder(text, want, "Last success: none on record"); missing != "" || strings.Count(text, "wrong password") != 5 {
			t.Errorf("%q isn't in:\n%s", missing, text)
		}
	}
	facts.LastAttempts[0].Staff, facts.Failures = true, 6
	if text := attemptsRead(t, facts); !strings.Contains(text, "staff network, doesn't count\n") || !strings.Contains(text, "…and 2 more failures") {
		t.Errorf("an attempt of staff is read as:\n%s", text)
	}
}

// Staff getting in isn't the customer's success.
func TestAttemptsOfStaffAreNoSuccess(t *testing.T) {
	ours, theirs := tried(time.Minute, actions.Success), tried(time.Minute, actions.Success)
	ours.Staff = true
	text := attemptsRead(t, actions.Facts{LastAttempts: []actions.AttemptFact{ours}, LastSuccess: &theirs})
	if missing := inOrder(text, "staff network, doesn't count", "Last success: <!date"); missing != "" {
		t.Errorf("%q isn't in:\n%s", missing, text)
	}
}

// A state has no time of its own: that of the look-up isn't shown as if it had
// happened then.
func TestStateHasNoTime(t *testing.T) {
	d := judged(situations[actions.CauseOptedOut])
	for name, text := range map[string]string{
		"Answer": read(t, blocks.Diagnosis(d, reader)), "Shared": read(t, blocks.Shared(again(d), "U0AGENT")),
	} {
		if !strings.Contains(text, "\n• opted out of") {
			t.Errorf("%s: the state has a time:\n%s", name, text)
		}
	}
	if text := read(t, blocks.TicketNote(d)); !strings.Contains(text, "\n- opted out of") {
		t.Errorf("the state has a time:\n%s", text)
	}
}

// What was typed is shown as it was, whatever its signs mean to Slack.
func TestAskedForIsShownAsTyped(t *testing.T) {
	d := several()
	d.Identifier = "*jane_doe*~`x`"
	if text := read(t, blocks.Diagnosis(d, reader)); !strings.Contains(text, "Asked for `*jane_doe*~x` ·") {
		t.Errorf("it is shown as:\n%s", text)
	}
	d.Identifier = "``"
	if text := read(t, blocks.Diagnosis(d, reader)); !strings.Contains(text, "Asked for something that can't be shown") {
		t.Errorf("nothing is shown as:\n%s", text)
	}
}

// Each button says whom it is about to who hears one after the other.
func TestDiagnoseButtonsSayWhom(t *testing.T) {
	all, _ := sent(t, blocks.Diagnosis(several(), reader))
	var labels []string
	for _, block := range all {
		if label := block.object("accessory").string("accessibility_label"); label != "" {
			labels = append(labels, label)
		}
	}
	if got := strings.Join(labels, ", "); got != "Diagnose Sam One, Diagnose sam" {
		t.Errorf("the labels are %q", got)
	}
}
