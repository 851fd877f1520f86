package main

import (
	"encoding/json"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/store/storetest"
)

// forgetCrash tells a process of this test whom to forget with what, and what it says before
// it ends.
type forgetCrash struct {
	Command forgetCmd
	Said    string
}

// TestForgetWhenAProcessEnds kills a process while it erases messages, and once all are and
// nothing of the database is yet: whoever was to be forgotten is still there, and the next
// time goes on to the end.
func TestForgetWhenAProcessEnds(t *testing.T) {
	t.Parallel()
	if told := os.Getenv(crashVariable); told != "" {
		endWhileForgetting(t, told)
		return
	}
	for name, databaseURL := range map[string]func(testing.TB) string{"sqlite": storetest.SQLiteURL, "postgres": storetest.PostgresURL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := openHelpdesk(t, databaseURL(t), nil)
			d.ava().In("C0SUPPORT").Command("/diagnose robert@acme.example").Reads("Robert Stone").Click("Share in channel")
			shared := d.talk.In("C0SUPPORT").Expects("Robert Stone")
			d.ltwo().In("D0LTWO").MayRead()
			d.ltwo().InDM().Command("/diagnose robert@acme.example").Reads("Robert Stone")
			for _, said := range []string{"C0SUPPORT: ", "D0LTWO: "} { // the first with a message about him, and the last of all
				killAt(t, "TestForgetWhenAProcessEnds", forgetCrash{Said: said, Command: forgetCmd{
					Identifier: "u-robert", Data: d.config.Data, Slack: d.config.Slack, People: d.config.People,
				}})
				shared.Becomes("somebody whose data was erased")
				d.beside(func(h *house) {
					if users, err := h.store.Users(t.Context(), []string{"u-robert"}, nil); err != nil || len(users) != 1 {
						t.Errorf("after %q there are %d of him, %v", said, len(users), err)
					}
				})
			}
			out, progress, err := d.forgets("u-robert", nil)
			if err != nil || !strings.Contains(out, "0 messages in Slack") {
				t.Errorf("the next time it says %q, %v:\n%s", out, err, progress)
			}
			d.wantAudit(actions.ActForget, actions.ActDone)
			d.end()
			wantNothingOf(t, robertsTraces, "Slack", d.slackKeeps())
			d.wantErased(robertsTraces)
		})
	}
}

// endWhileForgetting is the process that ends.
func endWhileForgetting(t *testing.T, told string) {
	var c forgetCrash
	if err := json.Unmarshal([]byte(told), &c); err != nil {
		t.Fatal(err)
	}
	err := c.Command.Run(t.Context(), terminal{strings.NewReader(""), io.Discard, &once{c.Said, func() { endProcess(t) }}})
	t.Fatalf("%q was never said: %v", c.Said, err)
}
