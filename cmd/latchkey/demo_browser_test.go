package main

import (
	"maps"
	"slices"
	"testing"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/browsertest"
)

// TestDemoInABrowser walks the demo as newcomers do, with eyes and a mouse, by
// keyboard only, with a finger on a small telephone, and lets axe-core look at
// all of it.
func TestDemoInABrowser(t *testing.T) {
	browsertest.Open(t, browsertest.Options{}) // starts the browser, or skips, before there is a demo
	o := openDemo(t)
	t.Run("EveryTrial", func(t *testing.T) { tryEverybody(t, o.url) })
	t.Run("ByKeyboardOnly", func(t *testing.T) { walkByKeyboard(t, o.url) })
	t.Run("OnASmallTelephone", func(t *testing.T) { walkByTouch(t, o.url) })
	for name, dark := range map[string]bool{"AuditedInTheLight": false, "AuditedInTheDark": true} {
		t.Run(name, func(t *testing.T) { audit(t, o.url, dark) })
	}
	t.Run("AuditedOnATelephone", func(t *testing.T) { auditDrawers(t, o.url) })
	if err := o.end(); err != nil || o.errs.Len() > 0 {
		t.Errorf("the demo ends with %v and says %s", err, o.errs)
	}
}

// visitor is somebody in front of the demo's page.
type visitor struct {
	*browsertest.Page
	t *testing.T
}

// visit opens the demo's page and waits until it is drawn.
func visit(t *testing.T, url string, options browsertest.Options) visitor {
	t.Helper()
	p := browsertest.Open(t, options)
	p.Goto(url)
	p.CSS(`body[data-ready="true"][data-live="true"]`).Wait()
	return visitor{p, t}
}

// answers is what the app says in the conversation that is open.
func (v visitor) answers() browsertest.Element { return v.CSS("#messages article.app") }

// afterwards does something and returns what the app then says.
func (v visitor) afterwards(do func()) browsertest.Element {
	v.t.Helper()
	before := v.answers().Count()
	do()
	v.answers().WaitCount(before + 1)
	ts := browsertest.Of[string](v.answers().Last(), "this.dataset.ts")
	return v.CSS(`#messages [data-ts="` + ts + `"]`) // also when more is said
}

// become changes who one is.
func (v visitor) become(name string) {
	v.t.Helper()
	v.CSS("#me").Click()
	v.CSS(`#menu [data-persona="` + personOf(name) + `"]`).Click()
	v.CSS("#menu").WaitGone()
	v.CSS(`body[data-persona="` + personOf(name) + `"]`).Wait()
}

// personOf is the ID of a colleague.
func personOf(name string) string {
	i := slices.IndexFunc(colleagues, func(c colleague) bool { return c.name == name })
	return colleagues[i].id
}

// otherwise is what is read where no cause is found.
var otherwise = map[string]string{
	twins:                "2 people fit. Who is it?",
	"GW1001":             "Acme Ltd: active",
	"@nordlicht.example": "Nordlicht Energie GmbH: active",
}

// tryEverybody presses every "try this" of the welcome page, and reads the
// right cause in the answer: there is somebody for every cause.
func tryEverybody(t *testing.T, url string) {
	v := visit(t, url, browsertest.Options{})
	v.CSS("#try [data-try]").WaitCount(len(trials()))
	v.CSS("#composer").Click()
	v.Type("Half a thought")
	causes := map[actions.Cause]bool{}
	for _, trial := range trials() {
		said := v.afterwards(func() { v.CSS(`#try [data-command="/diagnose ` + trial.identifier + `"]`).Click() })
		if trial.cause == "" {
			said.WaitText(otherwise[trial.identifier])
			continue
		}
		causes[trial.cause] = true
		if got := said.CSS(".context code").Last().Text(); got != string(trial.cause) { // before it may stand what was typed
			t.Errorf("about %s stands %s, want %s: %s", trial.identifier, got, trial.cause, said.Text())
		}
	}
	if draft := browsertest.Of[string](v.CSS("#composer"), "this.value"); draft != "Half a thought" {
		t.Errorf("of the draft is left %q", draft)
	}
	if all := actions.Causes(); len(causes) != len(all) {
		t.Errorf("%d of %d causes can be tried: %v", len(causes), len(all), slices.Sorted(maps.Keys(causes)))
	}
}
