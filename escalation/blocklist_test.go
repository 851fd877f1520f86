package escalation_test

import (
	"testing"

	"github.com/latchkey-bot/latchkey/escalation"
)

func TestBlocklistQuestion(t *testing.T) {
	got := escalation.BlocklistQuestion("@support-melbourne", "GW-1001", "jane@acme.example")
	want := "@support-melbourne GW-1001 - Can you please investigate if jane@acme.example is on the email Global Black List?"
	if got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
