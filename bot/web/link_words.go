package web

import (
	"cmp"
	"strings"

	"golang.org/x/text/language"

	"github.com/latchkey-bot/latchkey/actions"
)

// linkWords are the words of a link's page in one language. A test holds that
// every state has its own in each.
type linkWords struct {
	lang string
	// The question of a link that logs in, and of one that confirms.
	live, confirm words
	states        map[linkState]words
	removed       *removedWords

	Yes, No, GoOn string // the buttons
	Label, Hint   string // of the box that takes the code by hand
	Reference     string // before the reference to the log
	NeedNew       string // the heading over whom to ask for a new link
	Questions     string // the heading over whom to ask otherwise
	Never         string // what nobody is ever asked for
	ask           string // whom to ask; "{brand}" in it is the company
	askNobody     string // the same, of a company without a name here
	reach         string // before how to reach them
	sendNew       string // what they can do about a link that doesn't serve any more
	overtaken     string // the heading when the answer to a confirm link comes too late
}

// words are a heading and what follows.
type words struct{ heading, text string }

// Lang is the language as HTML names it.
func (w *linkWords) Lang() string { return w.lang }

// say is what the page says.
func (w *linkWords) say(s said) (heading, text string) {
	found, special := w.states[s.state], s.sentence
	own, differs := w.removed.states[s.state]
	switch {
	case s.purpose == actions.LinkRemoved && differs:
		found = own
	case s.state == stateLive && s.purpose == actions.LinkConfirm:
		found = w.confirm
	case s.state == stateLive:
		found = w.live
	case s.state == stateRefused && s.purpose == actions.LinkConfirm:
		return w.overtaken, cmp.Or(special, found.text)
	case special != "":
		return found.heading, special
	}
	return found.heading, found.text
}

// goOn is what the button says of a link that has one.
func (w *linkWords) goOn(purpose actions.LinkPurpose) string {
	if purpose == actions.LinkRemoved {
		return w.removed.button
	}
	return w.GoOn
}

// support is whom to ask: the company's own sentence, or a shipped one, which
// speaks of a new link where one would help.
func (w *linkWords) support(own, brand string, needNew bool) string {
	ask := strings.ReplaceAll(w.ask, "{brand}", brand)
	switch {
	case own != "":
		return own
	case brand == "":
		ask = w.askNobody
	}
	if needNew {
		ask += " " + w.sendNew
	}
	return ask
}

// linkTongues are the languages of the page; the first serves who reads none of
// them.
var linkTongues = []*linkWords{&englishLink, &germanLink, &frenchLink, &spanishLink, &portugueseLink}

var linkMatcher = func() language.Matcher {
	var tags []language.Tag
	for _, words := range linkTongues {
		tags = append(tags, language.MustParse(words.lang))
	}
	return language.NewMatcher(tags)
}()

// acceptLimit is how long a list of languages may be, in bytes; longer ones are
// nonsense.
const acceptLimit = 256

// wordsFor finds the words for what a browser accepts, else for the customer's
// locale, else the English ones.
func wordsFor(accept, locale string) *linkWords {
	return linkTongues[tongueFor(accept, strings.ReplaceAll(locale, "_", "-"))]
}

// tongueFor is which of the languages serves who reads the first of these that we
// have, as browsers write them.
func tongueFor(wanted ...string) int {
	for _, accept := range wanted {
		if accept == "" || len(accept) > acceptLimit {
			continue
		}
		tags, _, err := language.ParseAcceptLanguage(accept)
		if err != nil {
			continue
		}
		if _, i, sure := linkMatcher.Match(tags...); sure != language.No {
			return i
		}
	}
	return 0
}

