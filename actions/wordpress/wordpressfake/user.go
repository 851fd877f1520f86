package wordpressfake

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// unknownUser is the answer about nobody.
var unknownUser = failure(http.StatusNotFound, "rest_user_invalid_id", "Invalid user ID.")

// list is a page of the users that are looked for.
func (f *Fake) list(caller User, args url.Values) answer {
	if args.Get("context") == "edit" && !caller.can("list_users") {
		return forbidden(caller, "rest_forbidden_context", "Sorry, you are not allowed to edit users.")
	}
	size, number := numeral(args.Get("per_page"), 10), numeral(args.Get("page"), 1)
	if size < 1 || size > 100 || number < 1 {
		return failure(http.StatusBadRequest, "rest_invalid_param", "Invalid parameter(s): per_page")
	}
	found := slices.DeleteFunc(f.sorted(), func(u User) bool {
		return !u.matches(args.Get("search")) || args.Get("slug") != "" && !slices.Contains(strings.Split(args.Get("slug"), ","), u.slug())
	})
	total := len(found)
	found = found[min((number-1)*size, total):min(number*size, total)]
	shown := []any{}
	for _, u := range found {
		shown = append(shown, u.rendered(args))
	}
	return answer{status: http.StatusOK, body: shown, header: http.Header{
		"X-Wp-Total": {strconv.Itoa(total)}, "X-Wp-Totalpages": {strconv.Itoa((total + size - 1) / size)},
	}}
}

// matches reports whether a search finds the user: anywhere in its names and address,
// and with an "@" in its address only. WordPress takes tags and octets out first.
func (u User) matches(search string) bool {
	search = strings.Trim(notSearched.ReplaceAllString(strings.ToLower(search), ""), "* ")
	columns := []string{u.Login, u.Name, u.Email, u.slug()}
	if strings.Contains(search, "@") {
		columns = []string{u.Email}
	}
	return slices.ContainsFunc(columns, func(column string) bool { return strings.Contains(strings.ToLower(column), search) })
}

var notSearched = regexp.MustCompile(`<[^>]*>?|%[a-f0-9]{2}`)

// slug is what stands for the user in addresses: the login, unless it was changed, as
// sanitize_title() of WordPress writes it.
func (u User) slug() string {
	if u.Slug != "" {
		return u.Slug
	}
	slug := strings.NewReplacer(".", "-", " ", "-").Replace(strings.ToLower(u.Login[:min(len(u.Login), 50)]))
	return strings.Trim(dashes.ReplaceAllString(notInSlug.ReplaceAllString(slug, ""), "-"), "-")
}

var (
	notInSlug = regexp.MustCompile(`[^a-z0-9_-]`)
	dashes    = regexp.MustCompile(`-+`)
)

// numeral reads a number, or else is the usual one.
func numeral(text string, usual int) int {
	if n, err := strconv.Atoi(text); err == nil {
		return n
	}
	return usual
}

// show is one user.
func (f *Fake) show(caller User, id int, args url.Values) answer {
	u, found := f.users[id]
	switch {
	case !found:
		return unknownUser
	case id != caller.ID && args.Get("context") == "edit" && !caller.can("list_users"):
		return forbidden(caller, "rest_forbidden_context", "Sorry, you are not allowed to edit users.")
	}
	return answer{status: http.StatusOK, body: u.rendered(args)}
}

var (
	loginForm = regexp.MustCompile(`^[A-Za-z0-9 _.\-@]{1,60}$`)
	emailForm = regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[^@\s]+$`)
)

// create makes a user.
func (f *Fake) create(caller User, args url.Values, lies bool) answer {
	u := User{
		Login: args.Get("username"), Email: args.Get("email"), Password: args.Get("password"), Role: args.Get("roles"), Name: args.Get("name"),
	}
	_, taken := f.named(u.Login)
	_, known := f.addressed(u.Email)
	switch {
	case !caller.can("create_users"):
		return forbidden(caller, "rest_cannot_create_user", "Sorry, you are not allowed to create new users.")
	case !loginForm.MatchString(u.Login):
		return failure(http.StatusBadRequest, "rest_invalid_param", "Invalid parameter(s): username")
	case u.Login == "admin-forbidden":
		return failure(http.StatusBadRequest, "rest_user_invalid_username", "Sorry, that username is not allowed.")
	case !emailForm.MatchString(u.Email):
		return failure(http.StatusBadRequest, "rest_invalid_param", "Invalid parameter(s): email")
	case u.Password == "":
		return failure(http.StatusBadRequest, "rest_missing_callback_param", "Missing parameter(s): password")
	case taken:
		return failure(http.StatusInternalServerError, "existing_user_login", "Sorry, that username already exists!")
	case known:
		return failure(http.StatusInternalServerError, "existing_user_email", "Sorry, that email address is already used!")
	case lies:
		u.ID = f.last + 1
	default:
		u = f.add(u)
	}
	return answer{status: http.StatusCreated, body: u.rendered(args)}
}

// update changes a user's password, role, name and address.
func (f *Fake) update(caller User, id int, args url.Values, lies bool) answer {
	u, found := f.users[id]
	switch {
	case !found:
		return unknownUser
	case !caller.can("edit_users"):
		return forbidden(caller, "rest_cannot_edit", "Sorry, you are not allowed to edit this user.")
	case args.Has("roles") && !caller.can("promote_users"):
		return forbidden(caller, "rest_cannot_edit_roles", "Sorry, you are not allowed to edit roles of this user.")
	}
	for name, field := range map[string]*string{"password": &u.Password, "roles": &u.Role, "name": &u.Name, "email": &u.Email} {
		if args.Has(name) {
			*field = args.Get(name)
		}
	}
	if !lies {
		f.users[id] = u
	}
	return answer{status: http.StatusOK, body: u.rendered(args)}
}

// remove deletes a user, and gives its content to another one. Who may is looked at
// first, then whether this is a multisite, then whether it is for good, and last who
// gets the content.
func (f *Fake) remove(caller User, id int, args url.Values, lies bool) answer {
	u, found := f.users[id]
	heir, inherits := f.users[numeral(args.Get("reassign"), 0)]
	switch {
	case !args.Has("reassign"):
		return failure(http.StatusBadRequest, "rest_missing_callback_param", "Missing parameter(s): reassign")
	case !found:
		return unknownUser
	case !caller.can("delete_users"):
		return forbidden(caller, "rest_user_cannot_delete", "Sorry, you are not allowed to delete this user.")
	case f.multisite:
		return failure(http.StatusNotImplemented, "rest_cannot_delete", "The user cannot be deleted.")
	case args.Get("force") != "true" && args.Get("force") != "1":
		return failure(http.StatusNotImplemented, "rest_trash_not_supported", "Users do not support trashing. Set 'force=true' to delete.")
	case !inherits || heir.ID == id:
		return failure(http.StatusBadRequest, "rest_user_invalid_reassign", "Invalid user ID for reassignment.")
	}
	if !lies {
		delete(f.users, id)
		heir.Posts += u.Posts
		f.users[heir.ID] = heir
	}
	return answer{status: http.StatusOK, body: map[string]any{"deleted": true, "previous": u.rendered(args)}}
}
