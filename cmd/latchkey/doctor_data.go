package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot"
	"github.com/latchkey-bot/latchkey/store"
)

// How a key is written and made, and which one a database needs that has seen some.
const (
	writeKey = "Write it as kid:base64(32 bytes). "
	makeKey  = "For a new database, make one with: echo k1:$(openssl rand -base64 32)"
	knownKey = "Set LATCHKEY_SECRET_KEY to the keys that this database was used with; a new one goes first, the old ones after it by comma."
)

// data looks at the key, the database, and the disk that it lies on.
func (d *doctor) data(ctx context.Context) []bot.Checked {
	ctx, cancel := context.WithTimeout(ctx, dataLimit)
	defer cancel()
	keys, key := d.key()
	all := []bot.Checked{d.space()}
	st, err := store.OpenAsIs(ctx, d.DatabaseURL, store.Options{Keys: keys, Now: d.now})
	if err != nil {
		return append(all, key, d.unopened(err), unread("migrations", "database"), unread("audit", "database"))
	}
	defer func() { _ = st.Close() }() // it was only read
	database, there := d.database(ctx, st)
	all = append(all, database...)
	if !there {
		return append(all, key, unread("migrations", "database"), unread("audit", "database"))
	}
	migrations, made := d.migrations(ctx, st)
	all = append(all, migrations)
	switch {
	case made:
	case migrations.Status == bot.CheckFail:
		return append(all, key, unread("audit", "migrations"))
	default:
		return append(all, key, bot.Found("audit", "The audit begins with the first act."))
	}
	if err := st.CheckKeys(ctx); err != nil {
		key = d.unfit(key, err)
	}
	return append(all, key, d.audit(ctx, st))
}

// unread is a check of something in the database that can't be looked at before another
// is mended.
func unread(check, before string) bot.Checked {
	return bot.NotLooked(check, "the database can't be read.", "Mend "+before+" first.")
}

// key is key: whether it can be used.
func (d *doctor) key() (actions.Keyring, bot.Checked) {
	c := bot.Found("key", "The keys in LATCHKEY_SECRET_KEY can be used.")
	keys, err := d.keys()
	switch {
	case err != nil:
		c.Fail(err.Error(), writeKey+makeKey)
	case keys.Empty():
		c.Fail("LATCHKEY_SECRET_KEY isn't set: the audit and everything secret are sealed with it.", makeKey)
	}
	return keys, c
}

// unfit is key for a database that has seen other keys than were given. A new one, which
// was advised perhaps, mends nothing there.
func (d *doctor) unfit(key bot.Checked, err error) bot.Checked {
	if key.Status == bot.CheckFail && d.SecretKey != "" { // what was given can't be read
		key.Mend = writeKey + knownKey
		return key
	}
	c := bot.Found("key", "")
	if ours := (*actions.Error)(nil); !errors.As(err, &ours) || ours.Cause != nil { // it was never compared
		c.Fail(fmt.Sprintf("Which keys this database was used with can't be read (%s).", causeOf(err)), mendTables)
		return c
	}
	c.Fail(causeOf(err), knownKey)
	return c
}

// mendTables is for a table that can't be read, or isn't there any more.
const mendTables = "Mend database and migrations first; if a table is gone, restore a backup."

// causeOf is what an error says to who looks after the database.
func causeOf(err error) string {
	var ours *actions.Error
	switch {
	case !errors.As(err, &ours):
		return err.Error()
	case ours.Cause != nil:
		return ours.Cause.Error()
	}
	return ours.Sentence
}

// unopened says why a database can't be opened. What needs it isn't looked at.
func (d *doctor) unopened(err error) bot.Checked {
	c := bot.Found("database", "")
	path, _ := store.Path(d.DatabaseURL) // what is wrong with it, err says
	switch {
	case actions.CodeOf(err) == actions.NotFound && missing(filepath.Dir(path)):
		c.Fail(fmt.Sprintf("There is no folder %s for the database.", filepath.Dir(path)), "Make the folder, or correct the path in LATCHKEY_DATABASE_URL.")
	case actions.CodeOf(err) == actions.NotFound:
		c.Warn(causeOf(err), "Start 'latchkey serve', or make it now with: latchkey migrate. If there should be one, correct the path in LATCHKEY_DATABASE_URL.")
	case actions.CodeOf(err) == actions.Invalid && strings.HasPrefix(d.DatabaseURL, "postgres"):
		c.Fail(causeOf(err), "Correct LATCHKEY_DATABASE_URL: in a user name or password write %40 for @, %2F for / and %25 for %; sslmode is disable, require, verify-ca or verify-full.")
	case actions.CodeOf(err) == actions.Invalid:
		c.Fail(causeOf(err), "Correct LATCHKEY_DATABASE_URL.")
	case isFolder(path):
		c.Fail(fmt.Sprintf("%s is a folder.", path), "Name a file in LATCHKEY_DATABASE_URL, such as sqlite:"+filepath.Join(path, "latchkey.db"))
	case store.Held(err):
		c.Fail("Something keeps the whole database file to itself, so nothing can be read.", "End what else has opened it, such as sqlite3 or a tool that copies it, and run this again.")
	default:
		c.Fail(fmt.Sprintf("The database can't be opened (%s).", causeOf(err)),
			"Correct the path in LATCHKEY_DATABASE_URL, and let the user that Latchkey runs as read and write the file and its folder; if the file isn't a database, or is damaged, restore a backup.")
	}
	return c
}

