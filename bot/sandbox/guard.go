package sandbox

import (
	"net"
	"net/http"
	"net/netip"
)

// policy lets the page load its own files and nothing else, show mails in a
// frame (see mailPolicy), and nobody show it in one.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; frame-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// guard lets in what comes from the page itself, in a browser on this machine.
// Another site that the same browser shows must not reach a Slack on loopback:
// neither by a name of its own that leads here (the Host is then not ours), nor
// by posting to it (the Origin is then not ours).
func guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		switch {
		case !loopback(r):
			fail(w, fault{http.StatusMisdirectedRequest, "The sandbox is only there under its own address on this machine, which `latchkey demo` prints."})
		case r.Method == http.MethodPost && !samePage(r):
			fail(w, fault{http.StatusForbidden, "The sandbox takes this only from its own page."})
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// loopback tells whether a request names this machine, and the port on which it
// came.
func loopback(r *http.Request) bool {
	name, port, err := net.SplitHostPort(r.Host)
	if err != nil {
		name, port = r.Host, "80"
	}
	if local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr); ok {
		if _, ours, err := net.SplitHostPort(local.String()); err != nil || port != ours {
			return false
		}
	}
	if name == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(name)
	return err == nil && ip.IsLoopback()
}

// samePage tells whether a browser sent a request for a page of this very
// address. One that says nothing of where it comes from isn't believed.
func samePage(r *http.Request) bool {
	site, origin := r.Header.Get("Sec-Fetch-Site"), r.Header.Get("Origin")
	if site == "" && origin == "" {
		return false
	}
	return (site == "" || site == "same-origin") && (origin == "" || origin == "http://"+r.Host)
}
