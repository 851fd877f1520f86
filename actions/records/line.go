package records

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"

	"github.com/latchkey-bot/latchkey/actions"
)

// kind reads the objects of one type.
type kind func(object) (body any, bad *actions.BadLine)

// kinds are types of records by their names.
type kinds map[string]kind

// imported is every type of record there is.
var imported = kinds{
	"account":       accountFields.kind(nil),
	"user":          userFields.kind(presetUser),
	"membership":    membershipFields.kind(nil),
	"lock":          lockFields.kind(nil),
	"attempt":       attemptFields.kind(nil),
	"code":          codeFields.kind(nil),
	"delivery":      deliveryFields.kind(nil),
	"reset_link":    resetLinkFields.kind(nil),
	"suppression":   suppressionFields.kind(nil),
	"staff_network": staffNetworkFields.kind(nil),
}

// sent is the same for what is sent with a token.
var sent = func() kinds {
	kinds := maps.Clone(imported)
	kinds["user"] = sentUserFields().kind(presetUser)
	return kinds
}()

// parse turns one line into a record, without file and line.
func (ks kinds) parse(line []byte) (actions.Record, *actions.BadLine) {
	if !utf8.Valid(line) {
		return actions.Record{}, bad("", "not UTF-8")
	}
	if !json.Valid(line) || line[0] != '{' {
		return actions.Record{}, bad("", notAnObject(line))
	}
	o := split(line)
	name, problem := ks.typeOf(o)
	if problem != nil {
		return actions.Record{}, problem
	}
	body, problem := ks[name](o)
	if problem != nil {
		return actions.Record{}, problem
	}
	return actions.Record{Body: body, Digest: actions.Digest(body)}, nil
}

// notAnObject says what is wrong with a line that isn't a JSON object, without
// a word of its content.
func notAnObject(line []byte) string {
	var syntax *json.SyntaxError
	if errors.As(json.Unmarshal(line, new(json.RawMessage)), &syntax) {
		return fmt.Sprintf("not JSON: it breaks off or goes wrong at byte %d", syntax.Offset)
	}
	return "not a JSON object"
}

// typeOf returns the type of a record that is known.
func (ks kinds) typeOf(o object) (string, *actions.BadLine) {
	var raw json.RawMessage
	for _, m := range o {
		if string(m.name) == "type" {
			if raw != nil {
				return "", bad("type", givenTwice)
			}
			raw = m.value
		}
	}
	if raw == nil || isNull(raw) {
		return "", bad("type", "missing; it says which record this is")
	}
	name, problem := readString(raw)
	if problem != fine {
		return "", problem.in("type")
	}
	if ks[name] == nil {
		return "", mustBeOneOf(name, slices.Sorted(maps.Keys(ks))).in("type")
	}
	return name, nil
}

func bad(field, words string) *actions.BadLine {
	return &actions.BadLine{Field: field, Problem: words}
}

func isNull(raw json.RawMessage) bool { return bytes.Equal(raw, []byte("null")) }

// clip shortens what is repeated from the input.
func clip(s string) string {
	runes := []rune(s)
	if len(runes) > 40 {
		return string(runes[:40]) + "…"
	}
	return s
}
