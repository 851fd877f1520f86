package bot

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/latchkey-bot/latchkey/actions"
)

func TestReadText(t *testing.T) {
	for raw, want := range map[string]typed{
		"":                  {},
		"jane@acme.example": {text: "jane@acme.example"},
		"jane@acme.example see <#C123|general> and <@U1|bo>, <!channel>": {text: "jane@acme.example see #general and @bo, !channel"},
		"+61 412-345  678":                             {text: "+61 412-345 678"},
		"<tel:+61412345678|+61 412 345 678>":           {text: "+61 412 345 678"},
		"<tel:+61412345678>":                           {text: "+61412345678"},
		"<mailto:jane@acme.example|jane@acme.example>": {text: "jane@acme.example"},
		"<mailto:jane@acme.example>":                   {text: "jane@acme.example"},
		"@<http://acme.example|acme.example>":          {text: "@acme.example"},
		"<https://acme.example>":                       {text: "https://acme.example"},
		"<https://jane.me|jane.me> #A-17":              {text: "jane.me", ticket: "#A-17"},
		"#4711 jane":                                   {text: "jane", ticket: "#4711"},
		"jane #4711 doe #4711":                         {text: "jane doe", ticket: "#4711"},
		"jane#4711":                                    {text: "jane#4711"},
		"#abc jane":                                    {text: "#abc jane"},
		"<#C012345|4711> jane":                         {text: "jane", ticket: "#4711"},
		"#" + strings.Repeat("1", 33):                  {text: "#" + strings.Repeat("1", 33)},
		"a &lt;b&gt; &amp;amp; c":                      {text: "a <b> &amp; c"},
		"&lt;@U0AGENT&gt;":                             {text: "<@U0AGENT>"},
		"<jane>":                                       {text: "<jane>"},
		"a < b":                                        {text: "a < b"},
		"a > b <mailto:j@a.example|j@a.example>":       {text: "a > b j@a.example"},
		"ja\tne\r\ndoe\x00\x1b[31m":                    {text: "ja ne doe[31m"},
		"\u202ejane\u202c \ufeff\u200b":                {text: "jane"},
		"\xff\xfejane":                                 {text: "jane"},
		"Zoë O'Brien %_\"":                             {text: "Zoë O'Brien %_\""},
	} {
		if got, err := readText(raw); err != nil || got != want {
			t.Errorf("%q: got %+v, %v; want %+v", raw, got, err, want)
		}
	}
}

func TestReadTextHasALimit(t *testing.T) {
	if _, err := readText(strings.Repeat("ü", maxTyped)); err != nil {
		t.Errorf("1,000 characters: %v", err)
	}
	if _, err := readText(strings.Repeat("ü", maxTyped+1)); err == nil {
		t.Error("1,001 characters are read")
	}
}

// FuzzReadText types whatever there is: it is read or refused in a sentence,
// never more comes out than went in, and nothing invisible does.
func FuzzReadText(f *testing.F) {
	for _, seed := range []string{
		"jane@acme.example #4711", "<mailto:a@b|a@b>", "<tel:+61|+61>", "<@U123|name>", "<#C1|4711>", "<!subteam^S1|@x>", "<", "><", "<|>",
		"<mailto:|>", "&amp;lt;", "#1 #2", "\x00\u202e\u200b", strings.Repeat("<", 900), strings.Repeat("#1 ", 300), "\xff<\xfe>",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		read, err := readText(raw)
		if err != nil {
			if err.Error() == "" || len(err.Error()) > 400 {
				t.Errorf("%q: an error that nobody reads: %q", raw, err)
			}
			return
		}
		if n := utf8.RuneCountInString(read.text); n > maxTyped || n > utf8.RuneCountInString(raw) {
			t.Errorf("%q: %d characters came out", raw, n)
		}
		if read.text != strings.TrimSpace(read.text) || strings.Contains(read.text, "  ") || strings.ContainsFunc(read.text, unicode.IsControl) {
			t.Errorf("%q: got %q", raw, read.text)
		}
		if read.ticket != "" && !actions.IsTicket(read.ticket) {
			t.Errorf("%q: the ticket is %q", raw, read.ticket)
		}
		if one, err := oneIdentifier(read.text); err == nil && !strings.Contains(read.text, one) {
			t.Errorf("%q: asked for %q", raw, one)
		}
		_, _ = subcommand(read.text)
	})
}

// FuzzInbound reads whatever is signed: it is refused, or what comes out of it
// has IDs that are IDs.
func FuzzInbound(f *testing.F) {
	for _, seed := range []string{
		"team_id=T1&user_id=U1&command=/diagnose&text=jane", "payload=%7B%22type%22%3A%22block_actions%22%7D", "payload=null", "a=%zz", ";",
		`payload={"type":"block_actions","team":{"id":"T12"},"user":{"id":"U12"},"actions":[{"action_id":"diagnose","value":"x"}]}`,
		`payload={"type":"message_action","team":{"id":"T12"},"user":{"id":"U12"},"callback_id":"c","message":{"text":"a@b.c","ts":"2","thread_ts":"1"}}`,
		`payload={"type":"view_submission","team":{"id":"T12"},"user":{"id":"U12"},"view":{"callback_id":"c","state":{"values":{"a":{"b":{"value":"x"}}}}}}`,
		`payload={"type":"block_actions","team":null,"actions":[null]}`, `payload={"type":{}}`,
	} {
		f.Add([]byte(seed))
	}
	fallback := func() string { return "fallback" }
	f.Fuzz(func(t *testing.T, body []byte) {
		command, err := commandInbound(body, fallback)
		if err == nil && (command.Kind != Typed || command.Command == "" || command.check() != nil) {
			t.Errorf("%q: got %+v", body, command)
		}
		click, ok, err := interactionInbound(body, fallback)
		if err == nil && ok && (click.Kind != Clicked && click.Kind != Shortcut && click.Kind != Submitted || click.check() != nil) {
			t.Errorf("%q: got %+v", body, click)
		}
		for _, in := range []Inbound{command, click} {
			if len(in.Key) > longestTrigger+len("trigger:") {
				t.Errorf("%q: a key of %d bytes", body, len(in.Key))
			}
		}
	})
}

// TestOneIdentifier: an answer is about one person, whatever was pasted around
// their address.
func TestOneIdentifier(t *testing.T) {
	for typed, want := range map[string]string{
		"jane@acme.example":                  "jane@acme.example",
		"jane@acme.example,":                 "jane@acme.example",
		"jane@acme.example?":                 "jane@acme.example",
		"(jane@acme.example)":                "jane@acme.example",
		`"jane@acme.example"`:                "jane@acme.example",
		"<jane@acme.example>":                "jane@acme.example",
		"*jane@acme.example*":                "jane@acme.example",
		"mailto:jane@acme.example":           "jane@acme.example",
		"Jane Doe <jane@acme.example>":       "jane@acme.example",
		"Jane jane@acme.example can't":       "jane@acme.example",
		"o'brien@acme.example":               "o'brien@acme.example",
		"acme\\jane@acme.example":            "acme\\jane@acme.example",
		"jane@acme.example#2":                "jane@acme.example#2",
		"jane@acme.example/old":              "jane@acme.example/old",
		"@acme.example":                      "@acme.example",
		"Jane Doe":                           "Jane Doe",
		"jane@localhost":                     "jane@localhost",
		"'@acme.example":                     "'@acme.example",
		"+61 491 570 156":                    "+61 491 570 156",
		"jane@acme.example bob@other.exampl": "",
	} {
		got, err := oneIdentifier(typed)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: got %q, %v", typed, got, err)
		}
	}
}
