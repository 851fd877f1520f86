package main

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// TestPprof: profiles are served when they were asked for, and the command line never.
func TestPprof(t *testing.T) {
	t.Parallel()
	for _, asked := range []bool{false, true} {
		mux := http.NewServeMux()
		(&Config{Listening: Listening{Pprof: asked}}).watched(mux, &house{})
		for path, want := range map[string]bool{"/debug/pprof/": asked, "/debug/pprof/heap": asked, "/debug/pprof/cmdline": false} {
			w := httptest.NewRecorder()
			mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, http.NoBody))
			if got := w.Code == http.StatusOK; got != want {
				t.Errorf("asked for %t, %s answers %d", asked, path, w.Code)
			}
		}
	}
}
