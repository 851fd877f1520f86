package bot

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/slackfake"
	"github.com/latchkey-bot/latchkey/escalation"
)

func TestRolesComeFromListsAndGroups(t *testing.T) {
	o := open(t, func(c *Config) { c.L2, c.Admins = []string{"S0ENGINEERS", "U0L2"}, []string{"U0ADMIN"} })
	o.slack.SetGroup("S0ENGINEERS", "U0ENGINEER", agent)
	for _, id := range []string{"U0L2", "U0ADMIN", "U0ENGINEER"} {
		o.slack.AddMember(slackfake.Member{ID: id})
	}
	for user, want := range map[string]actions.Roles{
		agent:        actions.RolesOf(actions.RoleAgent, actions.RoleL2),
		grouped:      actions.RolesOf(actions.RoleAgent),
		lead:         actions.RolesOf(actions.RoleLead),
		"U0L2":       actions.RolesOf(actions.RoleL2),
		"U0ENGINEER": actions.RolesOf(actions.RoleL2),
		"U0ADMIN":    actions.RolesOf(actions.RoleAdmin),
		nobody:       0,
	} {
		if got, err := o.bot.roster.rolesOf(t.Context(), "T0TEAM", user, false); err != nil || got != want {
			t.Errorf("%s: got %b, %v; want %b", user, got, err, want)
		}
	}
}

func TestNobodyInAListNeedsNoLookUp(t *testing.T) {
	o := open(t)
	o.types(nobody, "/diagnose", "jane").reads("aren't set up")
	if n := o.slack.Calls("users.info"); n != 0 {
		t.Errorf("Slack was asked %d times who that is", n)
	}
}

func TestSlacksWordIsGoodForFiveMinutes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := open(t)
		o.types(agent, "/diagnose", "jane").reads("locked")
		o.slack.AddMember(slackfake.Member{ID: agent, Deleted: true})
		pass(5 * time.Minute)
		o.types(agent, "/diagnose", "jane").reads("locked")
		if n := o.slack.Calls("users.info"); n != 1 {
			t.Errorf("Slack was asked %d times", n)
		}
		pass(time.Second)
		o.types(agent, "/diagnose", "jane").reads("aren't set up")
	})
}

func TestGroupsAreReadAnewAfterFiveMinutes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := open(t)
		o.types(grouped, "/diagnose", "jane").reads("locked")
		o.slack.SetGroup("S0AGENTS")
		o.types(grouped, "/diagnose", "jane").reads("locked")
		pass(5*time.Minute + time.Second)
		o.types(grouped, "/diagnose", "jane").reads("aren't set up")
	})
}

// TestSlackIsDown: with nothing remembered everybody reads the same; who was
// looked up lately may still read, and nobody may change anything.
func TestSlackIsDown(t *testing.T) {
	for name, failure := range map[string]slackfake.Failure{
		"Down": {Down: true}, "Limited": {RetryAfter: 30 * time.Second}, "Error": {Error: "fatal_error"}, "TokenRevoked": {Error: "token_revoked"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := open(t)
				o.slack.Fail(slackfake.Every, failure)
				for _, user := range []string{agent, grouped, lead, nobody, stranger} {
					o.types(user, "/diagnose", "jane").reads("I can't check who you are", "E-").doesntRead("locked")
				}
				o.slack.Recover()
				pass(time.Minute)
				o.types(agent, "/diagnose", "jane").reads("locked")
				o.types(grouped, "/diagnose", "jane").reads("locked")
				o.slack.Fail(slackfake.Every, failure)
				pass(4 * time.Minute)
				o.types(agent, "/diagnose", "jane").reads("locked")
				o.types(grouped, "/diagnose", "jane").reads("locked")
				o.types(lead, "/diagnose", "jane").reads("I can't check who you are")
				o.types(nobody, "/diagnose", "jane").reads("aren't set up")
				o.writes()
				o.types(agent, "/diagnose", "jane").reads("I can't check who you are").doesntRead("locked")
				o.types(grouped, "/diagnose", "jane").reads("I can't check who you are").doesntRead("locked")
				o.bot.rule = actions.RuleFor
				pass(2 * time.Minute)
				o.types(agent, "/diagnose", "jane").reads("I can't check who you are").doesntRead("locked")
			})
		})
	}
}

