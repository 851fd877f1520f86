package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/slack-go/slack"
	"golang.org/x/sync/errgroup"
)

// invite is how Latchkey gets into a channel.
const invite = "Type /invite @Latchkey in it, or correct the ID in "

// channels is channels: whether Latchkey is in each, and nobody else reads there.
func (x *examination) channels(ctx context.Context) Checked {
	c := Found("channels", "Latchkey is in every channel, and only who is invited reads there.")
	named := 0
	for _, list := range []struct {
		variable string
		ids      []string
	}{
		{"LATCHKEY_SUPPORT_CHANNELS", x.SupportChannels}, {"LATCHKEY_L2_CHANNEL", some(x.L2Channel)}, {"LATCHKEY_LEADS_CHANNEL", some(x.LeadsChannel)},
	} {
		for _, id := range list.ids {
			named++
			x.channel(ctx, &c, id, list.variable)
		}
	}
	if x.L2Channel == "" && !x.Brief {
		c.Warn("There is no channel of L2, so nothing can be escalated.", "Set LATCHKEY_L2_CHANNEL to the ID of a private channel.")
	}
	if named == 0 && c.Status == CheckOK {
		c.Sentence = "There are no channels; Latchkey works in direct messages."
	}
	return c
}

// some is a list of an ID, if there is one.
func some(id string) []string {
	if id == "" {
		return nil
	}
	return []string{id}
}

// channel looks at one.
func (x *examination) channel(ctx context.Context, c *Checked, id, variable string) {
	in, err := patient(ctx, func() (*slack.Channel, error) {
		return x.client.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: id})
	})
	switch {
	case refused(err, "channel_not_found"):
		c.Fail(fmt.Sprintf("Slack knows no channel %s (%s), or it is private and Latchkey isn't in it.", id, variable), invite+variable+".")
	case refused(err, "missing_scope"):
		_, mend := slackTrouble(err)
		c.Warn(fmt.Sprintf("%s (%s) can't be looked at: the app lacks a scope.", id, variable), mend)
	case err != nil:
		sentence, mend := slackTrouble(err)
		c.Fail(fmt.Sprintf("%s (%s): %s", id, variable, sentence), mend)
	case in.IsIM || in.IsMpIM:
		c.Fail(fmt.Sprintf("%s (%s) is a direct message, not a channel.", id, variable), "Name a channel in "+variable+".")
	default:
		judgeChannel(c, in, fmt.Sprintf("#%s (%s, %s)", in.Name, id, variable), variable)
	}
}

// judgeChannel says what is wrong with a channel.
func judgeChannel(c *Checked, in *slack.Channel, name, variable string) {
	if in.IsArchived {
		c.Fail(name+" is archived, and nobody can write there.", "Unarchive it, or name another one in "+variable+".")
	}
	if !in.IsMember {
		c.Fail("Latchkey isn't in "+name+".", invite+variable+".")
	}
	if in.IsExtShared || in.IsPendingExtShared {
		c.Fail(name+" is shared with another company, whose people would read about your customers.",
			"Name a channel of your own in "+variable+", or end the connection in the channel's settings.")
	}
	if !in.IsPrivate {
		c.Warn(name+" is public: everybody in the workspace reads what is said about customers there.", "Make it private in the channel's settings.")
	}
}

// groups is groups: whether each can be read, and has somebody in it.
func (x *examination) groups(ctx context.Context) Checked {
	c := Found("groups", "Every user group can be read.")
	var seen []string
	for _, list := range []struct {
		variable string
		ids      []string
	}{{"LATCHKEY_AGENTS", x.Agents}, {"LATCHKEY_L2", x.L2}, {"LATCHKEY_L2_GROUP", some(x.L2Group)}} {
		for _, id := range list.ids {
			if strings.HasPrefix(id, "S") && !slices.Contains(seen, id) {
				seen = append(seen, id)
				x.group(ctx, &c, id, list.variable)
			}
		}
	}
	if len(seen) == 0 {
		c.Sentence = "There are no user groups to read."
	}
	return c
}

// group looks at one.
func (x *examination) group(ctx context.Context, c *Checked, id, variable string) {
	members, err := patient(ctx, func() ([]string, error) { return x.client.GetUserGroupMembersContext(ctx, id) })
	switch {
	case refused(err, "plan_upgrade_required"):
		c.Fail("Slack has user groups only on a paid plan, so "+variable+" gives nobody a role by "+id+".", "List user IDs in "+variable+" instead.")
	case refused(err, "no_such_subteam", "subteam_not_found"):
		c.Fail(fmt.Sprintf("There is no user group %s (%s) in this workspace, or it is disabled.", id, variable), "Correct "+variable+", or enable the group.")
	case err != nil:
		sentence, mend := slackTrouble(err)
		c.Fail(fmt.Sprintf("The user group %s (%s) can't be read. %s", id, variable, sentence), mend)
	case len(members) == 0:
		c.Warn(fmt.Sprintf("Nobody is in the user group %s (%s).", id, variable), "Add people to it in Slack.")
	}
}

// holder is somebody whom a list gives a role.
type holder struct {
	id, variable string
	approves     bool
	member       Member
	unknown      bool
	err          error
}

