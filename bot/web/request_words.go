package web

// requestWords are the words of the page of a request in one language, beside
// those that it shares with the page of a link. In them {from} is who asks, {at}
// when the state began, {over} a number of bytes. A test holds that every state
// has its own in each.
type requestWords struct {
	states  map[requestState]words
	notices map[string]string // what goes wrong on the way, by the names that the script has for it

	Title string // of the page, whatever it says
	// Before what the page knows of a request.
	Who, What, Why, Until, Came, Kept string

	Content, Hint, ShowWhat, Seal string // the box that takes what is sent, and its button
	Sealing                       string // on the button, while it is sent
	Open, Opening                 string // the agent's button
	Value, Copy                   string // the box that shows what came, and its button
	Copied, NotCopied             string
	Again                         string // the button that tries again
	WrongCode                     string // beside the box that takes the code by hand
	Asker                         string // to an agent whose link doesn't serve
	Unasked                       string // to a customer who didn't expect this
	NoScript                      string // a heading; and what follows
	NoScriptText                  string
}

// requestTongues are the words of the languages, in the order of linkTongues.
var requestTongues = []*requestWords{&englishRequest, &germanRequest, &frenchRequest, &spanishRequest, &portugueseRequest}

var englishRequest = requestWords{
	Title: "Something confidential", Who: "Asked by", What: "What is needed", Why: "Why", Until: "Can be sent until", Came: "Came on", Kept: "Kept until",
	Content: "What you want to send", Hint: "Only what is named above, please. Up to 16 KB of text.", ShowWhat: "Show what I type", Seal: "Seal and send",
	Sealing: "Sending…", Open: "Open it now", Opening: "Opening…", Value: "What was sent", Copy: "Copy", Copied: "Copied.",
	NotCopied: "It can't be copied from here. Please select it and copy it yourself.", Again: "Try again",
	WrongCode: "That isn't a whole code. Please copy everything that follows the #.",
	Asker:     "If you asked for this yourself: press “Open it” in Slack again.",
	Unasked:   "You didn't expect this? Then don't send anything, and ask us first.",
	NoScript:  "This page needs JavaScript", NoScriptText: "What you send is sealed in your browser, which takes a script of ours. Please allow JavaScript and open the link again.",
	states: map[requestState]words{
		requestLoading:    {"One moment, please", "We are looking up what this link is for."},
		requestAsked:      {"{from} asks you for something confidential", "What you type is sealed in your browser before it leaves it. It is for {from} alone, and opens only once."},
		requestSent:       {"Received, thank you", "{from} is told, and can open it once. You may close this page."},
		requestReceived:   {"This was sent already", "It came on {at}, and each link takes one answer. If it wasn't you who sent it, please tell us straight away."},
		requestOpened:     {"This was sent and opened already", "It was opened on {at}, and nothing of it is kept here. If it wasn't you who sent it, please tell us straight away."},
		requestExpired:    {"This link has expired", "It ended on {at}, and nothing of it is kept. If it is still needed, our support can send you a new one. If you made a login for this, please delete that again."},
		requestWithdrawn:  {"This isn't needed any more", "The request was withdrawn on {at}. Nothing can be sent with this link, and nothing of it is kept. If you made a login for this, please delete that again."},
		requestIncomplete: {"This link is incomplete", "A part of it got lost on the way, or it was replaced. Please open it from our message again, or enter its code here."},
		requestChanged:    {"Something is wrong with this link", "It doesn't fit what our server says, so somebody else might read what you send. Nothing was sent. Please don't use this link, and tell our support straight away."},
		requestTrouble:    {"It didn't work", ""},
		requestOld:        {"This browser can't do it", "It lacks what seals and opens. Please open the link from our message in a current browser."},
		requestReady:      {"Something came for you", "It opens once, when you press, and is deleted here at that moment. Have the place ready where it belongs."},
		requestShown:      {"Here it is, this once", "It is deleted here already. Put it where it belongs, then close this page: it can't be opened again."},
		requestViewed:     {"This was opened already", "It was opened on {at}, and opens once. If you haven't seen it, ask for it again. If it wasn't you, tell your admin straight away."},
		requestLate:       {"The 5 minutes of this page are over", "What came is still there. Press “Open it” in Slack again."},
		requestLapsed:     {"Nobody opened this in time", "It was deleted on {at}, unopened. If it is still needed, ask for it again."},
		requestWiped:      {"Nothing is shown here any more", "What stood here was wiped when you left the page, and can't be opened again."},
	},
	notices: map[string]string{
		"offline": "We can't be reached. Please check your connection and try again.",
		"silent":  "No answer came in time. Please try again.",
		"kept":    "What you typed is still here.",
		"unsure":  "Whether it was opened is told when you try again.",
		"busy":    "Too many links that aren't right came from where you are. Please try again in a minute.",
		"failed":  "Something went wrong on our side; you did nothing wrong. Please try again in a minute.",
		"foreign": "This came from another page, so nothing was done. Please open the link from our message.",
		"unread":  "That could not be read, so nothing was taken. Please try again, or open the link from our message again.",
		"empty":   "Please type what you want to send.", "too_long": "That is {over} bytes too long. Please shorten it; most letters are one byte, others up to four.",
	},
}

