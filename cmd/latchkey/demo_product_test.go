package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/sandbox"
)

// TestDemoProductEndsBetweenQuestions: when the demo ends while its product asks what has
// changed, the question is answered, and no other is asked.
func TestDemoProductEndsBetweenQuestions(t *testing.T) {
	t.Parallel()
	ctx, end := context.WithCancel(t.Context())
	defer end()
	asked := 0
	latchkey := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		end()
		select { // time to hang up, for who would
		case <-r.Context().Done():
		case <-time.After(100 * time.Millisecond):
		}
		_, _ = io.WriteString(w, `{"changes": [{"seq": 7, "kind": "unlocked", "user_id": "u-jane"}]}`)
	}))
	defer latchkey.Close()
	p := &skylarkProduct{
		directory: nobodyKnown{}, post: sandbox.NewPost(nonsense), url: latchkey.URL, tokens: map[actions.Scope]string{actions.ScopeChanges: "token"},
	}
	if err := p.hear(ctx); err != nil || p.heard != 7 {
		t.Errorf("it ends while a question is answered: %v, and the last change heard of is %d", err, p.heard)
	}
	if err := p.hear(ctx); err == nil || asked != 1 {
		t.Errorf("it asked %d times, and last %v", asked, err)
	}
}

// nobodyKnown is a directory that has nobody.
type nobodyKnown struct{ actions.Directory }

func (nobodyKnown) Users(context.Context, []string, []string) ([]actions.User, error) {
	return nil, nil
}
