package bot

import (
	"bytes"
	"strings"
	"testing"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

func TestEveryCommandIsASubcommand(t *testing.T) {
	o := open(t)
	o.types(agent, "/latchkey", "diagnose jane@acme.example").reads("locked after too many wrong passwords")
	o.types(agent, "/latchkey", " #4711  Diagnose   jane@acme.example ").reads("locked after too many wrong passwords")
}

func TestHelpExplainsEveryCommand(t *testing.T) {
	o := open(t)
	for _, text := range []string{"", "help", "  HELP me ", "#4711"} {
		o.types(agent, "/latchkey", text).reads("/diagnose IDENTIFIER", "Says why a customer can't log in", "/diagnose jane@acme.example", "/latchkey")
	}
	o.types(lead, "/latchkey", "help").reads("/diagnose IDENTIFIER")
}

func TestHelpLeavesOutWhatTheRoleMayNot(t *testing.T) {
	o := open(t)
	o.bot.rule = func(act actions.Act) (actions.Rule, bool) {
		if act == actions.ActDiagnose {
			return actions.Rule{Roles: actions.Roles(actions.RoleLead)}, true
		}
		return actions.RuleFor(act)
	}
	var err error
	if o.bot.helps, err = o.bot.renderHelp(); err != nil {
		t.Fatal(err)
	}
	o.types(agent, "/latchkey", "help").reads("/latchkey [COMMAND]").doesntRead("/diagnose IDENTIFIER")
	o.types(lead, "/latchkey", "help").reads("/diagnose IDENTIFIER")
}

func TestCommandPrefixAvoidsClashes(t *testing.T) {
	o := open(t, func(c *Config) { c.CommandPrefix = "lk-" })
	o.types(agent, "/lk-diagnose", "jane@acme.example").reads("locked after too many wrong passwords")
	o.types(agent, "/lk-latchkey", "").reads("/lk-diagnose IDENTIFIER", "/lk-latchkey")
	o.types(agent, "/diagnose", "jane@acme.example").reads("no such command", "/lk-latchkey help")
}

// TestHelpfulSentences is what agents read when what they typed can't be done
// as it is.
func TestHelpfulSentences(t *testing.T) {
	for name, test := range map[string]struct{ command, text, want string }{
		"UnknownCommand":    {"/diagnoze", "x", "Did you mean `/diagnose`?"},
		"UnknownFarAway":    {"/frobnicate", "x", "`/latchkey help` explains every command."},
		"UnknownSubcommand": {"/latchkey", "diagnos jane", "Did you mean `/diagnose`?"},
		"Empty":             {"/diagnose", "", "For example: `/diagnose jane@acme.example`"},
		"Blank":             {"/diagnose", " \t ", "For example: `/diagnose jane@acme.example`"},
		"TicketOnly":        {"/diagnose", "#4711", "For example: `/diagnose jane@acme.example`"},
		"Help":              {"/diagnose", "help", "For example: `/diagnose jane@acme.example`"},
		"TooLong":           {"/diagnose", strings.Repeat("x", 10_000), "too long to read"},
		"ControlCharacters": {"/diagnose", "\x00\x01\x1b\x7f", "For example: `/diagnose jane@acme.example`"},
		"Colleague":         {"/diagnose", "<@U0AGENT|ann>", "a colleague"},
		"ColleagueOldForm":  {"/diagnose", "<@U0AGENT>", "a colleague"},
		"Group":             {"/diagnose", "<!subteam^S0AGENTS|@agents>", "a channel or a group"},
		"Channel":           {"/diagnose", "<#C0SUPPORT|support>", "a channel or a group"},
		"TwoTickets":        {"/diagnose", "#1 #2 jane", "two tickets, #1 and #2"},
		"TwoAddresses":      {"/diagnose", "jane@a.example bob@b.example", "one person at a time"},
		"TwoWithComma":      {"/diagnose", "jane@a.example,bob@b.example", "one person at a time"},
		"Percent":           {"/diagnose", "%", "Nobody"},
		"Quotes":            {"/diagnose", `jane' OR "1"="1`, "Nobody"},
		"Markup":            {"/diagnose", "&lt;!channel&gt; *bold* `code`", "Nobody"},
		"Emoji":             {"/diagnose", "🦊", "Nobody"},
	} {
		t.Run(name, func(t *testing.T) {
			o := open(t)
			answer := o.types(agent, test.command, test.text).reads(test.want)
			answer.doesntRead("E-", "panic", "goroutine", "<!channel>")
			if answer.Status != 200 {
				t.Errorf("got %d", answer.Status)
			}
		})
	}
}

func TestSlacksFormsAreRead(t *testing.T) {
	o := open(t)
	for _, text := range []string{
		"jane@acme.example", "<mailto:jane@acme.example|jane@acme.example>", "<mailto:jane@acme.example>", "JANE@acme.example", " jane ",
		"ja\x00ne", "jane\u200b", "\u202ajane\u202c", "<https://jane|jane>",
	} {
		o.types(agent, "/diagnose", text).reads("locked after too many wrong passwords")
	}
}

// TestNobodyWithoutARoleLearnsAnything: whatever is asked, by whomever, the
// answer has the same bytes, and nothing was looked up.
func TestNobodyWithoutARoleLearnsAnything(t *testing.T) {
	o := open(t, func(c *Config) {
		c.Agents = append(c.Agents, "U0GUEST", "U0ULTRA", "U0BOTTY", "U0GONE", "U0FOREIGN", "U0STRANGER", "U0MISSING")
	})
	for _, m := range []slackfake.Member{
		{ID: "U0GUEST", Guest: true}, {ID: "U0ULTRA", UltraGuest: true}, {ID: "U0BOTTY", Bot: true}, {ID: "U0GONE", Deleted: true},
		{ID: "U0FOREIGN", Team: "T0OTHER"}, {ID: "U0STRANGER", Stranger: true},
	} {
		o.slack.AddMember(m)
	}
	var same []byte
	check := func(body []byte, what string) {
		t.Helper()
		if same == nil {
			same = body
		}
		if !bytes.Equal(same, body) {
			t.Errorf("%s: got\n%s\nwant\n%s", what, body, same)
		}
	}
	people := []string{nobody, stranger, "U0GUEST", "U0ULTRA", "U0BOTTY", "U0GONE", "U0FOREIGN", "U0STRANGER", "U0MISSING"}
	for _, user := range people {
		for _, command := range []string{"/diagnose", "/latchkey", "/unlock", "/no-such-command"} {
			for _, text := range []string{"", "help", "jane@acme.example", "diagnose jane", "nobody@acme.example", "<@U0AGENT>", "#1 #2", strings.Repeat("x", 5000)} {
				answer := o.types(user, command, text)
				if answer.Status != 200 {
					t.Errorf("%s %s %q: got %d", user, command, text, answer.Status)
				}
				check(answer.Body, user+" "+command+" "+text)
			}
		}
	}
	// An agent's ID from another workspace is somebody else's.
	check(o.sends(slackfake.Command{User: agent, Team: "T0OTHER", Name: "/diagnose", Text: "jane"}).Body, "another workspace")
	if len(o.directory.lookups()) > 0 {
		t.Error("somebody without a role had something looked up")
	}
	rows := map[string]int{}
	for _, row := range o.store.rows() {
		if row.Outcome != actions.ActRefused || row.Subject != "" || row.Detail != "" || row.Ticket != "" {
			t.Errorf("the audit has %+v", row)
		}
		rows[row.Actor]++
	}
	for _, user := range people {
		if rows[user] != 1 {
			t.Errorf("%s has %d refusals in the audit, want the first one only", user, rows[user])
		}
	}
}

func TestNobodyWithoutARoleLearnsAnythingByAClick(t *testing.T) {
	o := open(t)
	clicks := []string{"unlock", "latchkey", ""}
	for _, click := range clickTable() {
		clicks = append(clicks, click.name)
	}
	refused := o.types(nobody, "/diagnose", "jane").message()
	for _, value := range []string{"u-jane", "u-nobody", "", strings.Repeat("x", 3000)} {
		for _, action := range clicks {
			if got := o.clicks(nobody, action, value).message(); got.Visible() != refused.Visible() || got.Text != refused.Text {
				t.Errorf("%s %q: got %q", action, value, got.Visible())
			}
		}
	}
	if len(o.directory.lookups()) > 0 {
		t.Error("a click of somebody without a role had something looked up")
	}
}

// TestChannelRule: what changes something works in the support channels and
// in direct messages; what only reads works everywhere.
func TestChannelRule(t *testing.T) {
	for name, test := range map[string]struct {
		channel, channelName string
		writes, works        bool
	}{
		"WritesInSupport":     {"C0SUPPORT", "support", true, true},
		"WritesInDM":          {"D0AGENT", "directmessage", true, true},
		"WritesInDMOfOthers":  {"D0LEADS", "directmessage", true, false},
		"WritesElsewhere":     {"C0RANDOM", "random", true, false},
		"WritesInGroup":       {"G0PRIVATE", "privategroup", true, false},
		"ReadsElsewhere":      {"C0RANDOM", "random", false, true},
		"WritesByNameOfOther": {"C0RANDOM", "support", true, false},
	} {
		t.Run(name, func(t *testing.T) {
			o := open(t)
			o.bot.rule = func(actions.Act) (actions.Rule, bool) {
				return actions.Rule{Roles: actions.Roles(actions.RoleAgent), Writes: test.writes}, true
			}
			answer := o.sends(slackfake.Command{User: agent, Name: "/diagnose", Text: "jane", Channel: test.channel, ChannelName: test.channelName})
			if test.works {
				answer.reads("locked")
				return
			}
			answer.reads("Continue in DM", "<#C0SUPPORT>").doesntRead("locked")
			if len(o.directory.lookups()) > 0 {
				t.Error("it was done all the same")
			}
		})
	}
}

func TestAnActInNoTableIsNobodys(t *testing.T) {
	o := open(t)
	o.bot.rule = func(actions.Act) (actions.Rule, bool) { return actions.Rule{}, false }
	o.types(lead, "/diagnose", "jane").reads("aren't set up to use Latchkey")
}

func TestNothingTypedIsLogged(t *testing.T) {
	o := open(t)
	o.store.fails(errDown)
	o.types(agent, "/diagnose", "jane@acme.example").reads("E-")
	o.types(agent, "/diagnoze-jane@acme.example", "jane@acme.example")
	o.types(nobody, "/diagnose", "jane@acme.example")
	for _, secret := range []string{"jane", "acme", o.slack.SigningSecret(), o.slack.Token(), "/response/"} {
		if strings.Contains(o.log.String(), secret) {
			t.Errorf("%q is in the log:\n%s", secret, o.log)
		}
	}
}
