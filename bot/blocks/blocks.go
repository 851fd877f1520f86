// Package blocks turns plain values into Slack messages. Everything in it is
// pure: the same values give the same message, and nothing is asked or
// written.
//
// A map of the package:
//
//   - message.go: [Message], and the one function that holds Slack's limits;
//   - text.go: how values from outside become text that mentions and links
//     nothing, times in the reader's own zone, lists that say what they left out;
//   - diagnose.go: the answer to /diagnose; person.go: the facts of a user;
//     account.go: the answer for a Gateway ID or a domain; matches.go: people to
//     choose from;
//   - help.go: the commands explained; sentence.go: everything that is said in
//     one sentence.
//
// A value from outside is escaped once, where it is put into a text, by value
// or line; the rest of the package passes on what is escaped already.
package blocks
