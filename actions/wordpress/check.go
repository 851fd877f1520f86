package wordpress

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/latchkey-bot/latchkey/actions"
)

// needed are the capabilities that Latchkey's user has to have, and what they are for.
var needed = []struct{ capability, what string }{
	{"list_users", "see the users"},
	{"create_users", "make users"},
	{"promote_users", "give roles"},
	{"edit_users", "change users"},
	{"delete_users", "delete users"},
}

// Check looks whether Latchkey may do all that it needs, and changes nothing.
func (s *Site) Check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, actions.SiteLimit)
	defer cancel()
	self, err := s.self(ctx)
	if err != nil {
		return err
	}
	for _, need := range needed {
		if !self.capabilities[need.capability] {
			return s.turnedAway("doesn't let Latchkey's user "+need.what+" ("+need.capability+").", "Please have it made an administrator there.", errors.New("a capability is missing"))
		}
	}
	heir, err := s.heir(ctx)
	if err != nil {
		return err
	}
	if _, err := s.search(ctx, actions.AdminPrefix); err != nil {
		return err
	}
	return s.canDelete(ctx, self, heir)
}

// self is Latchkey's own user.
func (s *Site) self(ctx context.Context) (user, error) {
	r := request{method: http.MethodGet, route: selfRoute, query: editing()}
	_, body, err := s.call(ctx, r)
	if err != nil {
		return user{}, err
	}
	self, err := readUser(body)
	if err == nil && !strings.EqualFold(self.login, s.user) && !strings.EqualFold(self.email, s.user) {
		err = errors.New("the site takes Latchkey for another user")
	}
	if err != nil {
		return user{}, s.unreadable(r, body, err)
	}
	return self, nil
}

// canDelete asks for what no WordPress does: to put Latchkey's own user into the trash
// instead of deleting it for good. A multisite, whose API deletes nobody, says so
// before it looks at that, and a single site says that it has no trash.
func (s *Site) canDelete(ctx context.Context, self user, heir int64) error {
	r := request{
		method: http.MethodDelete, route: routeOf(self.id), query: editing("force", "false", "reassign", strconv.FormatInt(heir, 10)),
	}
	_, body, err := s.call(ctx, r)
	switch {
	case codeOf(err) == "rest_trash_not_supported":
		return nil
	case codeOf(err) == "rest_user_cannot_delete": // of an administrator who isn't the network's
		return s.turnedAway("doesn't let Latchkey's user delete users, though it is an administrator: it may be a multisite.",
			"A multisite can't be a target; please make and delete temporary admins by hand there.", err)
	case err != nil:
		return err
	}
	return s.unreadable(r, body, errors.New("it says yes to what WordPress doesn't do"))
}
