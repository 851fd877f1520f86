package browsertest

import (
	"context"
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// Element is something on a page, as people would point it out. It is looked
// up each time that it is used, and its methods wait until it is there.
type Element struct {
	page   *Page
	what   string // it, in words
	find   finder
	within *Element // nil: the document
	last   bool
	first  bool
}

// By is what a screen reader calls by this role and exactly this name, such as
// a "button" "Show history". An empty role or name is any.
func (p *Page) By(role, name string) Element {
	return Element{page: p, what: strings.TrimSpace(fmt.Sprintf("the %s %q", role, name)), find: spoken(role, name)}
}

// CSS is what a selector fits and what is drawn.
func (p *Page) CSS(selector string) Element {
	return Element{page: p, what: selector, find: seen(selector)}
}

// By is what fits within the element; see [Page.By].
func (e Element) By(role, name string) Element { return e.page.By(role, name).in(e) }

// CSS is what fits within the element; see [Page.CSS].
func (e Element) CSS(selector string) Element { return e.page.CSS(selector).in(e) }

func (e Element) in(outer Element) Element {
	e.within = &outer
	e.what += " in " + outer.what
	return e
}

// First is the first one of several in the document; otherwise several are a
// mistake.
func (e Element) First() Element {
	e.first = true
	e.what = "the first of " + e.what
	return e
}

// Last is the last one of several in the document; otherwise several are a
// mistake.
func (e Element) Last() Element {
	e.last = true
	e.what = "the last of " + e.what
	return e
}

// Wait waits until the element is there.
func (e Element) Wait() Element {
	e.page.t.Helper()
	e.page.until("waiting for "+e.what, func(ctx context.Context, t *chromedp.Target) (bool, error) {
		_, err := e.one(ctx, t)
		return err == nil, err
	})
	return e
}

// WaitGone waits until there is none.
func (e Element) WaitGone() { e.page.t.Helper(); e.WaitCount(0) }

// WaitCount waits until there are so many.
func (e Element) WaitCount(want int) {
	e.page.t.Helper()
	e.page.until(fmt.Sprintf("waiting until there are %d of %s", want, e.what), func(ctx context.Context, t *chromedp.Target) (bool, error) {
		n, err := e.count(ctx, t)
		if err == nil && n != want {
			err = fmt.Errorf("there are %d", n)
		}
		return err == nil, err
	})
}

// count is how many there are now; within what isn't there, there are none.
func (e Element) count(ctx context.Context, t *chromedp.Target) (int, error) {
	if e.within != nil {
		if n, err := e.within.count(ctx, t); n == 0 || err != nil {
			return 0, err
		}
	}
	found, err := e.all(ctx, t)
	return len(found), err
}

// Count is how many there are now.
func (e Element) Count() (n int) {
	e.page.t.Helper()
	e.page.do("counting "+e.what, func(ctx context.Context, t *chromedp.Target) (err error) {
		n, err = e.count(ctx, t)
		return err
	})
	return n
}

// Text is what can be read in the element.
func (e Element) Text() string {
	e.page.t.Helper()
	return Of[string](e, `this.innerText`)
}

// WaitText waits until all the pieces can be read in the element.
func (e Element) WaitText(pieces ...string) Element {
	e.page.t.Helper()
	e.page.until(fmt.Sprintf("waiting until %s says %q", e.what, pieces), func(ctx context.Context, t *chromedp.Target) (bool, error) {
		o, err := e.one(ctx, t)
		if err != nil {
			return false, err
		}
		read, err := chromedp.CallFunctionOn[string](`function() { return this.innerText }`, on(o))(ctx, t)
		for _, piece := range pieces {
			if err == nil && !strings.Contains(read, piece) {
				return false, fmt.Errorf("it says %q", read)
			}
		}
		return err == nil, err
	})
	return e
}

// Of is what an expression of JavaScript gives, in which this is the element.
func Of[T any](e Element, expression string) (value T) {
	e.page.t.Helper()
	e.Wait()
	e.page.do("asking "+e.what+" for "+expression, func(ctx context.Context, t *chromedp.Target) error {
		o, err := e.one(ctx, t)
		if err == nil {
			value, err = chromedp.CallFunctionOn[T](`function() { return `+expression+` }`, on(o))(ctx, t)
		}
		return err
	})
	return value
}

// point is where an element can be pressed, or why it can't.
type point struct {
	X   float64 `json:"x"`
	Y   float64 `json:"y"`
	Why string  `json:"why"`
}

// pressable scrolls the element into view, and finds its middle unless it
// can't be pressed there: it moves, it is off, something lies over it.
const pressable = `async function() {
	const frame = () => new Promise(requestAnimationFrame)
	this.scrollIntoView({block: 'center', inline: 'center', behavior: 'instant'})
	const before = this.getBoundingClientRect()
	await frame()
	const box = this.getBoundingClientRect()
	if (box.x !== before.x || box.y !== before.y) return {why: 'it moves'}
	if (box.width === 0 || box.height === 0) return {why: 'it has no size'}
	if (this.disabled || this.getAttribute('aria-disabled') === 'true') return {why: 'it is off'}
	const x = box.x + box.width / 2, y = box.y + box.height / 2
	const hit = document.elementFromPoint(x, y)
	if (!hit) return {why: 'it is out of sight'}
	if (!this.contains(hit) && !(hit.closest('label')?.control === this)) return {why: 'something lies over it: ' + hit.outerHTML.slice(0, 200)}
	return {x, y, why: ''}
}`

// Click presses the element with the mouse, or taps on it on a page with
// touch, once nothing is in the way.
func (e Element) Click() {
	e.page.t.Helper()
	var at point
	e.page.until("pressing "+e.what, func(ctx context.Context, t *chromedp.Target) (bool, error) {
		o, err := e.one(ctx, t)
		if err == nil {
			at, err = chromedp.CallFunctionOn[point](pressable, on(o))(ctx, t)
		}
		if err == nil && at.Why != "" {
			err = fmt.Errorf("%s can't be pressed: %s", e.what, at.Why)
		}
		return err == nil, err
	})
	if e.page.options.Touch {
		for tries := 0; tries < 3 && !e.tap(at); tries++ { // as people do when nothing happens
		}
		return
	}
	e.page.do("pressing "+e.what, func(ctx context.Context, t *chromedp.Target) error {
		_, err := chromedp.MouseClickXY(at.X, at.Y)(ctx, t)
		return err
	})
}

// A page notes that it was clicked; on a new one nobody asks.
const (
	noteClick = `function() {
		const w = this.defaultView
		w.wasClicked = false
		w.addEventListener('click', () => { w.wasClicked = true }, {capture: true, once: true})
	}`
	wasClicked = `async function() {
		const w = this.defaultView, end = performance.now() + 2000
		while (w.wasClicked === false && performance.now() < end) await new Promise((done) => setTimeout(done, 10))
		return w.wasClicked !== false
	}`
)

// tap taps on a point, and reports whether that was a click: on a machine that is
// busy, a finger may stay so long that it is a long press.
func (e Element) tap(at point) (clicked bool) {
	e.page.t.Helper()
	e.page.do("tapping on "+e.what, func(ctx context.Context, t *chromedp.Target) error {
		page, err := document(ctx, t)
		if err == nil {
			_, err = chromedp.CallFunctionOn[any](noteClick, on(page))(ctx, t)
		}
		if err == nil {
			err = at.tap(ctx, t)
		}
		if err != nil {
			return err
		}
		clicked, err = chromedp.CallFunctionOn[bool](wasClicked, on(page))(ctx, t)
		clicked = clicked || err != nil // it led to another page
		return nil
	})
	return clicked
}

// tap puts a finger down and lifts it.
func (at point) tap(ctx context.Context, t *chromedp.Target) error {
	down := []*input.TouchPoint{{X: at.X, Y: at.Y}}
	return first(
		call(ctx, t, input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: input.DispatchTouchEventTypeTouchStart, TouchPoints: down}),
		call(ctx, t, input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: input.DispatchTouchEventTypeTouchEnd, TouchPoints: []*input.TouchPoint{}}),
	)
}
