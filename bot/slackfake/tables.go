package slackfake

import (
	"slices"
	"strings"
	"unicode/utf8"
)

func (p part) table() {
	p.only("type", "block_id", "rows", "column_settings")
	if rows, ok := p.need("rows"); ok {
		for _, row := range rows.items(1, 100) {
			for _, cell := range row.items(1, 20) {
				cell.cell("raw_text", "raw_number", "rich_text")
			}
		}
	}
	if settings, ok := p.field("column_settings"); ok {
		for _, column := range settings.items(0, 20) {
			column.only("align", "is_wrapped")
			if align, ok := column.field("align"); ok {
				align.oneOf("left", "center", "right")
			}
		}
	}
}

func (p part) dataTable() {
	p.only("type", "block_id", "caption", "rows", "page_size", "row_header_column_index")
	p.required("caption", 1, 3000)
	p.between("page_size", 1, 100)
	p.between("row_header_column_index", 0, 19)
	rows, ok := p.need("rows")
	if !ok {
		return
	}
	width := -1
	for i, row := range rows.items(2, 201) {
		cells := row.items(1, 20)
		if width >= 0 && len(cells) != width {
			row.wrong("all rows must have the same number of cells")
		}
		width = len(cells)
		for _, cell := range cells {
			if i == 0 {
				cell.cell("raw_text")
				continue
			}
			cell.cell("raw_text", "raw_number", "rich_text", "action_cell")
		}
	}
}

// cell checks a cell of one of the kinds, and counts its characters.
func (p part) cell(kinds ...string) {
	if !slices.Contains(kinds, p.kind()) {
		p.wrong("unsupported type: %s", p.kind())
		return
	}
	switch p.kind() {
	case "raw_text":
		p.only("type", "text")
		p.required("text", 1, maxCells)
	case "raw_number":
		p.only("type", "value", "text")
		p.optional("text", 1, maxCells)
		if value, ok := p.need("value"); ok {
			value.number(-1e308, 1e308)
		}
	case "rich_text":
		p.richText()
	case "action_cell":
		p.only("type", "element", "fallback")
		if element, ok := p.need("element"); ok {
			element.element([]string{"button"}, map[string]bool{})
		}
	}
	p.paper.cells += utf8.RuneCountInString(strings.Join(cellText(p.value), ""))
}

// chartKinds are the kinds of charts with axes.
var chartKinds = []string{"bar", "area", "line"}

func (p part) dataVisualization() {
	p.only("type", "block_id", "title", "chart")
	p.required("title", 1, 50)
	chart, ok := p.need("chart")
	switch {
	case !ok:
	case chart.kind() == "pie":
		chart.pie()
	case slices.Contains(chartKinds, chart.kind()):
		chart.axes()
	default:
		chart.wrong("unsupported type: %s", chart.kind())
	}
}

func (p part) pie() {
	p.only("type", "segments")
	segments, ok := p.need("segments")
	if !ok {
		return
	}
	for _, segment := range segments.items(1, 6) {
		segment.only("label", "value")
		segment.required("label", 1, 20)
		if value, ok := segment.need("value"); ok && value.number(0, 1e308) == 0 {
			value.wrong("must be more than 0")
		}
	}
}

// axes checks a chart of series: each has one point for each category.
func (p part) axes() {
	p.only("type", "series", "axis_config")
	categories := p.categories()
	series, ok := p.need("series")
	if !ok {
		return
	}
	names := map[string]bool{}
	for _, one := range series.items(1, 6) {
		one.only("name", "data")
		name := one.required("name", 1, 20)
		if names[name] {
			one.wrong("series %q already exists", name)
		}
		names[name] = true
		one.points(categories)
	}
}

func (p part) categories() []string {
	axis, ok := p.need("axis_config")
	if !ok {
		return nil
	}
	axis.only("categories", "x_label", "y_label")
	axis.optional("x_label", 0, 50)
	axis.optional("y_label", 0, 50)
	list, ok := axis.need("categories")
	if !ok {
		return nil
	}
	var categories []string
	for _, category := range list.items(1, 20) {
		categories = append(categories, category.str(1, 20))
	}
	return categories
}

func (p part) points(categories []string) {
	data, ok := p.need("data")
	if !ok {
		return
	}
	var labels []string
	for _, point := range data.items(1, 20) {
		point.only("label", "value")
		labels = append(labels, point.required("label", 1, 20))
		if value, ok := point.need("value"); ok {
			value.number(-1e308, 1e308)
		}
	}
	slices.Sort(labels)
	wanted := slices.Sorted(slices.Values(categories))
	if !slices.Equal(labels, wanted) {
		data.wrong("must have one point for each of the %d categories", len(wanted))
	}
}
