package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/slack-go/slack"
)

// Workspace is what the bot asks of Slack: who the people in it are, and to
// show them something.
type Workspace interface {
	Messenger
	// Self says who the bot is (auth.test). It returns [ErrTokenRefused] when
	// Slack doesn't take the token.
	Self(ctx context.Context) (Self, error)
	// Member says who somebody is (users.info). Somebody whom Slack doesn't know
	// is no error but a Member that is Deleted.
	Member(ctx context.Context, id string) (Member, error)
	// Group returns the user IDs of a user group (usergroups.users.list). It
	// returns [ErrNoGroup] when there is none to ask for.
	Group(ctx context.Context, id string) ([]string, error)
	// Presence reports whether somebody is at Slack now (users.getPresence).
	Presence(ctx context.Context, id string) (active bool, err error)
}

// Self is who the bot is.
type Self struct {
	Team string // the workspace's ID
	User string // the bot's own user ID
	URL  string // where people see the workspace, such as https://acme.slack.com/
}

// Member is somebody in the workspace.
type Member struct {
	Teams   []string // IDs of the workspaces they belong to
	Deleted bool     // deactivated, or unknown
	Bot     bool
	Guest   bool // restricted to some channels
	Foreign bool // of another company, in a shared channel
	// Name is what colleagues and customers know them by; "" when Slack doesn't say.
	Name string
	// Zone is the time zone that they have set; nil when Slack doesn't say.
	Zone *time.Location
}

// ErrTokenRefused says that Slack doesn't take the bot token: it is wrong,
// revoked, or lacks a scope. Waiting doesn't mend it.
var ErrTokenRefused = errors.New("slack refused the bot token; please take the “Bot User OAuth Token” of the app's page “OAuth & Permissions”")

// ErrNoGroup says that a user group can't be read, now or later: it doesn't
// exist, the workspace has no paid plan, or the app lacks a scope.
var ErrNoGroup = errors.New("the user group can't be read")

// webTimeout is how long one request to Slack may take.
const webTimeout = 5 * time.Second

// NewWorkspace returns the Workspace behind a bot token. apiURL is where
// Slack's Web API is, empty for Slack's own; transport carries the requests,
// nil for the default one.
func NewWorkspace(token, apiURL string, transport http.RoundTripper) Workspace {
	return newWebWorkspace(token, apiURL, transport)
}

func newWebWorkspace(token, apiURL string, transport http.RoundTripper) *webWorkspace {
	// The library's own client would wait for ever.
	options := []slack.Option{slack.OptionHTTPClient(&http.Client{Timeout: webTimeout, Transport: transport})}
	if apiURL != "" {
		options = append(options, slack.OptionAPIURL(apiURL))
	}
	return &webWorkspace{client: slack.New(token, options...)}
}

// webWorkspace asks Slack's Web API.
type webWorkspace struct{ client *slack.Client }

// Self calls auth.test.
func (w *webWorkspace) Self(ctx context.Context) (Self, error) {
	answer, err := w.client.AuthTestContext(ctx)
	if tokenRefused(err) {
		return Self{}, fmt.Errorf("%w (%w)", ErrTokenRefused, err)
	}
	if err != nil {
		return Self{}, fmt.Errorf("asking Slack who the bot is: %w", err)
	}
	return Self{Team: answer.TeamID, User: answer.UserID, URL: answer.URL}, nil
}

// tokenRefused reports whether Slack doesn't take the token.
func tokenRefused(err error) bool {
	return refused(err, "invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "not_allowed_token_type", "no_permission")
}

// Member calls users.info.
func (w *webWorkspace) Member(ctx context.Context, id string) (Member, error) {
	user, err := w.client.GetUserInfoContext(ctx, id)
	if refused(err, "user_not_found", "user_not_visible", "users_not_found") {
		return Member{Deleted: true}, nil
	}
	if err != nil {
		return Member{}, fmt.Errorf("asking Slack who %s is: %w", id, err)
	}
	return memberOf(user), nil
}

// memberOf is somebody as Slack describes them.
func memberOf(user *slack.User) Member {
	return Member{
		Teams:   append([]string{user.TeamID}, user.Enterprise.Teams...),
		Deleted: user.Deleted,
		Bot:     user.IsBot || user.IsConnectorBot || user.IsWorkflowBot || user.ID == "USLACKBOT",
		Guest:   user.IsRestricted || user.IsUltraRestricted,
		Foreign: user.IsStranger,
		Name:    cmp.Or(user.Profile.RealName, user.RealName, user.Profile.DisplayName),
		Zone:    zoneOf(user.TZ, user.TZOffset),
	}
}

// zoneOf is somebody's time zone: by its name, which knows of daylight saving,
// or else by how many seconds it is ahead of UTC now.
func zoneOf(name string, offset int) *time.Location {
	if name == "" {
		return nil
	}
	if zone, err := time.LoadLocation(name); err == nil {
		return zone
	}
	return time.FixedZone(name, offset)
}

// Presence calls users.getPresence.
func (w *webWorkspace) Presence(ctx context.Context, id string) (bool, error) {
	presence, err := w.client.GetUserPresenceContext(ctx, id)
	if err != nil {
		return false, fmt.Errorf("asking Slack whether %s is there: %w", id, err)
	}
	return presence.Presence == "active", nil
}

// Group calls usergroups.users.list.
func (w *webWorkspace) Group(ctx context.Context, id string) ([]string, error) {
	members, err := w.client.GetUserGroupMembersContext(ctx, id)
	switch {
	case refused(err, "plan_upgrade_required"):
		return nil, fmt.Errorf("%w: Slack has user groups only on a paid plan; please list user IDs instead (%w)", ErrNoGroup, err)
	case refused(err, "missing_scope"):
		return nil, fmt.Errorf("%w: the app lacks the scope usergroups:read; please install it again from the manifest (%w)", ErrNoGroup, err)
	case refused(err, "no_such_subteam", "subteam_not_found"):
		return nil, fmt.Errorf("%w: there is no group %s in this workspace (%w)", ErrNoGroup, id, err)
	case err != nil:
		return nil, fmt.Errorf("asking Slack who is in the group %s: %w", id, err)
	}
	return members, nil
}

// refused reports whether Slack answered with one of the codes.
func refused(err error, codes ...string) bool {
	var answer slack.SlackErrorResponse
	return errors.As(err, &answer) && slices.Contains(codes, answer.Err)
}
