package web

// secretWords are the words of a secret's page in one language, also those that
// its script shows: it has none of its own. {from} is who sent it, {time} a moment
// in the reader's own time zone, {count} a number. A test holds that each language
// has all of them, with the same of these.
type secretWords struct {
	Loading          string
	NoScript, OldOne saying // without JavaScript, and with too old a browser
	Live             saying
	Protected        string // follows Live's text when there is a passphrase
	Passphrase       string // the label of its box
	Left, LastOne    string // attempts, and only one
	Open, Opening    string // the button, and while it is at work
	NoPassphrase     string // nothing was entered
	Wrong            string // the passphrase isn't right
	Shown            saying
	Content          string // the label of the box with it
	Copy, Copied     string
	CopyByHand       string // the browser doesn't let the page copy
	Opened           saying // before
	Lost             saying // probably just now, but the answer didn't come
	Expired          saying
	Revoked          saying
	Locked           saying
	Damaged          saying // it was opened, and can't be decrypted
	Again            string // the button that asks for a new one
	AgainSent        string
	AgainFailed      string
	Incomplete       saying
	NotWhole         string // what was typed isn't a whole code
	Offline          saying // nothing was asked
	Broken           saying // it was asked to open, and no answer came
	Busy             saying // too many wrong links or passphrases
	Failed           saying
	TryAgain         string
	Somebody         string // sent it, when there is no name
}

// saying is a heading and what follows.
type saying struct{ Heading, Text string }

// secretTongues are in the order of linkTongues.
var secretTongues = []*secretWords{&englishSecret, &germanSecret, &frenchSecret, &spanishSecret, &portugueseSecret}

var englishSecret = secretWords{
	Loading:      "One moment …",
	NoScript:     saying{"This page needs JavaScript", "What was sent to you is decrypted in your browser, so that nobody on the way can read it. Please switch JavaScript on, or open the link in another browser. Nothing has been opened."},
	OldOne:       saying{"This browser can't open it", "It is too old for that, or the address doesn't begin with https. Please open the link in a current browser. Nothing has been opened."},
	Live:         saying{"{from} has sent you something confidential", "It can be opened once, until {time}. Then it is deleted here, so have a safe place ready to keep it."},
	Protected:    "A passphrase protects it, which you get from {from} another way.",
	Passphrase:   "Passphrase",
	Left:         "Attempts left: {count}",
	LastOne:      "This is the last attempt. If it is wrong, what was sent is deleted.",
	Open:         "Open it",
	Opening:      "Opening …",
	NoPassphrase: "Please enter the passphrase.",
	Wrong:        "That isn't the passphrase. Capital and small letters count.",
	Shown:        saying{"Here it is", "Keep it in a safe place now. It can't be opened again, and is gone once you leave this page."},
	Content:      "What was sent to you",
	Copy:         "Copy",
	Copied:       "Copied.",
	CopyByHand:   "Your browser doesn't allow that. Please copy the selected text yourself.",
	Opened:       saying{"This was opened already", "It was opened on {time}, and that works only once. If it wasn't you, please tell us straight away."},
	Lost:         saying{"It was opened, and got lost on the way", "It was opened on {time}, most likely by you just now, but the answer never arrived here. Nobody can open it any more. Please ask for a new one."},
	Expired:      saying{"This has expired", "It could be opened until {time}, and was then deleted unread."},
	Revoked:      saying{"This was withdrawn", "It was withdrawn on {time}, and deleted unread."},
	Locked:       saying{"This is locked", "After too many wrong passphrases it was deleted on {time}, so that nobody can guess. Nobody has read it."},
	Damaged:      saying{"It can't be read", "It was opened, but what arrived is damaged. Please ask for a new one."},
	Again:        "I need a new one",
	AgainSent:    "It is noted: {from} sees that you need a new one.",
	AgainFailed:  "That didn't get through. Please try again.",
	Incomplete:   saying{"This link is incomplete", "A part of it got lost on the way. Please open it from the message again, or enter its code here. Nothing has been opened."},
	NotWhole:     "That isn't the whole code: it has 43 letters, digits and signs.",
	Offline:      saying{"We can't be reached", "Your browser doesn't reach us just now. Nothing has been opened, and nothing is lost."},
	Broken:       saying{"The connection broke off", "It can't be told from here whether it was opened. Try again to find out. If it was, you need a new one."},
	Busy:         saying{"Please wait a minute", "Too much that isn't right came from where you are, so nothing was done. Nothing is lost."},
	Failed:       saying{"That didn't work", "Something went wrong with us; it isn't your doing. Please try again in a minute."},
	TryAgain:     "Try again",
	Somebody:     "Our support",
}

