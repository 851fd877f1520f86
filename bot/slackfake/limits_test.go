package slackfake_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

// long is a text of so many characters, of two bytes each: Slack counts code
// points.
func long(n int) string { return strings.Repeat("ü", n) }

func mrkdwn(n int) args { return args{"type": "mrkdwn", "text": long(n)} }

func plainN(n int) args { return plain(long(n)) }

func list(n int, item any) []any { return slices.Repeat([]any{item}, n) }

func section(n int) args { return args{"type": "section", "text": mrkdwn(n)} }

// with is a block or element with a field more.
func with(of args, field string, value any) args {
	all := args{}
	for k, v := range of {
		all[k] = v
	}
	all[field] = value
	return all
}

func button(id string) args { return args{"type": "button", "action_id": id, "text": plain("Go")} }

func fields(n, of int) args { return args{"type": "section", "fields": list(n, mrkdwn(of))} }

func notes(elements ...any) args { return args{"type": "context", "elements": elements} }

func markdown(n int) args { return args{"type": "markdown", "text": long(n)} }

func image(url, alt int) args {
	return args{"type": "image", "image_url": long(url), "alt_text": long(alt)}
}

func actions(elements ...any) args { return args{"type": "actions", "elements": elements} }

func confirm(title, text, yes, no int) args {
	return with(button("a"), "confirm", args{"title": plainN(title), "text": mrkdwn(text), "confirm": plainN(yes), "deny": plainN(no)})
}

func menu(kind string, n, label, value int) args {
	var options []any
	for range n {
		options = append(options, args{"text": plainN(label), "value": long(value)})
	}
	return args{"type": kind, "action_id": "m", "options": options}
}

func groups(n, label int) args {
	group := args{"label": plainN(label), "options": aMenu["options"]}
	return args{"type": "static_select", "action_id": "m", "option_groups": list(n, group)}
}

func rich(kind string, pieces ...any) args {
	return args{"type": "rich_text", "elements": []any{args{"type": kind, "elements": pieces}}}
}

func piece(kind, field string, value any) args { return args{"type": kind, field: value} }

func bullets(of any) args {
	return args{"type": "rich_text", "elements": list(1, args{"type": "rich_text_list", "style": "bullet", "elements": list(1, of)})}
}

func cell(n int) args { return args{"type": "raw_text", "text": long(n)} }

func table(rows, columns int) args {
	return args{"type": "table", "rows": list(rows, list(columns, cell(1)))}
}

func tableOf(cells ...any) args { return args{"type": "table", "rows": []any{cells}} }

func labelled(n int) args {
	return with(line("in", 1, 1, 1), "axis_config", args{"categories": []any{"A"}, "y_label": long(n)})
}

func dataTable(rows ...any) args { return args{"type": "data_table", "caption": "c", "rows": rows} }

func line(name string, categories, points, label int) args {
	var all, data []any
	for i := range max(categories, points) {
		at := long(label-1) + string(rune('A'+i))
		if i < categories {
			all = append(all, at)
		}
		if i < points {
			data = append(data, args{"label": at, "value": i - 1})
		}
	}
	return args{"type": "line", "series": []any{args{"name": name, "data": data}}, "axis_config": args{"categories": all}}
}

func chart(title int, of args) args {
	return args{"type": "data_visualization", "title": long(title), "chart": of}
}

func pie(segments int, label int, value float64) args {
	return args{"type": "pie", "segments": list(segments, args{"label": long(label), "value": value})}
}

func series(n int) args {
	of := line("x", 1, 1, 1)
	var all []any
	for i := range n {
		all = append(all, args{"name": string(rune('A' + i)), "data": []any{args{"label": "A", "value": 1}}})
	}
	of["series"] = all
	return of
}

var (
	aMenu   = menu("static_select", 1, 1, 1)
	aDate   = piece("date", "timestamp", 1700000000)
	number  = args{"type": "raw_number", "value": 1}
	twoRows = dataTable(list(1, cell(1)), list(1, cell(1)))
	twins   = with(series(1), "series", list(2, args{"name": "x", "data": list(1, args{"label": "A", "value": 1})}))
)

