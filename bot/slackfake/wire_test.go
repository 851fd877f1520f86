package slackfake_test

import (
	"math"
	"strconv"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

// TestWire: where people's time is moved on by a day, what is under way between the
// workspace and its app is as good as before, and signed by the app's clock; what is
// said is of the new time.
func TestWire(t *testing.T) {
	now := time.Now()
	s := workspace(slackfake.Config{Now: func() time.Time { return now }, Wire: time.Now})
	begun := trigger(s, "U1")
	now = now.Add(24 * time.Hour)
	if said := ask(t, s, "views.open", args{"trigger_id": begun, "view": aModal()}); !said.OK {
		t.Errorf("a trigger from before is answered %+v", said)
	}
	signed := s.App("http://app.test", nil).Request("/slack/commands", "text/plain", nil).Header.Get("X-Slack-Request-Timestamp")
	if at, err := strconv.ParseInt(signed, 10, 64); err != nil || math.Abs(float64(at-time.Now().Unix())) > 60 {
		t.Errorf("a request is signed at %s: %v", signed, err)
	}
	ts, err := s.Say("U1", "C1", "", "hello")
	if at, wrong := strconv.ParseFloat(ts, 64); err != nil || wrong != nil || math.Abs(at-float64(now.Unix())) > 60 {
		t.Errorf("a message is of %s: %v, %v", ts, err, wrong)
	}
}
