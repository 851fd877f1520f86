package actions

// linkRefusal is why a customer can't follow a link now.
type linkRefusal string

// The reasons. What exactly keeps them out is support's to say, once it knows
// whom it speaks with.
const (
	linkSwitchedOff    linkRefusal = "switched_off"    // disabled, expired, or no account lets them in
	linkLocked         linkRefusal = "locked"          // a lock is open, or indicated
	linkContactChanged linkRefusal = "contact_changed" // the mailbox that it went to may not be theirs any more
	linkOvertaken      linkRefusal = "overtaken"       // what they confirmed can't be done any more
	linkWithdrawn      linkRefusal = "withdrawn"       // nobody waits for the answer any more
)

// linkRefusals are the reasons as the customer reads them, by language (see
// languageOf).
var linkRefusals = map[linkRefusal]map[string]string{
	linkSwitchedOff: {
		"":           "This login is switched off at the moment, so the link can't open it. Please get in touch with our support, and we'll sort it out.",
		"German":     "Dieser Zugang ist im Moment abgeschaltet, deshalb kann der Link ihn nicht öffnen. Bitte melden Sie sich bei unserem Support, wir klären das mit Ihnen.",
		"French":     "Cet accès est désactivé pour le moment, le lien ne peut donc pas l'ouvrir. Veuillez contacter notre support, nous allons arranger cela avec vous.",
		"Spanish":    "Este acceso está desactivado por ahora, por eso el enlace no puede abrirlo. Póngase en contacto con nuestro soporte y lo resolveremos con usted.",
		"Portuguese": "Este acesso está desativado por enquanto, por isso o link não pode abri-lo. Entre em contato com o nosso suporte e resolveremos isso.",
	},
	linkLocked: {
		"":           "This login is locked at the moment. Our support can unlock it; after that this link works, as long as it is good.",
		"German":     "Dieser Zugang ist im Moment gesperrt. Unser Support kann ihn entsperren; danach funktioniert dieser Link, solange er gültig ist.",
		"French":     "Cet accès est verrouillé pour le moment. Notre support peut le déverrouiller ; ce lien fonctionnera ensuite, tant qu'il est valable.",
		"Spanish":    "Este acceso está bloqueado por ahora. Nuestro soporte puede desbloquearlo; después este enlace funcionará mientras sea válido.",
		"Portuguese": "Este acesso está bloqueado por enquanto. O nosso suporte pode desbloqueá-lo; depois disso este link funciona enquanto for válido.",
	},
	linkContactChanged: {
		"":           "Your contact details changed after this link was sent, so for your security it isn't good any more. Please ask our support for a new one.",
		"German":     "Ihre Kontaktdaten wurden geändert, nachdem dieser Link verschickt wurde; zu Ihrer Sicherheit gilt er nicht mehr. Bitte lassen Sie sich von unserem Support einen neuen schicken.",
		"French":     "Vos coordonnées ont changé après l'envoi de ce lien ; pour votre sécurité, il n'est plus valable. Veuillez en demander un nouveau à notre support.",
		"Spanish":    "Sus datos de contacto cambiaron después de enviarse este enlace; por su seguridad ya no es válido. Pida uno nuevo a nuestro soporte.",
		"Portuguese": "Os seus dados de contato mudaram depois do envio deste link; para sua segurança ele não vale mais. Peça um novo ao nosso suporte.",
	},
	linkOvertaken: {
		"":           "Thank you. Something else changed in the meantime, so nothing was done yet. Our support will get in touch with you.",
		"German":     "Vielen Dank. Inzwischen hat sich etwas anderes geändert, deshalb wurde noch nichts unternommen. Unser Support meldet sich bei Ihnen.",
		"French":     "Merci. Autre chose a changé entre-temps, rien n'a donc encore été fait. Notre support vous contactera.",
		"Spanish":    "Gracias. Entretanto cambió otra cosa, por lo que todavía no se ha hecho nada. Nuestro soporte se pondrá en contacto con usted.",
		"Portuguese": "Obrigado. Entretanto algo mais mudou, por isso ainda nada foi feito. O nosso suporte entrará em contato.",
	},
	linkWithdrawn: {
		"":           "Nobody waits for your answer any more, so nothing was done. If you still want the change, please get in touch with our support.",
		"German":     "Auf Ihre Antwort wartet niemand mehr, deshalb wurde nichts unternommen. Wenn Sie die Änderung noch möchten, melden Sie sich bitte bei unserem Support.",
		"French":     "Plus personne n'attend votre réponse, rien n'a donc été fait. Si vous souhaitez toujours ce changement, veuillez contacter notre support.",
		"Spanish":    "Ya nadie espera su respuesta, por lo que no se ha hecho nada. Si aún desea el cambio, póngase en contacto con nuestro soporte.",
		"Portuguese": "Ninguém espera mais a sua resposta, por isso nada foi feito. Se ainda quiser a mudança, entre em contato com o nosso suporte.",
	},
}

// in says the reason in the language of the locale.
func (r linkRefusal) in(locale string) string { return linkRefusals[r][languageOf(locale)] }

// languageOf is the key of the locale's language in a table of words: the
// English name of the language, "" for English.
func languageOf(locale string) string {
	if t := tongueOf(locale); t != nil {
		return t.name
	}
	return ""
}
