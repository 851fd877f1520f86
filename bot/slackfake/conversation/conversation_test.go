package conversation_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/latchkey-bot/latchkey/bot/slackfake"
	"github.com/latchkey-bot/latchkey/bot/slackfake/conversation"
)

func furnish(s *slackfake.Slack) {
	for _, id := range []string{"U1", "U2"} {
		s.AddMember(slackfake.Member{ID: id})
	}
	s.AddChannel(slackfake.Channel{ID: "C0SUPPORT", Name: "support"})
	s.AddChannel(slackfake.Channel{ID: "C0LEADS", Name: "leads", Private: true, Members: []string{"U2"}})
}

// installed is an app in a Slack without a network.
func installed(t *testing.T) (*slackfake.Slack, *slackfake.App) {
	s := slackfake.New(slackfake.Config{})
	furnish(s)
	return s, s.App("http://app.test", slackfake.Direct(newApp(t, s, s.Transport())))
}

// converse is a conversation in which all that comes is expected.
func converse(talk *conversation.Talk) {
	agent := talk.As("U1")
	answer := agent.Command("/do answer")
	answer.Reads("the answer").DoesntRead("secret").HasButtons("Say it", "Send it").OnlyFor("U1")
	answer.Click("Say it").Reads("the answer").Click("Send it", "dm").Reads("in your ear")
	agent.Command("/do later").Reads("the answer")

	shared := agent.Command("/do share").Reads("shared")
	shared.As("U2").Click("Send it")
	talk.As("U2").ExpectDM("in your ear")
	agent.Command("/do update")
	shared.ExpectUpdate("anew")
	agent.Command("/do update")
	talk.In("C0SUPPORT").ExpectsUpdate("anew")
	agent.Command("/do update")
	agent.ExpectUpdate("anew")
	shared.Shortcut("update").Reads("shared anew")
	agent.Command("/do redraw").Reads("the answer")
	agent.ExpectUpdate("anew")
	agent.Command("/do delete")
	shared.Disappears()
	talk.As("U2").In("C0LEADS").Command("/do share")
	talk.In("C0LEADS").Expects("shared")

	m := agent.Command("/do modal").Opens("Diagnose").Reads("Customer").DoesntRead("secret")
	m.Click("More").Reads("in your ear")
	m.Fill("Customer", "nobody").Submit()
	m.Refuses("Customer", "Nobody has that name.")
	m.Fill("Customer", "next").Submit().Opens("Next").Close()
	m.Fill("Customer", "choices").Choose("Way", "By text").Tick("Boxes", "By e-mail", "By text").Submit().Reads("in your ear")
	m.IsClosed()

	agent.OpensHome().Reads("your day").DoesntRead("secret").Click("Say it").Reads("in your ear")
	agent.InDM().Command("/do home")
	agent.ExpectHome("your day")
	agent.Shortcut("modal")
	agent.ExpectModal("Diagnose").Close()
	said := agent.Says("jane can't log in")
	said.Shortcut("replace").Reads("the new answer")
	said.As("U2").Reply("since yesterday").As("U1").Shortcut("reply").StandsUnder(said)
	talk.IsQuiet()
	agent.ClickGone("do", "answer").Reads("the answer")
	agent.Command("/do answer")
	agent.ExpectEphemeral("the answer")
}

func TestConversation(t *testing.T) {
	t.Run("Direct", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s, app := installed(t)
			converse(conversation.Start(t, s, app, synctest.Wait))
		})
	})
	t.Run("HTTP", func(t *testing.T) {
		s := slackfake.Start(slackfake.Config{Unlimited: true})
		defer s.Close()
		furnish(s)
		server := httptest.NewServer(newApp(t, s, http.DefaultTransport))
		defer server.Close()
		converse(conversation.Start(t, s, s.App(server.URL, nil)))
	})
}

// judge is a test that may fail.
type judge struct {
	testing.TB
	ctx      context.Context
	verdicts []string
	cleanups []func()
}

func (j *judge) Helper()                  {}
func (j *judge) Context() context.Context { return j.ctx }
func (j *judge) Cleanup(f func())         { j.cleanups = append(j.cleanups, f) }
func (j *judge) Errorf(format string, args ...any) {
	j.verdicts = append(j.verdicts, fmt.Sprintf(format, args...))
}

func (j *judge) Fatalf(format string, args ...any) {
	j.Errorf(format, args...)
	runtime.Goexit()
}

func (j *judge) Fatal(args ...any) {
	j.verdicts = append(j.verdicts, fmt.Sprint(args...))
	runtime.Goexit()
}

// hold holds a conversation to its end and returns why it fails.
func hold(t *testing.T, talk func(*conversation.Talk)) []string {
	s, app := installed(t)
	j := &judge{ctx: t.Context()}
	held := make(chan struct{})
	go func() {
		defer close(held)
		talk(conversation.Start(j, s, app, synctest.Wait))
	}()
	<-held
	for _, f := range j.cleanups {
		f()
	}
	return j.verdicts
}

