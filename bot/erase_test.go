package bot_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot"
	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

// archived is a Slack with what the bot wrote, on a clock that only waiting moves.
type archived struct {
	t       *testing.T
	slack   *slackfake.Slack
	client  *slack.Client
	now     time.Time
	waited  []time.Duration
	said    []string
	erasure bot.Erasure
}

func newArchived(t *testing.T, c slackfake.Config) *archived {
	t.Helper()
	a := &archived{t: t, now: time.Date(2026, 3, 10, 9, 0, 0, 0, time.UTC)}
	c.Now = func() time.Time { return a.now }
	a.slack = slackfake.Start(c)
	t.Cleanup(a.slack.Close)
	for _, id := range []string{"U1", "U2"} {
		a.slack.AddMember(slackfake.Member{ID: id})
	}
	a.slack.AddMember(slackfake.Member{ID: "U3", Deleted: true})
	for _, id := range []string{"C1", "C2"} {
		a.slack.AddChannel(slackfake.Channel{ID: id, Name: strings.ToLower(id)})
	}
	a.client = slack.New(a.slack.Token(), slack.OptionAPIURL(a.slack.APIURL()))
	known := actions.Known{UserID: "u-7", Names: []string{"jane.doe", "jane@acme.example", "Jane Doe"}, Records: []string{"QX4ZK2PW"}, Masked: []string{"j•••@a•••.example", "•••56"}}
	a.erasure = bot.Erasure{
		Archive: bot.NewArchive(a.slack.Token(), a.slack.APIURL(), nil), Channels: []string{"C1", "C2"}, Others: []string{"C0GONE", ""},
		People: []string{"U1", "U2", "U3", "terminal:root"}, Names: known.InMessage, Tell: func(s string) { a.said = append(a.said, s) },
		Pause: func(ctx context.Context, d time.Duration) error {
			a.waited, a.now = append(a.waited, d), a.now.Add(d)
			return ctx.Err()
		},
	}
	return a
}

// post writes a message of the bot, in a thread if one is named.
func (a *archived) post(channel, thread, text string, blocks ...slack.Block) (ts string) {
	a.t.Helper()
	a.now = a.now.Add(2 * time.Second)
	_, ts, err := a.client.PostMessageContext(a.t.Context(), channel, slack.MsgOptionText(text, false), slack.MsgOptionBlocks(blocks...), slack.MsgOptionTS(thread))
	if err != nil {
		a.t.Fatal(err)
	}
	return ts
}

func button(value string) slack.Block {
	return slack.NewActionBlock("", slack.NewButtonBlockElement("act", value, slack.NewTextBlockObject(slack.PlainTextType, "Act", false, false)))
}

// texts are the texts of what stands in a conversation, in order.
func (a *archived) texts(user, channel string) (texts []string) {
	for _, c := range a.slack.View(user).Conversations {
		for _, m := range c.Messages {
			if c.ID == channel {
				texts = append(texts, m.Text)
			}
		}
	}
	return texts
}

const erasedWords = "This message was about somebody whose data was erased."

// TestErasure: the bot's messages that name somebody are written anew, in channels, in
// direct messages and in threads, however they name them; others stay.
func TestErasure(t *testing.T) {
	a := newArchived(t, slackfake.Config{Unlimited: true})
	question := a.post("C1", "", "about another customer")
	a.post("C1", question, "no: jane@acme.example")
	a.post("C1", "", "a card", button("QX4ZK2PW|2"))
	a.post("C1", "", "another's card", button("QX4ZK2PW2|2"))
	a.post("C1", "", "masked: j•••@a•••.example, •••56")
	a.post("C1", "", "masked, perhaps another's: j•••@a•••.example, •••57")
	a.post("C2", "", "not theirs: mary.jane@acme.example and jane.doe2")
	a.post("U1", "", "find <https://tickets.example/?q=jane%40acme.example|them>")
	a.post("U2", "", "JANE DOE called", button("u-7"))
	for i := range 450 {
		a.post("C2", "", fmt.Sprintf("message %d", i))
	}
	if _, err := a.slack.Say("U1", "C1", "", "somebody's own about jane@acme.example"); err != nil {
		t.Fatal(err)
	}
	got, err := a.erasure.Run(t.Context())
	if err != nil || got.Edited != 5 || got.Left != 0 || len(got.Emptied) != 5 {
		t.Errorf("%+v, %v", got, err)
	}
	want := "about another customer|" + erasedWords + "|" + erasedWords + "|another's card|" + erasedWords + "|masked, perhaps another's: j•••@a•••.example, •••57|somebody's own about <mailto:jane@acme.example|jane@acme.example>"
	if texts := strings.Join(a.texts("U1", "C1"), "|"); texts != want {
		t.Errorf("there stands\n%s\nwant\n%s", texts, want)
	}
	for user, want := range map[string]string{"U1": erasedWords, "U2": erasedWords} {
		if texts := a.texts(user, slackfake.DirectMessage(user)); len(texts) != 1 || texts[0] != want {
			t.Errorf("%s reads %q", user, texts)
		}
	}
	if said := strings.Join(a.said, "\n"); !strings.Contains(said, "C2: 451 messages read, 0 of them erased.") || !strings.Contains(said, "U3") {
		t.Errorf("it says\n%s", said)
	}
	if again, err := a.erasure.Run(t.Context()); err != nil || again.Edited != 0 || len(again.Emptied) != 5 { // the cards about others still are to be redrawn
		t.Errorf("a second time it is %+v, %v", again, err)
	}
}

