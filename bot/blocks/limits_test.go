package blocks_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/latchkey-bot/latchkey/bot/blocks"
)

// object is an object of Block Kit, as Slack reads it.
type object map[string]any

func (o object) is(kind string) bool { return o["type"] == kind }

// list are the objects that an object holds under a name.
func (o object) list(name string) []object {
	var all []object
	items, _ := o[name].([]any)
	for _, item := range items {
		if one, ok := item.(map[string]any); ok {
			all = append(all, one)
		}
	}
	return all
}

func (o object) object(name string) object {
	one, _ := o[name].(map[string]any)
	return one
}

func (o object) string(name string) string {
	text, _ := o[name].(string)
	return text
}

// sent is what Slack gets of a message's blocks, and how many code points it
// is.
func sent(t *testing.T, m blocks.Message) (all []object, size int) {
	t.Helper()
	raw, err := json.Marshal(m.Blocks)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer // without what Go escapes for browsers
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(all); err != nil {
		t.Fatal(err)
	}
	return all, utf8.RuneCount(out.Bytes())
}

// withinLimits checks a message against Slack's limits.
func withinLimits(t *testing.T, m blocks.Message) {
	t.Helper()
	withinBlocks(t, m, 50)
}

func withinBlocks(t *testing.T, m blocks.Message, most int) {
	t.Helper()
	if n := utf8.RuneCountInString(m.Text); n == 0 || n > 40_000 {
		t.Errorf("a text of %d characters", n)
	}
	all, size := sent(t, m)
	if n := len(all); n == 0 || n > most {
		t.Errorf("%d blocks", n)
	}
	if size >= 13_000 {
		t.Errorf("all blocks together have %d characters", size)
	}
	charts := 0
	for i, block := range all {
		if block.is("data_visualization") {
			charts++
		}
		for _, wrong := range wrong(block) {
			t.Errorf("block %d: %s\n%v", i, wrong, block)
		}
	}
	if charts > 2 {
		t.Errorf("%d charts", charts)
	}
}

// wrong says which limits a block breaks.
func wrong(block object) []string {
	found := atMost("block_id", block.string("block_id"), 0, 255)
	switch block.string("type") {
	case "header":
		found = append(found, wrongText(block.object("text"), "plain_text", 150)...)
	case "section":
		found = append(found, wrongText(block.object("text"), "mrkdwn", 3000)...)
		if accessory := block.object("accessory"); accessory != nil {
			found = append(found, wrongButton(accessory)...)
		}
	case "context":
		found = append(found, between("elements", len(block.list("elements")), 1, 10)...)
		for _, element := range block.list("elements") {
			found = append(found, wrongText(element, "mrkdwn", 2000)...)
		}
	case "actions": // Slack takes 25, a person three in a row
		found = append(found, between("elements", len(block.list("elements")), 1, 3)...)
		for _, element := range block.list("elements") {
			found = append(found, wrongButton(element)...)
		}
	case "rich_text":
		found = append(found, wrongRichText(block)...)
	case "data_table":
		found = append(found, wrongTable(block)...)
	case "data_visualization":
		found = append(found, wrongChart(block)...)
	case "input":
		found = append(found, wrongInput(block)...)
	case "divider":
	default:
		found = append(found, "nobody checks the limits of "+block.string("type"))
	}
	return found
}

func between(what string, n, least, most int) []string {
	if n < least || n > most {
		return []string{fmt.Sprintf("%d %s, not %d to %d", n, what, least, most)}
	}
	return nil
}

func atMost(what, text string, least, most int) []string {
	return between("characters of "+what, utf8.RuneCountInString(text), least, most)
}

func wrongText(text object, kind string, most int) []string {
	found := atMost(kind, text.string("text"), 1, most)
	if !text.is(kind) {
		found = append(found, "a text of type "+text.string("type"))
	}
	if kind == "mrkdwn" && text["verbatim"] != true {
		found = append(found, "a text in which Slack looks for links")
	}
	return found
}

func wrongButton(button object) []string {
	found := wrongText(button.object("text"), "plain_text", 75)
	found = append(found, atMost("value", button.string("value"), 0, 2000)...)
	found = append(found, atMost("action_id", button.string("action_id"), 1, 255)...)
	found = append(found, atMost("accessibility_label", button.string("accessibility_label"), 0, 75)...)
	if confirm := button.object("confirm"); confirm != nil {
		found = append(found, wrongConfirm(confirm)...)
	}
	if style := button.string("style"); style != "" && style != "primary" && style != "danger" {
		found = append(found, "a button of style "+style)
	}
	if !button.is("button") || button["url"] != nil {
		found = append(found, "a button that isn't one, or leads away")
	}
	if label := button.object("text").string("text"); !regexp.MustCompile(`^[A-Z][a-z]+`).MatchString(label) {
		found = append(found, fmt.Sprintf("the button %q doesn't begin with a verb", label))
	}
	return found
}

