package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/web"
)

const (
	userLine = `{"type":"user","id":"u1","username":"jane","status":"active"}` + "\n"
	badLine  = `{"type":"user","id":"u2","username":"s3cret","status":"s3cret"}` + "\n"
)

// counter is an Ingester that counts what comes, or fails.
type counter struct {
	known  error // how Authenticate fails, from the second call on with revoked
	failed error // how Ingest fails
	hold   func(context.Context)

	revoked bool
	asked   atomic.Int64
	taken   atomic.Int64 // records
}

func (c *counter) Authenticate(_ context.Context, bearer string, scopes ...actions.Scope) (actions.TokenHolder, error) {
	if len(scopes) != 2 || scopes[0] != actions.ScopeEvents || scopes[1] != actions.ScopeDirectory {
		return actions.TokenHolder{}, fmt.Errorf("asked for the scopes %v", scopes)
	}
	if bearer != "good" || (c.asked.Add(1) > 1 && c.revoked) {
		return actions.TokenHolder{}, actions.ErrUnknownToken
	}
	return actions.TokenHolder{Name: "crm"}, c.known
}

func (c *counter) Ingest(ctx context.Context, holder actions.TokenHolder, lines iter.Seq2[actions.Record, error]) (actions.Imported, error) {
	if c.hold != nil {
		c.hold(ctx)
	}
	if ctx.Err() != nil {
		return actions.Imported{}, ctx.Err()
	}
	n := 0
	for _, err := range lines {
		if err != nil {
			return actions.Imported{}, err
		}
		n++
	}
	if c.failed != nil || holder.Name != "crm" {
		return actions.Imported{}, c.failed
	}
	c.taken.Add(int64(n))
	return actions.Imported{Imported: n, Records: actions.Tally{"user": {New: n}}}, nil
}

// untouched is a body that mustn't be read before the answer is there.
type untouched struct {
	t      *testing.T
	answer *httptest.ResponseRecorder
}

func (u *untouched) Read([]byte) (int, error) {
	if !u.answer.Flushed {
		u.t.Error("the body is read")
	}
	return 0, io.EOF
}

// sends is a request of somebody with a good token.
func sends(h http.Handler, body io.Reader, changes ...func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "/v1/records", body)
	r.Header.Set("Authorization", "Bearer good")
	for _, change := range changes {
		change(r)
	}
	answer := httptest.NewRecorder()
	if u, ok := body.(*untouched); ok {
		u.answer = answer
	}
	h.ServeHTTP(answer, r)
	return answer
}