// TestMessageLimits is what Slack takes in a message and what is one more than
// that. Each row names the place of the published rule; where it stands in the
// message is what the complaint must point to.
func TestMessageLimits(t *testing.T) {
	for name, row := range map[string]struct {
		good, bad any    // one block or several; good may be left out
		want      string // the place in an invalid_blocks, or another code
	}{
		"blocks: 50 a message":           {list(50, args{"type": "divider"}), list(51, args{"type": "divider"}), "/blocks]"},
		"blocks: known kinds":            {nil, args{"type": "carousel_of_horrors"}, "/blocks/0]"},
		"blocks: together below 13,000":  {list(4, section(2900)), list(5, section(2600)), "msg_blocks_too_long"},
		"block_id: 255 characters":       {with(section(1), "block_id", long(255)), with(section(1), "block_id", long(256)), "/blocks/0/block_id]"},
		"block_id: once a message":       {nil, list(2, with(section(1), "block_id", "b")), "/blocks/1]"},
		"section text: 3000":             {section(3000), section(3001), "/blocks/0/text/text]"},
		"section text: not empty":        {section(1), section(0), "/blocks/0/text/text]"},
		"section: text or fields":        {nil, args{"type": "section"}, "/blocks/0]"},
		"section fields: 10":             {fields(10, 1), fields(11, 1), "/blocks/0/fields]"},
		"section fields: 2000":           {fields(1, 2000), fields(1, 2001), "/fields/0/text]"},
		"section accessory: an element":  {with(section(1), "accessory", button("a")), with(section(1), "accessory", args{"type": "plain_text_input"}), "/accessory]"},
		"text: no emoji in mrkdwn":       {nil, args{"type": "section", "text": with(mrkdwn(1), "emoji", true)}, "/blocks/0/text]"},
		"text: known fields":             {nil, with(section(1), "colour", "red"), "/blocks/0]"},
		"header: 150":                    {args{"type": "header", "text": plainN(150)}, args{"type": "header", "text": plainN(151)}, "/blocks/0/text/text]"},
		"header: plain text":             {nil, args{"type": "header", "text": mrkdwn(1)}, "/blocks/0/text]"},
		"context: 10 elements":           {notes(list(10, mrkdwn(1))...), notes(list(11, mrkdwn(1))...), "/blocks/0/elements]"},
		"context: not empty":             {nil, notes(list(0, 1)...), "/blocks/0/elements]"},
		"context: no button":             {nil, notes(button("a")), "/elements/0]"},
		"actions: 25 elements":           {actions(list(25, with(button(""), "value", "v"))...), actions(list(26, button(""))...), "/blocks/0/elements]"},
		"actions: no text":               {nil, actions(mrkdwn(1)), "/elements/0]"},
		"action_id: 255":                 {actions(button(long(255))), actions(button(long(256))), "/action_id]"},
		"action_id: once a block":        {[]any{actions(button("a")), actions(button("a"))}, actions(button("a"), button("a")), "/elements/1]"},
		"button text: 75":                {actions(with(button("a"), "text", plainN(75))), actions(with(button("a"), "text", plainN(76))), "/text/text]"},
		"button value: 2000":             {actions(with(button("a"), "value", long(2000))), actions(with(button("a"), "value", long(2001))), "/value]"},
		"button url: 3000":               {actions(with(button("a"), "url", long(3000))), actions(with(button("a"), "url", long(3001))), "/url]"},
		"button style: primary, danger":  {actions(with(button("a"), "style", "danger")), actions(with(button("a"), "style", "warning")), "/style]"},
		"confirm title: 100":             {actions(confirm(100, 1, 1, 1)), actions(confirm(101, 1, 1, 1)), "/confirm/title/text]"},
		"confirm text: 300":              {actions(confirm(1, 300, 1, 1)), actions(confirm(1, 301, 1, 1)), "/confirm/text/text]"},
		"confirm yes: 30":                {actions(confirm(1, 1, 30, 1)), actions(confirm(1, 1, 31, 1)), "/confirm/confirm/text]"},
		"confirm no: 30":                 {actions(confirm(1, 1, 1, 30)), actions(confirm(1, 1, 1, 31)), "/confirm/deny/text]"},
		"select: 100 options":            {actions(menu("static_select", 100, 1, 1)), actions(menu("static_select", 101, 1, 1)), "/options]"},
		"select placeholder: 150":        {actions(with(aMenu, "placeholder", plainN(150))), actions(with(aMenu, "placeholder", plainN(151))), "/placeholder/text]"},
		"select: groups of options":      {actions(groups(10, 75)), actions(groups(1, 76)), "/label/text]"},
		"radio buttons: 10 options":      {actions(menu("radio_buttons", 10, 1, 1)), actions(menu("radio_buttons", 11, 1, 1)), "/options]"},
		"checkboxes: 10 options":         {actions(menu("checkboxes", 10, 1, 1)), actions(menu("checkboxes", 11, 1, 1)), "/options]"},
		"overflow: 5 options":            {actions(menu("overflow", 5, 1, 1)), actions(menu("overflow", 6, 1, 1)), "/options]"},
		"option text: 75":                {actions(menu("static_select", 1, 75, 1)), actions(menu("static_select", 1, 76, 1)), "/options/0/text/text]"},
		"option value: 150":              {actions(menu("static_select", 1, 1, 150)), actions(menu("static_select", 1, 1, 151)), "/options/0/value]"},
		"input: only in views":           {nil, anInput("i"), "/blocks/0]"},
		"image: alt_text":                {image(1, 2000), image(1, 0), "/alt_text]"},
		"image: a url or a file":         {with(args{"type": "image", "alt_text": "a"}, "slack_file", args{"id": "F1"}), args{"type": "image", "alt_text": "a"}, "/blocks/0]"},
		"image url: 3000":                {image(3000, 1), image(3001, 1), "/image_url]"},
		"image title: 2000":              {with(image(1, 1), "title", plainN(2000)), with(image(1, 1), "title", plainN(2001)), "/title/text]"},
		"divider: nothing more":          {args{"type": "divider"}, args{"type": "divider", "text": plain("t")}, "/blocks/0]"},
		"markdown: 12,000 in all":        {list(2, markdown(6000)), []any{markdown(6000), markdown(6001)}, "/blocks]"},
		"rich text: known elements":      {rich("rich_text_section", piece("text", "text", "hi")), rich("rich_text_poem", piece("text", "text", "hi")), "/elements/0]"},
		"rich text: not empty":           {rich("rich_text_quote", piece("emoji", "name", "wave")), rich("rich_text_quote", piece("text", "text", "")), "/elements/0/text]"},
		"rich text: preformatted":        {rich("rich_text_preformatted", piece("link", "url", "https://a.example")), rich("rich_text_preformatted", piece("user", "user_id", "U1")), "/elements/0/elements/0]"},
		"rich text: date with format":    {rich("rich_text_section", with(aDate, "format", "{time}")), rich("rich_text_section", aDate), "/elements/0]"},
		"rich text: lists of sections":   {bullets(args{"type": "rich_text_section", "elements": list(0, 1)}), bullets(piece("text", "text", "t")), "/elements/0/elements/0]"},
		"table: 100 rows":                {table(100, 1), table(101, 1), "/rows]"},
		"table: 20 columns":              {table(1, 20), table(1, 21), "/rows/0]"},
		"table: alignments":              {with(table(1, 1), "column_settings", list(1, args{"align": "right"})), with(table(1, 1), "column_settings", list(1, args{"align": "up"})), "/align]"},
		"table: one a message":           {nil, list(2, table(1, 1)), "only_one_table_allowed"},
		"table: 10,000 in all cells":     {tableOf(cell(5000), cell(5000)), tableOf(cell(5000), cell(5001)), "/blocks]"},
		"data table: 201 rows":           {dataTable(list(201, list(1, cell(1)))...), dataTable(list(202, list(1, cell(1)))...), "/rows]"},
		"data table: a row and a header": {nil, dataTable(list(1, cell(1))), "/rows]"},
		"data table: header of texts":    {dataTable(list(1, cell(1)), list(1, number)), dataTable(list(1, number), list(1, cell(1))), "/rows/0/0]"},
		"data table: rows of one width":  {nil, dataTable(list(2, cell(1)), list(1, cell(1))), "/rows/1]"},
		"data table: 20 columns":         {dataTable(list(20, cell(1)), list(20, cell(1))), dataTable(list(21, cell(1)), list(21, cell(1))), "/rows/0]"},
		"data table: cells not empty":    {nil, dataTable(list(1, cell(1)), list(1, cell(0))), "/rows/1/0/text]"},
		"data table: caption":            {nil, args{"type": "data_table", "rows": list(2, list(1, cell(1)))}, "/blocks/0]"},
		"data table: page_size 100":      {with(twoRows, "page_size", 100), with(twoRows, "page_size", 101), "/page_size]"},
		"chart: two a message":           {list(2, chart(50, line("in", 1, 1, 1))), list(3, chart(1, line("in", 1, 1, 1))), "/blocks]"},
		"chart title: 50":                {nil, chart(51, line("in", 1, 1, 1)), "/title]"},
		"chart: known kinds":             {nil, chart(1, args{"type": "radar"}), "/chart]"},
		"chart: 20 points":               {chart(1, line("in", 20, 20, 1)), chart(1, line("in", 21, 21, 1)), "/data]"},
		"chart label: 20":                {chart(1, line("in", 2, 2, 20)), chart(1, line("in", 2, 2, 21)), "/data/0/label]"},
		"chart series name: 20":          {chart(1, line(long(20), 1, 1, 1)), chart(1, line(long(21), 1, 1, 1)), "/series/0/name]"},
		"chart: a point a category":      {nil, chart(1, line("in", 3, 2, 1)), "/data]"},
		"chart: 6 series":                {chart(1, series(6)), chart(1, series(7)), "/series]"},
		"chart: series of other names":   {nil, chart(1, twins), "/series/1]"},
		"chart axis: 50":                 {chart(1, labelled(50)), chart(1, labelled(51)), "/y_label]"},
		"pie: 6 segments":                {chart(1, pie(6, 20, 1)), chart(1, pie(7, 1, 1)), "/segments]"},
		"pie label: 20":                  {nil, chart(1, pie(1, 21, 1)), "/label]"},
		"pie: more than nothing":         {nil, chart(1, pie(1, 1, 0)), "/value]"},
	} {
		t.Run(name, func(t *testing.T) {
			s := workspace(slackfake.Config{Unlimited: true})
			if said := ask(t, s, "chat.postMessage", args{"channel": "C1", "text": "t", "blocks": several(row.good)}); !said.OK {
				t.Errorf("what Slack takes is refused: %+v", said)
			}
			said := ask(t, s, "chat.postMessage", args{"channel": "C1", "text": "t", "blocks": several(row.bad)})
			place := strings.HasPrefix(row.want, "/")
			if all := strings.Join(said.Metadata.Messages, "\n"); place && (said.Error != "invalid_blocks" || !strings.Contains(all, row.want)) {
				t.Errorf("it answers %s, pointing to %q, not to %s", said.Error, all, row.want)
			}
			if !place && said.Error != row.want {
				t.Errorf("it answers %+v, not %s", said, row.want)
			}
		})
	}
}

