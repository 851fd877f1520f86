package main

import "github.com/latchkey-bot/latchkey/actions"

// trial is something to type for whoever tries the demo out.
type trial struct {
	identifier string
	name       string
	cause      actions.Cause // what is found; "" when several fit, or a whole account
	line       string        // what to know before, in one sentence
	userID     string        // whom it is about; "" for nobody, or several
}

// trials is what stands on the welcome page: every resident with something to say,
// and what has no user.
func trials() []trial {
	var all []trial
	for i := range residents {
		r := &residents[i]
		if r.says != "" {
			all = append(all, trial{r.typed(i), r.first + " " + r.last, r.cause, r.says, r.id()})
		}
	}
	return append(all,
		trial{mistyped, "A near name", actions.CauseUnknownUsername, "Nobody has it, somebody tried it, and somebody is called nearly so.", ""},
		trial{"ghost@nowhere.example", "Nobody at all", actions.CauseIdentityUnresolved, "Nobody has it, and nobody tried it.", ""},
		trial{twins, "Two of them", "", "Two people have this user name: you choose.", ""},
		trial{"GW1001", "A whole account", "", "By Gateway ID: who of Acme failed today.", ""},
		trial{"@nordlicht.example", "Everybody behind a domain", "", "Who of Nordlicht failed today.", ""},
	)
}

// typed is by what one asks for the resident: mostly by their e-mail address.
func (r *resident) typed(nth int) string {
	switch r.id() {
	case "u-tess":
		return r.mobile(nth)
	case "u-moana", "u-mia", "u-nora":
		return r.username()
	}
	return r.email()
}

// help is something that can be done for one of the residents.
type help struct {
	name, command string
	line          string // what to look at, in one sentence
	userID        string
}

// helps is what stands on the welcome page after the trials: every remedy that
// has a command. Those about no user are about the site.
func helps() []help {
	return []help{
		{"Unlock Jane", "/unlock jane@acme.example Locked out, she called about #4711", "Then be Jane, and log in.", "u-jane"},
		{"Send Ugo a reset e-mail", "/resetemail ugo@harborline.example", "Look at the text, send it, and read it in the mailbox.", "u-ugo"},
		{"Re-enable Sam", "/reenable sam@kowhai.example", "The login was shared: a lead approves, the password is changed first.", "u-sam"},
		{"Change Hiroko’s e-mail", "/profile hiroko@sundara.example", "It changed this morning: mind who is calling.", "u-hiroko"},
		{"Send Jane a one-time secret", "/secret", "Have a password generated, mail it to jane@acme.example, and open it from the mailbox.", "u-jane"},
		{"Ask Ugo for a login", "/secret request", "Mail it to ugo@harborline.example: his browser seals what he sends, and you open it once.", "u-ugo"},
		{"Get into Acme shop", "/tempadmin create", "A lead approves; the new user stands in the list of Acme shop. Let a day pass there, and it is gone.", ""},
		{"See who is inside", "/tempadmin list", "Ava is on Acme shop for a day more; rob@pennine.example was asked for one on his own site.", "u-rob"},
		{"Ask Rob for a way in", "/tempadmin ask rob@pennine.example", "It is his own site: the mail has the steps, and he sends the login by a link.", "u-rob"},
		{"Escalate Ugo’s missing mail", "/escalate blocklist ugo@harborline.example", "Be Liv or Mateo in #l2-melbourne then: claim the case, ask Ava, resolve it.", "u-ugo"},
		{"Join the case about Gus", "/escalate security gus@okafor.example", "Noor escalated the same this morning, and L2 is late: you follow hers.", "u-gus"},
		{"See what L2 is at", "/escalate list", "Liv waits for Ava’s answer about eva@redwood.example: its card has Reply, in the app’s messages.", "u-eva"},
		{"Hand Cedar & Vine over", "/latchkey handover carla@cedar.example", "Carla’s account is closed: its owner or a lead gets all that is known.", "u-carla"},
	}
}
