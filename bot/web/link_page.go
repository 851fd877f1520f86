package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"net/http"
	"path"
	"strings"

	"github.com/latchkey-bot/latchkey/actions"
)

//go:embed page
var embedded embed.FS

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

// linkFile is a file that the page loads. Its name changes with what is in it.
type linkFile struct {
	media   string
	content []byte
}

func (f linkFile) serve(w http.ResponseWriter) {
	w.Header().Set("Content-Type", f.media)
	_, _ = w.Write(f.content) // who hung up reads nothing
}

// The files of the page by their names in addresses, the names by which the
// template asks for them, and the template.
var (
	linkFiles, linkNames = readLinkFiles(map[string]string{
		"link.css": "text/css; charset=utf-8", "link.js": "text/javascript; charset=utf-8",
	})
	linkTemplate = template.Must(template.ParseFS(embedded, "page/link.html"))
)

// readLinkFiles reads embedded files, and names each by what is in it.
func readLinkFiles(media map[string]string) (files map[string]linkFile, names map[string]string) {
	files, names = map[string]linkFile{}, map[string]string{}
	for name, kind := range media {
		content, err := embedded.ReadFile("page/" + name)
		if err != nil {
			panic(fmt.Sprintf("web: the embedded files aren't there: %v", err))
		}
		sum := sha256.Sum256(content)
		ending := path.Ext(name)
		hashed := strings.TrimSuffix(name, ending) + "-" + hex.EncodeToString(sum[:6]) + ending
		names[strings.TrimPrefix(ending, ".")], files[hashed] = hashed, linkFile{kind, content}
	}
	return files, names
}

// linkView is what the template shows.
type linkView struct {
	Words     *linkWords
	ID        string
	State     linkState
	Files     map[string]string // names by ending
	Brand     string
	Heading   string
	Text      string
	Support   string // whom to ask
	Reference string
	Form      bool // the customer can answer, or go on
	Confirm   bool // and is asked whether it was they
	NeedNew   bool // a new link is what helps
	Trouble   bool // something is wrong
}

// show writes the page. Links that aren't there look like those that are.
func (l *links) show(w http.ResponseWriter, r *http.Request, id string, s said) {
	words := wordsFor(r.Header.Get("Accept-Language"), s.locale)
	if s.sentence != "" { // which is in the customer's language: all of the page is
		words = wordsFor(s.locale, "")
	}
	view := linkView{
		Words: words, ID: id, State: s.state, Files: linkNames, Brand: l.Brand, Reference: s.reference,
		Confirm: s.purpose == actions.LinkConfirm,
		Form:    id != "" && (s.state == stateLive || s.state == stateIncomplete),
	}
	view.Heading, view.Text = words.say(s)
	view.Trouble = s.state != stateLive && linkStatus[s.state] != http.StatusOK
	asked := s.state == stateLive && view.Confirm // a question about a change, not about the link
	view.NeedNew = s.state != stateConfirmed && s.state != stateDenied && !asked
	view.Support = words.support(l.Support, l.Brand, view.NeedNew)
	var page bytes.Buffer
	if err := linkTemplate.Execute(&page, view); err != nil {
		l.Log.ErrorContext(r.Context(), "the page of a link could not be written", "route", "/l/{id}", "state", string(s.state), "error", err)
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	if s.state == stateBusy || linkStatus[s.state] == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "60")
	}
	w.Header().Set("Content-Language", words.lang)
	w.WriteHeader(linkStatus[s.state])
	_, _ = w.Write(page.Bytes()) // who hung up reads nothing
}
