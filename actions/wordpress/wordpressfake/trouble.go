package wordpressfake

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Trouble is what may go wrong with a request; the zero value is none.
type Trouble struct {
	acts    bool // it does what it was asked first
	dropped bool // the connection ends without an answer
	slow    time.Duration
	lies    bool   // it says that it made or deleted a user, and didn't
	prefix  string // stands before the answer
	status  int    // with body: takes the place of the answer
	header  map[string]string
	body    string
}

// slowness is how long a slow site takes.
const slowness = 30 * time.Second

// The troubles.
var (
	// Dropped ends the connection without an answer, DroppedAfter once it did what it
	// was asked.
	Dropped      = Trouble{dropped: true}
	DroppedAfter = Trouble{acts: true, dropped: true}
	// Slow takes 30 s for an answer, and SlowAfter did by then what it was asked.
	Slow      = Trouble{slow: slowness}
	SlowAfter = Trouble{acts: true, slow: slowness}
	// Unauthorized and Forbidden turn Latchkey away.
	Unauthorized = refusal(http.StatusUnauthorized, "rest_not_logged_in", "You are not currently logged in.")
	Forbidden    = refusal(http.StatusForbidden, "rest_forbidden_context", "Sorry, you are not allowed to edit users.")
	// Failed is an error of PHP, and FailedAfter one that comes once it did what it was
	// asked.
	Failed      = Trouble{status: http.StatusInternalServerError, body: critical, header: page}
	FailedAfter = Trouble{acts: true, status: http.StatusInternalServerError, body: critical, header: page}
	// Maintenance is what a site says while it updates itself.
	Maintenance = Trouble{
		status: http.StatusServiceUnavailable, header: map[string]string{"Retry-After": "600", "Content-Type": "text/html; charset=UTF-8"},
		body: "<!DOCTYPE html><title>Maintenance</title><h1>Briefly unavailable for scheduled maintenance. Check back in a minute.</h1>",
	}
	// Garbage is a web page instead of an answer, and Huge an answer of 100 MB.
	Garbage = Trouble{status: http.StatusOK, body: "<!DOCTYPE html><html><body>It works!</body></html>", header: page}
	Huge    = Trouble{status: http.StatusOK, body: hugeBody, header: map[string]string{"Content-Type": "application/json"}}
	// Warnings come before an answer to what was done.
	Warnings = Trouble{acts: true, prefix: "<br />\n<b>Warning</b>:  Undefined variable $x in <b>/srv/www/wp-content/plugins/shop/shop.php</b> on line <b>7</b><br />\n"}
	// Lies says that it made or deleted a user, and didn't.
	Lies = Trouble{acts: true, lies: true}
)

var page = map[string]string{"Content-Type": "text/html; charset=UTF-8"}

const (
	critical = `<!DOCTYPE html><html><head><title>WordPress &rsaquo; Error</title></head><body id="error-page"><p>There has been a critical error on this website.</p></body></html>`
	// hugeBody stands for an answer that doesn't end.
	hugeBody = "\x00huge"
	hugeSize = 100 << 20
)

// Throttled turns Latchkey away for a while, which a header says ("" for none).
func Throttled(retryAfter string) Trouble {
	t := refusal(http.StatusTooManyRequests, "too_many_requests", "Slow down.")
	if retryAfter != "" {
		t.header["Retry-After"] = retryAfter
	}
	return t
}

// Redirect sends the request elsewhere.
func Redirect(to string) Trouble {
	return Trouble{status: http.StatusMovedPermanently, header: map[string]string{"Location": to}}
}

// Answer is any answer, without anything being done.
func Answer(status int, header map[string]string, body string) Trouble {
	return Trouble{status: status, header: header, body: body}
}

// AnswerAfter is any answer, once what was asked is done.
func AnswerAfter(status int, header map[string]string, body string) Trouble {
	return Trouble{acts: true, status: status, header: header, body: body}
}

// refusal is an error as WordPress writes it.
func refusal(status int, code, message string) Trouble {
	body, _ := json.Marshal(failure(status, code, message).body)
	return Trouble{status: status, header: map[string]string{"Content-Type": "application/json; charset=UTF-8"}, body: string(body)}
}

// before meets a request before anything is done; met is true when that was all.
func (t Trouble) before(w http.ResponseWriter, r *http.Request) (met bool) {
	if t.acts {
		return false
	}
	return t.meet(w, r)
}

// after meets a request once it is done: with the answer, when nothing else is in the
// way.
func (t Trouble) after(w http.ResponseWriter, r *http.Request, a answer) {
	if t.acts && t.meet(w, r) {
		return
	}
	maps.Copy(w.Header(), a.header)
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.WriteHeader(a.status)
	body, _ := json.Marshal(a.body)
	_, _ = io.WriteString(w, t.prefix+string(body)) // who is gone needs no answer
}

// meet takes the place of an answer, if it does.
func (t Trouble) meet(w http.ResponseWriter, r *http.Request) bool {
	if t.slow > 0 {
		timer := time.NewTimer(t.slow)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-r.Context().Done():
			panic(http.ErrAbortHandler)
		}
	}
	switch {
	case t.dropped:
		panic(http.ErrAbortHandler)
	case t.status == 0:
		return false
	}
	for name, value := range t.header {
		w.Header().Set(name, value)
	}
	w.WriteHeader(t.status)
	if t.body == hugeBody {
		writeHuge(w)
		return true
	}
	_, _ = io.WriteString(w, t.body) // who is gone needs no answer
	return true
}

// writeHuge writes a list of 100 MB, for as long as somebody reads.
func writeHuge(w io.Writer) {
	line := `{"id":` + strconv.Itoa(1) + `,"username":"` + strings.Repeat("a", 1<<16) + `"},`
	_, err := io.WriteString(w, "[")
	for written := 0; err == nil && written < hugeSize; written += len(line) {
		_, err = io.WriteString(w, line)
	}
}