func header(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

// deskOr is the desk, or one at which nothing goes wrong.
func deskOr(desk *counter) *counter {
	if desk == nil {
		return &counter{}
	}
	return desk
}

func TestRecordsOK(t *testing.T) {
	for _, change := range []func(*http.Request){
		func(*http.Request) {}, header("Content-Type", "application/x-ndjson"), header("Content-Type", "application/json; charset=utf-8"),
		header("Authorization", "bearer  good"), header("Content-Encoding", "identity"), func(r *http.Request) { r.ContentLength = -1 },
	} {
		told := 0
		h := web.Records(&counter{}, func(context.Context) { told++ }, silent)
		answer := sends(h, strings.NewReader(userLine+userLine), change)
		const want = `{"imported":2,"skipped":0,"records":{"user":{"new":2,"changed":0,"unchanged":0}}}` + "\n"
		if answer.Code != http.StatusOK || answer.Body.String() != want || told != 1 || answer.Header().Get("Content-Type") != "application/json" {
			t.Errorf("got %d %s, told %d times", answer.Code, answer.Body, told)
		}
	}
}

// What comes after the answer has nobody to wait for: it must not end with the
// request.
func TestRecordsAfterOutlivesTheRequest(t *testing.T) {
	var after context.Context
	ctx, cancel := context.WithCancel(t.Context())
	sends(web.Records(&counter{}, func(ctx context.Context) { after = ctx }, silent), strings.NewReader(""),
		func(r *http.Request) { *r = *r.WithContext(ctx) })
	if cancel(); after == nil || after.Err() != nil {
		t.Errorf("after was told with %v", after)
	}
}

// Who may not send isn't listened to.
func TestRecordsUnread(t *testing.T) {
	for name, row := range map[string]struct {
		desk   *counter
		change func(*http.Request)
		status int
		body   string
	}{
		"NoToken":       {change: func(r *http.Request) { r.Header.Del("Authorization") }, status: 401, body: `{"error":"unauthorized"}`},
		"UnknownToken":  {change: header("Authorization", "Bearer bad"), status: 401, body: `{"error":"unauthorized"}`},
		"AnotherScheme": {change: header("Authorization", "Basic good"), status: 401, body: `{"error":"unauthorized"}`},
		"NoScheme":      {change: header("Authorization", "good"), status: 401, body: `{"error":"unauthorized"}`},
		"TwoTokens":     {change: func(r *http.Request) { r.Header.Add("Authorization", "Bearer good") }, status: 401, body: `{"error":"unauthorized"}`},
		"WrongScope":    {desk: &counter{known: actions.Errorf(actions.Forbidden, "no")}, status: 403, body: `{"error":"forbidden"}`},
		"DatabaseAway":  {desk: &counter{known: actions.Errorf(actions.Unavailable, "It is away.")}, status: 503, body: "It is away."},
		"Get":           {change: func(r *http.Request) { r.Method = http.MethodGet }, status: 405, body: "POST"},
		"Form":          {change: header("Content-Type", "application/x-www-form-urlencoded"), status: 415, body: "application/x-ndjson"},
		"NoMediaType":   {change: header("Content-Type", ";"), status: 415, body: "application/x-ndjson"},
		"Compressed":    {change: header("Content-Encoding", "gzip"), status: 415, body: "not compressed"},
		"SaysTooLong":   {change: func(r *http.Request) { r.ContentLength = 32<<20 + 1 }, status: 413, body: "32 MiB"},
	} {
		t.Run(name, func(t *testing.T) {
			told := func(context.Context) { t.Error("something is said to have come") }
			change := row.change
			if change == nil {
				change = func(*http.Request) {}
			}
			answer := sends(web.Records(deskOr(row.desk), told, silent), &untouched{t: t}, func(r *http.Request) { r.ContentLength = -1 }, change)
			if answer.Code != row.status || !strings.Contains(answer.Body.String(), row.body) {
				t.Errorf("got %d %s", answer.Code, answer.Body)
			}
			for name, want := range map[string]bool{
				"WWW-Authenticate": row.status == 401, "Retry-After": row.status == 503, "Allow": row.status == 405, "Connection": true,
			} {
				if got := answer.Header().Get(name); (got != "") != want {
					t.Errorf("the header %s is %q", name, got)
				}
			}
		})
	}
}

func TestRecordsRefused(t *testing.T) {
	bad := &actions.BadLine{Line: 3, Field: "type", Problem: "a thing comes only from latchkey import"}
	for name, row := range map[string]struct {
		desk   *counter
		body   io.Reader
		status int
		want   map[string]any
	}{
		"BadLine": {body: strings.NewReader(userLine + badLine), status: 400, want: map[string]any{
			"error": `Line 2, field "status": must be one of active, invited, disabled, expired. Nothing of the request was taken; please mend the line and send it again.`,
			"line":  2.0, "field": "status",
		}},
		"NotJSON": {body: strings.NewReader("\n{s3cret"), status: 400, want: map[string]any{
			"error": `Line 2: not JSON: it breaks off or goes wrong at byte 2. Nothing of the request was taken; please mend the line and send it again.`,
			"line":  2.0,
		}},
		"UnknownField": {body: strings.NewReader(`{"type":"user","s3cret@acme.example":1}`), status: 400, want: map[string]any{
			"error": `Line 1: unknown field for this type of record. Nothing of the request was taken; please mend the line and send it again.`,
			"line":  1.0,
		}},
		"Protected": {body: strings.NewReader(`{"type":"user","id":"u","username":"s3cret","status":"active","protected":false}`), status: 400, want: map[string]any{
			"error": `Line 1, field "protected": comes only from latchkey import; please leave it out. Nothing of the request was taken; please mend the line and send it again.`,
			"line":  1.0, "field": "protected",
		}},
		"ForbiddenKind": {desk: &counter{failed: &actions.Error{Code: actions.Forbidden, Cause: bad}}, body: strings.NewReader(userLine), status: 403, want: map[string]any{"error": "forbidden"}},
		"TooLong": {body: io.LimitReader(endless{}, 32<<20+1), status: 413, want: map[string]any{
			"error": "A request may have 32 MiB, so nothing of this one was taken. Please send the records in several.",
		}},
		"BrokeOff": {body: io.MultiReader(strings.NewReader(userLine), broken{}), status: 400, want: map[string]any{
			"error": "The request broke off before its end, so nothing of it was taken. Please send it again.",
		}},
		"RevokedMeanwhile": {desk: &counter{revoked: true}, body: strings.NewReader(userLine), status: 401, want: map[string]any{"error": "unauthorized"}},
	} {
		t.Run(name, func(t *testing.T) {
			told := func(context.Context) { t.Error("something is said to have come") }
			desk := deskOr(row.desk)
			answer := sends(web.Records(desk, told, silent), row.body)
			var got map[string]any
			if err := json.Unmarshal(answer.Body.Bytes(), &got); err != nil {
				t.Fatal(err)
			}
			if answer.Code != row.status || fmt.Sprint(got) != fmt.Sprint(row.want) || desk.taken.Load() != 0 {
				t.Errorf("got %d %v\nwant %d %v", answer.Code, got, row.status, row.want)
			}
			if strings.Contains(answer.Body.String(), "s3cret") {
				t.Errorf("what was sent comes back: %s", answer.Body)
			}
		})
	}
}

// endless is blank lines without end.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	p[len(p)-1] = '\n'
	return len(p), nil
}

