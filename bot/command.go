package bot

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
	"github.com/latchkey-bot/latchkey/escalation"
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
	// check looks at what was typed before anything is done with it, or kept; nil:
	// anything may follow the name.
	check func(text string) error
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
			route: route{"unlock", actions.ActUnlock, ordered(actions.ActUnlock, "")},
			usage: "IDENTIFIER [REASON] [#TICKET]", example: "jane@acme.example back from leave #4711",
			summary: "Unlocks a customer who typed too many wrong passwords or was away too long, and reads back that it held.",
		},
		{
			// An agent may ask to re-enable after sharing; whether it takes a lead is
			// found out then.
			route: route{"reenable", actions.ActReenableShared, ordered(actions.ActReenable, "")},
			usage: "IDENTIFIER [REASON] [#TICKET]", example: "jane@acme.example",
			summary: "Switches a login on again; after sharing only with a new password and every session ended.",
		},
		{
			route: route{"resetemail", actions.ActSendReset, ordered(actions.ActSendReset, "")},
			usage: "IDENTIFIER", example: "jane@acme.example",
			summary: "Shows the password-reset e-mail for a customer, to edit and send to the address on file, or to copy.",
		},
		{
			route: route{"profile", actions.ActChangeEmail, ordered(actions.ActChangeEmail, "")},
			usage: "IDENTIFIER", example: "jane@acme.example",
			summary: "Changes a customer's e-mail address or mobile number, once they confirmed it on a contact on file.",
		},
		{
			route: route{"secret", actions.ActSecret, (*Bot).secretTyped}, check: checkSecretTyped,
			usage: "[request | list] [#TICKET]", example: "request #4711",
			summary: "Sends something confidential by a link that opens once, or asks a customer for it (request). " +
				"The content goes into a form, never behind the command.",
		},
		{
			route: route{"escalate", actions.ActEscalate, (*Bot).escalateTyped},
			usage: "[KIND] IDENTIFIER [REASON] [#TICKET]", example: "blocklist jane@acme.example",
			summary: "Opens a case for L2. Kinds are blocklist (does a list hold our mail back?), account, security, delivery and other; " +
				"`list` shows the cases that concern you, `list mine`, `list unclaimed` and `list overdue` a part of them, `list all` every open one.",
		},
		{
			route: route{"tempadmin", actions.ActTempAdmin, (*Bot).adminTyped},
			usage: "[create | ask IDENTIFIER | list | extend | revoke | adopt] [#TICKET]", example: "ask jane@acme.example #4711",
			summary: "Makes an administrator on a site that deletes itself again: `create` on a site that we manage, with a second person; `ask` has a customer " +
				"make one on theirs. `list` shows those that aren't gone.",
		},
		{
			route: route{"lockouts", actions.ActLockouts, (*Bot).lockouts},
			usage: "[today | yesterday | 7d | 30d] [ACCOUNT]", example: "7d",
			summary: "Says how many customers were locked out, why, and how they got in again, beside what is usual; for one account, too.",
		},
		sub("setpassword", actions.ActSetPassword, ordered(actions.ActSetPassword, ""), "Sets a generated password for a customer whom no mail reaches, with a second person."),
		sub("verify", actions.ActVerify, (*Bot).verifyTyped, "Sends a code to a contact on file; the caller reads it back and is verified."),
		sub("username", actions.ActSendUsername, ordered(actions.ActSendUsername, ""), "Mails a customer their user name, to the address on file."),
		sub("loginlink", actions.ActSendLoginLink, ordered(actions.ActSendLoginLink, ""), "Mails a customer a link that logs in once, to the address on file."),
		sub("invite", actions.ActResendInvitation, ordered(actions.ActResendInvitation, ""), "Sends an invitation again."),
		sub("sessions", actions.ActRevokeSessions, ordered(actions.ActRevokeSessions, ""), "Ends every session of a customer."),
		sub("factor", actions.ActResetFactor, ordered(actions.ActResetFactor, ""), "Has a customer set up a new second factor, with a second person."),
		sub("reinvite", actions.ActReinvite, ordered(actions.ActReinvite, ""), "Deletes a profile that nothing else mends and invites its owner anew, with a second person."),
		sub("handover", actions.ActHandOver, ordered(actions.ActHandOver, ""), "Hands a closed account over to its owner or a lead."),
		sub("history", actions.ActHistory, (*Bot).historyTyped, "Shows a customer's attempts of two weeks and what support did."),
		{
			route:   route{"outbox", actions.ActOutbox, (*Bot).letters},
			summary: "Shows the messages that could not be delivered, to try them once more.", sub: true,
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

// sub is a subcommand of the root that is about one customer.
func sub(name string, act actions.Act, run handler, summary string) command {
	return command{
		route: route{name, act, run}, summary: summary, sub: true, usage: "IDENTIFIER", example: "jane@acme.example",
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

		{string(actions.ActUnlock), actions.ActUnlock, askFor(actions.ActUnlock, "")},
		{blocks.UnlockAndResetAction, actions.ActUnlock, askFor(actions.ActUnlock, actions.ActSendReset)},
		{string(actions.ActReenable), actions.ActReenableShared, askFor(actions.ActReenable, "")},
		{string(actions.ActSendReset), actions.ActSendReset, askFor(actions.ActSendReset, "")},
		{string(actions.ActSendUsername), actions.ActSendUsername, askFor(actions.ActSendUsername, "")},
		{string(actions.ActSendLoginLink), actions.ActSendLoginLink, askFor(actions.ActSendLoginLink, "")},
		{string(actions.ActResendInvitation), actions.ActResendInvitation, askFor(actions.ActResendInvitation, "")},
		{string(actions.ActRevokeSessions), actions.ActRevokeSessions, askFor(actions.ActRevokeSessions, "")},
		{string(actions.ActResetFactor), actions.ActResetFactor, askFor(actions.ActResetFactor, "")},
		{string(actions.ActReinvite), actions.ActReinvite, askFor(actions.ActReinvite, "")},
		{string(actions.ActUndoReinvite), actions.ActUndoReinvite, ofRecord((*Bot).undone)},
		{string(actions.ActHandOver), actions.ActHandOver, askFor(actions.ActHandOver, "")},
		{blocks.ProfileAction, actions.ActChangeEmail, askFor(actions.ActChangeEmail, "")},
		{blocks.MoreRemediesAction, actions.ActOperation, ofRecord((*Bot).moreRemedies)},
		{blocks.CopyMailAction, actions.ActDraftMail, ofRecord((*Bot).copyMail)},
		{blocks.VerifyAction, actions.ActVerify, ofRecord((*Bot).verifyCaller)},
		{blocks.CodeAgainAction, actions.ActVerify, ofRecord((*Bot).codeAgain)},
		{blocks.EnterCodeAction, actions.ActVerify, ofRecord((*Bot).enterCode)},
		{blocks.ApproveAction, actions.ActApprove, decide((*actions.Actions).Approve)},
		{blocks.DeclineAction, actions.ActDecline, decide((*actions.Actions).Decline)},
		{blocks.WithdrawAction, actions.ActWithdraw, ofRecord((*Bot).withdraw)},
		{string(actions.ActSetPassword), actions.ActSetPassword, askFor(actions.ActSetPassword, "")},
		{blocks.HandOutAction, actions.ActSecretHandout, ofRecord((*Bot).handOut)},
		{blocks.GenerateAction, actions.ActSecret, (*Bot).generateContent},
		{blocks.ShowPassphraseAction, actions.ActSecretShow, ofRecord((*Bot).showPassphrase)},
		{blocks.RevokeSecretAction, actions.ActSecretRevoke, ofRecord((*Bot).revokeSecret)},
		{blocks.AnotherSecretAction, actions.ActSecret, ofRecord((*Bot).anotherSecret)},
		{blocks.OpenRequestAction, actions.ActSecretOpen, ofRecord((*Bot).openRequest)},
		{blocks.WithdrawRequestAction, actions.ActSecretRevoke, ofRecord((*Bot).withdrawRequest)},
		{blocks.AskAgainAction, actions.ActSecretRequest, ofRecord((*Bot).askAgain)},
		{blocks.EscalateAction, actions.ActEscalate, ofRecord((*Bot).escalateUser)},
		{string(actions.ActClaim), actions.ActClaim, changed((*escalation.Desk).Claim)},
		{string(actions.ActHandBack), actions.ActHandBack, changed((*escalation.Desk).HandBack)},
		{string(actions.ActReopen), actions.ActReopen, changed((*escalation.Desk).Reopen)},
		{string(actions.ActDelist), actions.ActDelist, changed((*escalation.Desk).Delist)},
		{string(actions.ActAsk), actions.ActAsk, caseForm(actions.ActAsk, blocks.AskModal)},
		{string(actions.ActReply), actions.ActReply, caseForm(actions.ActReply, blocks.ReplyModal)},
		{string(actions.ActResolve), actions.ActResolve, caseForm(actions.ActResolve, blocks.ResolveModal)},
		{string(actions.ActCaseHandOver), actions.ActCaseHandOver, caseForm(actions.ActCaseHandOver, blocks.CaseHandOverModal)},
		{string(actions.ActTempAdmin), actions.ActTempAdmin, ofRecord((*Bot).createAdmin)},
		{string(actions.ActAskAdmin), actions.ActAskAdmin, ofRecord((*Bot).askAdmin)},
		{string(actions.ActExtendAdmin), actions.ActExtendAdmin, adminForm(actions.ActExtendAdmin)},
		{string(actions.ActAdoptAdmin), actions.ActAdoptAdmin, adminForm(actions.ActAdoptAdmin)},
		{string(actions.ActRevokeAdmin), actions.ActRevokeAdmin, adminForm(actions.ActRevokeAdmin)},
		{string(actions.ActAdminRemoved), actions.ActAdminRemoved, adminForm(actions.ActAdminRemoved)},
		{string(actions.ActAdminSecret), actions.ActAdminSecret, ofRecord((*Bot).handOutAdmin)},
		{string(actions.ActAdminLook), actions.ActAdminLook, ofRecord((*Bot).showAdmin)},
		{blocks.LockoutListAction, actions.ActLockouts, ofRecord((*Bot).lockoutList)},
		{blocks.CaseListAction, actions.ActCaseLook, ofRecord((*Bot).caseList)},
		{blocks.AdminListAction, actions.ActAdminLook, ofRecord((*Bot).adminList)},
		{blocks.SecretListAction, actions.ActSecretLook, (*Bot).listSecrets},
		{blocks.HomeListAction, actions.ActHome, ofRecord((*Bot).homeList)},
		{blocks.LettersAction, actions.ActOutbox, (*Bot).letters},
		{blocks.IncidentPeopleAction, actions.ActLockouts, ofRecord((*Bot).incidentPeople)},
		{blocks.BulkUnlockAction, actions.ActBulkUnlock, ofRecord((*Bot).bulkUnlock)},
		{blocks.BulkLeftOutAction, actions.ActLockouts, ofRecord((*Bot).leftOut)},
		{blocks.SendSecretAction, actions.ActSecret, (*Bot).sendSecret},
		{blocks.AskSecretAction, actions.ActSecretRequest, (*Bot).askSecret},
		{blocks.EscalateSomebodyAction, actions.ActEscalate, (*Bot).escalateSomebody},
		{blocks.HandShiftAction, actions.ActHandShift, (*Bot).handShift},
		{blocks.ReleaseBrakeAction, actions.ActReleaseBrake, ofRecord((*Bot).releaseBrake)},
		{blocks.RetryLetterAction, actions.ActRetryLetter, ofRecord((*Bot).retryLetter)},
	}
}

// Buttons lists every button there is by its action_id, for whoever checks that
// each is pressed.
func Buttons() []string { return namesOf(clickTable()) }

// Modals lists every modal there is by its callback_id, for whoever checks that
// each is submitted.
func Modals() []string { return namesOf(modalTable()) }

func namesOf(routes []route) []string {
	names := make([]string, len(routes))
	for i, r := range routes {
		names[i] = r.name
	}
	return names
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
	return []shortcut{
		{
			route: route{"diagnose_message", actions.ActDiagnose, (*Bot).diagnoseMessage},
			title: "Diagnose this person", summary: "Says why whoever the message names by e-mail address can't log in.",
		},
		{
			route: route{"escalate_message", actions.ActCaseLook, (*Bot).escalateMessage},
			title: "Escalate this person", summary: "Opens a case for L2 about whoever the message names by e-mail address.",
		},
	}
}

// modalTable is every modal there is, by its callback_id.
func modalTable() []route {
	return []route{
		{blocks.DiagnoseModalID, actions.ActDiagnose, (*Bot).diagnoseAsked},
		// Which act a form is for stands in its metadata, and who may do that is
		// decided by the use case; here it is enough to be one of those who help.
		{blocks.ActModalID, actions.ActUnlock, (*Bot).actFilled},
		{blocks.MailModalID, actions.ActSendReset, (*Bot).mailFilled},
		{blocks.ProfileModalID, actions.ActChangeEmail, (*Bot).profileFilled},
		{blocks.VerifyModalID, actions.ActVerify, (*Bot).verifyAsked},
		{blocks.CodeModalID, actions.ActVerify, (*Bot).codeEntered},
		{blocks.SecretModalID, actions.ActSecret, (*Bot).secretFilled},
		{blocks.RequestModalID, actions.ActSecretRequest, (*Bot).requestFilled},
		{blocks.EscalateModalID, actions.ActEscalate, (*Bot).escalateFilled},
		{blocks.EscalateWhomModalID, actions.ActEscalate, (*Bot).escalateWhomFilled},
		{blocks.AskModalID, actions.ActAsk, (*Bot).asked},
		{blocks.ReplyModalID, actions.ActReply, (*Bot).replied},
		{blocks.ResolveModalID, actions.ActResolve, (*Bot).resolved},
		{blocks.CaseHandOverModalID, actions.ActCaseHandOver, (*Bot).caseHandedOver},
		{blocks.CreateAdminModalID, actions.ActTempAdmin, (*Bot).createAdminFilled},
		{blocks.AskAdminModalID, actions.ActAskAdmin, (*Bot).askAdminFilled},
		{blocks.AdminDaysModalID(actions.ActExtendAdmin), actions.ActExtendAdmin, adminProlonged(actions.ActExtendAdmin, (*actions.Actions).ExtendAdmin)},
		{blocks.AdminDaysModalID(actions.ActAdoptAdmin), actions.ActAdoptAdmin, adminProlonged(actions.ActAdoptAdmin, (*actions.Actions).AdoptAdmin)},
		{blocks.AdminReasonModalID(actions.ActRevokeAdmin), actions.ActRevokeAdmin, (*Bot).adminRevokedForm},
		{blocks.AdminReasonModalID(actions.ActAdminRemoved), actions.ActAdminRemoved, (*Bot).adminRemovedFilled},
		{blocks.BulkUnlockModalID, actions.ActBulkUnlock, (*Bot).bulkUnlockFilled},
		{blocks.HandShiftModalID, actions.ActHandShift, (*Bot).shiftHanded},
		{blocks.ReasonModalID(actions.ActReleaseBrake), actions.ActReleaseBrake, (*Bot).brakeReleased},
		{blocks.ReasonModalID(actions.ActRetryLetter), actions.ActRetryLetter, (*Bot).letterRetried},
	}
}

// homeRoute is the app's Home.
var homeRoute = route{"home", actions.ActHome, (*Bot).home}
