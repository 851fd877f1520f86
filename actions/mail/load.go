package mail

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"github.com/latchkey-bot/latchkey/actions"
)

//go:embed templates
var shipped embed.FS

// brandsDir is where texts for one brand lie.
const brandsDir = "brands"

// Templates are the texts of all messages: those that are shipped, and a company's
// own over them.
type Templates struct {
	layers map[string]layer // by brand as slug has it; "" for every brand
	chosen map[string]map[name]*choice
}

// layer are texts by name and language.
type layer map[name]map[string]text

// choice are the texts of one name that there are for a brand, English first.
type choice struct {
	texts   []text
	matcher language.Matcher
}

// LoadTemplates reads dir/<language>/<template>.txt, <template>.sms.txt for what
// goes by text, and dir/brands/<brand>/<language>/… for one brand, over the texts
// that are shipped; "" for these alone. A language is a tag such as de or pt-BR.
//
// Its error names file and line: an unknown placeholder, a file that is no
// template's, a text without a subject or without what it is for.
func LoadTemplates(dir string) (*Templates, error) {
	t := &Templates{layers: map[string]layer{}}
	own, err := fs.Sub(shipped, "templates")
	if err != nil {
		return nil, err
	}
	if err := t.read(own, "templates"); err != nil {
		return nil, err
	}
	if dir != "" {
		if err := t.read(os.DirFS(dir), dir); err != nil {
			return nil, err
		}
	}
	return t, t.choose()
}

// read reads a directory of languages and brands; shown is its name for people.
func (t *Templates) read(files fs.FS, shown string) error {
	entries, err := visible(files, ".", shown)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if entry != brandsDir {
			err = t.readLanguage(files, shown, entry, "")
		} else {
			err = t.readBrands(files, shown)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// readBrands reads what lies there for single brands.
func (t *Templates) readBrands(files fs.FS, shown string) error {
	brands, err := visible(files, brandsDir, shown)
	if err != nil {
		return err
	}
	for _, brand := range brands {
		languages, err := visible(files, path.Join(brandsDir, brand), shown)
		if err != nil {
			return err
		}
		for _, dir := range languages {
			if err := t.readLanguage(files, shown, path.Join(brandsDir, brand, dir), brand); err != nil {
				return err
			}
		}
	}
	return nil
}

// readLanguage reads the texts of one language.
func (t *Templates) readLanguage(files fs.FS, shown, dir, brand string) error {
	at := filepath.Join(shown, filepath.FromSlash(dir))
	info, err := fs.Stat(files, dir)
	if err != nil {
		return fmt.Errorf("reading mail templates: %w", err)
	}
	tag, err := language.Parse(path.Base(dir))
	if !info.IsDir() || err != nil {
		return fmt.Errorf("mail template %s:1: here may only be folders that are named after a language, such as de or pt-BR, and %s", at, brandsDir)
	}
	entries, err := visible(files, dir, shown)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if err := t.readText(files, path.Join(dir, entry), tag, brand); err != nil {
			return fmt.Errorf("mail template %s:%w", filepath.Join(at, entry), err)
		}
	}
	return nil
}

// readText reads one text. Its error is a *flawError.
func (t *Templates) readText(files fs.FS, file string, tag language.Tag, brand string) error {
	n, known := nameOf(path.Base(file))
	if !known {
		return &flawError{1, fmt.Sprintf("no template has this name; the names are %v, each with .txt", names())}
	}
	content, err := fs.ReadFile(files, file)
	if err != nil {
		return &flawError{1, "it can't be read: " + err.Error()}
	}
	read, err := parse(n, string(content))
	if err != nil {
		return err
	}
	read.language = tag.String()
	of := t.layers[slug(brand)]
	if of == nil {
		of = layer{}
		t.layers[slug(brand)] = of
	}
	if of[n] == nil {
		of[n] = map[string]text{}
	}
	of[n][read.language] = read
	return nil
}

// nameOf is the name that a file has.
func nameOf(file string) (name, bool) {
	for _, n := range names() {
		if file == n.String()+".txt" {
			return n, true
		}
	}
	return name{}, false
}

// visible lists a folder, without what is hidden: editors and those who mount
// folders leave such things.
func visible(files fs.FS, dir, shown string) ([]string, error) {
	entries, err := fs.ReadDir(files, dir)
	if err != nil {
		return nil, fmt.Errorf("reading mail templates in %s: %w", shown, errors.Unwrap(err))
	}
	var found []string
	for _, entry := range entries {
		if !strings.HasPrefix(entry.Name(), ".") {
			found = append(found, entry.Name())
		}
	}
	return found, nil
}

// slug is a brand as its folder may be called: "Acme Cloud" is acme-cloud.
func slug(brand string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(brand), func(r rune) bool {
		return strings.ContainsRune(" -_./\\", r)
	}), "-")
}

// choose makes ready, for each brand, what there is of each text.
func (t *Templates) choose() error {
	t.chosen = map[string]map[name]*choice{}
	for brand := range t.layers {
		t.chosen[brand] = map[name]*choice{}
		for _, n := range names() {
			c, err := t.choiceOf(brand, n)
			if err != nil {
				return err
			}
			t.chosen[brand][n] = c
		}
	}
	return nil
}

// choiceOf is what there is of one text for a brand: its own, else everybody's.
func (t *Templates) choiceOf(brand string, n name) (*choice, error) {
	all := map[string]text{}
	for _, of := range []string{"", brand} {
		for tag, text := range t.layers[of][n] {
			all[tag] = text
		}
	}
	c := &choice{}
	var tags []language.Tag
	for _, text := range all {
		c.texts = append(c.texts, text)
	}
	slices.SortFunc(c.texts, func(a, b text) int { return strings.Compare(englishFirst(a), englishFirst(b)) })
	for _, text := range c.texts {
		tags = append(tags, language.Make(text.language))
	}
	if len(tags) == 0 || tags[0] != language.English {
		return nil, fmt.Errorf("mail templates: there is no English text of %s", n)
	}
	c.matcher = language.NewMatcher(tags)
	return c, nil
}

// englishFirst sorts texts by their language, English before all.
func englishFirst(t text) string {
	if t.language == language.English.String() {
		return ""
	}
	return t.language
}

// localeLimit is how long a locale may be, in bytes; longer ones are nonsense.
const localeLimit = 64

// find is the text for a brand and a locale, as records carry it: "de-DE", "de_AT",
// "de_DE.UTF-8". A language that isn't there is English.
func (t *Templates) find(n name, brand, locale string) (text, bool) {
	of, own := t.chosen[slug(brand)]
	if !own {
		of = t.chosen[""]
	}
	c := of[n]
	if c == nil {
		return text{}, false
	}
	locale, _, _ = strings.Cut(locale, ".")
	tag, err := language.Parse(locale)
	if locale == "" || len(locale) > localeLimit || err != nil {
		return c.texts[0], true
	}
	_, i, confidence := c.matcher.Match(tag)
	if confidence < language.High {
		i = 0
	}
	return c.texts[i], true
}

// Known reports whether a template goes by a channel.
func Known(t actions.Template, via actions.Channel) bool {
	return slices.Contains(names(), name{template: t, mobile: via == actions.ChannelSMS})
}
