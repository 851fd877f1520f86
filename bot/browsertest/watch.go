package browsertest

import (
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
)

// watch fails a test when its page does what no page may: a script that
// throws or logs an error, what the content security policy stops, a file that
// isn't there, a dialog that holds everything up, a request to somebody else.
type watch struct {
	t        testing.TB
	refusals bool   // requests may fail
	dismiss  func() // the dialog that is open
	mu       sync.Mutex
	ended    bool
}

// see is called for every event of the page, and must be quick.
func (w *watch) see(event any) {
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		w.fail("a script failed: %s", thrown(e.ExceptionDetails))
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeAssert {
			w.fail("a script logged an error: %s", said(e.Args))
		}
	case *log.EventEntryAdded:
		// The policy's reports come as errors of the source security, a file
		// that isn't there as one of the source network.
		refused := w.refusals && e.Entry.Source == log.EntrySourceNetwork
		if e.Entry.Level == log.EntryLevelError && !refused {
			w.fail("the browser complained (%s): %s %s", e.Entry.Source, e.Entry.Text, e.Entry.URL)
		}
	case *network.EventRequestWillBeSent:
		w.request(e.Request.URL)
	case *network.EventWebSocketCreated:
		w.request(e.URL)
	case *page.EventJavascriptDialogOpening:
		w.fail("the page opened a dialog: %s", e.Message)
		go w.dismiss() // or nothing would go on; a listener may not wait
	}
}

func (w *watch) request(address string) {
	if !atHome(address) {
		w.fail("the page asked somebody else: %s", address)
	}
}

// atHome reports whether an address stays on this machine.
func atHome(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	if slices.Contains([]string{"data", "blob", "about"}, u.Scheme) {
		return true
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || (ip != nil && ip.IsLoopback())
}

func (w *watch) fail(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.ended {
		w.t.Errorf(format, args...)
	}
}

// end stops watching: a test that is over can't fail any more.
func (w *watch) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ended = true
}

func thrown(details *runtime.ExceptionDetails) string {
	text := details.Text
	if details.Exception != nil {
		text += " " + details.Exception.Description + string(details.Exception.Value)
	}
	return fmt.Sprintf("%s (%s:%d)", text, details.URL, details.LineNumber+1)
}

func said(args []*runtime.RemoteObject) string {
	var words []string
	for _, arg := range args {
		if arg.Description != "" {
			words = append(words, arg.Description)
		} else {
			words = append(words, string(arg.Value))
		}
	}
	return strings.Join(words, " ")
}
