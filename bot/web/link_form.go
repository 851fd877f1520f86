package web

import (
	"errors"
	"mime"
	"net/http"
	"net/url"
)

// formBytes is how long the form of a link's page may be.
const formBytes = 4 << 10

// linkPolicy lets the page load its own files and send its form home, from where
// it is sent on to the login page: browsers look at that too.
func linkPolicy(login string) string {
	policy := "default-src 'none'; script-src 'self'; style-src 'self'; form-action 'self'"
	if to := origin(login); to != "" {
		policy += " " + to
	}
	return policy + "; base-uri 'none'; frame-ancestors 'none'"
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
