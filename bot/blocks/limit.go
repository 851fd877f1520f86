package blocks

import (
	"unicode/utf8"

	"github.com/slack-go/slack"
)

// Slack's limits, in code points.
const (
	maxBlocks       = 50
	maxViewBlocks   = 100    // of a modal or Home
	maxMessage      = 13_000 // all blocks together
	maxText         = 4_000  // Slack takes 40,000; a notification needs less
	maxSection      = 3_000
	maxFields       = 10
	maxField        = 2_000
	maxHeader       = 150
	maxElements     = 10 // of a context block
	maxActions      = 25
	maxButton       = 75
	maxValue        = 2_000
	maxID           = 255
	maxChartTitle   = 50 // and what an axis is called
	maxChartLabel   = 20
	maxChartPoints  = 20
	maxSeries       = 6
	maxTableRows    = 201 // the header among them
	maxColumns      = 20
	maxTableText    = 10_000 // all cells together
	maxLabel        = 2_000  // and hint, of an input
	maxPlaceholder  = 150
	maxConfirmText  = 300
	maxConfirmTitle = 99 // and a question mark
	maxConfirm      = 30 // what its buttons say
	maxOptionText   = 75
	maxOptionValue  = 150
	maxTyped        = 3_000 // into an input, and its initial value
	maxTitle        = 24    // of a modal, its submit and its close
	maxMetadata     = 3_000
)

// maxRichText is what we let one block of rich text take as JSON, so that
// something else has room beside it.
const maxRichText = maxMessage - 2_000

// cut shortens what is in one block to Slack's limits.
func cut(block slack.Block) {
	switch b := block.(type) {
	case *slack.HeaderBlock:
		b.Text.Text = clip(b.Text.Text, maxHeader)
	case *slack.SectionBlock:
		cutSection(b)
	case *slack.ContextBlock:
		cutContext(b)
	case *slack.ActionBlock:
		b.Elements.ElementSet = b.Elements.ElementSet[:min(len(b.Elements.ElementSet), maxActions)]
		for _, element := range b.Elements.ElementSet {
			cutButton(element)
		}
	case *slack.RichTextBlock:
		cutRichText(b)
	case *slack.DataTableBlock:
		cutTable(b)
	case *slack.DataVisualizationBlock:
		cutChart(b)
	case *slack.InputBlock:
		cutInput(b)
	}
}

func cutSection(b *slack.SectionBlock) {
	if b.Text != nil {
		b.Text.Text = clipMarkup(b.Text.Text, maxSection)
	}
	b.Fields = b.Fields[:min(len(b.Fields), maxFields)]
	for _, field := range b.Fields {
		field.Text = clipMarkup(field.Text, maxField)
	}
	if b.Accessory != nil && b.Accessory.ButtonElement != nil {
		cutButton(b.Accessory.ButtonElement)
	}
}

func cutContext(b *slack.ContextBlock) {
	elements := b.ContextElements.Elements
	b.ContextElements.Elements = elements[:min(len(elements), maxElements)]
	for _, element := range b.ContextElements.Elements {
		if text, ok := element.(*slack.TextBlockObject); ok {
			text.Text = clipMarkup(text.Text, maxField)
		}
	}
}

func cutButton(element slack.BlockElement) {
	if button, ok := element.(*slack.ButtonBlockElement); ok {
		button.Text.Text = clip(button.Text.Text, maxButton)
		button.AccessibilityLabel = clip(button.AccessibilityLabel, maxButton)
	}
}

// cutRichText shortens the longest text of a block until the block is small
// enough. It counts the JSON, in which a quotation mark takes two characters.
func cutRichText(b *slack.RichTextBlock) {
	for sizeOf(b) > maxRichText {
		longest := longestText(b)
		if longest == nil || utf8.RuneCountInString(longest.Text) < 2 {
			return
		}
		longest.Text = clip(longest.Text, utf8.RuneCountInString(longest.Text)*3/4)
	}
}

func longestText(b *slack.RichTextBlock) *slack.RichTextSectionTextElement {
	var longest *slack.RichTextSectionTextElement
	for _, part := range b.Elements {
		var elements []slack.RichTextSectionElement
		switch p := part.(type) {
		case *slack.RichTextSection:
			elements = p.Elements
		case *slack.RichTextPreformatted:
			elements = p.Elements
		}
		for _, element := range elements {
			if text, ok := element.(*slack.RichTextSectionTextElement); ok && (longest == nil || len(text.Text) > len(longest.Text)) {
				longest = text
			}
		}
	}
	return longest
}

// cutTable leaves out what a table has too much of: columns at the right, rows
// at the end.
func cutTable(b *slack.DataTableBlock) {
	b.Caption = clip(b.Caption, maxHeader)
	b.Rows = b.Rows[:min(len(b.Rows), maxTableRows)]
	for i, row := range b.Rows {
		b.Rows[i] = row[:min(len(row), maxColumns)]
	}
	for len(b.Rows) > 2 && sizeOf(b.Rows) > maxTableText {
		b.Rows = b.Rows[:len(b.Rows)-1]
	}
}

// cutChart holds the limits of a bar chart. Its categories are ours, and stay
// different from each other.
func cutChart(b *slack.DataVisualizationBlock) {
	b.Title = clip(b.Title, maxChartTitle)
	chart, ok := b.Chart.(*slack.DataVisualizationBarChart)
	if !ok {
		return
	}
	axis := &chart.AxisConfig
	axis.XLabel, axis.YLabel = clip(axis.XLabel, maxChartTitle), clip(axis.YLabel, maxChartTitle)
	axis.Categories = axis.Categories[:min(len(axis.Categories), maxChartPoints)]
	for i, category := range axis.Categories {
		axis.Categories[i] = clip(category, maxChartLabel)
	}
	chart.Series = chart.Series[:min(len(chart.Series), maxSeries)]
	for i := range chart.Series {
		series := &chart.Series[i]
		series.Name = clip(series.Name, maxChartLabel)
		series.Data = series.Data[:min(len(series.Data), maxChartPoints)]
		for j := range series.Data {
			series.Data[j].Label = clip(series.Data[j].Label, maxChartLabel)
		}
	}
}

func cutInput(b *slack.InputBlock) {
	b.Label.Text = clip(b.Label.Text, maxLabel)
	if b.Hint != nil {
		b.Hint.Text = clip(b.Hint.Text, maxLabel)
	}
	if input, ok := b.Element.(*slack.PlainTextInputBlockElement); ok && input.Placeholder != nil {
		input.Placeholder.Text = clip(input.Placeholder.Text, maxPlaceholder)
	}
}
