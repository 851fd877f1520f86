// Package web has the pages that aren't for Slack.
//
// A map of the package:
//
//   - health.go: /healthz (alive) and /readyz (able to answer), for whoever
//     watches the process;
//   - guard.go: what is let in to the pages that customers open, and the headers
//     of every answer; tally.go: who guesses; files.go: what the pages load, of the
//     folder page;
//   - link.go: /l/{id}, the page of a one-time link; link_form.go: its form;
//     link_page.go: how it is drawn; link_words.go, link_removed_words.go: what it says, in
//     five languages;
//     help.go: whom to ask, on every page;
//   - secret.go: /s/{id}, the page of a one-time secret, with secret_page.go and
//     secret_words.go; request.go: /r/{id}, the page of a request for a secret, to
//     the customer and to who asked, with request_page.go and request_words.go;
//     wire.go: what the scripts of such pages ask for, and the
//     answers; object.go: how strictly their JSON is read;
//   - bearer.go: who comes with a token to /v1, and how requests are refused;
//   - records.go: POST /v1/records, for systems of the company that send records;
//     receive.go: how a body of theirs arrives;
//   - redeem.go: POST /v1/links/redeem, by which the product learns whom a link
//     lets in; changes.go: GET /v1/changes, by which it learns of every write;
//   - api_secrets.go: POST /v1/secrets, by which other tools make one-time secrets.
package web
