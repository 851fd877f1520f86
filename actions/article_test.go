package actions

import (
	"strings"
	"testing"
)

// TestArticles: a brand's own article, or else everybody's, beside the cause that it is
// about (RULES S2.6).
func TestArticles(t *testing.T) {
	const (
		locked = "https://help.acme.example/locked?from=desk&v=2"
		home   = "https://home.example/locked"
		typed  = "https://help.acme.example/name"
	)
	articles, err := ParseArticles(" locked_attempts=" + locked + ", locked_attempts@Acme Home = " + home + ",unknown_username=" + typed + ",")
	if err != nil {
		t.Fatal(err)
	}
	branded := func(brand string) option {
		return member(place("Acme", AccountActive, func(p *Place) { p.Account.Brand = brand }))
	}
	for brand, want := range map[string]string{"": locked, "Other": locked, "acme HOME": home} {
		s := stage(branded(brand), lockedFor(LockAttempts, hour), tried(hour, WrongPassword))
		s.rules.Articles = articles
		d := s.judge()
		if len(d.Findings) == 0 || d.Findings[0].Cause != CauseLockedAttempts || d.Findings[0].Article != want {
			t.Errorf("of the brand %q: %+v", brand, d.Findings)
		}
		for _, other := range d.Findings[1:] {
			if other.Article != "" {
				t.Errorf("%s has the article %s", other.Cause, other.Article)
			}
		}
	}
	nobody := stage(func(s *scene) { s.Users, s.Places = nil, nil })
	nobody.Typed = []Attempt{{Identifier: nobody.Identifier, Outcome: UnknownUsername, At: noon.Add(-minute)}}
	nobody.rules.Articles = articles
	if d := nobody.judge(); len(d.Findings) == 0 || d.Findings[0].Article != typed {
		t.Errorf("of nobody: %+v", d.Findings)
	}
}

func TestParseArticlesRefuses(t *testing.T) {
	const good = "https://help.acme.example/a"
	for text, want := range map[string]string{
		"locked_attempts":                                                        "must be CAUSE=URL",
		"locked_attempts=help.acme.example":                                      "must be CAUSE=URL",
		"locked_attempts=http://a.example/":                                      "must be CAUSE=URL",
		"locked_attempts=https://u:p@a.example/":                                 "must be CAUSE=URL",
		"locked_attempts=https://a.example/<b>":                                  "must be CAUSE=URL",
		"locked_attempts=https://a.example/" + strings.Repeat("x", articleLimit): "must be CAUSE=URL",
		"looks_strange=" + good:                                                  "names a cause that there isn't",
		"locked_attempts@=" + good:                                               "names no brand",
		"locked_attempts=" + good + ",locked_attempts=" + good:                   "names locked_attempts twice",
		"locked_attempts@Home=" + good + ",locked_attempts@HOME=" + good:         "names locked_attempts@HOME twice",
	} {
		if _, err := ParseArticles(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60q: %v, want %q", text, err, want)
		}
	}
	if articles, err := ParseArticles(""); err != nil || articles.For(CauseLockedAttempts, "") != "" {
		t.Errorf("of nothing: %v, %v", articles, err)
	}
}
