package conversation_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"net/http"
	"testing"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

// anApp does what a command says, such as "/do answer dm".
type anApp struct {
	t    *testing.T
	api  *slack.Client
	http *http.Client
	last map[string]string // the TS of the newest message by channel
}

func newApp(t *testing.T, s *slackfake.Slack, transport http.RoundTripper) *anApp {
	client := &http.Client{Transport: transport}
	return &anApp{t: t, http: client, last: map[string]string{},
		api: slack.New(s.Token(), slack.OptionAPIURL(s.APIURL()), slack.OptionHTTPClient(client))}
}

func plain(text string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, text, false, false)
}

// card is a message with two buttons.
func card(text string) []slack.Block {
	return []slack.Block{
		slack.NewSectionBlock(plain(text), nil, nil),
		slack.NewActionBlock("", slack.NewButtonBlockElement("do", "answer", plain("Say it")), slack.NewButtonBlockElement("other", "dm", plain("Send it"))),
	}
}

func modal(title string) slack.ModalViewRequest {
	return slack.ModalViewRequest{
		Type: slack.VTModal, Title: plain(title), Submit: plain("Go"), Blocks: slack.Blocks{BlockSet: []slack.Block{
			slack.NewInputBlock("who", plain("Customer"), nil, slack.NewPlainTextInputBlockElement(nil, "value")),
			slack.NewInputBlock("way", plain("Way"), nil, slack.NewRadioButtonsBlockElement("value", options()...)).WithOptional(true),
			slack.NewInputBlock("boxes", plain("Boxes"), nil, slack.NewCheckboxGroupsBlockElement("value", options()...)).WithOptional(true),
			slack.NewInputBlock("colleague", plain("Colleague"), nil, slack.NewOptionsSelectBlockElement(slack.OptTypeUser, plain("Whom?"), "value")).WithOptional(true),
			slack.NewInputBlock("kind", plain("Kind"), nil, slack.NewOptionsGroupSelectBlockElement(slack.OptTypeStatic, plain("Which?"), "value",
				slack.NewOptionGroupBlockElement(plain("All"), options()...))).WithOptional(true),
			slack.NewActionBlock("", slack.NewButtonBlockElement("do", "answer", plain("More")), slack.NewButtonBlockElement("redraw", "redraw", plain("Generate"))),
		}},
	}
}

// redraw has another input in place of one, and the others as they were.
func (a *anApp) redraw(view slack.View) {
	made := modal("Drawn anew")
	content := slack.NewPlainTextInputBlockElement(nil, "value")
	content.InitialValue = "generated"
	made.Blocks.BlockSet[0] = slack.NewInputBlock("who-1", plain("Customer"), nil, content)
	_, err := a.api.UpdateView(made, "", "", view.ID)
	a.must(err)
}

// private is a message for one person, with a link.
func private(link string) []slack.Block {
	return []slack.Block{slack.NewRichTextBlock("", slack.NewRichTextSection(slack.NewRichTextSectionLinkElement(link, "", nil)))}
}

func options() []*slack.OptionBlockObject {
	return []*slack.OptionBlockObject{
		slack.NewOptionBlockObject("email", plain("By e-mail"), nil), slack.NewOptionBlockObject("sms", plain("By text"), nil),
	}
}

// asked is what somebody did.
type asked struct {
	user, channel, what, trigger, address, thread string
}

func (a *anApp) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	a.must(err)
	r.Body = io.NopCloser(bytes.NewReader(body))
	switch r.URL.Path {
	case "/slack/commands":
		c, err := slack.SlashCommandParse(r)
		a.must(err)
		a.do(asked{user: c.UserID, channel: c.ChannelID, what: c.Text, trigger: c.TriggerID, address: c.ResponseURL})
	case "/slack/interactions":
		c, err := slack.InteractionCallbackParse(r)
		a.must(err)
		a.interacted(w, c)
	case "/slack/events":
		var envelope struct {
			Event struct {
				Type, User, Channel, Text, TS string
				Thread                        string `json:"thread_ts"`
			}
		}
		a.must(json.Unmarshal(body, &envelope))
		e := envelope.Event
		if e.Type == "message" {
			_, _, err := a.api.PostMessage(e.Channel, slack.MsgOptionText("heard: "+e.Text, false), slack.MsgOptionTS(cmp.Or(e.Thread, e.TS)))
			a.must(err)
			return
		}
		a.do(asked{user: e.User, what: "home"})
	}
}

