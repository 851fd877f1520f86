package blocks_test

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
	"github.com/latchkey-bot/latchkey/bot/slackfake"
	"github.com/latchkey-bot/latchkey/escalation"
)

// TestSlackTakesTenThousand sends the digest, the lists, the cards and Home with ten thousand
// of everything to a Slack that refuses what Slack would.
func TestSlackTakesTenThousand(t *testing.T) {
	t.Parallel()
	var seconds atomic.Int64 // Slack takes a message a second
	s := slackfake.New(slackfake.Config{Now: func() time.Time { return now.Add(time.Duration(seconds.Add(5)) * time.Second) }})
	t.Cleanup(s.Close)
	s.AddMember(slackfake.Member{ID: "U0LEA", Name: "Lea"})
	s.AddChannel(slackfake.Channel{ID: "C0LEADS", Name: "leads"})
	s.InviteApp("C0LEADS")
	client := slack.New(s.Token(), slack.OptionAPIURL("https://slack.test/api/"), slack.OptionHTTPClient(&http.Client{Transport: s.Transport()}))
	people := actions.IncidentReport{Incident: openIncident(), More: 10_000, Locked: 10_000, Unlock: at(bulk(actions.OperationDone)), Now: now}
	page := listPage(actions.ListCustomers, 10_000)
	for i := range 10_000 {
		p := person()
		p.ID = fmt.Sprintf("u-%d", i)
		people.People = append(people.People, p)
		page.Lines = append(page.Lines, actions.LockoutLine{Person: &p, Lockout: lockout()})
	}
	for name, message := range map[string]blocks.Message{
		"digest": blocks.Lockouts(crowded(), crowdedCases(), true), "lockouts": blocks.Lockouts(tuesday(), tuesdaysCases(), false),
		"quiet": blocks.Lockouts(quietDay(), escalation.Numbers{}, true), "list": blocks.LockoutList(page), "incident": blocks.Incident(people),
		"operation": blocks.Operation(bulk(actions.OperationRunning)), "approval": blocks.Approval(bulk(actions.OperationAsked)),
	} {
		if _, _, err := client.PostMessageContext(t.Context(), "C0LEADS", slack.MsgOptionText(message.Text, false), slack.MsgOptionBlocks(message.Blocks...)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, home := range map[string]blocks.HomeView{"full": crowdedHome(), "lead": leadsHome(), "agent": agentsHome(), "new": {}} {
		view := slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: blocks.Home(home)}}
		if _, err := client.PublishViewContext(t.Context(), slack.PublishViewContextRequest{UserID: "U0LEA", View: view}); err != nil {
			t.Errorf("Home, %s: %v", name, err)
		}
	}
}