// ownPage is a page of a one-time secret or of a request.
var ownPage = regexp.MustCompile(`^https://latchkey\.example/[sr]/[\w-]+#[\w.-]+$`)

// wrongRichText takes text, dates, and links to our own pages only: everything
// else mentions or links.
func wrongRichText(block object) []string {
	found := between("elements", len(block.list("elements")), 1, 50)
	for _, part := range block.list("elements") {
		if !part.is("rich_text_section") && !part.is("rich_text_preformatted") {
			found = append(found, "a part of type "+part.string("type"))
		}
		found = append(found, between("elements of a part", len(part.list("elements")), 1, 10)...)
		for _, element := range part.list("elements") {
			switch {
			case element.is("text"):
				found = append(found, atMost("rich text", element.string("text"), 1, 12_000)...)
			case element.is("link") && ownPage.MatchString(element.string("url")):
			case element.is("date") && part.is("rich_text_section"):
				found = append(found, atMost("fallback", element.string("fallback"), 1, 50)...)
				if element["timestamp"] == nil || element["url"] != nil {
					found = append(found, "a date without a time, or that leads away")
				}
			default:
				found = append(found, "an element of type "+element.string("type"))
			}
		}
	}
	return found
}

func wrongTable(table object) []string {
	rows, _ := table["rows"].([]any)
	found := append(between("rows", len(rows), 2, 201), atMost("caption", table.string("caption"), 1, 150)...)
	columns, cells := 0, 0
	for i := range rows {
		row := object{"cells": rows[i]}.list("cells")
		if i == 0 {
			columns = len(row)
			found = append(found, between("columns", columns, 1, 20)...)
		}
		if len(row) != columns {
			found = append(found, fmt.Sprintf("%d cells in row %d of %d columns", len(row), i, columns))
		}
		for _, cell := range row {
			switch {
			case cell.is("raw_text"):
				found = append(found, atMost("cell", cell.string("text"), 1, 10_000)...)
				cells += utf8.RuneCountInString(cell.string("text"))
			case cell.is("rich_text") && i > 0:
				found = append(found, wrongRichText(cell)...)
			default:
				found = append(found, "a cell of type "+cell.string("type"))
			}
		}
	}
	return append(found, between("characters in cells", cells, 1, 10_000)...)
}

func wrongChart(block object) []string {
	chart := block.object("chart")
	axis := chart.object("axis_config")
	categories, _ := axis["categories"].([]any)
	found := append(atMost("title", block.string("title"), 1, 50), between("categories", len(categories), 1, 20)...)
	found = append(found, atMost("x_label", axis.string("x_label"), 1, 50)...)
	found = append(found, between("series", len(chart.list("series")), 1, 6)...)
	if !chart.is("bar") {
		found = append(found, "a chart of type "+chart.string("type"))
	}
	names := map[string]bool{}
	for _, series := range chart.list("series") {
		found = append(found, atMost("series", series.string("name"), 1, 20)...)
		names[series.string("name")] = true
		data := series.list("data")
		if len(data) != len(categories) {
			found = append(found, fmt.Sprintf("%d points for %d categories", len(data), len(categories)))
			continue
		}
		for i, point := range data {
			found = append(found, atMost("label", point.string("label"), 1, 20)...)
			if point["label"] != categories[i] || point["value"] == nil {
				found = append(found, fmt.Sprintf("the point %v at %v", point, categories[i]))
			}
		}
	}
	return append(found, between("different series", len(names), len(chart.list("series")), 6)...)
}

func wrongInput(block object) []string {
	element := block.object("element")
	found := wrongText(block.object("label"), "plain_text", 2000)
	if hint := block.object("hint"); hint != nil {
		found = append(found, wrongText(hint, "plain_text", 2000)...)
	}
	found = append(found, atMost("action_id", element.string("action_id"), 1, 255)...)
	if block.string("block_id") == "" {
		found = append(found, "an input without a name")
	}
	switch element.string("type") {
	case "plain_text_input":
		found = append(found, wrongTyped(element)...)
	case "radio_buttons", "checkboxes":
		found = append(found, wrongOptions(element, 10)...)
	case "static_select":
		found = append(found, wrongOptions(element, 100)...)
	case "users_select":
		found = append(found, wrongText(element.object("placeholder"), "plain_text", 150)...)
	default:
		found = append(found, "an input of type "+element.string("type"))
	}
	return found
}