var germanSecret = secretWords{
	Loading:      "Einen Augenblick …",
	NoScript:     saying{"Diese Seite braucht JavaScript", "Was Ihnen geschickt wurde, wird in Ihrem Browser entschlüsselt, damit es unterwegs niemand lesen kann. Bitte schalten Sie JavaScript ein, oder öffnen Sie den Link in einem anderen Browser. Es wurde nichts geöffnet."},
	OldOne:       saying{"Dieser Browser kann das nicht öffnen", "Er ist zu alt dafür, oder die Adresse beginnt nicht mit https. Bitte öffnen Sie den Link in einem aktuellen Browser. Es wurde nichts geöffnet."},
	Live:         saying{"{from} hat Ihnen etwas Vertrauliches geschickt", "Es lässt sich ein einziges Mal öffnen, bis {time}. Danach wird es hier gelöscht; halten Sie also einen sicheren Ort dafür bereit."},
	Protected:    "Es ist mit einer Passphrase geschützt, die Sie von {from} auf anderem Weg bekommen.",
	Passphrase:   "Passphrase",
	Left:         "Verbleibende Versuche: {count}",
	LastOne:      "Das ist der letzte Versuch. Ist er falsch, wird das Geschickte gelöscht.",
	Open:         "Öffnen",
	Opening:      "Wird geöffnet …",
	NoPassphrase: "Bitte geben Sie die Passphrase ein.",
	Wrong:        "Das ist nicht die Passphrase. Groß- und Kleinschreibung zählt.",
	Shown:        saying{"Hier ist es", "Bewahren Sie es jetzt an einem sicheren Ort auf. Es lässt sich nicht noch einmal öffnen und ist weg, sobald Sie diese Seite verlassen."},
	Content:      "Was Ihnen geschickt wurde",
	Copy:         "Kopieren",
	Copied:       "Kopiert.",
	CopyByHand:   "Ihr Browser erlaubt das nicht. Bitte kopieren Sie den markierten Text selbst.",
	Opened:       saying{"Das wurde schon geöffnet", "Es wurde am {time} geöffnet, und das geht nur einmal. Wenn Sie das nicht waren, sagen Sie es uns bitte sofort."},
	Lost:         saying{"Es wurde geöffnet und ging unterwegs verloren", "Es wurde am {time} geöffnet, sehr wahrscheinlich gerade von Ihnen, aber die Antwort kam hier nicht an. Niemand kann es mehr öffnen. Bitte fordern Sie es neu an."},
	Expired:      saying{"Das ist abgelaufen", "Es ließ sich bis {time} öffnen und wurde danach ungelesen gelöscht."},
	Revoked:      saying{"Das wurde zurückgezogen", "Es wurde am {time} zurückgezogen und ungelesen gelöscht."},
	Locked:       saying{"Das ist gesperrt", "Nach zu vielen falschen Passphrasen wurde es am {time} gelöscht, damit niemand raten kann. Niemand hat es gelesen."},
	Damaged:      saying{"Das ist nicht zu lesen", "Es wurde geöffnet, aber was ankam, ist beschädigt. Bitte fordern Sie es neu an."},
	Again:        "Ich brauche es neu",
	AgainSent:    "Ist vermerkt: {from} sieht, dass Sie es neu brauchen.",
	AgainFailed:  "Das kam nicht an. Bitte versuchen Sie es noch einmal.",
	Incomplete:   saying{"Dieser Link ist unvollständig", "Ein Teil ging unterwegs verloren. Bitte öffnen Sie ihn noch einmal aus der Nachricht, oder geben Sie hier seinen Code ein. Es wurde nichts geöffnet."},
	NotWhole:     "Das ist nicht der ganze Code: Er hat 43 Buchstaben, Ziffern und Zeichen.",
	Offline:      saying{"Wir sind nicht erreichbar", "Ihr Browser erreicht uns gerade nicht. Es wurde nichts geöffnet, und nichts ist verloren."},
	Broken:       saying{"Die Verbindung brach ab", "Von hier aus lässt sich nicht sagen, ob es geöffnet wurde. Versuchen Sie es noch einmal, dann zeigt es sich. Wurde es geöffnet, müssen Sie es neu anfordern."},
	Busy:         saying{"Bitte warten Sie eine Minute", "Von Ihrem Anschluss kam zu viel, was nicht stimmte, deshalb ist nichts geschehen. Es ist nichts verloren."},
	Failed:       saying{"Das hat nicht geklappt", "Bei uns ist etwas schiefgegangen; an Ihnen liegt es nicht. Bitte versuchen Sie es in einer Minute noch einmal."},
	TryAgain:     "Noch einmal versuchen",
	Somebody:     "Unser Support",
}

