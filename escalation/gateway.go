package escalation

import (
	"regexp"
	"slices"
	"strings"

	"github.com/latchkey-bot/latchkey/actions"
)

// gatewaysOf are the Gateway IDs of a user's accounts, each once, in the order of
// the accounts (RULES S4.4).
func gatewaysOf(places []actions.Place) []Gateway {
	mask := actions.NewMasker("")
	var gateways []Gateway
	for _, place := range places {
		for _, id := range place.Account.GatewayIDs {
			if !slices.ContainsFunc(gateways, func(g Gateway) bool { return g.ID == id }) {
				gateways = append(gateways, Gateway{ID: id, Account: mask.Addresses(place.Account.Name), Status: place.Account.Status})
			}
		}
	}
	return gateways
}

// typedGateway is what a Gateway ID looks like that somebody types.
var typedGateway = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9 ._/-]{0,39}$`)

// chooseGateway returns the Gateway ID of a case: the given one, which may be any of
// the user's as it is on record, or else the only one on record. L2 can't look
// without one (RULES S4.9). Errors: Invalid, about the Gateway ID.
func chooseGateway(gateways []Gateway, given string) (string, error) {
	given = strings.TrimSpace(given)
	wrong := &actions.Error{Code: actions.Invalid, Cause: errGateway}
	switch {
	case slices.ContainsFunc(gateways, func(g Gateway) bool { return g.ID == given }):
		return given, nil
	case given == "" && len(gateways) == 1:
		return gateways[0].ID, nil
	case given == "" && len(gateways) > 1:
		wrong.Sentence = "They have several accounts. Please choose which Gateway ID it is about."
	case given == "":
		wrong.Sentence = "No Gateway ID is on record for them, and L2 needs one. Please type it, such as GW-1001."
	case !typedGateway.MatchString(given):
		wrong.Sentence = "That isn't a Gateway ID: it has letters, digits, spaces and . _ / -, at most 40 in all. Please type it once more, such as GW-1001."
	default:
		return given, nil
	}
	return "", wrong
}
