package web

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"github.com/latchkey-bot/latchkey/actions"
)

// LinkUser knows the one-time links. actions.Actions is one.
type LinkUser interface {
	// LinkPage returns what a link is for and changes nothing; "" when nobody has
	// that ID.
	LinkPage(ctx context.Context, id string) actions.LinkPurpose
	// UseLink spends a link when the token is right.
	UseLink(ctx context.Context, id, token string, answer actions.LinkAnswer) (actions.LinkOutcome, error)
}

// LinkPages is what the pages of one-time links need. Links, Guard and Log are
// required.
type LinkPages struct {
	Links LinkUser
	Guard *Guard
	// LoginURL is where whoever used a link is sent on to, with the query
	// parameter code. It must not send them on to another origin in the same breath,
	// which browsers don't allow. Without one only links that ask something can be
	// used: those that confirm, or say that a temporary admin was deleted.
	LoginURL string
	Brand    string // the name that customers know the company by; "" names nobody
	Support  string // how customers reach support: an address, a number or a sentence; "" is one of the shipped words
	Log      *slog.Logger
}

// Links answers everything under /l/: the page of a one-time link /l/{id}#token,
// and the files that it loads.
//
// GET and HEAD change nothing, whatever opens the link before the customer does.
// POST, with the form token and answer (go_on or deny), spends it: 303 to
// LoginURL with ?code=…, or a page that says what happened: 200 confirmed (also that
// a temporary admin was deleted) or denied, 404 incomplete (a wrong token, or no such link), 410 spent or expired,
// 403 when the customer may not log in now. Beside these: 400, 413 and 415 for
// what isn't the page's form, 403 for what another site sent, 429 after 100
// answers of 403 and 404 to an address in a minute, 500 and 503 with a reference to the
// log. No line of the log holds an ID, a token or a code.
func Links(pages LinkPages) http.Handler {
	return &links{LinkPages: pages, policy: linkPolicy(pages.LoginURL)}
}

// links is the handler of Links.
type links struct {
	LinkPages
	policy string // the content security policy
}

// ServeHTTP answers one request.
func (l *links) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.Guard.secure(w.Header(), "text/html; charset=utf-8", l.policy)
	name, below := strings.CutPrefix(r.URL.Path, "/l/")
	// Some mail gateways write %23 for the #, so that the token comes along.
	id, _, _ := strings.Cut(strings.ReplaceAll(name, "%23", "#"), "#")
	switch reads := r.Method == http.MethodGet || r.Method == http.MethodHead; {
	case !below || id == "" || strings.Contains(id, "/"):
		l.show(w, r, "", said{state: stateIncomplete})
	case linkFiles.has(name) && reads:
		linkFiles.serve(w, name)
	case reads:
		l.show(w, r, id, said{state: stateLive, purpose: l.Links.LinkPage(r.Context(), id)})
	case r.Method == http.MethodPost:
		l.use(w, r, id)
	default:
		w.Header().Set("Allow", "GET, HEAD, POST")
		w.WriteHeader(http.StatusMethodNotAllowed)
	}
}

// use takes the form, and sends the customer on or says what happened.
func (l *links) use(w http.ResponseWriter, r *http.Request, id string) {
	token, answer, fault := l.read(w, r, id)
	if fault != "" {
		l.show(w, r, id, said{state: fault})
		return
	}
	outcome, err := l.Links.UseLink(r.Context(), id, token, answer)
	switch {
	case err != nil:
		l.failed(w, r, id, err)
	case outcome.State == actions.LinkLive && outcome.Code != "":
		w.Header().Set("Location", withCode(l.LoginURL, outcome.Code))
		w.WriteHeader(http.StatusSeeOther)
	default:
		l.show(w, r, id, outcomeOf(outcome, answer, l.Links.LinkPage(r.Context(), id)))
	}
}

// read reads the form. fault is what the page says instead of using the link, ""
// when it is to be used. Where it comes from is looked at first.
func (l *links) read(w http.ResponseWriter, r *http.Request, id string) (token string, answer actions.LinkAnswer, fault linkState) {
	if !l.Guard.own(r) {
		return "", "", stateForeign
	}
	if l.Guard.busy(r) {
		return "", "", stateBusy
	}
	form, fault := readForm(w, r)
	if fault != "" {
		return "", "", fault
	}
	answer = actions.LinkAnswer(form.Get("answer"))
	if len(form["token"]) != 1 || len(form["answer"]) != 1 || (answer != actions.LinkGoOn && answer != actions.LinkDeny) {
		return "", "", stateUnread
	}
	if l.LoginURL == "" && !asks(l.Links.LinkPage(r.Context(), id)) {
		return "", "", stateNowhere // before it is spent for nothing
	}
	return tokenOf(form.Get("token")), answer, ""
}

// asks reports whether a link of a purpose asks something, and leads nowhere on.
func asks(purpose actions.LinkPurpose) bool {
	return purpose == actions.LinkConfirm || purpose == actions.LinkRemoved
}

// failed says that something went wrong, and where the log has it.
func (l *links) failed(w http.ResponseWriter, r *http.Request, id string, err error) {
	if actions.CodeOf(err) == actions.Invalid { // an answer that the link doesn't know
		l.show(w, r, id, said{state: stateUnread})
		return
	}
	words := actions.Explain(err)
	blame(r.Context(), l.Log, "a link could not be used", "route", "/l/{id}", "reference", words.Reference, "error", err)
	state := stateFailed
	if words.Code == actions.Unavailable {
		state = stateUnavailable
	}
	l.show(w, r, id, said{state: state, reference: words.Reference})
}

// outcomeOf is what the page says of what came of using a link.
func outcomeOf(o actions.LinkOutcome, answer actions.LinkAnswer, purpose actions.LinkPurpose) said {
	s := said{state: linkState(o.State), purpose: cmp.Or(o.Purpose, purpose), sentence: o.Sentence, locale: o.Locale}
	if o.State != actions.LinkLive {
		return s
	}
	if s.state = stateConfirmed; answer == actions.LinkDeny {
		s.state = stateDenied
	}
	return s
}

// withCode is the login page's address with a code in its query.
func withCode(login, code string) string {
	u, err := url.Parse(login)
	if err != nil {
		return login // it was checked at the start; without a code it still logs in
	}
	query := u.Query()
	query.Set("code", code)
	u.RawQuery = query.Encode()
	return u.String()
}

// tokenOf is the token in what came: by hand the whole link may have been
// pasted, with the # or what a mail gateway made of it, and broken over lines.
func tokenOf(typed string) string {
	token := strings.Join(strings.Fields(typed), "")
	for _, mark := range []string{"#", "%23"} {
		if i := strings.LastIndex(token, mark); i >= 0 {
			token = token[i+len(mark):]
		}
	}
	return token
}
