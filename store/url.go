package store

import (
	"net/url"
	"path/filepath"
	"strings"

	"github.com/latchkey-bot/latchkey/actions"
)

// location says where a database is: one of the two is set.
type location struct {
	path   string   // of the SQLite file
	server *url.URL // of the PostgreSQL database
}

// errURL says what the variable should look like. It never repeats what was
// given, which may hold a password.
var errURL = actions.Errorf(actions.Invalid, "LATCHKEY_DATABASE_URL must be sqlite:path, such as sqlite:latchkey.db, or postgres://user@host/database.")

// parseURL reads the value of LATCHKEY_DATABASE_URL.
func parseURL(text string) (location, error) {
	scheme, rest, _ := strings.Cut(text, ":")
	switch scheme {
	case "sqlite":
		return parsePath(rest)
	case "postgres", "postgresql":
		server, err := url.Parse(text)
		if err != nil || server.Opaque != "" {
			return location{}, errURL
		}
		return location{server: server}, nil
	}
	return location{}, errURL
}

func parsePath(path string) (location, error) {
	switch {
	case path == "" || path == ":memory:":
		return location{}, actions.Errorf(actions.Invalid, "LATCHKEY_DATABASE_URL must name a file after sqlite:, such as sqlite:latchkey.db.")
	case strings.HasPrefix(path, "//") && !strings.HasPrefix(path, "///"):
		return location{}, actions.Errorf(actions.Invalid, "LATCHKEY_DATABASE_URL must name a file right after sqlite:, without // before it, such as sqlite:latchkey.db.")
	case strings.ContainsRune(path, '?'):
		return location{}, actions.Errorf(actions.Invalid, "LATCHKEY_DATABASE_URL takes no settings after a question mark for SQLite.")
	}
	return location{path: filepath.Clean(path)}, nil
}
