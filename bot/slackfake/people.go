package slackfake

// Slackbot is who tells people that an app failed.
const Slackbot = "USLACKBOT"

// Member is somebody in the workspace, or seen from it.
type Member struct {
	ID         string
	Name       string // "Ava Reyes"; empty: the ID
	Title      string // "Support agent"
	Team       string // empty: this workspace
	Deleted    bool   // deactivated
	Bot        bool
	Guest      bool   // in several channels
	UltraGuest bool   // in one channel
	Stranger   bool   // of another workspace, in a shared channel
	Away       bool   // not at Slack
	Zone       string // time zone, such as "Australia/Melbourne"; empty: Slack doesn't say
}

// AddMember adds somebody, or changes who they are. Everybody but a bot has a
// direct message with the app.
func (s *Slack) AddMember(m Member) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m.Team, m.Name = or(m.Team, s.config.Team), or(m.Name, m.ID)
	if _, known := s.members[m.ID]; !known {
		s.order = append(s.order, m.ID)
	}
	s.members[m.ID] = m
	if !m.Bot {
		s.direct(m.ID)
	}
	s.change()
}

// SetPresence says whether somebody is at Slack.
func (s *Slack) SetPresence(user string, active bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m, known := s.members[user]; known {
		m.Away = !active
		s.members[user] = m
	}
}

// people are all whom somebody may meet, the bot and Slackbot last.
func (s *Slack) people() []Person {
	var people []Person
	for _, id := range s.order {
		m := s.members[id]
		people = append(people, Person{ID: id, Name: m.Name, Title: m.Title, Bot: m.Bot, Deleted: m.Deleted})
	}
	return append(people,
		Person{ID: s.config.BotUser, Name: s.config.AppName, Title: "App", Bot: true},
		Person{ID: Slackbot, Name: "Slackbot", Bot: true})
}

// member is somebody in the workspace, be it the app's bot or Slackbot.
func (s *Slack) member(id string) (m Member, ok bool) {
	switch id {
	case s.config.BotUser:
		return Member{ID: id, Name: s.config.AppName, Team: s.config.Team, Bot: true}, true
	case Slackbot:
		return Member{ID: id, Name: "Slackbot", Team: s.config.Team, Bot: true}, true
	}
	m, ok = s.members[id]
	return m, ok
}
