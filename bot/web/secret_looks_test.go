package web_test

import (
	"net/http"
	"path"
	"strings"
	"testing"

	"github.com/latchkey-bot/latchkey/bot/browsertest"
)

// A browser that runs no script, or can't do the cryptography, is told so, and
// nothing is asked.
func TestSecretInABrowserThatCant(t *testing.T) {
	uncrypted := func(pages http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasPrefix(path.Base(r.URL.Path), "sealed-") {
				w.Header().Set("Content-Type", "text/javascript")
				_, _ = w.Write([]byte("Object.defineProperty(crypto, 'subtle', {value: undefined});\n"))
				w.Header().Del("Content-Type")
			}
			pages.ServeHTTP(w, r)
		})
	}
	for heading, around := range map[string]func(http.Handler) http.Handler{
		"This page needs JavaScript": withoutScript, "This browser can't open it": uncrypted,
	} {
		p := browsertest.Open(t, browsertest.Options{})
		v := newVault(t, "x", "")
		p.Goto(hangSecret(t, v, around) + v.secretLink())
		p.By("heading", heading).Wait()
		p.By("button", "").WaitGone()
		seen(p, strings.Fields(heading)[1])
		if v.asked() != "" {
			t.Errorf("asked for %s", v.asked())
		}
	}
}

// Every page reads well in the light, in the dark, and on the smallest telephone
// in the longest language.
func TestSecretInABrowserLooks(t *testing.T) {
	for name, options := range map[string]browsertest.Options{
		"light": {}, "dark": {Dark: true}, "phone": {Width: 320, Height: 760, Touch: true}, "phone-dark": {Width: 390, Height: 844, Touch: true, Dark: true},
	} {
		t.Run(name, func(t *testing.T) {
			options.Locale, options.TimeZone = "de-DE", "Europe/Berlin"
			p := browsertest.Open(t, options)
			v := newVault(t, "Benutzer: jane.doe\nPasswort: Kd7p-m3wx-9atq-r2hb-x4ne-"+strings.Repeat("x", 60), "Garten")
			p.Goto(hangSecret(t, v, inGerman) + v.secretLink())
			p.CSS(`section[data-state="live"]`).WaitText("Ana Ruiz hat Ihnen etwas Vertrauliches geschickt", "bis Montag, 23. November um 10:30")
			seen(p, "live-"+name)
			p.By("textbox", "Passphrase").Click()
			p.Type("Garten")
			p.By("button", "Öffnen").Click()
			p.WaitFocus("heading", "Hier ist es")
			p.By("button", "Kopieren").Click()
			p.CSS("#copied").WaitText("Kopiert.")
			seen(p, "shown-"+name)
		})
	}
}