// isFolder reports whether a path is that of a folder.
func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// How old PostgreSQL may be, and how far its clock off this machine's.
const (
	postgresOldest = 14
	databaseSkew   = 10 * time.Second
)

// database is database, and clock of one that has one: whether it answers, and takes
// changes.
func (d *doctor) database(ctx context.Context, st *store.Store) (found []bot.Checked, there bool) {
	c := bot.Found("database", "")
	engine, err := st.Engine(ctx)
	if err != nil {
		c.Fail(fmt.Sprintf("The database doesn't answer (%s).", causeOf(err)), unanswered(err))
		return []bot.Checked{c}, false
	}
	c.Sentence = fmt.Sprintf("%s %s answers.", engine.Name, engine.Version)
	judgeEngine(&c, engine)
	if path, err := store.Path(d.DatabaseURL); err == nil && path != "" {
		if err := writable(path); err != nil {
			c.Fail(fmt.Sprintf("The database can't be written (%v).", err), "Let the user that Latchkey runs as write the file, and mount its disk for writing.")
		}
	}
	found = []bot.Checked{c}
	if skew := d.now().Sub(engine.Clock).Abs(); !engine.Clock.IsZero() && skew > databaseSkew {
		clock := bot.Found("clock", "")
		clock.Warn(fmt.Sprintf("This machine's clock and PostgreSQL's differ by %s.", skew.Truncate(time.Second)), "Have both set by NTP (timedatectl set-ntp true).")
		found = append(found, clock)
	}
	return found, true
}

// unanswered says how a database is mended that doesn't answer.
func unanswered(err error) string {
	var certificate *tls.CertificateVerificationError
	switch {
	case store.InTheClear(err):
		return "Switch TLS on in the PostgreSQL server, or, if it is on this machine or in a private network, add ?sslmode=disable to LATCHKEY_DATABASE_URL."
	case store.TurnedAway(err):
		return "Have its pg_hba.conf take this user and database from this machine; if that takes only who encrypts, remove sslmode=disable from LATCHKEY_DATABASE_URL."
	case errors.As(err, &certificate):
		return "Name the host in LATCHKEY_DATABASE_URL as the server's certificate does, and the authority that signed it with sslrootcert=FILE."
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, fs.ErrPermission):
		return "Correct sslrootcert, sslcert and sslkey in LATCHKEY_DATABASE_URL, and let the user that Latchkey runs as read those files."
	}
	return "Start it, let this machine reach it, and check host, port, user, password, database and what stands after ? in LATCHKEY_DATABASE_URL."
}

// judgeEngine says what is wrong with a PostgreSQL server, its database, and what our user
// may do there.
func judgeEngine(c *bot.Checked, engine store.Engine) {
	rights := "Have a superuser of PostgreSQL, or who owns the database, run in it: " + strings.Join(engine.Grants, " ")
	if engine.ReadOnly {
		c.Fail("The PostgreSQL server only reads: it is a standby, or was told so for our user or database.",
			"Name the primary in LATCHKEY_DATABASE_URL, or switch default_transaction_read_only off.")
	}
	if engine.Encoding != "" && engine.Encoding != "UTF8" {
		c.Fail(fmt.Sprintf("The database keeps text as %s, which can't hold every name.", engine.Encoding),
			"Make another one with ENCODING 'UTF8' (TEMPLATE template0), and name that in LATCHKEY_DATABASE_URL.")
	}
	if engine.Closed {
		c.Fail("The user in LATCHKEY_DATABASE_URL may not make tables in the schema.", rights)
	}
	if engine.Foreign {
		c.Fail("The user in LATCHKEY_DATABASE_URL doesn't own the tables.", rights)
	}
	if engine.Major > 0 && engine.Major < postgresOldest {
		c.Warn(fmt.Sprintf("PostgreSQL %s is older than anything that this is tested with.", engine.Version), fmt.Sprintf("Upgrade it to %d or later.", postgresOldest))
	}
}

// missing reports whether there is no folder of a name.
func missing(folder string) bool {
	_, err := os.Stat(folder)
	return errors.Is(err, fs.ErrNotExist)
}

// writable opens a file for writing, and writes nothing.
func writable(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR, 0) //nolint:gosec // the operator names the file
	if err != nil {
		return err
	}
	return file.Close()
}

