package blocks_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
	"github.com/latchkey-bot/latchkey/escalation"
)

// leadOf is the first sentence of a report.
func leadOf(t *testing.T, r actions.LockoutReport) string {
	t.Helper()
	all, _ := sent(t, blocks.Lockouts(r, escalation.Numbers{Open: 1}, true))
	return all[1].object("text").string("text")
}

// What is usual is compared in words, with singular and plural.
func TestLockoutsAreCompared(t *testing.T) {
	const (
		week  = " and 2 fewer than a week earlier (14)."
		nodes = "Nothing is on record from before to compare with."
	)
	for name, c := range map[string]struct {
		days, customers, lastWeek int
		usual                     float64
		want                      string
	}{
		"more":     {1, 12, 14, 8, "*12 customers* were locked out. That is 4 more than on the four Tuesdays before (8 on average)" + week},
		"about":    {1, 12, 14, 8.25, "That is about 4 more than on the four Tuesdays before (8.3 on average)" + week},
		"fewer":    {1, 12, 14, 13, "That is 1 fewer than on the four Tuesdays before (13 on average)" + week},
		"same":     {1, 12, 12, 12, "That is as many as on the four Tuesdays before (12 on average) and as many as a week earlier (12)."},
		"nearly":   {1, 12, -1, 12.25, "That is about as many as on the four Tuesdays before (12.3 on average)."},
		"one":      {1, 1, 0, 0, "*1 customer* was locked out. That is 1 more than on the four Tuesdays before (0 on average) and 1 more than a week earlier (0)."},
		"none":     {1, 0, 2, 1, "Nobody was locked out. That is 1 fewer than on the four Tuesdays before (1 on average) and 2 fewer than a week earlier (2)."},
		"unknown":  {1, 12, -1, -1, "*12 customers* were locked out. " + nodes},
		"week":     {7, 12, 14, 8, "That is 4 more than in the four weeks before (8 a week on average)" + week},
		"few days": {3, 12, 14, 8, "That is 4 more than in the same 3 days of the four weeks before (8 on average)" + week},
		"month":    {30, 12, 8, 8, "That is 4 more than in the 30 days before (8)."},
	} {
		r := tuesday()
		r.Asked.Days.N, r.Customers, r.LastWeek, r.Usual = c.days, c.customers, c.lastWeek, c.usual
		if c.days > 1 {
			r.Asked.Days.First = "2026-01-01" // over by then
		}
		if got := leadOf(t, r); !strings.HasSuffix(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// What is usual is said with how many weeks that is the mean of.
func TestLockoutsOfAYoungDirectory(t *testing.T) {
	for _, c := range []struct {
		days, over int
		want       string
	}{
		{1, 1, "That is 2 fewer than a week earlier (14)."}, {1, 2, "on the two Tuesdays before (8 on average) and"}, {1, 3, "on the three Tuesdays before (8 on average) and"},
		{7, 1, "That is 2 fewer than a week earlier (14)."}, {7, 2, "in the two weeks before (8 a week on average) and"}, {30, 1, "That is 4 more than in the 30 days before (8)."},
	} {
		r := tuesday()
		r.Asked.Days.N, r.Customers, r.LastWeek, r.Usual, r.Over = c.days, 12, 14, 8, c.over
		if c.days > 1 {
			r.Asked.Days.First = "2026-01-01"
		}
		if got := leadOf(t, r); !strings.Contains(got, c.want) {
			t.Errorf("%d days of %d weeks: %q, want %q", c.days, c.over, got, c.want)
		}
	}
}

// A day that isn't over is said to be so, by the team's clock.
func TestTodaysLockouts(t *testing.T) {
	r := tuesday()
	r.Now = time.Date(2026, 3, 9, 13, 30, 0, 0, time.UTC) // 00:30 on the 10th in Melbourne
	message := blocks.Lockouts(r, escalation.Numbers{}, false)
	if missing := inOrder(read(t, message), "Lockouts today, Tuesday, 10 March", "locked out so far. Beside whole days, that is 4 more"); missing != "" {
		t.Errorf("%q isn't in:\n%s", missing, read(t, message))
	}
	r.Now = time.Date(2026, 3, 10, 13, 0, 0, 0, time.UTC) // midnight
	if text := read(t, blocks.Lockouts(r, escalation.Numbers{}, false)); strings.Contains(text, "so far") || !strings.Contains(text, "Lockouts on Tuesday, 10 March") {
		t.Errorf("the day is over, and it says:\n%s", text)
	}
}

// A day on which nothing happened is one line, and the audit's end; anything at all makes it
// more, and so is never missed.
func TestQuietDayIsOneLine(t *testing.T) {
	message := blocks.Lockouts(quietDay(), escalation.Numbers{}, true)
	if all, _ := sent(t, message); len(all) != 2 || !all[1].is("context") || strings.Contains(message.Text, "\n") {
		t.Errorf("it is %q with %d blocks", message.Text, len(all))
	}
	if text := read(t, message); !strings.Contains(text, quietDay().Audit.Head) || !strings.Contains(text, "1,234,567 rows") {
		t.Errorf("the end of the audit isn't in:\n%s", text)
	}
	for name, change := range map[string]func(*actions.LockoutReport, *escalation.Numbers){
		"out":         func(r *actions.LockoutReport, _ *escalation.Numbers) { r.Out = 1 },
		"repeat":      func(r *actions.LockoutReport, _ *escalation.Numbers) { r.Repeat = 1 },
		"attacked":    func(r *actions.LockoutReport, _ *escalation.Numbers) { r.Attacked = 1 },
		"right":       func(r *actions.LockoutReport, _ *escalation.Numbers) { r.Right = 1 },
		"wrong":       func(r *actions.LockoutReport, _ *escalation.Numbers) { r.Wrong = 1 },
		"strangers":   func(r *actions.LockoutReport, _ *escalation.Numbers) { r.Strangers = 1 },
		"accounts":    func(r *actions.LockoutReport, _ *escalation.Numbers) { r.Accounts = tuesday().Accounts },
		"networks":    func(r *actions.LockoutReport, _ *escalation.Numbers) { r.Networks = tuesday().Networks },
		"incidents":   func(r *actions.LockoutReport, _ *escalation.Numbers) { r.Incidents = tuesday().Incidents },
		"admins":      func(r *actions.LockoutReport, _ *escalation.Numbers) { r.Desk.AdminsAlive = 1 },
		"asked":       func(r *actions.LockoutReport, _ *escalation.Numbers) { r.Desk.AdminsAsked = 1 },
		"stray":       func(r *actions.LockoutReport, _ *escalation.Numbers) { r.Desk.AdminsStray = 1 },
		"unconfirmed": func(r *actions.LockoutReport, _ *escalation.Numbers) { r.Desk.AdminsUnconfirmed = 1 },
		"unopened":    func(r *actions.LockoutReport, _ *escalation.Numbers) { r.Desk.Unopened = 1 },
		"letters":     func(r *actions.LockoutReport, _ *escalation.Numbers) { r.Desk.DeadLetters = 1 },
		"opened":      func(_ *actions.LockoutReport, d *escalation.Numbers) { d.Opened = 1 },
		"late":        func(_ *actions.LockoutReport, d *escalation.Numbers) { d.Overdue = 1 },
		"missed":      func(_ *actions.LockoutReport, d *escalation.Numbers) { d.MissedResolution = 1 },
	} {
		r, d := quietDay(), escalation.Numbers{}
		change(&r, &d)
		message := blocks.Lockouts(r, d, true)
		if got := buttons(t, message); len(got) != 1 {
			t.Errorf("%s: the buttons are %q", name, got)
		}
	}
}

// Every number has the button that leads to its list, with ten thousand of everything.
func TestEveryNumberHasItsList(t *testing.T) {
	got := buttons(t, blocks.Lockouts(crowded(), crowdedCases(), true))
	var want []string
	for _, list := range []actions.LockoutList{
		actions.ListCustomers, actions.ListOut, actions.ListBack, actions.ListAttacked, actions.ListRepeat, actions.ListAccounts, actions.ListNetworks,
		actions.ListRight, actions.ListWrong, actions.ListUnopened, "cause:under_attack", "cause:user_expired",
	} {
		want = append(want, "lockout_list 2026-03-10+1||"+string(list)+"|0")
	}
	want = append(want, "incident_people incident-0|0", "incident_people incident-1|0", "case_list worked+2026-03-10+1|0", "case_list unclaimed", "case_list late+2026-03-10+1|0", "temp_admin_list -", "outbox -")
	for _, one := range want {
		if !slices.Contains(got, one) {
			t.Errorf("%q isn't among the buttons", one)
		}
	}
	text := read(t, blocks.Lockouts(crowded(), crowdedCases(), true))
	if strings.Contains(text, "no room for") || strings.Contains(text, "left out") {
		t.Errorf("something is left out:\n%s", text)
	}
	if missing := inOrder(text, "*In again:* 70000 customers", "10000 after your product released the lock, 10000 when the lock ran out and 10000 on their own"); missing != "" {
		t.Errorf("%q isn't in:\n%s", missing, text)
	}
	if missing := inOrder(text, "10000 in use", "10000 not confirmed deleted", "10000 asked for", "10000 that nobody answers for", "10000 of them overdue"); missing != "" {
		t.Errorf("%q isn't in:\n%s", missing, text)
	}
}

// What support has open isn't about one account.
func TestLockoutsOfAnAccountAreAboutIt(t *testing.T) {
	for _, button := range buttons(t, blocks.Lockouts(thirtyDays(), crowdedCases(), false)) {
		if !strings.HasPrefix(button, "lockout_list 2026-02-10+30|a-1|") {
			t.Errorf("it has the button %q", button)
		}
	}
}

// Each cause has a name of its own that a chart has room for, and no other bar has it.
func TestCausesOnTheChart(t *testing.T) {
	seen := map[string]bool{"Other causes": true}
	for _, cause := range allCauses() {
		r := tuesday()
		r.Causes = []actions.CauseCount{{Cause: cause, Customers: 1, Usual: 1}}
		all, _ := sent(t, blocks.Lockouts(r, escalation.Numbers{}, true))
		categories, _ := all[2].object("chart").object("axis_config")["categories"].([]any)
		name := fmt.Sprint(categories[0])
		if seen[name] || len(categories) != 1 || strings.Contains(name, "…") || len([]rune(name)) > 20 {
			t.Errorf("%s is called %q", cause, name)
		}
		seen[name] = true
	}
	strange := tuesday()
	strange.Causes = []actions.CauseCount{{Cause: "strange", Customers: 2, Usual: -1}, {Cause: "stranger", Customers: 3, Usual: -1}}
	all, _ := sent(t, blocks.Lockouts(strange, escalation.Numbers{}, true))
	series := all[2].object("chart").list("series")
	if len(series) != 1 || len(series[0].list("data")) != 1 || series[0].list("data")[0]["value"] != 5.0 {
		t.Errorf("strange causes are drawn as %v", series)
	}
}

// However long a time was, it is said in two units at most.
func TestTimesOfLockouts(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0 seconds", time.Second: "1 second", 59 * time.Second: "59 seconds", time.Minute: "1 minute", 24*time.Minute + 59*time.Second: "24 minutes",
		time.Hour: "1 h", 6*time.Hour + 12*time.Minute: "6 h 12 min", 47*time.Hour + 59*time.Minute: "47 h 59 min", 48 * time.Hour: "2 days", 77 * time.Hour: "3 days 5 h",
	} {
		r := tuesday()
		r.Median = d
		if text := read(t, blocks.Lockouts(r, escalation.Numbers{}, true)); !strings.Contains(text, "It took "+want+" (median)") {
			t.Errorf("%s isn't said as %q in:\n%s", d, want, text)
		}
	}
}

// A button's value leads to the list that it was made for, and to no other.
func TestLockoutRef(t *testing.T) {
	for _, account := range []string{"", "a-1", "a|b|customers|3", "  ", "x\ny|"} {
		for _, list := range []actions.LockoutList{actions.ListCustomers, actions.ListNetworks, "cause:locked_attempts"} {
			want := actions.Lockouts{Days: actions.Days{First: "2026-03-10", N: 30}, Account: account}
			asked, got, offset, ok := blocks.ReadLockoutRef(blocks.LockoutRef(want, list, 45))
			if !ok || asked != want || got != list || offset != 45 {
				t.Errorf("%q, %s is read back as %v, %s, %d, %v", account, list, asked, got, offset, ok)
			}
		}
	}
	for _, value := range []string{
		"", "-", "2026-03-10+1||customers", "2026-03-10+1||customers|", "2026-03-10+1||customers|-1", "2026-03-10+1||customers|99999999", "2026-03-10+0||customers|0",
		"2026-03-10+401||customers|0", "2026-13-10+1||customers|0", "2026-03-10||customers|0", "10 March+1||customers|0", "2026-03-10+1||everybody|0",
		"2026-03-10+1||cause:|0", "2026-03-10+1||cause:x:y|0", "2026-03-10+1||CUSTOMERS|0", "2026-03-10+1|customers|0",
	} {
		if asked, list, offset, ok := blocks.ReadLockoutRef(value); ok || asked != (actions.Lockouts{}) || list != "" || offset != 0 {
			t.Errorf("%q is read as %v, %s, %d", value, asked, list, offset)
		}
	}
}

// FuzzLockoutRef: what is read is bounded, and written the same.
func FuzzLockoutRef(f *testing.F) {
	for _, value := range append([]string{"2026-03-10+1||customers|0", "2026-03-10+7|a|b|cause:locked_attempts|15"}, hostile...) {
		f.Add(value)
	}
	f.Fuzz(func(t *testing.T, value string) {
		asked, list, offset, ok := blocks.ReadLockoutRef(value)
		if !ok {
			return
		}
		again, listAgain, offsetAgain, ok := blocks.ReadLockoutRef(blocks.LockoutRef(asked, list, offset))
		if !ok || again != asked || listAgain != list || offsetAgain != offset || offset < 0 || asked.Days.N < 1 || asked.Days.N > 400 {
			t.Errorf("%q is read as %v, %s, %d", value, asked, list, offset)
		}
	})
}

// A list goes on behind the last line that had room, so that nobody is skipped.
func TestListGoesOnBehindWhatWasShown(t *testing.T) {
	var lines []actions.LockoutLine
	for i := range 10_000 {
		p := actions.Person{ID: fmt.Sprintf("u-%d", i), Name: strings.Repeat("&", 200), Username: strings.Repeat("<", 200), Status: actions.UserStatus(strings.Repeat(">", 200))}
		lines = append(lines, actions.LockoutLine{Person: &p, Lockouts: 2, Lockout: lockout()})
	}
	page := listPage(actions.ListCustomers, 10_300, lines...)
	page.Offset = 300
	message := blocks.LockoutList(page)
	fine(t, "a long list", message)
	got := buttons(t, message)
	shown := len(got) - 1
	if want := fmt.Sprintf("lockout_list 2026-03-10+1||customers|%d", 300+shown); shown < 5 || got[shown] != want || got[shown-1] != fmt.Sprintf("diagnose u-%d", shown-1) {
		t.Errorf("%d are shown, and then %q", shown, got[shown])
	}
	for _, want := range []string{fmt.Sprintf("301 to %d of 10300", 300+shown), fmt.Sprintf("and %d more", 10_000-shown)} {
		if !strings.Contains(read(t, message), want) {
			t.Errorf("%q isn't in:\n%s", want, read(t, message))
		}
	}
}

// The last part of a list leads nowhere.
func TestListEnds(t *testing.T) {
	for _, page := range []actions.LockoutPage{listPage(actions.ListOut, 2, twoPeople()...), listPage(actions.ListOut, 0), {}} {
		if got := buttons(t, blocks.LockoutList(page)); slices.ContainsFunc(got, func(b string) bool { return strings.HasPrefix(b, "lockout_list") }) {
			t.Errorf("the buttons are %q", got)
		}
	}
}

// Of so many that not all are on the list, its end says how many aren't.
func TestListOfTooMany(t *testing.T) {
	const want = "2000 others aren't listed"
	names := actions.LockoutPage{Asked: tuesday().Asked, List: actions.ListNames, Offset: 10_000, Total: 12_000}
	people := actions.IncidentPage{Incident: openIncident(), Offset: 10_000, Total: 12_000}
	for _, message := range []blocks.Message{blocks.LockoutList(names), blocks.IncidentPeople(people)} {
		if text := read(t, message); !strings.Contains(text, want) || len(buttons(t, message)) > 0 {
			t.Errorf("%q isn't in:\n%s", want, text)
		}
	}
}
