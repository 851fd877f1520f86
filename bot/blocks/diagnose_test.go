package blocks_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
)

func TestBlocklistQuestion(t *testing.T) {
	const question = "@support-melbourne GW-1001 - Can you please investigate if jane@acme.example is on the email Global Black List?"
	read := func(d actions.Diagnosis) string {
		raw, err := json.Marshal(blocks.Diagnosis(d, reader).Blocks)
		if err != nil {
			t.Fatal(err)
		}
		return string(raw)
	}
	if got := read(locked()); !strings.Contains(got, question) {
		t.Errorf("the question isn't in %s", got)
	}
	for name, change := range map[string]func(*actions.Diagnosis){
		"AskedByName":    func(d *actions.Diagnosis) { d.Identifier, d.User.Email = "jane", "j•••@a•••.example" },
		"MailIsFine":     func(d *actions.Diagnosis) { d.Findings = d.Findings[:1] },
		"NoGatewayID":    func(d *actions.Diagnosis) { d.Facts.Accounts = nil },
		"ChosenByButton": func(d *actions.Diagnosis) { d.Identifier, d.User.Email = "", "" },
	} {
		d := locked()
		change(&d)
		if strings.Contains(read(d), "Global Black List") {
			t.Errorf("%s: the question is there", name)
		}
	}
}

func TestColleaguesAreCountedWithoutOneself(t *testing.T) {
	for want, actors := range map[string][]string{
		"2 colleagues helped today":    {"U0BEN", "terminal:ann", "U0AGENT", "U0BEN"},
		"1 colleague helped today":     {"U0BEN"},
		"Support in the last 24 hours": {"U0AGENT"},
	} {
		d := locked()
		d.Facts.Support = nil
		for _, actor := range actors {
			d.Facts.Support = append(d.Facts.Support, actions.SupportFact{At: ago(time.Hour), Actor: actor, Act: actions.ActDiagnose, Outcome: actions.ActDone})
		}
		raw, err := json.Marshal(blocks.Diagnosis(d, reader).Blocks)
		if err != nil || !strings.Contains(string(raw), want) {
			t.Errorf("%q isn't there, %v", want, err)
		}
	}
}

// buttons are a message's buttons from top to bottom: what each does and with
// which value.
func buttons(t *testing.T, m blocks.Message) []string {
	t.Helper()
	var found []string
	all, _ := sent(t, m)
	for _, block := range all {
		elements := block.list("elements")
		if accessory := block.object("accessory"); accessory != nil {
			elements = append(elements, accessory)
		}
		for _, element := range elements {
			if element.is("button") {
				found = append(found, strings.TrimSpace(element.string("action_id")+" "+element.string("value")))
			}
		}
	}
	return found
}

func TestButtonsAreForWhatTheReaderMay(t *testing.T) {
	all := []string{"verify_caller u-1", "escalate u-1", "watch u-1", "history u-1", "ticket_note u-1", "share u-1"}
	only := func(may ...actions.Act) func(actions.Act) bool {
		return func(act actions.Act) bool { return slices.Contains(may, act) }
	}
	for name, row := range map[string]struct {
		reader blocks.Reader
		want   []string
	}{
		"Everything":       {reader, all},
		"Nothing":          {blocks.Reader{ID: "U0AGENT", Share: true, WrongChannel: true}, nil},
		"HistoryOnly":      {blocks.Reader{May: only(actions.ActHistory), Share: true}, all[3:4]},
		"NotInThisChannel": {blocks.Reader{May: everything}, all[:5]},
		"WrongChannel":     {blocks.Reader{May: everything, WrongChannel: true}, append(slices.Clone(all[:5]), "continue diagnose u-1")},
	} {
		t.Run(name, func(t *testing.T) {
			if got := buttons(t, blocks.Diagnosis(locked(), row.reader)); !slices.Equal(got, row.want) {
				t.Errorf("the buttons are %q, want %q", got, row.want)
			}
		})
	}
	if got := buttons(t, blocks.Shared(again(locked()), "U0AGENT")); got != nil {
		t.Errorf("what is shared has the buttons %q", got)
	}
}

// read is everything that somebody reads in a message's blocks, in order, a
// line for each text.
func read(t *testing.T, m blocks.Message) string {
	t.Helper()
	var lines []string
	all, _ := sent(t, m)
	for _, block := range all {
		for _, part := range append([]object{block}, block.list("elements")...) {
			lines = append(lines, part.string("text"), part.object("text").string("text"))
			for _, element := range part.list("elements") {
				lines = append(lines, element.string("text"))
			}
		}
	}
	return strings.Join(slices.DeleteFunc(lines, func(line string) bool { return line == "" }), "\n")
}

// inOrder finds the first of the parts that doesn't come after the one before.
func inOrder(text string, parts ...string) string {
	for _, part := range parts {
		_, after, found := strings.Cut(text, part)
		if !found {
			return part
		}
		text = after
	}
	return ""
}

// What an agent needs first stands first.
func TestOrderOfTheAnswer(t *testing.T) {
	text := read(t, blocks.Diagnosis(locked(), reader))
	if missing := inOrder(text, "The user is locked", "*Jane Doe*", "19 others fail like this", "*Protected:*", "*Contact changed lately*",
		"*Why*", "<!date^", "*What to do*", "1. Unlock", "Tell me when they're in", "Share in channel",
		"For L2, ready to paste", "Say to a caller who isn't verified", "First I need to make sure who you are.",
		"Say to the verified customer", "There were too many tries.",
		"*Also found*", "*Contact on file*", "*Accounts*", "*Attempts*", "*Locks*", "2 colleagues helped today", "4 minutes old"); missing != "" {
		t.Errorf("%q isn't there, or not in its place, in:\n%s", missing, text)
	}
}

func TestOldRecordsAreAWarning(t *testing.T) {
	d := locked()
	d.Facts.Freshness.Stale, d.Facts.Freshness.Text = true, "The newest record is 3 hours old."
	text := read(t, blocks.Diagnosis(d, reader))
	if missing := inOrder(text, "*Jane Doe*", "*Old records:*", "*Why*"); missing != "" || strings.Count(text, "3 hours old") != 1 {
		t.Errorf("%q isn't in its place, or said twice, in:\n%s", missing, text)
	}
}

// To answer a stranger in the language of the record would say that there is
// one: English comes first.
func TestWhatToSayInTheCustomersLanguage(t *testing.T) {
	d := judged(locks(actions.LockAttempts))
	d.User.Locale = "de-DE"
	decisive := d.Findings[0]
	german, language := actions.TellCustomer(decisive, "de-DE")
	stranger, _ := actions.TellCaller(decisive, "de-DE")
	if language != "German" || german == decisive.TellCustomer {
		t.Fatalf("German isn't shipped: %q, %q", german, language)
	}
	text := read(t, blocks.Diagnosis(d, reader))
	if missing := inOrder(text, "Say to a caller who isn't verified", decisive.TellCaller, "The same in German", stranger,
		"Say to the verified customer, in German", german, "In English: "+decisive.TellCustomer); missing != "" {
		t.Errorf("%q isn't there, or not in its place, in:\n%s", missing, text)
	}
	d.User.Locale = "xx"
	if text := read(t, blocks.Diagnosis(d, reader)); strings.Contains(text, "German") || strings.Contains(text, "In English") {
		t.Errorf("a language that isn't shipped:\n%s", text)
	}
}
