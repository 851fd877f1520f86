package mail

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"regexp"
	"slices"
	"strconv"
	"strings"

	gomail "github.com/wneessen/go-mail"

	"github.com/latchkey-bot/latchkey/actions"
)

// again is what an agent reads of what Latchkey does by itself.
const again = " Latchkey tries again by itself."

// tellAdmin is what an agent reads of what somebody else must put right.
const tellAdmin = " Please tell your Latchkey admin; Latchkey tries again by itself."

// unusable is for a mail server that Latchkey can't or won't speak with.
func unusable(err error) *actions.SendError {
	return &actions.SendError{
		Sentence: "The mail server can't be used as it is set up: it offers no encryption, or its certificate doesn't fit." + tellAdmin,
		Cause:    err,
	}
}

// unopened says why a conversation never began. Nothing was sent, so another try
// does no harm.
func (l *line) unopened(err error, letter actions.Letter) *actions.SendError {
	var answer *textproto.Error
	switch {
	case l.credentials.chosen != nil && errors.As(err, &answer): // what it says may quote the password
		sentence := "The mail server can't check Latchkey's user name and password now (%d)." + again
		if answer.Code >= 500 {
			sentence = "The mail server doesn't take Latchkey's user name and password (%d)." + tellAdmin
		}
		return &actions.SendError{Sentence: fmt.Sprintf(sentence, answer.Code)}
	case errors.As(err, &answer):
		return &actions.SendError{Sentence: "The mail server turns Latchkey away " + reply(answer, letter) + again, Cause: quoted(answer, letter)}
	case silent(err):
		return &actions.SendError{Sentence: "The mail server doesn't answer, so the mail wasn't sent." + again, Cause: err}
	}
	return unusable(err)
}

// silent reports whether nobody answers.
func silent(err error) bool {
	var network net.Error
	return errors.As(err, &network) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed)
}

// unsent says why a letter wasn't taken. Only a server that had everything and
// said nothing leaves it open whether it was.
func (l *line) unsent(err error, letter actions.Letter) *actions.SendError {
	var failed *gomail.SendError
	if !errors.As(err, &failed) {
		return &actions.SendError{Sentence: "The mail server couldn't be given the mail." + again, Cause: errors.New(withoutSecrets(err.Error(), letter))}
	}
	code := failed.ErrorCode()
	cause := fmt.Errorf("%s: %s", failed.Reason, withoutSecrets(answerOf(failed), letter))
	answer := &textproto.Error{Code: code, Msg: answerOf(failed)}
	switch {
	case code >= 500 && failed.Reason == gomail.ErrSMTPRcptTo:
		return &actions.SendError{
			Refused: true, Cause: cause,
			Sentence: "The mail server of their address refused it " + reply(answer, letter) +
				" Check the address on file with the customer, or use another contact.",
		}
	case code >= 500 && (failed.Reason == gomail.ErrSMTPData || failed.Reason == gomail.ErrSMTPDataClose):
		return &actions.SendError{
			Refused: true, Cause: cause,
			Sentence: "The mail server refused the message " + reply(answer, letter) + " Please tell your Latchkey admin, and use another contact.",
		}
	case code >= 500:
		return &actions.SendError{Sentence: "The mail server doesn't take mail from our address " + reply(answer, letter) + tellAdmin, Cause: cause}
	case code >= 400:
		return &actions.SendError{Sentence: "The mail server can't take it now " + reply(answer, letter) + again, Cause: cause}
	case failed.Reason == gomail.ErrSMTPDataClose && !l.lost():
		return &actions.SendError{
			Unclear: true, Cause: cause,
			Sentence: "The mail server went silent after it had the mail, so it may have arrived or not. " +
				"Ask the customer to look, in spam too, before you send another.",
		}
	}
	return &actions.SendError{Sentence: "The connection to the mail server broke before it had the mail." + again, Cause: cause}
}

// answerOf is what the server answered, without what go-mail and textproto put
// around it: the text after the code, or what broke.
func answerOf(failed *gomail.SendError) string {
	text := strings.TrimPrefix(failed.Error(), failed.Reason.String()+":")
	text, _, _ = strings.Cut(text, ", affected recipient(s): ")
	text, _, _ = strings.Cut(text, ", affected message ID: ")
	text = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(text), fmt.Sprintf("%03d", failed.ErrorCode())))
	if quoted, err := strconv.QuotedPrefix(text); err == nil {
		if plain, err := strconv.Unquote(quoted); err == nil {
			return plain
		}
	}
	return text
}

// reply is a server's answer within a sentence: "(550): mailbox unknown."
func reply(answer *textproto.Error, letter actions.Letter) string {
	words := strings.TrimRight(withoutSecrets(answer.Msg, letter), ". ")
	if words == "" {
		return fmt.Sprintf("(%d).", answer.Code)
	}
	return fmt.Sprintf("(%d): %s.", answer.Code, words)
}

// quoted is a server's answer for the log.
func quoted(answer *textproto.Error, letter actions.Letter) error {
	return fmt.Errorf("%d %s", answer.Code, withoutSecrets(answer.Msg, letter))
}

// quoteLimit is how many words of a server's answer are repeated.
const quoteLimit = 25

// plainWord is a word that gives nothing away: letters, or an enhanced status
// code such as 5.1.1.
var plainWord = regexp.MustCompile(`^[("'<]*(\p{L}[\p{L}'’/-]{0,23}|[245]\.\d{1,3}\.\d{1,3}|\d{1,3})[)"'>.,:;!?]*$`)

// withoutSecrets is what a server said, less what it may not repeat to us: servers
// like to quote the address, and those that look for spam the links.
func withoutSecrets(text string, letter actions.Letter) string {
	local, domain, _ := strings.Cut(strings.ToLower(letter.To), "@")
	parts := strings.FieldsFunc(local, func(r rune) bool { return strings.ContainsRune("._-+", r) })
	private := append(parts, local, domain)
	var words []string
	for _, word := range strings.Fields(text) {
		bare := strings.ToLower(strings.Trim(word, `<>()"'.,:;!?`))
		if !plainWord.MatchString(word) || slices.Contains(private, bare) {
			word = "…"
		}
		if n := len(words); word == "…" && n > 0 && words[n-1] == "…" {
			continue
		}
		if words = append(words, word); len(words) == quoteLimit {
			break
		}
	}
	return strings.Join(words, " ")
}
