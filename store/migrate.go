package store

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"path"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
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
	return steps, failed("bringing the tables up to date", err)
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
	if current, err := s.current(ctx); err != nil || current == newest(provider) {
		return nil, err
	}
	results, err := provider.Up(ctx)
	var steps []string
	for _, result := range results {
		steps = append(steps, path.Base(result.Source.Path))
	}
	return steps, err
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
