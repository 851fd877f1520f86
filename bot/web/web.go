// Package web has the pages that aren't for Slack.
//
// A map of the package:
//
//   - health.go: /healthz (alive) and /readyz (able to answer), for whoever
//     watches the process;
//   - link.go: /l/{id}, the page of a one-time link; link_guard.go: what is let
//     in there; link_page.go: how it is drawn, of the folder page; link_words.go:
//     what it says, in five languages;
//   - bearer.go: who comes with a token to /v1, and how requests are refused;
//   - records.go: POST /v1/records, for systems of the company that send records;
//     receive.go: how a body of theirs arrives;
//   - redeem.go: POST /v1/links/redeem, by which the product learns whom a link
//     lets in; changes.go: GET /v1/changes, by which it learns of every write.
package web
