package web

import (
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// Guard stands before the pages that customers open: it looks at where a POST
// comes from, turns an address away that guesses, and sets the headers of every
// answer. One serves all pages, so that who guesses at one has guessed at all.
type Guard struct {
	home    string // the origin of the public URL, "" without one
	proxies []netip.Prefix
	wrong   *tally
}

// guesses is how many answers of 403 and 404 an address may get in a minute.
const guesses = 100

// NewGuard makes the guard of a server. publicURL is where customers reach the
// pages: only what they send from there is taken. X-Forwarded-For counts only when
// it comes from one of the proxies, which may be none.
func NewGuard(publicURL string, proxies []netip.Prefix) *Guard {
	return &Guard{home: origin(publicURL), proxies: proxies, wrong: newTally(guesses, time.Minute)}
}

// origin is the origin of an address, as browsers write it; "" when it has none.
func origin(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return ""
	}
	host, usual := strings.ToLower(u.Host), map[string]string{"https": ":443", "http": ":80"}[u.Scheme]
	return u.Scheme + "://" + strings.TrimSuffix(host, usual)
}

// secure sets the headers that every answer has, of a page or a file or an error.
// policy is the content security policy.
func (g *Guard) secure(header http.Header, contentType, policy string) {
	secure(header, contentType)
	header.Set("Content-Security-Policy", policy)
	header.Set("X-Robots-Tag", "noindex, nofollow")
	header.Set("Cross-Origin-Opener-Policy", "same-origin")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	header.Set("Vary", "Accept-Language")
	if strings.HasPrefix(g.home, "https://") {
		header.Set("Strict-Transport-Security", "max-age=63072000")
	}
}

// Before sets the headers of every answer before next does, so that those of nobody's
// address have them, too.
func (g *Guard) Before(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		g.secure(w.Header(), "text/plain; charset=utf-8", sealedPolicy)
		next.ServeHTTP(w, r)
	})
}

// own reports whether the page itself sent a request, as far as the browser tells.
// It is looked at before anything else of a POST.
func (g *Guard) own(r *http.Request) bool {
	for _, from := range r.Header.Values("Origin") {
		if g.home == "" || from != g.home {
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

// busy reports whether the address has had enough of guessing for this minute.
func (g *Guard) busy(r *http.Request) bool { return g.wrong.full(g.from(r)) }

// note counts what a POST was answered, if it was a guess: 403 and 404.
func (g *Guard) note(r *http.Request, status int) {
	if r.Method == http.MethodPost && (status == http.StatusForbidden || status == http.StatusNotFound) {
		g.wrong.note(g.from(r))
	}
}

// from is the address that a request comes from. Through a proxy of ours it is
// the rightmost address in X-Forwarded-For that is none: what stands left of it,
// anybody may have written. It is the zero Addr when the proxy doesn't say, and
// isn't counted then: whoever guesses would turn away all who come through it.
func (g *Guard) from(r *http.Request) netip.Addr {
	peer := address(r.RemoteAddr)
	if !g.proxy(peer) {
		return peer
	}
	said := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(said) - 1; i >= 0; i-- {
		if from := address(strings.TrimSpace(said[i])); !g.proxy(from) {
			return from
		}
	}
	return netip.Addr{}
}

// proxy reports whether an address is that of a proxy of ours.
func (g *Guard) proxy(from netip.Addr) bool {
	for _, proxies := range g.proxies {
		if proxies.Contains(from) {
			return true
		}
	}
	return false
}

// address reads an address, which may have a port; the zero Addr when it is none.
func address(text string) netip.Addr {
	from, err := netip.ParseAddr(strings.Trim(text, "[]"))
	if err != nil {
		with, err := netip.ParseAddrPort(text)
		if err != nil {
			return netip.Addr{}
		}
		from = with.Addr()
	}
	return from.Unmap().WithZone("")
}
