package main

import (
	"encoding/json"
	"fmt"
	"runtime/debug"
	"strings"
)

// versionCmd prints the version.
type versionCmd struct {
	JSON bool `help:"As JSON."`
}

// Run prints version, commit and time of the commit, as far as the build knows
// them.
func (c *versionCmd) Run(t terminal) error {
	version := struct {
		Version string `json:"version"`
		Commit  string `json:"commit,omitempty"`
		Date    string `json:"date,omitempty"`
		Go      string `json:"go,omitempty"`
	}{Version: "devel"}
	if info, ok := debug.ReadBuildInfo(); ok {
		version.Go = info.GoVersion
		if info.Main.Version != "" && info.Main.Version != "(devel)" {
			version.Version = info.Main.Version
		}
		for _, s := range info.Settings {
			switch s.Key {
			case "vcs.revision":
				version.Commit = s.Value
			case "vcs.time":
				version.Date = s.Value
			}
		}
	}
	if c.JSON {
		return json.NewEncoder(t.out).Encode(version)
	}
	known := strings.Fields(strings.Join([]string{"latchkey", version.Version, version.Commit, version.Date, version.Go}, " "))
	_, err := fmt.Fprintln(t.out, strings.Join(known, " "))
	return err
}
