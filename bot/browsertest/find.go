package browsertest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// object is something in the page.
type object = runtime.RemoteObjectID

// finder returns what fits within something, in the document's order.
type finder func(ctx context.Context, t *chromedp.Target, within object) ([]object, error)

// spoken finds what a screen reader finds: by the role and the name, as the
// browser computes them. An empty role or name is any.
func spoken(role, name string) finder {
	return func(ctx context.Context, t *chromedp.Target, within object) ([]object, error) {
		all, err := cdp.Call(ctx, t, accessibility.QueryAXTree, accessibility.QueryAXTreeParams{ObjectID: within, Role: role, AccessibleName: name})
		if err != nil {
			return nil, err
		}
		var found []object
		for _, node := range all.Nodes {
			if node.Ignored || node.BackendDOMNodeID == 0 {
				continue
			}
			o, err := cdp.Call(ctx, t, dom.ResolveNode, dom.ResolveNodeParams{BackendNodeID: node.BackendDOMNodeID})
			if err != nil {
				return nil, err
			}
			found = append(found, o.Object.ObjectID)
		}
		return found, nil
	}
}

// seen finds what a selector of CSS fits and what is drawn.
func seen(selector string) finder {
	const all = `function(selector) {
		return [...this.querySelectorAll(selector)].filter(e => e.checkVisibility({visibilityProperty: true, opacityProperty: true}))
	}`
	return func(ctx context.Context, t *chromedp.Target, within object) ([]object, error) {
		list, err := chromedp.CallFunctionOn[*runtime.RemoteObject](all, on(within), selector)(ctx, t)
		if err != nil {
			return nil, err
		}
		own := true
		items, err := cdp.Call(ctx, t, runtime.GetProperties, runtime.GetPropertiesParams{ObjectID: list.ObjectID, OwnProperties: &own})
		if err != nil {
			return nil, err
		}
		var found []object
		for _, item := range items.Result {
			if item.Enumerable && item.Value != nil && item.Value.Subtype == runtime.RemoteObjectSubtypeNode {
				found = append(found, item.Value.ObjectID)
			}
		}
		return found, nil
	}
}

// on calls a function on an object, and awaits what it promises.
func on(o object) chromedp.CallOption {
	return func(params *runtime.CallFunctionOnParams) {
		awaits := true
		params.ObjectID, params.AwaitPromise = o, &awaits
	}
}

// document is where finding begins.
func document(ctx context.Context, t *chromedp.Target) (object, error) {
	o, err := chromedp.Evaluate[*runtime.RemoteObject]("document")(ctx, t)
	if err != nil {
		return "", err
	}
	return o.ObjectID, nil
}

// all is every object that an element stands for now.
func (e Element) all(ctx context.Context, t *chromedp.Target) (found []object, err error) {
	within, err := document(ctx, t)
	if e.within != nil && err == nil {
		within, err = e.within.one(ctx, t)
	}
	if err == nil {
		found, err = e.find(ctx, t, within)
	}
	return found, err
}

var errNotThere = errors.New("there is none")

// one is the object that an element stands for now: the only one, unless the
// element says which.
func (e Element) one(ctx context.Context, t *chromedp.Target) (object, error) {
	found, err := e.all(ctx, t)
	switch {
	case err != nil:
		return "", err
	case len(found) == 0:
		return "", fmt.Errorf("%s: %w", e.what, errNotThere)
	case e.last:
		return found[len(found)-1], nil
	case len(found) > 1 && !e.first:
		return "", fmt.Errorf("%s: there are %d", e.what, len(found))
	}
	return found[0], nil
}

// text is what a property of the accessibility tree says.
func text(value *accessibility.Value) (said string) {
	if value == nil || json.Unmarshal(value.Value, &said) != nil {
		return "" // it has none, or one that isn't a text
	}
	return said
}

// Names is the names of everything of a role that a screen reader finds, in
// the document's order.
func (p *Page) Names(role string) []string {
	p.t.Helper()
	var names []string
	p.do("listing the names of "+role, func(ctx context.Context, t *chromedp.Target) error {
		within, err := document(ctx, t)
		if err != nil {
			return err
		}
		all, err := cdp.Call(ctx, t, accessibility.QueryAXTree, accessibility.QueryAXTreeParams{ObjectID: within, Role: role})
		for _, node := range all.Nodes {
			if !node.Ignored {
				names = append(names, text(node.Name))
			}
		}
		return err
	})
	return names
}