func several(blocks any) []any {
	switch blocks := blocks.(type) {
	case []any:
		return blocks
	case nil:
		return nil
	}
	return []any{blocks}
}

func anInput(id string) args {
	return args{"type": "input", "block_id": id, "label": plain("Who"), "element": args{"type": "plain_text_input", "action_id": "value"}}
}

// TestViewLimits is the same for modals and Home views.
func TestViewLimits(t *testing.T) {
	home := args{"type": "home", "blocks": []any{}}
	for name, row := range map[string]struct {
		good, bad args
		at        string
	}{
		"title: 24":                   {with(aModal(), "title", plainN(24)), with(aModal(), "title", plainN(25)), "/view/title/text]"},
		"title: there":                {nil, args{"type": "modal", "blocks": []any{}}, "missing required field: title"},
		"title: plain text":           {nil, with(aModal(), "title", mrkdwn(1)), "/view/title]"},
		"submit: 24":                  {with(aModal(), "submit", plainN(24)), with(aModal(), "submit", plainN(25)), "/view/submit/text]"},
		"close: 24":                   {with(aModal(), "close", plainN(24)), with(aModal(), "close", plainN(25)), "/view/close/text]"},
		"submit: there with an input": {aModal(anInput("i")), args{"type": "modal", "title": plain("t"), "blocks": []any{anInput("i")}}, "missing required field: submit"},
		"private_metadata: 3000":      {with(aModal(), "private_metadata", long(3000)), with(aModal(), "private_metadata", long(3001)), "/view/private_metadata]"},
		"callback_id: 255":            {with(aModal(), "callback_id", long(255)), with(aModal(), "callback_id", long(256)), "/view/callback_id]"},
		"external_id: 255":            {with(aModal(), "external_id", long(255)), with(aModal(), "external_id", long(256)), "/view/external_id]"},
		"blocks: 100 a modal":         {aModal(list(100, section(1))...), aModal(list(101, section(1))...), "/view/blocks]"},
		"blocks: 100 a Home":          {with(home, "blocks", list(100, section(1))), with(home, "blocks", list(101, section(1))), "/view/blocks]"},
		"blocks: no tables":           {nil, aModal(table(1, 1)), "/view/blocks/0]"},
		"blocks: no charts":           {nil, with(home, "blocks", []any{chart(1, line("in", 1, 1, 1))}), "/view/blocks/0]"},
		"blocks: there":               {nil, args{"type": "home"}, "missing required field: blocks"},
		"block_id: once":              {aModal(anInput("i"), anInput("j")), aModal(anInput("i"), anInput("i")), "/view/blocks/1]"},
		"input label: 2000":           {aModal(with(anInput("i"), "label", plainN(2000))), aModal(with(anInput("i"), "label", plainN(2001))), "/label/text]"},
		"input hint: 2000":            {aModal(with(anInput("i"), "hint", plainN(2000))), aModal(with(anInput("i"), "hint", plainN(2001))), "/hint/text]"},
		"input: no button":            {nil, aModal(with(anInput("i"), "element", button("a"))), "/element]"},
		"input placeholder: 150":      {nil, aModal(with(anInput("i"), "element", args{"type": "plain_text_input", "placeholder": plainN(151)})), "/placeholder/text]"},
		"input max_length: 3000":      {nil, aModal(with(anInput("i"), "element", args{"type": "plain_text_input", "max_length": 3001})), "/max_length]"},
		"view: known fields":          {nil, with(aModal(), "colour", "red"), "invalid additional property: colour"},
		"home: no title":              {home, with(home, "title", plain("t")), "invalid additional property: title"},
	} {
		t.Run(name, func(t *testing.T) {
			s := workspace(slackfake.Config{Unlimited: true})
			show := func(view args) says {
				if view["type"] == "home" {
					return ask(t, s, "views.publish", args{"user_id": "U1", "view": view})
				}
				return ask(t, s, "views.open", args{"trigger_id": trigger(s, "U1"), "view": view})
			}
			if row.good != nil {
				if said := show(row.good); !said.OK {
					t.Errorf("what Slack takes is refused: %+v", said)
				}
			}
			said := show(row.bad)
			if all := strings.Join(said.Metadata.Messages, "\n"); said.Error != "invalid_arguments" || !strings.Contains(all, row.at) {
				t.Errorf("it answers %+v, not %s", said, row.at)
			}
		})
	}
}
