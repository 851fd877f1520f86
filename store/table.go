package store

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// table says how the records of one kind lie in the database.
type table struct {
	name    string
	key     []string // the columns of the identity
	content []string // the columns that a replacement replaces, digest among them
	kept    []string // those that a replacement keeps: the place in the order of import
	differs string   // true when the row that is there isn't what is imported
}

// columns are all columns, in the order of a row's values.
func (t table) columns() []string { return slices.Concat(t.key, t.content, t.kept) }

// digested makes a table whose rows are compared by the digest of the record
// last imported, so that what Latchkey changed since survives an identical one.
func digested(name, key, content string) table {
	return table{
		name: name, key: strings.Fields(key), content: append(strings.Fields(content), "digest"), kept: []string{"seq"},
		differs: name + ".digest <> excluded.digest",
	}
}

// compared makes a table whose rows are compared column by column.
func compared(name, key, content, kept string) table {
	t := table{name: name, key: strings.Fields(key), content: strings.Fields(content), kept: strings.Fields(kept)}
	mine, theirs := make([]string, len(t.content)), make([]string, len(t.content))
	for i, column := range t.content {
		mine[i], theirs[i] = name+"."+column, "excluded."+column
	}
	t.differs = fmt.Sprintf("(%s) IS DISTINCT FROM (%s)", strings.Join(mine, ", "), strings.Join(theirs, ", "))
	return t
}

// insert is the beginning of a statement that fills all columns.
func (t table) insert(d dialect) string {
	return fmt.Sprintf("%s INTO %s (%s) ", d.insert, t.name, strings.Join(t.columns(), ", "))
}

// values are the places of n rows.
func (t table) values(d dialect, n int) string {
	next, width := 0, len(t.columns())
	rows := make([]string, n)
	for i := range rows {
		places := make([]string, width)
		for j := range places {
			next++
			places[j] = d.place(next)
		}
		rows[i] = "(" + strings.Join(places, ", ") + ")"
	}
	return "VALUES " + strings.Join(rows, ", ")
}

// orNothing leaves rows alone that are there.
func (t table) orNothing() string {
	return fmt.Sprintf(" ON CONFLICT (%s) DO NOTHING", strings.Join(t.key, ", "))
}

// orReplace replaces rows that are there and differ.
func (t table) orReplace() string {
	sets := make([]string, len(t.content))
	for i, column := range t.content {
		sets[i] = column + " = excluded." + column
	}
	return fmt.Sprintf(" ON CONFLICT (%s) DO UPDATE SET %s WHERE %s", strings.Join(t.key, ", "), strings.Join(sets, ", "), t.differs)
}

// marks are n placeholders from $first on, for IN (…).
func marks(first, n int) string {
	places := make([]string, n)
	for i := range places {
		places[i] = "$" + strconv.Itoa(first+i)
	}
	return strings.Join(places, ", ")
}

// anys makes arguments of texts.
func anys(texts []string) []any {
	args := make([]any, len(texts))
	for i, text := range texts {
		args[i] = text
	}
	return args
}