// broken is a connection that breaks off.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestRecordsLongest(t *testing.T) {
	body := io.MultiReader(strings.NewReader(userLine), io.LimitReader(endless{}, 32<<20-int64(len(userLine))))
	if answer := sends(web.Records(&counter{}, nil, silent), body); answer.Code != http.StatusOK {
		t.Errorf("got %d %s", answer.Code, answer.Body)
	}
}

// What goes wrong on our side can be sent again, and the log says more than the
// sender reads.
func TestRecordsFailed(t *testing.T) {
	for name, row := range map[string]struct {
		err    error
		status int
		says   string
	}{
		"DatabaseAway": {&actions.Error{Code: actions.Unavailable, Sentence: "It is away.", Cause: errors.New("s3cret host")}, 503, "It is away."},
		"MetAnother":   {actions.Errorf(actions.Conflict, "Another was faster."), 503, "Another was faster."},
		"TooSlow":      {context.DeadlineExceeded, 503, "took too long"},
		"Defect":       {errors.New("s3cret table"), 500, "Something went wrong inside Latchkey"},
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			h := web.Records(&counter{failed: row.err}, nil, slog.New(slog.NewTextHandler(&log, nil)))
			answer := sends(h, strings.NewReader(userLine))
			if answer.Code != row.status || !strings.Contains(answer.Body.String(), row.says) || strings.Contains(answer.Body.String(), "s3cret") {
				t.Errorf("got %d %s", answer.Code, answer.Body)
			}
			if got := answer.Header().Get("Retry-After"); (got != "") != (row.status == 503) {
				t.Errorf("Retry-After is %q", got)
			}
			if !strings.Contains(log.String(), row.err.Error()) || strings.Contains(log.String(), "jane") {
				t.Errorf("the log has %s", log.String())
			}
		})
	}
}

// Four are taken at once; one more waits, and is asked to come again.
func TestRecordsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := make(chan struct{})
		desk := &counter{hold: func(context.Context) { <-gate }}
		h := web.Records(desk, nil, silent)
		answers := make(chan int, 5)
		send := func() { answers <- sends(h, strings.NewReader(userLine)).Code }
		for range 4 {
			go send()
		}
		synctest.Wait()
		begin := time.Now()
		if answer := sends(h, strings.NewReader(userLine)); answer.Code != 503 || answer.Header().Get("Retry-After") == "" {
			t.Errorf("the fifth reads %d %s", answer.Code, answer.Body)
		}
		if waited := time.Since(begin); waited != 10*time.Second {
			t.Errorf("the fifth waited %s", waited)
		}
		go send()
		synctest.Wait()
		close(gate)
		for range 5 {
			if status := <-answers; status != http.StatusOK {
				t.Errorf("got %d", status)
			}
		}
		if desk.taken.Load() != 5 {
			t.Errorf("%d records were taken", desk.taken.Load())
		}
	})
}

// Who sends slowly holds up those who send quickly only when there are very
// many of them.
func TestRecordsArriving(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := web.Records(&counter{}, nil, silent)
		answers := make(chan int, 32)
		var slow []*io.PipeWriter
		begin := func() {
			body, sender := io.Pipe()
			slow = append(slow, sender)
			go func() { answers <- sends(h, body).Code }()
			synctest.Wait()
		}
		for range 31 {
			begin()
		}
		if answer := sends(h, strings.NewReader(userLine)); answer.Code != http.StatusOK {
			t.Errorf("beside 31 who are slow, got %d %s", answer.Code, answer.Body)
		}
		begin()
		if answer := sends(h, &untouched{t: t}); answer.Code != http.StatusServiceUnavailable {
			t.Errorf("beside 32 who are slow, got %d %s", answer.Code, answer.Body)
		}
		for _, sender := range slow {
			if err := sender.Close(); err != nil {
				t.Error(err)
			}
		}
		for range slow {
			if status := <-answers; status != http.StatusOK {
				t.Errorf("got %d", status)
			}
		}
	})
}
