package web

import (
	"net/http"

	"github.com/latchkey-bot/latchkey/actions"
)

// requestIDHeader names a request, to us and in our answer.
const requestIDHeader = "X-Request-Id"

// Identified gives each request of a system of ours an ID, which the log, the outbox and
// the header X-Request-Id of the answer have: the one that it sent, if that can be one
// (see [actions.ValidRequestID]), or else a new one.
func Identified(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get(requestIDHeader)
		if !actions.ValidRequestID(id) {
			id = actions.NewRequestID()
		}
		w.Header().Set(requestIDHeader, id)
		next.ServeHTTP(w, r.WithContext(actions.WithRequestID(r.Context(), id)))
	})
}

// Numbered gives each request of a customer's an ID of ours, which the log and the
// outbox have. They are told none, and what they send as one isn't looked at.
func Numbered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(actions.WithRequestID(r.Context(), actions.NewRequestID())))
	})
}
