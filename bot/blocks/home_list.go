package blocks

import (
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
)

// homeTitles name the parts of Home that have a list.
var homeTitles = map[actions.HomePart]string{
	actions.HomeApprovals: "Waiting for you, the oldest first",
	actions.HomeVerified:  "Callers verified, the newest first",
	actions.HomeWatches:   "You are waiting for",
}

// HomeRef is the value of a button that leads to the list of a part of Home: "PART|OFFSET".
func HomeRef(of actions.HomePart, offset int) string { return string(of) + "|" + strconv.Itoa(offset) }

// ReadHomeRef reads what [HomeRef] made; ok is false for anything else.
func ReadHomeRef(value string) (of actions.HomePart, offset int, ok bool) {
	named, from, _ := strings.Cut(value, "|")
	of = actions.HomePart(named)
	offset, ok = bounded(from, 0, refOffset)
	return of, offset, ok && homeTitles[of] != ""
}

// restOf is the button that leads to the whole list of a part of Home.
func restOf(of actions.HomePart, label string) []slack.Block {
	return rows(offer{may: true, label: label, action: HomeListAction, value: HomeRef(of, 0)})
}

// HomeList shows a page of a part of Home. links say where the cards of approvals stand, by
// their IDs.
func HomeList(p actions.HomePage, links map[string]string) Message {
	h := HomeView{Now: p.Now, Zone: p.Zone, Links: links}
	var lines []pageLine
	for _, r := range p.Approvals {
		lines = append(lines, homeApproval(h, r))
	}
	for _, r := range p.Verified {
		lines = append(lines, homeCaller(h, r))
	}
	for _, r := range p.Watches {
		lines = append(lines, homeWatch(h, r))
	}
	title := "*" + homeTitles[p.Part] + "*"
	if len(lines) == 0 {
		text := title + ": there is nothing more on it."
		return fit(text, section(text))
	}
	for i, l := range lines {
		if l.block == nil {
			lines[i].block = section(l.text)
		}
	}
	return page(title, lines, p.Offset, p.Total, func(next int) (action, value string) { return HomeListAction, HomeRef(p.Part, next) })
}
