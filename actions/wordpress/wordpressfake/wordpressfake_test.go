package wordpressfake_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/latchkey-bot/latchkey/actions/wordpress/wordpressfake"
)

// shown is the page of a fake.
func shown(t *testing.T, url string) (page, policy string) {
	t.Helper()
	answer, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close() //nolint:errcheck // only read
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%d %v", answer.StatusCode, err)
	}
	return string(body), answer.Header.Get("Content-Security-Policy")
}

// TestPage shows who is there, marks the temporary ones, and takes no name for markup.
func TestPage(t *testing.T) {
	f := wordpressfake.New()
	server := httptest.NewServer(f)
	defer server.Close()
	before, policy := shown(t, server.URL+"/users")
	if strings.Contains(before, `class="tag"`) || !strings.Contains(before, "3 users") || !strings.Contains(policy, "default-src 'none'") {
		t.Errorf("before: %s under %s", before, policy)
	}
	f.Add(wordpressfake.User{Login: "support-temp-a", Name: `<img src=x onerror="x()">`, Role: "administrator", Password: "canary"})
	after, _ := shown(t, server.URL+"/users")
	for _, want := range []string{"4 users", `support-temp-a<span class="tag">temporary</span>`, "&lt;img src=x", `<th scope="row">anna`, "<caption>"} {
		if !strings.Contains(after, want) {
			t.Errorf("it doesn't show %q: %s", want, after)
		}
	}
	if strings.Contains(after, "canary") || strings.Contains(after, "<img") {
		t.Errorf("it shows too much: %s", after)
	}
	f.Remove("support-temp-a")
	if gone, _ := shown(t, server.URL+"/users"); strings.Contains(gone, "support-temp-a") {
		t.Error("it still shows who is gone")
	}
}

// TestAtOnce counts how many are about it at once, and no two get one ID.
func TestAtOnce(t *testing.T) {
	f := wordpressfake.New()
	f.Down(wordpressfake.Slow)
	server := httptest.NewServer(f)
	defer server.Close()
	const many = 5
	answers := make(chan error, many)
	for range many {
		go func() {
			answer, err := http.Get(server.URL + "/?rest_route=/wp/v2/users")
			if err == nil {
				err = answer.Body.Close()
			}
			answers <- err
		}()
	}
	for f.Busiest() < many {
		select {
		case err := <-answers:
			t.Fatalf("one was answered: %v", err)
		default:
			runtime.Gosched()
		}
	}
	server.CloseClientConnections()
	for range many {
		if err := <-answers; err == nil {
			t.Error("one was answered")
		}
	}
	f.Up()
	var adding sync.WaitGroup
	for range many {
		adding.Go(func() { f.Add(wordpressfake.User{Login: "x"}) })
	}
	adding.Wait()
	if users := f.Users(); len(users) != 3+many || users[len(users)-1].ID != 3+many {
		t.Errorf("there are %+v", users)
	}
}