// TestItFails when it should, each time with a sentence that says why.
func TestItFails(t *testing.T) {
	as := func(then func(*conversation.Person)) func(*conversation.Talk) {
		return func(talk *conversation.Talk) { then(talk.As("U1")) }
	}
	opened := func(then func(*conversation.Modal)) func(*conversation.Talk) {
		return as(func(p *conversation.Person) { then(p.Command("/do modal").Opens("Diagnose")) })
	}
	for name, row := range map[string]struct {
		talk func(*conversation.Talk)
		want string
	}{
		"UnreadAnswer":     {as(func(p *conversation.Person) { p.Command("/do answer") }), "nobody expected a message in C0SUPPORT that only U1 sees"},
		"UnreadLateAnswer": {as(func(p *conversation.Person) { p.Command("/do later") }), "nobody expected a message"},
		"UnexpectedDM":     {as(func(p *conversation.Person) { p.Command("/do dm") }), "nobody expected a message in D1"},
		"UnexpectedShare":  {as(func(p *conversation.Person) { p.Command("/do share") }), "nobody expected a message in C0SUPPORT:"},
		"UnexpectedUpdate": {as(func(p *conversation.Person) {
			p.Command("/do share").Reads("shared")
			p.Command("/do update")
		}), "nobody expected an update"},
		"UnexpectedDeletion": {as(func(p *conversation.Person) {
			p.Command("/do share").Reads("shared")
			p.Command("/do delete")
		}), "nobody expected the deletion"},
		"BesideTheThread": {as(func(p *conversation.Person) {
			said := p.Says("she can't log in")
			said.Shortcut("reply").StandsUnder(said)
		}), "isn't in the thread"},
		"UnexpectedModal":  {as(func(p *conversation.Person) { p.Command("/do modal") }), "nobody expected a modal for U1"},
		"UnexpectedHome":   {as(func(p *conversation.Person) { p.Command("/do home") }), "nobody expected a Home for U1"},
		"UnexpectedErrors": {opened(func(m *conversation.Modal) { m.Fill("Customer", "nobody").Submit() }), "Nobody has that name."},
		"FailedCommand":    {as(func(p *conversation.Person) { p.In("C0LEADS").Command("/do answer") }), "isn't in"},
		"NoAnswer":         {as(func(p *conversation.Person) { p.Command("/do nothing").Reads("the answer") }), "a message for U1 didn't come"},
		"AnotherAnswer":    {as(func(p *conversation.Person) { p.Command("/do answer").Reads("the question") }), `"the question" isn't in`},
		"TooMuch":          {as(func(p *conversation.Person) { p.Command("/do answer").DoesntRead("answer") }), `"answer" is in`},
		"NoButton":         {as(func(p *conversation.Person) { p.Command("/do answer").Click("Fly") }), `there is no button "Fly"`},
		"OtherButtons":     {as(func(p *conversation.Person) { p.Command("/do answer").HasButtons("Fly") }), "has the buttons"},
		"OthersSeeIt":      {as(func(p *conversation.Person) { p.Command("/do share").OnlyFor("U1") }), "isn't only for U1"},
		"NoDM":             {as(func(p *conversation.Person) { p.ExpectDM("in") }), `a direct message for U1 reading ["in"] didn't come`},
		"AnotherDM": {as(func(p *conversation.Person) {
			p.Command("/do dm")
			p.ExpectDM("out")
		}), "there is\na message in D1"},
		"OthersDM": {func(talk *conversation.Talk) {
			talk.As("U2").Command("/do dm")
			talk.As("U1").ExpectDM("in your ear")
		}, "a direct message for U1"},
		"NoUpdate":         {as(func(p *conversation.Person) { p.Command("/do answer").ExpectUpdate("new") }), "didn't come"},
		"NoChannelMessage": {func(talk *conversation.Talk) { talk.In("C0SUPPORT").Expects("shared") }, "a message in C0SUPPORT"},
		"EphemeralIsNoMessageForAll": {func(talk *conversation.Talk) {
			talk.As("U1").Command("/do answer")
			talk.In("C0SUPPORT").Expects("the answer")
		}, "didn't come"},
		"CardStays": {as(func(p *conversation.Person) { p.Command("/do share").Becomes("new") }), "doesn't become one"},
		"CardKeeps": {as(func(p *conversation.Person) { p.Command("/do share").Loses("shared") }), "doesn't lose shared"},
		"NoLink":    {as(func(p *conversation.Person) { p.Command("/do share").Link() }), "has 0 links"},
		"BesideTheCard": {as(func(p *conversation.Person) {
			p.Command("/do share").ExpectReply("shared")
		}), "a reply in the thread"},
		"NoModal":       {as(func(p *conversation.Person) { p.Command("/do nothing").Opens("Diagnose") }), "a modal for U1"},
		"NoHome":        {as(func(p *conversation.Person) { p.ExpectHome("your day") }), "a Home for U1"},
		"NoOption":      {opened(func(m *conversation.Modal) { m.Choose("Way", "By pigeon") }), `there is no option "By pigeon" at "Way"`},
		"NoInput":       {opened(func(m *conversation.Modal) { m.Fill("Colour", "red") }), `there is no input "Colour"`},
		"AnotherModal":  {opened(func(m *conversation.Modal) { m.Reads("secret") }), `"secret" isn't in`},
		"StillOpen":     {opened(func(m *conversation.Modal) { m.IsClosed() }), "still open"},
		"NoErrors":      {opened(func(m *conversation.Modal) { m.Refuses("Customer", "No.") }), "errors in the modal didn't come"},
		"OtherErrors":   {opened(func(m *conversation.Modal) { m.Fill("Customer", "nobody").Submit(); m.Refuses("Customer", "No.") }), `not "No."`},
		"RequiredInput": {opened(func(m *conversation.Modal) { m.Submit() }), "Please complete this required field."},
		"ClosedTwice":   {opened(func(m *conversation.Modal) { m.Close(); m.Close() }), "no modal"},
		"HomeOfOthers":  {as(func(p *conversation.Person) { p.OpensHome().Reads("their day") }), "their day"},
		"NothingToClick": {as(func(p *conversation.Person) {
			shared := p.Command("/do share").Reads("shared")
			p.Command("/do delete")
			shared.Disappears()
			shared.Click("Send it")
		}), "sees no message"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				verdicts := hold(t, row.talk)
				if all := strings.Join(verdicts, "\n"); !strings.Contains(all, row.want) {
					t.Errorf("it says %q, not %q", all, row.want)
				}
			})
		})
	}
}

