package conversation_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/latchkey-bot/latchkey/bot/slackfake"
	"github.com/latchkey-bot/latchkey/bot/slackfake/conversation"
)

// inL2 is a talk in a Slack with a user group of U2.
func inL2(t *testing.T) (*conversation.Talk, *slackfake.Slack, *slackfake.App) {
	s, app := installed(t)
	s.AddGroup(slackfake.Group{ID: "S0L2", Handle: "l2", Users: []string{"U2"}})
	return conversation.Start(t, s, app, synctest.Wait), s, app
}

// TestWhomAMessageCalls: as long as the group exists, its members are told.
func TestWhomAMessageCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		talk, s, _ := inL2(t)
		agent := talk.As("U1")
		agent.Command("/do call").Reads("for L2").Mentions("S0L2", "U1").Notifies("U1", "U2")
		s.RemoveGroup("S0L2")
		agent.Command("/do call").Mentions("U1", "S0L2").Notifies("U1")
		agent.Command("/do answer").Mentions().Notifies()
	})
}

func TestItFailsForOtherCalls(t *testing.T) {
	call := func(then func(*conversation.Message)) func(*conversation.Talk) {
		return func(talk *conversation.Talk) { then(talk.As("U1").Command("/do call")) }
	}
	for want, talk := range map[string]func(*conversation.Talk){
		`mentions ["U1" "S0L2"], not ["U1"]`: call(func(m *conversation.Message) { m.Mentions("U1") }),
		`mentions ["U1" "S0L2"], not []`:     call(func(m *conversation.Message) { m.Mentions() }),
		`notifies ["U1"], not ["U1" "U2"]`:   call(func(m *conversation.Message) { m.Notifies("U1", "U2") }),
		`there is no button "Fly"`:           call(func(m *conversation.Message) { m.HoldClick("Fly") }),
		`there is no message`:                call(func(m *conversation.Message) { m.IsDeletedByHand(); m.IsDeletedByHand() }),
		`there is no option "U9"`: func(talk *conversation.Talk) {
			talk.As("U1").Command("/do modal").Opens("Diagnose").Choose("Colleague", "U9")
		},
	} {
		t.Run(want, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				if all := strings.Join(hold(t, talk), "\n"); !strings.Contains(all, want) {
					t.Errorf("it says %q, not %q", all, want)
				}
			})
		})
	}
}

// TestClicksAtOnce: two people click on the same state of a message, one of them
// on one that is deleted meanwhile.
func TestClicksAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		talk, s, _ := inL2(t)
		shared := talk.As("U1").Command("/do share").Reads("shared")
		first, second := shared.HoldClick("Send it"), shared.As("U2").HoldClick("Say it")
		shared.IsDeletedByHand()
		second().OnlyFor("U2").Reads("the answer")
		first()
		talk.As("U1").ExpectDM("in your ear")
		if s.Delete("C0SUPPORT", shared.TS()) == nil {
			t.Error("it is still there")
		}
	})
}

// TestColleague: somebody is chosen by name or by ID, and an option of a group.
func TestColleague(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		talk, s, _ := inL2(t)
		s.AddMember(slackfake.Member{ID: "U2", Name: "Noor Haddad"})
		for _, colleague := range []string{"Noor Haddad", "U2"} {
			m := talk.As("U1").Command("/do modal").Opens("Diagnose").Fill("Customer", "colleague")
			m.Choose("Colleague", colleague).Choose("Kind", "By text")
			if got := m.Value("Colleague"); got != "U2" {
				t.Errorf("in it stands %q", got)
			}
			m.Submit().Reads("in your ear")
		}
	})
}

// TestAppHearsWhatIsSaid, once it has asked for it.
func TestAppHearsWhatIsSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		talk, _, app := inL2(t)
		agent := talk.As("U1")
		agent.Says("nobody hears this")
		app.Subscribe("message.channels")
		said := agent.Says("hello")
		said.ExpectReply("heard: hello")
		said.As("U2").Reply("me too")
		said.ExpectReply("heard: me too")
	})
}
