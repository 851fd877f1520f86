package blocks

import (
	"unicode/utf8"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
)

// MailModal shows the mail that will be sent, to change it, to copy it or to
// send it (RULES S4.10); reason is what the command said already. Placeholders of links stay as they are (RULES S1.7).
// When no mail would reach the customer it offers what helps first instead.
func MailModal(p actions.Preparation, reason string) slack.ModalViewRequest {
	label, record := labelOf(p.Act), actMetadata(p.Act, "", p.Person.ID)
	all := preparation(p)
	if p.Instead != "" {
		return modal(MailModalID, label, "", record, append(all, instead(p)...))
	}
	if p.Draft != nil {
		all = append(all, draft(*p.Draft)...)
		all = append(all, rows(offer{may: true, label: "Copy", action: CopyMailAction, value: p.Person.ID})...)
		all = append(all, note("Copy puts the subject and the text into our direct message, to paste from there."))
	}
	all = append(all, reasonInput(reason))
	all = append(all, attestInput(p)...)
	all = append(all, ticketInput(p.Ticket))
	return modal(MailModalID, label, submitOf(p, "Send"), record, all)
}

// draft are the inputs of a mail.
func draft(d actions.Draft) []slack.Block {
	to := "No address is on file"
	if d.To != "" {
		to = "To " + value(d.To)
	}
	language := ""
	if d.Language != "" {
		language = "in " + languageName(d.Language)
	}
	if utf8.RuneCountInString(cleanLines(d.Text)) > maxTyped {
		return blocksOf(note(joined(to, language)), section("*The template is too long to change here:* it is sent as it is."))
	}
	text := typed(TextInput, "Text", "What the customer reads", d.Text, maxTyped, true)
	text.Hint = plainText("What stands in square brackets is filled in only in the customer's own mail: leave it as it is.")
	copied := typed(CopyInput, "Copy to", "An e-mail address of a colleague", "", actions.IdentifierLimit, false)
	copied.Hint = plainText("The copy has no link in it.")
	return blocksOf(
		note(joined(to, language)),
		typed(SubjectInput, "Subject", "What the mail is about", d.Subject, subjectTyped, false),
		text,
		copied.WithOptional(true),
	)
}

// languageName names the languages that mails are written in.
func languageName(code string) string {
	names := map[string]string{"en": "English", "de": "German", "fr": "French", "es": "Spanish", "pt": "Portuguese"}
	if name, known := names[code]; known {
		return name
	}
	return value(code)
}

// MailCopy is a mail ready to copy. Its placeholders are still there: no link is
// ever shown to an agent (RULES S4.8).
func MailCopy(subject, text string) Message {
	parts := copyable("Subject", plainOr(subject, "No subject"))
	parts = append(parts, copyable("Text, ready to copy", linesOr(text, "No text"))...)
	parts = append(parts, richLine("What stands in square brackets is filled in only when Latchkey sends the mail.", italic))
	return fit("The mail, ready to copy: "+line(subject)+"\n"+escape(linesOr(text, "No text")), richText(parts...))
}

// plainOr is a plain line, or what stands for nothing.
func plainOr(s, nothing string) string {
	if s = plain(s, subjectTyped); s != "" {
		return s
	}
	return nothing
}

// linesOr is a plain text of several lines, or what stands for nothing.
func linesOr(s, nothing string) string {
	if s = clip(defused.Replace(cleanLines(s)), maxTyped); s != "" {
		return isolate(s)
	}
	return nothing
}
