package web

import (
	"bytes"
	"html/template"
	"net/http"
	"strings"

	"github.com/latchkey-bot/latchkey/actions"
)

// The files of the page, and its template.
var (
	secretFiles    = readFiles("page.css", "sealed.js", "secret.js")
	secretTemplate = template.Must(template.ParseFS(embedded, "page/secret.html", "page/help.html"))
)

// secretView is what the template shows: all that the page may have to say, of
// which its script shows one thing at a time.
type secretView struct {
	Words *secretWords
	Link  *linkWords        // the words that it shares with the page of a link
	Files map[string]string // as they are served, by their own names
	Base  string            // what stands before them
	Brand string
	Help  help
	Here  bool // there can be a secret at this address
}

// secretSection is something that the page may say, by the state in which its script
// shows it.
type secretSection struct {
	State string
	Says  saying
	Retry bool // trying again may help
}

// Ends are the states in which a secret can't be opened any more; a new one can be
// asked for.
func (v secretView) Ends() []secretSection {
	return []secretSection{
		{State: string(actions.SecretRevealed), Says: v.Words.Opened},
		{State: "lost", Says: v.Words.Lost},
		{State: string(actions.SecretExpired), Says: v.Words.Expired},
		{State: string(actions.SecretRevoked), Says: v.Words.Revoked},
		{State: string(actions.SecretLocked), Says: v.Words.Locked},
		{State: "damaged", Says: v.Words.Damaged},
	}
}

// Troubles are what can come between.
func (v secretView) Troubles() []secretSection {
	return []secretSection{
		{State: "offline", Says: v.Words.Offline, Retry: true},
		{State: "broken", Says: v.Words.Broken, Retry: true},
		{State: "busy", Says: v.Words.Busy, Retry: true},
		{State: "failed", Says: v.Words.Failed, Retry: true},
		{State: "old", Says: v.Words.OldOne},
	}
}

// show writes the page, which is the same whatever its ID is.
func (h *secrets) show(w http.ResponseWriter, r *http.Request, name string) {
	tongue := tongueFor(r.Header.Get("Accept-Language"))
	// Some mail gateways write %23 for the #, or a / before it.
	id, _, _ := strings.Cut(strings.ReplaceAll(name, "%23", "#"), "#")
	id = strings.TrimSuffix(id, "/")
	view := secretView{
		Words: secretTongues[tongue], Link: linkTongues[tongue], Files: secretFiles.names, Brand: h.Brand,
		Base: "./" + strings.Repeat("../", strings.Count(name, "/")), Here: id != "" && !strings.Contains(id, "/"),
		Help: linkTongues[tongue].help(h.Support, h.Brand, false),
	}
	var page bytes.Buffer
	if err := secretTemplate.Execute(&page, view); err != nil {
		h.Log.ErrorContext(r.Context(), "the page of a secret could not be written", "route", "/s/{id}", "error", err)
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Language", view.Link.lang)
	if !view.Here {
		w.WriteHeader(http.StatusNotFound)
	}
	_, _ = w.Write(page.Bytes()) // who hung up reads nothing
}
