package main

import (
	"runtime/debug"
	"testing"
)

// TestBuild: what a build was told goes before what Go wrote into it, and a repository
// that happens to lie around it is left out then.
func TestBuild(t *testing.T) {
	t.Parallel()
	info := &debug.BuildInfo{GoVersion: "go1.26.8", Settings: []debug.BuildSetting{
		{Key: "vcs.revision", Value: "abc"}, {Key: "vcs.time", Value: "2026-03-10T08:00:00Z"}, {Key: "vcs.modified", Value: "true"},
	}}
	info.Main.Version = "v1.1.0"
	devel := &debug.BuildInfo{GoVersion: "go1.26.8"}
	devel.Main.Version = "(devel)"
	told := build{Version: "v1.2.3", Commit: "def", Date: "2026-04-01T00:00:00Z"}
	for name, test := range map[string]struct {
		info       *debug.BuildInfo
		told, want build
	}{
		"Nothing":   {nil, build{}, build{Version: "devel"}},
		"Devel":     {devel, build{}, build{Version: "devel", Go: "go1.26.8"}},
		"FromGit":   {info, build{}, build{Version: "v1.1.0", Commit: "abc", Date: "2026-03-10T08:00:00Z", Dirty: true, Go: "go1.26.8"}},
		"Told":      {info, told, build{Version: "v1.2.3", Commit: "def", Date: "2026-04-01T00:00:00Z", Go: "go1.26.8"}},
		"OnlyName":  {info, build{Version: "v2"}, build{Version: "v2", Commit: "abc", Date: "2026-03-10T08:00:00Z", Dirty: true, Go: "go1.26.8"}},
		"NoGit":     {devel, told, build{Version: "v1.2.3", Commit: "def", Date: "2026-04-01T00:00:00Z", Go: "go1.26.8"}},
		"BuiltDate": {info, build{Date: "2026-05-01T00:00:00Z"}, build{Version: "v1.1.0", Commit: "abc", Date: "2026-05-01T00:00:00Z", Dirty: true, Go: "go1.26.8"}},
	} {
		if got := buildOf(test.info, test.told); got != test.want {
			t.Errorf("%s: it is %+v, want %+v", name, got, test.want)
		}
	}
}
