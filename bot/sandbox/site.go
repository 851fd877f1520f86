package sandbox

import (
	"net/http"
	"slices"
	"time"
)

// Site is a site that the workspace manages, and who can log in there. Its methods
// are for several goroutines.
type Site struct {
	board
	name, address string
	users         []SiteUser
}

// SiteUser is a user of a site, as its own list shows them.
type SiteUser struct {
	Login     string    `json:"login"`
	Name      string    `json:"name"`
	Role      string    `json:"role"` // "Administrator"
	Since     time.Time `json:"since"`
	Temporary bool      `json:"temporary"` // support made it, and deletes it again
}

// NewSite is a site of that name at an address, of which nothing is known yet.
func NewSite(name, address string) *Site { return &Site{name: name, address: address} }

// Name is what people call it.
func (s *Site) Name() string { return s.name }

// Address is where it is, as people read it.
func (s *Site) Address() string { return s.address }

// Show says who is there now.
func (s *Site) Show(users []SiteUser) {
	if slices.Equal(s.Users(), users) && s.Version() > 0 {
		return
	}
	s.change(func() { s.users = slices.Clone(users) })
}

// Users are those of whom the site was told last.
func (s *Site) Users() []SiteUser {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]SiteUser{}, s.users...)
}

func (s *sandbox) site(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, map[string]any{"users": s.config.Site.Users(), "known": s.config.Site.Version() > 0})
}
