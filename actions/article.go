package actions

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// Articles are the company's help articles for customers (RULES S2.6): an address for each
// cause, and for each cause and brand. The zero value has none.
type Articles map[articleOf]string

// articleOf is what an article is for. The brand is folded; "" is every brand that has no
// article of its own.
type articleOf struct {
	cause Cause
	brand string
}

// For is the address of the article for a cause: the brand's, or else everybody's; "" without one.
func (a Articles) For(cause Cause, brand string) string {
	if own, there := a[articleOf{cause, Fold(brand)}]; there {
		return own
	}
	return a[articleOf{cause, ""}]
}

// give names in each finding the article for its cause.
func (a Articles) give(findings []Finding, brand string) {
	for i := range findings {
		findings[i].Article = a.For(findings[i].Cause, brand)
	}
}

// articleLimit is the longest address of an article, in bytes.
const articleLimit = 500

// ParseArticles reads "locked_attempts=https://help.acme.example/locked" and, for a brand
// of its own, "locked_attempts@Acme Home=https://…", several by comma. A comma in an address
// is written %2C. Its errors follow the name of a setting.
func ParseArticles(text string) (Articles, error) {
	all := Articles{}
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		what, address, found := strings.Cut(part, "=")
		address = strings.TrimSpace(address)
		if !found || !isArticle(address) {
			return nil, fmt.Errorf("must be CAUSE=URL or CAUSE@BRAND=URL, several by comma, where a URL is such as https://help.acme.example/locked")
		}
		named, brand, branded := strings.Cut(what, "@")
		of := articleOf{Cause(strings.TrimSpace(named)), Fold(strings.TrimSpace(brand))}
		_, twice := all[of]
		switch {
		case !slices.Contains(Causes(), of.cause):
			return nil, fmt.Errorf("names a cause that there isn't: %q", of.cause)
		case branded && of.brand == "":
			return nil, fmt.Errorf("names no brand after %s@", of.cause)
		case twice:
			return nil, fmt.Errorf("names %s twice", strings.TrimSpace(what))
		}
		all[of] = address
	}
	return all, nil
}

// isArticle reports whether customers can be sent to an address: on the web, encrypted,
// without a password in it.
func isArticle(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Scheme == "https" && u.Host != "" && u.User == nil && len(address) <= articleLimit &&
		!strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r >= 0x7f || strings.ContainsRune("<>|`\"", r) })
}
