package wordpress

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"github.com/latchkey-bot/latchkey/actions"
)

// nameLimit is how much of a name or an address is kept, in characters.
const nameLimit = 250

// user is a user as the API shows it to who may edit it.
type user struct {
	id           int64
	login        string
	name         string
	email        string
	roles        []string
	capabilities map[string]bool
}

// UnmarshalJSON reads a user. Errors: without an ID or a login it is none.
func (u *user) UnmarshalJSON(text []byte) error {
	var in struct {
		ID           int64  `json:"id"`
		Username     string `json:"username"`
		Name         string `json:"name"`
		Email        string `json:"email"`
		Roles        words  `json:"roles"`
		Capabilities flags  `json:"capabilities"`
	}
	if err := json.Unmarshal(text, &in); err != nil {
		return err
	}
	if in.ID < 1 || !isLogin(in.Username, nameLimit) {
		return errors.New("a user has no ID, or no login")
	}
	*u = user{id: in.ID, login: in.Username, name: plain(in.Name), email: plain(in.Email), roles: in.Roles, capabilities: in.Capabilities}
	return nil
}

// plain is text in one line that isn't too long.
func plain(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, text)
	if runes := []rune(text); len(runes) > nameLimit {
		return string(runes[:nameLimit])
	}
	return text
}

// words is a list of PHP, which is an object in JSON when something was taken out of
// it.
type words []string

// UnmarshalJSON reads a list, or the values of an object.
func (w *words) UnmarshalJSON(text []byte) error {
	if !bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) {
		return json.Unmarshal(text, (*[]string)(w))
	}
	var in map[string]string
	err := json.Unmarshal(text, &in)
	for _, word := range in {
		*w = append(*w, word)
	}
	return err
}

// flags are capabilities. Plugins write 1 and "1" for true, and an empty list is what
// PHP makes of none.
type flags map[string]bool

// UnmarshalJSON reads an object of what PHP takes for true or false.
func (f *flags) UnmarshalJSON(text []byte) error {
	if empty := bytes.TrimSpace(text); bytes.Equal(empty, []byte("[]")) || bytes.Equal(empty, []byte("null")) {
		return nil
	}
	var in map[string]json.RawMessage
	if err := json.Unmarshal(text, &in); err != nil {
		return err
	}
	*f = flags{}
	for name, value := range in {
		switch string(value) {
		case `true`, `1`, `"1"`:
			(*f)[name] = true
		default:
			(*f)[name] = false
		}
	}
	return nil
}

// administrator is the role that may do everything, and the capability that every
// page of its own asks for.
const (
	administrator = "administrator"
	managing      = "manage_options"
)

// siteUser is the user as [actions.Site] returns it. Who has the role, but was taken
// what it is about, isn't an admin.
func (u user) siteUser() actions.SiteUser {
	admin := false
	for _, role := range u.roles {
		admin = admin || role == administrator
	}
	return actions.SiteUser{
		ID: strconv.FormatInt(u.id, 10), Login: u.login, Name: u.name, Email: u.email, Admin: admin && u.capabilities[managing],
	}
}

// readUser reads an answer that is one user.
func readUser(body []byte) (user, error) {
	var u user
	if err := json.Unmarshal(body, &u); err != nil {
		return user{}, unread(err)
	}
	if u.id == 0 {
		return user{}, errors.New("the answer is no user")
	}
	return u, nil
}

// readPage reads an answer that is a page of users, and how many there are in all.
func readPage(header http.Header, body []byte) (users []user, total int, err error) {
	if !bytes.HasPrefix(bytes.TrimSpace(body), []byte("[")) {
		return nil, 0, errors.New("the answer is no list")
	}
	if err := json.Unmarshal(body, &users); err != nil {
		return nil, 0, unread(err)
	}
	for _, u := range users {
		if u.id == 0 {
			return nil, 0, errors.New("the list has something that is no user")
		}
	}
	said, err := strconv.ParseUint(header.Get("X-WP-Total"), 10, 31)
	if err != nil {
		return nil, 0, errors.New("the list doesn't say how long it is")
	}
	return users, int(said), nil
}

// readDeleted reads the answer to a deletion, and returns who is gone.
func readDeleted(body []byte) (user, error) {
	var in struct {
		Deleted  bool `json:"deleted"`
		Previous user `json:"previous"`
	}
	if err := json.Unmarshal(body, &in); err != nil {
		return user{}, unread(err)
	}
	if !in.Deleted || in.Previous.id == 0 {
		return user{}, errors.New("the answer doesn't say who was deleted")
	}
	return in.Previous, nil
}

// unread is why an answer can't be read, without any of it: it may repeat a password.
func unread(err error) error {
	var (
		syntax *json.SyntaxError
		kind   *json.UnmarshalTypeError
	)
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("the answer isn't JSON from its byte %d on", syntax.Offset)
	case errors.As(err, &kind):
		return fmt.Errorf("the answer has something else than a %s at its byte %d", kind.Type, kind.Offset)
	}
	return errors.New("the answer has something else than it should")
}

var codeForm = regexp.MustCompile(`^[a-z0-9_]{1,64}$`)

// readCode is the code of an error, "" when it isn't one of WordPress.
func readCode(body []byte) string {
	var in struct {
		Code string `json:"code"`
	}
	if err := json.Unmarshal(body, &in); err != nil || !codeForm.MatchString(in.Code) {
		return ""
	}
	return in.Code
}
