package actions

import (
	"context"
	"fmt"
)

// Copier is a database that can be copied while it is used; the package store has it.
type Copier interface {
	// Backup copies the database as it is at one moment into a new file that nobody
	// else may read, and returns how many rows the copy has. check looks at the copy
	// before it gets its name; it may only read. Errors: Invalid for a database that
	// is copied otherwise, Conflict when there is such a file, what check returns,
	// Unavailable.
	Backup(ctx context.Context, file string, check func(copied Store) error) (rows int64, err error)
}

// BackupReport is what a copy has.
type BackupReport struct {
	Rows  int64      // of all tables
	Audit AuditCheck // of the copy; its own row is only in the original
}

// Backup copies the whole database into a new file, and checks the copy: it is whole,
// and its audit verifies. It is a row of the audit, without which there is no copy.
// Errors: Forbidden for who may not; Conflict when the audit doesn't verify; those of
// [Copier].
func (a *Actions) Backup(ctx context.Context, call Call, file string, from Copier) (BackupReport, error) {
	if !May(call.Actor.Roles, ActBackup) {
		return BackupReport{}, a.Refuse(ctx, call, ActBackup)
	}
	if a.Keys.Empty() {
		return BackupReport{}, errNoKeyToSeal()
	}
	var report BackupReport
	var err error
	report.Rows, err = from.Backup(ctx, file, func(copied Store) error {
		if report.Audit, err = VerifyAudit(ctx, copied, a.Keys); err != nil {
			return fmt.Errorf("checking the audit of the copy: %w", err)
		}
		return a.Store.Tx(ctx, func(tx Tx) error {
			return a.record(ctx, tx, call, AuditEntry{
				At: Instant(a.Now()), Act: ActBackup, Outcome: ActDone, Detail: fmt.Sprintf("the audit has %d rows in it", report.Audit.Rows),
			})
		})
	})
	return report, err
}
