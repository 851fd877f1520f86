package records

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// field reads one field of a record into T; read returns what is wrong, or
// fine.
type field[T any] struct {
	name     string
	required bool
	read     func(record *T, raw json.RawMessage) problem
}

// problem is what is wrong with a value, in words that follow the field. The
// value stands apart from the words, so that it can be left out where it mustn't
// be shown.
type problem struct {
	words string
	value string // "" where it doesn't help
}

// fine is no problem.
var fine problem

// wrong is a problem whose words say all.
func wrong(words string) problem { return problem{words: words} }

// wrongValue is a problem that the value helps to find.
func wrongValue(value, words string) problem { return problem{words: words, value: clip(value)} }

// in makes a bad line of a problem with a field.
func (p problem) in(field string) *actions.BadLine {
	return &actions.BadLine{Field: field, Problem: p.words, Value: p.value}
}

// fields are the fields of a kind of record.
type fields[T any] []field[T]

// kind makes the reader of a kind: what is absent or null stays as preset
// leaves it.
func (fs fields[T]) kind(preset func(*T)) kind {
	return func(o object) (any, *actions.BadLine) {
		values, problem := fs.values(o)
		if problem != nil {
			return nil, problem
		}
		var record T
		if preset != nil {
			preset(&record)
		}
		for i, f := range fs {
			if raw := values[i]; raw == nil || isNull(raw) {
				if f.required {
					return nil, bad(f.name, "missing")
				}
			} else if problem := f.read(&record, raw); problem != fine {
				return nil, problem.in(f.name)
			}
		}
		return record, nil
	}
}

const givenTwice = "given twice"

// values returns the value of each field in their order, nil for what is
// absent. A name that the kind doesn't have, or that comes twice, is bad.
func (fs fields[T]) values(o object) ([]json.RawMessage, *actions.BadLine) {
	values := make([]json.RawMessage, len(fs))
	for _, m := range o {
		if string(m.name) == "type" {
			continue
		}
		i := slices.IndexFunc(fs, func(f field[T]) bool { return f.name == string(m.name) })
		if i < 0 {
			return nil, bad(clip(string(m.name)), "unknown field for this type of record")
		}
		if values[i] != nil {
			return nil, bad(fs[i].name, givenTwice)
		}
		values[i] = m.value
	}
	return values, nil
}

// readString reads a JSON string that can be stored.
func readString(raw json.RawMessage) (string, problem) {
	if len(raw) < 2 || raw[0] != '"' {
		return "", wrong("must be a string")
	}
	s := string(unquote(raw))
	if strings.IndexByte(s, 0) >= 0 {
		return "", wrong("has the character U+0000, which can't be stored")
	}
	return s, fine
}

// textOrNumber reads a string, or a whole number as its digits.
func textOrNumber[T any](name string, to func(*T) *string) field[T] {
	f := text(name, to)
	read := f.read
	f.read = func(record *T, raw json.RawMessage) problem {
		if strings.Trim(string(raw), "0123456789") == "" {
			*to(record) = string(raw)
			return fine
		}
		return read(record, raw)
	}
	return f
}

// idLimit is the longest ID in bytes: it must fit into the index of a
// database.
const idLimit = 512

// text reads a string of any length.
func text[T any](name string, to func(*T) *string) field[T] {
	return field[T]{name: name, read: func(record *T, raw json.RawMessage) (problem problem) {
		*to(record), problem = readString(raw)
		return problem
	}}
}

// id reads a string that names something: not longer than idLimit.
func id[T any](name string, to func(*T) *string) field[T] {
	return field[T]{name: name, read: func(record *T, raw json.RawMessage) problem {
		s, problem := readString(raw)
		if problem == fine && len(s) > idLimit {
			return wrong(fmt.Sprintf("longer than %d bytes", idLimit))
		}
		*to(record) = s
		return problem
	}}
}

