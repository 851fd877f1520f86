package web

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/latchkey-bot/latchkey/actions"
)

func TestReadObject(t *testing.T) {
	for name, test := range map[string]struct {
		body string
		want map[string]string
	}{
		"OK":              {`{"a":"1","b":"2"}`, map[string]string{"a": "1", "b": "2"}},
		"Spaces":          {" {\n\"a\" : \"1\" }\t", map[string]string{"a": "1"}},
		"Escaped":         {`{"\u0061":"\"\\\u00e9\ud83d\ude00"}`, map[string]string{"a": "\"\\é😀"}},
		"EmptyText":       {`{"a":""}`, map[string]string{"a": ""}},
		"NoEscape":        {`{"a":"\\ud800"}`, map[string]string{"a": `\ud800`}},
		"Replacement":     {`{"a":"\ufffd` + "\ufffd" + `"}`, map[string]string{"a": "\ufffd\ufffd"}},
		"Missing":         {`{"b":"2"}`, nil},
		"Unknown":         {`{"a":"1","c":"2"}`, nil},
		"OtherCase":       {`{"A":"1"}`, nil},
		"Twice":           {`{"a":"1","a":"1"}`, nil},
		"TwiceEscaped":    {`{"a":"1","\u0061":"1"}`, nil},
		"Number":          {`{"a":1}`, nil},
		"Null":            {`{"a":null}`, nil},
		"Nested":          {`{"a":{"a":"1"}}`, nil},
		"ListOfNames":     {`{"a":["b","c"]}`, nil},
		"OnlyNull":        {`null`, nil},
		"Text":            {`"a"`, nil},
		"Two":             {`{"a":"1"}{"a":"1"}`, nil},
		"Comma":           {`{"a":"1",}`, nil},
		"Empty":           {``, nil},
		"NUL":             {`{"a":"1\u0000"}`, nil},
		"RawNUL":          {"{\"a\":\"1\x00\"}", nil},
		"NotUTF8":         {"{\"a\":\"\xc3\"}", nil},
		"HighSurrogate":   {`{"a":"\ud800"}`, nil},
		"LowSurrogate":    {`{"a":"\udc00"}`, nil},
		"SurrogatesApart": {`{"a":"\ud83d-\ude00"}`, nil},
		"SurrogatesBack":  {`{"a":"\ude00\ud83d"}`, nil},
		"HighHighLow":     {`{"a":"\ud83d\ud83d\ude00"}`, nil},
		"SurrogateInName": {`{"a":"1","\ud800":"1"}`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			got, problem := readObject([]byte(test.body), []string{"a"}, []string{"b"})
			if !maps.Equal(got, test.want) || (problem == "") != (test.want != nil) {
				t.Errorf("got %q, %q", got, problem)
			}
		})
	}
}

// FuzzReadObject holds the parser to what it says: what it takes is JSON that
// anybody else reads the same way, and has the names that it should.
func FuzzReadObject(f *testing.F) {
	for _, body := range []string{
		`{"link":"x","claim":"y"}`, `{"link":"x","link":"x"}`, `{"link":"\ud83d\ude00","claim":"\u0000"}`, `{"link":null}`, `{"a":{"link":"x"}}`,
		`{"link":"x","claim":"y"} `, "{\"link\":\"\xff\"}", `[]`, `{"claim":"\\","link":"\ud800"}`, `{"link":"a","claim":"b","ticket":"c"}`,
	} {
		f.Add([]byte(body))
	}
	need, may := []string{"link", "claim"}, []string{"ticket"}
	f.Fuzz(func(t *testing.T, body []byte) {
		sent, problem := readObject(body, need, may)
		if problem != "" {
			if sent != nil || strings.Contains(problem, "\n") {
				t.Fatalf("got %q with %q", sent, problem)
			}
			return
		}
		var same map[string]string
		if err := json.Unmarshal(body, &same); err != nil || !maps.Equal(sent, same) {
			t.Fatalf("others read %q, %v from %q; we %q", same, err, body, sent)
		}
		for _, name := range need {
			if _, there := sent[name]; !there {
				t.Fatalf("%q has no %s", body, name)
			}
		}
		for name, value := range sent {
			if (!slices.Contains(need, name) && !slices.Contains(may, name)) || strings.ContainsRune(value, 0) || !utf8.ValidString(value) {
				t.Fatalf("%q was taken: %q", body, sent)
			}
		}
	})
}

// FuzzReadSecret reads whatever a tool sends: it is refused in a sentence, or what
// comes out is what a secret can be made of.
func FuzzReadSecret(f *testing.F) {
	for _, body := range []string{
		`{"content":"x"}`, `{"content":"x","lifetime":"1d","passphrase":"own","own_passphrase":"correct horse","for":"jane","ticket":"T-1"}`,
		`{"content":"x","passphrase":"none","own_passphrase":""}`, `{"content":"x","lifetime":"-1h"}`, `{"content":"x","lifetime":"9999999999999h"}`, `{"content":1}`,
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		wanted, _, err := readSecret(body)
		var refused *refusal
		switch {
		case err == nil:
			if wanted.Mail || wanted.From != "" || (wanted.Own != "" && wanted.Passphrase != actions.PassphraseOwn) {
				t.Fatalf("%q became %+v", body, wanted)
			}
			if wanted.Lifetime != 0 && !slices.Contains(actions.Lifetimes, wanted.Lifetime) {
				t.Fatalf("%q lives for %s", body, wanted.Lifetime)
			}
		case !errors.As(err, &refused) || refused.status != 400 || refused.Sentence == "":
			t.Fatalf("%q: %v", body, err)
		}
	})
}

// FuzzOnlyTicket reads whatever a ticket system sends: what is taken for a ticket is
// what anybody else reads there, alone.
func FuzzOnlyTicket(f *testing.F) {
	for _, body := range []string{
		`{"ticket":"#4711"}`, `{"ticket":4711}`, `{"ticket":-1e9}`, `{"ticket":"4711","ticket":"4712"}`, `{"ticket":["4711"]}`, `{"ticket":"\u0000"}`, `["ticket",1]`,
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		ticket, err := onlyTicket(body)
		if err != nil {
			if !errors.Is(err, errNotTicket) || ticket != "" {
				t.Fatalf("%q: %q, %v", body, ticket, err)
			}
			return
		}
		var same map[string]json.RawMessage
		if err := json.Unmarshal(body, &same); err != nil || len(same) != 1 || ticket == "" || strings.ContainsRune(ticket, 0) {
			t.Fatalf("%q became %q, %v", body, ticket, err)
		}
		var text string
		if err := json.Unmarshal(same["ticket"], &text); err != nil {
			text = string(same["ticket"]) // a number
		}
		if text != ticket {
			t.Fatalf("others read %q from %q; we %q", text, body, ticket)
		}
	})
}

// FuzzExactBytes: there is one way only to write bytes.
func FuzzExactBytes(f *testing.F) {
	for _, text := range []string{"", "AAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAB", "AAAAAAAAAAB\nAAAAAAAAAAA", "+AAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAA=="} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		raw, ok := exactBytes(text, 16)
		if ok && (len(raw) != 16 || base64.RawURLEncoding.EncodeToString(raw) != text) {
			t.Fatalf("%q became %x", text, raw)
		}
		raw, ok = bytesBetween(text, 1, 40)
		if ok && (len(raw) < 1 || len(raw) > 40 || base64.RawURLEncoding.EncodeToString(raw) != text) {
			t.Fatalf("%q became %x", text, raw)
		}
	})
}
