package web

import (
	"errors"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"
)

// formBytes is how long the form of a link's page may be.
const formBytes = 4 << 10

// origin is the origin of an address, as browsers write it; "" when it has none.
func origin(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return ""
	}
	host, usual := strings.ToLower(u.Host), map[string]string{"https": ":443", "http": ":80"}[u.Scheme]
	return u.Scheme + "://" + strings.TrimSuffix(host, usual)
}

// linkPolicy lets the page load its own files and send its form home, from where
// it is sent on to the login page: browsers look at that too.
func linkPolicy(login string) string {
	policy := "default-src 'none'; script-src 'self'; style-src 'self'; form-action 'self'"
	if to := origin(login); to != "" {
		policy += " " + to
	}
	return policy + "; base-uri 'none'; frame-ancestors 'none'"
}

// secure sets the headers that every answer under /l/ has.
func (l *links) secure(header http.Header) {
	secure(header, "text/html; charset=utf-8")
	header.Set("Content-Security-Policy", l.policy)
	header.Set("X-Robots-Tag", "noindex, nofollow")
	header.Set("Cross-Origin-Opener-Policy", "same-origin")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	header.Set("Vary", "Accept-Language")
	if strings.HasPrefix(l.home, "https://") {
		header.Set("Strict-Transport-Security", "max-age=63072000")
	}
}

// own reports whether the page itself sent a form, as far as the browser tells.
func (l *links) own(r *http.Request) bool {
	for _, from := range r.Header.Values("Origin") {
		if l.home == "" || from != l.home {
			return false
		}
	}
	for _, site := range r.Header.Values("Sec-Fetch-Site") {
		if site != "same-origin" && site != "none" {
			return false
		}
	}
	return true
}

// readForm reads the body of a form, which may not be long.
func readForm(w http.ResponseWriter, r *http.Request) (url.Values, linkState) {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "application/x-www-form-urlencoded" || r.Header.Get("Content-Encoding") != "" {
		return nil, stateNoForm
	}
	r.Body = http.MaxBytesReader(w, r.Body, formBytes)
	err = r.ParseForm()
	var tooLong *http.MaxBytesError
	switch {
	case errors.As(err, &tooLong):
		return nil, stateTooLong
	case err != nil:
		return nil, stateUnread
	}
	return r.PostForm, ""
}

// addressesAtOnce is how many addresses a tally knows. When there are more, the
// tokens themselves have to do: they can't be guessed, and customers aren't
// turned away for what others do.
const addressesAtOnce = 100_000

// tally counts what came from an address, from one minute or so to the next. The
// address is the one that the connection has: X-Forwarded-For is what anybody
// may write. One of this machine or of the company's own network isn't counted:
// there stands the proxy, by which every customer comes, and whoever sends wrong
// tokens through it would turn all of them away.
type tally struct {
	limit int
	span  time.Duration

	mu    sync.Mutex
	end   time.Time // of the span that is counted
	count map[netip.Prefix]int
}

func newTally(limit int, span time.Duration) *tally {
	return &tally{limit: limit, span: span, count: map[netip.Prefix]int{}}
}

// full reports whether an address has had enough.
func (t *tally) full(remote string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.turn()
	return t.count[network(remote)] >= t.limit
}

// note counts one more.
func (t *tally) note(remote string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.turn()
	from := network(remote)
	if !from.IsValid() {
		return
	}
	if _, known := t.count[from]; known || len(t.count) < addressesAtOnce {
		t.count[from]++
	}
}

// turn begins the next span when the one before is over.
func (t *tally) turn() {
	if now := time.Now(); now.After(t.end) {
		t.end = now.Add(t.span)
		clear(t.count)
	}
}

// network is what one person has: an address, and in IPv6 the 64 bits before
// those that everybody chooses for themselves. Nobody has one inside.
func network(remote string) netip.Prefix {
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		host = remote
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return netip.Prefix{}
	}
	ip = ip.Unmap().WithZone("")
	if ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast() {
		return netip.Prefix{}
	}
	bits := 64
	if ip.Is4() {
		bits = 32
	}
	from, _ := ip.Prefix(bits) // it can't fail: the address has as many bits
	return from
}
