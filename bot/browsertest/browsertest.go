// Package browsertest is a browser for tests: what a person sees, presses,
// types and hears on a page that a test serves on loopback. Only tests import
// it.
//
// One headless Chromium serves the tests of a package; each test opens a
// [Page] of its own, which shares nothing with others, and walks it by what
// people go by: the role and the name that a screen reader says ([Page.By]),
// the mouse or a finger ([Element.Click]), and the keyboard ([Page.Press],
// [Page.TabTo]). Everything waits for what it needs, up to a limit, and never
// by the clock. A page fails its test when a script fails or complains, when
// the content security policy stops something, and when anything is asked of
// a host that isn't loopback. [Page.Audit] lets axe-core look for what keeps
// people out.
//
// Without Chromium the tests are skipped, unless LATCHKEY_TEST_REQUIRE (a list
// by comma) has "chromium": then they fail. The same goes for the audit, with
// the packages that npm installs into .ci/node_modules and "node".
//
// A map of the package:
//
//   - browsertest.go: [Closing], and what may be missing;
//   - chromium.go: the browser, found, started once, closed;
//   - page.go: [Open], [Options] and where the page goes;
//   - watch.go: what fails the test by itself;
//   - wait.go: waiting for a condition;
//   - element.go, find.go: [Element], what is found by role and name, and what
//     is done with it;
//   - keyboard.go: keys, and where the focus stands;
//   - audit.go: axe-core; sideways.go: what doesn't fit; picture.go: pictures.
package browsertest

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// Closing runs the tests of a package and closes the browser that they
// started: os.Exit(browsertest.Closing{Tests: m}.Run()) in TestMain.
type Closing struct {
	Tests interface{ Run() int } // a *testing.M
}

// Run runs the tests and returns the status to exit with.
func (c Closing) Run() int {
	code := c.Tests.Run()
	if err := closeShared(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = max(code, 1)
	}
	return code
}

// errMissing is the cause of an error about what isn't on this machine.
var errMissing = errors.New("not on this machine")

// missing ends the test: it is skipped when what it needs isn't there and
// isn't required.
func missing(t testing.TB, what string, err error) {
	t.Helper()
	required := strings.Split(os.Getenv("LATCHKEY_TEST_REQUIRE"), ",")
	if errors.Is(err, errMissing) && !slices.Contains(required, what) {
		t.Skip(err)
	}
	t.Fatal(err)
}
