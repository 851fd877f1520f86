package main

import (
	"testing"

	"github.com/latchkey-bot/latchkey/bot/browsertest"
)

// TestLeadsInABrowser reads the digest and Home as a lead does, with a mouse: a list
// behind a number, and what can be pressed. Both in a narrow window, too.
func TestLeadsInABrowser(t *testing.T) {
	browsertest.Open(t, browsertest.Options{}).Close() // starts the browser, or skips, before there is a demo
	for name, options := range map[string]browsertest.Options{"Wide": {}, "Narrow": {Width: 320, Height: 640, Touch: true, Dark: true}} {
		t.Run(name, func(t *testing.T) {
			o := openDemo(t)
			v := visit(t, o.url, options)
			v.toLeads(o.url, options.Touch)
			v.CSS("#messages").WaitText("Incident:", "customers fail the same way")
			v.Audit("the digest and an incident in the leads' channel")
			v.NoSidewaysScroll("the leads' channel")
			v.afterwards(v.By("button", "Show customers").First().Click).WaitText("1 to 15 of")
			v.toHome(options.Touch)
			v.Audit("the Home of a lead")
			v.NoSidewaysScroll("the Home of a lead")
			v.CSS("#home").By("button", "Send a secret").Click()
			v.By("dialog", "Send a secret").Wait()
			v.Close()
			if err := o.end(); err != nil || o.errs.Len() > 0 {
				t.Errorf("the demo ends with %v and says %s", err, o.errs)
			}
		})
	}
}
