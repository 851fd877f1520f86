package actions

// The named steps of secrets and requests.
const (
	stepSecretSealed    = "secret_create:sealed"   // all is made, and nothing stored
	stepSecretStored    = "secret_create:stored"   // committed, and its link not handed out
	stepSecretTaken     = "secret_open:taken"      // in the transaction, before it is committed
	stepSecretDone      = "secret_open:done"       // committed, and not answered
	stepSecretRevoking  = "secret_revoke:ended"    // in the transaction
	stepSecretRevoked   = "secret_revoke:done"     // committed
	stepMailUnsealed    = "secret_mail:unsealed"   // the link is known, and nothing sent
	stepMailSent        = "secret_mail:sent"       // the mail server took it, and nothing is written
	stepMailWiped       = "secret_mail:wiped"      // committed
	stepSecretExpiring  = "secret_expire:ended"    // in the transaction
	stepRequestStored   = "request_create:stored"  // committed, and its link not handed out
	stepRequestReceived = "request_receive:stored" // in the transaction
	stepRequestTaken    = "request_receive:done"   // committed, and not answered
	stepRequestOpening  = "request_open:taken"     // in the transaction
	stepRequestOpened   = "request_open:done"      // committed, and not answered
	stepRekeyBatch      = "rekey:batch"            // in the transaction of a batch
	stepRekeyDone       = "rekey:done"             // a batch is committed
)

// SecretSteps names each step of secrets and requests in order, as
// [Actions.Reached] is told of it: where a process may end without a secret being
// opened twice, lost after it was acknowledged, or read without its link.
func SecretSteps() []string {
	return []string{
		stepSecretSealed, stepSecretStored, stepSecretTaken, stepSecretDone, stepSecretRevoking, stepSecretRevoked,
		stepMailUnsealed, stepMailSent, stepMailWiped, stepSecretExpiring,
		stepRequestStored, stepRequestReceived, stepRequestTaken, stepRequestOpening, stepRequestOpened,
		stepRekeyBatch, stepRekeyDone,
	}
}

// at tells that a step of [SecretSteps] was reached.
func (a *Actions) at(step string) {
	if a.Reached != nil {
		a.Reached(step)
	}
}
