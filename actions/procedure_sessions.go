package actions

// revokingSessions signs everybody out who is signed in as the user.
var revokingSessions = procedure{
	act:   ActRevokeSessions,
	check: func(*plan) {},
	steps: []step{{kind: ChangeSessions, what: "ending their sessions", change: func(Operation) Change { return Change{} }}},
	does:  func(Operation) []string { return []string{"Ends every session, on every device."} },
	after: "For your safety everybody was signed out, on every device. Please log in again.",
}

// resettingFactor has the second factor set up anew, after a lead and a second
// person looked.
var resettingFactor = procedure{
	act:   ActResetFactor,
	check: func(p *plan) { p.barredUser() },
	steps: []step{
		{kind: ChangeSessions, what: "ending their sessions", change: func(Operation) Change { return Change{} }},
		{kind: ChangeFactor, what: "taking the second factor away", change: func(Operation) Change { return Change{} }},
	},
	does: func(Operation) []string {
		return []string{
			"Ends every session, on every device.",
			"Takes the second factor away; it is set up anew at the next login.",
			"Tells them by e-mail, if they have an address.",
		}
	},
	mails: func(a *Actions, op Operation, user User) []Mail { return a.mailOnFile(op, user, TemplateFactor) },
	after: "At the next login you will be asked to set up the second step anew.",
}
