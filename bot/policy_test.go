package bot

import (
	"testing"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

// l2 is an engineer of the second level.
const l2 = "U0LTWO"

// team opens an office with somebody of each role.
func team(t *testing.T) *office {
	t.Helper()
	o := open(t, func(c *Config) { c.L2 = []string{l2} })
	o.slack.AddMember(slackfake.Member{ID: l2})
	return o
}

// everybody is who holds which roles in a team.
var everybody = map[string]actions.Roles{
	agent: actions.RolesOf(actions.RoleAgent), l2: actions.RolesOf(actions.RoleL2), lead: actions.RolesOf(actions.RoleLead), nobody: 0,
}

// TestEveryButtonAsksThePolicy: in a channel where nothing may be changed, each
// button that changes something offers to go on in the direct message to who may,
// and refuses everybody else, whatever it is about.
func TestEveryButtonAsksThePolicy(t *testing.T) {
	for _, click := range clickTable() {
		rule, known := actions.RuleFor(click.act)
		if !known {
			t.Errorf("the button %s is of an act that is in no table", click.name)
			continue
		}
		if !rule.Writes {
			continue
		}
		t.Run(click.name, func(t *testing.T) {
			o := team(t)
			for user, roles := range everybody {
				answer, err := o.app.Click(t.Context(), slackfake.Click{User: user, Channel: "C0RANDOM", Action: click.name, Value: "x-1"})
				if err != nil {
					t.Fatal(err)
				}
				said := heard{answer, o}
				switch {
				case rule.Allows(roles):
					said.reads("Continue in DM")
				case roles == 0:
					said.reads("aren't set up to use Latchkey").doesntRead("Continue")
				default:
					said.reads("That takes ").doesntRead("Continue")
				}
			}
			if len(o.directory.lookups()) > 0 {
				t.Error("somebody was looked up")
			}
		})
	}
}

// TestEveryCommandThatHelpsAsksThePolicy is the same of what is typed.
func TestEveryCommandThatHelpsAsksThePolicy(t *testing.T) {
	for _, c := range commandTable() {
		rule, known := actions.RuleFor(c.act)
		if !known || !rule.Writes {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			o, text := team(t), c.name+" jane@acme.example why"
			if c.check != nil { // and may be followed by nothing
				text = c.name
			}
			for user, roles := range everybody {
				said := o.sends(slackfake.Command{User: user, Name: "/latchkey", Text: text, Channel: "C0RANDOM", ChannelName: "random"})
				switch {
				case rule.Allows(roles):
					said.reads("Continue in DM")
				case roles == 0:
					said.reads("aren't set up to use Latchkey")
				default:
					said.reads("That takes ")
				}
			}
		})
	}
}

// TestEveryActForACustomerWrites: what changes something for a customer is done
// only where things may be changed, and never without a reason; that of taking an
// address off lists is the case.
func TestEveryActForACustomerWrites(t *testing.T) {
	for _, routes := range [][]route{clickTable(), modalTable()} {
		for _, r := range routes {
			if rule, _ := actions.RuleFor(r.act); rule.Customer && (!rule.Writes || !rule.Reason && r.act != actions.ActDelist) {
				t.Errorf("%s may change a customer anywhere, or without a reason", r.name)
			}
		}
	}
}
