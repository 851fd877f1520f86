package bot

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/slack-go/slack"
	"go.yaml.in/yaml/v3"
)

// SocketManifest returns the manifest of the Slack app for Socket Mode: as
// [Manifest], without addresses, since Slack reaches nothing.
func SocketManifest(prefix string) slack.Manifest {
	manifest := Manifest(prefix, "")
	for i := range manifest.Features.SlashCommands {
		manifest.Features.SlashCommands[i].Url = ""
	}
	manifest.Settings.EventSubscriptions.RequestUrl = ""
	manifest.Settings.Interactivity.RequestUrl = ""
	manifest.Settings.SocketModeEnabled = true
	return manifest
}

// Manifest returns the manifest of the Slack app, from the table of commands:
// what is built is in it, and no scope that nothing uses. prefix is the
// command prefix; publicURL is where Slack reaches us, such as
// "https://latchkey.acme.example".
func Manifest(prefix, publicURL string) slack.Manifest {
	base := strings.TrimRight(publicURL, "/") + "/slack/"
	return slack.Manifest{
		Metadata: slack.ManifestMetadata{MajorVersion: 1},
		Display: slack.Display{
			Name:        "Latchkey",
			Description: "Says why a customer can't log in, and helps.",
			LongDescription: "Latchkey helps a support team when a customer can't log in. An agent types /" + prefix + "diagnose with an " +
				"e-mail address and reads why, from the customer's own attempts and records, with evidence: what to do, and what to say to " +
				"the caller. It never tries a customer's login and never asks for a password.",
			BackgroundColor: "#1f3a4d",
		},
		Features: slack.Features{
			AppHome:       slack.AppHome{HomeTabEnabled: true, MessagesTabEnabled: true},
			BotUser:       slack.BotUser{DisplayName: "Latchkey", AlwaysOnline: true},
			Shortcuts:     shortcuts(),
			SlashCommands: slashCommands(prefix, base+"commands"),
		},
		OAuthConfig: slack.OAuthConfig{Scopes: slack.OAuthScopes{Bot: []string{
			"commands",         // slash commands, shortcuts and buttons
			"chat:write",       // direct messages by the bot (chat.postMessage)
			"im:write",         // opening them (conversations.open)
			"im:history",       // finding one that may have been posted (conversations.history),
			"channels:history", // and the same in a channel
			"groups:history",   // and in a private one
			"channels:read",    // whether a channel is private, shared, archived, and ours (conversations.info),
			"groups:read",      // and the same of a private one: latchkey doctor
			"users:read",       // who is a full member, and there (users.info, users.getPresence)
			"usergroups:read",  // who is in a group (usergroups.users.list)
		}}},
		Settings: slack.Settings{
			EventSubscriptions: &slack.EventSubscriptions{RequestUrl: base + "events", BotEvents: []string{
				"app_home_opened",
				"message.channels", "message.groups", // who writes in a case's thread; what they write isn't read
			}},
			Interactivity: &slack.Interactivity{IsEnabled: true, RequestUrl: base + "interactions"},
		},
	}
}

func slashCommands(prefix, url string) []slack.ManifestSlashCommand {
	var commands []slack.ManifestSlashCommand
	for _, c := range commandTable() {
		if c.sub {
			continue
		}
		description, _, _ := strings.Cut(c.summary, ". ")
		commands = append(commands, slack.ManifestSlashCommand{
			Command: "/" + prefix + c.name, Description: strings.TrimSuffix(description, ".") + ".",
			Url: url, UsageHint: c.usage, ShouldEscape: true,
		})
	}
	return commands
}

func shortcuts() []slack.Shortcut {
	var all []slack.Shortcut
	for _, s := range shortcutTable() {
		all = append(all, slack.Shortcut{Name: s.title, CallbackID: s.name, Description: s.summary, Type: slack.MessageShortcut})
	}
	return all
}

// ManifestJSON writes a manifest as JSON, indented, with a line end. What is
// off by default is written out too, so that a reader sees it.
func ManifestJSON(manifest slack.Manifest) ([]byte, error) {
	fields, err := manifestFields(manifest)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(fields); err != nil {
		return nil, fmt.Errorf("writing the manifest as JSON: %w", err)
	}
	return out.Bytes(), nil
}

// ManifestYAML writes a manifest as YAML; see [ManifestJSON].
func ManifestYAML(manifest slack.Manifest) ([]byte, error) {
	fields, err := manifestFields(manifest)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := encoder.Encode(fields); err != nil {
		return nil, fmt.Errorf("writing the manifest as YAML: %w", err)
	}
	return out.Bytes(), nil
}

// manifestFields is the manifest as both formats write it. The library leaves
// out what is false; whoever installs the app should see that it doesn't ask for
// the whole organisation, and whether it uses Socket Mode, and Slack that commands
// may be typed in the direct message.
func manifestFields(manifest slack.Manifest) (map[string]any, error) {
	raw, err := json.Marshal(manifest)
	if err != nil {
		return nil, fmt.Errorf("writing the manifest: %w", err)
	}
	var fields map[string]any
	if err := json.Unmarshal(raw, &fields); err != nil {
		return nil, fmt.Errorf("writing the manifest: %w", err)
	}
	if features, ok := fields["features"].(map[string]any); ok {
		if home, ok := features["app_home"].(map[string]any); ok {
			home["messages_tab_read_only_enabled"] = manifest.Features.AppHome.MessagesTabReadOnlyEnabled
		}
	}
	if settings, ok := fields["settings"].(map[string]any); ok {
		for key, on := range map[string]bool{
			"org_deploy_enabled":  manifest.Settings.OrgDeployEnabled,
			"socket_mode_enabled": manifest.Settings.SocketModeEnabled,
		} {
			settings[key] = on
		}
	}
	return fields, nil
}
