package main

import (
	"bytes"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/latchkey-bot/latchkey/actions"
)

// TestAuditCutByAnother: a checkpoint that somebody put in hides no row of an export, and
// says nothing: it isn't signed.
func TestAuditCutByAnother(t *testing.T) {
	t.Parallel()
	c := newClinic(t)
	exports := func(csv bool) (rows string, err error) {
		var out, said bytes.Buffer
		err = (&auditExportCmd{CSV: csv, Data: c.config.Data}).Run(t.Context(), terminal{strings.NewReader(""), &out, &said})
		if said.Len() > 0 {
			t.Errorf("it says %q", said.String())
		}
		return out.String(), err
	}
	if rows, err := exports(false); err != nil || strings.Count(rows, "\n") != 1 || !strings.Contains(rows, `"seq":1,`) {
		t.Fatalf("exported are %q, %v", rows, err)
	}
	c.sql(`INSERT INTO audit_checkpoints VALUES (1, 1, x'00', 'k1', x'00')`)
	for _, csv := range []bool{false, true} {
		rows, err := exports(csv)
		wantCode(t, err, actions.Conflict)
		if rows != "" {
			t.Errorf("exported are %q", rows)
		}
	}
}

// TestBackupWithoutTables: an empty file isn't taken for a database of an earlier version,
// and nothing is made of it.
func TestBackupWithoutTables(t *testing.T) {
	t.Parallel()
	copied := filepath.Join(t.TempDir(), "copy.db")
	c := &backupCmd{File: copied, Data: Data{DatabaseURL: "sqlite:" + written(t, "empty.db", ""), SecretKey: testKey}}
	err := c.Run(t.Context(), terminal{out: io.Discard, err: io.Discard})
	wantCode(t, err, actions.NotFound)
	if !missing(copied) {
		t.Error("there is a copy")
	}
}