var englishLink = linkWords{
	lang:    "en",
	removed: &englishRemoved,
	live:    words{"Nearly there", "Press the button to go on. The link works once, and only when you press."},
	confirm: words{"Was this you?", "Somebody asked us to change the e-mail address or mobile number of your login. The message that brought you here says how. Nothing changes before you answer."},
	Yes:     "Yes, that was me", No: "This wasn't me", GoOn: "Continue",
	Label: "Code from the link", Hint: "It stands after the # in the link that we sent you. You can also paste the whole link.",
	Reference: "If it stays like this, please give us this reference:",
	NeedNew:   "Do you need a new link?", Questions: "Questions?",
	Never:     "We never ask you for your password, nor for this link.",
	ask:       "Please contact {brand} support the way you usually do.",
	askNobody: "Please contact our support the way you usually do.",
	reach:     "You can reach our support here:",
	sendNew:   "They can send you a new link.",
	overtaken: "That can't be changed this way any more",
	states: map[linkState]words{
		stateSpent:       {"This link was used already", "Each link works once. If it wasn't you who used it, please tell us straight away."},
		stateExpired:     {"This link has expired", "For your safety, a link is only good for a short time."},
		stateIncomplete:  {"This link is incomplete", "A part of it got lost on the way, or it was replaced. Please open it from our message again, or enter its code here."},
		stateRefused:     {"You can't log in right now", "Something about your login has changed since we sent this link. Our support can tell you more."},
		stateConfirmed:   {"Thank you, it is confirmed", "The change is being made. We will write to you at the old and the new contact once it is. You can close this page."},
		stateDenied:      {"Thank you for telling us", "Nothing is changed, and our team knows that this wasn't you. They will look into who asked. You can close this page."},
		stateForeign:     {"Please open the link itself", "This came from another page, so nothing was done. Please open the link from our message."},
		stateBusy:        {"Please wait a minute", "Too many links that aren't right came from where you are, so nothing was done. Please try again in a minute."},
		stateUnread:      {"That couldn't be read", "Nothing was done. Please open the link from our message again."},
		stateNoForm:      {"That couldn't be read", "Nothing was done. Please open the link from our message again."},
		stateTooLong:     {"That is too long for a code", "Nothing was done. Please open the link from our message again."},
		stateNowhere:     {"You can't log in this way yet", "Nothing was done, and your link is still good. Our support can help you another way."},
		stateFailed:      {"That didn't work", "Something went wrong with us; it isn't your doing. Please try again in a minute."},
		stateUnavailable: {"That didn't work", "We can't answer just now; it isn't your doing. Please try again in a minute."},
	},
}

var germanLink = linkWords{
	lang:    "de",
	removed: &germanRemoved,
	live:    words{"Gleich geschafft", "Drücken Sie auf den Knopf, um fortzufahren. Der Link gilt ein einziges Mal, und erst, wenn Sie drücken."},
	confirm: words{"Waren Sie das?", "Jemand hat uns gebeten, die E-Mail-Adresse oder Mobilnummer Ihres Zugangs zu ändern. Wie, steht in unserer Nachricht. Bevor Sie antworten, ändert sich nichts."},
	Yes:     "Ja, das war ich", No: "Das war ich nicht", GoOn: "Weiter",
	Label: "Code aus dem Link", Hint: "Er steht in dem Link, den wir Ihnen geschickt haben, hinter dem #. Sie können auch den ganzen Link einfügen.",
	Reference: "Wenn es so bleibt, nennen Sie uns bitte dieses Kennzeichen:",
	NeedNew:   "Brauchen Sie einen neuen Link?", Questions: "Fragen?",
	Never:     "Wir fragen Sie nie nach Ihrem Passwort und nie nach diesem Link.",
	ask:       "Bitte wenden Sie sich wie gewohnt an den Support von {brand}.",
	askNobody: "Bitte wenden Sie sich wie gewohnt an unseren Support.",
	reach:     "So erreichen Sie unseren Support:",
	sendNew:   "Dort kann man Ihnen einen neuen Link schicken.",
	overtaken: "Das lässt sich so nicht mehr ändern",
	states: map[linkState]words{
		stateSpent:       {"Dieser Link wurde schon benutzt", "Jeder Link gilt ein einziges Mal. Wenn nicht Sie ihn benutzt haben, sagen Sie es uns bitte sofort."},
		stateExpired:     {"Dieser Link ist abgelaufen", "Zu Ihrer Sicherheit gilt ein Link nur kurze Zeit."},
		stateIncomplete:  {"Dieser Link ist unvollständig", "Ein Teil ging unterwegs verloren, oder er wurde ersetzt. Bitte öffnen Sie ihn noch einmal aus unserer Nachricht, oder geben Sie hier seinen Code ein."},
		stateRefused:     {"Sie können sich gerade nicht anmelden", "An Ihrem Zugang hat sich etwas geändert, seit wir den Link geschickt haben. Unser Support kann Ihnen mehr sagen."},
		stateConfirmed:   {"Danke, das ist bestätigt", "Die Änderung wird jetzt vorgenommen. Danach schreiben wir Ihnen an die alte und an die neue Adresse. Sie können diese Seite schließen."},
		stateDenied:      {"Danke, dass Sie es uns sagen", "Es wird nichts geändert, und unser Team weiß, dass Sie das nicht waren. Es geht dem nach. Sie können diese Seite schließen."},
		stateForeign:     {"Bitte öffnen Sie den Link selbst", "Das kam von einer anderen Seite, deshalb ist nichts geschehen. Bitte öffnen Sie den Link aus unserer Nachricht."},
		stateBusy:        {"Bitte warten Sie eine Minute", "Von Ihrem Anschluss kamen zu viele falsche Links, deshalb ist nichts geschehen. Bitte versuchen Sie es in einer Minute noch einmal."},
		stateUnread:      {"Das war nicht zu lesen", "Es ist nichts geschehen. Bitte öffnen Sie den Link noch einmal aus unserer Nachricht."},
		stateNoForm:      {"Das war nicht zu lesen", "Es ist nichts geschehen. Bitte öffnen Sie den Link noch einmal aus unserer Nachricht."},
		stateTooLong:     {"Das ist zu lang für einen Code", "Es ist nichts geschehen. Bitte öffnen Sie den Link noch einmal aus unserer Nachricht."},
		stateNowhere:     {"So können Sie sich noch nicht anmelden", "Es ist nichts geschehen, und Ihr Link gilt noch. Unser Support kann Ihnen anders helfen."},
		stateFailed:      {"Das hat nicht geklappt", "Bei uns ist etwas schiefgegangen; an Ihnen liegt es nicht. Bitte versuchen Sie es in einer Minute noch einmal."},
		stateUnavailable: {"Das hat nicht geklappt", "Wir können gerade nicht antworten; an Ihnen liegt es nicht. Bitte versuchen Sie es in einer Minute noch einmal."},
	},
}

