package main

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// alertRule is one rule of alerts.yml.
type alertRule struct {
	Alert       string            `yaml:"alert"`
	Expr        string            `yaml:"expr"`
	For         string            `yaml:"for"`
	Labels      map[string]string `yaml:"labels"`
	Annotations map[string]string `yaml:"annotations"`
}

// alertRules reads the rules.
func alertRules(t *testing.T) []alertRule {
	t.Helper()
	text, err := os.ReadFile("deploy/alerts.yml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Groups []struct {
			Name  string      `yaml:"name"`
			Rules []alertRule `yaml:"rules"`
		} `yaml:"groups"`
	}
	read := yaml.NewDecoder(strings.NewReader(string(text)))
	read.KnownFields(true)
	if err := read.Decode(&file); err != nil || len(file.Groups) != 1 {
		t.Fatalf("there are the groups %+v, %v", file.Groups, err)
	}
	return file.Groups[0].Rules
}

var (
	// selector is a metric of ours with what it is asked for.
	selector = regexp.MustCompile(`(latchkey_[a-z_]+)(?:\{([^}]*)\})?`)
	// matcher is one label that a selector names.
	matcher = regexp.MustCompile(`([a-z_]+)(=~|=)"([^"]*)"`)
	series  = regexp.MustCompile(`(?m)^(latchkey_[a-z_]+)(?:\{(.*)\})? `)
	pair    = regexp.MustCompile(`([a-z_]+)="((?:[^"\\]|\\.)*)"`)
)

// exposed is every metric of a new server, and every value of its labels: "name" and
// "name label=value".
func exposed(t *testing.T) map[string]bool {
	t.Helper()
	there := map[string]bool{}
	for _, s := range series.FindAllStringSubmatch(scraped(t, meteredHouse(t)), -1) {
		there[s[1]] = true
		for _, label := range pair.FindAllStringSubmatch(s[2], -1) {
			there[s[1]+" "+label[1]+"="+label[2]] = true
		}
	}
	return there
}

// TestAlerts: each metric that a rule names is there from the start, with each value of a
// label that it asks for, and each rule says in sentences what happened and what to do.
func TestAlerts(t *testing.T) {
	t.Parallel()
	there, rules := exposed(t), alertRules(t)
	if len(rules) < 7 {
		t.Fatalf("there are %d rules", len(rules))
	}
	for _, rule := range rules {
		for _, missing := range rule.missing(there) {
			t.Errorf("%s names %s, which isn't there", rule.Alert, missing)
		}
		for _, name := range []string{"summary", "description"} {
			if text := rule.Annotations[name]; !strings.HasSuffix(text, ".") {
				t.Errorf("%s has no sentence as %s: %q", rule.Alert, name, text)
			}
		}
		if s := rule.Labels["severity"]; s != "page" && s != "ticket" {
			t.Errorf("%s has the severity %q", rule.Alert, s)
		}
	}
}

// missing is what the rule names that isn't there.
func (r alertRule) missing(there map[string]bool) (all []string) {
	named := selector.FindAllStringSubmatch(r.Expr, -1)
	if len(named) == 0 {
		return []string{"no metric of ours"}
	}
	for _, s := range named {
		if !there[s[1]] {
			all = append(all, s[1])
		}
		for _, label := range matcher.FindAllStringSubmatch(s[2], -1) {
			for value := range strings.SplitSeq(label[3], "|") {
				if wanted := s[1] + " " + label[1] + "=" + value; !there[wanted] {
					all = append(all, wanted)
				}
			}
		}
	}
	return all
}

// TestAlertsAreHeld: a rule that names what isn't there is found.
func TestAlertsAreHeld(t *testing.T) {
	t.Parallel()
	there := map[string]bool{"latchkey_a": true, "latchkey_a state=x": true}
	for expr, want := range map[string][]string{
		`latchkey_a{state="x"} > 0`:          nil,
		`latchkey_b > 0`:                     {"latchkey_b"},
		`rate(latchkey_a{state=~"x|y"}[1m])`: {"latchkey_a state=y"},
		`up == 0`:                            {"no metric of ours"},
	} {
		if got := (alertRule{Expr: expr}).missing(there); !slices.Equal(got, want) {
			t.Errorf("%s: %v is missing, want %v", expr, got, want)
		}
	}
}

// TestTokenAlert: a token that Slack doesn't take is told whatever was called with it.
func TestTokenAlert(t *testing.T) {
	t.Parallel()
	rules := alertRules(t)
	i := slices.IndexFunc(rules, func(r alertRule) bool { return r.Alert == "LatchkeyTokenRefused" })
	if i < 0 {
		t.Fatal("there is no such rule")
	}
	named := selector.FindAllStringSubmatch(rules[i].Expr, -1)
	if len(named) != 1 || named[0][1] != "latchkey_slack_calls_total" || named[0][2] != `outcome="token_refused"` {
		t.Errorf("it names %q", named)
	}
}
