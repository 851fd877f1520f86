package wordpressfake

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// answer is what the API says.
type answer struct {
	status int
	header http.Header
	body   any
}

// failure is an error of the API.
func failure(status int, code, message string) answer {
	return answer{status: status, body: map[string]any{"code": code, "message": message, "data": map[string]int{"status": status}}}
}

// The routes, with the ID of a user.
const usersRoute = "/wp/v2/users"

var oneRoute = regexp.MustCompile(`^/wp/v2/users/([0-9]+|me)$`)

// answer does what a request asks for.
func (f *Fake) answer(r *http.Request, route string, lies bool) answer {
	f.mu.Lock()
	defer f.mu.Unlock()
	caller := f.caller(r)
	args, ok := arguments(r)
	if !ok {
		return failure(http.StatusBadRequest, "rest_invalid_json", "Invalid JSON body passed.")
	}
	one := oneRoute.FindStringSubmatch(route)
	switch {
	case route == usersRoute && r.Method == http.MethodGet:
		return f.list(caller, args)
	case route == usersRoute && r.Method == http.MethodPost:
		return f.create(caller, args, lies)
	case one == nil:
		return failure(http.StatusNotFound, "rest_no_route", "No route was found matching the URL and request method.")
	}
	id := caller.ID
	if one[1] != "me" {
		id, _ = strconv.Atoi(one[1])
	} else if id == 0 {
		return failure(http.StatusUnauthorized, "rest_not_logged_in", "You are not currently logged in.")
	}
	switch r.Method {
	case http.MethodGet:
		return f.show(caller, id, args)
	case http.MethodPost, http.MethodPut, http.MethodPatch:
		return f.update(caller, id, args, lies)
	case http.MethodDelete:
		return f.remove(caller, id, args, lies)
	}
	return failure(http.StatusNotFound, "rest_no_route", "No route was found matching the URL and request method.")
}

var notInPassword = regexp.MustCompile(`[^A-Za-z0-9]`)

// caller is who asks, without an ID when they don't say who they are, or say it with a
// wrong password: a real one makes no difference between them, either.
func (f *Fake) caller(r *http.Request) User {
	login, password, _ := r.BasicAuth()
	u, found := f.named(login)
	if !found {
		u, found = f.addressed(login)
	}
	if !found || u.Login != Login || notInPassword.ReplaceAllString(password, "") != notInPassword.ReplaceAllString(Password, "") {
		return User{}
	}
	return u
}

// arguments are what a request gives, in its address and, over that, in its body of
// JSON.
func arguments(r *http.Request) (url.Values, bool) {
	args := r.URL.Query()
	if r.Body == nil || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		return args, true
	}
	var given map[string]any
	if err := json.NewDecoder(r.Body).Decode(&given); err != nil {
		return nil, false
	}
	for name, value := range given {
		switch value := value.(type) {
		case string:
			args.Set(name, value)
		case []any:
			args.Del(name)
			for _, one := range value {
				text, _ := one.(string)
				args.Add(name, text)
			}
		}
	}
	return args, true
}

// can reports whether a user may do something.
func (u User) can(capability string) bool {
	if may, set := u.Capabilities[capability]; set {
		return may
	}
	return u.Role == "administrator"
}

// forbidden is 401 for who isn't known, and 403 for who is.
func forbidden(caller User, code, message string) answer {
	if caller.ID == 0 {
		return failure(http.StatusUnauthorized, code, message)
	}
	return failure(http.StatusForbidden, code, message)
}

// rendered is a user as the API shows it to who may edit it, with the fields that are
// asked for.
func (u User) rendered(args url.Values) map[string]any {
	capabilities := map[string]bool{}
	if u.Role != "" {
		capabilities["read"], capabilities[u.Role] = true, true
	}
	if u.Role == "administrator" {
		for _, name := range []string{"manage_options", "edit_users", "list_users", "create_users", "promote_users", "delete_users"} {
			capabilities[name] = true
		}
	}
	for name, may := range u.Capabilities {
		capabilities[name] = may
	}
	shown := map[string]any{
		"id": u.ID, "username": u.Login, "name": u.Name, "email": u.Email, "slug": u.slug(),
		"registered_date": u.Registered.Format("2006-01-02T15:04:05+00:00"), "locale": "en_US",
		"roles": slices.DeleteFunc([]string{u.Role}, func(role string) bool { return role == "" }), "capabilities": capabilities,
	}
	if fields := args.Get("_fields"); fields != "" {
		asked := strings.Split(fields, ",")
		maps.DeleteFunc(shown, func(field string, _ any) bool { return !slices.Contains(asked, field) })
	}
	return shown
}
