// Package escalation is what goes from an agent to L2. It holds no SQL, no
// Slack and no HTTP; it imports actions only, and bot and store import it.
//
// A map of the package:
//
//   - blocklist.go: the question whether an address is on the e-mail blocklist,
//     in the one form that L2 expects (RULES S4.9).
package escalation
