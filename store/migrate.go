package store

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"path"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"github.com/latchkey-bot/latchkey/actions"
)

//go:embed migrations
var migrations embed.FS

// Migrate brings the tables up to date and returns the names of the steps it
// took, none when there was nothing to do. Processes that start together wait
// for each other. Errors are Unavailable when the database doesn't answer.
func (s *Store) Migrate(ctx context.Context) ([]string, error) {
	var steps []string
	var err error
	// SQLite has no lock that spans several transactions: of two processes that
	// make a new file's tables at once, one finds what the other has just made
	// and looks again.
	for range 3 {
		if steps, err = s.migrate(ctx); err == nil || s.dialect.server || silent(err) {
			break
		}
	}
	return steps, unmigrated(failed("bringing the tables up to date", err))
}

// unmigrated says how that is mended which only who set the database up can mend.
func unmigrated(err error) error {
	switch {
	case InTheClear(err):
		return &actions.Error{Code: actions.Unavailable, Cause: err, Sentence: "The PostgreSQL server encrypts nothing, and LATCHKEY_DATABASE_URL asks for that. " +
			"Please switch TLS on there, or, if it is on this machine or in a private network, add ?sslmode=disable to the URL."}
	case pq.As(err, pqerror.InsufficientPrivilege) != nil:
		return &actions.Error{Code: actions.Unavailable, Cause: err, Sentence: "The user in LATCHKEY_DATABASE_URL may not make or change the tables. " +
			"'latchkey doctor' says which statements give it the right to."}
	}
	return err
}

func (s *Store) migrate(ctx context.Context) ([]string, error) {
	files, err := fs.Sub(migrations, path.Join("migrations", s.dialect.name))
	if err != nil {
		return nil, err
	}
	provider, err := s.provider(files)
	if err != nil {
		return nil, err
	}
	current, err := s.current(ctx)
	if err != nil || current == newest(provider) {
		return nil, err
	}
	if err := s.fit(ctx, current); err != nil {
		return nil, err
	}
	results, err := provider.Up(ctx)
	var steps []string
	for _, result := range results {
		steps = append(steps, path.Base(result.Source.Path))
	}
	return steps, err
}

// fit refuses a new PostgreSQL database that can't hold every letter. One that is used
// goes on as it did; the doctor says what it is.
func (s *Store) fit(ctx context.Context, current int64) error {
	if current > 0 {
		return nil
	}
	engine, err := s.Engine(ctx)
	if err != nil || engine.Encoding == "" || engine.Encoding == "UTF8" {
		return err
	}
	return actions.Errorf(actions.Invalid, "The database that LATCHKEY_DATABASE_URL names keeps text as %s, which can't hold every name. "+
		"Please make another one with ENCODING 'UTF8', and name that.", engine.Encoding)
}

func (s *Store) provider(files fs.FS) (*goose.Provider, error) {
	options := []goose.ProviderOption{goose.WithSlog(s.log), goose.WithDisableGlobalRegistry(true)}
	if s.dialect.server {
		locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 120))
		if err != nil {
			return nil, err
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	return goose.NewProvider(s.dialect.goose, s.write.DB, files, options...)
}

// newest is the version of the last step.
func newest(provider *goose.Provider) int64 {
	sources := provider.ListSources()
	return sources[len(sources)-1].Version
}

// current returns the version of the tables, 0 when there are none. It is what
// makes starting on a database that is up to date quick: goose would take its
// lock and ask more.
func (s *Store) current(ctx context.Context) (int64, error) {
	var tables int
	err := s.write.GetContext(ctx, &tables, s.dialect.hasTable, goose.DefaultTablename)
	if err != nil || tables == 0 {
		return 0, err
	}
	var version int64
	err = s.write.GetContext(ctx, &version, fmt.Sprintf(`SELECT coalesce(max(version_id), 0) FROM %s WHERE is_applied`, goose.DefaultTablename))
	return version, err
}
