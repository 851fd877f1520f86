package bot

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
)

// handler answers what somebody did: the caller is known and may do it. A nil
// reply says nothing.
type handler func(*Bot, context.Context, request) (*reply, error)

// request is what a handler gets.
type request struct {
	in    Inbound
	call  actions.Call
	text  string // what was typed, read; the ticket is in call
	value string // of a button
}

// route is what somebody can do in Slack and who answers it.
type route struct {
	name string // of a command; the action_id; the callback_id
	act  actions.Act
	run  handler
}

// command is a row of the table that dispatch, help and the manifest share.
type command struct {
	route
	usage   string // what follows the name
	summary string // one or two sentences for help
	example string // what may follow the name; "" for nothing
	sub     bool   // only a subcommand of the root, not a slash command of its own
}

// root is the command that every other one is a subcommand of.
const root = "latchkey"

// commandTable is every command there is. It is a function because help, which
// stands in it, reads it.
func commandTable() []command {
	return []command{
		{
			route: route{"diagnose", actions.ActDiagnose, (*Bot).diagnose},
			usage: "IDENTIFIER", example: "jane@acme.example",
			summary: "Says why a customer can't log in, from their own attempts, and what to do. " +
				"Ask by e-mail address, user name, mobile number, user ID, Gateway ID or @domain.",
		},
		{
			route:   route{"last", actions.ActLast, (*Bot).last},
			summary: "Shows the last ten customers you looked up.", sub: true,
		},
		{
			route: route{root, actions.ActHelp, (*Bot).help},
			usage: "[COMMAND]", example: "help",
			summary: "Explains every command that you may use, and runs any of them as a subcommand.",
		},
	}
}

// clickTable is every button there is, by its action_id. Their values are IDs
// of records and nothing else.
func clickTable() []route {
	return []route{
		{blocks.DiagnoseAction, actions.ActDiagnose, ofRecord((*Bot).diagnoseUser)},
		{blocks.HistoryAction, actions.ActHistory, ofRecord((*Bot).history)},
		{blocks.TicketNoteAction, actions.ActTicketNote, ofRecord((*Bot).ticketNote)},
		{blocks.ShareAction, actions.ActShare, ofRecord((*Bot).share)},
		{blocks.WatchAction, actions.ActWatch, ofRecord((*Bot).watch)},
		{blocks.JudgeRightAction, actions.ActJudge, ofRecord(judge(actions.JudgedRight))},
		{blocks.JudgeWrongAction, actions.ActJudge, ofRecord(judge(actions.JudgedWrong))},
		{blocks.ContinueAction, actions.ActHelp, (*Bot).continueInDM},
		{blocks.DiagnoseSomebodyAction, actions.ActDiagnose, (*Bot).askWhom},
	}
}

// ofRecord is the handler of a button whose value is the ID of a record; what
// can't be one is refused.
func ofRecord(run handler) handler {
	return func(b *Bot, ctx context.Context, r request) (*reply, error) {
		if r.value == "" || len(r.value) > longestID || !utf8.ValidString(r.value) || strings.ContainsFunc(r.value, unicode.IsControl) {
			return nil, actions.Errorf(actions.Invalid, "That button names nobody. Please send the command again.")
		}
		return run(b, ctx, r)
	}
}

// longestID is more than the ID of a record has.
const longestID = 2000

// shortcut is a shortcut on a message, as the manifest lists it too.
type shortcut struct {
	route
	title   string
	summary string
}

// shortcutTable is every shortcut there is, by its callback_id.
func shortcutTable() []shortcut {
	return []shortcut{{
		route: route{"diagnose_message", actions.ActDiagnose, (*Bot).diagnoseMessage},
		title: "Diagnose this person", summary: "Says why whoever the message names by e-mail address can't log in.",
	}}
}

// modalTable is every modal there is, by its callback_id.
func modalTable() []route {
	return []route{{blocks.DiagnoseModalID, actions.ActDiagnose, (*Bot).diagnoseAsked}}
}

// homeRoute is the app's Home.
var homeRoute = route{"home", actions.ActHelp, (*Bot).home}
