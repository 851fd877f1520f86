package mail_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/actions/mail"
)

// folder makes a folder of files.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for file, content := range files {
		file = filepath.Join(dir, filepath.FromSlash(file))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestOwnTemplates(t *testing.T) {
	w, err := mail.New(folder(t, map[string]string{
		"de/username.txt":                   "\ufeffSubject: Eigen\r\n\r\nHier: [user name]\r\n",
		"it/username.txt":                   "Subject: Proprio\n\nEcco: [user name]",
		"en/code.sms.txt":                   "[code]!",
		"brands/acme-cloud/en/username.txt": "Subject: Cloud\n\n[user name]",
		"brands/Nimbus/de/username.txt":     "Subject: Nimbus\n\n[user name]",
		".git/x":                            "hidden",
		"de/.username.txt.swp":              "hidden",
	}), "Acme")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ locale, brand, subject, language string }{
		{"de-AT", "", "Eigen", "de"},
		{"it-IT", "", "Proprio", "it"},
		{"fr", "", "Votre nom d'utilisateur chez Acme", "fr"},
		{"en", "Acme Cloud", "Cloud", "en"},
		{"", "Acme Cloud", "Cloud", "en"},
		{"de", "Acme Cloud", "Eigen", "de"}, // the language before the brand
		{"de", "NIMBUS", "Nimbus", "de"},
		{"de", "Others", "Eigen", "de"},
	} {
		out := write(t, w, actions.Writing{Template: actions.TemplateUsername, Locale: c.locale, Brand: c.brand, Values: map[string]string{actions.PlaceBrand: "Acme", actions.PlaceUsername: "jdoe"}})
		if out.Subject != c.subject || out.Language != c.language {
			t.Errorf("%+v is %q in %s", c, out.Subject, out.Language)
		}
	}
	if out := write(t, w, actions.Writing{Template: actions.TemplateCode, Via: actions.ChannelSMS, Values: values()}); out.Text != "493027!" {
		t.Errorf("the text is %q", out.Text)
	}
	if out := write(t, w, actions.Writing{Template: actions.TemplateReset, Locale: "it", Values: values()}); out.Language != "en" {
		t.Errorf("a template that isn't there in Italian is in %s", out.Language)
	}
}

func TestFlawsStopTheStart(t *testing.T) {
	for name, c := range map[string]struct{ file, content, says string }{
		"UnknownPlaceholder": {"de/username.txt", "Subject: X\n\n[user name]\nHallo [Name]\n", "username.txt:4: unknown placeholder [Name]"},
		"Misspelt":           {"de/username.txt", "Subject: X\n\n[username]\n", "username.txt:3: unknown placeholder [username]; it is written [user name]"},
		"InSubject":          {"en/code.txt", "Subject: [Foo]\n\n[code]\n", "code.txt:1: unknown placeholder [Foo]"},
		"UnknownName":        {"en/pasword_reset.txt", "Subject: X\n\nY\n", "pasword_reset.txt:1: no template has this name"},
		"NoTextForMobiles":   {"en/username.sms.txt", "X\n", "username.sms.txt:1: no template has this name"},
		"NoSubject":          {"en/code.txt", "Hello\n\n[code]\n", `code.txt:1: the first line must be "Subject: "`},
		"NoBlankLine":        {"en/code.txt", "Subject: X\n[code]\n\nY", "code.txt:2: a blank line"},
		"NoText":             {"en/code.txt", "Subject: X\n", "code.txt:2: it has no text"},
		"WithoutItsPoint":    {"en/code.txt", "Subject: X\n\nHello\n", "code.txt:1: it must have [code] in it"},
		"NotText":            {"en/code.txt", "Subject: X\xff\n\n[code]\n", "code.txt:1: it isn't UTF-8"},
		"TooLong":            {"en/code.txt", "Subject: X\n\n[code]" + strings.Repeat("x", 70<<10), "code.txt:1: it isn't UTF-8 text of at most 64 KiB"},
		"NoLanguage":         {"deutsch-land-oh/code.txt", "Subject: X\n\n[code]", "deutsch-land-oh:1: here may only be folders"},
		"StrayFile":          {"README", "x", "README:1: here may only be folders"},
		"InABrand":           {"brands/acme/de/code.txt", "Subject: X\n\n[code] [x]", filepath.Join("brands", "acme", "de", "code.txt") + ":3: unknown placeholder [x]"},
		"Empty":              {"en/code.sms.txt", "\n", "code.sms.txt:1: it is empty"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := mail.LoadTemplates(folder(t, map[string]string{c.file: c.content}))
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("it is %v", err)
			}
		})
	}
	if _, err := mail.LoadTemplates(filepath.Join(t.TempDir(), "nowhere")); err == nil || !strings.Contains(err.Error(), "nowhere") {
		t.Errorf("a folder that isn't there: %v", err)
	}
}
