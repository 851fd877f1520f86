package blocks

import (
	"time"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/escalation"
)

// The action_ids of Home's buttons that nothing else has; but for the last they have no value.
const (
	SendSecretAction       = "home_secret"
	AskSecretAction        = "home_request"
	EscalateSomebodyAction = "home_escalate"
	SecretListAction       = "secret_list" // one's own secrets and requests
	HomeListAction         = "home_list"   // the rest of a part of Home: [HomeRef]
)

// HomeView is what a person sees on the app's Home. The zero value of each part is one
// that there is nothing of.
type HomeView struct {
	Viewer        actions.Roles
	Zone          *time.Location // of the team; nil: UTC
	Now           time.Time
	Cases         escalation.Part // the viewer's open ones, late ones before all
	Secrets       []actions.SecretReport
	MoreSecrets   int // and requests
	Requests      []actions.RequestReport
	Admins        actions.AdminList // the viewer's own
	Approvals     []actions.OperationReport
	MoreApprovals int
	Verified      []actions.VerificationReport // callers who are proven now
	MoreVerified  int
	Queue         *escalation.Part       // what L2 looks at first; nil: not shown
	Today         *actions.LockoutReport // today's numbers; nil: not shown
	Desk          escalation.Numbers     // beside Today
	Uncounted     bool                   // Today is to be shown, and couldn't be counted
	Incidents     []actions.Incident
	Links         map[string]string     // where a card stands, by the ID of its case or approval; "" or none: unknown
	Looks         []actions.Look        // their last diagnoses, newest first
	Watches       []actions.WatchReport // whom they are waiting for, newest first
	Help          Message               // the commands that they may use; its blocks become Home's
}

// How much Home has room for.
const (
	rowsOnHome = 10    // of a part
	helpOnHome = 3_500 // of the help, which stands last and matters least
)

// Home draws the app's Home: what to press; what waits for the viewer, what of theirs is open
// or has a clock, and whom they wait for; the queue for L2 and the numbers for leads; whom they
// looked up, and what there is to type. At most 100 blocks, and of everything as much as there
// is room for: each part says how much more there is.
func Home(h HomeView) []slack.Block {
	top, bottom := homeTop(h), append(blocksOf(slack.NewDividerBlock()), h.Help.Blocks...)
	room := maxMessage - 2*roomForRest - sizeOf(top) - min(sizeOf(bottom), helpOnHome)
	places := maxViewBlocks - len(top) - len(bottom)
	all := append(top, shared(homeParts(h), room, places)...)
	return within(maxViewBlocks, append(all, bottom...))
}

// homeTop are the quick actions.
func homeTop(h HomeView) []slack.Block {
	may := func(act actions.Act) bool { return actions.May(h.Viewer, act) }
	all := append(blocksOf(header("Who can't log in?")), rows(
		offer{may: true, label: "Diagnose somebody", action: DiagnoseSomebodyAction, value: noneChosen, style: slack.StylePrimary},
		offer{may: may(actions.ActSecret), label: "Send a secret", action: SendSecretAction, value: noneChosen},
		offer{may: may(actions.ActSecretRequest), label: "Ask for a secret", action: AskSecretAction, value: noneChosen},
		offer{may: may(actions.ActEscalate), label: labelOf(actions.ActEscalate), action: EscalateSomebodyAction, value: noneChosen},
		offer{may: may(actions.ActAdminLook), label: "Show temporary admins", action: AdminListAction, value: noneChosen},
	)...)
	if h.Now.IsZero() {
		return all
	}
	return append(all, note("As of "+clock(h.Now)))
}

// homePart is a part of Home: a title, rows, and how many more there are.
type homePart struct {
	title string
	rows  []pageLine // without blocks, they stand in one paragraph
	more  int        // beyond the rows
	none  string     // what is said when there is no row; "" when nothing is
	whole bool       // its rows matter more than further ones of the others
	below []slack.Block
	// shorten are the buttons below when not all rows are shown.
	shorten []slack.Block
}

// draw makes a part with the first n of its rows.
func (p homePart) draw(n int) []slack.Block {
	more := p.more + len(p.rows) - n
	var all []slack.Block
	switch {
	case len(p.rows)+p.more == 0 && p.none == "":
		return nil
	case len(p.rows)+p.more == 0:
		all = blocksOf(section("*"+p.title+"*"), note(p.none))
	case n == 0 || p.rows[0].block == nil:
		all = blocksOf(section(roomy(p.title, mapped(p.rows[:n], func(l pageLine) string { return l.text }), more)))
	default:
		all = blocksOf(section("*" + p.title + "*"))
		for _, row := range p.rows[:n] {
			all = append(all, row.block)
		}
		if more > 0 {
			all = append(all, note("and "+count(more, "more", "more")))
		}
	}
	if more > 0 {
		all = append(all, p.shorten...)
	}
	for _, block := range all {
		cut(block)
	}
	return append(all, p.below...)
}

// shared draws the parts with as many rows as there is room for. First each gets one, then those
// that are to be there as a whole, then all of them one row after the other, in turn, so that a
// long part doesn't take it all.
func shared(parts []homePart, room, places int) []slack.Block {
	s := sharing{parts: parts, drawn: make([][]slack.Block, len(parts)), shown: make([]int, len(parts)), room: room, places: places}
	for i, p := range parts {
		s.drawn[i] = p.draw(0)
		s.room, s.places = s.room-sizeOf(s.drawn[i]), s.places-len(s.drawn[i])
	}
	s.turn()
	for i, p := range parts {
		for grows := p.whole; grows; {
			grows = s.grow(i)
		}
	}
	for grows := true; grows; {
		grows = s.turn()
	}
	var all []slack.Block
	for _, blocks := range s.drawn {
		all = append(all, blocks...)
	}
	return all
}

// sharing is how room is shared among the parts of Home.
type sharing struct {
	parts        []homePart
	drawn        [][]slack.Block
	shown        []int // rows
	room, places int   // that are left: characters, blocks
}

// turn gives each part another row, and reports whether one of them had room.
func (s *sharing) turn() (grew bool) {
	for i := range s.parts {
		grew = s.grow(i) || grew
	}
	return grew
}

// grow gives a part another row, if it has one and there is room.
func (s *sharing) grow(i int) bool {
	p := s.parts[i]
	if s.shown[i] == min(len(p.rows), rowsOnHome) {
		return false
	}
	longer := p.draw(s.shown[i] + 1)
	size, blocks := sizeOf(longer)-sizeOf(s.drawn[i]), len(longer)-len(s.drawn[i])
	if size > s.room || blocks > s.places {
		return false
	}
	s.drawn[i], s.shown[i] = longer, s.shown[i]+1
	s.room, s.places = s.room-size, s.places-blocks
	return true
}