// TestNothingIsExpectedTwice: one message doesn't do for two.
func TestNothingIsExpectedTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		verdicts := hold(t, func(talk *conversation.Talk) {
			agent := talk.As("U1")
			agent.Command("/do dm")
			agent.ExpectDM("in your ear")
			agent.ExpectDM("in your ear")
		})
		if len(verdicts) != 1 || !strings.Contains(verdicts[0], "didn't come") {
			t.Errorf("it says %q", verdicts)
		}
	})
}

// TestNothingIsSaidTwice: a talk that isn't quiet fails once, and where that is
// asked.
func TestNothingIsSaidTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		verdicts := hold(t, func(talk *conversation.Talk) {
			talk.As("U1").ClickGone("do", "later")
			talk.IsQuiet()
			talk.As("U1").ExpectEphemeral("the answer")
		})
		if len(verdicts) != 2 || !strings.Contains(verdicts[0], "nobody expected a message") || !strings.Contains(verdicts[1], "didn't come") {
			t.Errorf("it says %q", verdicts)
		}
	})
}

// TestCardIsRedrawn: whatever it read on the way, and however often it is drawn
// anew afterwards; and what may be read surprises nobody either.
func TestCardIsRedrawn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		verdicts := hold(t, func(talk *conversation.Talk) {
			agent := talk.As("U1")
			card := agent.Command("/do share").Becomes("shared")
			agent.Command("/do update")
			card.Becomes("shared anew")
			agent.Command("/do update")
			agent.MayRead("in your ear")
			agent.Command("/do dm")
		})
		if len(verdicts) > 0 {
			t.Errorf("it says %q", verdicts)
		}
	})
}

// TestModalIsRedrawn: by a button in it, and what was filled in stays.
func TestModalIsRedrawn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, app := installed(t)
		m := conversation.Start(t, s, app, synctest.Wait).As("U1").Command("/do modal").Opens("Diagnose")
		if got := m.Value("Customer") + m.Value("Way"); got != "" {
			t.Errorf("in it stands %q", got)
		}
		m = m.Fill("Customer", "typed").Choose("Way", "By text").Click("Generate").Opens("Drawn anew")
		if who, way := m.Value("Customer"), m.Value("Way"); who != "generated" || way != "sms" {
			t.Errorf("drawn anew, in it stand %q and %q", who, way)
		}
		m.Fill("Customer", "choices").Tick("Boxes", "By e-mail", "By text").Submit().Reads("in your ear")
	})
}

// TestThreadAndLink: what comes under a message, and a link that one person is given.
func TestThreadAndLink(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, app := installed(t)
		agent := conversation.Start(t, s, app, synctest.Wait).As("U1")
		card := agent.Command("/do share").Reads("shared")
		agent.Command("/do below")
		card.ExpectReply("the news").StandsUnder(card)
		agent.Command("/do private")
		if got := agent.ExpectEphemeral("for you").OnlyFor("U1").Link(); got != "https://here.example/s/1#2" {
			t.Errorf("the link leads to %q", got)
		}
	})
}

func TestButtons(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, app := installed(t)
		got := conversation.Start(t, s, app, synctest.Wait).As("U1").Command("/do answer").Buttons()
		if want := []slackfake.Button{{Label: "Say it", Action: "do", Value: "answer"}, {Label: "Send it", Action: "other", Value: "dm"}}; !slices.Equal(got, want) {
			t.Errorf("the buttons are %v", got)
		}
	})
}
