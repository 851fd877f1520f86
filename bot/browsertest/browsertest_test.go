package browsertest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
)

func TestMain(m *testing.M) { os.Exit(Closing{Tests: m}.Run()) }

// serve serves a page whose body is given, with headers beside it.
func serve(t *testing.T, body string, headers ...string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			http.NotFound(w, r)
			return
		}
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = fmt.Fprintf(w, `<!doctype html><html lang="en"><head><title>A page</title>
			<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"></head><body>%s</body></html>`, body)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// trial is a test within a test, whose failures are wanted.
type trial struct {
	testing.TB
	ctx      context.Context
	mu       sync.Mutex
	failures []string
	skipped  bool
	cleanups []func()
}

func (r *trial) Helper()                  {}
func (r *trial) Context() context.Context { return r.ctx }
func (r *trial) Cleanup(f func())         { r.cleanups = append(r.cleanups, f) }

func (r *trial) Errorf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failures = append(r.failures, fmt.Sprintf(format, args...))
}

func (r *trial) Skip(...any) {
	r.skipped = true
	runtime.Goexit()
}

func (r *trial) Fatal(args ...any) {
	r.Errorf("%s", fmt.Sprint(args...))
	runtime.Goexit()
}

func (r *trial) Fatalf(format string, args ...any) {
	r.Errorf(format, args...)
	runtime.Goexit()
}

// failures runs a test and returns why it failed.
func failures(t *testing.T, options Options, test func(p *Page)) []string {
	t.Helper()
	if _, err := shared(); err != nil {
		missing(t, "chromium", err)
	}
	r := &trial{TB: t, ctx: t.Context()}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			for _, cleanup := range slices.Backward(r.cleanups) {
				cleanup()
			}
		}()
		test(Open(r, options))
	}()
	<-done
	return r.failures
}

// says checks that a test failed once, and named the pieces.
func says(t *testing.T, got []string, pieces ...string) {
	t.Helper()
	if len(got) != 1 {
		t.Fatalf("it failed %d times, want once: %q", len(got), got)
	}
	for _, piece := range pieces {
		if !strings.Contains(got[0], piece) {
			t.Errorf("the failure doesn't name %q: %s", piece, got[0])
		}
	}
}

// What isn't there skips a test, unless it is required; what is there and
// doesn't work fails it.
func TestMissing(t *testing.T) {
	broken := errors.New("it doesn't start")
	for _, c := range []struct {
		required string
		err      error
		skips    bool
	}{
		{"", errMissing, true}, {"postgres", errMissing, true}, {"chromiums", errMissing, true},
		{"chromium", errMissing, false}, {"postgres,chromium", errMissing, false}, {"", broken, false}, {"chromium", broken, false},
	} {
		t.Setenv("LATCHKEY_TEST_REQUIRE", c.required)
		r := &trial{TB: t}
		done := make(chan struct{})
		go func() {
			defer close(done)
			missing(r, "chromium", c.err)
		}()
		<-done
		if r.skipped != c.skips || (len(r.failures) > 0) == c.skips {
			t.Errorf("%v with %q required: skipped %t, failed with %q", c.err, c.required, r.skipped, r.failures)
		}
	}
}

const fine = `<main><h1>Fine</h1><button onclick="this.textContent = 'Pressed'">Press me</button></main>`

func TestPage(t *testing.T) {
	t.Run("OK", func(t *testing.T) {
		p := Open(t, Options{})
		p.Goto(serve(t, fine))
		p.By("button", "Press me").Click()
		p.By("button", "Pressed").Wait()
		p.Audit("a page that is fine")
		p.NoSidewaysScroll("a page that is fine")
	})
	for name, body := range map[string]string{
		"a script failed: Uncaught Error: broken":          `<script>throw new Error('broken')</script>`,
		"a script failed: Uncaught (in promise) Error: no": `<script>Promise.reject(new Error('no'))</script>`,
		`a script logged an error: "too many"`:             `<script>console.error("too many", 3)</script>`,
		"opened a dialog: Hello":                           `<script>setTimeout(() => alert('Hello'))</script>`,
	} {
		t.Run(name, func(t *testing.T) {
			says(t, failures(t, Options{}, func(p *Page) {
				p.Goto(serve(t, fine+body))
			}), name)
		})
	}
}

func TestRequests(t *testing.T) {
	t.Run("ToSomebodyElse", func(t *testing.T) {
		got := failures(t, Options{}, func(p *Page) {
			p.Goto(serve(t, fine+`<img alt="" src="http://example.com/pixel.gif">`))
		})
		if len(got) == 0 || !strings.Contains(got[0], "asked somebody else: http://example.com/pixel.gif") {
			t.Errorf("it failed with %q", got)
		}
	})
	t.Run("StoppedByThePolicy", func(t *testing.T) {
		got := failures(t, Options{}, func(p *Page) {
			p.Goto(serve(t, `<script src="/more.js"></script>`, "Content-Security-Policy", "script-src 'none'"))
		})
		says(t, got, "the browser complained (security)", "Content Security Policy")
	})
	t.Run("NotThere", func(t *testing.T) {
		got := failures(t, Options{}, func(p *Page) { p.Goto(serve(t, fine+`<img alt="" src="/nothing.gif">`)) })
		says(t, got, "the browser complained (network)", "404", "/nothing.gif")
	})
	t.Run("RefusedAsWanted", func(t *testing.T) {
		got := failures(t, Options{Refusals: true}, func(p *Page) {
			p.Goto(serve(t, fine+`<img alt="" src="/nothing.gif"><script>console.error("too many")</script>`))
		})
		says(t, got, "a script logged an error")
	})
}

