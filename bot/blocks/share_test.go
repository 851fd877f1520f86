package blocks

import (
	"testing"

	"github.com/latchkey-bot/latchkey/actions"
)

// TestNetworksAreHiddenFromAChannel: addresses of networks in a text are
// hidden, and nothing that only looks a little like one.
func TestNetworksAreHiddenFromAChannel(t *testing.T) {
	for text, want := range map[string]string{
		"25 failures from 203.0.113.7 (AU)":               "25 failures from ••• (AU)",
		"from 2001:db8::1, then 198.51.100.20.":           "from •••, then •••.",
		"from ::1 and 2001:db8:0:0:0:0:0:1":               "from ••• and •••",
		"locked at 09:41, version 3.1, ratio 1.5, a.b.c":  "locked at 09:41, version 3.1, ratio 1.5, a.b.c",
		"2 wrong passwords since 2026-03-14 09:32:00 UTC": "2 wrong passwords since 2026-03-14 09:32:00 UTC",
		"": "",
	} {
		evidence := []actions.Evidence{{Text: text}}
		if got := withoutNetworks(evidence)[0].Text; got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
		if evidence[0].Text != text {
			t.Error("the diagnosis itself was changed")
		}
	}
}
