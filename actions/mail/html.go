package mail

import (
	_ "embed"
	"html/template"
	"regexp"
	"slices"
	"strings"

	"github.com/latchkey-bot/latchkey/actions"
)

//go:embed layout.html
var layoutSource string

// layout is the one that every e-mail has. What is put into it is escaped.
var layout = template.Must(template.New("layout").Parse(layoutSource))

// page is what the layout shows.
type page struct {
	Language, Brand, Subject, OrCopy string
	Blocks                           []block
}

// block is a paragraph, a list, a button or a code; one of its fields is set.
type block struct {
	Lines    [][]piece
	Items    [][]piece
	Numbered bool // Items are
	Button   string
	URL      string // of Button
	Key      string // a code or a user name, to be read out
}

// piece is a run of characters, a link if it has a URL.
type piece struct {
	Text, URL string
	Strong    bool
}

// html makes the HTML of a text. It looks at the text before the values are in
// it, so that no value can make a block.
func (f filling) html(t text, subject string) (string, error) {
	var out strings.Builder
	err := layout.Execute(&out, page{
		Language: t.language, Brand: f.brand, Subject: subject, OrCopy: f.orCopy, Blocks: f.blocks(f.greet(t.body), t.button),
	})
	return out.String(), err
}

// item is a line of a list.
var item = regexp.MustCompile(`^(-|\d{1,2}\.)\s+(.+)$`)

// blocks takes a text apart.
func (f filling) blocks(body, button string) []block {
	var blocks []block
	open := false // the newest block may go on
	for _, line := range strings.Split(body, "\n") {
		line = strings.TrimSpace(line)
		listed := item.FindStringSubmatch(line)
		newest := len(blocks) - 1
		switch alone := f.alone(line, button); {
		case line == "":
			open = false
		case alone != nil:
			blocks, open = append(blocks, alone...), false
		case listed != nil && open && blocks[newest].Items != nil:
			blocks[newest].Items = append(blocks[newest].Items, f.pieces(listed[2]))
		case listed != nil:
			blocks, open = append(blocks, block{Items: [][]piece{f.pieces(listed[2])}, Numbered: listed[1] != "-"}), true
		case open && blocks[newest].Lines != nil:
			blocks[newest].Lines = append(blocks[newest].Lines, f.pieces(line))
		default:
			blocks, open = append(blocks, block{Lines: [][]piece{f.pieces(line)}}), true
		}
	}
	return blocks
}

// alone is what a placeholder on a line of its own becomes; nil for every other
// line.
func (f filling) alone(line, button string) []block {
	value := f.values[line]
	if value == "" {
		return nil
	}
	switch line {
	case actions.PlaceLink, actions.PlaceLoginLink:
		if isLink(value) && button != "" {
			return []block{{Button: button, URL: value}}
		}
	case actions.PlaceCode, actions.PlaceUsername:
		return []block{{Key: value}}
	case actions.PlaceClosing, actions.PlaceDetails:
		return filling{}.blocks(value, "")
	}
	return nil
}

// written is an address within a text, without the mark that ends a sentence.
var written = regexp.MustCompile(`https?://[^\s<>"\[\]]*[^\s<>"\[\].,:;!?)'»“”]`)

// isLink reports whether a text is nothing but an address.
func isLink(s string) bool { return s != "" && written.FindString(s) == s }

// linked are the placeholders whose values may be links: the others' come from
// records that anybody can write into, such as a name.
var linked = []string{actions.PlaceLink, actions.PlaceLoginLink, actions.PlaceLoginPage}

// pieces fills a line and finds the links in it.
func (f filling) pieces(line string) []piece {
	var pieces []piece
	end := 0
	for _, at := range bracketed.FindAllStringIndex(line, -1) {
		place := line[at[0]:at[1]]
		value, given := f.values[place]
		if !given {
			continue
		}
		pieces = append(pieces, links(line[end:at[0]])...)
		end = at[1]
		p := piece{Text: value, Strong: place == actions.PlaceCode || place == actions.PlaceUsername || place == actions.PlaceContact}
		if slices.Contains(linked, place) && isLink(value) {
			p.URL = value
		}
		pieces = append(pieces, p)
	}
	return append(pieces, links(line[end:])...)
}

// links finds the links in what somebody wrote.
func links(s string) []piece {
	var pieces []piece
	for s != "" {
		at := written.FindStringIndex(s)
		if at == nil {
			return append(pieces, piece{Text: s})
		}
		if at[0] > 0 {
			pieces = append(pieces, piece{Text: s[:at[0]]})
		}
		pieces = append(pieces, piece{Text: s[at[0]:at[1]], URL: s[at[0]:at[1]]})
		s = s[at[1]:]
	}
	return pieces
}
