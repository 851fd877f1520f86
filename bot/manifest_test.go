package bot

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestManifest(t *testing.T) {
	manifest := Manifest("lk-", "https://latchkey.acme.example/")
	for name, write := range map[string]func() ([]byte, error){
		"manifest.json":        func() ([]byte, error) { return ManifestJSON(manifest) },
		"manifest.yaml":        func() ([]byte, error) { return ManifestYAML(manifest) },
		"manifest_socket.json": func() ([]byte, error) { return ManifestJSON(SocketManifest("lk-")) },
		"manifest_socket.yaml": func() ([]byte, error) { return ManifestYAML(SocketManifest("lk-")) },
	} {
		got, err := write()
		if err != nil {
			t.Fatal(err)
		}
		golden(t, name, got)
	}
}

// golden compares with a file under testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func TestBothFormatsSayTheSame(t *testing.T) {
	manifest := Manifest("", "https://latchkey.acme.example")
	asJSON, err := ManifestJSON(manifest)
	if err != nil {
		t.Fatal(err)
	}
	asYAML, err := ManifestYAML(manifest)
	if err != nil {
		t.Fatal(err)
	}
	var one, other map[string]any
	if err := yaml.Unmarshal(asJSON, &one); err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(asYAML, &other); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(one, other); diff != "" {
		t.Error(diff)
	}
}

// TestManifestKeepsSlacksLimits checks what Slack's page "App manifest
// reference" asks for.
func TestManifestKeepsSlacksLimits(t *testing.T) {
	manifest := Manifest("longest-one-", "https://latchkey.acme.example")
	length := utf8.RuneCountInString
	display := manifest.Display
	if length(display.Name) > 35 || length(display.Description) > 140 || length(display.LongDescription) < 174 || length(display.LongDescription) > 4000 {
		t.Errorf("the app's name or a description is too long or too short: %+v", display)
	}
	slashes := 0
	for _, c := range commandTable() {
		if !c.sub {
			slashes++
		}
	}
	if len(manifest.Features.SlashCommands) != slashes || len(manifest.Features.Shortcuts) != len(shortcutTable()) {
		t.Error("not every command and shortcut is in the manifest")
	}
	for _, s := range manifest.Features.Shortcuts {
		if s.Name == "" || length(s.Name) > 24 || s.Description == "" || length(s.Description) > 150 || s.CallbackID == "" || length(s.CallbackID) > 255 {
			t.Errorf("%+v", s)
		}
	}
	for _, c := range manifest.Features.SlashCommands {
		if !strings.HasPrefix(c.Command, "/longest-one-") || length(c.Command) > 32 || c.Description == "" || length(c.Description) > 2000 ||
			length(c.UsageHint) > 1000 || c.Url != "https://latchkey.acme.example/slack/commands" || !c.ShouldEscape {
			t.Errorf("%+v", c)
		}
	}
	want := []string{"commands", "chat:write", "im:write", "im:history", "channels:history", "groups:history", "channels:read", "groups:read", "users:read", "usergroups:read"}
	if !slices.Equal(manifest.OAuthConfig.Scopes.Bot, want) {
		t.Errorf("the scopes are %v", manifest.OAuthConfig.Scopes.Bot)
	}
	raw, err := ManifestJSON(manifest)
	if err != nil || !json.Valid(raw) {
		t.Errorf("not JSON: %v", err)
	}
}
