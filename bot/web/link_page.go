package web

import (
	"bytes"
	"html/template"
	"net/http"

	"github.com/latchkey-bot/latchkey/actions"
)

// linkState is what a link's page says.
type linkState string

// The states of the page: those of a link, and what can be wrong beside.
const (
	stateLive        = linkState(actions.LinkLive)
	stateSpent       = linkState(actions.LinkSpent)
	stateExpired     = linkState(actions.LinkExpired)
	stateIncomplete  = linkState(actions.LinkIncomplete)
	stateRefused     = linkState(actions.LinkRefused)
	stateConfirmed   = linkState("confirmed")
	stateDenied      = linkState("denied")
	stateForeign     = linkState("foreign") // another site sent the form
	stateBusy        = linkState("busy")    // too many wrong tokens
	stateUnread      = linkState("unread")  // not the page's form
	stateNoForm      = linkState("no_form") // not even a form
	stateTooLong     = linkState("too_long")
	stateNowhere     = linkState("nowhere") // there is no login page to go on to
	stateFailed      = linkState("failed")
	stateUnavailable = linkState("unavailable")
)

// linkStatus is the status that goes with each state.
var linkStatus = map[linkState]int{
	stateLive: http.StatusOK, stateConfirmed: http.StatusOK, stateDenied: http.StatusOK,
	stateSpent: http.StatusGone, stateExpired: http.StatusGone, stateIncomplete: http.StatusNotFound,
	stateRefused: http.StatusForbidden, stateForeign: http.StatusForbidden, stateBusy: http.StatusTooManyRequests,
	stateUnread: http.StatusBadRequest, stateNoForm: http.StatusUnsupportedMediaType, stateTooLong: http.StatusRequestEntityTooLarge,
	stateNowhere: http.StatusServiceUnavailable, stateFailed: http.StatusInternalServerError, stateUnavailable: http.StatusServiceUnavailable,
}

// said is what there is to say.
type said struct {
	state     linkState
	purpose   actions.LinkPurpose
	sentence  string // instead of the state's own; "" for that
	reference string // of the log; "" when nothing went wrong
	locale    string // of the customer; "" when unknown
}

// The files of the page, and its template.
var (
	linkFiles    = readFiles("page.css", "link.js")
	linkTemplate = template.Must(template.ParseFS(embedded, "page/link.html", "page/help.html"))
)

// linkView is what the template shows.
type linkView struct {
	Words     *linkWords
	ID        string
	State     linkState
	Files     map[string]string // as they are served, by their own names
	Brand     string
	Heading   string
	Text      string
	Help      help
	Reference string
	Form      bool   // the customer can answer, or go on
	Confirm   bool   // and is asked whether it was they
	GoOn      string // what the button says otherwise
	Trouble   bool   // something is wrong
}

// show writes the page. Links that aren't there look like those that are.
func (l *links) show(w http.ResponseWriter, r *http.Request, id string, s said) {
	words := wordsFor(r.Header.Get("Accept-Language"), s.locale)
	if s.sentence != "" { // which is in the customer's language: all of the page is
		words = wordsFor(s.locale, "")
	}
	view := linkView{
		Words: words, ID: id, State: s.state, Files: linkFiles.names, Brand: l.Brand, Reference: s.reference,
		Confirm: s.purpose == actions.LinkConfirm, GoOn: words.goOn(s.purpose),
		Form: id != "" && (s.state == stateLive || s.state == stateIncomplete),
	}
	view.Heading, view.Text = words.say(s)
	view.Trouble = s.state != stateLive && linkStatus[s.state] != http.StatusOK
	asked := s.state == stateLive && asks(s.purpose) // a question about something else than the link
	needNew := s.state != stateConfirmed && s.state != stateDenied && !asked
	view.Help = words.help(l.Support, l.Brand, needNew)
	var page bytes.Buffer
	if err := linkTemplate.Execute(&page, view); err != nil {
		l.Log.ErrorContext(r.Context(), "the page of a link could not be written", "route", "/l/{id}", "state", string(s.state), "error", err)
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	if s.state == stateBusy || linkStatus[s.state] == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "60")
	}
	l.Guard.note(r, linkStatus[s.state])
	w.Header().Set("Content-Language", words.lang)
	w.WriteHeader(linkStatus[s.state])
	_, _ = w.Write(page.Bytes()) // who hung up reads nothing
}
