package bot

import (
	"errors"
	"fmt"

	"github.com/slack-go/slack"
)

// delivering says what was being done, and whether trying again may help.
func delivering(what string, err error) error {
	if err == nil {
		return nil
	}
	err = fmt.Errorf("%s: %w", what, withoutURL(err))
	var answer slack.SlackErrorResponse
	if errors.As(err, &answer) && !passing(answer.Err) {
		return fmt.Errorf("%w: %w", ErrUndeliverable, err)
	}
	return err
}

// passing reports whether one of Slack's codes is about the moment and not
// about the message.
func passing(code string) bool {
	switch code {
	case "internal_error", "fatal_error", "service_unavailable", "request_timeout", "ratelimited", "rate_limited", "team_added_to_org", "accesslimited":
		return true
	case "invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive", "missing_scope":
		return true // mended by whoever installs the app, and then it is still to be said
	}
	return false
}

// mayBeThere reports whether a message may have been posted although posting it
// failed: Slack went silent, or gave up half-way. What it refused isn't there.
func mayBeThere(err error) bool {
	var limited *slack.RateLimitedError
	var answer slack.SlackErrorResponse
	switch {
	case err == nil || errors.As(err, &limited):
		return false
	case errors.As(err, &answer):
		switch answer.Err {
		case "internal_error", "fatal_error", "service_unavailable", "request_timeout":
			return true
		}
		return false
	}
	return true
}

// remedies say what to do about what Slack refuses, by its code.
var remedies = map[string]string{
	"channel_not_found":       "The channel is gone, or it is private and Latchkey isn't in it. Please invite Latchkey there or configure another channel, and then retry.",
	"not_in_channel":          "Latchkey isn't in the channel. Please invite it there, and then retry.",
	"is_inactive":             "The channel is archived. Please unarchive it or configure another one, and then retry.",
	"is_archived":             "The channel is archived. Please unarchive it or configure another one, and then retry.",
	"user_disabled":           "The person's Slack account is deactivated. Please tell whoever took over; there is nothing to retry.",
	"user_not_found":          "Slack doesn't know the person (any more). Please tell whoever took over, and correct the lists of roles.",
	"user_not_visible":        "Latchkey can't see the person in Slack. Please tell them yourself, and correct the lists of roles.",
	"cannot_dm_bot":           "That is a bot, which can't be written to. Please correct the lists of roles.",
	"restricted_action":       "The workspace's rules don't let Latchkey post there. Please ask whoever administers Slack, and then retry.",
	"messages_tab_disabled":   "The app's messages tab is switched off. Please install the app again from its manifest, and then retry.",
	"token_revoked":           "The bot token was revoked. Please install the app again, set the new token, and then retry.",
	"token_expired":           "The bot token has expired. Please install the app again, set the new token, and then retry.",
	"invalid_auth":            "Slack doesn't take the bot token. Please set the “Bot User OAuth Token” of the app, and then retry.",
	"not_authed":              "Slack got no bot token. Please set the “Bot User OAuth Token” of the app, and then retry.",
	"account_inactive":        "The app was removed from the workspace, or the workspace is gone. Please install the app again, and then retry.",
	"missing_scope":           "The app lacks a permission. Please install it again from its manifest, and then retry.",
	"msg_too_long":            "Slack finds the message too long. Please report that; retrying doesn't help.",
	"msg_blocks_too_long":     "Slack finds the message too long. Please report that; retrying doesn't help.",
	"invalid_blocks":          "Slack finds a mistake in the message. Please report that; retrying doesn't help.",
	"ekm_access_denied":       "The workspace's key management keeps Latchkey out. Please ask whoever administers Slack, and then retry.",
	"team_access_not_granted": "The app isn't allowed in the workspace. Please ask whoever administers Slack, and then retry.",
}

// whyOf says to leads why a message wasn't delivered, and what to do.
func whyOf(err error) string {
	var answer slack.SlackErrorResponse
	if errors.As(err, &answer) {
		if remedy := remedies[answer.Err]; remedy != "" {
			return fmt.Sprintf("%s (Slack's code: %s)", remedy, answer.Err)
		}
	}
	return err.Error()
}
