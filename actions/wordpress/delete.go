package wordpress

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/latchkey-bot/latchkey/actions"
)

// Delete deletes the user of a login, and gives its content to the configured user.
// Nobody of that login is no error, as is who was gone a moment later.
func (s *Site) Delete(ctx context.Context, login string) error {
	ctx, cancel := context.WithTimeout(ctx, actions.SiteLimit)
	defer cancel()
	if !isTemporary(login) || strings.EqualFold(login, s.user) || strings.EqualFold(login, s.reassign) {
		return notTemporary("delete")
	}
	found, err := s.named(ctx, login)
	if err != nil || len(found) == 0 {
		return err
	}
	heir, err := s.heir(ctx)
	if err != nil {
		return err
	}
	for _, u := range found {
		if err := s.delete(ctx, u, heir); err != nil {
			return err
		}
	}
	return nil
}

// delete deletes one user for good.
func (s *Site) delete(ctx context.Context, u user, heir int64) error {
	r := request{ // without _fields: a WordPress leaves out of "previous" what isn't among them
		method: http.MethodDelete, route: routeOf(u.id), changing: "deleted the user",
		query: url.Values{"force": {"true"}, "reassign": {strconv.FormatInt(heir, 10)}},
	}
	_, body, err := s.call(ctx, r)
	if codeOf(err) == unknownUser {
		return nil
	}
	if err != nil {
		return err
	}
	gone, err := readDeleted(body)
	if err == nil && gone.id != u.id {
		err = errors.New("the answer is about another user")
	}
	if err != nil {
		return s.unreadable(r, body, err)
	}
	return nil
}

// heir is who gets the content of the deleted: the configured user, or Latchkey's own.
// In a shop many customers may have an address with the login in it, so it is asked for
// by what WordPress makes of a login in addresses, and looked for only when that, which
// can be changed, isn't of the same login.
func (s *Site) heir(ctx context.Context) (int64, error) {
	if s.reassign == "" || strings.EqualFold(s.reassign, s.user) {
		self, err := s.self(ctx)
		return self.id, err
	}
	u, found, err := s.first(ctx, s.reassign)
	if err == nil && !found {
		err = s.turnedAway("has no user "+s.reassign+", who would get the content of a deleted one.",
			"Please have a Latchkey admin add it once more, with another login for that.", errors.New("nobody gets the content"))
	}
	return u.id, err
}