// must makes a field required, and not empty.
func must[T any](f field[T]) field[T] {
	read := f.read
	f.required = true
	f.read = func(record *T, raw json.RawMessage) problem {
		if len(raw) == 2 && raw[0] == '"' {
			return wrong("empty")
		}
		return read(record, raw)
	}
	return f
}

// flag reads true or false.
func flag[T any](name string, to func(*T) *bool) field[T] {
	return field[T]{name: name, read: func(record *T, raw json.RawMessage) problem {
		switch string(raw) {
		case "true":
			*to(record) = true
		case "false":
			*to(record) = false
		default:
			return wrong("must be true or false")
		}
		return fine
	}}
}

// moment reads an RFC 3339 time.
func moment[T any](name string, to func(*T) *time.Time) field[T] {
	return field[T]{name: name, read: func(record *T, raw json.RawMessage) problem {
		s, problem := readString(raw)
		if problem != fine {
			return problem
		}
		t, ok := parseTime(s)
		if !ok {
			return wrongValue(s, "is not an RFC 3339 time, such as 2026-03-10T09:00:00Z")
		}
		if t = actions.Instant(t); t.Year() < 1 || t.Year() > 9999 {
			return wrongValue(s, "is out of range")
		}
		*to(record) = t
		return fine
	}}
}

// parseTime reads an RFC 3339 time, whose letters may be small ones. time.Parse
// takes more than that: an hour of one digit, a decimal comma, a zone a day off.
func parseTime(s string) (t time.Time, ok bool) {
	s = strings.ToUpper(s)
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil || s[len("2006-01-02T15")] != ':' || s[len("2006-01-02T15:04:05")] == ',' {
		return t, false
	}
	zone := s[len(s)-len("+15:04"):]
	return t, strings.HasSuffix(s, "Z") || (zone[1:3] < "24" && zone[4:] < "60")
}

// within makes a time lie in years that partitions are made for.
func within[T any](f field[T], from, to int, of func(*T) *time.Time) field[T] {
	read := f.read
	f.read = func(record *T, raw json.RawMessage) problem {
		if problem := read(record, raw); problem != fine {
			return problem
		}
		if year := of(record).Year(); year < from || year > to {
			return wrongValue(string(unquote(raw)), fmt.Sprintf("is out of range: the years %d to %d, in UTC", from, to))
		}
		return fine
	}
	return f
}

// oneOf reads a string that is one of those given.
func oneOf[T any, E ~string](name string, to func(*T) *E, values ...E) field[T] {
	return field[T]{name: name, read: func(record *T, raw json.RawMessage) problem {
		s, problem := readString(raw)
		if problem != fine {
			return problem
		}
		if !slices.Contains(values, E(s)) {
			return mustBeOneOf(s, values)
		}
		*to(record) = E(s)
		return fine
	}}
}

func mustBeOneOf[E ~string](s string, values []E) problem {
	var all []string
	for _, v := range values {
		all = append(all, string(v))
	}
	return wrongValue(s, "must be one of "+strings.Join(all, ", "))
}

// listLimit is the longest list.
const listLimit = 1000

// list reads an array of strings, each one of the values if there are any.
func list[T any, E ~string](name string, to func(*T) *[]E, values ...E) field[T] {
	return field[T]{name: name, read: func(record *T, raw json.RawMessage) problem {
		var items []json.RawMessage
		if err := json.Unmarshal(raw, &items); err != nil {
			return wrong("must be a list of strings")
		}
		if len(items) > listLimit {
			return wrong(fmt.Sprintf("more than %d items", listLimit))
		}
		read := make([]E, 0, len(items))
		for _, item := range items {
			s, problem := readString(item)
			switch {
			case problem != fine:
				return wrong("each item " + problem.words)
			case len(s) > idLimit:
				return wrong(fmt.Sprintf("has an item longer than %d bytes", idLimit))
			case len(values) > 0 && !slices.Contains(values, E(s)):
				return mustBeOneOf(s, values)
			}
			read = append(read, E(s))
		}
		*to(record) = read
		return fine
	}}
}
