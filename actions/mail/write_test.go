package mail_test

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/actions/mail"
)

var update = flag.Bool("update", false, "write the golden files anew")

// languages are those that are shipped.
var languages = []string{"en", "de", "fr", "es", "pt"}

// values are one for each placeholder.
func values() map[string]string {
	return map[string]string{
		actions.PlaceName: "Jane Doe", actions.PlaceLink: "https://latchkey.example/l/Zm9v#dG9rZW4", actions.PlaceClosing: "Kind regards,\nSam",
		actions.PlaceLoginLink: "https://latchkey.example/l/bG9n#aW4", actions.PlaceBrand: "Acme", actions.PlaceLoginPage: "https://login.acme.example/",
		actions.PlaceUsername: "jdoe", actions.PlaceCode: "493027", actions.PlacePurpose: "to change your e-mail address",
		actions.PlaceContact: "j•••@n•••.example", actions.PlaceMinutes: "15", actions.PlaceTicket: "#4711", actions.PlaceDetails: "Gateway ID: 12345\nhttps://crm.acme.example/?q=12345",
		actions.PlaceSender: "Sam Reed", actions.PlaceUntil: "10 March 2026, 09:30 UTC",
	}
}

// shipped is a writer of the shipped templates.
func shipped(t *testing.T) *mail.Writer {
	t.Helper()
	w, err := mail.New("", "Acme")
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// write writes, or fails.
func write(t *testing.T, w *mail.Writer, x actions.Writing) actions.Written {
	t.Helper()
	out, err := w.Write(x)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

var brackets = regexp.MustCompile(`\[[^\]]*\]`)

// places are the placeholders of a text, in order and each once.
func places(s string) []string {
	found := brackets.FindAllString(s, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

func TestEveryTemplateInEveryLanguage(t *testing.T) {
	w := shipped(t)
	for _, template := range actions.Templates() {
		for _, via := range []actions.Channel{actions.ChannelEmail, actions.ChannelSMS} {
			if !mail.Known(template, via) {
				continue
			}
			for _, language := range languages {
				t.Run(string(template)+"/"+string(via)+"/"+language, func(t *testing.T) { checkText(t, w, template, via, language) })
			}
		}
	}
}

// checkText looks at one text.
func checkText(t *testing.T, w *mail.Writer, template actions.Template, via actions.Channel, language string) {
	filled := values()
	if template == actions.TemplateConfirmFor {
		filled[actions.PlaceDetails] = "Ugo Rossi" // a name, where the others have lines
	}
	out := write(t, w, actions.Writing{Template: template, Via: via, Locale: language, Values: filled})
	if left := places(out.Subject + out.Text + out.HTML); left != nil || out.Language != language {
		t.Errorf("in %s there are left %v", out.Language, left)
	}
	if strings.Contains(out.HTML, "ZgotmplZ") {
		t.Error("the HTML has something unsafe in it")
	}
	if via == actions.ChannelSMS {
		if out.HTML != "" || out.Subject != "" || len([]rune(out.Text)) > 230 || strings.Contains(out.Text, "\n") {
			t.Errorf("it is no text for a mobile: %d characters, %q", len([]rune(out.Text)), out)
		}
	} else if !strings.Contains(out.HTML, `<html lang="`+language+`"`) || out.Subject == "" {
		t.Errorf("it has no subject %q or says no language", out.Subject)
	}
	// The same facts: the raw text has the placeholders of the English one.
	file := string(template) + ".txt"
	if via == actions.ChannelSMS {
		file = string(template) + ".sms.txt"
	}
	own, english := raw(t, language, file), raw(t, "en", file)
	if diff := cmp.Diff(places(english), places(own)); diff != "" {
		t.Errorf("it doesn't say what the English one says: %s", diff)
	}
	if got, want := strings.Count(own, "\n"), strings.Count(english, "\n"); got != want {
		t.Errorf("it has %d lines, the English one %d", got, want)
	}
	if language != "en" && own == english {
		t.Error("it is in English")
	}
}

// raw is a file of the shipped templates.
func raw(t *testing.T, language, file string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("templates", language, file))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// TestWhatMailsTeach holds what the rules want the customer to read.
func TestWhatMailsTeach(t *testing.T) {
	w := shipped(t)
	for template, words := range map[actions.Template][]string{
		actions.TemplateUsername:   {"First ask for the user name", "look in spam"},          // RULES S1.9, S1.5
		actions.TemplateLoginLink:  {"First ask for the user name", "choose a new password"}, // RULES S1.8
		actions.TemplateReset:      {"What happens next", "15 minutes", "Jane Doe"},          // RULES S4.10
		actions.TemplateCode:       {"to change your e-mail address", "We will never ask you for your password"},
		actions.TemplateShared:     {"don't share your login", "https://latchkey.example/l/Zm9v#dG9rZW4"}, // RULES S0.8
		actions.TemplateConfirm:    {"This wasn't me", "j•••@n•••.example"},
		actions.TemplateConfirmFor: {"the login of your colleague Gateway ID", "This wasn't me", "j•••@n•••.example"},
		actions.TemplateSecret:     {"It opens once", "Sam Reed tells you that another way", "until 10 March 2026, 09:30 UTC"}, // RULES S3.3
		actions.TemplateRequest:    {"Sam Reed needs something", "never ask for the password", "until 10 March 2026, 09:30 UTC"},
		actions.TemplateAdminAsk: { // RULES S3.1, S3.2, S3.3
			"never share your own login", "such as temp-support", "that no other user of the site has", "the role Administrator",
			"never in a mail", "we ask you to delete the administrator again", "until 10 March 2026, 09:30 UTC",
			"or the link has ended, please delete it again", "Confirm Deletion",
		},
		actions.TemplateAdminDelete: { // RULES S3.5
			"please delete it now", "All Users", "attribute all content to yourself", "Confirm Deletion", "we stop reminding you",
			"https://latchkey.example/l/Zm9v#dG9rZW4", "until 10 March 2026, 09:30 UTC",
		},
		actions.TemplatePassword: {"isn't in this mail", "every session was ended", "choose your own at once", "If you didn't ask for this"}, // RULES S4.8
	} {
		out := write(t, w, actions.Writing{Template: template, Values: values()})
		for _, word := range words {
			if !strings.Contains(out.Text, word) {
				t.Errorf("%s doesn't say %q", template, word)
			}
		}
	}
}

func TestWriteLocales(t *testing.T) {
	w := shipped(t)
	for locale, want := range map[string]string{
		"de-AT": "de", "de_DE.UTF-8": "de", "pt-BR": "pt", "PT": "pt", "es-419": "es", "fr-CA": "fr", "en-AU": "en",
		"": "en", "nl": "en", "nonsense!": "en", strings.Repeat("x", 100): "en", "ja-JP": "en",
	} {
		if got := write(t, w, actions.Writing{Template: actions.TemplateReset, Locale: locale, Values: values()}).Language; got != want {
			t.Errorf("%q is written in %s, not %s", locale, got, want)
		}
	}
}

func TestWriteOwnText(t *testing.T) {
	w := shipped(t)
	x := actions.Writing{
		Template: actions.TemplateReset, Subject: "Hi [Customer Name]", Text: "Use [insert link here] or [loginLink], Jane.\r\n\r\nSam",
		Values: map[string]string{actions.PlaceName: "Jane\r\nBcc: x"},
	}
	t.Run("PlaceholdersStayWithoutValue", func(t *testing.T) {
		out := write(t, w, x)
		if out.Subject != "Hi Jane Bcc: x" || out.Text != "Use [insert link here] or [loginLink], Jane.\n\nSam" {
			t.Errorf("it is %q", out)
		}
		if !strings.Contains(out.HTML, "[insert link here]") || !strings.Contains(out.HTML, "[loginLink]") {
			t.Error("the HTML lost a placeholder")
		}
	})
	for name, c := range map[string]struct{ subject, text, says string }{
		"Unknown":          {"", "Use [foo].", "[foo]"},
		"UnknownInSubject": {"[x]", "", "[x]"},
		"Misspelt":         {"", "Use [login link].", "Please write it [loginLink]."},
		"TooLong":          {"", strings.Repeat("x", 10_001), "too long"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := w.Write(actions.Writing{Template: actions.TemplateReset, Subject: c.subject, Text: c.text})
			if actions.CodeOf(err) != actions.Invalid || !strings.Contains(actions.Explain(err).Sentence, c.says) {
				t.Errorf("it is %v", err)
			}
		})
	}
}

func TestWriteNoValueMakesAnything(t *testing.T) {
	v := values()
	v[actions.PlaceName] = `[loginLink] <b>Jane</b> "https://evil.example/" & [add the closing template]`
	v[actions.PlaceLink] = "javascript:alert(1)"
	out := write(t, shipped(t), actions.Writing{Template: actions.TemplateReset, Values: v})
	if !strings.Contains(out.Text, "[loginLink] <b>Jane</b>") || strings.Contains(out.Text, v[actions.PlaceLoginLink]) {
		t.Errorf("the name was filled again: %s", out.Text)
	}
	for _, bad := range []string{"<b>", `href="https://evil`, `href="javascript`} {
		if strings.Contains(out.HTML, bad) {
			t.Errorf("the HTML has %s in it", bad)
		}
	}
}

func TestWriteWordsWithoutValues(t *testing.T) {
	w := shipped(t)
	out := write(t, w, actions.Writing{Template: actions.TemplateEnabled, Locale: "de", Values: map[string]string{actions.PlaceName: ""}})
	for _, want := range []string{"Guten Tag,\n", "auf unserer Anmeldeseite", "Ihr Acme-Team"} {
		if !strings.Contains(out.Text, want) {
			t.Errorf("it doesn't say %q: %s", want, out.Text)
		}
	}
	out = write(t, w, actions.Writing{Template: actions.TemplateCode, Locale: "de", Purpose: actions.ActUnlockAttacked, Values: values()})
	if !strings.Contains(out.Text, mail.Purpose(actions.ActUnlock, "de")) {
		t.Errorf("the purpose isn't said in German: %s", out.Text)
	}
	if _, err := w.Write(actions.Writing{Template: actions.TemplateReset, Via: actions.ChannelSMS}); actions.CodeOf(err) != actions.Invalid {
		t.Errorf("a reset goes by text: %v", err)
	}
}

func TestPurpose(t *testing.T) {
	for _, language := range languages {
		help := mail.Purpose(actions.ActVerify, language)
		for _, act := range []actions.Act{actions.ActUnlock, actions.ActChangeEmail, actions.ActChangeMobile, actions.ActResetFactor, actions.ActReinvite, actions.ActSetPassword} {
			if own := mail.Purpose(act, language); own == "" || own == help {
				t.Errorf("%s has no purpose in %s", act, language)
			}
		}
		if language != "en" && help == mail.Purpose(actions.ActVerify, "en") {
			t.Errorf("%s is English", language)
		}
	}
	if mail.Purpose(actions.ActUnlock, "nl") != mail.Purpose(actions.ActUnlock, "en") {
		t.Error("a language that isn't there isn't English")
	}
}

func TestGoldenHTML(t *testing.T) {
	w := shipped(t)
	for name, x := range map[string]actions.Writing{
		"password_reset.en":    {Template: actions.TemplateReset},
		"code.de":              {Template: actions.TemplateCode, Locale: "de", Purpose: actions.ActChangeEmail},
		"login_link.fr":        {Template: actions.TemplateLoginLink, Locale: "fr"},
		"hand_over.en":         {Template: actions.TemplateHandOver},
		"secret_request.pt":    {Template: actions.TemplateRequest, Locale: "pt-BR"},
		"temp_admin_ask.de":    {Template: actions.TemplateAdminAsk, Locale: "de"},
		"temp_admin_delete.es": {Template: actions.TemplateAdminDelete, Locale: "es"},
		"own.en":               {Template: actions.TemplateReset, Text: "Dear Jane,\n\n- one\n- two https://acme.example/a(b).\n\n[insert link here]\n[add the closing template]"},
	} {
		t.Run(name, func(t *testing.T) {
			x.Values = values()
			golden(t, filepath.Join("testdata", name+".html"), write(t, w, x).HTML)
		})
	}
}

// golden compares with a file.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s: %s", file, diff)
	}
}
