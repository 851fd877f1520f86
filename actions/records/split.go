package records

import (
	"bytes"
	"encoding/json"
)

// object is a JSON object whose values aren't read yet, in the order of the
// line. A map of raw messages from encoding/json takes twice the time.
type object []member

// member is a name of an object, unquoted, with its value.
type member struct {
	name  []byte
	value json.RawMessage
}

// split splits a JSON object into its members. The line must be valid JSON
// in UTF-8 that begins with a brace, so that nothing is checked again here.
func split(line []byte) object {
	o := make(object, 0, 16)
	rest := skipSpace(line[1:])
	for rest[0] != '}' {
		name, after := cutValue(rest)
		colon := skipSpace(after)
		value, after := cutValue(skipSpace(colon[1:]))
		o = append(o, member{name: unquote(name), value: value})
		if rest = skipSpace(after); rest[0] == ',' {
			rest = skipSpace(rest[1:])
		}
	}
	return o
}

// cutValue cuts the JSON value that b begins with.
func cutValue(b []byte) (value, rest []byte) {
	var end int
	switch b[0] {
	case '"':
		end = stringEnd(b)
	case '{', '[':
		end = nestedEnd(b)
	default:
		end = bytes.IndexAny(b, ",]} \t\r\n")
	}
	return b[:end], b[end:]
}

// stringEnd returns the length of the JSON string that b begins with.
func stringEnd(b []byte) int {
	for i := 1; ; i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
}

// nestedEnd returns the length of the array or object that b begins with.
func nestedEnd(b []byte) int {
	depth := 0
	for i := 0; ; i++ {
		switch b[i] {
		case '"':
			i += stringEnd(b[i:]) - 1
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
}

// unquote returns what a JSON string stands for.
func unquote(quoted []byte) []byte {
	if bytes.IndexByte(quoted, '\\') < 0 {
		return quoted[1 : len(quoted)-1]
	}
	var s string
	_ = json.Unmarshal(quoted, &s) // it is valid JSON
	return []byte(s)
}

func skipSpace(b []byte) []byte {
	for i, c := range b {
		if c != ' ' && c != '\t' && c != '\r' && c != '\n' {
			return b[i:]
		}
	}
	return nil
}
