package sandbox_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/latchkey-bot/latchkey/bot/sandbox"
)

func TestPhone(t *testing.T) {
	const whole = `{"to":"+61491570000","text":"Your code is 123456"}`
	for name, test := range map[string]struct {
		method, token, body string
		want                int
	}{
		"OK":         {http.MethodPost, "Bearer secret", whole, http.StatusNoContent},
		"NoToken":    {http.MethodPost, "", whole, http.StatusUnauthorized},
		"WrongToken": {http.MethodPost, "Bearer secre", whole, http.StatusUnauthorized},
		"Get":        {http.MethodGet, "Bearer secret", whole, http.StatusMethodNotAllowed},
		"NotJSON":    {http.MethodPost, "Bearer secret", "to=1", http.StatusBadRequest},
		"NoNumber":   {http.MethodPost, "Bearer secret", `{"text":"hi"}`, http.StatusBadRequest},
		"NoText":     {http.MethodPost, "Bearer secret", `{"to":"+61"}`, http.StatusBadRequest},
		"TooLong":    {http.MethodPost, "Bearer secret", `{"to":"+61","text":"` + strings.Repeat("a", 9000) + `"}`, http.StatusBadRequest},
	} {
		t.Run(name, func(t *testing.T) {
			post := newPost()
			r := httptest.NewRequestWithContext(t.Context(), test.method, "/", strings.NewReader(test.body))
			r.Header.Set("Authorization", test.token)
			w := httptest.NewRecorder()
			sandbox.Phone(post, "secret").ServeHTTP(w, r)
			texts := post.All().Texts
			if w.Code != test.want || (len(texts) == 1) != (test.want == http.StatusNoContent) {
				t.Errorf("%d, and the post has %v", w.Code, texts)
			}
			if len(texts) == 1 && (texts[0].To != "+61491570000" || texts[0].Text != "Your code is 123456" || texts[0].ID == "" || texts[0].At.IsZero()) {
				t.Errorf("the text arrives as %+v", texts[0])
			}
		})
	}
}