var frenchLink = linkWords{
	lang:    "fr",
	removed: &frenchRemoved,
	live:    words{"Vous y êtes presque", "Appuyez sur le bouton pour continuer. Le lien ne sert qu'une fois, et seulement quand vous appuyez."},
	confirm: words{"Était-ce vous ?", "Quelqu'un nous a demandé de changer l'adresse e-mail ou le numéro de mobile de votre accès. Le message que vous avez reçu dit comment. Rien ne change avant votre réponse."},
	Yes:     "Oui, c'était moi", No: "Ce n'était pas moi", GoOn: "Continuer",
	Label: "Code du lien", Hint: "Il suit le # dans le lien que nous vous avons envoyé. Vous pouvez aussi coller tout le lien.",
	Reference: "Si cela persiste, donnez-nous cette référence :",
	NeedNew:   "Il vous faut un nouveau lien ?", Questions: "Des questions ?",
	Never:     "Nous ne vous demandons jamais votre mot de passe, ni ce lien.",
	ask:       "Adressez-vous au support de {brand} comme d'habitude.",
	askNobody: "Adressez-vous à notre support comme d'habitude.",
	reach:     "Vous pouvez joindre notre support ici :",
	sendNew:   "Il peut vous envoyer un nouveau lien.",
	overtaken: "Cela ne peut plus être changé ainsi",
	states: map[linkState]words{
		stateSpent:       {"Ce lien a déjà servi", "Chaque lien ne sert qu'une fois. Si ce n'est pas vous qui l'avez utilisé, dites-le-nous tout de suite."},
		stateExpired:     {"Ce lien a expiré", "Pour votre sécurité, un lien n'est valable que peu de temps."},
		stateIncomplete:  {"Ce lien est incomplet", "Une partie s'est perdue en route, ou il a été remplacé. Ouvrez-le de nouveau depuis notre message, ou saisissez son code ici."},
		stateRefused:     {"Vous ne pouvez pas vous connecter pour l'instant", "Votre accès a changé depuis l'envoi de ce lien. Notre support peut vous en dire plus."},
		stateConfirmed:   {"Merci, c'est confirmé", "Le changement est en cours. Nous vous écrirons ensuite à l'ancien et au nouveau contact. Vous pouvez fermer cette page."},
		stateDenied:      {"Merci de nous l'avoir dit", "Rien n'est changé, et notre équipe sait que ce n'était pas vous. Elle cherchera qui l'a demandé. Vous pouvez fermer cette page."},
		stateForeign:     {"Ouvrez le lien lui-même", "Cela venait d'une autre page, donc rien n'a été fait. Ouvrez le lien depuis notre message."},
		stateBusy:        {"Attendez une minute", "Trop de liens incorrects sont venus de votre connexion, donc rien n'a été fait. Réessayez dans une minute."},
		stateUnread:      {"C'était illisible", "Rien n'a été fait. Ouvrez de nouveau le lien depuis notre message."},
		stateNoForm:      {"C'était illisible", "Rien n'a été fait. Ouvrez de nouveau le lien depuis notre message."},
		stateTooLong:     {"C'est trop long pour un code", "Rien n'a été fait. Ouvrez de nouveau le lien depuis notre message."},
		stateNowhere:     {"Vous ne pouvez pas encore vous connecter ainsi", "Rien n'a été fait, et votre lien reste valable. Notre support peut vous aider autrement."},
		stateFailed:      {"Cela n'a pas fonctionné", "Une erreur s'est produite chez nous ; vous n'y êtes pour rien. Réessayez dans une minute."},
		stateUnavailable: {"Cela n'a pas fonctionné", "Nous ne pouvons pas répondre pour l'instant ; vous n'y êtes pour rien. Réessayez dans une minute."},
	},
}

