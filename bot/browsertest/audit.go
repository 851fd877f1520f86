package browsertest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/chromedp/chromedp"
)

// axe is the source of axe-core, as npm has installed it.
var axe = sync.OnceValues(func() (string, error) {
	root, err := house()
	if err != nil {
		return "", err
	}
	path := filepath.Join(".ci", "node_modules", "axe-core", "axe.min.js")
	source, err := os.ReadFile(filepath.Join(root, path)) //nolint:gosec // the path is a constant within the house
	if errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("no axe-core in %s (npm ci --prefix .ci --ignore-scripts): %w", path, errMissing)
	}
	return string(source), err
})

// house is the folder of the module.
func house() (string, error) {
	folder, err := os.Getwd()
	for err == nil {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder, nil
		}
		if folder == filepath.Dir(folder) {
			return "", errors.New("no folder above this one has a go.mod")
		}
		folder = filepath.Dir(folder)
	}
	return "", err
}

// violation is what axe-core has against a page.
type violation struct {
	ID     string `json:"id"`
	Impact string `json:"impact"`
	Help   string `json:"help"`
	Nodes  []struct {
		Target []any  `json:"target"`
		Why    string `json:"why"`
	} `json:"nodes"`
}

func (v violation) String() string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s (%s): %s", v.ID, v.Impact, v.Help)
	for _, node := range v.Nodes {
		fmt.Fprintf(&text, "\n\t%v: %s", node.Target, strings.ReplaceAll(node.Why, "\n", "\n\t\t"))
	}
	return text.String()
}

// serious runs axe-core and keeps what keeps people out.
const serious = `axe.run(document, {resultTypes: ['violations']}).then(found => found.violations
	.filter(v => v.impact === 'serious' || v.impact === 'critical')
	.map(v => ({id: v.id, impact: v.impact, help: v.help, nodes: v.nodes.map(n => ({target: n.target, why: n.failureSummary}))})))`

// Audit lets axe-core look at the page as it is now, and fails the test on
// what it calls serious or critical, with the rule, where it is broken, and
// what helps. state says what the page shows. It skips the test when axe-core
// isn't installed.
func (p *Page) Audit(state string) {
	p.t.Helper()
	source, err := axe()
	if err != nil {
		p.Close() // a test that is skipped ends what the page listens to
		missing(p.t, "node", err)
	}
	p.do("loading axe-core", func(ctx context.Context, t *chromedp.Target) error {
		_, err := chromedp.Evaluate[chromedp.Void](source)(ctx, t)
		return err
	})
	p.still()
	for _, v := range Value[[]violation](p, serious) {
		p.t.Errorf("%s: %s", state, v)
	}
}
