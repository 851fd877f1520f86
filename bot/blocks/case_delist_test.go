package blocks_test

import (
	"strings"
	"testing"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
	"github.com/latchkey-bot/latchkey/escalation"
)

// What the customer wished for stays, and is said, after the address was taken off
// the lists.
func TestDelistedSaysWhatStays(t *testing.T) {
	r := delisted(actions.OperationDone)
	r.Case.Facts.Lists = []actions.Listing{{Source: "the directory", Entries: []actions.Suppression{{List: actions.ListBounce}, {List: actions.ListUnsubscribe}}}}
	if text := read(t, blocks.Case(r, dm("U0LIV"))); !strings.Contains(text, "still listed as unsubscribe by the directory") {
		t.Errorf("nothing is said of the customer's wish:\n%s", text)
	}
	r.Case.Facts.Lists[0].Entries = r.Case.Facts.Lists[0].Entries[:1]
	if text := read(t, blocks.Case(r, dm("U0LIV"))); strings.Contains(text, "still listed") {
		t.Errorf("a wish is made up:\n%s", text)
	}
}

// Nobody on record has the address, so L2 reads where it can be taken off.
func TestListedAddressOfNobody(t *testing.T) {
	r := strangers()
	r.Case.Facts.Lists = []actions.Listing{{Source: "Amazon SES", Entries: []actions.Suppression{{List: actions.ListBounce}}}}
	if text := read(t, blocks.Case(r, dm("U0LIV"))); !strings.Contains(text, "can't be taken off from here") {
		t.Errorf("nothing is said:\n%s", text)
	}
	if text := read(t, blocks.Case(escalated(escalation.Open), dm("U0LIV"))); strings.Contains(text, "can't be taken off from here") {
		t.Errorf("it is said of somebody on record:\n%s", text)
	}
}
