package actions

import (
	"strings"
	"testing"
)

// What a finding says about the records that it rests on.
func TestEvidenceSays(t *testing.T) {
	for name, row := range map[string]struct {
		scene  option
		source string
		says   string
	}{
		"Attempt":      {tried(hour, IPBlocked, in("DE"), overVPN), "attempt", "refused: network blocked from 192.0.2.10, DE, over a VPN"},
		"NoPlace":      {tried(hour, IPBlocked, from(""), in("")), "attempt", "refused: network blocked"},
		"Lock":         {lockedFor(LockManual, hour, func(l *Lock) { l.Detail = "by request" }), "lock", "locked for a person's decision: by request"},
		"LockAlone":    {lockedFor(LockManual, hour), "lock", "locked for a person's decision"},
		"Released":     {lockedFor(LockAttempts, 2*hour, released(hour)), "lock", "the lock for too many wrong passwords was released"},
		"RanOut":       {lockedFor(LockInactivity, 2*hour, ranOut(hour)), "lock", "the lock for long inactivity ran out"},
		"Disabled":     {user(func(u *User) { u.Status, u.DisabledReason = UserDisabled, "left" }), "user", "the user is disabled, reason “left”"},
		"DisabledOnly": {status(UserDisabled), "user", "the user is disabled"},
		"Suppressed":   {suppressed(hour, ListGlobal), "suppression", "on the global list"},
		"SuppressedReason": {func(s *scene) {
			s.Suppression = []Suppression{{List: ListBlock, Since: s.At, Reason: "trap"}}
		}, "suppression", "on the block list, reason “trap”"},
		"Bounced": {mailed(hour, DeliveryPasswordReset, Bounced), "delivery", "the reset bounced"},
		"Consumed": {all(linked(hour, usedAfter(second), func(r *ResetLink) { r.UsedIP = away }), tried(minute, NotPublished)),
			"reset_link", "the reset link was used 1 second after it was sent from 203.0.113.10"},
		"Account":  {member(place("Old", AccountCancelled)), "account", "“Old” is cancelled, Gateway ID GW-Old"},
		"Takeover": {all(burstAway(minute), tried(50*minute, Success, from(away))), "attempt", "got in from 203.0.113.10, AU"},
	} {
		t.Run(name, func(t *testing.T) {
			e := stage(row.scene).judge().Findings[0].Evidence[0]
			if e.Source != row.source || e.Text != row.says {
				t.Errorf("the evidence is %+v, want %q", e, row.says)
			}
		})
	}
}

func TestEvidenceOfMany(t *testing.T) {
	f := leads(t, CauseLockedAttempts, wrong(9, hour))
	last := f.Evidence[len(f.Evidence)-1]
	if len(f.Evidence) != 4 || last.Text != "6 more like these since then" || !last.At.Equal(noon.Add(-hour-8*minute)) {
		t.Errorf("the evidence is %+v", f.Evidence)
	}
}

func TestEvidenceOfABurst(t *testing.T) {
	foreign := leads(t, CauseUnderAttack, tried(2*hour, Success), times(19, hour, second, wrongFrom(home)), wrongFrom(away)(55*minute)).Evidence[0]
	if foreign.Text != "20 failures in 5 minutes from 2 networks, 1 of them from a network that isn't the customer's own" {
		t.Errorf("the evidence is %+v", foreign)
	}
	if own := leads(t, CauseStaleSavedPassword, burstHome()).Evidence[0]; own.Text != "20 failures in 19 seconds" {
		t.Errorf("the evidence is %+v", own)
	}
}

func TestSummaryOfOneWrongPassword(t *testing.T) {
	if f := leads(t, CauseWrongPassword, tried(hour, WrongPassword)); strings.Contains(f.Summary, "times") {
		t.Errorf("the summary is %q", f.Summary)
	}
}