// TestErasureOfAThread: what the bot said below a message about somebody is about them, too,
// whatever it says; what others wrote there stays.
func TestErasureOfAThread(t *testing.T) {
	a := newArchived(t, slackfake.Config{Unlimited: true})
	card := a.post("C1", "", "a card", button("QX4ZK2PW|2"))
	a.post("C1", card, "told Doe that it is mended")
	if _, err := a.slack.Say("U1", "C1", card, "she rang"); err != nil {
		t.Fatal(err)
	}
	other := a.post("C1", "", "another's card", button("another"))
	a.post("C1", other, "told Doe's neighbour")
	for _, edited := range []int{2, 0} { // and a second time nothing more
		if got, err := a.erasure.Run(t.Context()); err != nil || got.Edited != edited {
			t.Errorf("%+v, %v", got, err)
		}
	}
	replies, _, _, err := a.client.GetConversationRepliesContext(t.Context(), &slack.GetConversationRepliesParameters{ChannelID: "C1", Timestamp: card})
	if err != nil || len(replies) != 3 || replies[0].Text != erasedWords || replies[1].Text != erasedWords || replies[2].Text != "she rang" {
		t.Errorf("there stands %+v, %v", replies, err)
	}
	if replies, _, _, err = a.client.GetConversationRepliesContext(t.Context(), &slack.GetConversationRepliesParameters{ChannelID: "C1", Timestamp: other}); err != nil || replies[1].Text != "told Doe's neighbour" {
		t.Errorf("of another there stands %+v, %v", replies, err)
	}
}

