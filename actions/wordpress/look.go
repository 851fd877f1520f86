package wordpress

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/latchkey-bot/latchkey/actions"
)

// Look returns the user of a login, or else of an ID whose login is that of a temporary
// admin.
func (s *Site) Look(ctx context.Context, login, id string) (actions.SiteUser, bool, error) {
	ctx, cancel := context.WithTimeout(ctx, actions.SiteLimit)
	defer cancel()
	if login != "" {
		found, err := s.named(ctx, login)
		if err != nil {
			return actions.SiteUser{}, false, err
		}
		if len(found) > 0 {
			return found[0].siteUser(), true, nil
		}
	}
	number, err := strconv.ParseInt(id, 10, 64)
	if err != nil || number < 1 { // no user of a WordPress has such an ID
		return actions.SiteUser{}, false, nil
	}
	u, found, err := s.byID(ctx, number)
	return u.siteUser(), found && isTemporary(u.login), err
}

// Temporary returns every user whose login begins as those of temporary admins do.
func (s *Site) Temporary(ctx context.Context) ([]actions.SiteUser, error) {
	ctx, cancel := context.WithTimeout(ctx, actions.SiteLimit)
	defer cancel()
	users, err := s.search(ctx, actions.AdminPrefix)
	var temporary []actions.SiteUser
	for _, u := range users {
		if isTemporary(u.login) {
			temporary = append(temporary, u.siteUser())
		}
	}
	return temporary, err
}

// named are the users of a login. It is one, or none; but WordPress looks first and
// inserts then, and its table takes a login twice, so two requests at once may make
// two.
func (s *Site) named(ctx context.Context, login string) ([]user, error) {
	users, err := s.search(ctx, wordIn(login))
	var named []user
	for _, u := range users { // a search finds parts of logins, names and addresses, too
		if strings.EqualFold(u.login, login) {
			named = append(named, u)
		}
	}
	return named, err
}

// notInWord is what a search may read as something else than a letter: with an "@" it
// looks at addresses only, "*" stands for anything, and tags and octets are taken out.
var notInWord = regexp.MustCompile(`[^A-Za-z0-9._-]+`)

// wordIn is the longest part of a login by which a search surely finds it.
func wordIn(login string) string {
	longest := ""
	for _, word := range notInWord.Split(login, -1) {
		if len(word) > len(longest) {
			longest = word
		}
	}
	return cmp.Or(longest, login)
}

// first is the user of a login whom the site shows first: by what WordPress makes of a
// login in addresses, or else by a search, of which it reads no more than it has to.
func (s *Site) first(ctx context.Context, login string) (u user, found bool, err error) {
	asked := []string{"slug", slugOf(login)}
	for number := 0; ; number++ {
		if number > 0 {
			asked = []string{"search", wordIn(login)}
		} else if asked[1] == "" {
			continue // of no slug it would show everybody
		}
		users, total, err := s.page(ctx, max(number, 1), asked...)
		if err != nil {
			return user{}, false, err
		}
		if i := slices.IndexFunc(users, func(u user) bool { return strings.EqualFold(u.login, login) }); i >= 0 {
			return users[i], true, nil
		}
		switch seen := number * pageSize; {
		case number > 0 && seen >= total:
			return user{}, false, nil
		case seen >= listLimit:
			return user{}, false, s.tooMany(total)
		}
	}
}

var notInSlug = regexp.MustCompile(`[^a-z0-9_-]+`)

// slugOf is what WordPress makes of a login in addresses, unless somebody else has that
// or it is changed.
func slugOf(login string) string {
	slug := strings.ToLower(login)
	if runes := []rune(slug); len(runes) > slugLimit {
		slug = string(runes[:slugLimit])
	}
	slug = notInSlug.ReplaceAllString(strings.NewReplacer(".", "-", " ", "-").Replace(slug), "")
	return strings.Trim(dashes.ReplaceAllString(slug, "-"), "-")
}

// dashes become one in a slug, which has so many characters at most.
var dashes = regexp.MustCompile(`-+`)

const slugLimit = 50

// byID is the user of an ID; found is false without one.
func (s *Site) byID(ctx context.Context, id int64) (u user, found bool, err error) {
	r := request{method: http.MethodGet, route: routeOf(id), query: editing()}
	_, body, err := s.call(ctx, r)
	if codeOf(err) == unknownUser {
		return user{}, false, nil
	}
	if err != nil {
		return user{}, false, err
	}
	u, err = readUser(body)
	if err == nil && u.id != id {
		err = fmt.Errorf("asked for the user %d, it says who %d is", id, u.id)
	}
	if err != nil {
		return user{}, false, s.unreadable(r, body, err)
	}
	return u, true, nil
}

// unknownUser is the code about an ID that nobody has.
const unknownUser = "rest_user_invalid_id"

// The bounds of a list.
const (
	pageSize  = 50 // at most 100; with a shop's capabilities a user takes 10 kB
	listLimit = 5000
	readings  = 3 // of a list that changes while it is read
)

// search returns every user that has a text somewhere in the login, the name or the
// address, by ID. Only a list that is as long as the site says is one: who isn't shown
// would pass for deleted.
func (s *Site) search(ctx context.Context, text string) ([]user, error) {
	var why error
	for range readings {
		users, changed, err := s.read(ctx, text)
		if err != nil || changed == nil {
			return users, err
		}
		why = changed
	}
	return nil, s.unavailable("doesn't show all of its users to Latchkey, or they change too fast.", untouched,
		"Please check that its user there is an administrator and that no plugin hides users.", why)
}

// read reads a list from its first page to its last; changed says why what came can't
// be all of it.
func (s *Site) read(ctx context.Context, text string) (all []user, changed, err error) {
	total := 0
	seen := map[int64]bool{}
	for page := 1; page == 1 || len(all) < total; page++ {
		users, said, err := s.page(ctx, page, "search", text)
		switch {
		case err != nil:
			return nil, nil, err
		case said > listLimit:
			return nil, nil, s.tooMany(said)
		case page == 1:
			total = said
		}
		want := min(pageSize, total-len(all))
		if said != total || len(users) != want {
			return nil, fmt.Errorf("page %d has %d of %d users, the first said %d", page, len(users), said, total), nil
		}
		for _, u := range users {
			if seen[u.id] {
				return nil, fmt.Errorf("the user %d is on the list twice", u.id), nil
			}
			seen[u.id] = true
		}
		all = append(all, users...)
	}
	return all, nil, nil
}

// page reads one page of a list, and how many users it has in all. What is asked of who
// is on it is name and value by turns.
func (s *Site) page(ctx context.Context, number int, asked ...string) ([]user, int, error) {
	r := request{method: http.MethodGet, route: usersRoute, query: editing(slices.Concat(asked, []string{
		"orderby", "id", "order", "asc", "per_page", strconv.Itoa(pageSize), "page", strconv.Itoa(number),
	})...)}
	header, body, err := s.call(ctx, r)
	if err != nil {
		return nil, 0, err
	}
	users, total, err := readPage(header, body)
	if err != nil {
		return nil, 0, s.unreadable(r, body, err)
	}
	return users, total, nil
}

// tooMany is for a list that is longer than is read.
func (s *Site) tooMany(total int) error {
	return s.unreadable(request{}, nil, fmt.Errorf("the list has %d users", total))
}
