package mail

import (
	"golang.org/x/text/language"

	"github.com/latchkey-bot/latchkey/actions"
)

// phrases are the words of a language that stand in no template.
type phrases struct {
	closing   string // with %s for the brand
	loginPage string // for "at …", when the company has given no address of it
	orCopy    string // before the address under a button
	purposes  map[actions.Act]string
	purpose   string // when there is none of its own
}

// phrasesOf are those of a language; one that isn't there has English ones.
func phrasesOf(tag string) phrases {
	base, _ := language.Make(tag).Base()
	if p, known := allPhrases[base.String()]; known {
		return p
	}
	return allPhrases["en"]
}

// Purpose says what a code is for, so that it goes on after "your code": "to change
// your e-mail address". language is a tag such as de; one that isn't there is
// English.
func Purpose(act actions.Act, language string) string {
	p := phrasesOf(language)
	if purpose, own := p.purposes[act.Recorded()]; own {
		return purpose
	}
	return p.purpose
}

// allPhrases are the phrases by language.
var allPhrases = map[string]phrases{
	"en": {
		closing: "Kind regards,\nthe %s team", loginPage: "our login page",
		orCopy:  "Or copy this address into your browser:",
		purpose: "to help you log in",
		purposes: map[actions.Act]string{
			actions.ActUnlock:         "to unlock your login",
			actions.ActReenable:       "to switch your login on again",
			actions.ActSendReset:      "to send you a link for a new password",
			actions.ActRevokeSessions: "to end every session of your login",
			actions.ActResetFactor:    "to set up a new second step for logging in",
			actions.ActChangeEmail:    "to change your e-mail address",
			actions.ActChangeMobile:   "to change your mobile number",
			actions.ActReinvite:       "to set up your login anew",
			actions.ActSetPassword:    "to set a new password for you",
		},
	},
	"de": {
		closing: "Mit freundlichen Grüßen\nIhr %s-Team", loginPage: "unserer Anmeldeseite",
		orCopy:  "Oder kopieren Sie diese Adresse in Ihren Browser:",
		purpose: "um Ihnen bei der Anmeldung zu helfen",
		purposes: map[actions.Act]string{
			actions.ActUnlock:         "um Ihren Zugang zu entsperren",
			actions.ActReenable:       "um Ihren Zugang wieder einzuschalten",
			actions.ActSendReset:      "um Ihnen einen Link für ein neues Passwort zu schicken",
			actions.ActRevokeSessions: "um alle Sitzungen Ihres Zugangs zu beenden",
			actions.ActResetFactor:    "um einen neuen zweiten Anmeldeschritt einzurichten",
			actions.ActChangeEmail:    "um Ihre E-Mail-Adresse zu ändern",
			actions.ActChangeMobile:   "um Ihre Mobilnummer zu ändern",
			actions.ActReinvite:       "um Ihren Zugang neu einzurichten",
			actions.ActSetPassword:    "um ein neues Passwort für Sie zu setzen",
		},
	},
	"fr": {
		closing: "Bien cordialement,\nl'équipe %s", loginPage: "notre page de connexion",
		orCopy:  "Ou copiez cette adresse dans votre navigateur\u00a0:",
		purpose: "pour vous aider à vous connecter",
		purposes: map[actions.Act]string{
			actions.ActUnlock:         "pour débloquer votre accès",
			actions.ActReenable:       "pour réactiver votre accès",
			actions.ActSendReset:      "pour vous envoyer un lien afin de choisir un nouveau mot de passe",
			actions.ActRevokeSessions: "pour fermer toutes les sessions de votre accès",
			actions.ActResetFactor:    "pour configurer une nouvelle seconde étape de connexion",
			actions.ActChangeEmail:    "pour modifier votre adresse e-mail",
			actions.ActChangeMobile:   "pour modifier votre numéro de mobile",
			actions.ActReinvite:       "pour recréer votre accès",
			actions.ActSetPassword:    "pour définir un nouveau mot de passe pour vous",
		},
	},
	"es": {
		closing: "Un cordial saludo,\nel equipo de %s", loginPage: "nuestra página de inicio de sesión",
		orCopy:  "O copie esta dirección en su navegador:",
		purpose: "para ayudarle a iniciar sesión",
		purposes: map[actions.Act]string{
			actions.ActUnlock:         "para desbloquear su acceso",
			actions.ActReenable:       "para volver a activar su acceso",
			actions.ActSendReset:      "para enviarle un enlace con el que elegir una contraseña nueva",
			actions.ActRevokeSessions: "para cerrar todas las sesiones de su acceso",
			actions.ActResetFactor:    "para configurar un nuevo segundo paso de inicio de sesión",
			actions.ActChangeEmail:    "para cambiar su dirección de correo electrónico",
			actions.ActChangeMobile:   "para cambiar su número de móvil",
			actions.ActReinvite:       "para crear de nuevo su acceso",
			actions.ActSetPassword:    "para establecer una contraseña nueva para usted",
		},
	},
	"pt": {
		closing: "Atenciosamente,\na equipe %s", loginPage: "nossa página de login",
		orCopy:  "Ou copie este endereço no seu navegador:",
		purpose: "para ajudar você a entrar",
		purposes: map[actions.Act]string{
			actions.ActUnlock:         "para desbloquear o seu acesso",
			actions.ActReenable:       "para reativar o seu acesso",
			actions.ActSendReset:      "para enviar um link para você escolher uma nova senha",
			actions.ActRevokeSessions: "para encerrar todas as sessões do seu acesso",
			actions.ActResetFactor:    "para configurar uma nova segunda etapa de login",
			actions.ActChangeEmail:    "para alterar o seu endereço de e-mail",
			actions.ActChangeMobile:   "para alterar o seu número de celular",
			actions.ActReinvite:       "para criar o seu acesso de novo",
			actions.ActSetPassword:    "para definir uma nova senha para você",
		},
	},
}
