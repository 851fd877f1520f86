package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/latchkey-bot/latchkey"

// mayImport is the direction of imports between the top-level folders: cmd
// imports everything, bot and store import actions and escalation and never
// meet, escalation imports actions, actions nothing of ours.
var mayImport = map[string][]string{
	"cmd":        {"cmd", "bot", "store", "escalation", "actions"},
	"bot":        {"bot", "escalation", "actions"},
	"store":      {"store", "escalation", "actions"},
	"escalation": {"escalation", "actions"},
	"actions":    {"actions"},
}

// goPackage is what `go list` says of a package.
type goPackage struct {
	ImportPath                         string
	Imports, TestImports, XTestImports []string
}

func packages(t *testing.T) []goPackage {
	t.Helper()
	list := exec.Command("go", "list", "-json=ImportPath,Imports,TestImports,XTestImports", "./...")
	list.Dir = "../.."
	list.Stderr = os.Stderr
	out, err := list.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []goPackage
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p goPackage
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatalf("reading what go list says: %v", err)
		}
		all = append(all, p)
	}
}

// room is the top-level folder of a package of ours, "" for others'.
func room(path string) string {
	rest, ours := strings.CutPrefix(path, module+"/")
	if !ours {
		return ""
	}
	name, _, _ := strings.Cut(rest, "/")
	return name
}

func TestImportsPointOneWay(t *testing.T) {
	t.Parallel()
	all := packages(t)
	if len(all) < 5 {
		t.Fatalf("go list found only %d packages", len(all))
	}
	for _, p := range all {
		from := room(p.ImportPath)
		for _, path := range p.Imports {
			if to := room(path); to != "" && !slices.Contains(mayImport[from], to) {
				t.Errorf("%s imports %s: %s must not import %s", p.ImportPath, path, from, to)
			}
		}
		// The conformance suite's helper may serve the tests of others.
		for _, path := range slices.Concat(p.TestImports, p.XTestImports) {
			if to := room(path); to != "" && !slices.Contains(mayImport[from], to) && !strings.HasSuffix(path, "/storetest") {
				t.Errorf("the tests of %s import %s: %s must not import %s", p.ImportPath, path, from, to)
			}
		}
	}
}

// TestActionsImportsNothingOfOurs holds the strictest rule by itself: the
// package actions, not its sub-packages, knows no other package of ours.
func TestActionsImportsNothingOfOurs(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		for _, path := range p.Imports {
			if p.ImportPath == module+"/actions" && room(path) != "" {
				t.Errorf("actions imports %s", path)
			}
		}
	}
}

// TestTopLevelFolders holds that the house has exactly its five rooms.
func TestTopLevelFolders(t *testing.T) {
	t.Parallel()
	entries, err := os.ReadDir("../..")
	if err != nil {
		t.Fatal(err)
	}
	var rooms []string
	for _, e := range entries {
		if e.IsDir() && !strings.HasPrefix(e.Name(), ".") {
			rooms = append(rooms, e.Name())
		}
	}
	if want := []string{"actions", "bot", "cmd", "escalation", "store"}; !slices.Equal(rooms, want) {
		t.Errorf("the top-level folders are %v, not %v", rooms, want)
	}
}
