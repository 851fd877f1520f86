package escalation

import "github.com/latchkey-bot/latchkey/actions"

// TellCustomer returns what to say to the customer of a case that was resolved, in
// English and then in their language (a locale such as "de-AT") when it is another
// one that we speak. Nothing is said of an outcome that the kind hasn't.
func TellCustomer(kind Kind, outcome Outcome, locale string) []Saying {
	news := newsOf(kind, outcome)
	if news == noNews {
		return nil
	}
	sayings := []Saying{{Language: english, Text: tellings[english][news]}}
	if language := actions.Language(locale); language != english {
		sayings = append(sayings, Saying{Language: language, Text: tellings[language][news]})
	}
	return sayings
}

// english is the language that everything is told in first.
const english = "en"

// news is what a customer hears of a case that was resolved. No sentence names a
// list, for whose it is and why the address stood on it is nobody's but ours; none
// promises what only the next mail can show; each says what happens next.
type news int

// The news.
const (
	noNews     news = iota
	mended          // our mail was held back, and isn't any more
	heldStill       // our mail is held back, and stays so
	notHeld         // nothing of ours holds it back
	mailLooked      // we looked into mail that doesn't arrive
	looked          // we looked into anything else
)

// newsOf is what there is to tell of an outcome.
func newsOf(kind Kind, outcome Outcome) news {
	switch {
	case !kind.Listed() && outcome == OutcomeOther:
		return looked
	case !kind.Listed():
		return noNews
	}
	return map[Outcome]news{ListedRemoved: mended, ListedKept: heldStill, NotListed: notHeld, OutcomeOther: mailLooked}[outcome]
}

