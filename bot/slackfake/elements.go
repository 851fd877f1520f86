package slackfake

import (
	"reflect"
	"slices"
)

// interactive are the elements that Slack takes beside a text and in a row of
// actions; fillable those of an input.
var (
	selects = []string{
		"static_select", "external_select", "users_select", "conversations_select", "channels_select",
		"multi_static_select", "multi_external_select", "multi_users_select", "multi_conversations_select", "multi_channels_select",
	}
	pickers     = []string{"datepicker", "timepicker", "datetimepicker", "checkboxes", "radio_buttons"}
	interactive = slices.Concat([]string{"button", "overflow", "workflow_button"}, selects, pickers)
	fillable    = slices.Concat([]string{
		"plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input", "file_input",
	}, selects, pickers)
)

// element checks an element of one of the kinds. seen holds the action_ids of
// the block, in which each may stand once.
func (p part) element(kinds []string, seen map[string]bool) {
	kind := p.kind()
	if !slices.Contains(kinds, kind) {
		p.wrong("unsupported type: %s", kind)
		return
	}
	if kind == "image" {
		p.imageElement()
		return
	}
	p.optional("action_id", 0, 255)
	if id, _ := p.object()["action_id"].(string); id != "" {
		if seen[id] {
			p.wrong("action_id %q already exists", id)
		}
		seen[id] = true
	}
	p.optionalText("placeholder", 150, plainText)
	if confirm, ok := p.field("confirm"); ok {
		confirm.confirm()
	}
	switch kind {
	case "button":
		p.button()
	case "overflow":
		p.options(2, 5, plainText)
	case "checkboxes", "radio_buttons":
		p.options(1, 10, anyText)
		p.initialOptions()
	case "static_select", "multi_static_select":
		p.choices()
		p.initialOptions()
	case "users_select":
		p.only("type", "action_id", "placeholder", "initial_user", "confirm", "focus_on_load")
		p.optional("initial_user", 1, 255)
	case "plain_text_input":
		p.textInput()
	}
}

func (p part) button() {
	p.only("type", "text", "action_id", "url", "value", "style", "confirm", "accessibility_label", "agent_prompt", "agent_prompt_display", "visible_to_user_ids")
	p.requiredText("text", 75, plainText)
	p.optional("value", 0, 2000)
	p.optional("url", 0, 3000)
	p.optional("accessibility_label", 0, 75)
	if style, ok := p.field("style"); ok {
		style.oneOf("primary", "danger")
	}
}

func (p part) textInput() {
	p.only("type", "action_id", "placeholder", "initial_value", "multiline", "min_length", "max_length", "dispatch_action_config", "focus_on_load")
	p.between("min_length", 0, 3000)
	p.between("max_length", 1, 3000)
	p.optional("initial_value", 0, 3000)
}

// confirm checks the question before an action is sent.
func (p part) confirm() {
	p.only("title", "text", "confirm", "deny", "style")
	p.requiredText("title", 100, plainText)
	p.requiredText("text", 300, anyText)
	p.requiredText("confirm", 30, plainText)
	p.requiredText("deny", 30, plainText)
	if style, ok := p.field("style"); ok {
		style.oneOf("primary", "danger")
	}
}

// choices checks a menu with either options or groups of them.
func (p part) choices() {
	groups, ok := p.field("option_groups")
	if !ok {
		p.options(1, 100, plainText)
		return
	}
	for _, group := range groups.items(1, 100) {
		group.only("label", "options")
		group.requiredText("label", 75, plainText)
		group.options(1, 100, plainText)
	}
}

// initialOptions checks that what is chosen at first is among the options, word
// by word.
func (p part) initialOptions() {
	var initial []part
	if one, ok := p.field("initial_option"); ok {
		initial = append(initial, one)
	}
	if several, ok := p.field("initial_options"); ok {
		initial = append(initial, several.items(1, 10)...)
	}
	options := p.allOptions()
	for _, chosen := range initial {
		if !slices.ContainsFunc(options, func(o any) bool { return reflect.DeepEqual(o, chosen.value) }) {
			chosen.wrong("must be one of the options")
		}
	}
}

// allOptions are the options of a menu, be they in groups or not.
func (p part) allOptions() []any {
	options, _ := p.object()["options"].([]any)
	groups, _ := p.object()["option_groups"].([]any)
	for _, group := range groups {
		fields, _ := group.(map[string]any)
		grouped, _ := fields["options"].([]any)
		options = append(options, grouped...)
	}
	return options
}

func (p part) options(least, most int, kinds []string) {
	options, ok := p.need("options")
	if !ok {
		return
	}
	for _, o := range options.items(least, most) {
		o.only("text", "value", "description", "url")
		o.requiredText("text", 75, kinds)
		o.required("value", 1, 150)
		o.optionalText("description", 75, kinds)
		o.optional("url", 0, 3000)
	}
}
