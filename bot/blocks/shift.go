package blocks

import (
	"fmt"

	"github.com/latchkey-bot/latchkey/escalation"
)

// ShiftHanded says what became of somebody's cases at the end of their shift.
func ShiftHanded(s escalation.Shift) Message {
	text := fmt.Sprintf("%s gone over to %s, who sees them on their Home and in their direct message.", count(s.Moved, "case has", "cases have"), mention(s.To))
	if s.Moved == 0 {
		text = "No case went over."
	}
	if n := len(s.Left); n > 0 {
		text += fmt.Sprintf(" %s hands only to somebody of L2, or somebody else was faster.", count(n, "case stays yours: it changes", "cases stay yours: they change"))
	}
	if s.More {
		text += " There are more: please hand over once again."
	}
	return fit(text, section(text))
}
