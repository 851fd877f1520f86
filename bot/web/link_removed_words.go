package web

// removedWords are the words of the page by which a customer says that they deleted a
// temporary administrator (RULES S3.5), where they differ from those of other links.
type removedWords struct {
	states map[linkState]words
	button string
}

var englishRemoved = removedWords{
	button: "I have deleted the temporary administrator",
	states: map[linkState]words{
		stateLive:      {"Is the temporary administrator gone?", "Please delete it on your site first; our message says how. Then press the button, and we stop reminding you. The button itself changes nothing on your site."},
		stateConfirmed: {"Thank you, that is all", "We have noted that the temporary administrator is gone, and won't remind you again. You can close this page."},
		stateSpent:     {"You have told us already", "We know that the temporary administrator is gone, and there is nothing left to do. If it wasn't you who told us, please tell us straight away."},
		stateExpired:   {"This link has expired", "A link like this is good for 30 days. Please open the one in our newest message."},
	},
}

var germanRemoved = removedWords{
	button: "Ich habe den vorübergehenden Administrator gelöscht",
	states: map[linkState]words{
		stateLive:      {"Ist der vorübergehende Administrator gelöscht?", "Bitte löschen Sie ihn zuerst auf Ihrer Website; wie, steht in unserer Nachricht. Drücken Sie dann auf den Knopf, und wir erinnern Sie nicht mehr. Der Knopf selbst ändert auf Ihrer Website nichts."},
		stateConfirmed: {"Vielen Dank, das war alles", "Wir haben notiert, dass der vorübergehende Administrator gelöscht ist, und erinnern Sie nicht mehr. Sie können diese Seite schließen."},
		stateSpent:     {"Sie haben es uns schon gesagt", "Wir wissen, dass der vorübergehende Administrator gelöscht ist; es ist nichts mehr zu tun. Wenn nicht Sie es waren, sagen Sie es uns bitte sofort."},
		stateExpired:   {"Dieser Link ist abgelaufen", "Ein solcher Link gilt 30 Tage. Bitte öffnen Sie den aus unserer neuesten Nachricht."},
	},
}

var frenchRemoved = removedWords{
	button: "J'ai supprimé l'administrateur temporaire",
	states: map[linkState]words{
		stateLive:      {"L'administrateur temporaire est-il supprimé ?", "Supprimez-le d'abord sur votre site ; notre message dit comment. Appuyez ensuite sur le bouton, et nous ne vous le rappellerons plus. Le bouton lui-même ne change rien sur votre site."},
		stateConfirmed: {"Merci, c'est tout", "Nous avons noté que l'administrateur temporaire est supprimé, et ne vous le rappellerons plus. Vous pouvez fermer cette page."},
		stateSpent:     {"Vous nous l'avez déjà dit", "Nous savons que l'administrateur temporaire est supprimé, et il n'y a plus rien à faire. Si ce n'est pas vous qui nous l'avez dit, prévenez-nous tout de suite."},
		stateExpired:   {"Ce lien a expiré", "Un tel lien est valable 30 jours. Ouvrez celui de notre message le plus récent."},
	},
}

var spanishRemoved = removedWords{
	button: "He eliminado el administrador temporal",
	states: map[linkState]words{
		stateLive:      {"¿Ya no está el administrador temporal?", "Elimínelo primero en su sitio; nuestro mensaje dice cómo. Después pulse el botón, y dejaremos de recordárselo. El botón en sí no cambia nada en su sitio."},
		stateConfirmed: {"Gracias, eso es todo", "Hemos anotado que el administrador temporal ya no está, y no se lo recordaremos más. Puede cerrar esta página."},
		stateSpent:     {"Ya nos lo había dicho", "Sabemos que el administrador temporal ya no está, y no queda nada por hacer. Si no fue usted quien nos lo dijo, avísenos enseguida."},
		stateExpired:   {"Este enlace ha caducado", "Un enlace así vale 30 días. Abra el de nuestro mensaje más reciente."},
	},
}

var portugueseRemoved = removedWords{
	button: "Eu excluí o administrador temporário",
	states: map[linkState]words{
		stateLive:      {"O administrador temporário foi excluído?", "Exclua-o primeiro no seu site; a nossa mensagem diz como. Depois aperte o botão, e não lembramos mais você. O botão em si não muda nada no seu site."},
		stateConfirmed: {"Agradecemos, é só isso", "Anotamos que o administrador temporário foi excluído e não lembraremos mais você. Você pode fechar esta página."},
		stateSpent:     {"Você já nos contou", "Sabemos que o administrador temporário foi excluído, e não há mais nada a fazer. Se não foi você que nos contou, avise-nos imediatamente."},
		stateExpired:   {"Este link expirou", "Um link como este vale 30 dias. Abra o da nossa mensagem mais recente."},
	},
}