// TestErasureWaits as long as Slack says, and goes on where it stopped when Slack is gone
// for longer.
func TestErasureWaits(t *testing.T) {
	a := newArchived(t, slackfake.Config{})
	for range 70 { // more than Slack takes in a minute
		a.post("C1", "", "about jane@acme.example")
	}
	a.slack.Fail("chat.update", slackfake.Failure{Down: true, Times: 2})
	got, err := a.erasure.Run(t.Context())
	if err != nil || got.Edited != 70 {
		t.Fatalf("%+v, %v", got, err)
	}
	if len(a.waited) < 20 {
		t.Errorf("it waited %d times only", len(a.waited))
	}
	a.post("C2", "", "about jane@acme.example")
	a.post("C2", "", "about Jane Doe")
	a.slack.Fail("chat.update", slackfake.Failure{Down: true, Times: 5})
	if got, err = a.erasure.Run(t.Context()); err == nil || got.Edited != 0 {
		t.Errorf("without Slack it is %+v, %v", got, err)
	}
	if got, err = a.erasure.Run(t.Context()); err != nil || got.Edited != 2 {
		t.Errorf("once it is back %+v, %v", got, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := a.erasure.Run(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped, it says %v", err)
	}
}

// TestErasureElsewhere: a channel that the bot works in and can't read stops it with a
// sentence; what can't be changed in an archived one is counted and named.
func TestErasureElsewhere(t *testing.T) {
	a := newArchived(t, slackfake.Config{Unlimited: true})
	a.post("C2", "", "about Jane Doe")
	a.slack.AddChannel(slackfake.Channel{ID: "C2", Name: "c2", Archived: true})
	got, err := a.erasure.Run(t.Context())
	if err != nil || got.Left != 1 || !strings.Contains(strings.Join(a.said, "\n"), "can't be changed") {
		t.Errorf("in an archived channel it is %+v, %v, and says %q", got, err, a.said)
	}
	a.slack.AddChannel(slackfake.Channel{ID: "C2", Name: "c2", AppAbsent: true})
	if _, err = a.erasure.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "please invite Latchkey into C2") {
		t.Errorf("where it isn't in: %v", err)
	}
}

// TestErasureOfWhatIsPostedMeanwhile: what was posted since the messages were read is read,
// and nothing else is; Slack failing stops it.
func TestErasureOfWhatIsPostedMeanwhile(t *testing.T) {
	a := newArchived(t, slackfake.Config{Unlimited: true})
	a.post("C1", "", "about another customer")
	if got, err := a.erasure.Run(t.Context()); err != nil || got.Edited != 0 {
		t.Errorf("%+v, %v", got, err)
	}
	a.said = nil
	a.post("C1", "", "about jane@acme.example")
	a.post("C2", "", "in a channel without messages, about Jane Doe")
	for _, edited := range []int{2, 0} { // and a second time nothing more
		if got, err := a.erasure.RunAgain(t.Context()); err != nil || got.Edited != edited || len(got.Emptied) != edited {
			t.Errorf("%+v, %v", got, err)
		}
	}
	if said := strings.Join(a.said, "|"); said != "C1: 1 messages read, 1 of them erased.|C2: 1 messages read, 1 of them erased." {
		t.Errorf("it says %s", said)
	}
	a.slack.Fail("conversations.history", slackfake.Failure{Error: "invalid_auth"})
	if _, err := a.erasure.RunAgain(t.Context()); err == nil || !strings.Contains(err.Error(), "invalid_auth") {
		t.Errorf("without Slack: %v", err)
	}
}

// TestErasureOfWhatIsOnRecord: a message that is about the person as is on record is written
// anew also where Slack lists none, once, and one that is gone is no loss.
func TestErasureOfWhatIsOnRecord(t *testing.T) {
	a := newArchived(t, slackfake.Config{Unlimited: true})
	listed := a.post("C1", "", "about jane@acme.example")
	silent := a.post("C1", "", "a card that names nobody")
	other := a.post("C1", "", "another's card")
	a.erasure.About = []actions.Posted{{Channel: "C1", TS: listed}, {Channel: "C1", TS: silent}, {Channel: "C1", TS: "1.000001"}, {Channel: "C0GONE", TS: "1.000002"}}
	got, err := a.erasure.Run(t.Context())
	if err != nil || got.Edited != 2 || got.Left != 0 || len(got.Emptied) != 2 {
		t.Errorf("%+v, %v", got, err)
	}
	if texts := strings.Join(a.texts("U1", "C1"), "|"); texts != erasedWords+"|"+erasedWords+"|another's card" {
		t.Errorf("there stands %s", texts)
	}
	a.erasure.About = append(a.erasure.About, actions.Posted{Channel: "C2", TS: other})
	a.slack.AddChannel(slackfake.Channel{ID: "C2", Name: "c2", Archived: true})
	if got, err = a.erasure.Run(t.Context()); err != nil || got.Edited != 0 || len(got.Emptied) != 2 {
		t.Errorf("a second time it is %+v, %v", got, err)
	}
}

// TestErasureWithoutGroups: a group that can't be read, as without a paid plan, doesn't keep
// anybody from being forgotten.
func TestErasureWithoutGroups(t *testing.T) {
	for _, code := range []string{"plan_upgrade_required", "missing_scope", "unknown_method"} {
		a := newArchived(t, slackfake.Config{Unlimited: true})
		a.erasure.People = append(a.erasure.People, "S0AGENTS")
		a.post("U2", "", "JANE DOE called")
		a.slack.Fail("usergroups.users.list", slackfake.Failure{Error: code})
		if got, err := a.erasure.Run(t.Context()); err != nil || got.Edited != 1 || !strings.Contains(strings.Join(a.said, "\n"), "Who is in the group S0AGENTS can't be read") {
			t.Errorf("%s: %+v, %v, and says %q", code, got, err, a.said)
		}
	}
}
