package main

import (
	"bytes"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/slackfake"
	"github.com/latchkey-bot/latchkey/store/storetest"
)

// socketTroubles happen to a server that uses Socket Mode while it carries out a
// command.
var socketTroubles = map[string]func(*helpdesk){
	"Drop":      func(d *helpdesk) { d.slack.Connections()[0].Drop() },
	"OtherDrop": func(d *helpdesk) { d.slack.Connections()[1].Drop() },
	"BothDrop":  func(d *helpdesk) { d.each((*slackfake.Connection).Drop) },
	"Refresh":   func(d *helpdesk) { d.each(func(c *slackfake.Connection) { c.Disconnect("refresh_requested") }) },
	"Malformed": func(d *helpdesk) { d.each(func(c *slackfake.Connection) { c.Send([]byte(`{"type":`)) }) },
	"OverAMiB": func(d *helpdesk) {
		d.each(func(c *slackfake.Connection) { c.Send(bytes.Repeat([]byte(" "), 1<<20+1)) })
	},
	"SwitchedOff": func(d *helpdesk) { d.slack.SwitchSocketMode(false); d.slack.SwitchSocketMode(true) },
	"Restart": func(d *helpdesk) {
		d.stopped = true
		if err := d.stop(); err != nil {
			d.t.Errorf("stopping: %v", err)
		}
	},
}

// each does something with every connection.
func (d *helpdesk) each(do func(*slackfake.Connection)) {
	for _, c := range d.slack.Connections() {
		do(c)
	}
}

// TestSocketTroublesOnRecord: whatever happens to the connections while somebody is
// unlocked, and however often Slack sends it, the directory is changed once, the audit
// has one row, and who asked reads so once.
func TestSocketTroublesOnRecord(t *testing.T) {
	for name, happens := range socketTroubles {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			unlockedThrough(openHelpdesk(t, storetest.SQLiteURL(t), nil, bySocket), happens, slackfake.Once)
		})
	}
	for name, twice := range map[string]slackfake.Twice{"TwiceOnOne": slackfake.SameWay, "TwiceOnTwo": slackfake.OtherWay, "Again": slackfake.Later} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			unlockedThrough(openHelpdesk(t, storetest.SQLiteURL(t), nil, bySocket), func(*helpdesk) {}, twice)
		})
	}
}

// unlockedThrough unlocks Jane while something happens.
func unlockedThrough(d *helpdesk, happens func(*helpdesk), twice slackfake.Twice) {
	next := *d.served // what a restart leaves Slack with
	next.config.Listen = "127.0.0.1:0"
	next.start(&serveCmd{Config: next.config})
	d.connected(4)
	d.ava().MayRead("nothing was done again") // by the other server, when Slack sends it there
	d.slack.SendTwice(twice)
	d.slack.Fail("users.info", slackfake.Failure{Delay: 700 * time.Millisecond}) // so long the command takes, at least
	var once sync.Once
	happened := make(chan struct{})
	d.slack.Tap(func(body []byte) {
		if bytes.Contains(body, []byte("user=U0AGENT")) { // it is under way
			once.Do(func() {
				go func() {
					defer close(happened)
					happens(d)
				}()
			})
		}
	})
	answer, err := d.app.Command(d.t.Context(), slackfake.Command{User: "U0AGENT", Name: "/unlock", Text: "jane@acme.example back from leave #4711"})
	if err != nil {
		d.t.Fatal(err)
	}
	<-happened
	d.ava().ExpectEphemeral("Done and read back")
	d.ava().ExpectDM("Unlock – done", "back from leave")
	if answer.Failed != "" { // so Slack itself says, and the answer came to the response URL
		d.ava().ExpectEphemeral(answer.Failed)
	}
	d.slack.Recover()
	d.slack.SendTwice(slackfake.Once)
	d.ava().Command("/diagnose jane@acme.example").Reads("just_unlocked")
	d.outer, d.inner = next.outer, next.inner // the first may have ended
	d.wantChanges(actions.ChangeUnlocked)
	if err := next.stop(); err != nil {
		d.t.Errorf("stopping the other: %v", err)
	}
	d.wantAudit(actions.ActUnlock, actions.ActDone)
}

// TestSocketRollingRestart: servers come and go while commands are typed; each is
// answered once, and is on record once.
func TestSocketRollingRestart(t *testing.T) {
	t.Parallel()
	d := openHelpdesk(t, storetest.SQLiteURL(t), http.DefaultTransport, bySocket)
	var typing sync.WaitGroup
	end := make(chan struct{})
	typed := 0
	typing.Go(func() {
		for {
			select {
			case <-end:
				return
			default:
			}
			answer := d.diagnose("U0AGENT", "jane@acme.example")
			if message, err := d.slack.Wait(d.t.Context(), answer); err != nil || answer.Failed != "" || !strings.Contains(message.Visible(), "locked after") {
				d.t.Errorf("command %d was answered %+v, %v", typed, answer, err)
			}
			typed++
		}
	})
	running := *d.served
	d.stopped = true // each is, below
	for range 3 {
		next := running
		next.config.Listen = "127.0.0.1:0"
		next.start(&serveCmd{Config: next.config})
		d.connected(4)
		if err := running.stop(); err != nil {
			t.Errorf("stopping: %v", err)
		}
		d.connected(2)
		running = next
	}
	close(end)
	typing.Wait()
	for range typed {
		d.ava().ExpectEphemeral("locked after too many wrong passwords")
	}
	if err := running.stop(); err != nil {
		t.Errorf("stopping: %v", err)
	}
	if rows := d.audited(actions.ActDiagnose); len(rows) != typed || typed < 3 {
		t.Errorf("%d commands, %d rows", typed, len(rows))
	}
}
