package escalation

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Level is what a case of a kind and priority is given: working time until its
// first claim and until its resolution.
type Level struct{ First, Resolution time.Duration }

// Levels are the service levels by kind and priority. A missing one is that of
// [DefaultLevels].
type Levels map[Kind]map[Priority]Level

// DefaultLevels are the service levels unless the company has its own.
func DefaultLevels() Levels {
	const m, h = time.Minute, time.Hour
	return Levels{
		Blocklist: {Normal: {2 * h, 8 * h}, Urgent: {30 * m, 4 * h}},
		Account:   {Normal: {2 * h, 8 * h}, Urgent: {30 * m, 4 * h}},
		Security:  {Normal: {30 * m, 4 * h}, Urgent: {15 * m, 2 * h}},
		Delivery:  {Normal: {4 * h, 16 * h}, Urgent: {1 * h, 8 * h}},
		Other:     {Normal: {4 * h, 24 * h}, Urgent: {1 * h, 8 * h}},
	}
}

// Of returns the level of a kind and priority.
func (l Levels) Of(kind Kind, priority Priority) Level {
	if level, own := l[kind][priority]; own {
		return level
	}
	return DefaultLevels()[kind][priority]
}

// The shortest and the longest time of a service level.
const (
	levelLeast = time.Minute
	levelMost  = 1000 * time.Hour
)

var errLevels = errors.New("must hold KIND=FIRST/RESOLUTION or KIND/PRIORITY=FIRST/RESOLUTION, by comma, such as security/urgent=15m/4h,other=1h/24h")

// ParseLevels reads a company's own service levels, over those of [DefaultLevels]:
// KIND[/PRIORITY]=FIRST/RESOLUTION by comma, such as "security/urgent=15m/4h,other=1h/24h";
// without a priority it is meant for both, but for one that is named, too. Its error
// is a sentence that says what can't be read, without its beginning, which is the
// name of what was read.
func ParseLevels(text string) (Levels, error) {
	levels, named := DefaultLevels(), map[string]bool{}
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.ToLower(strings.TrimSpace(part)); part == "" {
			continue
		}
		whose, what, ok := strings.Cut(part, "=")
		if !ok {
			return nil, errLevels
		}
		whose = strings.TrimSpace(whose)
		if named[whose] {
			return nil, fmt.Errorf("names %q twice", whose)
		}
		kind, priorities, err := parseWhose(whose)
		if err != nil {
			return nil, err
		}
		level, err := parseLevel(what)
		if err != nil {
			return nil, err
		}
		named[whose] = true
		for _, priority := range priorities {
			if len(priorities) == 1 || !named[whose+"/"+string(priority)] {
				levels[kind][priority] = level
			}
		}
	}
	return levels, nil
}

// parseWhose reads a kind, and the priorities that are meant.
func parseWhose(text string) (Kind, []Priority, error) {
	name, urgency, one := strings.Cut(text, "/")
	kind, priorities := Kind(name), []Priority{Normal, Urgent}
	if !slices.Contains(Kinds(), kind) {
		return "", nil, fmt.Errorf("names a kind of case that there isn't: %.20q; there are %s", name, kindNames())
	}
	if !one {
		return kind, priorities, nil
	}
	if !slices.Contains(priorities, Priority(urgency)) {
		return "", nil, fmt.Errorf("names a priority that there isn't: %.20q; there are %s and %s", urgency, Normal, Urgent)
	}
	return kind, []Priority{Priority(urgency)}, nil
}

// kindNames are the kinds in words.
func kindNames() string {
	var names []string
	for _, kind := range Kinds() {
		names = append(names, string(kind))
	}
	return strings.Join(names, ", ")
}

// parseLevel reads the times of a level, such as "15m/4h".
func parseLevel(text string) (Level, error) {
	first, resolution, ok := strings.Cut(text, "/")
	if !ok {
		return Level{}, errLevels
	}
	var level Level
	var err, bad error
	level.First, err = time.ParseDuration(strings.TrimSpace(first))
	level.Resolution, bad = time.ParseDuration(strings.TrimSpace(resolution))
	for _, d := range []time.Duration{level.First, level.Resolution} {
		if err != nil || bad != nil || d < levelLeast || d > levelMost || d%time.Second != 0 {
			return Level{}, errors.New("must give times from 1m to 1000h, in whole seconds, such as 30m, 4h or 1h30m")
		}
	}
	if level.Resolution < level.First {
		return Level{}, errors.New("must give a case at least as much time until it is resolved as until it is claimed")
	}
	return level, nil
}
