package records

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/latchkey-bot/latchkey/actions"
)

const (
	good  = `{"type":"staff_network","cidr":"192.0.2.0/24"}`
	other = `{"type":"staff_network","cidr":"192.0.3.0/24"}`
)

// read says what comes out of a file: for each line its number, and a record
// or what is wrong.
func read(r io.Reader) []string {
	got := []string{}
	for record, err := range Read("acme.jsonl", r) {
		if err != nil {
			got = append(got, err.Error())
			continue
		}
		got = append(got, fmt.Sprintf("%s %d %s", record.File, record.Line, record.Kind()))
	}
	return got
}

func TestReadLines(t *testing.T) {
	one, two := "acme.jsonl 1 staff_network", "acme.jsonl 2 staff_network"
	for name, row := range map[string]struct {
		file string
		want []string
	}{
		"Empty":               {"", nil},
		"OnlyBlank":           {"\n \t\r\n\n", nil},
		"OnlyAMark":           {"\ufeff", nil},
		"Two":                 {good + "\n" + other + "\n", []string{one, two}},
		"LastWithoutNewline":  {good + "\n" + other, []string{one, two}},
		"CarriageReturns":     {good + "\r\n" + other + "\r\n", []string{one, two}},
		"Spaces":              {"  " + good + "\t\n" + other, []string{one, two}},
		"BlankBetween":        {"\n\n" + good + "\n\n", []string{"acme.jsonl 3 staff_network"}},
		"ByteOrderMark":       {"\ufeff" + good + "\n" + other, []string{one, two}},
		"MarkInTheMiddle":     {good + "\n\ufeff" + other, []string{one, "acme.jsonl, line 2: not JSON: it breaks off or goes wrong at byte 1"}},
		"NotUTF8":             {good[:10] + "\xff\n" + other, []string{"acme.jsonl, line 1: not UTF-8", two}},
		"GoesOnAfterABadLine": {"{\n" + other, []string{"acme.jsonl, line 1: not JSON: it breaks off or goes wrong at byte 1", two}},
	} {
		t.Run(name, func(t *testing.T) {
			for size, r := range map[string]io.Reader{
				"whole": strings.NewReader(row.file), "byte by byte": iotest.OneByteReader(strings.NewReader(row.file)),
			} {
				if got := read(r); strings.Join(got, "|") != strings.Join(row.want, "|") {
					t.Errorf("%s: %q, want %q", size, got, row.want)
				}
			}
		})
	}
}

func TestReadTooLong(t *testing.T) {
	longest := good + strings.Repeat(" ", LineLimit-len(good)-1) + "\n"
	const tooLong = "acme.jsonl, line 2: longer than 1048576 bytes"
	for name, row := range map[string]struct {
		file string
		want []string
	}{
		"Longest":            {longest, []string{"acme.jsonl 1 staff_network"}},
		"Longer":             {"\n" + " " + longest + other, []string{tooLong, "acme.jsonl 3 staff_network"}},
		"MuchLonger":         {"\n" + strings.Repeat("x", 3*LineLimit) + "\n" + other, []string{tooLong, "acme.jsonl 3 staff_network"}},
		"LongerWithoutAnEnd": {"\n" + strings.Repeat(" ", LineLimit+1), []string{tooLong}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := read(strings.NewReader(row.file)); strings.Join(got, "|") != strings.Join(row.want, "|") {
				t.Errorf("%q, want %q", got, row.want)
			}
		})
	}
}

func TestReadBrokenFile(t *testing.T) {
	broken := errors.New("disk on fire")
	n := 0
	for _, err := range Read("acme.jsonl", io.MultiReader(strings.NewReader(good+"\n"), iotest.ErrReader(broken))) {
		if n++; n == 2 && !errors.Is(err, broken) {
			t.Errorf("the error is %v", err)
		}
		if bad := new(actions.BadLine); errors.As(err, &bad) {
			t.Errorf("a file that can't be read is a bad line: %v", err)
		}
	}
	if n != 2 {
		t.Errorf("%d came", n)
	}
}

