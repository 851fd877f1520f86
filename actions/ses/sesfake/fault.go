package sesfake

import (
	"fmt"
	"io"
	"net/http"
	"strings"
)

// Fault is how a request fares instead of being answered; acted says whether it
// takes effect all the same.
type Fault struct {
	acts    bool
	silent  bool // no answer ever
	dropped bool // the connection ends without one
	status  int
	header  map[string]string
	body    string
}

// The faults.
var (
	// SilentBefore doesn't act and doesn't answer; SilentAfter acts first.
	SilentBefore = Fault{silent: true}
	SilentAfter  = Fault{silent: true, acts: true}
	// DroppedBefore doesn't act and ends the connection; DroppedAfter acts first.
	DroppedBefore = Fault{dropped: true}
	DroppedAfter  = Fault{dropped: true, acts: true}
	// Failed is an error of the service's own; FailedAfter came after it had acted.
	Failed      = failure(http.StatusInternalServerError, "InternalFailure", false)
	FailedAfter = failure(http.StatusInternalServerError, "InternalFailure", true)
	// Throttled is what an action says to too many requests, and ThrottledAll what
	// the service says, in the other form of its errors.
	Throttled    = failure(http.StatusTooManyRequests, "TooManyRequestsException", false)
	ThrottledAll = Fault{
		status: http.StatusBadRequest, header: map[string]string{"Content-Type": "application/json"},
		body: `{"__type":"com.amazon.coral.availability#ThrottlingException","message":"Rate exceeded"}`,
	}
	// Denied is for a key that may not do that.
	Denied = failure(http.StatusForbidden, "AccessDeniedException", false)
	// Garbage is an answer that is none, and Huge one without an end.
	Garbage = Fault{status: http.StatusOK, body: "<html>It works!</html>"}
	Huge    = Fault{status: http.StatusOK, body: `{"SuppressedDestination":{"Reason":"` + strings.Repeat("A", 2<<20) + `"}}`}
	// Elsewhere sends the client to another address.
	Elsewhere = Fault{status: http.StatusTemporaryRedirect, header: map[string]string{"Location": "https://elsewhere.example/"}}
)

// failure is an error as the service writes it.
func failure(status int, code string, acts bool) Fault {
	return Fault{
		acts: acts, status: status, header: map[string]string{"X-Amzn-Errortype": code, "Content-Type": "application/json"},
		body: fmt.Sprintf(`{"message":%q}`, messages[code]),
	}
}

// ThrottledFor is Throttled with the time to wait, as a header says it.
func ThrottledFor(retryAfter string) Fault {
	f := failure(http.StatusTooManyRequests, "TooManyRequestsException", false)
	f.header["Retry-After"] = retryAfter
	return f
}

// Answer is any answer.
func Answer(status int, header map[string]string, body string) Fault {
	return Fault{status: status, header: header, body: body}
}

// meet answers a request as the fault says.
func (f Fault) meet(w http.ResponseWriter, r *http.Request) {
	switch {
	case f.silent:
		<-r.Context().Done()
		panic(http.ErrAbortHandler)
	case f.dropped:
		panic(http.ErrAbortHandler)
	}
	for name, value := range f.header {
		w.Header().Set(name, value)
	}
	w.WriteHeader(f.status)
	_, _ = io.WriteString(w, f.body) // who is gone needs no answer
}
