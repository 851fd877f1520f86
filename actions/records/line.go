package records

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/latchkey-bot/latchkey/actions"
)

// kind reads the objects of one type.
type kind func(object) (body any, bad *actions.BadLine)

// kinds is every type of record there is.
var kinds = map[string]kind{
	"account":       accountFields.kind(nil),
	"user":          userFields.kind(func(u *actions.User) { u.HasPassword, u.LoginMethods = true, []string{"password"} }),
	"membership":    membershipFields.kind(nil),
	"lock":          lockFields.kind(nil),
	"attempt":       attemptFields.kind(nil),
	"code":          codeFields.kind(nil),
	"delivery":      deliveryFields.kind(nil),
	"reset_link":    resetLinkFields.kind(nil),
	"suppression":   suppressionFields.kind(nil),
	"staff_network": staffNetworkFields.kind(nil),
}

// parse turns one line into a record, without file and line.
func parse(line []byte) (actions.Record, *actions.BadLine) {
	if !utf8.Valid(line) {
		return actions.Record{}, bad("", "not UTF-8")
	}
	if !json.Valid(line) || line[0] != '{' {
		return actions.Record{}, bad("", notAnObject(line))
	}
	o := split(line)
	name, problem := typeOf(o)
	if problem != nil {
		return actions.Record{}, problem
	}
	body, problem := kinds[name](o)
	if problem != nil {
		return actions.Record{}, problem
	}
	return actions.Record{Body: body, Digest: digest(body)}, nil
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
func typeOf(o object) (string, *actions.BadLine) {
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
	if problem != "" {
		return "", bad("type", problem)
	}
	if kinds[name] == nil {
		return "", bad("type", fmt.Sprintf("unknown type %q; it must be one of %s", clip(name), strings.Join(slices.Sorted(maps.Keys(kinds)), ", ")))
	}
	return name, nil
}

// digest names the content of a record; attempts go without, since there are
// so many and nothing but an import writes them.
func digest(body any) []byte {
	if _, ok := body.(actions.Attempt); ok {
		return nil
	}
	content, err := json.Marshal(body)
	if err != nil {
		panic(fmt.Sprintf("records: %T can't be marshalled: %v", body, err)) // structs of strings, times and booleans
	}
	sum := sha256.Sum256(content)
	return sum[:16]
}

func bad(field, problem string) *actions.BadLine {
	return &actions.BadLine{Field: field, Problem: problem}
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
