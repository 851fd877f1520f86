package web

import (
	"bytes"
	"html/template"
	"net/http"
	"strings"

	"github.com/latchkey-bot/latchkey/actions"
)

// requestState is what the page of a request says. Its script knows them by the
// same names.
type requestState string

// The states of the page, to the customer who is asked.
const (
	requestLoading    = requestState("loading")
	requestAsked      = requestState(actions.RequestAsked)
	requestSent       = requestState("sent") // just now, from here
	requestReceived   = requestState(actions.RequestReceived)
	requestOpened     = requestState(actions.RequestOpened)
	requestExpired    = requestState(actions.RequestExpired)
	requestWithdrawn  = requestState(actions.RequestWithdrawn)
	requestIncomplete = requestState("incomplete")
	requestChanged    = requestState("changed") // the key isn't the one that the link speaks of
	requestTrouble    = requestState("trouble") // nothing could be asked; a notice says why
	requestOld        = requestState("old")     // the browser can't
)

// The states of the page, to whoever asked.
const (
	requestReady  = requestState("ready") // it can be opened
	requestShown  = requestState("shown")
	requestViewed = requestState("viewed") // opened before
	requestLate   = requestState("late")   // the link's time is over
	requestLapsed = requestState("lapsed") // deleted unopened
	requestWiped  = requestState("wiped")
)

// The states that only say something, in the page's order: well or ill.
var (
	requestGood  = []requestState{requestSent, requestWiped}
	requestWrong = []requestState{
		requestReceived, requestOpened, requestExpired, requestWithdrawn, requestChanged, requestOld, requestViewed, requestLate, requestLapsed,
	}
)

// The files of the page, and its template.
var (
	requestFiles    = readFiles("page.css", "request.css", "sealed.js", "request.js")
	requestTemplate = template.Must(template.ParseFS(embedded, "page/request.html", "page/help.html"))
)

// requestView is what the template shows: all that the page may have to say, of
// which its script shows one thing at a time.
type requestView struct {
	*requestWords
	Link  *linkWords        // the words that it shares with the page of a link
	Files map[string]string // as they are served, by their own names
	Base  string            // what stands before them
	Brand string
	Help  help
	Limit int // bytes that can be sent
}

// Told is a name before a value that the script fills in.
func (v requestView) Told(name, value string) [2]string { return [2]string{name, value} }

// State is what a state says.
func (v requestView) State(name requestState) stateView {
	said := v.states[name]
	return stateView{name, said.heading, said.text}
}

// Good is what the states say that only say something, and nothing is wrong.
func (v requestView) Good() []stateView { return v.all(requestGood) }

// Wrong is the same of those where something is.
func (v requestView) Wrong() []stateView { return v.all(requestWrong) }

func (v requestView) all(names []requestState) (views []stateView) {
	for _, name := range names {
		views = append(views, v.State(name))
	}
	return views
}

// Notices are what can go wrong, by name.
func (v requestView) Notices() map[string]string { return v.notices }

// stateView is what a state says.
type stateView struct {
	Name          requestState
	Heading, Text string
}

// show writes the page, which is the same for every link: what a link is for, its
// script asks.
func (h *requests) show(w http.ResponseWriter, r *http.Request, name string) {
	tongue := tongueFor(r.Header.Get("Accept-Language"))
	link := linkTongues[tongue]
	view := requestView{
		requestWords: requestTongues[tongue], Link: link, Files: requestFiles.names, Brand: h.Brand, Limit: actions.ContentLimit,
		Base: "./" + strings.Repeat("../", strings.Count(name, "/")), Help: link.help(h.Support, h.Brand, false),
	}
	view.Help.Never = "" // they are asked for a secret
	var page bytes.Buffer
	if err := requestTemplate.Execute(&page, view); err != nil {
		h.Log.ErrorContext(r.Context(), "the page of a request could not be written", "route", "/r/{id}", "error", err)
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Language", link.lang)
	id, _, _ := strings.Cut(strings.ReplaceAll(name, "%23", "#"), "#") // as some mail gateways write it
	if _, whole := exactBytes(id, linkIDBytes); !whole {
		w.WriteHeader(http.StatusNotFound)
	}
	_, _ = w.Write(page.Bytes()) // who hung up reads nothing
}