var germanRequest = requestWords{
	Title: "Etwas Vertrauliches", Who: "Angefragt von", What: "Was gebraucht wird", Why: "Wofür", Until: "Kann gesendet werden bis", Came: "Eingegangen am", Kept: "Liegt hier bis",
	Content: "Was Sie senden möchten", Hint: "Bitte nur, was oben genannt ist. Bis zu 16 KB Text.", ShowWhat: "Eingabe anzeigen", Seal: "Versiegeln und senden",
	Sealing: "Wird gesendet …", Open: "Jetzt öffnen", Opening: "Wird geöffnet …", Value: "Was gesendet wurde", Copy: "Kopieren", Copied: "Kopiert.",
	NotCopied: "Das lässt sich hier nicht kopieren. Bitte markieren und kopieren Sie es selbst.", Again: "Noch einmal versuchen",
	WrongCode: "Das ist kein vollständiger Code. Bitte kopieren Sie alles, was hinter dem # steht.",
	Asker:     "Falls Sie selbst danach gefragt haben: Klicken Sie in Slack noch einmal auf „Open it“.",
	Unasked:   "Sie haben das nicht erwartet? Dann senden Sie nichts und fragen Sie zuerst bei uns nach.",
	NoScript:  "Diese Seite braucht JavaScript", NoScriptText: "Was Sie senden, wird in Ihrem Browser versiegelt, und das macht ein Skript von uns. Bitte erlauben Sie JavaScript und öffnen Sie den Link noch einmal.",
	states: map[requestState]words{
		requestLoading:    {"Einen Moment bitte", "Wir sehen nach, wofür dieser Link ist."},
		requestAsked:      {"{from} bittet Sie um etwas Vertrauliches", "Was Sie eingeben, wird in Ihrem Browser versiegelt, bevor es ihn verlässt. Es ist nur für {from} und lässt sich nur einmal öffnen."},
		requestSent:       {"Erhalten, vielen Dank", "{from} bekommt Bescheid und kann es einmal öffnen. Sie können diese Seite schließen."},
		requestReceived:   {"Das wurde schon gesendet", "Es kam am {at}, und jeder Link nimmt eine Antwort an. Wenn nicht Sie es gesendet haben, sagen Sie uns bitte sofort Bescheid."},
		requestOpened:     {"Das wurde schon gesendet und geöffnet", "Es wurde am {at} geöffnet, und nichts davon bleibt hier. Wenn nicht Sie es gesendet haben, sagen Sie uns bitte sofort Bescheid."},
		requestExpired:    {"Dieser Link ist abgelaufen", "Er endete am {at}, und nichts davon bleibt hier. Falls es noch gebraucht wird, kann unser Support Ihnen einen neuen senden. Wenn Sie dafür einen Zugang angelegt haben, löschen Sie ihn bitte wieder."},
		requestWithdrawn:  {"Das wird nicht mehr gebraucht", "Die Anfrage wurde am {at} zurückgezogen. Mit diesem Link lässt sich nichts senden, und nichts davon bleibt hier. Wenn Sie dafür einen Zugang angelegt haben, löschen Sie ihn bitte wieder."},
		requestIncomplete: {"Dieser Link ist unvollständig", "Ein Teil ging unterwegs verloren, oder er wurde ersetzt. Bitte öffnen Sie ihn noch einmal aus unserer Nachricht, oder geben Sie hier seinen Code ein."},
		requestChanged:    {"Mit diesem Link stimmt etwas nicht", "Er passt nicht zu dem, was unser Server sagt; jemand anders könnte lesen, was Sie senden. Es wurde nichts gesendet. Bitte benutzen Sie diesen Link nicht und sagen Sie unserem Support sofort Bescheid."},
		requestTrouble:    {"Das hat nicht geklappt", ""},
		requestOld:        {"Dieser Browser kann das nicht", "Ihm fehlt, was versiegelt und öffnet. Bitte öffnen Sie den Link aus unserer Nachricht in einem aktuellen Browser."},
		requestReady:      {"Für Sie ist etwas angekommen", "Es lässt sich einmal öffnen, wenn Sie drücken, und wird hier im selben Moment gelöscht. Halten Sie bereit, wo es hingehört."},
		requestShown:      {"Hier ist es, dieses eine Mal", "Hier ist es schon gelöscht. Legen Sie es dort ab, wo es hingehört, und schließen Sie diese Seite: Noch einmal lässt es sich nicht öffnen."},
		requestViewed:     {"Das wurde schon geöffnet", "Es wurde am {at} geöffnet, und das geht nur einmal. Wenn Sie es nicht gesehen haben, fragen Sie noch einmal danach. Wenn das nicht Sie waren, sagen Sie sofort Ihrem Admin Bescheid."},
		requestLate:       {"Die 5 Minuten dieser Seite sind um", "Was ankam, ist noch da. Klicken Sie in Slack noch einmal auf „Open it“."},
		requestLapsed:     {"Niemand hat das rechtzeitig geöffnet", "Es wurde am {at} ungeöffnet gelöscht. Falls es noch gebraucht wird, fragen Sie noch einmal danach."},
		requestWiped:      {"Hier wird nichts mehr gezeigt", "Was hier stand, wurde beim Verlassen der Seite gelöscht und lässt sich nicht noch einmal öffnen."},
	},
	notices: map[string]string{
		"offline": "Wir sind nicht erreichbar. Bitte prüfen Sie Ihre Verbindung und versuchen Sie es noch einmal.",
		"silent":  "Es kam nicht rechtzeitig eine Antwort. Bitte versuchen Sie es noch einmal.",
		"kept":    "Ihre Eingabe ist noch da.",
		"unsure":  "Ob es geöffnet wurde, zeigt der nächste Versuch.",
		"busy":    "Von Ihrem Anschluss kamen zu viele falsche Links. Bitte versuchen Sie es in einer Minute noch einmal.",
		"failed":  "Bei uns ist etwas schiefgegangen; Sie haben nichts falsch gemacht. Bitte versuchen Sie es in einer Minute noch einmal.",
		"foreign": "Das kam von einer anderen Seite, deshalb ist nichts geschehen. Bitte öffnen Sie den Link aus unserer Nachricht.",
		"unread":  "Das ließ sich nicht lesen, deshalb wurde nichts angenommen. Bitte versuchen Sie es noch einmal, oder öffnen Sie den Link noch einmal aus unserer Nachricht.",
		"empty":   "Bitte geben Sie ein, was Sie senden möchten.", "too_long": "Das ist um {over} Bytes zu lang. Bitte kürzen Sie es; die meisten Zeichen sind ein Byte, andere bis zu vier.",
	},
}

