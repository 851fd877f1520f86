// Package web has the pages that aren't for Slack.
//
// A map of the package:
//
//   - health.go: /healthz (alive) and /readyz (able to answer), for whoever
//     watches the process;
//   - records.go: POST /v1/records, for systems of the company that send records;
//     receive.go: how a body of theirs arrives.
package web
