package ses_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/actions/ses/sesfake"
)

const jane = "jane@acme.example"

var yesterday = time.Date(2026, 3, 9, 12, 0, 0, 0, time.UTC)

// off takes jane off.
var off = actions.Change{ID: "1", Kind: actions.ChangeDelisted, UserID: "u-1", Email: jane}

// apart runs each row in a bubble with a clock of its own.
func apart(t *testing.T, name string, test func(*testing.T)) {
	t.Helper()
	t.Run(name, func(t *testing.T) { synctest.Test(t, test) })
}

// TestAskedAgain: what gets lost is asked once more, before or after it took effect,
// and later each time.
func TestAskedAgain(t *testing.T) {
	for name, row := range map[string]struct {
		faults      []sesfake.Fault
		least, most time.Duration
	}{
		"AtOnce":        {},
		"Failed":        {faults: []sesfake.Fault{sesfake.Failed, sesfake.Failed, sesfake.Failed}, least: 700 * time.Millisecond, most: 1400 * time.Millisecond},
		"FailedAfter":   {faults: []sesfake.Fault{sesfake.FailedAfter}, least: 100 * time.Millisecond, most: 200 * time.Millisecond},
		"Dropped":       {faults: []sesfake.Fault{sesfake.DroppedBefore, sesfake.DroppedBefore}, least: 300 * time.Millisecond, most: 600 * time.Millisecond},
		"DroppedAfter":  {faults: []sesfake.Fault{sesfake.DroppedAfter}, least: 100 * time.Millisecond, most: 200 * time.Millisecond},
		"Silent":        {faults: []sesfake.Fault{sesfake.SilentBefore}, least: 5100 * time.Millisecond, most: 5200 * time.Millisecond},
		"SilentAfter":   {faults: []sesfake.Fault{sesfake.SilentAfter}, least: 5100 * time.Millisecond, most: 5200 * time.Millisecond},
		"Throttled":     {faults: []sesfake.Fault{sesfake.Throttled, sesfake.ThrottledAll}, least: 300 * time.Millisecond, most: 600 * time.Millisecond},
		"ThrottledFor":  {faults: []sesfake.Fault{sesfake.ThrottledFor("3")}, least: 3 * time.Second, most: 3 * time.Second},
		"ThrottledTill": {faults: []sesfake.Fault{sesfake.ThrottledFor("Sat, 01 Jan 2000 00:00:04 GMT")}, least: 4 * time.Second, most: 4 * time.Second},
		"Unavailable":   {faults: []sesfake.Fault{sesfake.Answer(503, nil, "")}, least: 100 * time.Millisecond, most: 200 * time.Millisecond},
	} {
		apart(t, name, func(t *testing.T) {
			f, c := opened(t)
			f.Suppress(jane, "BOUNCE", yesterday)
			f.Meets(row.faults...)
			began := time.Now()
			if entries, err := c.Listed(t.Context(), jane); err != nil || len(entries) != 1 {
				t.Errorf("got %v, %v", entries, err)
			}
			if took := time.Since(began); took < row.least || took > row.most {
				t.Errorf("it took %s", took)
			}
			f.Meets(row.faults...)
			if err := c.Delist(t.Context(), off); err != nil || f.Suppresses(jane) {
				t.Errorf("got %v", err)
			}
			if asked := len(f.Asked()); asked != 2*(len(row.faults)+1) {
				t.Errorf("it asked %d times", asked)
			}
		})
	}
}