func (a *anApp) interacted(w http.ResponseWriter, c slack.InteractionCallback) {
	did := asked{c.User.ID, c.Channel.ID, c.CallbackID, c.TriggerID, c.ResponseURL, c.Message.ThreadTimestamp}
	switch c.Type {
	case slack.InteractionTypeBlockActions:
		did.what = c.ActionCallback.BlockActions[0].Value
		switch {
		case did.what == "redraw":
			a.redraw(c.View)
			return
		case did.address == "":
			did.what = "dm" // there is no response URL in a view
		}
		a.do(did)
	case slack.InteractionTypeViewSubmission:
		w.Header().Set("Content-Type", "application/json")
		values := c.View.State.Values
		ticked := values["boxes"]["value"].SelectedOptions
		who := values["who"]["value"].Value
		if redrawn, is := values["who-1"]; is {
			who = redrawn["value"].Value
		}
		switch who {
		case "choices":
			if way := values["way"]["value"].SelectedOption.Value; way != "sms" || len(ticked) != 2 || ticked[1].Value != "sms" {
				a.t.Errorf("the app got %q and %+v", way, ticked)
			}
			a.do(asked{user: c.User.ID, what: "dm"})
		case "colleague":
			if chosen, kind := values["colleague"]["value"].SelectedUser, values["kind"]["value"].SelectedOption.Value; chosen != "U2" || kind != "sms" {
				a.t.Errorf("the app got %q and %q", chosen, kind)
			}
			a.do(asked{user: c.User.ID, what: "dm"})
		case "nobody":
			_, _ = io.WriteString(w, `{"response_action":"errors","errors":{"who":"Nobody has that name."}}`)
		case "next":
			view := modal("Next")
			a.must(json.NewEncoder(w).Encode(slack.NewPushViewSubmissionResponse(&view)))
		default:
			a.do(asked{user: c.User.ID, what: "dm"})
		}
	default:
		a.do(did)
	}
}

func (a *anApp) do(c asked) {
	home := slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: card("your day")}}
	var err error
	switch c.what {
	case "answer":
		a.respond(c, &slack.WebhookMessage{Text: "the answer", Blocks: &slack.Blocks{BlockSet: card("the answer")}})
	case "later":
		go a.respond(c, &slack.WebhookMessage{Text: "the answer", Blocks: &slack.Blocks{BlockSet: card("the answer")}})
	case "replace":
		a.respond(c, &slack.WebhookMessage{Text: "the new answer", ReplaceOriginal: true})
	case "reply":
		a.respond(c, &slack.WebhookMessage{Text: "the reply", ThreadTimestamp: c.thread})
	case "share":
		_, a.last[c.channel], err = a.api.PostMessage(c.channel, slack.MsgOptionText("shared", false), slack.MsgOptionBlocks(card("shared")...))
	case "private":
		_, err = a.api.PostEphemeral(slackfake.DirectMessage(c.user), c.user, slack.MsgOptionText("for you", false), slack.MsgOptionBlocks(private("https://here.example/s/1#2")...))
	case "call":
		_, a.last[c.channel], err = a.api.PostMessage(c.channel, slack.MsgOptionText("<!subteam^S0L2>, <@U1> and &lt;!channel&gt;", false), slack.MsgOptionBlocks(card("for L2")...))
	case "below":
		_, _, err = a.api.PostMessage(c.channel, slack.MsgOptionText("the news", false), slack.MsgOptionTS(a.last[c.channel]))
	case "update":
		_, _, _, err = a.api.UpdateMessage(c.channel, a.last[c.channel], slack.MsgOptionText("shared anew", false))
	case "redraw": // something else happens before the answer
		_, _, _, err = a.api.UpdateMessage(c.channel, a.last[c.channel], slack.MsgOptionText("shared anew", false))
		a.respond(c, &slack.WebhookMessage{Text: "the answer"})
	case "delete":
		_, _, err = a.api.DeleteMessage(c.channel, a.last[c.channel])
	case "dm":
		_, _, err = a.api.PostMessage(c.user, slack.MsgOptionText("in your ear", false))
	case "modal":
		_, err = a.api.OpenView(c.trigger, modal("Diagnose"))
	case "home":
		_, err = a.api.PublishView(c.user, home, "")
	}
	a.must(err)
}

func (a *anApp) respond(c asked, m *slack.WebhookMessage) {
	a.must(slack.PostWebhookCustomHTTPContext(a.t.Context(), c.address, a.http, m))
}

func (a *anApp) must(err error) {
	if err != nil {
		a.t.Error(err)
	}
}
