package sandbox_test

import (
	"net/smtp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/latchkey-bot/latchkey/bot/sandbox"
)

// lines is a text as mails have it.
func lines(all ...string) string { return strings.Join(all, "\r\n") }

func TestReadMail(t *testing.T) {
	for name, test := range map[string]struct {
		message string
		want    sandbox.Mail
	}{
		"Plain": {
			lines("From: \"Skylark\" <support@skylark.example>", "To: jane@acme.example", "Subject: Hello", "", "It's you.", ""),
			sandbox.Mail{From: "Skylark <support@skylark.example>", To: "jane@acme.example", Subject: "Hello", Text: "It's you.\n"},
		},
		"EncodedWords": {
			lines("Subject: =?UTF-8?q?Gr=C3=BC=C3=9Fe?=", "Content-Type: text/plain; charset=UTF-8", "Content-Transfer-Encoding: quoted-printable", "", "J=C3=BCrgen, a long=", " line"),
			sandbox.Mail{Subject: "Grüße", Text: "Jürgen, a long line"},
		},
		"TwoWays": {
			lines(`Content-Type: multipart/alternative; boundary="b"`, "", "--b", "Content-Type: text/plain", "", "words", "--b", "Content-Type: text/html",
				"Content-Transfer-Encoding: base64", "", "PHA+d29y", "ZHM8L3A+", "--b--", ""),
			sandbox.Mail{Text: "words", HTML: "<p>words</p>"},
		},
		"Nested": {
			lines(`Content-Type: multipart/mixed; boundary="a"`, "", "--a", `Content-Type: multipart/alternative; boundary="b"`, "", "--b", "Content-Type: text/html", "",
				"<p>one</p>", "--b--", "", "--a", "Content-Type: application/pdf", "", "%PDF", "--a", "Content-Type: text/html", "", "<p>two</p>", "--a--", ""),
			sandbox.Mail{HTML: "<p>one</p>"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := sandbox.ReadMail(strings.NewReader(test.message))
			if diff := cmp.Diff(test.want, got); diff != "" || err != nil {
				t.Errorf("%v: %s", err, diff)
			}
		})
	}
}

// TestReadMailBroken: what isn't a mail is refused, and none keeps the server
// busy without end.
func TestReadMailBroken(t *testing.T) {
	deep, end := "", ""
	for _, boundary := range []string{"a", "b", "c", "d", "e"} {
		deep += lines("Content-Type: multipart/mixed; boundary="+boundary, "", "--"+boundary, "")
		end = lines("", "--"+boundary+"--", "") + end
	}
	for name, message := range map[string]string{
		"Nothing":      "",
		"NoHeader":     "hello",
		"NoKind":       lines("Content-Type: /", "", "hello"),
		"NoEnd":        lines("Content-Type: multipart/mixed; boundary=b", "", "--b", "Content-Type: text/plain", "", "hello"),
		"NotBase64":    lines("Content-Transfer-Encoding: base64", "", "***"),
		"TooDeep":      deep + end,
		"TooManyParts": lines("Content-Type: multipart/mixed; boundary=b", "", strings.Repeat("--b\r\n\r\nx\r\n", 50)+"--b--", ""),
	} {
		if m, err := sandbox.ReadMail(strings.NewReader(message)); err == nil {
			t.Errorf("%s: it is read as %+v", name, m)
		}
	}
}

// TestMailbox: what is sent to it stands in the post, once for each receiver.
func TestMailbox(t *testing.T) {
	post := newPost()
	box, err := sandbox.OpenMailbox(t.Context(), post)
	if err != nil {
		t.Fatal(err)
	}
	at := strings.TrimPrefix(box.URL(), "smtp://")
	message := lines("From: support@skylark.example", "To: jane@acme.example", "Subject: Hi", "", "hello", "")
	to := []string{"jane@acme.example", "ugo@harborline.example"}
	if err := smtp.SendMail(at, nil, "support@skylark.example", to, []byte(message)); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range post.All().Mails {
		got = append(got, m.To+": "+m.Subject)
	}
	if diff := cmp.Diff([]string{"ugo@harborline.example: Hi", "jane@acme.example: Hi"}, got); diff != "" {
		t.Error(diff)
	}
	if err := smtp.SendMail(at, nil, "support@skylark.example", to[:1], []byte("Content-Type: /\r\n\r\nhello")); err == nil || !strings.Contains(err.Error(), "can't be read") {
		t.Errorf("a broken mail: %v", err)
	}
	if err := box.Close(); err != nil {
		t.Errorf("closing: %v", err)
	}
	if err := smtp.SendMail(at, nil, "support@skylark.example", to, []byte(message)); err == nil {
		t.Error("a mail is taken by a server that is closed")
	}
}

// TestMailboxClosedAtOnce: to close it before it has begun isn't to wait for
// good.
func TestMailboxClosedAtOnce(t *testing.T) {
	for range 50 {
		box, err := sandbox.OpenMailbox(t.Context(), newPost())
		if err != nil {
			t.Fatal(err)
		}
		if err := box.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
