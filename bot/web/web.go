// Package web has the pages that aren't for Slack.
//
// A map of the package:
//
//   - health.go: /healthz (alive) and /readyz (able to answer), for whoever
//     watches the process.
package web