// tellings are the texts by language. They say Sie, vous, usted and você, as what
// actions has to say does, and no sentence says the customer's gender.
var tellings = map[string]map[news]string{
	english: {
		mended: "Our mail to you was held back; that is mended. Please use \"Forgot your password?\" on the login page once more, " +
			"and look in your spam folder too: what was held back before isn't sent again by itself. Please tell us if nothing arrives.",
		heldStill: "Our mail to this address is held back, and we can't change that at the moment. " +
			"Which other e-mail address may we use for you? We'll first make sure together that it's yours.",
		notHeld: "We looked into it: on our side nothing holds our mail to you back. Please look in your spam folder, " +
			"and ask whoever looks after your company's mail whether a filter or firewall keeps it. Then ask for a new mail, and tell us if it doesn't arrive.",
		mailLooked: "Our team has looked into why our messages don't reach you. I'll tell you what that means for you. " +
			"Please ask for a new message, look in your spam folder too, and tell us if it doesn't arrive.",
		looked: "Our team has looked into it. I'll tell you what that means for you, and what to do next. " +
			"If something still doesn't work after that, please write to us again.",
	},
	"de": {
		mended: "Unsere E-Mails an Sie wurden zurückgehalten; das ist behoben. Bitte nutzen Sie noch einmal „Passwort vergessen?“ auf der Anmeldeseite " +
			"und sehen Sie auch im Spam-Ordner nach: Was vorher zurückgehalten wurde, wird nicht von selbst noch einmal verschickt. Bitte sagen Sie uns Bescheid, wenn nichts ankommt.",
		heldStill: "Unsere E-Mails an diese Adresse werden zurückgehalten, und das können wir im Moment nicht ändern. " +
			"Welche andere E-Mail-Adresse dürfen wir für Sie verwenden? Wir stellen zuerst gemeinsam sicher, dass es Ihre ist.",
		notHeld: "Wir haben nachgesehen: Bei uns hält nichts unsere E-Mails an Sie zurück. Bitte sehen Sie im Spam-Ordner nach " +
			"und fragen Sie, wer die E-Mails Ihres Unternehmens betreut, ob ein Filter oder eine Firewall sie abfängt. Fordern Sie dann eine neue E-Mail an und sagen Sie uns Bescheid, wenn sie nicht ankommt.",
		mailLooked: "Unser Team hat sich angesehen, warum unsere Nachrichten Sie nicht erreichen. Ich sage Ihnen, was das für Sie bedeutet. " +
			"Bitte fordern Sie eine neue Nachricht an, sehen Sie auch im Spam-Ordner nach und sagen Sie uns Bescheid, wenn sie nicht ankommt.",
		looked: "Unser Team hat sich die Sache angesehen. Ich sage Ihnen, was das für Sie bedeutet und was als Nächstes zu tun ist. " +
			"Wenn danach noch etwas nicht funktioniert, schreiben Sie uns bitte noch einmal.",
	},
	"fr": {
		mended: "Les e-mails que nous vous envoyons étaient retenus\u00a0; c'est réparé. Veuillez utiliser encore une fois «\u00a0Mot de passe oublié\u00a0?\u00a0» sur la page de connexion " +
			"et regarder aussi dans vos courriers indésirables\u00a0: ce qui a été retenu auparavant n'est pas renvoyé automatiquement. Veuillez nous prévenir si rien n'arrive.",
		heldStill: "Les e-mails que nous envoyons à cette adresse sont retenus, et nous ne pouvons pas y remédier pour le moment. " +
			"Quelle autre adresse e-mail pouvons-nous utiliser pour vous\u00a0? Nous vérifierons d'abord ensemble que c'est bien la vôtre.",
		notHeld: "Nous avons vérifié\u00a0: de notre côté, rien ne retient les e-mails que nous vous envoyons. Veuillez regarder dans vos courriers indésirables " +
			"et demander aux personnes qui gèrent la messagerie de votre entreprise si un filtre ou un pare-feu les intercepte. Demandez ensuite un nouvel e-mail, et prévenez-nous s'il n'arrive pas.",
		mailLooked: "Notre équipe a cherché pourquoi nos messages ne vous parviennent pas. Je vais vous dire ce que cela signifie pour vous. " +
			"Veuillez demander un nouveau message, regarder aussi dans vos courriers indésirables, et nous prévenir s'il n'arrive pas.",
		looked: "Notre équipe a examiné la situation. Je vais vous dire ce que cela signifie pour vous et quelle est la suite. " +
			"Si quelque chose ne fonctionne toujours pas après cela, veuillez nous écrire à nouveau.",
	},
	"es": {
		mended: "Nuestros correos para usted estaban retenidos; ya está solucionado. Por favor, use otra vez «¿Olvidó su contraseña?» en la página de inicio de sesión " +
			"y mire también en su carpeta de spam: lo que se retuvo antes no se vuelve a enviar por sí solo. Por favor, avísenos si no llega nada.",
		heldStill: "Nuestros correos a esta dirección están retenidos, y por el momento no podemos cambiarlo. " +
			"¿Qué otra dirección de correo electrónico podemos usar para usted? Primero comprobaremos juntos que es suya.",
		notHeld: "Lo hemos revisado: por nuestra parte, nada retiene nuestros correos para usted. Por favor, mire en su carpeta de spam " +
			"y pregunte a quien administra el correo de su empresa si un filtro o un cortafuegos los detiene. Después solicite un correo nuevo y avísenos si no llega.",
		mailLooked: "Nuestro equipo ha revisado por qué no le llegan nuestros mensajes. Le diré qué significa eso para usted. " +
			"Por favor, solicite un mensaje nuevo, mire también en su carpeta de spam y avísenos si no llega.",
		looked: "Nuestro equipo lo ha revisado. Le diré qué significa para usted y qué hay que hacer a continuación. " +
			"Si después de eso algo sigue sin funcionar, por favor, escríbanos de nuevo.",
	},
	"pt": {
		mended: "Os nossos e-mails para você estavam retidos; isso já foi resolvido. Por favor, use mais uma vez “Esqueceu a senha?” na página de login " +
			"e veja também na sua pasta de spam: o que ficou retido antes não é reenviado automaticamente. Por favor, avise-nos se nada chegar.",
		heldStill: "Os nossos e-mails para este endereço estão retidos e, no momento, não podemos mudar isso. " +
			"Que outro endereço de e-mail podemos usar para você? Primeiro vamos confirmar juntos que ele é seu.",
		notHeld: "Nós verificamos: do nosso lado, nada retém os nossos e-mails para você. Por favor, veja na sua pasta de spam " +
			"e pergunte a quem cuida do e-mail da sua empresa se um filtro ou firewall está retendo as mensagens. Depois, peça um novo e-mail e avise-nos se ele não chegar.",
		mailLooked: "A nossa equipe verificou por que as nossas mensagens não chegam até você. Vou explicar o que isso significa para você. " +
			"Por favor, peça uma nova mensagem, veja também na sua pasta de spam e avise-nos se ela não chegar.",
		looked: "A nossa equipe analisou o caso. Vou explicar o que isso significa para você e o que fazer em seguida. " +
			"Se depois disso algo ainda não funcionar, por favor, escreva para nós novamente.",
	},
}
