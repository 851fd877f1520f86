package slackfake

import (
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// call is a call of a method: its arguments, from a form or from JSON.
type call struct {
	token string
	args  map[string]json.RawMessage
}

// refusal is why a method fails: Slack's code, and what is wrong with the
// arguments.
type refusal struct {
	code             string
	messages         []string
	needed, provided string // scopes, when it is for want of one
}

func refuse(code string, messages ...string) *refusal {
	return &refusal{code: code, messages: messages}
}

// longestCall is the most that a call may carry, in bytes.
const longestCall = 1 << 20

// readCall reads the arguments. A token counts in the header and in a form,
// not in JSON.
func readCall(w http.ResponseWriter, r *http.Request) (call, *refusal) {
	r.Body = http.MaxBytesReader(w, r.Body, longestCall)
	c := call{args: map[string]json.RawMessage{}}
	bearer, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		c.token = bearer
		c.take(r.URL.Query())
		if err := json.NewDecoder(r.Body).Decode(&c.args); err != nil && !errors.Is(err, io.EOF) { // nothing is no argument
			return c, refuse("invalid_json")
		}
		return c, nil
	}
	if err := r.ParseForm(); err != nil {
		return c, refuse("invalid_form_data")
	}
	c.take(r.Form)
	c.token = or(bearer, c.text("token"))
	return c, nil
}

func (c call) take(form url.Values) {
	for name, values := range form {
		c.args[name] = encode(values[0])
	}
}

// authorised returns Slack's code for who hasn't the token, nil for who has.
func (s *Slack) authorised(method string, c call) *refusal {
	token, other := s.config.Token, s.config.AppToken
	if method == openMethod {
		token, other = other, token
	}
	switch {
	case c.token == "":
		return refuse("not_authed")
	case subtle.ConstantTimeCompare([]byte(c.token), []byte(other)) == 1:
		return refuse("not_allowed_token_type")
	case subtle.ConstantTimeCompare([]byte(c.token), []byte(token)) != 1:
		return refuse("invalid_auth")
	}
	return nil
}

// text is an argument that is a text; "" when it isn't there.
func (c call) text(name string) string {
	var text string
	if json.Unmarshal(c.args[name], &text) == nil {
		return text
	}
	return strings.Trim(string(c.args[name]), `"`)
}

// is reports whether an argument is true.
func (c call) is(name string) bool { return c.text(name) == "1" || c.text(name) == "true" }

// json is an argument that is JSON: as it is, or written into a text.
func (c call) json(name string) []byte {
	raw := c.args[name]
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return []byte(text)
	}
	return raw
}

// need refuses a call without these arguments.
func (c call) need(names ...string) *refusal {
	var missing []string
	for _, name := range names {
		if c.text(name) == "" {
			missing = append(missing, "[ERROR] missing required field: "+name)
		}
	}
	if missing != nil {
		return refuse("invalid_arguments", missing...)
	}
	return nil
}
