package blocks

import (
	"strconv"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
)

// How many causes there is room for; what is left out is said.
const (
	causesDrawn  = 6 // bars
	causesListed = 8 // rows, and buttons
)

// causes shows why customers were locked out: as Slack's own chart, in a table, and one by
// one with the button that leads to them.
func causes(r actions.LockoutReport, s span) []slack.Block {
	if len(r.Causes) == 0 {
		return nil
	}
	all := blocksOf(causeChart(r, s), causeTable(r))
	for _, c := range first(r.Causes, causesListed) {
		all = append(all, causeNumber(r, c).block())
	}
	if more := causesLeft(r); more != "" {
		all = append(all, note(more))
	}
	return all
}

// causesLeft says which causes there was no room for.
func causesLeft(r actions.LockoutReport) string {
	left, n := r.Causes[min(len(r.Causes), causesListed):], 0
	if len(left) == 0 {
		return ""
	}
	for _, c := range left {
		n += c.Customers
	}
	return "and " + count(len(left), "more cause", "more causes") + " with " + customers(n) + ": they are in the list of all customers"
}

// causesSaid says the same for who hears it.
func causesSaid(r actions.LockoutReport) []string {
	if len(r.Causes) == 0 {
		return nil
	}
	said := []string{"Why:"}
	for _, c := range first(r.Causes, causesListed) {
		said = append(said, causeNumber(r, c).text)
	}
	if more := causesLeft(r); more != "" {
		said = append(said, more)
	}
	return said
}

// causeNumber is how many were locked out for a cause.
func causeNumber(r actions.LockoutReport, c actions.CauseCount) number {
	text := "*" + bare(causeName(c.Cause)) + ":* " + customers(c.Customers)
	if usual := usually(c.Customers, c.Usual); usual != "" {
		text += ", " + usual
	}
	return counted(r, actions.ListCause+actions.LockoutList(c.Cause), text, "Show customers", causeName(c.Cause))
}

// usually compares a number with what is usual, in few words.
func usually(n int, usual float64) string {
	if usual < 0 {
		return ""
	}
	return difference(float64(n)-usual) + " usual (" + decimal(usual) + ")"
}

// causeChart draws a pair of bars for each cause: these days, and what is usual.
func causeChart(r actions.LockoutReport, s span) slack.Block {
	axis := slack.NewDataVisualizationAxisConfig().WithXLabel("Why they were locked out").WithYLabel("Customers")
	var now, before []slack.DataVisualizationDataPoint
	known := false
	for _, bar := range bars(r.Causes) {
		axis.Categories = append(axis.Categories, bar.name)
		now = append(now, slack.NewDataVisualizationDataPoint(bar.name, float64(bar.customers)))
		before = append(before, slack.NewDataVisualizationDataPoint(bar.name, tenths(bar.usual)))
		known = known || bar.known
	}
	series := []slack.DataVisualizationDataSeries{slack.NewDataVisualizationDataSeries(s.series(), now...)}
	if known {
		series = append(series, slack.NewDataVisualizationDataSeries("Usual", before...))
	}
	return slack.NewDataVisualizationBlock("Customers locked out, by cause", slack.NewDataVisualizationBarChart(axis, series...))
}

// bar is a pair of bars of the chart.
type bar struct {
	name      string
	customers int
	usual     float64
	known     bool // usual is
}

// otherCauses is the bar of those that have none of their own.
const otherCauses = "Other causes"

// bars are those of the causes that most were locked out for, and one of all others. Their
// names differ from each other: those of strange causes are ours, too.
func bars(causes []actions.CauseCount) []bar {
	var all []bar
	other := bar{name: otherCauses}
	for _, c := range causes {
		name, own := causeNames[c.Cause]
		if own && len(all) < causesDrawn {
			all = append(all, bar{name: name}.with(c))
		} else {
			other = other.with(c)
		}
	}
	if other.customers > 0 {
		all = append(all, other)
	}
	return all
}

// with adds a cause to a bar.
func (b bar) with(c actions.CauseCount) bar {
	b.customers += c.Customers
	b.usual, b.known = b.usual+max(c.Usual, 0), b.known || c.Usual >= 0
	return b
}

// causeTable has the numbers of the chart, for who can't see it.
func causeTable(r actions.LockoutReport) slack.Block {
	table := slack.NewDataTableBlock("Customers locked out, by cause").WithPageSize(causesListed)
	table.AddRow(cell("Why"), cell("Customers"), cell("Usual, on average"))
	for _, c := range first(r.Causes, causesListed) {
		usual := ""
		if c.Usual >= 0 {
			usual = decimal(c.Usual)
		}
		table.AddRow(cell(causeName(c.Cause)), cell(strconv.Itoa(c.Customers)), cell(usual))
	}
	return table
}
