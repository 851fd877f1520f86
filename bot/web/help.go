package web

import (
	"html/template"
	"net/mail"
	"net/url"
	"regexp"
	"strings"
)

// help is what stands at the foot of every page: whom to ask, and what nobody is
// ever asked for.
type help struct {
	Heading string
	Ask     string       // a sentence
	Contact string       // how they are reached, after that; "" when the sentence says it
	Href    template.URL // of Contact; "" when it is no address
	Never   string
}

// telephone is what looks like a number that people call.
var telephone = regexp.MustCompile(`^\+?[0-9][0-9 ()/.-]{4,}$`)

// help is whom to ask. own is how the company's customers reach its support: an
// e-mail address, the address of a page and a number to call become links,
// anything else stands there as it is; without one it is a shipped sentence. It
// speaks of a new link where one would help.
func (w *linkWords) help(own, brand string, needNew bool) help {
	h := help{Heading: w.Questions, Never: w.Never}
	if needNew {
		h.Heading = w.NeedNew
	}
	if h.Href = hrefOf(own); h.Href == "" {
		h.Ask = w.support(own, brand, needNew)
		return h
	}
	h.Ask, h.Contact = w.reach, own
	return h
}

// hrefOf is where a link to the company's support leads, "" when it can't be one.
func hrefOf(own string) template.URL {
	if address, err := mail.ParseAddress(own); err == nil && address.Address == own {
		return template.URL((&url.URL{Scheme: "mailto", Opaque: url.PathEscape(own)}).String()) //nolint:gosec // it is one address, escaped
	}
	if telephone.MatchString(own) {
		return template.URL("tel:" + keep(own, "+0123456789")) //nolint:gosec // a number and nothing else
	}
	page, err := url.Parse(own)
	if err != nil || (page.Scheme != "https" && page.Scheme != "http") || page.Host == "" || strings.ContainsAny(own, " \t") {
		return ""
	}
	return template.URL(page.String()) //nolint:gosec // https or http, and the company's own
}

// keep is a text without the letters that aren't of a kind.
func keep(text, of string) string {
	return strings.Map(func(letter rune) rune {
		if strings.ContainsRune(of, letter) {
			return letter
		}
		return -1
	}, text)
}
