package bot

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAddressesAreReadOutOfAMessage(t *testing.T) {
	many, first := make([]string, 30), make([]string, addressesMost)
	for i := range many {
		many[i] = fmt.Sprintf("user%d@acme.example", i)
	}
	copy(first, many)
	for name, test := range map[string]struct {
		message string
		want    []string
	}{
		"Plain":     {`{"text":"jane@acme.example can't log in"}`, []string{"jane@acme.example"}},
		"Slack's":   {`{"text":"<mailto:jane@acme.example|jane@acme.example>, please"}`, []string{"jane@acme.example"}},
		"Sentence":  {`{"text":"It's (Jane.Doe+x@Mail.acme.example)."}`, []string{"Jane.Doe+x@Mail.acme.example"}},
		"Twice":     {`{"text":"JANE@acme.example or jane@acme.example, bob@acme.example"}`, []string{"JANE@acme.example", "bob@acme.example"}},
		"Mention":   {`{"text":"<@U0AGENT> see <mailto:jane@acme.example|jane@acme.example>"}`, []string{"jane@acme.example"}},
		"Escaped":   {`{"text":"a&amp;b@acme.example"}`, []string{"a&b@acme.example"}},
		"OtherWord": {`{"text":"jürgen@bücher.example"}`, []string{"jürgen@bücher.example"}},
		"Blocks": {
			`{"text":"","blocks":[{"type":"section","text":{"type":"mrkdwn","text":"jane@acme.example"},"fields":[{"text":"bob@acme.example"}]}]}`,
			[]string{"jane@acme.example", "bob@acme.example"},
		},
		"RichText": {
			`{"blocks":[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"link","url":"mailto:jane@acme.example"}]}]}]}`,
			[]string{"jane@acme.example"},
		},
		"Attachment": {`{"attachments":[{"fallback":"x","fields":[{"title":"Requester","value":"jane@acme.example"}]}]}`, []string{"jane@acme.example"}},
		"Hidden":     {`{"text":"hello","user":"jane@acme.example","metadata":{"text":"bob@acme.example"}}`, nil},
		"None":       {`{"text":"@jane and me@ and @acme.example and a@b"}`, nil},
		"NotJSON":    {`jane@acme.example`, nil},
		"Null":       {`null`, nil},
		"Empty":      {``, nil},
		"Many":       {`{"text":"` + strings.Join(many, " ") + `"}`, first},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, addressesIn(json.RawMessage(test.message))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// FuzzAddressesIn: whatever a message holds, few addresses come out of it, and
// each of them is one that can be asked for.
func FuzzAddressesIn(f *testing.F) {
	f.Add([]byte(`{"text":"<mailto:jane@acme.example|jane@acme.example> & <@U0AGENT>","blocks":[{"text":{"text":"x@y.z"}}]}`))
	f.Add([]byte(`{"attachments":[{"fields":[{"value":"a@b.c"}]}]}`))
	f.Fuzz(func(t *testing.T, message []byte) {
		found := addressesIn(message)
		if len(found) > addressesMost {
			t.Fatalf("%d addresses", len(found))
		}
		for _, address := range found {
			if read, err := readText(address); err != nil || oneIdentifier(read.text) != nil {
				t.Fatalf("%q can't be asked for: %v", address, err)
			}
		}
	})
}
