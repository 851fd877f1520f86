package slackfake

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// input is what we read of an input block.
type input struct {
	Type     string  `json:"type"`
	BlockID  string  `json:"block_id"`
	Optional bool    `json:"optional"`
	Element  control `json:"element"`
}

// control is what somebody fills in.
type control struct {
	Type      string       `json:"type"`
	ActionID  string       `json:"action_id"`
	MinLength int          `json:"min_length"`
	MaxLength int          `json:"max_length"`
	Min       string       `json:"min_value"`
	Max       string       `json:"max_value"`
	Decimal   bool         `json:"is_decimal_allowed"`
	Options   []option     `json:"options"`
	Groups    []optionList `json:"option_groups"`
	// What stands in it at first.
	Initial        string   `json:"initial_value"`
	InitialUser    string   `json:"initial_user"`
	InitialOption  option   `json:"initial_option"`
	InitialOptions []option `json:"initial_options"`
}

// initial is the value that stands in a control at first.
func (e control) initial() string {
	ticked := make([]string, len(e.InitialOptions))
	for i, o := range e.InitialOptions {
		ticked[i] = o.Value
	}
	return or(or(or(e.Initial, e.InitialUser), e.InitialOption.Value), strings.Join(ticked, ","))
}

// value is what stands in an input: what somebody put in, or what stood there at
// first.
func (in input) value(values map[string]map[string]string) string {
	if value, touched := values[in.BlockID][in.Element.ActionID]; touched {
		return value
	}
	return in.Element.initial()
}

type option struct {
	Text  json.RawMessage `json:"text"`
	Value string          `json:"value"`
}

type optionList struct {
	Options []option `json:"options"`
}

// inputs are the inputs of a view, from top to bottom.
func (v *view) inputs() []input {
	var inputs []input
	for _, raw := range v.blocks {
		var in input
		if json.Unmarshal(raw, &in) == nil && in.Type == "input" {
			inputs = append(inputs, in)
		}
	}
	return inputs
}

// hasInputs reports whether errors stand at inputs, and only there.
func (v *view) hasInputs(errors map[string]string) bool {
	known := map[string]bool{}
	for _, in := range v.inputs() {
		known[in.BlockID] = true
	}
	for id := range errors {
		if !known[id] {
			return false
		}
	}
	return len(errors) > 0
}

// keep remembers what somebody put into the inputs.
func (v *view) keep(values map[string]map[string]string) {
	if v.typed == nil {
		v.typed = map[string]map[string]string{}
	}
	for block, inputs := range values {
		v.typed[block] = maps.Clone(inputs)
	}
}

// standing is what was put into the inputs that are there: a view that is
// redrawn keeps what stands in those whose block_id and action_id stay, whatever
// their initial value is now, and loses the rest.
func (v *view) standing() map[string]map[string]string {
	kept := map[string]map[string]string{}
	for _, in := range v.inputs() {
		if value, touched := v.typed[in.BlockID][in.Element.ActionID]; touched {
			kept[in.BlockID] = map[string]string{in.Element.ActionID: value}
		}
	}
	return kept
}

// invalid is what Slack itself says to what was put in, by block_id.
func (s *Slack) invalid(v *view) map[string]string {
	wrong := map[string]string{}
	for _, in := range v.inputs() {
		value := in.value(v.typed)
		said := in.wrong(value)
		if said == "" && in.Element.Type == "users_select" && value != "" && !s.offered(value) {
			said = "Please choose one of the people."
		}
		if said != "" {
			wrong[in.BlockID] = said
		}
	}
	return wrong
}

// offered reports whether somebody stands in the menu of a users_select.
func (s *Slack) offered(user string) bool {
	m, known := s.member(user)
	return known && !m.Bot && !m.Deleted
}

var address = regexp.MustCompile(`^[^\s@]+@[^\s@]+\.[^\s@]+$`)

func (in input) wrong(value string) string {
	e, n := in.Element, utf8.RuneCountInString(value)
	switch {
	case value == "" && in.Optional:
		return ""
	case value == "":
		return "Please complete this required field."
	case e.MinLength > 0 && n < e.MinLength:
		return fmt.Sprintf("Please enter at least %d characters.", e.MinLength)
	case e.MaxLength > 0 && n > e.MaxLength:
		return fmt.Sprintf("Please enter at most %d characters.", e.MaxLength)
	case e.Type == "email_text_input" && !address.MatchString(value):
		return "Please enter a valid email address."
	case e.Type == "url_text_input" && !strings.HasPrefix(value, "http://") && !strings.HasPrefix(value, "https://"):
		return "Please enter a valid URL."
	case e.Type == "number_input":
		return e.wrongNumber(value)
	case e.Type == "checkboxes" && len(e.several(value)) != strings.Count(value, ",")+1:
		return "Please choose among the options."
	case e.chooses() && e.option(value) == nil:
		return "Please choose one of the options."
	}
	return ""
}

func (e control) wrongNumber(value string) string {
	number, err := strconv.ParseFloat(value, 64)
	if err != nil || (!e.Decimal && strings.ContainsAny(value, ".eE")) {
		return "Please enter a number."
	}
	if least, err := strconv.ParseFloat(e.Min, 64); err == nil && number < least {
		return "Please enter at least " + e.Min + "."
	}
	if most, err := strconv.ParseFloat(e.Max, 64); err == nil && number > most {
		return "Please enter at most " + e.Max + "."
	}
	return ""
}

func (e control) chooses() bool { return e.Type == "static_select" || e.Type == "radio_buttons" }

// option is the option with a value; nil when there is none.
func (e control) option(value string) *option {
	groups := append([]optionList{{e.Options}}, e.Groups...)
	for _, group := range groups {
		for i := range group.Options {
			if group.Options[i].Value == value {
				return &group.Options[i]
			}
		}
	}
	return nil
}

// state is what stands in the inputs, as Slack sends it.
func (v *view) state() map[string]any {
	state := map[string]any{}
	for _, in := range v.inputs() {
		state[in.BlockID] = map[string]any{in.Element.ActionID: in.Element.state(in.value(v.typed))}
	}
	return state
}

// selected names the field in which a kind of control sends its value.
var selected = map[string]string{
	"datepicker": "selected_date", "timepicker": "selected_time", "users_select": "selected_user",
	"channels_select": "selected_channel", "conversations_select": "selected_conversation",
}

func (e control) state(value string) map[string]any {
	field := or(selected[e.Type], "value")
	state := map[string]any{"type": e.Type, field: nil}
	switch {
	case e.chooses():
		delete(state, field)
		state["selected_option"] = e.option(value)
	case e.Type == "checkboxes":
		delete(state, field)
		state["selected_options"] = e.several(value)
	case value != "":
		state[field] = value
	}
	return state
}

// several are the options of values separated by commas.
func (e control) several(values string) []*option {
	chosen := []*option{}
	for value := range strings.SplitSeq(values, ",") {
		if o := e.option(value); o != nil {
			chosen = append(chosen, o)
		}
	}
	return chosen
}