var frenchSecret = secretWords{
	Loading:      "Un instant…",
	NoScript:     saying{"Cette page a besoin de JavaScript", "Ce qui vous a été envoyé est déchiffré dans votre navigateur, pour que personne ne puisse le lire en route. Activez JavaScript, ou ouvrez le lien dans un autre navigateur. Rien n'a été ouvert."},
	OldOne:       saying{"Ce navigateur ne peut pas l'ouvrir", "Il est trop ancien, ou l'adresse ne commence pas par https. Ouvrez le lien dans un navigateur récent. Rien n'a été ouvert."},
	Live:         saying{"{from} vous a envoyé quelque chose de confidentiel", "Cela ne s'ouvre qu'une fois, jusqu'au {time}. C'est ensuite effacé ici : prévoyez un endroit sûr où le garder."},
	Protected:    "Une phrase secrète le protège ; {from} vous la donne par une autre voie.",
	Passphrase:   "Phrase secrète",
	Left:         "Essais restants : {count}",
	LastOne:      "C'est le dernier essai. S'il est faux, l'envoi est effacé.",
	Open:         "Ouvrir",
	Opening:      "Ouverture…",
	NoPassphrase: "Saisissez la phrase secrète.",
	Wrong:        "Ce n'est pas la phrase secrète. Les majuscules et les minuscules comptent.",
	Shown:        saying{"Le voici", "Gardez-le dès maintenant en lieu sûr. Cela ne peut pas être rouvert, et disparaît dès que vous quittez cette page."},
	Content:      "Ce qui vous a été envoyé",
	Copy:         "Copier",
	Copied:       "Copié.",
	CopyByHand:   "Votre navigateur ne le permet pas. Copiez vous-même le texte sélectionné.",
	Opened:       saying{"Cela a déjà été ouvert", "Cela a été ouvert le {time}, et ce n'est possible qu'une fois. Si ce n'était pas vous, dites-le-nous tout de suite."},
	Lost:         saying{"C'est ouvert, mais perdu en route", "Cela a été ouvert le {time}, très probablement par vous à l'instant, mais la réponse n'est pas arrivée ici. Personne ne peut plus l'ouvrir. Demandez un nouvel envoi."},
	Expired:      saying{"Cela a expiré", "Cela pouvait être ouvert jusqu'au {time}, puis a été effacé sans être lu."},
	Revoked:      saying{"Cela a été retiré", "Cela a été retiré le {time}, et effacé sans être lu."},
	Locked:       saying{"C'est bloqué", "Après trop de phrases secrètes fausses, cela a été effacé le {time}, pour que personne ne puisse deviner. Personne ne l'a lu."},
	Damaged:      saying{"C'est illisible", "Cela a été ouvert, mais ce qui est arrivé est endommagé. Demandez un nouvel envoi."},
	Again:        "Il m'en faut un nouveau",
	AgainSent:    "C'est noté : {from} voit qu'il vous en faut un nouveau.",
	AgainFailed:  "Cela n'est pas arrivé. Réessayez.",
	Incomplete:   saying{"Ce lien est incomplet", "Une partie s'est perdue en route. Ouvrez-le de nouveau depuis le message, ou saisissez son code ici. Rien n'a été ouvert."},
	NotWhole:     "Ce n'est pas tout le code : il a 43 lettres, chiffres et signes.",
	Offline:      saying{"Nous sommes injoignables", "Votre navigateur n'arrive pas à nous joindre. Rien n'a été ouvert, et rien n'est perdu."},
	Broken:       saying{"La connexion s'est interrompue", "D'ici, on ne peut pas savoir si c'est ouvert. Réessayez pour le savoir. Si oui, il faut demander un nouvel envoi."},
	Busy:         saying{"Attendez une minute", "Trop d'erreurs sont venues de votre connexion, donc rien n'a été fait. Rien n'est perdu."},
	Failed:       saying{"Cela n'a pas fonctionné", "Une erreur s'est produite chez nous ; vous n'y êtes pour rien. Réessayez dans une minute."},
	TryAgain:     "Réessayer",
	Somebody:     "Notre support",
}

