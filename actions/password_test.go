package actions

import (
	"strings"
	"testing"
)

func TestCheckReason(t *testing.T) {
	for reason, taken := range map[string]bool{
		"":                       true,
		"she mistyped it":        true,
		"forgot her password":    true,
		"wrong password 4 times": true,
		"password reset for #4711, asked by jane@acme.example": true,
		"password jane@acme.example can't remember":            true,
		"the password is forgotten":                            true,
		"password: unknown!":                                   true,
		"password expired 2026-07-26":                          true,
		"Passwort vergessen, Ticket ABC-4711":                  true,
		"password #4711":                                       true,
		"password ABC-4711":                                    true,
		"password https://acme.example/reset1":                 true,
		"pw 12":                                                true,
		"the shipw0rk1 stopped":                                true,

		"her password is Canary-Pa55w0rd":        false,
		"password: hunter2":                      false,
		"tried pw=hunter2!":                      false,
		"changed the PASSWORD to “s3cret-word”.": false,
		"Passwort lautet Gr33nHouse":             false,
		"Kennwort: Blume$wiese":                  false,
		"mot de passe : Fleur2026":               false,
		"contraseña es Flor_2026":                false,
		"a senha é Flor2026, disse ela":          false,
		"no password; then password hunter2":     false,
		strings.Repeat("x", reasonLimit+1):       false,
		"a\x00b":                                 false,
	} {
		if err := CheckReason(reason); (err == nil) != taken || (err != nil && CodeOf(err) != Invalid) {
			t.Errorf("%q: got %v", reason, err)
		} else if err != nil && strings.Contains(reason, "2") && strings.Contains(err.Error(), "unter2") {
			t.Errorf("the refusal says the password: %v", err)
		}
	}
}
