package main

import (
	"github.com/latchkey-bot/latchkey/bot"
)

// manifestCmd prints the manifest of the Slack app.
type manifestCmd struct {
	JSON          bool   `help:"As JSON instead of YAML."`
	Socket        bool   `help:"For Socket Mode, in which Slack needs no address of Latchkey's; also when LATCHKEY_SLACK_APP_TOKEN is set."`
	PublicURL     string `help:"Where Slack reaches the outer address." env:"LATCHKEY_PUBLIC_URL" default:"https://latchkey.example" placeholder:"URL"`
	CommandPrefix string `help:"Put before the name of each slash command, to avoid clashes." env:"LATCHKEY_COMMAND_PREFIX" placeholder:"TEXT"`
	SlackAppToken string `hidden:"" env:"LATCHKEY_SLACK_APP_TOKEN"` // whether it is set, and nothing else
}

// Run prints what Slack's page "Create an app from a manifest" takes.
func (c *manifestCmd) Run(t terminal) error {
	err := verify(
		check{"LATCHKEY_PUBLIC_URL", c.PublicURL, plainURL},
		check{"LATCHKEY_COMMAND_PREFIX", c.CommandPrefix, commandPrefix},
	)
	if err != nil {
		return err
	}
	format := bot.ManifestYAML
	if c.JSON {
		format = bot.ManifestJSON
	}
	manifest := bot.Manifest(c.CommandPrefix, c.PublicURL)
	if c.Socket || c.SlackAppToken != "" {
		manifest = bot.SocketManifest(c.CommandPrefix)
	}
	text, err := format(manifest)
	if err != nil {
		return err
	}
	_, err = t.out.Write(text)
	return err
}
