// Package blocks turns plain values into Slack messages. Everything in it is
// pure: the same values give the same message, and nothing is asked or
// written.
//
// A map of the package:
//
//   - message.go: [Message], and the one function that makes it fit; limit.go:
//     Slack's limits;
//   - text.go: how values from outside become text that mentions and links
//     nothing, times in the reader's own zone, lists that say what they left out;
//     copy.go: plain text with Slack's button to copy it; button.go: the buttons
//     and what their values are;
//   - diagnose.go: the answer to /diagnose; say.go: what to say; person.go: the
//     facts of a user; account.go: the answer for a Gateway ID or a domain;
//     matches.go: people to choose from;
//   - history.go, ticket_note.go, share.go: a diagnosis for another purpose;
//   - watch.go: "tell me when they're in", and what came of it;
//   - secret_modal.go, request_modal.go: what is sent, and what a customer is asked
//     for; secret.go, secret_news.go, secret_list.go: the link, the card that follows a
//     one-time secret, and the list of one's own; request.go, request_news.go: the same
//     of a request;
//   - act.go: which button stands for which act, and who sees it; more_remedies.go:
//     those that don't stand under the diagnosis; input.go: what modals ask for;
//     act_modal.go, mail_modal.go, profile_modal.go, verify_modal.go: the modals,
//     which say exactly what will happen before they ask anything;
//   - operation.go, operation_buttons.go: what came of an act, in each of its states, and
//     what can be done next; approval.go: the
//     question to a second person; hand_over.go, brake.go, dead_letter.go: what leads
//     see;
//   - case.go, case_agent.go: the cards of an escalation, for L2, for an agent, and for
//     the thread it came from; case_words.go: where one stands, and what people wrote
//     on it; case_delist.go: what lists hold; case_event.go, case_details.go,
//     case_news.go, case_leads.go: what happened, for each side; case_list.go,
//     case_modal.go: the lists and the forms; escalate.go, escalate_modal.go: how one
//     begins;
//   - admin.go, admin_customer.go, admin_leads.go, admin_list.go: the cards of temporary
//     admins, for those whom they are for and for the leads, and the list; admin_words.go,
//     admin_news.go: where one stands, and what happened; admin_modal.go, admin_days.go:
//     the forms; admin_operation.go: what operation.go and approval.go say of one;
//   - lockouts.go, lockout_causes.go, lockout_numbers.go, lockout_words.go: the digest and
//     the answer to /lockouts; lockout_ref.go, lockout_list.go: the lists behind their
//     numbers; incident.go, bulk_unlock.go: an incident, and unlocking all that it locked;
//   - last.go, home.go, home_parts.go, home_list.go, modal.go: what a person finds again, and where to
//     begin; hand_shift.go, shift.go: handing over at the end of a shift;
//   - help.go: the commands explained; sentence.go: everything that is said in
//     one sentence.
//
// A value from outside is escaped once, where it is put into a text, by value
// or line; the rest of the package passes on what is escaped already. Where Slack
// reads no markup (headers, buttons, rich text, tables) it is put in by plain
// instead, which escapes nothing and leaves nothing that is markup elsewhere.
package blocks
