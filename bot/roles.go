package bot

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"

	"github.com/latchkey-bot/latchkey/actions"
)

// roster knows who holds which role. Roles are given by the configuration, to
// users or to groups; Slack says who is in a group, and whether somebody is
// still a full member of the workspace, since guests, bots, deactivated and
// foreign people never hold a role.
type roster struct {
	workspace Workspace
	users     map[string]actions.Roles
	groups    map[string]actions.Roles
	groupIDs  []string

	members *lookup[Member]
	group   *lookup[map[string]bool]
	selves  *lookup[Self]
	log     *slog.Logger

	mu   sync.Mutex
	self *Self // once known it doesn't change while the token doesn't
}

func newRoster(config Config) *roster {
	r := &roster{
		workspace: config.Workspace, users: map[string]actions.Roles{}, groups: map[string]actions.Roles{}, log: config.Log,
	}
	r.list(config.Agents, actions.RoleAgent)
	r.list(config.L2, actions.RoleL2)
	r.list(config.Leads, actions.RoleLead)
	r.list(config.Admins, actions.RoleAdmin)
	r.members = newLookup(config.Now, r.workspace.Member)
	r.group = newLookup(config.Now, r.askGroup)
	r.selves = newLookup(config.Now, func(ctx context.Context, _ string) (Self, error) { return r.workspace.Self(ctx) })
	return r
}

// list gives a role to users and groups.
func (r *roster) list(ids []string, role actions.Role) {
	for _, id := range ids {
		if !strings.HasPrefix(id, "S") {
			r.users[id] |= actions.RolesOf(role)
			continue
		}
		if r.groups[id] == 0 {
			r.groupIDs = append(r.groupIDs, id)
		}
		r.groups[id] |= actions.RolesOf(role)
	}
}

// askGroup asks who is in a group. A group that can't be read is empty, so
// that those who are listed by user ID still hold their roles.
func (r *roster) askGroup(ctx context.Context, id string) (map[string]bool, error) {
	members, err := r.workspace.Group(ctx, id)
	if errors.Is(err, ErrNoGroup) {
		r.log.ErrorContext(ctx, "a user group gives nobody a role", "group", id, "error", err)
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	set := make(map[string]bool, len(members))
	for _, member := range members {
		set[member] = true
	}
	return set, nil
}

// rolesOf returns the roles that somebody holds. Slack's word is good for five
// minutes for reading; for writing it is asked anew. When Slack can't be asked,
// the error is Unavailable, and the same for everybody; the roles are then
// those known without asking, which may be fewer than somebody has.
func (r *roster) rolesOf(ctx context.Context, team, user string, fresh bool) (actions.Roles, error) {
	self, err := r.whoami(ctx)
	if err != nil {
		return 0, err
	}
	if team != self.Team {
		return 0, nil
	}
	granted, unsure := r.granted(ctx, user, fresh)
	if granted == 0 {
		return 0, unsure
	}
	member, err := r.members.get(ctx, user, fresh)
	if err != nil {
		return 0, r.unavailable(ctx, err)
	}
	if !member.standsIn(self.Team) {
		return 0, nil
	}
	return granted, unsure
}

// standsIn reports whether somebody is a full member of a workspace, and so may
// hold a role.
func (m Member) standsIn(team string) bool {
	return !m.Deleted && !m.Bot && !m.Guest && !m.Foreign && slices.Contains(m.Teams, team)
}

// granted returns the roles that the lists give to somebody, whoever they are.
// Its error says that some groups couldn't be read.
func (r *roster) granted(ctx context.Context, user string, fresh bool) (actions.Roles, error) {
	granted := r.users[user]
	var unsure error
	for _, id := range r.groupIDs {
		roles := r.groups[id]
		if granted&roles == roles {
			continue // nothing to gain
		}
		if members, known := r.group.remembered(id, keepRefusal); known && !members[user] {
			continue
		}
		members, err := r.group.get(ctx, id, fresh)
		if err != nil {
			unsure = r.unavailable(ctx, err)
		}
		if members[user] {
			granted |= roles
		}
	}
	return granted, unsure
}

// whoami returns who the bot is, asked once.
func (r *roster) whoami(ctx context.Context) (Self, error) {
	r.mu.Lock()
	self := r.self
	r.mu.Unlock()
	if self != nil {
		return *self, nil
	}
	asked, err := r.selves.get(ctx, "", false)
	if err != nil {
		return Self{}, r.unavailable(ctx, err)
	}
	r.know(asked)
	return asked, nil
}

func (r *roster) know(self Self) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.self = &self
}

// check asks who the bot is, whatever is remembered.
func (r *roster) check(ctx context.Context) error {
	self, err := r.workspace.Self(ctx)
	if err != nil {
		return err
	}
	r.know(self)
	return nil
}

// unavailable says that Slack can't be asked, the same to everybody.
func (r *roster) unavailable(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return &actions.Error{
		Code: actions.Unavailable, Cause: err,
		Sentence: "I can't check who you are, because Slack doesn't answer me, so I did nothing. Please try again in a minute.",
	}
}
