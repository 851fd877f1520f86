package actions

import (
	"fmt"
	"slices"
	"time"
)

// mfaFailed: the second factor failed last.
func mfaFailed(s *situation) *verdict {
	return s.endedBy(MFAFailed, "The second factor failed.")
}

// codesWindow is the time before an attempt in which more than one code makes
// it likely that an older one was typed.
const codesWindow = time.Hour

// codeSuperseded: an older code than the newest was typed (RULES S2.5).
func codeSuperseded(s *situation) *verdict {
	if v := s.endedBy(CodeSuperseded, "They typed an older code; only the newest works."); v != nil {
		return v
	}
	codes := s.codesBefore(CodeWrong)
	if len(codes) < 2 {
		return nil
	}
	evidence := s.ending()
	for _, c := range codes[:min(len(codes), 3)] {
		evidence = append(evidence, sent(c))
	}
	return &verdict{
		grade: Indicated, evidence: evidence,
		summary: fmt.Sprintf("The code was wrong, and %d were sent in the hour before: probably not the newest one.", len(codes)),
	}
}

// codesBefore returns the codes sent in the hour before the last attempt, when
// that ended with the outcome.
func (s *situation) codesBefore(outcome Outcome) []LoginCode {
	if !s.ended(outcome) {
		return nil
	}
	var codes []LoginCode
	for _, c := range s.Codes {
		if !c.SentAt.After(s.last.At) && !c.SentAt.Before(s.last.At.Add(-codesWindow)) {
			codes = append(codes, c)
		}
	}
	return codes
}

// sent is the evidence of a code.
func sent(c LoginCode) Evidence {
	return Evidence{At: c.SentAt, Source: fromCode, Text: "a code was sent by " + c.Channel.Words()}
}

// codeExpired: the code had run out.
func codeExpired(s *situation) *verdict {
	return s.endedBy(CodeExpired, "The code had run out when they typed it.")
}

// codeWrong: the code was wrong, and there was only one it could have been.
func codeWrong(s *situation) *verdict {
	if len(s.codesBefore(CodeWrong)) >= 2 {
		return nil
	}
	return s.endedBy(CodeWrong, "They typed a wrong code.")
}

// The measures of deviceUnrecognised.
const (
	unrecognisedCodes = 3
	deviceWindow      = 5 * time.Minute
)

// deviceUnrecognised: they need a code again and again, because their device
// is new each time (RULES S2.4).
func deviceUnrecognised(s *situation) *verdict {
	var evidence []Evidence
	known := s.onKnownDevices()
	for _, c := range s.Codes {
		if s.recent(c.UsedAt) && !anyWithin(known, deviceWindow, c.UsedAt) {
			evidence = append(evidence, Evidence{At: c.UsedAt, Source: fromCode, Text: "a code was used on a device not seen before"})
		}
	}
	if len(evidence) < unrecognisedCodes {
		return nil
	}
	return &verdict{
		grade: Indicated, evidence: evidence[:unrecognisedCodes],
		summary: fmt.Sprintf("%d codes in a week, each on a device not seen before: private windows or deleted cookies.", len(evidence)),
	}
}

// onKnownDevices returns the successes on a device that an earlier attempt had.
func (s *situation) onKnownDevices() []Attempt {
	oldest := map[string]Attempt{} // by device
	for _, attempts := range [][]Attempt{s.attempts, s.Sightings, s.Successes} {
		for _, a := range attempts {
			if seen, ok := oldest[a.DeviceID]; !ok || a.Compare(seen) < 0 {
				oldest[a.DeviceID] = a
			}
		}
	}
	var known []Attempt
	for _, success := range s.Successes {
		if success.DeviceID != "" && oldest[success.DeviceID].Compare(success) < 0 {
			known = append(known, success)
		}
	}
	return known
}

// anyWithin reports whether one of the attempts lies so near to t, before or
// after.
func anyWithin(attempts []Attempt, near time.Duration, t time.Time) bool {
	return slices.ContainsFunc(attempts, func(a Attempt) bool { return a.At.Sub(t).Abs() <= near })
}

// endedBy holds when the last attempt ended so; the attempt proves it.
func (s *situation) endedBy(outcome Outcome, summary string) *verdict {
	if !s.ended(outcome) {
		return nil
	}
	return &verdict{grade: Proven, summary: summary, evidence: s.ending()}
}
