package wordpress

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/latchkey-bot/latchkey/actions"
)

// newUser is a user to make, or what changes of one.
type newUser struct {
	Username string   `json:"username,omitempty"`
	Name     string   `json:"name,omitempty"`
	Email    string   `json:"email,omitempty"`
	Password string   `json:"password"`
	Roles    []string `json:"roles"`
}

// Make makes an administrator, or gives the user of that login this password and that
// role, if it has the e-mail address that Latchkey gives: whoever has another one, was
// made by somebody else, who could still get in. WordPress mails nobody about a new user
// of its API.
func (s *Site) Make(ctx context.Context, u actions.SiteUser, password string) (actions.SiteUser, error) {
	ctx, cancel := context.WithTimeout(ctx, actions.SiteLimit)
	defer cancel()
	if !isTemporary(u.Login) || !isLogin(u.Login, loginLimit) {
		return actions.SiteUser{}, notTemporary("make")
	}
	r := request{method: http.MethodPost, route: usersRoute, query: editing(), changing: "made the user", body: newUser{
		Username: u.Login, Name: u.Name, Email: u.Email, Password: password, Roles: []string{administrator},
	}}
	_, body, err := s.call(ctx, r)
	switch codeOf(err) {
	case "existing_user_login", sameAddress:
		return s.takeOver(ctx, u, password, err)
	}
	if err != nil {
		return actions.SiteUser{}, s.refusedName(err)
	}
	return s.made(r, body, u.Login)
}

// made reads an answer about who was made.
func (s *Site) made(r request, body []byte, login string) (actions.SiteUser, error) {
	made, err := readUser(body)
	if err == nil && !strings.EqualFold(made.login, login) {
		err = errors.New("the answer is about another user")
	}
	if err != nil {
		return actions.SiteUser{}, s.unreadable(r, body, err)
	}
	return made.siteUser(), nil
}

// takeOver gives who is there already a password and the role: an earlier try made it,
// and its answer got lost. WordPress looks for the login first and for the address then,
// so that a try at the same moment may be refused for either.
func (s *Site) takeOver(ctx context.Context, u actions.SiteUser, password string, refused error) (actions.SiteUser, error) {
	found, err := s.named(ctx, u.Login)
	if err != nil {
		return actions.SiteUser{}, err
	}
	if len(found) == 0 && codeOf(refused) == sameAddress {
		return actions.SiteUser{}, s.refusedName(refused) // somebody else has it
	}
	if len(found) == 0 {
		return actions.SiteUser{}, actions.Errorf(actions.Conflict,
			"%s says that the login %s is taken, and doesn't show by whom. Please have its list of users looked at, or try again: it gets another login then.", s.name, u.Login)
	}
	if slices.ContainsFunc(found, func(there user) bool { return there.email != u.Email }) {
		return actions.SiteUser{}, actions.Errorf(actions.Conflict,
			"The login %s is taken on %s, by a user whom Latchkey didn't make, so it wasn't given the role. Please try again: it gets another login.", u.Login, s.name)
	}
	r := request{
		method: http.MethodPost, route: routeOf(found[0].id), query: editing(), changing: "changed the user",
		body: newUser{Password: password, Roles: []string{administrator}},
	}
	_, body, err := s.call(ctx, r)
	if err != nil {
		return actions.SiteUser{}, s.refusedName(err)
	}
	return s.made(r, body, u.Login)
}

// sameAddress is the code for an address that a user there has already.
const sameAddress = "existing_user_email"

// refusedNames are the codes about a login, and refusedAddresses those about an
// address, that WordPress doesn't take.
var (
	refusedNames = []string{
		"rest_user_invalid_username", "invalid_username", "user_login_too_long", "empty_user_login", "user_name", "rest_user_invalid_argument",
	}
	refusedAddresses = []string{sameAddress, "rest_user_invalid_email", "invalid_email", "user_email"}
)

// refusedName is an error as it came, unless it is about what was asked for: that is a
// Conflict, and nothing was made.
func (s *Site) refusedName(err error) error {
	var said string
	switch code := codeOf(err); {
	case slices.Contains(refusedNames, code):
		said = "%s doesn't allow the login, so nobody was made. Please try again: it gets another one. If that happens again, a plugin there refuses logins such as " + actions.AdminPrefix + "abc."
	case slices.Contains(refusedAddresses, code):
		said = "%s doesn't take the e-mail address of the temporary admin, or has it already, so nobody was made. Please have its list of users looked at, then try again."
	case code == "rest_invalid_param":
		said = "%s doesn't take the login, the e-mail address or the role of the temporary admin, so nobody was made. Please check that the role administrator is there, and that no plugin refuses such users."
	case code == "rest_user_invalid_password":
		said = "%s doesn't take the generated password, so nobody was made. Please try again: it gets another one."
	case code == "rest_user_invalid_role":
		said = "%s doesn't let Latchkey give the role administrator, so nobody was made. Please have its user there made an administrator."
	default:
		return err
	}
	refused := actions.Errorf(actions.Conflict, said, s.name)
	refused.Cause = err
	return refused
}

// notTemporary is for a login that isn't Latchkey's to touch.
func notTemporary(verb string) error {
	return actions.Errorf(actions.Invalid, "Latchkey doesn't %s users whose login doesn't begin with %s, so it did nothing.", verb, actions.AdminPrefix)
}
