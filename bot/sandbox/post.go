package sandbox

import (
	"html"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
)

// kept is how many of each kind of post are kept, the newest.
const kept = 100

// Post is what reached the customers and their product: mails, texts, and what
// the product heard. Its methods are for several goroutines.
type Post struct {
	board
	serial func() string
	now    func() time.Time
	mails  []Mail
	texts  []Text
	heard  []Heard
}

// NewPost makes an empty one. serial makes IDs that nobody can guess.
func NewPost(serial func() string) *Post {
	return &Post{serial: serial, now: time.Now}
}

// By has post arrive by that clock from now on, and returns the post.
func (p *Post) By(clock func() time.Time) *Post {
	p.now = clock
	return p
}

// Mail is a mail that arrived, for one receiver.
type Mail struct {
	ID       string    `json:"id"`
	At       time.Time `json:"at"`
	From     string    `json:"from"`
	To       string    `json:"to"`
	Subject  string    `json:"subject"`
	Text     string    `json:"text"`
	HTML     string    `json:"-"`    // as it came: only ever shown in a frame that may do nothing
	Rendered bool      `json:"html"` // HTML isn't empty
}

// Text is a text that arrived on a telephone.
type Text struct {
	ID   string    `json:"id"`
	At   time.Time `json:"at"`
	To   string    `json:"to"`
	Text string    `json:"text"`
}

// Heard is something that Latchkey changed and the product heard of.
type Heard struct {
	ID   string    `json:"id"`
	At   time.Time `json:"at"`
	Line string    `json:"line"` // "Jane Doe: unlocked"
}

// Deliver puts a mail into the post.
func (p *Post) Deliver(m Mail) {
	p.add(func(id string) {
		m.ID, m.Rendered = id, m.HTML != ""
		p.mails = newest(p.mails, m)
	})
}

// Ring puts a text into the post.
func (p *Post) Ring(t Text) {
	p.add(func(id string) {
		t.ID = id
		p.texts = newest(p.texts, t)
	})
}

// Hear puts something that the product heard into the post.
func (p *Post) Hear(h Heard) {
	p.add(func(id string) {
		h.ID = id
		p.heard = newest(p.heard, h)
	})
}

func (p *Post) add(put func(id string)) {
	p.change(func() { put(p.serial()) })
}

// newest puts one at the head of the others and drops those that are too many.
func newest[T any](all []T, one T) []T {
	all = slices.Insert(all, 0, one)
	return all[:min(len(all), kept)]
}

// Arrived is all of the post, the newest of each kind first.
type Arrived struct {
	Mails []Mail  `json:"mails"`
	Texts []Text  `json:"texts"`
	Heard []Heard `json:"heard"`
}

// All returns what there is.
func (p *Post) All() Arrived {
	p.mu.Lock()
	defer p.mu.Unlock()
	return Arrived{
		Mails: append([]Mail{}, p.mails...), Texts: append([]Text{}, p.texts...), Heard: append([]Heard{}, p.heard...),
	}
}

// mail returns the mail with an ID.
func (p *Post) mail(id string) (m Mail, found bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	i := slices.IndexFunc(p.mails, func(m Mail) bool { return m.ID == id })
	if i < 0 {
		return Mail{}, false
	}
	return p.mails[i], true
}

func (s *sandbox) post(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, s.config.Post.All())
}

// mailPolicy lets a mail have its own looks and nothing else: no script runs, and
// nothing is fetched. Its links open a tab of their own, outside of the sandbox.
const mailPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; " +
	"frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"

var (
	head     = regexp.MustCompile(`(?i)<head[^>]*>`)
	newTab   = `<base target="_blank">`
	darkened = `<meta name="color-scheme" content="light dark">`
)

// serveMail shows the HTML of a mail, for the frame that the page has for it. A
// mail without one is its text.
func (s *sandbox) serveMail(w http.ResponseWriter, r *http.Request) {
	m, found := s.config.Post.mail(r.PathValue("id"))
	if !found {
		fail(w, fault{http.StatusNotFound, "That mail isn't there any more."})
		return
	}
	body := m.HTML
	if body == "" {
		body = "<!doctype html><html><head>" + darkened + "</head><body><pre>" + html.EscapeString(m.Text) + "</pre></body></html>"
	}
	if at := head.FindStringIndex(body); at != nil {
		body = body[:at[1]] + newTab + body[at[1]:]
	} else {
		body = strings.Join([]string{newTab, body}, "")
	}
	w.Header().Set("Content-Security-Policy", mailPolicy)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write([]byte(body)) // a stranger's HTML on purpose: the policy lets it do nothing
}
