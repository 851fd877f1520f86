package blocks_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
)

func TestWatchEndedAsksOnce(t *testing.T) {
	again := []string{"diagnose u-1", "watch u-1"}
	question := []string{"judge_right w-1", "judge_wrong w-1"}
	undiagnosed := watch(actions.WatchIn)
	undiagnosed.Watch.Cause = ""
	gone := watch(actions.WatchFailed)
	gone.Person = actions.Person{ID: "u-1"}
	for name, row := range map[string]struct {
		report actions.WatchReport
		want   []string
	}{
		"In":          {watch(actions.WatchIn), question},
		"Failed":      {watch(actions.WatchFailed), slices.Concat(question, again)},
		"Expired":     {watch(actions.WatchExpired), again},
		"Judged":      {judgedWatch(actions.JudgedRight), nil},
		"NoDiagnosis": {undiagnosed, nil},
		"PersonGone":  {gone, question},
	} {
		t.Run(name, func(t *testing.T) {
			if got := buttons(t, blocks.WatchEnded(row.report)); !slices.Equal(got, row.want) {
				t.Errorf("the buttons are %q, want %q", got, row.want)
			}
		})
	}
}

func TestWatchEndedSaysWhatHappened(t *testing.T) {
	for state, want := range map[actions.WatchState]string{
		actions.WatchIn:      "Jane Doe is in at <!date^1773482160^{time}|09:56 UTC>.",
		actions.WatchFailed:  "Jane Doe failed now: refused: locked, at <!date^1773482220^{time}|09:57 UTC>.",
		actions.WatchExpired: "Jane Doe made no attempt by <!date^1773483720^{time}|10:22 UTC>.",
	} {
		if got := blocks.WatchEnded(watch(state)).Text; got != want {
			t.Errorf("%s is said as %q, want %q", state, got, want)
		}
	}
}

func TestButtonThatSlackRefusesIsntThere(t *testing.T) {
	for name, value := range map[string]string{"Empty": "", "TooLong": strings.Repeat("x", 2001)} {
		if got := buttons(t, blocks.ContinueInDM(nil, value)); got != nil {
			t.Errorf("%s: the buttons are %q", name, got)
		}
	}
	if got := buttons(t, blocks.ContinueInDM(nil, "diagnose u-1")); !slices.Equal(got, []string{"continue diagnose u-1"}) {
		t.Errorf("the buttons are %q", got)
	}
}

// The table is in the reader's own zone and says what the chart counts.
func TestHistory(t *testing.T) {
	all, _ := sent(t, blocks.History(history()))
	rows, _ := all[3]["rows"].([]any)
	if len(rows) != 26 {
		t.Fatalf("%d rows", len(rows))
	}
	if got := fmt.Sprint(rows[3]); !strings.Contains(got, "date") || !strings.Contains(got, "staff, doesn't count") {
		t.Errorf("an attempt of staff is shown as %s", got)
	}
	if !strings.Contains(all[4].list("elements")[0].string("text"), "the newest 25 of 30") {
		t.Errorf("what is left out isn't said: %v", all[4])
	}
}

func TestHistoryOfLongNamesHasFewerRows(t *testing.T) {
	h := history()
	for i := range h.Attempts {
		h.Attempts[i].Typed = strings.Repeat("long", 100)
		h.Attempts[i].Country = strings.Repeat("name", 100)
	}
	all, _ := sent(t, blocks.History(h))
	rows, _ := all[3]["rows"].([]any)
	shown := fmt.Sprintf("the newest %d of 30", len(rows)-1)
	if len(rows) < 10 || len(rows) > 25 || !strings.Contains(all[4].list("elements")[0].string("text"), shown) {
		t.Errorf("%d rows, and the note is %v", len(rows), all[4])
	}
}

// With nothing but staff's attempts there is nothing to draw.
func TestHistoryOfStaffOnly(t *testing.T) {
	h := history()
	for i := range h.Days {
		h.Days[i].In, h.Days[i].Failed = 0, 0
	}
	all, _ := sent(t, blocks.History(h))
	for _, block := range all {
		if block.is("data_visualization") {
			t.Error("an empty chart is drawn")
		}
	}
	if !strings.Contains(blocks.History(h).Text, "Only staff tried.") {
		t.Error("it isn't said that only staff tried")
	}
}

func TestTicketNote(t *testing.T) {
	d := again(locked())
	d.At = time.Date(2026, 3, 14, 10, 52, 0, 0, time.FixedZone("CET", 3600))
	text := read(t, blocks.TicketNote(d))
	if missing := inOrder(text, "Ticket: #4711\n", "Customer: Jane Doe · j••• · j•••@a•••.example · •••78 · user ID u-1\n", "Looked at: 2026-03-14 09:52 UTC.",
		"Found: The user is locked after too many wrong passwords. (locked_attempts, proven by a record)\n",
		"- 2026-03-14 09:32 UTC · locked for too many wrong passwords\n", "Also found:", "(email_suppressed, proven by a record)\n",
		"Support: 2026-03-14 08:52 UTC · diagnose · done\n", "Advised, step 1: Unlock the user. (agent)\n",
		"To a caller who isn't verified: ", "To the verified customer: There were too many tries.\n"); missing != "" {
		t.Errorf("%q isn't there, or not in its place, in:\n%s", missing, text)
	}
}

// What a whole channel reads says nothing that somebody could be reached by.
func TestSharedIsMasked(t *testing.T) {
	text := read(t, blocks.Shared(again(locked()), "U0AGENT"))
	for _, secret := range []string{"jane@acme.example", "a•••.example", "•••78", "Contact on file", "u-1"} {
		if strings.Contains(text, secret) {
			t.Errorf("%q is in:\n%s", secret, text)
		}
	}
	if missing := inOrder(text, "*Jane Doe*", "#4711", "shared by <@U0AGENT>", "*Why*", "*What to do*"); missing != "" {
		t.Errorf("%q isn't there in:\n%s", missing, text)
	}
}

func TestHomeIsLongEnoughForEverything(t *testing.T) {
	var view blocks.HomeView
	for range 10 {
		view.Looks = append(view.Looks, looks()[0])
		view.Watches = append(view.Watches, watch(actions.Watching))
	}
	view.Help = help()
	text := read(t, atHome(view))
	if strings.Count(text, "*Jane Doe*") != 20 || strings.Contains(text, "left out") {
		t.Errorf("something is missing in:\n%s", text)
	}
	if got := buttons(t, atHome(view)); len(got) != 11 || got[0] != "diagnose_somebody -" || got[1] != "diagnose u-1" {
		t.Errorf("the buttons are %q", got)
	}
}

// A colleague whom a failure names can be found with a click.
func TestFailureNamesColleagues(t *testing.T) {
	message := blocks.Failure(actions.Words{Code: actions.Conflict, Sentence: "<@U0BEN> was faster & <b> <!channel>."})
	if want := "<@U0BEN> was faster &amp; &lt;b&gt; &lt;!channel&gt;."; message.Text != want || read(t, message) != want {
		t.Errorf("it is said as %q", message.Text)
	}
}