// Who has seen enough isn't asked again.
func TestReadStops(t *testing.T) {
	for name, records := range map[string]iter.Seq2[actions.Record, error]{
		"Read":  Read("acme.jsonl", strings.NewReader(good+"\n"+other)),
		"Chain": Chain(Read("a", strings.NewReader(good)), Read("b", strings.NewReader(good))),
	} {
		t.Run(name, func(t *testing.T) {
			for _, err := range records {
				if err != nil {
					t.Error(err)
				}
				break
			}
		})
	}
}

func TestChain(t *testing.T) {
	var got []string
	for record, err := range Chain(Read("a", strings.NewReader(good)), Read("-", strings.NewReader("\n[]"))) {
		got = append(got, fmt.Sprintf("%s%d %v", record.File, record.Line, err))
	}
	if want := "a1 <nil>|0 standard input, line 2: not a JSON object"; strings.Join(got, "|") != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// The words that somebody reads who made a bad file.
func TestMessages(t *testing.T) {
	for line, want := range map[string]string{
		`{"type":"lock","id":"l"`: "line 1: not JSON: it breaks off or goes wrong at byte 23",
		`{"type":"lock"} {}`:      "line 1: not JSON: it breaks off or goes wrong at byte 17",
		`"lock"`:                  "line 1: not a JSON object",
		`null`:                    "line 1: not a JSON object",
		`{}`:                      `line 1, field "type": missing; it says which record this is`,
		`{"type":null}`:           `line 1, field "type": missing; it says which record this is`,
		`{"type":7}`:              `line 1, field "type": must be a string`,
		`{"type":"locks"}`: `line 1, field "type": "locks" must be one of account, attempt, code, delivery, lock, ` +
			`membership, reset_link, staff_network, suppression, user`,

		`{"type":"lock","id":"l"}`:                            `line 1, field "user_id": missing`,
		`{"type":"lock","id":""}`:                             `line 1, field "id": empty`,
		`{"type":"lock","id":7}`:                              `line 1, field "id": must be a string`,
		`{"type":"lock","colour":"blue"}`:                     `line 1, field "colour": unknown field for this type of record`,
		`{"type":"lock","id":"l","user_id":"u","kind":"odd"}`: `line 1, field "kind": "odd" must be one of attempts, inactivity, sharing, manual`,
		`{"type":"lock","id":"l","user_id":"u","kind":"manual","at":"today"}`: `line 1, field "at": "today" is not an RFC 3339 time, ` +
			`such as 2026-03-10T09:00:00Z`,
		`{"type":"staff_network","cidr":"x"}`: `line 1, field "cidr": must be a network, such as 198.51.100.0/24`,
	} {
		t.Run(line, func(t *testing.T) {
			if got := strings.Join(read(strings.NewReader(line)), "|"); got != "acme.jsonl, "+want {
				t.Errorf("%s\nwant acme.jsonl, %s", got, want)
			}
		})
	}
}

// What a system sends is read as a file is, but for who is protected.
func TestReadSent(t *testing.T) {
	user := `{"type":"user","id":"u","username":"jane","status":"active"`
	const refused = `the request, line 1, field "protected": comes only from latchkey import; please leave it out`
	for line, want := range map[string]string{
		user + `}`:                    "the request 1 user",
		user + `,"protected":null}`:   "the request 1 user",
		user + `,"protected":true}`:   refused,
		user + `,"protected":false}`:  refused,
		user + `,"protected":"x"}`:    refused,
		user + `,"pr\u006ftected":1}`: refused,
		good:                          "the request 1 staff_network",
		`{"type":"lock","id":"l"}`:    `the request, line 1, field "user_id": missing`,
	} {
		t.Run(line, func(t *testing.T) {
			for record, err := range ReadSent(strings.NewReader(line)) {
				got := fmt.Sprintf("%s %d %s", record.File, record.Line, record.Kind())
				if err != nil {
					got = err.Error()
				}
				if got != want {
					t.Errorf("%s\nwant %s", got, want)
				}
			}
		})
	}
}