var frenchRequest = requestWords{
	Title: "Quelque chose de confidentiel", Who: "Demandé par", What: "Ce qu'il faut", Why: "Pourquoi", Until: "À envoyer avant le", Came: "Arrivé le", Kept: "Gardé jusqu'au",
	Content: "Ce que vous voulez envoyer", Hint: "Seulement ce qui est nommé ci-dessus. Jusqu'à 16 Ko de texte.", ShowWhat: "Afficher ma saisie", Seal: "Sceller et envoyer",
	Sealing: "Envoi en cours…", Open: "Ouvrir maintenant", Opening: "Ouverture…", Value: "Ce qui a été envoyé", Copy: "Copier", Copied: "Copié.",
	NotCopied: "La copie ne marche pas ici. Sélectionnez le texte et copiez-le vous-même.", Again: "Réessayer",
	WrongCode: "Ce n'est pas un code complet. Copiez tout ce qui suit le #.",
	Asker:     "Si c'est vous qui l'avez demandé : appuyez de nouveau sur « Open it » dans Slack.",
	Unasked:   "Vous ne vous y attendiez pas ? Alors n'envoyez rien et demandez-nous d'abord.",
	NoScript:  "Cette page a besoin de JavaScript", NoScriptText: "Ce que vous envoyez est scellé dans votre navigateur, par un script de notre part. Autorisez JavaScript et ouvrez de nouveau le lien.",
	states: map[requestState]words{
		requestLoading:    {"Un instant, s'il vous plaît", "Nous cherchons à quoi sert ce lien."},
		requestAsked:      {"{from} vous demande quelque chose de confidentiel", "Ce que vous saisissez est scellé dans votre navigateur avant d'en sortir. C'est pour {from} uniquement, et ne s'ouvre qu'une fois."},
		requestSent:       {"Bien reçu, merci", "{from} est prévenu et peut l'ouvrir une fois. Vous pouvez fermer cette page."},
		requestReceived:   {"C'est déjà envoyé", "C'est arrivé le {at}, et chaque lien accepte une seule réponse. Si ce n'est pas vous qui l'avez envoyé, dites-le-nous tout de suite."},
		requestOpened:     {"C'est déjà envoyé et ouvert", "Ouvert le {at} ; rien n'en est gardé ici. Si ce n'est pas vous qui l'avez envoyé, dites-le-nous tout de suite."},
		requestExpired:    {"Ce lien a expiré", "Il a pris fin le {at}, et rien n'en est gardé. Si c'est encore nécessaire, notre support peut vous en envoyer un nouveau. Si vous avez créé un accès pour cela, supprimez-le."},
		requestWithdrawn:  {"Ce n'est plus nécessaire", "La demande a été retirée le {at}. Rien ne peut être envoyé par ce lien, et rien n'en est gardé. Si vous avez créé un accès pour cela, supprimez-le."},
		requestIncomplete: {"Ce lien est incomplet", "Une partie s'est perdue en route, ou il a été remplacé. Ouvrez-le de nouveau depuis notre message, ou saisissez son code ici."},
		requestChanged:    {"Ce lien a quelque chose d'anormal", "Il ne correspond pas à ce que dit notre serveur : quelqu'un d'autre pourrait lire ce que vous envoyez. Rien n'a été envoyé. N'utilisez pas ce lien et prévenez tout de suite notre support."},
		requestTrouble:    {"Cela n'a pas fonctionné", ""},
		requestOld:        {"Ce navigateur ne le peut pas", "Il lui manque de quoi sceller et ouvrir. Ouvrez le lien de notre message dans un navigateur récent."},
		requestReady:      {"Quelque chose est arrivé pour vous", "Cela s'ouvre une fois, quand vous appuyez, et est supprimé ici au même moment. Préparez l'endroit où le ranger."},
		requestShown:      {"Le voici, cette unique fois", "C'est déjà supprimé ici. Rangez-le à sa place, puis fermez cette page : il ne pourra plus être ouvert."},
		requestViewed:     {"C'est déjà ouvert", "Ouvert le {at}, et cela ne s'ouvre qu'une fois. Si vous ne l'avez pas vu, demandez-le de nouveau. Si ce n'était pas vous, prévenez tout de suite votre admin."},
		requestLate:       {"Les 5 minutes de cette page sont passées", "Ce qui est arrivé est toujours là. Appuyez de nouveau sur « Open it » dans Slack."},
		requestLapsed:     {"Personne ne l'a ouvert à temps", "Supprimé sans être ouvert le {at}. Si c'est encore nécessaire, demandez-le de nouveau."},
		requestWiped:      {"Plus rien n'est affiché ici", "Ce qui se trouvait ici a été effacé quand vous avez quitté la page, et ne peut plus être ouvert."},
	},
	notices: map[string]string{
		"offline": "Nous sommes injoignables. Vérifiez votre connexion et réessayez.",
		"silent":  "Aucune réponse n'est venue à temps. Réessayez.",
		"kept":    "Votre saisie est toujours là.",
		"unsure":  "Le prochain essai dira si cela a été ouvert.",
		"busy":    "Trop de liens incorrects sont venus de votre connexion. Réessayez dans une minute.",
		"failed":  "Une erreur s'est produite chez nous ; vous n'y êtes pour rien. Réessayez dans une minute.",
		"foreign": "Cela venait d'une autre page, donc rien n'a été fait. Ouvrez le lien depuis notre message.",
		"unread":  "C'était illisible, donc rien n'a été pris. Réessayez, ou ouvrez de nouveau le lien depuis notre message.",
		"empty":   "Saisissez ce que vous voulez envoyer.", "too_long": "C'est trop long de {over} octets. Raccourcissez-le ; la plupart des lettres font un octet, d'autres jusqu'à quatre.",
	},
}

