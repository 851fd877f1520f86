package main

import (
	"net/http"
	"net/http/pprof"
	"time"
)

// meter is where what a server does is counted. The zero value counts nothing.
type meter struct {
	request func(label, outcome string, took time.Duration) // see bot.Config.Observe
	job     func(name string)                               // ended well
	// slack carries the calls of Slack's methods, and answers what is posted to a
	// response_url; nil: the default one does.
	slack, answers http.RoundTripper
	handler        http.Handler // of /metrics
}

// watched is what those who run the server watch it by, on the inner address. The
// command line isn't among it: a secret may stand there.
func (c *Config) watched(inner *http.ServeMux, h *house) {
	if h.meter.handler != nil {
		inner.Handle("/metrics", h.meter.handler)
	}
	if c.Pprof {
		inner.HandleFunc("/debug/pprof/", pprof.Index)
		inner.HandleFunc("/debug/pprof/profile", pprof.Profile)
		inner.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
		inner.HandleFunc("/debug/pprof/trace", pprof.Trace)
		inner.HandleFunc("/debug/pprof/cmdline", http.NotFound)
	}
}
