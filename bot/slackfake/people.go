package slackfake

// Member is somebody in the workspace, or seen from it.
type Member struct {
	ID         string
	Team       string // empty: this workspace
	Deleted    bool   // deactivated
	Bot        bool
	Guest      bool // in several channels
	UltraGuest bool // in one channel
	Stranger   bool // of another workspace, in a shared channel
}

// AddMember adds somebody, or changes who they are.
func (s *Slack) AddMember(m Member) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m.Team == "" {
		m.Team = s.config.Team
	}
	s.members[m.ID] = m
}

// SetGroup makes a user group of these users.
func (s *Slack) SetGroup(id string, users ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.groups[id] = users
}

func (s *Slack) member(id string) (Member, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, ok := s.members[id]
	return m, ok
}

func (s *Slack) group(id string) ([]string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	users, ok := s.groups[id]
	return users, ok
}
