package escalation

import (
	"strings"
	"testing"
	"time"
)

func TestParseLevels(t *testing.T) {
	const hour = time.Hour
	for name, c := range map[string]struct {
		text                   string
		kind                   Kind
		wantNormal, wantUrgent Level
	}{
		"Defaults":        {"", Blocklist, Level{2 * hour, 8 * hour}, Level{hour / 2, 4 * hour}},
		"OthersStay":      {"other=1h/24h", Delivery, Level{4 * hour, 16 * hour}, Level{hour, 8 * hour}},
		"Both":            {"other=1h/24h", Other, Level{hour, 24 * hour}, Level{hour, 24 * hour}},
		"One":             {"security/urgent=15m/4h", Security, Level{hour / 2, 4 * hour}, Level{hour / 4, 4 * hour}},
		"OneAfterBoth":    {"other=1h/24h,other/urgent=1h/2h", Other, Level{hour, 24 * hour}, Level{hour, 2 * hour}},
		"OneBeforeBoth":   {"other/urgent=1h/2h,other=1h/24h", Other, Level{hour, 24 * hour}, Level{hour, 2 * hour}},
		"SpacesAndLetter": {" Other/Normal = 90m / 1h30m ,", Other, Level{hour * 3 / 2, hour * 3 / 2}, Level{hour, 8 * hour}},
		"Bounds":          {"other=1m/1000h", Other, Level{time.Minute, 1000 * hour}, Level{time.Minute, 1000 * hour}},
	} {
		t.Run(name, func(t *testing.T) {
			levels, err := ParseLevels(c.text)
			must(t, err)
			if normal, urgent := levels.Of(c.kind, Normal), levels.Of(c.kind, Urgent); normal != c.wantNormal || urgent != c.wantUrgent {
				t.Errorf("the levels are %v and %v, not %v and %v", normal, urgent, c.wantNormal, c.wantUrgent)
			}
		})
	}
}

func TestParseLevelsRefuses(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"NoTimes":           {"other", "must hold KIND=FIRST/RESOLUTION"},
		"OneTime":           {"other=1h", "must hold KIND=FIRST/RESOLUTION"},
		"UnknownKind":       {"mail=1h/2h", `a kind of case that there isn't: "mail"; there are blocklist,`},
		"NoKind":            {"=1h/2h", `a kind of case that there isn't: ""`},
		"UnknownPriority":   {"other/high=1h/2h", `a priority that there isn't: "high"; there are normal and urgent`},
		"NoPriority":        {"other/=1h/2h", `a priority that there isn't: ""`},
		"Twice":             {"other=1h/2h,other=1h/3h", `names "other" twice`},
		"NoDuration":        {"other=1/2", "must give times from 1m to 1000h"},
		"ThreeTimes":        {"other=1h/2h/3h", "must give times from 1m to 1000h"},
		"TooShort":          {"other=59s/2h", "must give times from 1m to 1000h"},
		"TooLong":           {"other=1h/1001h", "must give times from 1m to 1000h"},
		"Negative":          {"other=-1h/2h", "must give times from 1m to 1000h"},
		"PartsOfASecond":    {"other=61500ms/2h", "must give times from 1m to 1000h"},
		"ResolvedTooEarly":  {"other=2h/1h", "at least as much time until it is resolved"},
		"OneOfSeveral":      {"other=1h/2h,security=x/y", "must give times from 1m to 1000h"},
		"LongNameIsCut":     {strings.Repeat("x", 500) + "=1h/2h", `"xxxxxxxxxxxxxxxxxxxx";`},
		"BothAndOneOfThree": {"other/urgent/normal=1h/2h", `a priority that there isn't: "urgent/normal"`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ParseLevels(c.text)
			if err == nil || !strings.Contains(err.Error(), c.want) || len(err.Error()) > 200 {
				t.Errorf("the error is %v, not %q", err, c.want)
			}
		})
	}
}

// TestLevelsOf holds that every case is timed, whatever the company named.
func TestLevelsOf(t *testing.T) {
	own := Levels{Other: {Normal: {time.Hour, 2 * time.Hour}}}
	if got := own.Of(Other, Normal); got != (Level{time.Hour, 2 * time.Hour}) {
		t.Errorf("the company's own level is %v", got)
	}
	for _, kind := range Kinds() {
		normal, urgent := DefaultLevels()[kind][Normal], DefaultLevels()[kind][Urgent]
		if urgent.First <= 0 || urgent.First > normal.First || urgent.Resolution > normal.Resolution || urgent.First > urgent.Resolution {
			t.Errorf("%s has %v, and %v when it is urgent", kind, normal, urgent)
		}
		if got := own.Of(kind, Urgent); got != urgent {
			t.Errorf("%s has %v without a level of the company's", kind, got)
		}
	}
	if got := Levels(nil).Of(Security, Normal); got != DefaultLevels()[Security][Normal] {
		t.Errorf("without levels %v", got)
	}
}
