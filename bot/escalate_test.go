package bot

import (
	"strings"
	"testing"

	"github.com/latchkey-bot/latchkey/escalation"
)

func TestReadEscalation(t *testing.T) {
	for text, want := range map[string]escalationTyped{
		"":                            {},
		"help":                        {},
		"blocklist":                   {kind: escalation.Blocklist},
		"Blocklist jane@acme.example": {kind: escalation.Blocklist, identifier: "jane@acme.example"},
		"account jane@acme.example closed by mistake": {kind: escalation.Account, identifier: "jane@acme.example", reason: "closed by mistake"},
		"jane@acme.example":                           {identifier: "jane@acme.example"},
		"security +61 400 000 000 odd logins":         {kind: escalation.Security, identifier: "+61 400 000 000", reason: "odd logins"},
		"list":                                        {list: true},
		"LIST Overdue":                                {list: true, which: escalation.Overdue},
		"blacklist jane@acme.example":                 {kind: escalation.Blocklist, identifier: "jane@acme.example"},
		"list everything":                             {list: true, which: "everything"},
	} {
		if got, err := readEscalation(text); err != nil || got != want {
			t.Errorf("%q reads as %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{"blocklist jane@acme.example bob@acme.example", "account jane@acme.example her password is hunter2x!", "blocklst jane@acme.example"} {
		if got, err := readEscalation(text); err == nil {
			t.Errorf("%q reads as %+v", text, got)
		}
	}
}

// FuzzReadEscalation: whatever is typed is read, or refused; nothing is made up.
func FuzzReadEscalation(f *testing.F) {
	for _, seed := range []string{"", "list mine", "blocklist jane@acme.example #1", "other +61 4", "account \u00a0 x", "security account"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		typed, err := readText(raw)
		if err != nil {
			return
		}
		read, err := readEscalation(typed.text)
		if err != nil {
			return
		}
		if !strings.Contains(typed.text, read.identifier) || read.identifier == "" && read.reason != "" {
			t.Errorf("%q reads as %+v", typed.text, read)
		}
	})
}