var spanishSecret = secretWords{
	Loading:      "Un momento…",
	NoScript:     saying{"Esta página necesita JavaScript", "Lo que le han enviado se descifra en su navegador, para que nadie pueda leerlo por el camino. Active JavaScript o abra el enlace en otro navegador. No se ha abierto nada."},
	OldOne:       saying{"Este navegador no puede abrirlo", "Es demasiado antiguo, o la dirección no empieza por https. Abra el enlace en un navegador actual. No se ha abierto nada."},
	Live:         saying{"{from} le ha enviado algo confidencial", "Se puede abrir una sola vez, hasta el {time}. Después se borra aquí, así que tenga listo un lugar seguro donde guardarlo."},
	Protected:    "Lo protege una frase de contraseña, que {from} le da por otra vía.",
	Passphrase:   "Frase de contraseña",
	Left:         "Intentos restantes: {count}",
	LastOne:      "Es el último intento. Si no es correcto, el envío se borra.",
	Open:         "Abrir",
	Opening:      "Abriendo…",
	NoPassphrase: "Escriba la frase de contraseña.",
	Wrong:        "Esa no es la frase de contraseña. Cuentan las mayúsculas y las minúsculas.",
	Shown:        saying{"Aquí está", "Guárdelo ahora en un lugar seguro. No se puede volver a abrir, y desaparece en cuanto deje esta página."},
	Content:      "Lo que le han enviado",
	Copy:         "Copiar",
	Copied:       "Copiado.",
	CopyByHand:   "Su navegador no lo permite. Copie usted el texto seleccionado.",
	Opened:       saying{"Esto ya se ha abierto", "Se abrió el {time}, y eso solo es posible una vez. Si no fue usted, díganoslo enseguida."},
	Lost:         saying{"Se abrió y se perdió por el camino", "Se abrió el {time}, con toda probabilidad por usted ahora mismo, pero la respuesta no llegó aquí. Ya nadie puede abrirlo. Pida uno nuevo."},
	Expired:      saying{"Esto ha caducado", "Se podía abrir hasta el {time}, y después se borró sin leer."},
	Revoked:      saying{"Esto se ha retirado", "Se retiró el {time}, y se borró sin leer."},
	Locked:       saying{"Esto está bloqueado", "Tras demasiadas frases de contraseña incorrectas se borró el {time}, para que nadie pueda adivinarla. Nadie lo ha leído."},
	Damaged:      saying{"No se puede leer", "Se abrió, pero lo que llegó está dañado. Pida uno nuevo."},
	Again:        "Necesito uno nuevo",
	AgainSent:    "Queda anotado: {from} ve que necesita uno nuevo.",
	AgainFailed:  "Eso no ha llegado. Inténtelo de nuevo.",
	Incomplete:   saying{"Este enlace está incompleto", "Una parte se perdió por el camino. Ábralo de nuevo desde el mensaje o escriba aquí su código. No se ha abierto nada."},
	NotWhole:     "Ese no es el código entero: tiene 43 letras, cifras y signos.",
	Offline:      saying{"No se nos puede alcanzar", "Su navegador no logra conectar con nosotros. No se ha abierto nada, y nada se ha perdido."},
	Broken:       saying{"Se cortó la conexión", "Desde aquí no se puede saber si se abrió. Inténtelo de nuevo para averiguarlo. Si se abrió, necesita uno nuevo."},
	Busy:         saying{"Espere un minuto", "Desde su conexión llegaron demasiados errores, así que no se ha hecho nada. No se ha perdido nada."},
	Failed:       saying{"No ha funcionado", "Algo ha fallado por nuestra parte; no es culpa suya. Inténtelo de nuevo en un minuto."},
	TryAgain:     "Intentar de nuevo",
	Somebody:     "Nuestro soporte",
}

