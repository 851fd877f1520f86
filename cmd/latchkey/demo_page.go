package main

import (
	"net/http"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/bot"
	"github.com/latchkey-bot/latchkey/bot/sandbox"
)

// sandbox is the page of the demo, over its Slack and the bot.
func (d *demo) sandbox(town sandbox.Customers) (http.Handler, error) {
	outer := d.config.PublicURL
	config := sandbox.Config{
		Slack: d.slack, App: d.slack.App(outer, nil), Customers: town, Support: supportChannel, Post: d.post, Brand: skylark,
		Clock: d.clock, Jump: d.works.ask, Site: d.shop.Site,
	}
	features := bot.Manifest("", outer).Features
	for _, c := range features.SlashCommands {
		config.Commands = append(config.Commands, sandbox.Command{Name: c.Command, Usage: c.UsageHint, Summary: c.Description})
	}
	for _, s := range features.Shortcuts {
		config.Shortcuts = append(config.Shortcuts, sandbox.Shortcut{Callback: s.CallbackID, Name: s.Name, Message: s.Type == slack.MessageShortcut})
	}
	for _, c := range colleagues {
		config.People = append(config.People, sandbox.Persona{ID: c.id, Name: c.name, Role: c.role, Line: c.may})
	}
	for _, t := range trials() {
		config.Try = append(config.Try, sandbox.Trial{
			Name: t.name, Identifier: t.identifier, Cause: string(t.cause), Line: t.line, UserID: t.userID,
		})
	}
	for _, h := range helps() {
		config.Help = append(config.Help, sandbox.Remedy{Name: h.name, Command: h.command, Line: h.line, UserID: h.userID})
	}
	return sandbox.New(config)
}
