package main

import (
	"path/filepath"
	"testing"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/store"
)

// TestCompany: everybody in the demo has the reason that stands beside them,
// read from the database as an agent would.
func TestCompany(t *testing.T) {
	databaseURL := "sqlite:" + filepath.Join(t.TempDir(), "demo.db")
	importCompany(t, databaseURL)
	keys, err := actions.ParseKeyring(testKey)
	if err != nil {
		t.Fatal(err)
	}
	h, err := openHouse(t.Context(), databaseURL, keys, actions.Rules{LockAfter: 3, IdleMonths: 3}, quiet(terminal{}))
	if err != nil {
		t.Fatal(err)
	}
	defer func(st *store.Store) { _ = st.Close() }(h.store)
	seen := map[actions.Cause]bool{}
	for _, r := range residents {
		t.Run(string(r.cause), func(t *testing.T) {
			d, err := h.actions.Diagnose(t.Context(), atTerminal(), actions.Query{Identifier: r.username()})
			if err != nil {
				t.Fatal(err)
			}
			if len(d.Findings) == 0 || d.Findings[0].Cause != r.cause {
				t.Errorf("%s is diagnosed %+v", r.username(), d.Findings)
			}
		})
		seen[r.cause] = true
	}
	for _, cause := range actions.Causes() {
		if !seen[cause] && cause != actions.CauseIdentityUnresolved {
			t.Errorf("nobody in the company has %s", cause)
		}
	}
}
