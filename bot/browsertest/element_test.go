package browsertest

import (
	"slices"
	"testing"
	"time"
)

// desk is a page with a bit of everything that people use.
const desk = `<main><h1>Desk</h1>
	<div id="one"><button aria-label="Show history" onclick="log.textContent += ' one'">H</button></div>
	<div id="two"><button aria-label="Show history" onclick="log.textContent += ' two'">H</button></div>
	<label>Whom? <input id="whom" onkeydown="if (event.key === 'Enter') log.textContent += ' ' + this.value; if (event.ctrlKey) log.textContent += ' control+' + event.key"></label>
	<button id="later" onclick="setTimeout(() => { const b = document.createElement('button'); b.textContent = 'Here I am'; document.querySelector('main').append(b); this.remove() }, 30)">Later</button>
	<button disabled id="off">Off</button>
	<p hidden>Hidden</p><p id="log" role="log">log:</p></main>
	<script>for (const kind of ['mousedown', 'touchstart']) addEventListener(kind, () => log.textContent += ' ' + kind)</script>`

func open(t *testing.T, options Options) *Page {
	t.Helper()
	p := Open(t, options)
	p.Goto(serve(t, desk))
	return p
}

func TestElement(t *testing.T) {
	p := open(t, Options{})
	p.CSS("#two").By("button", "Show history").Click()
	p.By("button", "Show history").Last().Click()
	p.CSS("#one button").Click()
	p.By("log", "").WaitText("log: mousedown two mousedown two mousedown one")
	p.By("button", "Later").Click()
	p.By("button", "Here I am").Wait()
	p.By("button", "Later").WaitGone()
	p.CSS("#one").CSS("#two").WaitGone()
	if n := p.CSS("p").Count(); n != 1 {
		t.Errorf("%d paragraphs are drawn", n)
	}
	if got, want := p.Names("button"), []string{"Show history", "Show history", "Off", "Here I am"}; !slices.Equal(got, want) {
		t.Errorf("the buttons are %q, want %q", got, want)
	}
	if got := Of[string](p.By("heading", "Desk"), "this.tagName"); got != "H1" {
		t.Errorf("the heading is an %s", got)
	}
}

func TestCopied(t *testing.T) {
	p := Open(t, Options{})
	p.Goto(serve(t, `<main><button onclick="navigator.clipboard.writeText('one two')">Copy</button></main>`))
	p.By("button", "Copy").Click()
	if got := p.Copied(); got != "one two" {
		t.Errorf("%q was copied", got)
	}
}

func TestElementByTouch(t *testing.T) {
	p := open(t, Options{Width: 320, Touch: true})
	p.CSS("#one button").Click()
	p.By("log", "").WaitText("touchstart", "one")
}

func TestKeyboard(t *testing.T) {
	p := open(t, Options{})
	p.TabTo("Tab", "textbox", "Whom?")
	p.Type("jane@acme.example é")
	p.Press("Control+k", "Enter")
	p.By("log", "").WaitText("log: control+k jane@acme.example é")
	p.TabTo("Shift+Tab", "button", "Show history")
	p.Press("Enter")
	p.By("log", "").WaitText("é two")
	p.Press("Shift+Tab")
	p.WaitFocus("button", "Show history")
}

// Short of patience, the reasons why something can't be done.
func TestWhy(t *testing.T) {
	for name, test := range map[string]struct {
		act  func(p *Page)
		says []string
	}{
		"NotThere":     {func(p *Page) { p.By("button", "Nothing").Click() }, []string{`pressing the button "Nothing"`, "there is none", "Desk"}},
		"Several":      {func(p *Page) { p.By("button", "Show history").Click() }, []string{"there are 2"}},
		"Off":          {func(p *Page) { p.By("button", "Off").Click() }, []string{"it is off"}},
		"Covered":      {func(p *Page) { cover(p); p.By("button", "Later").Click() }, []string{"something lies over it", `id="cover"`}},
		"OtherText":    {func(p *Page) { p.By("log", "").WaitText("nothing") }, []string{`it says "log:"`}},
		"NeverGone":    {func(p *Page) { p.By("button", "Off").WaitGone() }, []string{`until there are 0 of the button "Off"`, "there are 1"}},
		"OtherFocus":   {func(p *Page) { p.Press("Tab"); p.WaitFocus("button", "Later") }, []string{`it is on button "Show history"`}},
		"OutOfReach":   {func(p *Page) { p.TabTo("Tab", "button", "Off") }, []string{"never reaches", `textbox "Whom?"`}},
		"NoKey":        {func(p *Page) { p.Press("Return") }, []string{`no key "Return"`}},
		"NoModifier":   {func(p *Page) { p.Press("Caps+a") }, []string{`"Caps"`}},
		"BrokenScript": {func(p *Page) { Value[int](p, "nothing.here") }, []string{"ReferenceError"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := serve(t, desk)
			says(t, failures(t, Options{}, func(p *Page) {
				p.Goto(url)
				p.patience = time.Second
				test.act(p)
			}), test.says...)
		})
	}
}

func cover(p *Page) {
	Value[bool](p, `(() => { document.body.insertAdjacentHTML('beforeend', '<div id="cover" style="position: fixed; inset: 0"></div>'); return true })()`)
}