var spanishRequest = requestWords{
	Title: "Algo confidencial", Who: "Lo pide", What: "Qué se necesita", Why: "Para qué", Until: "Se puede enviar hasta", Came: "Llegó el", Kept: "Se guarda hasta",
	Content: "Lo que quiere enviar", Hint: "Solo lo que se nombra arriba, por favor. Hasta 16 KB de texto.", ShowWhat: "Mostrar lo que escribo", Seal: "Sellar y enviar",
	Sealing: "Enviando…", Open: "Abrir ahora", Opening: "Abriendo…", Value: "Lo que se envió", Copy: "Copiar", Copied: "Copiado.",
	NotCopied: "Desde aquí no se puede copiar. Selecciónelo y cópielo usted.", Again: "Intentar de nuevo",
	WrongCode: "Eso no es un código completo. Copie todo lo que sigue a la #.",
	Asker:     "Si lo pidió usted: pulse de nuevo «Open it» en Slack.",
	Unasked:   "¿No lo esperaba? Entonces no envíe nada y pregúntenos primero.",
	NoScript:  "Esta página necesita JavaScript", NoScriptText: "Lo que usted envía se sella en su navegador, y de eso se encarga un script nuestro. Permita JavaScript y abra de nuevo el enlace.",
	states: map[requestState]words{
		requestLoading:    {"Un momento, por favor", "Estamos mirando para qué es este enlace."},
		requestAsked:      {"{from} le pide algo confidencial", "Lo que escriba se sella en su navegador antes de salir de él. Es solo para {from}, y se abre una sola vez."},
		requestSent:       {"Recibido, gracias", "{from} recibe el aviso y puede abrirlo una vez. Puede cerrar esta página."},
		requestReceived:   {"Esto ya se envió", "Llegó el {at}, y cada enlace admite una sola respuesta. Si no lo ha enviado usted, díganoslo enseguida."},
		requestOpened:     {"Esto ya se envió y se abrió", "Se abrió el {at}, y aquí no se guarda nada. Si no lo ha enviado usted, díganoslo enseguida."},
		requestExpired:    {"Este enlace ha caducado", "Terminó el {at}, y no se guarda nada. Si todavía hace falta, nuestro soporte puede enviarle uno nuevo. Si creó un acceso para esto, elimínelo, por favor."},
		requestWithdrawn:  {"Esto ya no hace falta", "La petición se retiró el {at}. Con este enlace no se puede enviar nada, y no se guarda nada. Si creó un acceso para esto, elimínelo, por favor."},
		requestIncomplete: {"Este enlace está incompleto", "Una parte se perdió por el camino, o fue sustituido. Ábralo de nuevo desde nuestro mensaje o escriba aquí su código."},
		requestChanged:    {"Algo va mal con este enlace", "No coincide con lo que dice nuestro servidor: otra persona podría leer lo que usted envía. No se ha enviado nada. No use este enlace y avise enseguida a nuestro soporte."},
		requestTrouble:    {"No ha funcionado", ""},
		requestOld:        {"Este navegador no puede hacerlo", "Le falta lo que sella y abre. Abra el enlace de nuestro mensaje en un navegador actual."},
		requestReady:      {"Ha llegado algo para usted", "Se abre una sola vez, cuando usted pulsa, y en ese momento se borra de aquí. Tenga preparado el lugar donde guardarlo."},
		requestShown:      {"Aquí está, por esta única vez", "Aquí ya está borrado. Guárdelo donde corresponde y cierre esta página: no se puede abrir de nuevo."},
		requestViewed:     {"Esto ya se abrió", "Se abrió el {at}, y solo se abre una vez. Si no lo ha visto, pídalo de nuevo. Si no fue usted, avise enseguida a su admin."},
		requestLate:       {"Los 5 minutos de esta página han pasado", "Lo que llegó sigue ahí. Pulse de nuevo «Open it» en Slack."},
		requestLapsed:     {"Nadie lo abrió a tiempo", "Se borró sin abrir el {at}. Si todavía hace falta, pídalo de nuevo."},
		requestWiped:      {"Aquí ya no se muestra nada", "Lo que había aquí se borró cuando usted salió de la página, y no se puede abrir de nuevo."},
	},
	notices: map[string]string{
		"offline": "No se nos puede alcanzar. Compruebe su conexión e inténtelo de nuevo.",
		"silent":  "No llegó respuesta a tiempo. Inténtelo de nuevo.",
		"kept":    "Lo que escribió sigue aquí.",
		"unsure":  "Si se abrió o no, lo dirá el próximo intento.",
		"busy":    "Desde su conexión llegaron demasiados enlaces incorrectos. Inténtelo de nuevo en un minuto.",
		"failed":  "Algo ha fallado por nuestra parte; no es culpa suya. Inténtelo de nuevo en un minuto.",
		"foreign": "Esto vino de otra página, así que no se ha hecho nada. Abra el enlace desde nuestro mensaje.",
		"unread":  "No se ha podido leer, así que no se ha tomado nada. Inténtelo de nuevo o abra otra vez el enlace desde nuestro mensaje.",
		"empty":   "Escriba lo que quiere enviar.", "too_long": "Sobran {over} bytes. Acórtelo; la mayoría de las letras ocupan un byte, otras hasta cuatro.",
	},
}

