package records

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/latchkey-bot/latchkey/actions"
)

func FuzzRead(f *testing.F) {
	for _, e := range examples {
		f.Add([]byte(strings.ReplaceAll(e.full, "\n", " ") + "\n" + e.least + "\r\n"))
	}
	for _, file := range []string{
		"", "\n", "\ufeff{}", "{\n}", `{"type":"` + strings.Repeat("x", 99) + `"}`, `{"` + strings.Repeat("y", 99) + `":1,"type":"lock"}`, "\xff",
		`{"type":"lock","kind":"` + strings.Repeat("\\u00e4", 99) + `"}`, `[[[`, `{"type":"account","gateway_ids":[["]"],{"}":"\\"}]}`,
	} {
		f.Add([]byte(file))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		last, lines := 0, bytes.Split(file, []byte("\n"))
		for record, err := range Read("file", bytes.NewReader(file)) {
			line := record.Line
			if err != nil {
				line = checkBad(t, err)
			} else if record.Kind() == "" || record.File != "file" {
				t.Errorf("a record of no kind, from %q", record.File)
			}
			for last++; last < line; last++ {
				if len(trim(lines[last-1], last)) > 0 {
					t.Errorf("line %d is passed over", last)
				}
			}
			if line != last || line > len(lines) {
				t.Fatalf("line %d after line %d of %d", line, last, len(lines))
			}
		}
	})
}

// checkBad checks that an error is a bad line which shows little of it, and
// returns its number.
func checkBad(t *testing.T, err error) int {
	t.Helper()
	var bad *actions.BadLine
	if !errors.As(err, &bad) || bad.File != "file" {
		t.Fatalf("the error is %v", err)
	}
	if n := len([]rune(bad.Field)); n > 41 {
		t.Errorf("%d letters of a field are shown", n)
	}
	if n := len([]rune(bad.Value)); n > 41 {
		t.Errorf("%d letters of a value are shown", n)
	}
	if strings.Contains(bad.Problem, "xxx") || strings.ContainsFunc(bad.Problem, func(r rune) bool { return r > unicode.MaxASCII }) {
		t.Errorf("the problem shows what was on the line: %s", bad.Problem)
	}
	return bad.Line
}

// FuzzSplit holds the quick way to take an object apart against that of
// encoding/json.
func FuzzSplit(f *testing.F) {
	for _, e := range examples {
		f.Add([]byte(e.full))
	}
	for _, line := range []string{
		`{}`, `{ }`, `{"":""}`, `{"a":1,"a":2}`, `{"a" : [ "]" , {"}":"\\"} ] , "b":-1.5e3}`, `{"\u0061\"\\":"\ud800\\"}`, `{"a":{"b":[{}]},"c":null}`,
	} {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		line = bytes.Trim(line, " \t\r\n")
		if !utf8.Valid(line) || !json.Valid(line) || line[0] != '{' {
			return // it isn't split
		}
		var want map[string]json.RawMessage
		if err := json.Unmarshal(line, &want); err != nil {
			t.Fatal(err)
		}
		got := map[string]json.RawMessage{}
		for _, m := range split(line) {
			got[string(m.name)] = m.value
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s is split into %s, want %s", line, got, want)
		}
	})
}
