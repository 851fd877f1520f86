package main

import (
	"strings"
	"time"

	"github.com/latchkey-bot/latchkey/bot/sandbox"
	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

// The roles that people of the demo hold.
const (
	roleAgent = "agent"
	roleL2    = "L2"
	roleLead  = "lead"
	roleNone  = "no role"
)

// colleague is somebody of the demo's workspace.
type colleague struct {
	id, name, title, role string
	may                   string // what they may do, in one sentence
}

// colleagues is whom a visitor can be, the first at the beginning.
var colleagues = []colleague{
	{"U0AVA", "Ava Reyes", "Support agent", roleAgent, "Looks customers up and says what helps. Begin here."},
	{"U0NOOR", "Noor Haddad", "Support agent", roleAgent, "Ava's colleague: what Ava did for a customer, Noor reads, too."},
	{"U0LIV", "Liv Andersen", "L2 engineer, Melbourne", roleL2, "May what agents may, and what touches security. Claims and resolves cases."},
	{"U0MATEO", "Mateo Silva", "L2 engineer, Melbourne", roleL2, "Liv's colleague: of two who claim a case, one is faster."},
	{"U0MARCUS", "Marcus Webb", "Support lead", roleLead, "May what agents may, and decides for them."},
	{"U0PRIYA", "Priya Raman", "Support lead", roleLead, "Marcus's colleague: what a lead asks for, another lead approves."},
	{"U0KIM", "Kim Novak", "New since today", roleNone, "Nobody gave Kim a role: whatever she asks, she reads the same sentence."},
}

// callGroup is the user group that escalations call.
const callGroup = "S0MELBOURNE"

// The channels of the demo's workspace.
const (
	supportChannel = "C0SUPPORT"
	randomChannel  = "C0RANDOM"
	leadsChannel   = "C0LEADS"
	l2Channel      = "C0MELBOURNE"
)

var channels = []slackfake.Channel{
	{ID: supportChannel, Name: "support", Topic: "Customers who can't log in. Type /diagnose and whom you want to know about."},
	{ID: randomChannel, Name: "random", Topic: "Anything else. Not the place for customers' logins."},
	{ID: leadsChannel, Name: "leads", Topic: "Leads only", Private: true, Members: []string{"U0MARCUS", "U0PRIYA"}},
	{ID: l2Channel, Name: "l2-melbourne", Topic: "L2 in Melbourne: what agents escalate, each case a thread", Members: []string{"U0AVA", "U0NOOR", "U0LIV", "U0MATEO", "U0MARCUS", "U0PRIYA"}},
}

// withRole lists the IDs of who holds a role, by comma.
func withRole(role string) string {
	var ids []string
	for _, c := range colleagues {
		if c.role == role {
			ids = append(ids, c.id)
		}
	}
	return strings.Join(ids, ",")
}

// said is what somebody wrote this morning; in a thread it answers the message
// before that isn't in one.
type said struct {
	minutes int // ago
	who     string
	channel string
	thread  bool
	text    string
}

// chatter makes the workspace one in which people work.
var chatter = []said{
	{171, "U0LIV", l2Channel, false, "I have the phone until six. The depot's firewall people promised to call back."},
	{164, "U0MARCUS", leadsChannel, false, "Two newcomers this week. Kim starts today, I'll give her a role after lunch."},
	{58, "U0MARCUS", supportChannel, false, "Morning. Harborline's depot is on the line, half of them can't get in. Ivo was the first to call: ivo@harborline.example"},
	{55, "U0NOOR", supportChannel, true, "Looked him up, it isn't his password. <@U0LIV>, please see how many others fail alike."},
	{54, "U0LIV", supportChannel, true, "On it."},
	{36, "U0KIM", supportChannel, false, "Hi all, first day! May I look customers up already?"},
	{35, "U0MARCUS", supportChannel, true, "Not before you have a role, Kim. Try it: Latchkey says the same to everybody without one."},
	{21, "U0AVA", randomChannel, false, "The coffee machine on three is back."},
	{20, "U0NOOR", randomChannel, true, "Proven or indicated?"},
	{9, "U0NOOR", supportChannel, false, "Two in the queue, can somebody take them? jane@acme.example says she is locked, and ugo@harborline.example waits for a reset mail."},
}

// newWorkspace makes the demo's Slack, on loopback, with its people.
func newWorkspace(c *sandbox.Clock) (*slackfake.Slack, error) {
	slack, err := slackfake.Listen(slackfake.Config{
		Token: "xoxb-" + nonsense(), SigningSecret: nonsense(), Team: "T0ACME", TeamName: "Acme Support", Now: c.Now, Wire: time.Now,
	})
	if err != nil {
		return nil, err
	}
	for _, c := range colleagues {
		slack.AddMember(slackfake.Member{ID: c.id, Name: c.name, Title: c.title})
	}
	for _, c := range channels {
		slack.AddChannel(c)
	}
	slack.AddGroup(slackfake.Group{ID: callGroup, Handle: "support-melbourne", Users: split(withRole(roleL2))})
	return slack, nil
}
