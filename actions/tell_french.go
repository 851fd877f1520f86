package actions

import "golang.org/x/text/language"

// french says vous to the customer; a space that doesn't break stands
// before the high punctuation marks and within the quotes.
var french = tongue{
	tag:  language.French,
	name: "French",
	caller: "Pour votre sécurité, je ne peux parler d'aucun accès avant de savoir à qui je m'adresse. " +
		"Vous pouvez toujours utiliser «\u00a0Nom d'utilisateur ou mot de passe oublié\u00a0?\u00a0» sur la page de connexion\u00a0: " +
		"si un accès correspond à ce que vous saisissez, un e-mail est envoyé à l'adresse enregistrée. Pensez aussi à regarder dans les courriers indésirables.",
	noHelp: "Malheureusement, nous ne pouvons pas vous aider pour ce compte.",
	customer: map[Cause]string{
		CauseAccountCancelled:      "Le compte est fermé\u00a0; nous prendrons contact avec son titulaire.",
		CauseTrialExpired:          "La période d'essai est terminée. Nous avons transmis votre souhait de continuer.",
		CausePaymentHold:           "Veuillez vous adresser à la personne qui gère votre compte\u00a0; elle pourra débloquer la situation.",
		CauseMembershipDeactivated: "Veuillez vous adresser à l'administrateur de votre compte, qui pourra réactiver votre accès.",
		CauseUserDisabled:          "Votre accès est désactivé\u00a0; l'administrateur de votre compte en connaît la raison.",
		CauseUserExpired:           "Votre accès a expiré. Nous avons prévenu les personnes qui peuvent le renouveler.",
		CauseInvitePending:         "Veuillez rechercher notre invitation dans votre messagerie, y compris dans les courriers indésirables, et la suivre jusqu'au bout.",
		CauseAccountTakenOver:      "Nous sécurisons le compte et vous appellerons au numéro que nous avons dans votre dossier.",
		CauseUnderAttack:           "Nous sécurisons le compte et reviendrons vers vous.",
		CauseCredentialShared:      "Cet accès a été utilisé depuis de nombreux endroits. Nous allons vous en donner un nouveau, strictement personnel.",
		CauseStaleSavedPassword:    "L'un de vos appareils ou l'une de vos applications utilise encore un ancien mot de passe et réessaie sans cesse. Où avez-vous une session ouverte\u00a0?",
		CauseLockedAttempts:        "Il y a eu trop d'essais avec un mot de passe erroné\u00a0; par sécurité, l'accès s'est bloqué automatiquement.",
		CauseLockedInactivity:      "L'accès s'est mis en veille, car il n'a pas été utilisé depuis longtemps.",
		CauseLockedManually:        "Nous vérifions cela avec un collègue et reviendrons vers vous.",
		CauseJustUnlocked:          "Veuillez réessayer maintenant.",
		CauseIPBlocked:             "Veuillez essayer depuis un autre réseau, comme celui de votre téléphone.",
		CausePasswordExpired:       "Votre mot de passe doit être renouvelé\u00a0: veuillez aller jusqu'au bout de la réinitialisation que nous vous envoyons.",
		CauseWrongLoginMethod:      "Vous vous connectez par l'intermédiaire de votre fournisseur\u00a0: veuillez utiliser son bouton sur la page de connexion, et non un mot de passe.",
		CauseEmailMissing:          "Quelle adresse e-mail souhaitez-vous que nous enregistrions pour vous\u00a0?",
		CauseEmailSuppressed:       "Les e-mails que nous vous envoyons ont été retenus\u00a0; notre équipe s'en occupe.",
		CauseEmailBounced:          "Votre messagerie a refusé notre e-mail. L'adresse est-elle toujours correcte\u00a0?",
		CauseSMSUndelivered:        "Notre SMS n'est pas arrivé. Le numéro est-il toujours correct\u00a0?",
		CauseEmailDelayed:          "Notre e-mail est en route\u00a0; veuillez patienter quelques minutes.",
		CauseResetLinkExpired:      "Le lien a expiré. Nous vous en envoyons un nouveau\u00a0; veuillez utiliser le lien le plus récent avant qu'il n'expire.",
		CauseResetLinkConsumed:     "Quelque chose a ouvert le lien avant vous, peut-être un analyseur d'e-mails. Nous vous en envoyons un nouveau.",
		CauseEmailUnseen:           "Veuillez regarder dans vos courriers indésirables\u00a0; il se peut aussi qu'un pare-feu de votre entreprise retienne nos e-mails.",
		CauseOptedOut:              "L'envoi de nos messages est désactivé pour vous\u00a0; veuillez le réactiver.",
		CauseVPNInterference:       "Veuillez désactiver le VPN et réessayer.",
		CauseMFAFailed:             "La deuxième étape de la connexion n'a pas fonctionné. Vérifions d'abord votre identité.",
		CauseCodeSuperseded:        "Seul le code le plus récent fonctionne\u00a0; veuillez supprimer les précédents.",
		CauseCodeExpired:           "Le code avait expiré\u00a0; veuillez en demander un nouveau et le saisir sans tarder.",
		CauseCodeWrong:             "Le code n'était pas correct\u00a0; veuillez saisir à nouveau le plus récent.",
		CauseDeviceUnrecognised:    "En navigation privée, ou quand les cookies sont supprimés, nous devons vous demander un code à chaque fois.",
		CauseNotPublished:          "Ce que vous souhaitez ouvrir n'est pas partagé avec vous\u00a0; nous posons la question aux personnes qui le publient.",
		CauseUnknownUsername:       "Nous envoyons le bon nom d'utilisateur à l'adresse que nous avons dans votre dossier.",
		CauseWrongPassword:         "Veuillez utiliser «\u00a0Mot de passe oublié\u00a0?\u00a0» sur la page de connexion.",
		CauseNoAttemptsSeen:        "Sur quelle page êtes-vous, et qu'y est-il écrit\u00a0?",
		CauseIdentityUnresolved:    "Quelle adresse avez-vous utilisée pour vous inscrire\u00a0?",
		CauseUnexplained:           "Nous examinons la situation.",
		CauseLooksFine:             "La connexion semble avoir réussi\u00a0; que voyez-vous\u00a0?",
	},
}
