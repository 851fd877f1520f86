package escalation

// BlocklistQuestion returns the question that L1 puts to L2 when mail to an
// address doesn't arrive, in exactly the form of RULES S4.9.
//
// group is how L2 is addressed, such as "@support-melbourne" or the mention of
// a Slack user group; gatewayID names the customer's account and email is the
// address in full. The text is put together as it is given: whoever shows it
// escapes each part first.
func BlocklistQuestion(group, gatewayID, email string) string {
	return group + " " + gatewayID + " - Can you please investigate if " + email + " is on the email Global Black List?"
}