// writes has diagnosing taken for an act that writes.
func (o *office) writes() {
	o.bot.rule = func(actions.Act) (actions.Rule, bool) {
		return actions.Rule{Roles: actions.Roles(actions.RoleAgent), Writes: true}, true
	}
}

// TestWritingNeedsAnAnswer: while Slack says that it is asked too often nobody writes, however
// lately it was asked.
func TestWritingNeedsAnAnswer(t *testing.T) {
	for user, method := range map[string]string{agent: "users.info", grouped: "usergroups.users.list"} {
		synctest.Test(t, func(t *testing.T) {
			o := open(t)
			o.writes()
			o.types(user, "/diagnose", "jane").reads("locked")
			o.slack.Fail(method, slackfake.Failure{RetryAfter: 20 * time.Second})
			for range 2 {
				o.types(user, "/diagnose", "jane").reads("I can't check who you are").doesntRead("locked")
			}
			o.slack.Recover()
			pass(time.Minute)
			o.types(user, "/diagnose", "jane").reads("locked")
		})
	}
}

// TestStrangersDontHaveSlackAsked: who is in no group can't use up how often Slack lets itself
// be asked who is; who joins one waits for half a minute.
func TestStrangersDontHaveSlackAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := open(t)
		o.writes()
		for range 100 {
			o.types(nobody, "/diagnose", "jane").reads("aren't set up")
		}
		o.types(grouped, "/diagnose", "jane").reads("locked")
		o.slack.SetGroup("S0AGENTS", grouped, nobody)
		pass(keepRefusal + time.Second)
		o.types(nobody, "/diagnose", "jane").reads("locked")
	})
}

func TestWritingAsksSlackAnew(t *testing.T) {
	o := open(t)
	o.types(agent, "/diagnose", "jane").reads("locked")
	o.slack.AddMember(slackfake.Member{ID: agent, Deleted: true})
	o.types(agent, "/diagnose", "jane").reads("locked")
	o.writes()
	o.types(agent, "/diagnose", "jane").reads("aren't set up")
}

func TestWritingAsksWhoIsInAGroupAnew(t *testing.T) {
	o := open(t)
	o.types(grouped, "/diagnose", "jane").reads("locked")
	o.slack.SetGroup("S0AGENTS")
	o.types(grouped, "/diagnose", "jane").reads("locked")
	o.writes()
	o.types(grouped, "/diagnose", "jane").reads("aren't set up")
}

func TestWithoutAPaidPlanListsStillCount(t *testing.T) {
	o := open(t)
	o.slack.Fail("usergroups.users.list", slackfake.Failure{Error: "plan_upgrade_required"})
	o.types(lead, "/diagnose", "jane").reads("locked")
	o.types(grouped, "/diagnose", "jane").reads("aren't set up")
	if !strings.Contains(o.log.String(), "only on a paid plan; please list user IDs") {
		t.Errorf("the log doesn't explain:\n%s", o.log)
	}
}

func TestGroupThatCannotBeReadDoesntStopOthers(t *testing.T) {
	o := open(t)
	o.slack.Fail("usergroups.users.list", slackfake.Failure{Down: true})
	o.types(lead, "/diagnose", "jane").reads("locked")
	o.types(grouped, "/diagnose", "jane").reads("I can't check who you are")
	o.types(nobody, "/diagnose", "jane").reads("I can't check who you are")
}