// TestGivesUp says why, in a sentence without anything that is nobody's business, and
// asks no more often than that.
func TestGivesUp(t *testing.T) {
	message := `{"message":"jane@acme.example canary"}`
	for name, row := range map[string]struct {
		fault sesfake.Fault
		words string
		asked int
		cause string // what the log says, besides
	}{
		"Failed":          {sesfake.Failed, "doesn't answer", 4, "500 InternalFailure"},
		"Silent":          {sesfake.SilentBefore, "doesn't answer", 4, "deadline exceeded"},
		"Dropped":         {sesfake.DroppedBefore, "doesn't answer", 4, "connection was closed"},
		"Throttled":       {sesfake.Throttled, "takes no more requests", 4, "429 TooManyRequestsException"},
		"ThrottledAll":    {sesfake.ThrottledAll, "takes no more requests", 4, "400 ThrottlingException"},
		"ThrottledTooFar": {sesfake.ThrottledFor("60"), "takes no more requests", 1, "429 "},
		"Denied":          {sesfake.Denied, "turns Latchkey away", 1, "403 AccessDeniedException"},
		"DeniedInOldForm": {sesfake.Answer(400, map[string]string{"X-Amzn-Errortype": "AccessDeniedException:http://canary"}, message), "turns Latchkey away", 1, "400 AccessDeniedException"},
		"Expired":         {sesfake.Answer(400, nil, `{"code":"RequestExpired","message":"canary"}`), "turns Latchkey away", 1, "RequestExpired"},
		"Forbidden":       {sesfake.Answer(403, nil, message), "turns Latchkey away", 1, "403 "},
		"BadRequest":      {sesfake.Answer(400, map[string]string{"X-Amzn-Errortype": "BadRequestException"}, message), "doesn't take the request", 1, "400 BadRequestException"},
		"Elsewhere":       {sesfake.Elsewhere, "can't read", 1, "307"},
		"Garbage":         {sesfake.Garbage, "can't read", 1, "isn't JSON"},
		"Huge":            {sesfake.Huge, "can't read", 1, "more than 1048576 bytes"},
		"NotFoundByAHost": {sesfake.Answer(404, nil, "<html>no such page canary</html>"), "can't read", 1, "404"},
		"OddCode":         {sesfake.Answer(418, map[string]string{"X-Amzn-Errortype": "jane@acme.example canary"}, message), "can't read", 1, "418"},
	} {
		apart(t, name, func(t *testing.T) {
			f, c := opened(t)
			f.Down(row.fault)
			_, listed := c.Listed(t.Context(), jane)
			if asked := len(f.Asked()); asked != row.asked {
				t.Errorf("it asked %d times, want %d", asked, row.asked)
			}
			wantWords(t, listed, row.words, row.cause)
			wantWords(t, c.Each(t.Context(), nobody), row.words, row.cause)
			if name == "Garbage" || name == "Huge" {
				return // what an answer to a deletion holds doesn't matter
			}
			wantWords(t, c.Delist(t.Context(), off), row.words, row.cause)
		})
	}
}

func nobody([]actions.Suppression) error { return errors.New("there is a page") }

// wantWords expects a sentence for the agent, and words for the log, which holds no
// address and nothing of a key.
func wantWords(t *testing.T, err error, words, cause string) {
	t.Helper()
	ours := new(actions.Error)
	if !errors.As(err, &ours) || ours.Code != actions.Unavailable || !strings.Contains(ours.Sentence, words) {
		t.Errorf("got %v, want %q", err, words)
		return
	}
	if ours.Cause == nil || !strings.Contains(ours.Cause.Error(), cause) {
		t.Errorf("the log says %v, want %q", ours.Cause, cause)
	}
	for _, secret := range []string{"jane", "acme", "canary", "AKID", "Signature=", "Authorization", sesfake.Sydney.SecretAccessKey} {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("it shows %q: %v", secret, err)
		}
	}
	if turned := errors.Is(err, actions.ErrTurnedAway); turned != strings.Contains(words, "turns Latchkey away") {
		t.Errorf("turned away: %t", turned)
	}
}

// TestStopsWaiting ends with who asks.
func TestStopsWaiting(t *testing.T) {
	for name, fault := range map[string]sesfake.Fault{"Silent": sesfake.SilentBefore, "Throttled": sesfake.ThrottledFor("1"), "Failed": sesfake.Failed} {
		apart(t, name+"/Deadline", func(t *testing.T) {
			f, c := opened(t)
			f.Down(fault)
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
			defer cancel()
			began := time.Now()
			if _, err := c.Listed(ctx, jane); actions.CodeOf(err) != actions.Unavailable || time.Since(began) > 2*time.Second {
				t.Errorf("got %v after %s", err, time.Since(began))
			}
		})
		apart(t, name+"/Cancelled", func(t *testing.T) {
			f, c := opened(t)
			f.Down(fault)
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(500*time.Millisecond, cancel)
			began := time.Now()
			if _, err := c.Listed(ctx, jane); err == nil || time.Since(began) > 500*time.Millisecond {
				t.Errorf("got %v after %s", err, time.Since(began))
			}
		})
	}
}

