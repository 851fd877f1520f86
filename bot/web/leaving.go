package web

import (
	"encoding/json"
	"net/http"
	"sync/atomic"
)

// Leaving is whether a server is about to stop: whoever balances the load sends it
// nothing new then, while it still answers what comes. The zero value stays.
type Leaving struct{ leaving atomic.Bool }

// Leave says that the server is about to stop.
func (l *Leaving) Leave() { l.leaving.Store(true) }

// Last has each connection end with its answer when the server is about to stop: whoever
// kept it would send the next request to nobody. What is idle stays open until the end,
// since a request may be on its way already.
func (l *Leaving) Last(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if l.leaving.Load() {
			w.Header().Set("Connection", "close")
		}
		next.ServeHTTP(w, r)
	})
}

// Before has /readyz answered 503 at once when the server is about to stop, and by next
// before.
func (l *Leaving) Before(next http.Handler) http.Handler {
	leaving := reading(func(w http.ResponseWriter, _ *http.Request) {
		secure(w.Header(), "application/json")
		w.WriteHeader(http.StatusServiceUnavailable)
		_ = json.NewEncoder(w).Encode(map[string]string{"server": "It is about to stop."}) // who hung up reads nothing
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if l.leaving.Load() {
			leaving.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}
