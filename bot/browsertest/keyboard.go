package browsertest

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// keys are the keys that no letter stands for.
var keys = map[string]string{
	"Tab": kb.Tab, "Enter": kb.Enter, "Escape": kb.Escape, "Space": " ", "Backspace": kb.Backspace, "Delete": kb.Delete,
	"ArrowDown": kb.ArrowDown, "ArrowUp": kb.ArrowUp, "ArrowLeft": kb.ArrowLeft, "ArrowRight": kb.ArrowRight,
	"Home": kb.Home, "End": kb.End, "PageDown": kb.PageDown, "PageUp": kb.PageUp, "F6": kb.F6,
}

var modifiers = map[string]chromedp.Modifier{
	"Shift": kb.ModifierShift, "Control": kb.ModifierCtrl, "Alt": kb.ModifierAlt, "Meta": kb.ModifierMeta,
}

// Press presses keys one after the other: "Tab", "Shift+Tab", "Control+k", a
// letter.
func (p *Page) Press(chords ...string) {
	p.t.Helper()
	for _, chord := range chords {
		pressed, err := press(chord)
		if err != nil {
			p.t.Fatal(err)
		}
		p.do("pressing "+chord, func(ctx context.Context, t *chromedp.Target) error {
			_, err := pressed(ctx, t)
			return err
		})
	}
}

func press(chord string) (chromedp.Action[chromedp.Void], error) {
	parts := strings.Split(chord, "+")
	name := parts[len(parts)-1]
	key, known := keys[name]
	if !known {
		key = name
	}
	if len([]rune(key)) != 1 {
		return nil, fmt.Errorf("there is no key %q", chord)
	}
	var held []chromedp.Modifier
	for _, part := range parts[:len(parts)-1] {
		modifier, known := modifiers[part]
		if !known {
			return nil, fmt.Errorf("nobody can hold %q down", part)
		}
		held = append(held, modifier)
	}
	return chromedp.KeyEvent(key, chromedp.KeyModifiers(held...)), nil
}

// Type types a text where the focus is.
func (p *Page) Type(text string) {
	p.t.Helper()
	p.do(fmt.Sprintf("typing %q", text), func(ctx context.Context, t *chromedp.Target) error {
		_, err := chromedp.KeyEvent(text)(ctx, t)
		return err
	})
}

// Stop is where the focus stands, as a screen reader says it.
type Stop struct{ Role, Name string }

// String says it.
func (s Stop) String() string { return fmt.Sprintf("%s %q", s.Role, s.Name) }

// Focus is where the focus stands; zero when it is on nothing.
func (p *Page) Focus() (stop Stop) {
	p.t.Helper()
	p.do("asking for the focus", func(ctx context.Context, t *chromedp.Target) (err error) {
		stop, err = focus(ctx, t)
		return err
	})
	return stop
}

func focus(ctx context.Context, t *chromedp.Target) (Stop, error) {
	active, err := chromedp.Evaluate[*runtime.RemoteObject]("document.activeElement ?? document.body")(ctx, t)
	if err != nil {
		return Stop{}, err
	}
	own := false
	tree, err := cdp.Call(ctx, t, accessibility.GetPartialAXTree, accessibility.GetPartialAXTreeParams{ObjectID: active.ObjectID, FetchRelatives: &own})
	if err != nil || len(tree.Nodes) == 0 {
		return Stop{}, err
	}
	return Stop{text(tree.Nodes[0].Role), text(tree.Nodes[0].Name)}, nil
}

// WaitFocus waits until the focus stands there.
func (p *Page) WaitFocus(role, name string) {
	p.t.Helper()
	want := Stop{role, name}
	p.until("waiting for the focus on "+want.String(), func(ctx context.Context, t *chromedp.Target) (bool, error) {
		at, err := focus(ctx, t)
		if err == nil && at != want {
			err = fmt.Errorf("it is on %s", at)
		}
		return err == nil, err
	})
}

// stopLimit is how many stops of the Tab key a page may have.
const stopLimit = 300

// TabTo presses a key, "Tab" or "Shift+Tab" mostly, until the focus stands
// there. What can't be reached fails the test, which then says where the focus
// came by.
func (p *Page) TabTo(key, role, name string) {
	p.t.Helper()
	want := Stop{role, name}
	p.TabUntil(key, want.String(), func(at Stop) bool { return at == want })
}

// TabUntil is [Page.TabTo] for a stop that is described otherwise.
func (p *Page) TabUntil(key, what string, there func(Stop) bool) {
	p.t.Helper()
	var came []string
	for range stopLimit {
		p.Press(key)
		at := p.Focus()
		if there(at) {
			return
		}
		came = append(came, at.String())
		if n := len(came); n > 5 && slices.Equal(came[n-3:], came[:3]) {
			break // it has been everywhere
		}
	}
	p.t.Fatalf("%s never reaches %s; it comes by\n%s", key, what, strings.Join(came, "\n"))
}