// migrations is migrations: whether the tables are those of this version; made: there
// are some.
func (d *doctor) migrations(ctx context.Context, st *store.Store) (c bot.Checked, made bool) {
	c = bot.Found("migrations", "The tables are those of this version.")
	m, err := st.Migrations(ctx)
	switch {
	case err != nil:
		c.Fail(fmt.Sprintf("Which migrations were applied can't be read (%s).", causeOf(err)), "Let the user in LATCHKEY_DATABASE_URL own the tables.")
		return c, false
	case m.Newer:
		c.Fail("A later version of Latchkey was here, and its tables have more than this one knows.", "Install that version again, or restore a backup from before it.")
	case m.None:
		c.Warn("There are no tables of Latchkey's yet.", "Start 'latchkey serve', or run: latchkey migrate")
	case len(m.Pending) > 0:
		c.Warn(fmt.Sprintf("%s pending: %s.", plural(len(m.Pending), "migration"), strings.Join(m.Pending, ", ")),
			"Back the database up, and start 'latchkey serve', which applies them, or run: latchkey migrate")
	}
	return c, !m.None
}

// errEnough ends reading.
var errEnough = errors.New("enough was read")

// audit is audit: whether it begins where it was cut, and its end is there and fits. The
// whole is what 'latchkey audit verify' checks.
func (d *doctor) audit(ctx context.Context, st *store.Store) bot.Checked {
	c := bot.Found("audit", "")
	if err := d.auditCut(ctx, st); actions.CodeOf(err) == actions.Conflict {
		c.Fail(causeOf(err), "Run 'latchkey audit verify', find out who had access to the database, and restore a backup.")
		return c
	}
	count, head, err := st.AuditHead(ctx)
	if err != nil {
		c.Fail(fmt.Sprintf("The audit can't be read (%s).", causeOf(err)), mendTables)
		return c
	}
	c.Sentence = fmt.Sprintf("The audit has %s, and its end is there; 'latchkey audit verify' checks all of it.", plural(int(count), "row"))
	if count == 0 {
		c.Sentence = "The audit begins with the first act."
		return c
	}
	fits := false
	err = st.AuditRows(ctx, count-1, func(row actions.AuditRow) error {
		fits = row.Link.Seq == count && bytes.Equal(row.Link.MAC, head)
		return errEnough
	})
	switch {
	case err != nil && !errors.Is(err, errEnough):
		c.Fail(fmt.Sprintf("The end of the audit can't be read (%s).", causeOf(err)), mendTables)
	case !fits:
		c.Fail(fmt.Sprintf("The audit was cut, or changed at its end: row %d isn't what it should be.", count),
			"Run 'latchkey audit verify', compare with the newest digest, find out who had access to the database, and restore a backup.")
	}
	return c
}

// auditCut checks who signed where the audit was cut; what else is the matter with keys
// and tables, other checks say.
func (d *doctor) auditCut(ctx context.Context, st *store.Store) error {
	keys, err := d.keys()
	if err != nil {
		return err
	}
	kept, err := st.KeysKept(ctx)
	if err != nil {
		return err
	}
	if keys, err = keys.Keep(kept); err != nil {
		return err
	}
	_, _, err = actions.AuditCut(ctx, st, keys)
	return err
}

// disk is what an SQLite file lies on.
type disk interface {
	// try writes some bytes into a new file in a folder, and removes it.
	try(folder string) error
	// free is how many bytes a folder has room for; known is false where that can't be
	// asked.
	free(folder string) (bytes uint64, known bool)
}

// How much is written as a trial, and below what is said that little is left, in bytes.
const (
	trialSize = 1 << 20
	leastFree = 512 << 20
)

// realDisk is the machine's.
type realDisk struct{}

func (realDisk) try(folder string) (err error) {
	file, err := os.CreateTemp(folder, ".latchkey-doctor-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close(), os.Remove(file.Name())) }()
	if _, err := file.Write(make([]byte, trialSize)); err != nil {
		return err
	}
	return file.Sync()
}

// space is disk: whether an SQLite file has room to grow.
func (d *doctor) space() bot.Checked {
	c := bot.Found("disk", "The disk is the database server's, and isn't looked at.")
	path, err := store.Path(d.DatabaseURL)
	switch {
	case err != nil:
		return bot.NotLooked("disk", "LATCHKEY_DATABASE_URL can't be read.", "Mend database first.")
	case path == "":
		return c
	}
	folder := filepath.Dir(path)
	err = d.disk.try(folder)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		c.Fail(fmt.Sprintf("Nothing can be written beside the database: there is no folder %s.", folder), "Mend database first.")
		return c
	case err != nil:
		c.Fail(fmt.Sprintf("Nothing can be written beside the database (%v).", err),
			"Make room on the disk, mount it for writing, and let the user that Latchkey runs as write in the folder "+folder+".")
		return c
	}
	c.Sentence = "The disk takes what is written beside the database."
	if free, known := d.disk.free(folder); known {
		c.Sentence = fmt.Sprintf("The disk has room for %d MB more.", free>>20)
		if free < leastFree {
			c.Warn(fmt.Sprintf("The disk has room for only %d MB more.", free>>20), "Make room before the database can't be written any more.")
		}
	}
	return c
}
