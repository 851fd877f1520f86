package browsertest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"

	"github.com/chromedp/chromedp"
)

// places is where Chromium may be: names in PATH, then where Debian keeps it.
var places = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "/usr/bin/chromium", "/usr/lib/chromium/chromium"}

// findChromium returns the path of the program.
func findChromium() (string, error) {
	for _, place := range places {
		if path, err := exec.LookPath(place); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("no Chromium: none of %q is a program: %w", places, errMissing)
}

// chromium is the browser of this process; its folder for the user's data is
// made and removed with it.
type chromium struct {
	ctx   context.Context // of the browser; pages are made from it
	close func() error
}

// shared is the one browser of this process, started at first need, and
// started is the same once it is there.
var (
	shared  = sync.OnceValues(startChromium)
	started atomic.Pointer[chromium]
)

// flags keep the browser to itself: what a test doesn't ask for isn't fetched,
// and no name but loopback's means anything.
var flags = map[string]any{
	"disable-background-networking": true,
	"disable-component-update":      true,
	"disable-sync":                  true,
	"disable-quic":                  true,
	"disable-gpu":                   true,
	"host-resolver-rules":           "MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost , EXCLUDE ::1",
	"hide-scrollbars":               false, // people have them
	"font-render-hinting":           "none",
	"lang":                          "en-US",
}

func startChromium() (*chromium, error) {
	path, err := findChromium()
	if err != nil {
		return nil, err
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path))
	for name, value := range flags {
		options = append(options, chromedp.Flag(name, value))
	}
	if os.Geteuid() == 0 { // its sandbox refuses to run as root
		options = append(options, chromedp.NoSandbox)
	}
	all, stop := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, _ := chromedp.NewContext(all) // Cancel below ends it
	if err := chromedp.Do(ctx); err != nil {
		stop()
		return nil, fmt.Errorf("starting %s: %w", path, err)
	}
	c := &chromium{ctx: ctx, close: func() error {
		defer stop() // waits until its processes and its folder are gone
		return chromedp.Cancel(ctx)
	}}
	started.Store(c)
	return c, nil
}

func closeShared() error {
	c := started.Swap(nil)
	if c == nil {
		return nil
	}
	if err := c.close(); err != nil && !errors.Is(err, context.Canceled) {
		return fmt.Errorf("closing the browser: %w", err)
	}
	return nil
}