var spanishLink = linkWords{
	lang:    "es",
	removed: &spanishRemoved,
	live:    words{"Ya casi está", "Pulse el botón para continuar. El enlace sirve una sola vez, y solo cuando usted pulsa."},
	confirm: words{"¿Ha sido usted?", "Alguien nos ha pedido cambiar la dirección de correo o el número de móvil de su acceso. El mensaje que ha recibido dice cómo. Nada cambia antes de que responda."},
	Yes:     "Sí, he sido yo", No: "No he sido yo", GoOn: "Continuar",
	Label: "Código del enlace", Hint: "Está después de la # en el enlace que le enviamos. También puede pegar el enlace entero.",
	Reference: "Si sigue así, díganos esta referencia:",
	NeedNew:   "¿Necesita un enlace nuevo?", Questions: "¿Preguntas?",
	Never:     "Nunca le pedimos su contraseña, ni tampoco este enlace.",
	ask:       "Diríjase al soporte de {brand} como de costumbre.",
	askNobody: "Diríjase a nuestro soporte como de costumbre.",
	reach:     "Puede contactar con nuestro soporte aquí:",
	sendNew:   "Pueden enviarle un enlace nuevo.",
	overtaken: "Esto ya no se puede cambiar así",
	states: map[linkState]words{
		stateSpent:       {"Este enlace ya se ha usado", "Cada enlace sirve una sola vez. Si no lo ha usado usted, díganoslo enseguida."},
		stateExpired:     {"Este enlace ha caducado", "Por su seguridad, un enlace solo vale poco tiempo."},
		stateIncomplete:  {"Este enlace está incompleto", "Una parte se perdió por el camino, o fue sustituido. Ábralo de nuevo desde nuestro mensaje o escriba aquí su código."},
		stateRefused:     {"Ahora no puede iniciar sesión", "Algo de su acceso ha cambiado desde que enviamos este enlace. Nuestro soporte puede decirle más."},
		stateConfirmed:   {"Gracias, queda confirmado", "El cambio se está haciendo. Después le escribiremos al contacto antiguo y al nuevo. Puede cerrar esta página."},
		stateDenied:      {"Gracias por avisarnos", "No se cambia nada, y nuestro equipo sabe que no ha sido usted. Averiguará quién lo pidió. Puede cerrar esta página."},
		stateForeign:     {"Abra el enlace mismo", "Esto vino de otra página, así que no se ha hecho nada. Abra el enlace desde nuestro mensaje."},
		stateBusy:        {"Espere un minuto", "Desde su conexión llegaron demasiados enlaces incorrectos, así que no se ha hecho nada. Inténtelo de nuevo en un minuto."},
		stateUnread:      {"No se ha podido leer", "No se ha hecho nada. Abra de nuevo el enlace desde nuestro mensaje."},
		stateNoForm:      {"No se ha podido leer", "No se ha hecho nada. Abra de nuevo el enlace desde nuestro mensaje."},
		stateTooLong:     {"Es demasiado largo para un código", "No se ha hecho nada. Abra de nuevo el enlace desde nuestro mensaje."},
		stateNowhere:     {"Todavía no puede iniciar sesión así", "No se ha hecho nada, y su enlace sigue valiendo. Nuestro soporte puede ayudarle de otra manera."},
		stateFailed:      {"No ha funcionado", "Algo ha fallado por nuestra parte; no es culpa suya. Inténtelo de nuevo en un minuto."},
		stateUnavailable: {"No ha funcionado", "Ahora no podemos responder; no es culpa suya. Inténtelo de nuevo en un minuto."},
	},
}

