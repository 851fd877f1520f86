package store

import (
	"fmt"
	"strconv"
	"strings"
)

// union joins bounded branches into one query. Each branch reads its own index
// from the end that is needed, and no further than its limit, however many
// rows there are; one condition with OR would read them all.
type union struct {
	branches []string
	args     []any
}

// arg adds an argument and returns its placeholder.
func (u *union) arg(value any) string {
	u.args = append(u.args, value)
	return "$" + strconv.Itoa(len(u.args))
}

// add adds a branch: a SELECT with its own ORDER BY and LIMIT.
func (u *union) add(format string, args ...any) {
	u.branches = append(u.branches, fmt.Sprintf(format, args...))
}

// all is all branches, one after the other.
func (u *union) all() string {
	parts := make([]string, len(u.branches))
	for i, branch := range u.branches {
		parts[i] = fmt.Sprintf("SELECT * FROM (%s) AS b%d", branch, i)
	}
	return strings.Join(parts, " UNION ALL ")
}

// query is the whole, in the given order and up to the limit.
func (u *union) query(order string, limit int) string {
	return fmt.Sprintf("%s ORDER BY %s LIMIT %d", u.all(), order, limit)
}
