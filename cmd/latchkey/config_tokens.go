package main

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
)

// The rules of what Slack gives out: each is easily taken for another, and none is ever
// shown.

// botToken takes the bot's token, and none of the app's others, which are easily taken for
// it. A mark of the byte order before it, which no terminal shows, is said, too.
func botToken(s string) error {
	const another = "holds another token of the app; it must be the \"Bot User OAuth Token\" (xoxb-…) of its page \"OAuth & Permissions\""
	switch {
	case strings.HasPrefix(s, "xapp-"):
		return errors.New(another + ", and this one (xapp-…) belongs in LATCHKEY_SLACK_APP_TOKEN")
	case strings.HasPrefix(s, "xoxp-"), strings.HasPrefix(s, "xoxe-"):
		return errors.New(another)
	}
	if err := oneWord(s); err != nil {
		return err
	}
	if !strings.HasPrefix(s, "xoxb-") {
		return fmt.Errorf("must begin with xoxb-: it is the \"Bot User OAuth Token\" of the Slack app's page \"OAuth & Permissions\"")
	}
	return nil
}

// signingSecret takes what Slack signs with, and none of the app's tokens.
func signingSecret(s string) error {
	if strings.HasPrefix(s, "xox") || strings.HasPrefix(s, "xapp-") {
		return fmt.Errorf("holds a token of the app; it must be the \"Signing Secret\" of its page \"Basic Information\"")
	}
	return oneWord(s)
}

// appToken takes the token of Socket Mode, and none of the app's others.
func appToken(s string) error {
	const wanted = "must be an app-level token (xapp-…), from the Slack app's page \"Basic Information\""
	switch {
	case strings.HasPrefix(s, "xoxb-"):
		return errors.New(wanted + "; it holds the bot's (xoxb-…), which belongs in LATCHKEY_SLACK_BOT_TOKEN")
	case !strings.HasPrefix(s, "xapp-"):
		return errors.New(wanted)
	}
	return oneWord(s)
}

func oneWord(s string) error {
	if strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
		return fmt.Errorf("has spaces or line breaks in it; please copy it again")
	}
	return nil
}