// holders are the users on the lists, each once: where their most weighty role is.
func (x *examination) holders() []*holder {
	var all []*holder
	for _, list := range []struct {
		variable string
		ids      []string
		approves bool
	}{{"LATCHKEY_ADMINS", x.Admins, true}, {"LATCHKEY_LEADS", x.Leads, true}, {"LATCHKEY_L2", x.L2, false}, {"LATCHKEY_AGENTS", x.Agents, false}} {
		for _, id := range list.ids {
			known := slices.ContainsFunc(all, func(h *holder) bool { return h.id == id })
			if !strings.HasPrefix(id, "S") && !known {
				all = append(all, &holder{id: id, variable: list.variable, approves: list.approves})
			}
		}
	}
	return all
}

// roles is roles: whether those whom a list names may hold a role, and who approves.
func (x *examination) roles(ctx context.Context) Checked {
	people := x.holders()
	var asking errgroup.Group
	asking.SetLimit(askAtOnce)
	for _, h := range people {
		asking.Go(func() error {
			x.meet(ctx, h)
			return nil
		})
	}
	_ = asking.Wait() // each has its own error
	c, approve := Found("roles", ""), 0
	unasked(&c, people)
	for _, h := range people {
		if x.judge(&c, h) && h.approves {
			approve++
		}
		if h.member.Zone != nil {
			x.zones = append(x.zones, h.member.Zone)
		}
	}
	if c.Status == CheckOK {
		c.Sentence = fmt.Sprintf("Of %d people on the lists, all are full members, and %d may approve.", len(people), approve)
	}
	x.judgeApprovers(&c, people, approve)
	return c
}

// meet asks who somebody is.
func (x *examination) meet(ctx context.Context, h *holder) {
	user, err := patient(ctx, func() (*slack.User, error) { return x.client.GetUserInfoContext(ctx, h.id) })
	switch {
	case refused(err, "user_not_found", "user_not_visible", "users_not_found"):
		h.unknown = true
	case err != nil:
		h.err = err
	default:
		h.member = memberOf(user)
	}
}

// unasked says of whom Slack didn't say who they are, once for each reason: it is mostly
// the same for all.
func unasked(c *Checked, people []*holder) {
	var reasons []string
	whom, mends := map[string][]string{}, map[string]string{}
	for _, h := range people {
		if h.err == nil {
			continue
		}
		sentence, mend := slackTrouble(h.err)
		if whom[sentence] == nil {
			reasons = append(reasons, sentence)
		}
		whom[sentence] = append(whom[sentence], fmt.Sprintf("%s (%s)", h.id, h.variable))
		mends[sentence] = mend
	}
	for _, reason := range reasons {
		c.Warn(fmt.Sprintf("Whether %d of %d people on the lists may hold a role isn't known (%s). %s",
			len(whom[reason]), len(people), fewOf(whom[reason]), reason), mends[reason])
	}
}

// fewOf names a few of a list.
func fewOf(names []string) string {
	const most = 3
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}

// judge says why somebody can't hold a role; true: they do.
func (x *examination) judge(c *Checked, h *holder) bool {
	who, mend := fmt.Sprintf("%s (%s)", h.id, h.variable), "Take who holds no role out of "+h.variable+"."
	switch m := h.member; {
	case h.err != nil: // unasked says so
	case h.unknown:
		c.Fail("Slack knows nobody "+who+".", "Correct the ID in "+h.variable+" (in Slack: their profile, Copy member ID).")
	case m.Deleted:
		c.Warn(who+" is deactivated, and holds no role.", mend)
	case m.Bot:
		c.Fail(who+" is a bot, and holds no role.", mend)
	case m.Guest:
		c.Fail(who+" is a guest, and holds no role.", mend)
	case !m.standsIn(x.team):
		c.Fail(who+" belongs to another workspace, and holds no role.", mend)
	default:
		return true
	}
	return false
}

// judgeApprovers says whether nobody can approve, or use Latchkey at all. What the
// lists alone show, a server says by itself; about who couldn't be asked nothing is known.
func (x *examination) judgeApprovers(c *Checked, people []*holder, approve int) {
	if slices.ContainsFunc(people, func(h *holder) bool { return h.approves && h.err != nil }) {
		return
	}
	listed := slices.ContainsFunc(people, func(h *holder) bool { return h.approves })
	grouped := slices.ContainsFunc(slices.Concat(x.Agents, x.L2), func(id string) bool { return strings.HasPrefix(id, "S") })
	const name = "Name at least two people in LATCHKEY_LEADS or LATCHKEY_ADMINS."
	switch {
	case len(people) == 0 && !grouped && !x.Brief:
		c.Fail("Nobody may use Latchkey: LATCHKEY_AGENTS, _L2, _LEADS and _ADMINS are all unset.", "Set them to IDs of Slack users.")
	case approve == 0 && (listed || !x.Brief):
		c.Warn("Nobody may approve, so what needs a second person is refused.", name)
	case approve == 1:
		c.Warn("Only one person may approve, and never what they ask for themselves.", name)
	}
}
