package slackfake

import (
	"maps"
	"slices"
)

// Group is a user group.
type Group struct {
	ID     string   `json:"id"`     // "S0L2"
	Handle string   `json:"handle"` // what it is called, without its @: "support-melbourne"; empty: the ID
	Users  []string `json:"users"`  // user IDs
}

// AddGroup adds a user group, or changes what it is.
func (s *Slack) AddGroup(g Group) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.setGroup(g)
}

func (s *Slack) setGroup(g Group) {
	g.Handle = or(g.Handle, g.ID)
	s.groups[g.ID] = g
	s.change()
}

// SetGroup makes a user group of these users. One that is there keeps its
// handle.
func (s *Slack) SetGroup(id string, users ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.setGroup(Group{ID: id, Handle: s.groups[id].Handle, Users: users})
}

// RemoveGroup removes a user group.
func (s *Slack) RemoveGroup(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.groups, id)
	s.change()
}

// handles are the groups by their IDs.
func (s *Slack) handles() []Group {
	all := []Group{}
	for _, id := range slices.Sorted(maps.Keys(s.groups)) {
		all = append(all, s.groups[id])
	}
	return all
}
