package actions

import (
	"unicode/utf8"

	"github.com/agnivade/levenshtein"
)

// shortName is the longest name, in letters, that allows only one edit.
const shortName = 5

// NearName reports whether what was typed is nearly somebody's own name: at
// most 2 edits away (Levenshtein, without regard to case), at most 1 when the
// own name has up to 5 characters, and not the same. It is for suggestions
// only; nothing is ever done on a near name.
func NearName(own, typed string) bool {
	most := MaxNameDistance
	if utf8.RuneCountInString(own) <= shortName {
		most = 1
	}
	own, typed = Fold(own), Fold(typed)
	if own == "" || typed == "" || own == typed {
		return false
	}
	if apart := utf8.RuneCountInString(own) - utf8.RuneCountInString(typed); apart > most || apart < -most {
		return false
	}
	return levenshtein.ComputeDistance(own, typed) <= most
}
