package slackfake_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

// sdkFolder is where `npm ci --prefix .ci` installs the SDK.
const sdkFolder = "../../.ci/node_modules"

// needNode returns node and where the SDK is. Without them the test is skipped,
// unless LATCHKEY_TEST_REQUIRE (a list by comma) has "node": then it fails.
func needNode(t *testing.T) (node, sdk string) {
	t.Helper()
	node, err := exec.LookPath("node")
	if err == nil {
		sdk, err = filepath.Abs(sdkFolder)
	}
	if err == nil {
		_, err = os.Stat(filepath.Join(sdk, "@slack", "web-api", "package.json"))
	}
	if err == nil {
		return node, sdk
	}
	if !slices.Contains(strings.Split(os.Getenv("LATCHKEY_TEST_REQUIRE"), ","), "node") {
		t.Skipf("it takes Node and, by `npm ci --prefix .ci`, Slack's SDK: %v", err)
	}
	t.Fatal(err)
	return "", ""
}

// told is a step of the script and what Slack said to it.
type told struct {
	Step, Team, User, Name, Channel, TS, Text, Title, View, Error string
	Messages                                                      []string
	Limited                                                       int
}

// TestOfficialSDK lets Slack's own SDK for Node talk to the fake: what it
// understands, Slack could have said.
func TestOfficialSDK(t *testing.T) {
	node, sdk := needNode(t)
	var ago atomic.Int64
	s := slackfake.Start(slackfake.Config{Now: func() time.Time { return time.Now().Add(-time.Duration(ago.Load())) }})
	defer s.Close()
	s.AddMember(slackfake.Member{ID: "U1", Name: "Ava Reyes"})
	s.AddChannel(slackfake.Channel{ID: "C1", Name: "support"})
	ago.Store(int64(4 * time.Second))
	past := trigger(s, "U1")
	ago.Store(0)
	// The fresh one is given out a minute ahead: the SDK takes a while to load.
	ago.Store(-int64(time.Minute))
	fresh := trigger(s, "U1")
	ago.Store(0)

	var out, errors bytes.Buffer
	run := exec.CommandContext(t.Context(), node, "testdata/sdk.mjs", sdk+"/", s.APIURL(), s.Token(), past, fresh)
	run.Stdout, run.Stderr = &out, &errors
	if err := run.Run(); err != nil {
		t.Fatalf("%v\n%s\n%s", err, &out, &errors)
	}
	steps := map[string]told{}
	for lines := bufio.NewScanner(&out); lines.Scan(); {
		var step told
		if err := json.Unmarshal(lines.Bytes(), &step); err != nil {
			t.Fatalf("%s: %v", lines.Bytes(), err)
		}
		steps[step.Step] = step
	}
	checkSteps(t, steps)
	checkShown(t, s)
}

func checkSteps(t *testing.T, steps map[string]told) {
	t.Helper()
	dm := slackfake.DirectMessage("U1")
	ts := steps["chat.postMessage"].TS
	for _, want := range []told{
		{Step: "auth.test", Team: "T0TEAM", User: "U0BOT"},
		{Step: "users.info", Name: "Ava Reyes"},
		{Step: "conversations.open", Channel: dm},
		{Step: "chat.postMessage", TS: ts, Text: "*old* & <b>"},
		{Step: "chat.update", TS: ts, Text: "new"},
		{Step: "invalid blocks", Error: "invalid_blocks", Messages: []string{"[ERROR] must be more than 0 characters [json-pointer:/blocks/0/text/text]"}},
		{Step: "unknown channel", Error: "channel_not_found"},
		{Step: "past trigger", Error: "expired_trigger_id"},
		{Step: "views.open", View: steps["views.open"].View, Title: "Diagnose"},
		{Step: "stale hash", Error: "hash_conflict"},
		{Step: "wrong token", Error: "invalid_auth"},
	} {
		got := steps[want.Step]
		if len(want.Messages) == 0 {
			got.Messages = nil
		}
		if string(encoded(t, got)) != string(encoded(t, want)) {
			t.Errorf("the SDK was told %+v, not %+v", got, want)
		}
	}
	if limited := steps["messages"].Limited; limited == 0 {
		t.Error("the SDK never had to wait")
	}
}

func checkShown(t *testing.T, s *slackfake.Slack) {
	t.Helper()
	if shown := newest(t, s, "U1", slackfake.DirectMessage("U1")); words(shown) != "*new*" || shown.Edited {
		t.Errorf("the direct message shows %+v", shown)
	}
	var texts []string
	for _, shown := range messagesIn(t, s, "U1", "C1") {
		texts = append(texts, shown.Text)
	}
	if got := strings.Join(texts, ","); got != "message 1,message 2,message 3,message 4,message 5,message 6" {
		t.Errorf("the channel shows %s: after a 429 nothing is lost and nothing doubled", got)
	}
	if v := s.View("U1"); len(v.Modals) != 1 || v.Modals[0].Title != "Diagnose" || !strings.Contains(string(v.Home), "home") {
		t.Errorf("they see %+v", v)
	}
}