func wrongTyped(element object) []string {
	most, _ := element["max_length"].(float64)
	found := wrongText(element.object("placeholder"), "plain_text", 150)
	found = append(found, between("characters that may be typed", int(most), 1, 3000)...)
	return append(found, atMost("initial_value", element.string("initial_value"), 0, int(most))...)
}

// wrongOptions checks what can be chosen, and that what is chosen is among it.
func wrongOptions(element object, most int) []string {
	options := element.list("options")
	found := between("options", len(options), 1, most)
	initial := element.object("initial_option")
	for _, option := range options {
		found = append(found, wrongText(option.object("text"), "plain_text", 75)...)
		found = append(found, atMost("value", option.string("value"), 1, 150)...)
		if initial != nil && reflect.DeepEqual(option, initial) {
			initial = nil
		}
	}
	if initial != nil {
		found = append(found, "what is chosen can't be chosen")
	}
	return found
}

// wrongConfirm checks what a button asks first.
func wrongConfirm(confirm object) []string {
	found := wrongText(confirm.object("title"), "plain_text", 100)
	found = append(found, wrongText(confirm.object("text"), "plain_text", 300)...)
	found = append(found, wrongText(confirm.object("confirm"), "plain_text", 30)...)
	return append(found, wrongText(confirm.object("deny"), "plain_text", 30)...)
}

// ours are the only forms in angle brackets that we write.
var ours = regexp.MustCompile(`^(!date\^\d+\^(\{date_short_pretty\} )?\{time\}\|(\d{4}-\d\d-\d\d )?\d\d:\d\d UTC|!subteam\^S0L2|@[UW][A-Z0-9]+|#C[A-Z0-9]+|https://tickets\.example/[^|\s]*\|[^|]+|https://shop\.acme\.example/[^|\s]*(wp-login\.php\|Open the login page|wp-admin/users\.php\|Open its users)|https://acme\.slack\.example/archives/C0L2/p\d+\|[^|]+)$`)

var angled = regexp.MustCompile(`<([^>]*)>?`)

// nothingLinked finds whatever Slack would read as a mention or a link in any
// text of a message, and escapes that were cut in two.
func nothingLinked(t *testing.T, m blocks.Message) {
	t.Helper()
	check := func(text string, markup bool) {
		if wrong := linked(text, markup); wrong != "" {
			t.Errorf("%s in %q", wrong, text)
		}
	}
	check(m.Text, true)
	all, _ := sent(t, m)
	for _, block := range all {
		eachText(block, check)
	}
}

// eachText calls check for every text that somebody sees, however deep, and
// says whether Slack reads markup in it.
func eachText(value any, check func(text string, markup bool)) {
	switch v := value.(type) {
	case string:
		check(v, false)
	case object:
		eachText(map[string]any(v), check)
	case []any:
		for _, item := range v {
			eachText(item, check)
		}
	case map[string]any:
		for name, inner := range v {
			text, isText := inner.(string)
			if !isText {
				eachText(inner, check)
				continue
			}
			switch name {
			case "value", "action_id": // nobody sees those
			case "initial_value": // is edited as it is, and nothing in it is markup
				check(defused.Replace(text), false)
			default:
				check(text, name == "text" && v["type"] == "mrkdwn")
			}
		}
	}
}

// defused is without the signs that are harmless in an input.
var defused = strings.NewReplacer("<", "", ">", "", "`", "")

func linked(text string, markup bool) string {
	if strings.ContainsAny(text, "\u202e\x00\x1b\r") || !utf8.ValidString(text) {
		return "something invisible is"
	}
	if !markup {
		if strings.ContainsAny(text, "<>`") {
			return "what may be markup where it is pasted is"
		}
		return ""
	}
	for _, form := range angled.FindAllStringSubmatch(text, -1) {
		if !ours.MatchString(form[1]) {
			return "the markup " + form[0] + " is"
		}
	}
	if rest := strings.NewReplacer("&amp;", "", "&lt;", "", "&gt;", "").Replace(text); strings.Contains(rest, "&") {
		return "half an escape is"
	}
	return ""
}
