package slackfake_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

// workspace is a Slack with people and channels of every kind.
func workspace(config slackfake.Config) *slackfake.Slack {
	s := slackfake.New(config)
	s.AddMember(slackfake.Member{ID: "U1", Name: "Ava Reyes", Title: "Support agent"})
	s.AddMember(slackfake.Member{ID: "U2", Name: "Noor Haddad"})
	s.AddMember(slackfake.Member{ID: "U3", Deleted: true})
	s.AddMember(slackfake.Member{ID: "U4", Bot: true})
	s.AddChannel(slackfake.Channel{ID: "C1", Name: "support", Topic: "Customers who can't log in"})
	s.AddChannel(slackfake.Channel{ID: "C2", Name: "random", AppAbsent: true})
	s.AddChannel(slackfake.Channel{ID: "C3", Name: "leads", Private: true, Members: []string{"U2"}})
	s.AddChannel(slackfake.Channel{ID: "C4", Name: "secret", Private: true, AppAbsent: true})
	return s
}

type args map[string]any

// says is what a method answers.
type says struct {
	Status   int    `json:"-"`
	Wait     string `json:"-"` // Retry-After
	OK       bool
	Error    string
	TS       string
	Stamp    string `json:"message_ts"`
	Channel  json.RawMessage
	View     struct{ ID, Hash string }
	Metadata struct {
		Messages []string
	} `json:"response_metadata"`
}

// ask calls a method with JSON.
func ask(t *testing.T, s *slackfake.Slack, method string, a args) says {
	t.Helper()
	body, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodPost, s.APIURL()+method, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	r.Header.Set("Authorization", "Bearer "+s.Token())
	return send(t, s, r)
}

