package escalation

import "errors"

// What an Invalid error is about, so that a form can say it beside the field: its
// Cause.
var (
	errGateway = errors.New("it is about the Gateway ID")
	errAddress = errors.New("it is about the customer or their address")
	errOutcome = errors.New("it is about the outcome")
)

// IsAboutGateway reports whether an error is about the Gateway ID that was given,
// or that wasn't.
func IsAboutGateway(err error) bool { return errors.Is(err, errGateway) }

// IsAboutAddress reports whether an error is about the customer, or their address.
func IsAboutAddress(err error) bool { return errors.Is(err, errAddress) }

// IsAboutOutcome reports whether an error is about the outcome that was chosen, or
// that wasn't.
func IsAboutOutcome(err error) bool { return errors.Is(err, errOutcome) }
