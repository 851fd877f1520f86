package browsertest

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// patience is how long a page may take to show what a test waits for, or to do
// what it is told: far longer than it needs, so that a busy machine alone
// fails nothing.
const patience = 30 * time.Second

// Options are whose hands and eyes the page is in.
type Options struct {
	Width, Height int    // of the window, in CSS pixels; 1280 by 800 unless said
	Dark          bool   // they prefer dark colours
	ReducedMotion bool   // they prefer that nothing moves
	Touch         bool   // a telephone: a finger instead of a mouse
	TimeZone      string // an IANA name; UTC unless said
	Locale        string // BCP 47; en-US unless said
	// Refusals: answers of 400 and more, and none at all, belong to the test.
	Refusals bool
}

func (o Options) filled() Options {
	if o.Width == 0 {
		o.Width = 1280
	}
	if o.Height == 0 {
		o.Height = 800
	}
	if o.TimeZone == "" {
		o.TimeZone = "UTC"
	}
	if o.Locale == "" {
		o.Locale = "en-US"
	}
	return o
}

// Page is a tab of a browser that nobody has used before. Its methods fail the
// test when they can't do what they say within a limit; they aren't for
// several goroutines.
type Page struct {
	t       testing.TB
	ctx     context.Context
	options Options
	watch   *watch
	// patience is for each thing that is done.
	patience time.Duration

	// Close closes the page before the test is over, for a test that ends the
	// server itself.
	Close func()
}

// Open opens an empty page, which closes with the test. It skips the test when
// there is no Chromium.
func Open(t testing.TB, options Options) *Page {
	t.Helper()
	shared, err := shared()
	if err != nil {
		missing(t, "chromium", err)
	}
	p := &Page{t: t, options: options.filled(), patience: patience, watch: &watch{t: t, refusals: options.Refusals}}
	var cancel context.CancelFunc
	p.ctx, cancel = chromedp.NewContext(shared.ctx, chromedp.WithNewBrowserContext(), chromedp.WithListener(p.watch.see))
	p.watch.dismiss = func() {
		_, _ = chromedp.Call(p.ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{}) // unless it is gone
	}
	p.Close = sync.OnceFunc(func() {
		p.settle()
		p.watch.end()
		cancel()
	})
	t.Cleanup(p.Close)
	if err := chromedp.Do(p.ctx); err != nil { // without a limit, since the tab lives as long as this context
		t.Fatalf("opening a page: %v", err)
	}
	p.do("setting the page up", p.options.emulate)
	p.allowPasting()
	return p
}

// emulate makes the page what the options say.
func (o Options) emulate(ctx context.Context, t *chromedp.Target) error {
	return first(
		call(ctx, t, log.Enable, cdp.Empty{}),
		call(ctx, t, network.Enable, network.EnableParams{}),
		call(ctx, t, page.Enable, page.EnableParams{}),
		call(ctx, t, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
			Width: int64(o.Width), Height: int64(o.Height), DeviceScaleFactor: 1, Mobile: o.Touch,
		}),
		call(ctx, t, emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: o.Touch, MaxTouchPoints: 1}),
		call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: o.features()}),
		call(ctx, t, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: o.TimeZone}),
		call(ctx, t, emulation.SetLocaleOverride, emulation.SetLocaleOverrideParams{Locale: o.Locale}),
		call(ctx, t, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true}),
	)
}

func (o Options) features() []*emulation.MediaFeature {
	scheme, motion := "light", "no-preference"
	if o.Dark {
		scheme = "dark"
	}
	if o.ReducedMotion {
		motion = "reduce"
	}
	return []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme},
		{Name: "prefers-reduced-motion", Value: motion},
	}
}

// Goto opens an address and waits until it is loaded.
func (p *Page) Goto(url string) {
	p.t.Helper()
	p.do("opening "+url, func(ctx context.Context, t *chromedp.Target) error {
		_, err := chromedp.Navigate(url)(ctx, t)
		return err
	})
}

// Value is what an expression of JavaScript gives, a promise being awaited.
// What T can't hold fails the test.
func Value[T any](p *Page, expression string) T {
	p.t.Helper()
	var value T
	p.do("evaluating "+expression, func(ctx context.Context, t *chromedp.Target) (err error) {
		value, err = chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise)(ctx, t)
		return err
	})
	return value
}

// do does something with the page, within the limit.
func (p *Page) do(what string, act func(context.Context, *chromedp.Target) error) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, p.patience)
	defer cancel()
	defer context.AfterFunc(p.t.Context(), cancel)()
	if err := chromedp.Do(ctx, chromedp.Func(act)); err != nil {
		p.fail(what, err)
	}
}

// fail ends the test, and says what can be seen.
func (p *Page) fail(what string, err error) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, 2*time.Second)
	defer cancel()
	seen, seeing := chromedp.Run(ctx, chromedp.Evaluate[string]("location.href + '\\n' + (document.body?.innerText ?? '').slice(-3000)"))
	if seeing != nil {
		seen = seeing.Error()
	}
	p.t.Fatalf("%s: %v\nOn the page:\n%s", what, err, seen)
}

// allowPasting lets the page read what was copied. To copy, a page needs what
// people give it by pressing something.
func (p *Page) allowPasting() {
	p.t.Helper()
	_, err := chromedp.CallBrowser(p.ctx, browser.SetPermission, browser.SetPermissionParams{
		BrowserContextID: chromedp.FromContext(p.ctx).BrowserContextID,
		Permission:       &browser.PermissionDescriptor{Name: "clipboard-read"}, Setting: browser.PermissionSettingGranted,
	})
	if err != nil {
		p.t.Fatalf("letting the page paste: %v", err)
	}
}

// Copied is the text that was copied last.
func (p *Page) Copied() string {
	p.t.Helper()
	return Value[string](p, "navigator.clipboard.readText()")
}

// settle lets the page say what it has to say before the test is over.
func (p *Page) settle() {
	ctx, cancel := context.WithTimeout(p.ctx, 2*time.Second)
	defer cancel()
	_, _ = chromedp.Run(ctx, chromedp.Evaluate[int]("new Promise(done => setTimeout(done, 0, 1))", chromedp.EvalAwaitPromise)) // it may be gone
}

// call sends a command whose answer is of no interest.
func call[P, R any](ctx context.Context, t *chromedp.Target, command cdp.Command[P, R], params P) func() error {
	return func() error {
		_, err := cdp.Call(ctx, t, command, params)
		return err
	}
}

// first does one thing after the other up to the first error.
func first(steps ...func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}