var portugueseSecret = secretWords{
	Loading:      "Um momento…",
	NoScript:     saying{"Esta página precisa de JavaScript", "O que enviaram a você é decifrado no seu navegador, para que ninguém possa ler no caminho. Ative o JavaScript ou abra o link em outro navegador. Nada foi aberto."},
	OldOne:       saying{"Este navegador não consegue abrir", "Ele é antigo demais, ou o endereço não começa com https. Abra o link em um navegador atual. Nada foi aberto."},
	Live:         saying{"{from} enviou algo confidencial a você", "Só pode ser aberto uma vez, até {time}. Depois é apagado aqui; tenha pronto um lugar seguro para guardar."},
	Protected:    "Uma frase secreta protege o conteúdo; você a recebe de {from} por outro meio.",
	Passphrase:   "Frase secreta",
	Left:         "Tentativas restantes: {count}",
	LastOne:      "Esta é a última tentativa. Se estiver errada, o conteúdo é apagado.",
	Open:         "Abrir",
	Opening:      "Abrindo…",
	NoPassphrase: "Digite a frase secreta.",
	Wrong:        "Essa não é a frase secreta. Maiúsculas e minúsculas contam.",
	Shown:        saying{"Aqui está", "Guarde agora em um lugar seguro. Não pode ser aberto de novo, e some assim que você sair desta página."},
	Content:      "O que enviaram a você",
	Copy:         "Copiar",
	Copied:       "Copiado.",
	CopyByHand:   "O seu navegador não permite isso. Copie você mesmo o texto selecionado.",
	Opened:       saying{"Isto já foi aberto", "Foi aberto em {time}, e isso só é possível uma vez. Se não foi você, avise-nos imediatamente."},
	Lost:         saying{"Foi aberto e se perdeu no caminho", "Foi aberto em {time}, muito provavelmente por você agora há pouco, mas a resposta não chegou aqui. Ninguém mais pode abrir. Peça um novo."},
	Expired:      saying{"Isto expirou", "Podia ser aberto até {time}, e depois foi apagado sem ser lido."},
	Revoked:      saying{"Isto foi retirado", "Foi retirado em {time}, e apagado sem ser lido."},
	Locked:       saying{"Isto está bloqueado", "Depois de tentativas erradas demais, foi apagado em {time}, para que ninguém possa adivinhar. Ninguém leu."},
	Damaged:      saying{"Não é possível ler", "Foi aberto, mas o que chegou está danificado. Peça um novo."},
	Again:        "Preciso de um novo",
	AgainSent:    "Está anotado: {from} vê que você precisa de um novo.",
	AgainFailed:  "Isso não chegou. Tente de novo.",
	Incomplete:   saying{"Este link está incompleto", "Uma parte se perdeu no caminho. Abra-o de novo na mensagem ou digite o código aqui. Nada foi aberto."},
	NotWhole:     "Esse não é o código inteiro: ele tem 43 letras, números e sinais.",
	Offline:      saying{"Não é possível nos alcançar", "O seu navegador não consegue falar conosco agora. Nada foi aberto, e nada se perdeu."},
	Broken:       saying{"A conexão caiu", "Daqui não dá para saber se foi aberto. Tente de novo para descobrir. Se foi, você precisa de um novo."},
	Busy:         saying{"Aguarde um minuto", "Da sua rede veio coisa errada demais, por isso nada foi feito. Nada se perdeu."},
	Failed:       saying{"Não funcionou", "Algo deu errado do nosso lado; não é culpa sua. Tente de novo em um minuto."},
	TryAgain:     "Tentar de novo",
	Somebody:     "O nosso suporte",
}
