package sandbox_test

import (
	"io/fs"
	"net/http"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestPage(t *testing.T) {
	w := open(t)
	got := w.get("/")
	if got.status != http.StatusOK || got.header.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("the page: %d, %s", got.status, got.header.Get("Content-Type"))
	}
	for _, want := range []string{
		`data-try="locked_attempts"`, `data-command="/diagnose jane@acme.example"`, `data-customer="u-jane"`, "“Too often.”", `id="composer"`,
		`<option value="u-jane">`, `data-global="anybody"`, `data-ready="false"`, "&lt;b&gt;Bob&lt;/b&gt;", "<h3>More to ask about</h3>",
	} {
		if !strings.Contains(got.body, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	for _, never := range []string{"<b>Bob</b>", `"><script>`, "style=", `data-global="diagnose_message"`, `<option value="">`} {
		if strings.Contains(got.body, never) {
			t.Errorf("the page has %s", never)
		}
	}
}

func TestFiles(t *testing.T) {
	w := open(t)
	kinds := map[string]string{".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
	for _, name := range sources(t) {
		kind, served := kinds[path.Ext(name)]
		got := w.get("/static/" + name)
		switch {
		case !served && got.status != http.StatusNotFound:
			t.Errorf("%s is served: %d", name, got.status)
		case served && (got.status != http.StatusOK || !strings.HasPrefix(got.header.Get("Content-Type"), kind) || got.body != read(t, name)):
			t.Errorf("%s: %d, %s", name, got.status, got.header.Get("Content-Type"))
		}
	}
	for _, path := range []string{"/static/", "/static/nothing.js", "/index.html", "/page/main.js", "/static/../act.go"} {
		if got := w.get(path); got.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, got.status)
		}
	}
}

// sources are the files of the page.
func sources(t *testing.T) []string {
	t.Helper()
	names, err := fs.Glob(os.DirFS("page"), "*")
	if err != nil || len(names) < 10 {
		t.Fatalf("the page has only %v, %v", names, err)
	}
	return names
}

func read(t *testing.T, name string) string {
	t.Helper()
	raw, err := os.ReadFile(path.Join("page", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// TestScriptsBuildNodes: nothing from outside is read as HTML or as code, and
// every address is the page's own.
func TestScriptsBuildNodes(t *testing.T) {
	never := regexp.MustCompile(`innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|createContextualFragment|srcdoc|\beval\(|new Function|setTimeout\("|https?://[a-z]`)
	for _, name := range sources(t) {
		if path.Ext(name) != ".js" {
			continue
		}
		text := strings.ReplaceAll(read(t, name), "http://www.w3.org/2000/svg", "")
		if found := never.FindString(text); found != "" {
			t.Errorf("%s has %s", name, found)
		}
		if lines := strings.Count(text, "\n"); lines > 400 {
			t.Errorf("%s has %d lines", name, lines)
		}
	}
}

var (
	imports = regexp.MustCompile(`import (?:\{ ([^}]*) \}|\* as (\w+)) from "\./([\w.]+)";`)
	exports = regexp.MustCompile(`(?m)^export (?:async )?(?:function|const) (\w+)`)
)

// TestScriptsFindEachOther: without a build step, nobody else notices a name
// that isn't there, or is no longer used.
func TestScriptsFindEachOther(t *testing.T) {
	used := map[string]bool{"main.js": true}
	for _, name := range sources(t) {
		if path.Ext(name) != ".js" {
			continue
		}
		text := imports.ReplaceAllString(read(t, name), "")
		for _, found := range imports.FindAllStringSubmatch(read(t, name), -1) {
			list, all, from := found[1], found[2], found[3]
			used[from] = true
			wanted := strings.Split(list, ", ")
			if all != "" {
				wanted = members(text, all)
			}
			for _, want := range wanted {
				if !slices.Contains(exported(t, from), want) {
					t.Errorf("%s imports %s, which %s doesn't export", name, want, from)
				}
				if !regexp.MustCompile(`\b` + want + `\b`).MatchString(text) {
					t.Errorf("%s doesn't use %s", name, want)
				}
			}
		}
	}
	for _, name := range sources(t) {
		if path.Ext(name) == ".js" && !used[name] {
			t.Errorf("nobody imports %s", name)
		}
	}
}

// members are the names that a text uses of a module.
func members(text, module string) []string {
	var names []string
	for _, found := range regexp.MustCompile(`\b`+module+`\.(\w+)`).FindAllStringSubmatch(text, -1) {
		names = append(names, found[1])
	}
	return names
}

func exported(t *testing.T, name string) []string {
	t.Helper()
	var names []string
	for _, found := range exports.FindAllStringSubmatch(read(t, name), -1) {
		names = append(names, found[1])
	}
	return names
}
