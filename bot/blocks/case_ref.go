package blocks

import (
	"regexp"
	"strconv"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/escalation"
)

// CaseRef is the value of a button that leads to a list of cases: "WHICH|OFFSET", of those
// that are about days "WHICH+FIRST+N|OFFSET", and "-" for what concerns whoever asks.
func CaseRef(asked escalation.Asked) string {
	if asked == (escalation.Asked{}) {
		return noneChosen
	}
	value := string(asked.Which)
	if asked.Days != (actions.Days{}) {
		value += "+" + asked.Days.First + "+" + strconv.Itoa(asked.Days.N)
	}
	return value + "|" + strconv.Itoa(asked.Offset)
}

// caseParts are what [CaseRef] makes. Buttons from before had no offset.
var caseParts = regexp.MustCompile(`^([a-z_]{1,30})(?:\+(\d{4}-\d\d-\d\d)\+(\d{1,3}))?(?:\|(\d{1,8}))?$`)

// ReadCaseRef reads what [CaseRef] made; ok is false for anything else. Whether there is
// such a list is for the use case to say.
func ReadCaseRef(value string) (asked escalation.Asked, ok bool) {
	if value == noneChosen {
		return asked, true
	}
	parts := caseParts.FindStringSubmatch(value)
	if parts == nil {
		return asked, false
	}
	asked.Which = escalation.Which(parts[1])
	if parts[2] != "" {
		if asked.Days, ok = readRefDays(parts[2], parts[3]); !ok {
			return escalation.Asked{}, false
		}
	}
	if parts[4] != "" {
		if asked.Offset, ok = bounded(parts[4], 0, refOffset); !ok {
			return escalation.Asked{}, false
		}
	}
	return asked, true
}