func send(t *testing.T, s *slackfake.Slack, r *http.Request) says {
	t.Helper()
	got, err := s.Transport().RoundTrip(r.WithContext(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = got.Body.Close() }()
	body, err := io.ReadAll(got.Body)
	if err != nil {
		t.Fatal(err)
	}
	said := says{Status: got.StatusCode, Wait: got.Header.Get("Retry-After")}
	if err := json.Unmarshal(body, &said); err != nil {
		t.Fatalf("%s answers %q: %v", r.URL, body, err)
	}
	return said
}

// trigger is a fresh trigger_id of somebody.
func trigger(s *slackfake.Slack, user string) string {
	return s.App("http://app.test", nil).Form(slackfake.Command{User: user, Channel: "C1"}).Get("trigger_id")
}

func aModal(blocks ...any) args {
	return args{"type": "modal", "title": plain("Diagnose"), "submit": plain("Go"), "blocks": append([]any{}, blocks...)}
}

func plain(text string) args { return args{"type": "plain_text", "text": text} }

// TestMethodsRefuse is what Slack's methods refuse: each row is a call, and the
// code that the method's page gives for it.
func TestMethodsRefuse(t *testing.T) {
	s := workspace(slackfake.Config{Unlimited: true})
	own := ask(t, s, "chat.postMessage", args{"channel": "C1", "text": "hello"}).TS
	ephemeral := ask(t, s, "chat.postEphemeral", args{"channel": "C1", "user": "U1", "text": "hello"}).Stamp
	theirs, err := s.Say("U1", "C1", "", "hello")
	if err != nil {
		t.Fatal(err)
	}
	used := trigger(s, "U1")
	opened := ask(t, s, "views.open", args{"trigger_id": used, "view": aModal()}).View
	home := args{"type": "home", "blocks": []any{}}
	if said := ask(t, s, "views.publish", args{"user_id": "U1", "view": home}); !said.OK {
		t.Fatal(said)
	}
	for name, row := range map[string]struct {
		method string
		args   args
		want   string
	}{
		"Unknown":            {"chat.shout", args{}, "unknown_method"},
		"Person":             {"users.info", args{"user": "U9"}, "user_not_found"},
		"Group":              {"usergroups.users.list", args{"usergroup": "S9"}, "no_such_subteam"},
		"OpenNobody":         {"conversations.open", args{}, "users_list_not_supplied"},
		"OpenUnknown":        {"conversations.open", args{"users": "U9"}, "user_not_found"},
		"OpenDeactivated":    {"conversations.open", args{"users": "U3"}, "user_disabled"},
		"OpenBot":            {"conversations.open", args{"users": "U4"}, "cannot_dm_bot"},
		"OpenSelf":           {"conversations.open", args{"users": s.Bot()}, "cannot_dm_bot"},
		"OpenChannel":        {"conversations.open", args{"channel": "C1"}, "channel_not_found"},
		"InfoUnknown":        {"conversations.info", args{"channel": "C9"}, "channel_not_found"},
		"InfoPrivate":        {"conversations.info", args{"channel": "C4"}, "channel_not_found"},
		"NoChannel":          {"chat.postMessage", args{"text": "hello"}, "invalid_arguments"},
		"UnknownChannel":     {"chat.postMessage", args{"channel": "C9", "text": "hello"}, "channel_not_found"},
		"NotInvited":         {"chat.postMessage", args{"channel": "C2", "text": "hello"}, "not_in_channel"},
		"PrivateNotInvited":  {"chat.postMessage", args{"channel": "C4", "text": "hello"}, "channel_not_found"},
		"NoText":             {"chat.postMessage", args{"channel": "C1"}, "no_text"},
		"TextTooLong":        {"chat.postMessage", args{"channel": "C1", "text": strings.Repeat("ü", 40_001)}, "msg_too_long"},
		"BlocksNoList":       {"chat.postMessage", args{"channel": "C1", "text": "t", "blocks": "nonsense"}, "invalid_blocks_format"},
		"BlocksNoObjects":    {"chat.postMessage", args{"channel": "C1", "text": "t", "blocks": []any{1}}, "invalid_blocks_format"},
		"EphemeralNobody":    {"chat.postEphemeral", args{"channel": "C1", "text": "t"}, "invalid_arguments"},
		"EphemeralUnknown":   {"chat.postEphemeral", args{"channel": "C1", "user": "U9", "text": "t"}, "user_not_in_channel"},
		"EphemeralOutside":   {"chat.postEphemeral", args{"channel": "C3", "user": "U1", "text": "t"}, "user_not_in_channel"},
		"EphemeralUnknownIn": {"chat.postEphemeral", args{"channel": "C9", "user": "U1", "text": "t"}, "channel_not_found"},
		"UpdateUnknown":      {"chat.update", args{"channel": "C1", "ts": "1.000001", "text": "t"}, "message_not_found"},
		"UpdateElsewhere":    {"chat.update", args{"channel": "C3", "ts": own, "text": "t"}, "message_not_found"},
		"UpdateEphemeral":    {"chat.update", args{"channel": "C1", "ts": ephemeral, "text": "t"}, "message_not_found"},
		"UpdateTheirs":       {"chat.update", args{"channel": "C1", "ts": theirs, "text": "t"}, "cant_update_message"},
		"UpdateUnknownIn":    {"chat.update", args{"channel": "C9", "ts": own, "text": "t"}, "channel_not_found"},
		"UpdateNoText":       {"chat.update", args{"channel": "C1", "ts": own}, "no_text"},
		"DeleteEphemeral":    {"chat.delete", args{"channel": "C1", "ts": ephemeral}, "message_not_found"},
		"DeleteTheirs":       {"chat.delete", args{"channel": "C1", "ts": theirs}, "cant_delete_message"},
		"NoTrigger":          {"views.open", args{"view": aModal()}, "invalid_arguments"},
		"UnknownTrigger":     {"views.open", args{"trigger_id": "1.2.x", "view": aModal()}, "invalid_trigger_id"},
		"UsedTrigger":        {"views.open", args{"trigger_id": used, "view": aModal()}, "exchanged_trigger_id"},
		"UsedTriggerPush":    {"views.push", args{"trigger_id": used, "view": aModal()}, "exchanged_trigger_id"},
		"PushOnNothing":      {"views.push", args{"trigger_id": trigger(s, "U2"), "view": aModal()}, "not_found"},
		"OpenHome":           {"views.open", args{"trigger_id": trigger(s, "U1"), "view": home}, "invalid_arguments"},
		"NotAView":           {"views.open", args{"trigger_id": trigger(s, "U1"), "view": "nonsense"}, "invalid_arguments"},
		"UpdateNoView":       {"views.update", args{"view_id": "V9", "view": aModal()}, "not_found"},
		"StaleHash":          {"views.update", args{"view_id": opened.ID, "hash": "1.old", "view": aModal()}, "hash_conflict"},
		"PublishUnknown":     {"views.publish", args{"user_id": "U9", "view": home}, "invalid_arguments"},
		"PublishModal":       {"views.publish", args{"user_id": "U1", "view": aModal()}, "invalid_arguments"},
		"PublishStale":       {"views.publish", args{"user_id": "U1", "hash": "1.old", "view": home}, "hash_conflict"},
		"ViewTooLarge":       {"views.publish", args{"user_id": "U1", "view": args{"type": "home", "blocks": []any{}, "private_metadata": strings.Repeat("x", 250_000)}}, "view_too_large"},
	} {
		t.Run(name, func(t *testing.T) {
			if said := ask(t, s, row.method, row.args); said.OK || said.Error != row.want {
				t.Errorf("%s %v answers %+v, not %s", row.method, row.args, said, row.want)
			}
		})
	}
}

// TestWhereTokensCount: in the header and in a form, not in JSON.
func TestWhereTokensCount(t *testing.T) {
	s := workspace(slackfake.Config{})
	for name, row := range map[string]struct {
		kind, header, body, want string
	}{
		"Header":      {"application/x-www-form-urlencoded", "Bearer xoxb-test", "", ""},
		"Form":        {"application/x-www-form-urlencoded", "", "token=xoxb-test", ""},
		"InJSON":      {"application/json", "", `{"token":"xoxb-test"}`, "not_authed"},
		"Missing":     {"application/json", "", `{}`, "not_authed"},
		"Wrong":       {"application/json", "Bearer xoxb-other", `{}`, "invalid_auth"},
		"NotJSON":     {"application/json", "Bearer xoxb-test", `{`, "invalid_json"},
		"NotForm":     {"application/x-www-form-urlencoded", "Bearer xoxb-test", "%zz", "invalid_form_data"},
		"WithCharset": {"application/json; charset=utf-8", "Bearer xoxb-test", `{}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := http.NewRequest(http.MethodPost, s.APIURL()+"auth.test", strings.NewReader(row.body))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", row.kind)
			if row.header != "" {
				r.Header.Set("Authorization", row.header)
			}
			if said := send(t, s, r); said.Error != row.want || said.OK != (row.want == "") {
				t.Errorf("answers %+v, not %q", said, row.want)
			}
		})
	}
}

// TestFormsAndJSONAreEqual: blocks go as JSON in a form's field, and as they
// are in a body of JSON.
func TestFormsAndJSONAreEqual(t *testing.T) {
	s := workspace(slackfake.Config{})
	blocks := `[{"type":"section","text":{"type":"mrkdwn","text":"*hello*"}}]`
	form := url.Values{"token": {s.Token()}, "channel": {"C1"}, "text": {"hello"}, "blocks": {blocks}}
	r, err := http.NewRequest(http.MethodPost, s.APIURL()+"chat.postMessage", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if said := send(t, s, r); !said.OK {
		t.Fatal(said)
	}
	if said := ask(t, s, "chat.postMessage", args{"channel": "C1", "text": "hello", "blocks": json.RawMessage(blocks)}); !said.OK {
		t.Fatal(said)
	}
	shown := messagesIn(t, s, "U1", "C1")
	if len(shown) != 2 || words(shown[0]) != "*hello*" || words(shown[1]) != "*hello*" {
		t.Errorf("the channel shows %+v", shown)
	}
}

// TestTriggersLiveForThreeSeconds: a trigger_id expires 3 seconds after what
// somebody did.
func TestTriggersLiveForThreeSeconds(t *testing.T) {
	now := time.Now()
	s := workspace(slackfake.Config{Now: func() time.Time { return now }})
	soon, late := trigger(s, "U1"), trigger(s, "U1")
	now = now.Add(3 * time.Second)
	if said := ask(t, s, "views.open", args{"trigger_id": soon, "view": aModal()}); !said.OK {
		t.Errorf("after 3 s: %+v", said)
	}
	now = now.Add(time.Millisecond)
	if said := ask(t, s, "views.open", args{"trigger_id": late, "view": aModal()}); said.Error != "expired_trigger_id" {
		t.Errorf("later: %+v", said)
	}
}

// TestThreeModalsStandOnEachOther: two can be pushed on the first.
func TestThreeModalsStandOnEachOther(t *testing.T) {
	s := workspace(slackfake.Config{})
	for i, method := range []string{"views.open", "views.push", "views.push"} {
		if said := ask(t, s, method, args{"trigger_id": trigger(s, "U1"), "view": aModal()}); !said.OK || len(s.View("U1").Modals) != i+1 {
			t.Fatalf("%s: %+v", method, said)
		}
	}
	if said := ask(t, s, "views.push", args{"trigger_id": trigger(s, "U1"), "view": aModal()}); said.Error != "push_limit_reached" {
		t.Errorf("a fourth: %+v", said)
	}
	named := aModal()
	named["external_id"] = "mine"
	if said := ask(t, s, "views.open", args{"trigger_id": trigger(s, "U1"), "view": named}); !said.OK || len(s.View("U1").Modals) != 1 {
		t.Errorf("a new one: %+v", said)
	}
	if said := ask(t, s, "views.open", args{"trigger_id": trigger(s, "U2"), "view": named}); said.Error != "duplicate_external_id" {
		t.Errorf("another of the same external_id: %+v", said)
	}
}

// TestRates: one message a second in a channel after a short burst, and tiers
// of so many calls a minute; 429 says when to come again.
func TestRates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := workspace(slackfake.Config{})
		post := func(channel string) bool {
			return ask(t, s, "chat.postMessage", args{"channel": channel, "text": "t"}).OK
		}
		count := func(call func() bool) int {
			n := 0
			for call() {
				n++
			}
			return n
		}
		burst := count(func() bool { return post("C1") })
		if burst < 2 || burst > 10 {
			t.Errorf("a burst of %d messages", burst)
		}
		if !post("C3") {
			t.Error("another channel has to wait too")
		}
		<-time.After(time.Second)
		if n := count(func() bool { return post("C1") }); n != 1 {
			t.Errorf("%d messages a second later", n)
		}
		if n := count(func() bool { return ask(t, s, "usergroups.users.list", args{}).Error == "no_such_subteam" }); n != 20 {
			t.Errorf("tier 2 takes %d calls at once", n)
		}
		r, err := http.NewRequest(http.MethodPost, s.APIURL()+"usergroups.users.list", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+s.Token())
		said := send(t, s, r)
		if said.Status != http.StatusTooManyRequests || said.Wait != "3" || said.Error != "ratelimited" {
			t.Errorf("limited: %+v", said)
		}
		free := workspace(slackfake.Config{Unlimited: true})
		for range 100 {
			if !ask(t, free, "chat.postMessage", args{"channel": "C1", "text": "t"}).OK {
				t.Fatal("it is limited all the same")
			}
		}
	})
}

// messagesIn are the messages that somebody sees in a conversation.
func messagesIn(t *testing.T, s *slackfake.Slack, user, channel string) []slackfake.Shown {
	t.Helper()
	conversations := s.View(user).Conversations
	i := slices.IndexFunc(conversations, func(c slackfake.Conversation) bool { return c.ID == channel })
	if i < 0 {
		return nil
	}
	return conversations[i].Messages
}

// words are all that can be read in a message.
func words(shown slackfake.Shown) string {
	return read(shown).Visible()
}

func read(shown slackfake.Shown) slackfake.Message {
	m := slackfake.Message{Text: shown.Text}
	if len(shown.Blocks) > 0 {
		if err := json.Unmarshal(shown.Blocks, &m.Blocks); err != nil {
			panic(err)
		}
	}
	return m
}