// TestPages: a token that ran out, a page without anything on it, and a list that
// goes in a circle.
func TestPages(t *testing.T) {
	apart(t, "Expired", func(t *testing.T) {
		now := yesterday
		f := sesfake.New(sesfake.Sydney, func() time.Time { return now })
		config := configured(sesfake.Sydney, f)
		config.Now = func() time.Time { return now }
		suppressMany(f, 1500)
		pages := 0
		err := client(t, config).Each(t.Context(), func([]actions.Suppression) error {
			pages++
			now = now.Add(time.Hour)
			return nil
		})
		if pages != 1 {
			t.Errorf("there were %d pages", pages)
		}
		wantWords(t, err, "doesn't take the request", "InvalidNextTokenException")
	})
	apart(t, "Gaps", func(t *testing.T) {
		f, c := opened(t)
		suppressMany(f, 3100)
		f.HasGaps()
		count := 0
		if err := c.Each(t.Context(), func(page []actions.Suppression) error { count += len(page); return nil }); err != nil || count != 3100 {
			t.Errorf("got %d, %v", count, err)
		}
	})
	apart(t, "Circle", func(t *testing.T) {
		f, c := opened(t)
		f.Down(sesfake.Answer(200, nil, `{"NextToken":"again","SuppressedDestinationSummaries":[]}`))
		wantWords(t, c.Each(t.Context(), func([]actions.Suppression) error { return nil }), "can't read", "circle")
	})
	apart(t, "HalfWay", func(t *testing.T) {
		f, c := opened(t)
		suppressMany(f, 1500)
		err := c.Each(t.Context(), func([]actions.Suppression) error { f.Down(sesfake.Failed); return nil })
		wantWords(t, err, "doesn't answer", "500")
	})
}

func suppressMany(f *sesfake.Fake, n int) {
	for i := range n {
		f.Suppress(fmt.Sprint("c", i, "@acme.example"), "BOUNCE", yesterday)
	}
}

// TestEntries: what an entry may hold.
func TestEntries(t *testing.T) {
	for name, row := range map[string]struct {
		entry string
		want  actions.Suppression
	}{
		"Whole":      {`"LastUpdateTime":1773000000,"Reason":"BOUNCE"`, actions.Suppression{List: actions.ListBounce, Since: time.Unix(1773000000, 0)}},
		"Fractional": {`"LastUpdateTime":1.773000000123456E9,"Reason":"COMPLAINT"`, actions.Suppression{List: actions.ListComplaint, Since: time.Unix(1773000000, 123456000)}},
		"Unknown":    {`"LastUpdateTime":1773000000.5,"Reason":"MOON"`, actions.Suppression{List: actions.ListBlock, Reason: "MOON", Since: time.Unix(1773000000, 5e8)}},
		"NoTime":     {`"Reason":"BOUNCE"`, actions.Suppression{}},
		"NoReason":   {`"LastUpdateTime":1773000000`, actions.Suppression{}},
		"Text":       {`"LastUpdateTime":"2026-03-09","Reason":"BOUNCE"`, actions.Suppression{}},
		"Before":     {`"LastUpdateTime":-1,"Reason":"BOUNCE"`, actions.Suppression{}},
		"Beyond":     {`"LastUpdateTime":1e300,"Reason":"BOUNCE"`, actions.Suppression{}},
	} {
		apart(t, name, func(t *testing.T) {
			f, c := opened(t)
			f.Down(sesfake.Answer(200, nil, `{"SuppressedDestination":{"EmailAddress":"jane@acme.example",`+row.entry+`}}`))
			entries, err := c.Listed(t.Context(), jane)
			if row.want.List == "" {
				wantWords(t, err, "can't read", "")
				return
			}
			row.want.Address, row.want.Since = jane, row.want.Since.UTC()
			if err != nil || len(entries) != 1 || entries[0] != row.want {
				t.Errorf("got %+v, %v; want %+v", entries, err, row.want)
			}
		})
	}
	apart(t, "Another", func(t *testing.T) {
		f, c := opened(t)
		f.Down(sesfake.Answer(200, nil, `{"SuppressedDestination":{"EmailAddress":"john@acme.example","LastUpdateTime":1,"Reason":"BOUNCE"}}`))
		_, err := c.Listed(t.Context(), jane)
		wantWords(t, err, "can't read", "another address")
	})
}

// TestNoAddress: what can't be an address is never a path of the API.
func TestNoAddress(t *testing.T) {
	f, c := opened(t)
	for _, address := range []string{"", "jane", "jane@acme.example\n", strings.Repeat("j", 321) + "@acme.example"} {
		if _, err := c.Listed(t.Context(), address); actions.CodeOf(err) != actions.Invalid {
			t.Errorf("%q: %v", address, err)
		}
		if err := c.Delist(t.Context(), actions.Change{Email: address}); actions.CodeOf(err) != actions.Invalid {
			t.Errorf("%q: %v", address, err)
		}
	}
	if asked := f.Asked(); len(asked) > 0 {
		t.Errorf("it asked %v", asked)
	}
}
