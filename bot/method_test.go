package bot_test

import (
	"context"
	"net/http"
	"path"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/latchkey-bot/latchkey/bot"
)

// elsewhere are the methods that no Workspace calls: a connection of Socket Mode is
// opened with another token.
var elsewhere = []string{"apps.connections.open"}

// TestMethods: each method of Slack's that a Workspace calls is known to the metrics, and
// none is known that isn't called.
func TestMethods(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	called := map[string]bool{}
	workspace := reflect.ValueOf(bot.NewWorkspace("xoxb-1", "https://slack.example/api/", recorder(func(r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		called[path.Base(r.URL.Path)] = true
	})))
	for i := range workspace.NumMethod() {
		for _, text := range []string{"", "1.1"} { // a thread is read by another method
			callEmpty(t.Context(), workspace.Method(i), text)
		}
	}
	for method := range called {
		if !slices.Contains(bot.Methods(), method) {
			t.Errorf("%s is called, and counts as another", method)
		}
	}
	for _, method := range bot.Methods() {
		if !called[method] && !slices.Contains(elsewhere, method) {
			t.Errorf("%s isn't called", method)
		}
	}
	if !slices.IsSorted(bot.Methods()) {
		t.Errorf("they aren't in order: %s", strings.Join(bot.Methods(), " "))
	}
}

// callEmpty calls a method with a text for each text, and the zero value for all else.
func callEmpty(ctx context.Context, method reflect.Value, text string) {
	var args []reflect.Value
	for i := range method.Type().NumIn() {
		in := method.Type().In(i)
		switch {
		case i == 0:
			args = append(args, reflect.ValueOf(ctx))
		case in.Kind() == reflect.String:
			args = append(args, reflect.ValueOf(text).Convert(in))
		default:
			args = append(args, reflect.Zero(in))
		}
	}
	method.Call(args)
}

// recorder is a transport that notes what is asked, and reaches nobody.
type recorder func(*http.Request)

// RoundTrip notes a request.
func (note recorder) RoundTrip(r *http.Request) (*http.Response, error) {
	note(r)
	return nil, http.ErrServerClosed
}
