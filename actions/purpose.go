package actions

// purposes says what a code is for, to the customer: so that whoever is talked
// into reading one out sees what it would do. By act, as the audit names it,
// and by language (see [tongue.name]); "" is English.
var purposes = map[Act]map[string]string{
	ActVerify: {
		"": "to help you log in", "German": "um Ihnen beim Anmelden zu helfen", "French": "pour vous aider à vous connecter",
		"Spanish": "para ayudarle a iniciar sesión", "Portuguese": "para ajudar no seu acesso",
	},
	ActUnlock: {
		"": "to unlock your login", "German": "um Ihren Zugang zu entsperren", "French": "pour déverrouiller votre accès",
		"Spanish": "para desbloquear su acceso", "Portuguese": "para desbloquear o seu acesso",
	},
	ActReenable: {
		"": "to switch your login back on", "German": "um Ihren Zugang wieder einzuschalten", "French": "pour réactiver votre accès",
		"Spanish": "para reactivar su acceso", "Portuguese": "para reativar o seu acesso",
	},
	ActSendReset: {
		"": "to set a new password", "German": "um ein neues Passwort zu setzen", "French": "pour définir un nouveau mot de passe",
		"Spanish": "para establecer una nueva contraseña", "Portuguese": "para definir uma nova senha",
	},
	ActRevokeSessions: {
		"": "to sign you out everywhere", "German": "um Sie überall abzumelden", "French": "pour vous déconnecter partout",
		"Spanish": "para cerrar todas sus sesiones", "Portuguese": "para encerrar todas as suas sessões",
	},
	ActResetFactor: {
		"": "to set up a new second factor", "German": "um einen neuen zweiten Faktor einzurichten",
		"French": "pour configurer un nouveau second facteur", "Spanish": "para configurar un nuevo segundo factor",
		"Portuguese": "para configurar um novo segundo fator",
	},
	ActChangeEmail: {
		"": "to change your e-mail address", "German": "um Ihre E-Mail-Adresse zu ändern", "French": "pour changer votre adresse e-mail",
		"Spanish": "para cambiar su dirección de correo electrónico", "Portuguese": "para alterar o seu endereço de e-mail",
	},
	ActChangeMobile: {
		"": "to change your mobile number", "German": "um Ihre Mobilnummer zu ändern", "French": "pour changer votre numéro de mobile",
		"Spanish": "para cambiar su número de móvil", "Portuguese": "para alterar o seu número de celular",
	},
	ActReinvite: {
		"": "to set your login up anew", "German": "um Ihren Zugang neu anzulegen", "French": "pour recréer votre accès",
		"Spanish": "para crear de nuevo su acceso", "Portuguese": "para recriar o seu acesso",
	},
}

// purposeOf says what a code is for, in the language of the locale.
func purposeOf(act Act, locale string) string {
	words, ok := purposes[act.Recorded()]
	if !ok {
		words = purposes[ActVerify]
	}
	return words[languageOf(locale)]
}

// languageOf is the key of the locale's language in a table of words: the
// English name of the language, "" for English.
func languageOf(locale string) string {
	if t := tongueOf(locale); t != nil {
		return t.name
	}
	return ""
}
