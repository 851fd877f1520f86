package actions

// The remedies (CAUSES.md).
const (
	HandOver         RemedyID = "hand_over"
	AskOwner         RemedyID = "ask_owner"
	Billing          RemedyID = "billing"
	AccountAdmin     RemedyID = "account_admin"
	Reenable         RemedyID = "reenable"
	ResendInvitation RemedyID = "resend_invitation"
	RevokeSessions   RemedyID = "revoke_sessions"
	Escalate         RemedyID = "escalate"
	ChangePassword   RemedyID = "change_password"
	FindStaleDevice  RemedyID = "find_stale_device"
	Unlock           RemedyID = "unlock"
	AskWhoLocked     RemedyID = "ask_who_locked"
	RetryNow         RemedyID = "retry_now"
	OtherNetwork     RemedyID = "other_network"
	SendReset        RemedyID = "send_reset"
	UseProviderLogin RemedyID = "use_provider_login"
	ChangeEmail      RemedyID = "change_email"
	ChangeMobile     RemedyID = "change_mobile"
	WaitAndResend    RemedyID = "wait_and_resend"
	CheckSpam        RemedyID = "check_spam"
	OptIn            RemedyID = "opt_in"
	VPNOff           RemedyID = "vpn_off"
	ResetFactor      RemedyID = "reset_factor"
	NewestCode       RemedyID = "newest_code"
	NewCode          RemedyID = "new_code"
	KeepCookies      RemedyID = "keep_cookies"
	AskPublisher     RemedyID = "ask_publisher"
	SendUsername     RemedyID = "send_username"
	LoginHelper      RemedyID = "login_helper"
	LookCloser       RemedyID = "look_closer"
	AskWhere         RemedyID = "ask_where"
	AskIdentifier    RemedyID = "ask_identifier"
)

// Remedy is what helps: a sentence for the agent, in the form of a step, and
// who takes it.
type Remedy struct {
	ID   RemedyID
	Step string // an imperative sentence
	Who  string // agent, lead, L2, or somebody outside: customer, billing, …
}

// remedies says each remedy once.
var remedies = map[RemedyID]Remedy{
	HandOver:         {Step: "Put the Gateway ID into the ticket system and the CRM, read why the account was closed, and hand over to the lead or owner.", Who: "agent"},
	AskOwner:         {Step: "Tell the lead or opportunity owner that the customer is back; they decide on extending. Pay-as-you-go goes through sales first.", Who: "lead"},
	Billing:          {Step: "Hand over to billing, without a word about money to the caller.", Who: "billing"},
	AccountAdmin:     {Step: "Only the account's own admin can reinstate them; support never does.", Who: "the account's admin"},
	Reenable:         {Step: "Ask a lead to re-enable the user.", Who: "lead"},
	ResendInvitation: {Step: "Send the invitation again.", Who: "agent"},
	RevokeSessions:   {Step: "End every session of the user.", Who: "L2"},
	Escalate:         {Step: "Hand to L2 with these facts.", Who: "L2"},
	ChangePassword:   {Step: "Have the password changed first, in the system that owns it; then re-enable, and warn about sharing.", Who: "lead"},
	FindStaleDevice:  {Step: "Find the device or app that keeps an old password, before unlocking.", Who: "agent"},
	Unlock:           {Step: "Unlock the user.", Who: "agent"},
	AskWhoLocked:     {Step: "Ask who locked the user, and why, before anything is done.", Who: "lead"},
	RetryNow:         {Step: "Ask them to try again now.", Who: "customer"},
	OtherNetwork:     {Step: "Ask them to try from another network; L2 can look at the block.", Who: "customer"},
	SendReset:        {Step: "Send the password-reset e-mail to the address on file.", Who: "agent"},
	UseProviderLogin: {Step: "Guide them to the button of their sign-in provider; they have no password here.", Who: "agent"},
	ChangeEmail:      {Step: "Agree on the right e-mail address with the owner; they confirm it before it counts.", Who: "agent"},
	ChangeMobile:     {Step: "Correct the mobile number, confirmed by the owner, and meanwhile try the code by e-mail.", Who: "agent"},
	WaitAndResend:    {Step: "Wait a quarter of an hour, then send it again.", Who: "agent"},
	CheckSpam:        {Step: "Ask them to look in spam and junk, and whether a firewall of their company holds mail back.", Who: "customer"},
	OptIn:            {Step: "Ask them to switch our messages on again.", Who: "customer"},
	VPNOff:           {Step: "Ask them to try once with the VPN switched off.", Who: "customer"},
	ResetFactor:      {Step: "A lead sets up a new second factor with a second person, once the caller is verified.", Who: "lead"},
	NewestCode:       {Step: "Ask them to type the newest code only; every earlier one is void.", Who: "customer"},
	NewCode:          {Step: "Have a new code sent, and typed in time.", Who: "agent"},
	KeepCookies:      {Step: "Explain that private windows and deleted cookies make every login look like a new device.", Who: "customer"},
	AskPublisher:     {Step: "Ask the publisher whether this should be shared with them.", Who: "agent"},
	SendUsername:     {Step: "Send their user name to the address on file.", Who: "agent"},
	LoginHelper:      {Step: "Point them to the login helper: first the user name by e-mail, then the link with it.", Who: "customer"},
	LookCloser:       {Step: "Look before you believe it: mobile networks move. A note for a lead.", Who: "lead"},
	AskWhere:         {Step: "Ask on which page they sign in, and what they see there.", Who: "agent"},
	AskIdentifier:    {Step: "Ask for another identifier: the address they signed up with, a user name, a mobile number.", Who: "agent"},
}

// RemedyFor returns a remedy by its id; ok is false for an id nobody knows.
func RemedyFor(id RemedyID) (remedy Remedy, ok bool) {
	remedy, ok = remedies[id]
	remedy.ID = id
	return remedy, ok
}
