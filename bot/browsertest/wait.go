package browsertest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/chromedp/chromedp"
)

// nextChange is a promise that is kept when the document changes, or soon: a
// style may change and an animation may end without a change of the document.
const nextChange = `new Promise(done => {
	const observer = new MutationObserver(stop), timer = setTimeout(stop, 50)
	function stop() { observer.disconnect(); clearTimeout(timer); done(true) }
	observer.observe(document, {subtree: true, childList: true, attributes: true, characterData: true})
})`

// until waits until a condition holds; why says what it still lacks. An error
// of the condition may be a page that is just being left, and counts as not
// yet.
func (p *Page) until(what string, holds func(context.Context, *chromedp.Target) (bool, error)) {
	p.t.Helper()
	p.do(what, func(ctx context.Context, t *chromedp.Target) error {
		var why error
		for {
			held, err := holds(ctx, t)
			if held && err == nil {
				return nil
			}
			if why == nil || ctx.Err() == nil { // the end of the wait says nothing
				why = err
			}
			changed(ctx, t)
			if ctx.Err() != nil {
				return fmt.Errorf("waited up to %s for it: %w", p.patience, errors.Join(why, ctx.Err()))
			}
		}
	})
}

// moving is how many animations are under way that will end.
const moving = `document.getAnimations().filter(a => a.playState === 'running' && Number.isFinite(a.effect.getComputedTiming().endTime)).length`

// still waits until nothing moves any more.
func (p *Page) still() {
	p.t.Helper()
	p.until("waiting until nothing moves", func(ctx context.Context, t *chromedp.Target) (bool, error) {
		n, err := chromedp.Evaluate[int](moving)(ctx, t)
		return n == 0, err
	})
}

// changed returns when the document has changed, or soon.
func changed(ctx context.Context, t *chromedp.Target) {
	if _, err := chromedp.Evaluate[bool](nextChange, chromedp.EvalAwaitPromise)(ctx, t); err == nil {
		return
	}
	select { // the page is being left: there is no document to ask
	case <-ctx.Done():
	case <-time.After(10 * time.Millisecond):
	}
}