var portugueseLink = linkWords{
	lang:    "pt",
	removed: &portugueseRemoved,
	live:    words{"Falta pouco", "Aperte o botão para continuar. O link funciona uma única vez, e só quando você apertar."},
	confirm: words{"Foi você?", "Alguém nos pediu para mudar o endereço de e-mail ou o número de celular do seu acesso. A mensagem que você recebeu diz como. Nada muda antes da sua resposta."},
	Yes:     "Sim, fui eu", No: "Não fui eu", GoOn: "Continuar",
	Label: "Código do link", Hint: "Ele vem depois do # no link que enviamos a você. Também é possível colar o link inteiro.",
	Reference: "Se continuar assim, informe-nos esta referência:",
	NeedNew:   "Precisa de um novo link?", Questions: "Dúvidas?",
	Never:     "Nunca pedimos a sua senha, nem este link.",
	ask:       "Fale com o suporte da {brand} como de costume.",
	askNobody: "Fale com o nosso suporte como de costume.",
	reach:     "Fale com o nosso suporte aqui:",
	sendNew:   "Lá podem enviar um novo link a você.",
	overtaken: "Isso não pode mais ser mudado assim",
	states: map[linkState]words{
		stateSpent:       {"Este link já foi usado", "Cada link funciona uma única vez. Se não foi você que o usou, avise-nos imediatamente."},
		stateExpired:     {"Este link expirou", "Para a sua segurança, um link só vale por pouco tempo."},
		stateIncomplete:  {"Este link está incompleto", "Uma parte se perdeu no caminho, ou ele foi substituído. Abra-o de novo na nossa mensagem ou digite o código aqui."},
		stateRefused:     {"Agora não é possível entrar", "Algo mudou no seu acesso desde que enviamos este link. O nosso suporte pode explicar."},
		stateConfirmed:   {"Agradecemos, está confirmado", "A mudança está sendo feita. Depois escreveremos ao contato antigo e ao novo. Você pode fechar esta página."},
		stateDenied:      {"Agradecemos por nos avisar", "Nada será mudado, e a nossa equipe sabe que não foi você. Ela vai verificar quem pediu. Você pode fechar esta página."},
		stateForeign:     {"Abra o próprio link", "Isso veio de outra página, por isso nada foi feito. Abra o link na nossa mensagem."},
		stateBusy:        {"Aguarde um minuto", "Da sua rede vieram links incorretos demais, por isso nada foi feito. Tente de novo em um minuto."},
		stateUnread:      {"Não foi possível ler", "Nada foi feito. Abra de novo o link na nossa mensagem."},
		stateNoForm:      {"Não foi possível ler", "Nada foi feito. Abra de novo o link na nossa mensagem."},
		stateTooLong:     {"É longo demais para um código", "Nada foi feito. Abra de novo o link na nossa mensagem."},
		stateNowhere:     {"Ainda não é possível entrar assim", "Nada foi feito, e o seu link continua valendo. O nosso suporte pode ajudar de outra forma."},
		stateFailed:      {"Não funcionou", "Algo deu errado do nosso lado; não é culpa sua. Tente de novo em um minuto."},
		stateUnavailable: {"Não funcionou", "Não conseguimos responder agora; não é culpa sua. Tente de novo em um minuto."},
	},
}
