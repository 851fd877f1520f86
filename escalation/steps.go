package escalation

// stepOrdered is when the operation that takes an address off lists was ordered, and
// the case doesn't know of it yet.
const stepOrdered = "delist:ordered"

// useCases are those of which each ends in one transaction: a process that ends
// before or after it leaves a consistent case.
func useCases() []string {
	return []string{
		"open", "claim", "hand_back", "ask", "reply", "resolve", "reopen", "hand_over", "delist",
		"watch", "refused_card", "refused_agent", "taken_card", "heard",
	}
}

// Steps names each step at which a process may end and another goes on, as
// [Desk.Reached] is told of it: of each use case ":begun" is before its transaction
// and ":stored" after it was committed.
func Steps() []string {
	var steps []string
	for _, name := range useCases() {
		steps = append(steps, name+":begun")
		if name == "delist" {
			steps = append(steps, stepOrdered)
		}
		steps = append(steps, name+":stored")
	}
	return steps
}

// at tells that a step of [Steps] was reached.
func (d *Desk) at(step string) {
	if d.Reached != nil {
		d.Reached(step)
	}
}
