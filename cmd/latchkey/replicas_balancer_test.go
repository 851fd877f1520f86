package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// balancer stands before the servers, as a load balancer does: it looks ten times a
// second who is ready and leaves the others out, and tries a request that is refused at
// another. What breaks off in the middle it tries nowhere: it may have been done. When
// nobody is ready it asks anybody, since each has a sentence to say.
type balancer struct {
	url    string
	all    []*backend
	turn   atomic.Int64
	broken atomic.Int64 // requests that nobody answered
	client *http.Client
}

// backend is a server behind it.
type backend struct {
	url   string
	ready atomic.Bool
}

// How often a balancer looks who is ready, and how long that may take.
const (
	balancerEvery = 100 * time.Millisecond
	balancerLimit = time.Second
)

// openBalancer opens a balancer before servers.
func openBalancer(t *testing.T, servers ...string) *balancer {
	t.Helper()
	b := &balancer{client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16}}}
	for _, url := range servers {
		b.all = append(b.all, &backend{url: url})
	}
	ctx, stop := context.WithCancel(t.Context())
	var looking sync.WaitGroup
	for _, server := range b.all {
		looking.Go(func() { b.watch(ctx, server) })
	}
	front := httptest.NewServer(b)
	b.url = front.URL
	t.Cleanup(func() { front.Close(); stop(); looking.Wait() })
	return b
}

// watch looks whether a server is ready.
func (b *balancer) watch(ctx context.Context, server *backend) {
	tick := time.NewTicker(balancerEvery)
	defer tick.Stop()
	for {
		server.ready.Store(b.isReady(ctx, server.url))
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

func (b *balancer) isReady(ctx context.Context, url string) bool {
	ctx, cancel := context.WithTimeout(ctx, balancerLimit)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/readyz", http.NoBody)
	if err != nil {
		return false
	}
	answer, err := b.client.Do(r)
	if err != nil {
		return false
	}
	defer func() { _ = answer.Body.Close() }()
	_, _ = io.Copy(io.Discard, answer.Body)
	return answer.StatusCode == http.StatusOK
}

// allReady waits until every server is.
func (b *balancer) allReady(t *testing.T) {
	t.Helper()
	for _, server := range b.all {
		within(t, "a server to be ready", server.ready.Load)
	}
}

// within waits for something that takes no longer than a minute.
func within(t *testing.T, what string, there func() bool) {
	t.Helper()
	limit, look := time.NewTimer(time.Minute), time.NewTicker(20*time.Millisecond)
	defer limit.Stop()
	defer look.Stop()
	for !there() {
		select {
		case <-look.C:
		case <-limit.C:
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// order is in which order the servers are asked: in turn those that are ready, or all.
func (b *balancer) order() []*backend {
	var ready []*backend
	from := int(b.turn.Add(1))
	for i := range b.all {
		if server := b.all[(from+i)%len(b.all)]; server.ready.Load() {
			ready = append(ready, server)
		}
	}
	if len(ready) > 0 {
		return ready
	}
	return b.all
}

// ServeHTTP has a request answered by a server.
func (b *balancer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	for _, server := range b.order() {
		answer, err := b.ask(r, server, body) //nolint:bodyclose // pass closes it
		if refused := new(net.OpError); errors.As(err, &refused) && refused.Op == "dial" {
			server.ready.Store(false)
			continue
		}
		if err == nil {
			pass(w, answer)
			return
		}
		break
	}
	b.broken.Add(1)
	w.WriteHeader(http.StatusBadGateway)
}

// ask has one server answer.
func (b *balancer) ask(r *http.Request, server *backend, body []byte) (*http.Response, error) {
	asked, err := http.NewRequestWithContext(r.Context(), r.Method, server.url+r.URL.RequestURI(), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	asked.Header = r.Header.Clone()
	asked.GetBody = nil // it must not be sent again by itself
	return b.client.Do(asked)
}

// pass hands an answer on.
func pass(w http.ResponseWriter, answer *http.Response) {
	defer func() { _ = answer.Body.Close() }()
	for _, name := range []string{"Content-Type", "Cache-Control"} {
		w.Header().Set(name, answer.Header.Get(name))
	}
	w.WriteHeader(answer.StatusCode)
	_, _ = io.Copy(w, answer.Body)
}