func TestCheckSlackTellsARefusedToken(t *testing.T) {
	o := open(t)
	if err := o.bot.CheckSlack(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, code := range []string{"invalid_auth", "not_authed", "account_inactive", "token_revoked"} {
		o.slack.Fail("auth.test", slackfake.Failure{Error: code})
		if err := o.bot.CheckSlack(t.Context()); !errors.Is(err, ErrTokenRefused) {
			t.Errorf("%s: got %v", code, err)
		}
	}
	for name, failure := range map[string]slackfake.Failure{"Down": {Down: true}, "Limited": {RetryAfter: time.Second}, "Error": {Error: "internal_error"}} {
		o.slack.Fail("auth.test", failure)
		if err := o.bot.CheckSlack(t.Context()); err == nil || errors.Is(err, ErrTokenRefused) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestWrongTokenIsRefused(t *testing.T) {
	slack := slackfake.New(slackfake.Config{})
	if _, err := NewWorkspace("xoxb-wrong", slack.APIURL(), slack.Transport()).Self(t.Context()); !errors.Is(err, ErrTokenRefused) {
		t.Errorf("got %v", err)
	}
}

func TestManyWhoAskWaitForOneLookUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		l := newLookup(time.Now, func(ctx context.Context, id string) (string, error) {
			asked++
			pass(time.Second)
			return "answer for " + id, ctx.Err()
		})
		var all sync.WaitGroup
		for range 100 {
			all.Go(func() {
				if got, err := l.get(t.Context(), "U1", false); got != "answer for U1" || err != nil {
					t.Errorf("got %q, %v", got, err)
				}
			})
		}
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := l.get(gone, "U1", false); !errors.Is(err, context.Canceled) {
			t.Errorf("who hung up waits: %v", err)
		}
		all.Wait()
		if asked != 1 {
			t.Errorf("Slack was asked %d times", asked)
		}
	})
}

func TestSlackIsLeftAloneAfterAFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := open(t)
		o.slack.Fail(slackfake.Every, slackfake.Failure{RetryAfter: 20 * time.Second})
		for range 10 {
			o.types(agent, "/diagnose", "jane").reads("I can't check")
		}
		if n := o.slack.Calls("auth.test"); n != 1 {
			t.Errorf("Slack was asked %d times", n)
		}
		o.slack.Recover()
		pass(20 * time.Second)
		o.types(agent, "/diagnose", "jane").reads("locked")
	})
}

func TestMemoryOfLookUpsIsBounded(t *testing.T) {
	l := newLookup(time.Now, func(_ context.Context, id string) (string, error) { return id, nil })
	for i := range maxKnown + 10 {
		if _, err := l.get(t.Context(), string(rune(i+1)), false); err != nil {
			t.Fatal(err)
		}
	}
	if len(l.known) > maxKnown {
		t.Errorf("%d are remembered", len(l.known))
	}
}

func TestConfigurationIsChecked(t *testing.T) {
	for want, change := range map[string]func(*Config){
		"signing secret":      func(c *Config) { c.SigningSecret = "" },
		"use cases":           func(c *Config) { c.Actions = nil },
		"workspace":           func(c *Config) { c.Workspace = nil },
		"outbox":              func(c *Config) { c.Outbox = nil },
		"command prefix":      func(c *Config) { c.CommandPrefix = "Lk " },
		"list of agents":      func(c *Config) { c.Agents = []string{"jane"} },
		"list of L2":          func(c *Config) { c.L2 = []string{"C0CHANNEL"} },
		"list of leads":       func(c *Config) { c.Leads = []string{"S0LEADS"} },
		"groups can't be":     func(c *Config) { c.Admins = []string{"S0ADMINS"} },
		"support channels":    func(c *Config) { c.SupportChannels = []string{"#support"} },
		"L2 group":            func(c *Config) { c.L2Group = "@support-melbourne" },
		"address of Slack's ": func(c *Config) { c.APIURL = "http://%zz" },
	} {
		config := Config{SigningSecret: "s", Actions: &actions.Actions{}, Workspace: &webWorkspace{}, Outbox: newMemory(), Escalations: &escalation.Desk{}}
		change(&config)
		if _, err := New(config); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v", want, err)
		}
	}
}

func TestL2IsAddressedAsConfigured(t *testing.T) {
	for group, want := range map[string]string{"": "@support-melbourne", "S0L2": "<!subteam^S0L2>"} {
		if o := open(t, func(c *Config) { c.L2Group = group }); o.bot.l2 != want {
			t.Errorf("%q: got %q", group, o.bot.l2)
		}
	}
}