func TestAtHome(t *testing.T) {
	for address, want := range map[string]bool{
		"http://127.0.0.1:80/x": true, "http://localhost:1/": true, "http://[::1]:1/": true, "ws://127.0.0.1/": true,
		"data:,": true, "blob:http://127.0.0.1/1": true, "about:blank": true,
		"http://example.com/": false, "http://localhost.example.com/": false, "http://127.0.0.1.example.com/": false,
		"https://10.0.0.1/": false, "http://0.0.0.0/": false, "": false, "http://%zz": false, "file:///etc/hosts": false,
	} {
		if atHome(address) != want {
			t.Errorf("%s stays at home: %t", address, !want)
		}
	}
}

func TestSidewaysScroll(t *testing.T) {
	wide := serve(t, fine+`<p id="long" style="width: 400px">Long</p>`)
	for name, options := range map[string]Options{"InAWindow": {Width: 320}, "OnATelephone": {Width: 320, Touch: true}} {
		t.Run(name, func(t *testing.T) {
			says(t, failures(t, options, func(p *Page) {
				p.Goto(wide)
				p.NoSidewaysScroll("the long one")
			}), "the long one: in a window of 320 pixels", `id="long"`)
		})
	}
	for name, body := range map[string]string{
		"SticksOut":     `<div style="position: fixed; inset: 0; overflow: hidden"><p id="long" style="width: 400px">Long</p></div>`,
		"ScrollsWithin": `<div id="long" style="width: 100px; overflow-x: auto"><p style="width: 200px">Long</p></div>`,
		"CutOff":        `<div id="long" style="width: 100px; overflow: hidden"><span style="display: block; width: 200px">Long</span></div>`,
	} {
		t.Run(name, func(t *testing.T) {
			says(t, failures(t, Options{Width: 320}, func(p *Page) {
				p.Goto(serve(t, fine+body))
				p.NoSidewaysScroll("the long one")
			}), "the long one: in a window of 320 pixels", `id="long"`)
		})
	}
	t.Run("InARegion", func(t *testing.T) {
		p := Open(t, Options{Width: 320})
		p.Goto(serve(t, fine+`<div role="region" tabindex="0" aria-label="Wide" style="overflow-x: auto"><table style="width: 400px"><tr><td>Long</table></div>
			<p style="width: 100px; overflow: hidden; white-space: nowrap; text-overflow: ellipsis">A line that ends in an ellipsis</p>`))
		p.NoSidewaysScroll("the region")
	})
	t.Run("WideEnough", func(t *testing.T) {
		p := Open(t, Options{Width: 640})
		p.Goto(wide)
		p.NoSidewaysScroll("the long one")
	})
}

func TestAudit(t *testing.T) {
	pale := serve(t, fine+`<style>@media (prefers-color-scheme: dark) { body { background: #111; color: #222 } }</style>`)
	p := Open(t, Options{})
	p.Goto(pale)
	p.Audit("in the light") // first: without axe-core it skips all of the test
	says(t, failures(t, Options{Dark: true}, func(p *Page) {
		p.Goto(pale)
		p.Audit("in the dark")
	}), "in the dark: color-contrast (serious)", "h1")
	says(t, failures(t, Options{}, func(p *Page) {
		p.Goto(serve(t, fine+`<button id="mute"></button>`))
		p.Audit("a button without a name")
	}), "a button without a name: button-name (critical)", "#mute")
}

func TestOptions(t *testing.T) {
	const seen = `JSON.stringify([innerWidth, innerHeight, matchMedia('(prefers-color-scheme: dark)').matches,
		matchMedia('(prefers-reduced-motion: reduce)').matches, matchMedia('(pointer: coarse)').matches, navigator.maxTouchPoints > 0,
		Intl.DateTimeFormat().resolvedOptions().timeZone, (1234.5).toLocaleString()])`
	for want, options := range map[string]Options{
		`[1280,800,false,false,false,false,"UTC","1,234.5"]`: {},
		`[320,600,true,true,true,true,"Australia/Melbourne","1.234,5"]`: {
			Width: 320, Height: 600, Dark: true, ReducedMotion: true, Touch: true, TimeZone: "Australia/Melbourne", Locale: "de-DE",
		},
	} {
		p := Open(t, options)
		p.Goto(serve(t, fine))
		if got := Value[string](p, seen); got != want {
			t.Errorf("the page sees %s, want %s", got, want)
		}
	}
}

// A page knows nothing of what another one has kept.
func TestPagesShareNothing(t *testing.T) {
	url := serve(t, fine)
	for range 2 {
		p := Open(t, Options{})
		p.Goto(url)
		if kept := Value[string](p, `(() => { const kept = localStorage.kept ?? ''; localStorage.kept = 'mine'; return kept })()`); kept != "" {
			t.Errorf("it has kept %q", kept)
		}
	}
}

func TestScreenshot(t *testing.T) {
	p := Open(t, Options{Width: 320, Height: 200})
	p.Goto(serve(t, fine))
	path := filepath.Join(t.TempDir(), "page.png")
	p.Screenshot(path)
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	picture, err := png.DecodeConfig(bytes.NewReader(file))
	if err != nil || picture.Width != 320 || picture.Height != 200 {
		t.Errorf("it is %d by %d: %v", picture.Width, picture.Height, err)
	}
}
