package sandbox

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"slices"
	"strings"
)

//go:embed page
var embedded embed.FS

// about is what the scripts know of the page, written into it as JSON.
type about struct {
	Commands  []aboutCommand  `json:"commands"`
	Shortcuts []aboutShortcut `json:"shortcuts"`
	People    []aboutPersona  `json:"people"`
	Support   string          `json:"support"`
}

type aboutCommand struct {
	Name    string `json:"name"`
	Usage   string `json:"usage"`
	Summary string `json:"summary"`
}

type aboutShortcut struct {
	Callback string `json:"callback"`
	Name     string `json:"name"`
	Message  bool   `json:"message"`
}

type aboutPersona struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Role string `json:"role"`
	Line string `json:"line"`
}

// render writes the page, which is the same for everybody.
func render(c Config) ([]byte, error) {
	page, err := template.ParseFS(embedded, "page/index.html")
	if err != nil {
		return nil, fmt.Errorf("reading the page of the sandbox: %w", err)
	}
	var out bytes.Buffer
	err = page.Execute(&out, map[string]any{
		"About": aboutOf(c), "Groups": grouped(c.Try), "First": c.Try[0], "Count": len(c.Try), "Help": c.Help,
		"Customers": slices.DeleteFunc(slices.Clone(c.Try), func(t Trial) bool { return t.UserID == "" }),
		"Site":      c.Site, "Leaps": leapsOf(c),
		"Shortcuts": slices.DeleteFunc(slices.Clone(c.Shortcuts), func(s Shortcut) bool { return s.Message }),
	})
	if err != nil {
		return nil, fmt.Errorf("writing the page of the sandbox: %w", err)
	}
	return out.Bytes(), nil
}

func aboutOf(c Config) about {
	a := about{Commands: []aboutCommand{}, Shortcuts: []aboutShortcut{}, People: []aboutPersona{}, Support: c.Support}
	for _, command := range c.Commands {
		a.Commands = append(a.Commands, aboutCommand(command))
	}
	for _, shortcut := range c.Shortcuts {
		a.Shortcuts = append(a.Shortcuts, aboutShortcut(shortcut))
	}
	for _, person := range c.People {
		a.People = append(a.People, aboutPersona(person))
	}
	return a
}

func (s *sandbox) servePage(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(s.page) // who hung up reads nothing
}

// files serves the stylesheet, the scripts and the drawings, but not the
// templates of pages.
func files() http.Handler {
	folder, err := fs.Sub(embedded, "page")
	if err != nil {
		panic(fmt.Sprintf("sandbox: the embedded files aren't there: %v", err))
	}
	serve := http.StripPrefix("/static/", http.FileServerFS(folder))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/static/" || strings.HasSuffix(r.URL.Path, ".html") {
			http.NotFound(w, r)
			return
		}
		serve.ServeHTTP(w, r)
	})
}