var portugueseRequest = requestWords{
	Title: "Algo confidencial", Who: "Quem pede", What: "O que é preciso", Why: "Por quê", Until: "Pode ser enviado até", Came: "Chegou em", Kept: "Fica guardado até",
	Content: "O que você quer enviar", Hint: "Só o que está indicado acima, por favor. Até 16 KB de texto.", ShowWhat: "Mostrar o que digito", Seal: "Selar e enviar",
	Sealing: "Enviando…", Open: "Abrir agora", Opening: "Abrindo…", Value: "O que foi enviado", Copy: "Copiar", Copied: "Copiado.",
	NotCopied: "Daqui não é possível copiar. Selecione o texto e copie você mesmo.", Again: "Tentar de novo",
	WrongCode: "Esse não é um código completo. Copie tudo o que vem depois do #.",
	Asker:     "Se foi você que pediu: aperte “Open it” de novo no Slack.",
	Unasked:   "Você não esperava por isso? Então não envie nada e pergunte-nos primeiro.",
	NoScript:  "Esta página precisa de JavaScript", NoScriptText: "O que você envia é selado no seu navegador por um script nosso. Permita JavaScript e abra o link de novo.",
	states: map[requestState]words{
		requestLoading:    {"Um momento, por favor", "Estamos vendo para que serve este link."},
		requestAsked:      {"{from} pede a você algo confidencial", "O que você digita é selado no seu navegador antes de sair dele. É só para {from}, e abre uma única vez."},
		requestSent:       {"Recebido, agradecemos", "{from} recebe o aviso e pode abrir uma vez. Você pode fechar esta página."},
		requestReceived:   {"Isso já foi enviado", "Chegou em {at}, e cada link aceita uma única resposta. Se não foi você que enviou, avise-nos imediatamente."},
		requestOpened:     {"Isso já foi enviado e aberto", "Foi aberto em {at}, e nada fica guardado aqui. Se não foi você que enviou, avise-nos imediatamente."},
		requestExpired:    {"Este link expirou", "Ele terminou em {at}, e nada fica guardado. Se ainda for preciso, o nosso suporte pode enviar um novo a você. Se você criou um acesso para isso, por favor exclua-o."},
		requestWithdrawn:  {"Isso não é mais preciso", "O pedido foi retirado em {at}. Nada pode ser enviado com este link, e nada fica guardado. Se você criou um acesso para isso, por favor exclua-o."},
		requestIncomplete: {"Este link está incompleto", "Uma parte se perdeu no caminho, ou ele foi substituído. Abra-o de novo na nossa mensagem ou digite o código aqui."},
		requestChanged:    {"Há algo errado com este link", "Ele não confere com o que o nosso servidor diz: outra pessoa poderia ler o que você envia. Nada foi enviado. Não use este link e avise imediatamente o nosso suporte."},
		requestTrouble:    {"Não funcionou", ""},
		requestOld:        {"Este navegador não consegue", "Falta a ele o que sela e abre. Abra o link da nossa mensagem em um navegador atual."},
		requestReady:      {"Chegou algo para você", "Abre uma única vez, quando você apertar, e é apagado aqui no mesmo momento. Tenha pronto o lugar onde guardar."},
		requestShown:      {"Aqui está, só desta vez", "Aqui já foi apagado. Guarde no lugar certo e feche esta página: não é possível abrir de novo."},
		requestViewed:     {"Isso já foi aberto", "Foi aberto em {at}, e só abre uma vez. Se você não viu, peça de novo. Se não foi você, avise imediatamente o seu admin."},
		requestLate:       {"Os 5 minutos desta página acabaram", "O que chegou ainda está lá. Aperte “Open it” de novo no Slack."},
		requestLapsed:     {"Ninguém abriu a tempo", "Foi apagado em {at}, sem ser aberto. Se ainda for preciso, peça de novo."},
		requestWiped:      {"Aqui não se mostra mais nada", "O que estava aqui foi apagado quando você saiu da página, e não pode ser aberto de novo."},
	},
	notices: map[string]string{
		"offline": "Não foi possível falar conosco. Verifique a sua conexão e tente de novo.",
		"silent":  "Nenhuma resposta chegou a tempo. Tente de novo.",
		"kept":    "O que você digitou ainda está aqui.",
		"unsure":  "Se foi aberto ou não, a próxima tentativa dirá.",
		"busy":    "Da sua rede vieram links incorretos demais. Tente de novo em um minuto.",
		"failed":  "Algo deu errado do nosso lado; não é culpa sua. Tente de novo em um minuto.",
		"foreign": "Isso veio de outra página, por isso nada foi feito. Abra o link na nossa mensagem.",
		"unread":  "Não foi possível ler, por isso nada foi aceito. Tente de novo ou abra o link outra vez na nossa mensagem.",
		"empty":   "Digite o que você quer enviar.", "too_long": "Passou {over} bytes do limite. Encurte o texto; a maioria das letras ocupa um byte, outras até quatro.",
	},
}
