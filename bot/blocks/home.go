package blocks

import (
	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
)

// HomeView is what an agent sees on the app's Home.
type HomeView struct {
	Looks   []actions.Look        // their last diagnoses, newest first
	Watches []actions.WatchReport // whom they are waiting for, newest first
	Help    Message               // the commands that they may use; its blocks become Home's
}

// How much of each stands on Home; the help below it shouldn't be cut.
const (
	looksOnHome   = 10
	watchesOnHome = 10
)

// Home draws the app's Home: what to press, whom the agent waits for, whom they
// looked up, and what there is to type. At most 100 blocks.
func Home(h HomeView) []slack.Block {
	ask := slack.NewButtonBlockElement(DiagnoseSomebodyAction, "", plainText("Diagnose somebody")).WithStyle(slack.StylePrimary)
	all := []slack.Block{header("Who can't log in?"), slack.NewActionBlock("", ask)}
	if len(h.Watches) > 0 {
		all = append(all, section(list("You are waiting for", h.Watches, watchesOnHome, watchLine)))
	}
	all = append(all, section("*Your last diagnoses*"))
	if len(h.Looks) == 0 {
		all = append(all, note("Nobody yet. They stand here as soon as you have diagnosed somebody."))
	}
	all = append(all, lookLines(first(h.Looks, looksOnHome))...)
	all = append(all, slack.NewDividerBlock())
	return within(maxViewBlocks, append(all, h.Help.Blocks...))
}

func watchLine(r actions.WatchReport) string {
	return joined(capital(watched(r.Person)), "until "+clock(r.Watch.Until))
}
