package sandbox_test

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var (
	defined = regexp.MustCompile(`--([\w-]+):`)
	asked   = regexp.MustCompile(`var\(--([\w-]+)\)`)
	colours = regexp.MustCompile(`--([\w-]+): (#[0-9a-f]{6});`)
)

// schemes are the colours of the stylesheet by name, light and dark.
func schemes(t *testing.T) map[string]map[string]string {
	t.Helper()
	light, rest, ok := strings.Cut(read(t, "sandbox.css"), "@media (prefers-color-scheme: dark)")
	if !ok {
		t.Fatal("there is no dark scheme")
	}
	dark, _, _ := strings.Cut(rest, "/* Ground */")
	schemes := map[string]map[string]string{"light": {}, "dark": {}}
	for _, found := range colours.FindAllStringSubmatch(light, -1) {
		schemes["light"][found[1]], schemes["dark"][found[1]] = found[2], found[2]
	}
	for _, found := range colours.FindAllStringSubmatch(dark, -1) {
		schemes["dark"][found[1]] = found[2]
	}
	return schemes
}

// TestContrast: text has 4.5:1 on every ground that it stands on, what bounds a
// control or is part of a drawing 3:1 (WCAG 2.2, 1.4.3 and 1.4.11).
func TestContrast(t *testing.T) {
	text := map[string]string{
		"ink": "paper surface sunken line accent-soft brass-soft danger-soft", "soft": "paper surface sunken", "accent": "paper surface sunken accent-soft",
		"accent-strong": "surface accent-soft", "brass": "paper surface", "danger": "paper surface", "on-accent": "accent accent-strong",
		"on-danger": "danger danger-strong", "key": "crest",
	}
	shapes := map[string]string{
		"edge": "paper surface sunken", "ring": "paper surface sunken", "accent": "surface paper sunken",
		"c0": "surface", "c1": "surface", "c2": "surface", "c3": "surface", "c4": "surface", "c5": "surface",
	}
	for scheme, colour := range schemes(t) {
		for least, pairs := range map[float64]map[string]string{4.5: text, 3: shapes} {
			for on, grounds := range pairs {
				for ground := range strings.FieldsSeq(grounds) {
					if got := contrast(t, colour[on], colour[ground]); got < least {
						t.Errorf("%s: %s on %s has %.2f, less than %.1f", scheme, on, ground, got, least)
					}
				}
			}
		}
	}
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	bright, dim := luminance(t, a), luminance(t, b)
	if bright < dim {
		bright, dim = dim, bright
	}
	return (bright + 0.05) / (dim + 0.05)
}

func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	if len(colour) != 7 {
		t.Fatalf("%q is no colour", colour)
	}
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		level, err := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		part := float64(level) / 255
		if part <= 0.04045 {
			part /= 12.92
		} else {
			part = math.Pow((part+0.055)/1.055, 2.4)
		}
		sum += weight * part
	}
	return sum
}

// TestStyleIsChosenOnce: every name that is used is defined, and no colour
// stands outside the definitions.
func TestStyleIsChosenOnce(t *testing.T) {
	css := read(t, "sandbox.css")
	known := map[string]bool{}
	for _, found := range defined.FindAllStringSubmatch(css, -1) {
		known[found[1]] = true
	}
	for _, found := range asked.FindAllStringSubmatch(css, -1) {
		if !known[found[1]] {
			t.Errorf("--%s is used and not defined", found[1])
		}
	}
	_, rules, _ := strings.Cut(css, "/* Ground */")
	if found := regexp.MustCompile(`#[0-9a-fA-F]{3,8}\b[^{]*;|rgb\(`).FindString(rules); found != "" {
		t.Errorf("a colour stands among the rules: %s", found)
	}
	if strings.Contains(css, "url(") || strings.Contains(css, "@import") {
		t.Error("the stylesheet loads something")
	}
}
