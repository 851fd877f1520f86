package blocks

import (
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
)

// How a history is shown.
const (
	historyRows = 25    // attempts in the table
	historyPage = 10    // of them at once
	historyRoom = 8_500 // of the table, as JSON: the chart stands beside it
	dayName     = "2 Jan"
)

// History shows the attempts of two weeks: by day as a chart, and the newest one
// by one in a table. Text says the same for who hears it.
func History(h actions.History) Message {
	who := "*" + bare(calling(h.Person)) + "*"
	all := []slack.Block{header("Attempts to log in")}
	if len(h.Attempts) == 0 {
		nothing := "No attempt in the last " + count(len(h.Days), "day", "days") + "."
		all = append(append(all, section(who+"\n"+nothing)), helped(h.Helped)...)
		return fit(naming(h.Person)+": "+nothing, append(all, historyNote(h, 0))...)
	}
	all = append(all, section(who+"\n"+historySum(h)))
	if in, failed := historyTotals(h); in+failed > 0 {
		all = append(all, historyChart(h))
	}
	table := historyTable(h)
	all = append(append(all, table), helped(h.Helped)...)
	all = append(all, historyNote(h, len(table.Rows)-1))
	return fit(historySpoken(h), all...)
}

// helped says what support did in these days, and how that went.
func helped(facts []actions.HelpFact) []slack.Block {
	if len(facts) == 0 {
		return nil
	}
	return []slack.Block{section(list("What support did", facts, actions.HistoryHelped, func(fact actions.HelpFact) string {
		return joined(at(fact.At), mention(fact.Actor), lower(escape(labelOf(fact.Act))), stateName(fact.State))
	}))}
}

func historyTotals(h actions.History) (in, failed int) {
	for _, day := range h.Days {
		in, failed = in+day.In, failed+day.Failed
	}
	return in, failed
}

// historySum says the chart in one sentence.
func historySum(h actions.History) string {
	in, failed := historyTotals(h)
	text := fmt.Sprintf("In the last %s: got in %s, failed %s.", count(len(h.Days), "day", "days"), count(in, "time", "times"), count(failed, "time", "times"))
	if in+failed == 0 {
		text += " Only staff tried."
	}
	return text
}

// historyChart is Slack's own chart, a pair of bars for each day.
func historyChart(h actions.History) slack.Block {
	axis := slack.NewDataVisualizationAxisConfig().WithXLabel("Days in " + plain(h.Zone, maxChartLabel)).WithYLabel("Attempts")
	var in, failed []slack.DataVisualizationDataPoint
	for _, day := range h.Days {
		name := day.Day.Format(dayName)
		axis.Categories = append(axis.Categories, name)
		in = append(in, slack.NewDataVisualizationDataPoint(name, float64(day.In)))
		failed = append(failed, slack.NewDataVisualizationDataPoint(name, float64(day.Failed)))
	}
	return slack.NewDataVisualizationBlock("Attempts by day", slack.NewDataVisualizationBarChart(axis,
		slack.NewDataVisualizationDataSeries("Got in", in...), slack.NewDataVisualizationDataSeries("Failed", failed...)))
}

// historyTable lists the attempts, as many as there is room for. The times are
// in the reader's own zone, unlike the days of the chart.
func historyTable(h actions.History) *slack.DataTableBlock {
	table := slack.NewDataTableBlock("The newest attempts, newest first").WithPageSize(historyPage)
	table.AddRow(cell("When"), cell("What happened"), cell("Typed"), cell("From"))
	for _, attempt := range first(h.Attempts, historyRows) {
		table.AddRow(whenCell(attempt), cell(attempt.Outcome.Words()), cell(attempt.Typed), cell(plainPlace(attempt)))
		if sizeOf(table) > historyRoom && len(table.Rows) > 2 {
			table.Rows = table.Rows[:len(table.Rows)-1]
			break
		}
	}
	return table
}

// cell is a cell of plain text, which Slack wants not to be empty.
func cell(text string) slack.DataTableCell {
	text = plain(text, nameLength)
	if text == "" {
		text = "–"
	}
	return slack.NewDataTableRawTextCell(text)
}

func whenCell(attempt actions.AttemptFact) slack.DataTableCell {
	fallback := utc(attempt.At)
	return slack.NewDataTableRichTextCell(slack.NewRichTextSection(
		slack.NewRichTextSectionDateElement(attempt.At.Unix(), dateAndTime, nil, &fallback)))
}

// plainPlace says where an attempt came from, where nothing may be escaped.
func plainPlace(attempt actions.AttemptFact) string {
	parts := []string{attempt.IP, attempt.Country}
	if attempt.VPN {
		parts = append(parts, "VPN")
	}
	if attempt.Staff {
		parts = append(parts, "staff, doesn't count")
	}
	return joined(parts...)
}

func historyNote(h actions.History, shown int) slack.Block {
	listed := ""
	if shown < h.Total {
		listed = fmt.Sprintf("The table has the newest %d of %d attempts", shown, h.Total)
	}
	return note(joined(listed, line(h.Cut), "Staff's attempts never count", "Days in "+value(h.Zone)))
}

// historySpoken says what the chart and the table show.
func historySpoken(h actions.History) string {
	lines := []string{naming(h.Person) + ". " + historySum(h)}
	for _, day := range h.Days {
		if day.In+day.Failed > 0 {
			lines = append(lines, fmt.Sprintf("%s: %d in, %d failed.", day.Day.Format(dayName), day.In, day.Failed))
		}
	}
	lines = append(lines, "Newest first:")
	for _, attempt := range first(h.Attempts, historyRows) {
		lines = append(lines, attemptLine(attempt)+".")
	}
	return strings.Join(lines, "\n")
}
