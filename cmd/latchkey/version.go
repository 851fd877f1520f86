package main

import (
	"encoding/json"
	"fmt"
	"runtime/debug"
	"strings"
)

// What a build says of itself that has no repository to ask, such as one in a
// container: go build -ldflags "-X main.buildVersion=v1.2.3 -X main.buildCommit=… -X main.buildDate=…".
var buildVersion, buildCommit, buildDate string

// build is which version this is, as far as it is known.
type build struct {
	Version string `json:"version"`          // such as "v1.2.3"; "devel" when nobody said
	Commit  string `json:"commit,omitempty"` // its hash
	Date    string `json:"date,omitempty"`   // when it was built, or else committed: RFC 3339, UTC
	Dirty   bool   `json:"dirty,omitempty"`  // built of files that differ from the commit
	Go      string `json:"go,omitempty"`     // the version of Go
}

// thisBuild is the version that runs: what the build was told, and else what Go
// wrote into it of the repository.
func thisBuild() build {
	info, _ := debug.ReadBuildInfo()
	return buildOf(info, build{Version: buildVersion, Commit: buildCommit, Date: buildDate})
}

// buildOf completes what a build was told with what Go knows of it; info is nil when
// Go knows nothing.
func buildOf(info *debug.BuildInfo, told build) build {
	b := told
	if info != nil {
		b.Go = info.GoVersion
		if b.Version == "" && info.Main.Version != "(devel)" {
			b.Version = info.Main.Version
		}
		for _, s := range info.Settings {
			switch {
			case told.Commit != "": // the repository around a build may be another one's
			case s.Key == "vcs.revision":
				b.Commit = s.Value
			case s.Key == "vcs.time" && b.Date == "":
				b.Date = s.Value
			case s.Key == "vcs.modified":
				b.Dirty = s.Value == "true"
			}
		}
	}
	if b.Version == "" {
		b.Version = "devel"
	}
	return b
}

// versionCmd prints the version.
type versionCmd struct {
	JSON bool `help:"As JSON."`
}

// Run prints version, commit, and when it was built or committed, as far as they are
// known.
func (c *versionCmd) Run(t terminal) error {
	b := thisBuild()
	if c.JSON {
		return json.NewEncoder(t.out).Encode(b)
	}
	known := strings.Fields(strings.Join([]string{"latchkey", b.Version, b.Commit, b.Date, b.Go}, " "))
	_, err := fmt.Fprintln(t.out, strings.Join(known, " "))
	return err
}
