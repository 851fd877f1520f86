package sandbox

import (
	"crypto/subtle"
	"encoding/json"
	"net/http"
)

// textLimit is how many bytes a request with a text may have.
const textLimit = 8 << 10

// Phone is the text service of the demo: `POST {"to", "text"}` with the bearer
// token puts a text into the post, and is answered 204. Without the token the
// answer is 401, and 400 for what isn't a text.
func Phone(post *Post, token string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var t Text
		switch {
		case r.Method != http.MethodPost:
			w.Header().Set("Allow", http.MethodPost)
			w.WriteHeader(http.StatusMethodNotAllowed)
		case subtle.ConstantTimeCompare([]byte(r.Header.Get("Authorization")), []byte("Bearer "+token)) != 1:
			w.WriteHeader(http.StatusUnauthorized)
		case json.NewDecoder(http.MaxBytesReader(w, r.Body, textLimit)).Decode(&t) != nil || t.To == "" || t.Text == "":
			w.WriteHeader(http.StatusBadRequest)
		default:
			post.Ring(Text{At: post.now().UTC(), To: t.To, Text: t.Text})
			w.WriteHeader(http.StatusNoContent)
		}
	})
}
