package browsertest

import (
	_ "embed" // the script
	"fmt"
	"strings"
)

//go:embed sideways.js
var sideways string

// NoSidewaysScroll fails the test when anything doesn't fit into the window:
// the page scrolls sideways, or something sticks out or is cut off. A region of
// a table that people reach by keyboard may scroll by itself. state says what the page
// shows.
func (p *Page) NoSidewaysScroll(state string) {
	p.t.Helper()
	p.still()
	script := strings.TrimSpace(sideways[strings.Index(sideways, "(width"):])
	if wide := Value[[]string](p, fmt.Sprintf("%s(%d)", script, p.options.Width)); len(wide) > 0 {
		p.t.Errorf("%s: in a window of %d pixels\n\t%s", state, p.options.Width, strings.Join(wide, "\n\t"))
	}
}
