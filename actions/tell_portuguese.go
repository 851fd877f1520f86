package actions

import "golang.org/x/text/language"

// portuguese says você to the customer; it is Brazilian, in words that are
// understood in Portugal too.
var portuguese = tongue{
	tag:  language.Portuguese,
	name: "Portuguese",
	caller: "Para a sua segurança, não posso falar sobre nenhum acesso antes de saber com quem estou falando. " +
		"Você pode sempre usar “Esqueceu o nome de usuário ou a senha?” na página de login: " +
		"se houver um acesso para o que você digitar, um e-mail é enviado ao endereço registrado. Por favor, veja também na pasta de spam.",
	noHelp: "Sinto muito, não podemos ajudar com esta conta.",
	customer: map[Cause]string{
		CauseAccountCancelled:      "A conta está encerrada; vamos falar com o titular dela.",
		CauseTrialExpired:          "O período de teste terminou. Já avisamos que você gostaria de continuar.",
		CausePaymentHold:           "Por favor, fale com a pessoa que administra a sua conta; ela pode resolver isso.",
		CauseMembershipDeactivated: "Por favor, fale com o administrador da sua conta; ele pode reativar o seu acesso.",
		CauseUserDisabled:          "O seu acesso está desativado; o administrador da sua conta sabe o motivo.",
		CauseUserExpired:           "O seu acesso expirou. Já avisamos quem pode renová-lo.",
		CauseInvitePending:         "Por favor, procure o nosso convite no seu e-mail, inclusive na pasta de spam, e siga-o até o fim.",
		CauseAccountTakenOver:      "Estamos protegendo a conta e vamos ligar para o número que temos registrado.",
		CauseUnderAttack:           "Estamos protegendo a conta e voltaremos a falar com você.",
		CauseCredentialShared:      "Este acesso foi usado em muitos lugares. Vamos criar um novo, só para você.",
		CauseStaleSavedPassword:    "Um dos seus dispositivos ou aplicativos ainda usa uma senha antiga e continua tentando entrar. Em quais deles a sua sessão está aberta?",
		CauseLockedAttempts:        "Houve tentativas demais com uma senha errada; por segurança, o acesso se bloqueou sozinho.",
		CauseLockedInactivity:      "O acesso ficou inativo porque não foi usado por muito tempo.",
		CauseLockedManually:        "Estamos verificando isso com um colega e voltaremos a falar com você.",
		CauseJustUnlocked:          "Por favor, tente novamente agora.",
		CauseIPBlocked:             "Por favor, tente por outra rede, por exemplo a do seu telefone.",
		CausePasswordExpired:       "A sua senha precisa ser renovada: por favor, conclua a redefinição que vamos enviar.",
		CauseWrongLoginMethod:      "Você entra por meio do seu provedor: por favor, use o botão dele na página de login, e não uma senha.",
		CauseEmailMissing:          "Qual endereço de e-mail devemos registrar para você?",
		CauseEmailSuppressed:       "Os nossos e-mails para você ficaram retidos; já estamos cuidando disso.",
		CauseEmailBounced:          "A sua caixa de e-mail recusou a nossa mensagem. O endereço ainda está certo?",
		CauseSMSUndelivered:        "O nosso SMS não chegou. O número ainda está certo?",
		CauseEmailDelayed:          "O nosso e-mail está a caminho; por favor, aguarde alguns minutos.",
		CauseResetLinkExpired:      "O link expirou. Vamos enviar um novo; por favor, use o link mais recente antes que ele expire.",
		CauseResetLinkConsumed:     "Algo abriu o link antes de você, talvez um verificador de e-mails. Vamos enviar um novo.",
		CauseEmailUnseen:           "Por favor, veja na sua pasta de spam; um firewall da sua empresa também pode estar retendo o nosso e-mail.",
		CauseOptedOut:              "As nossas mensagens para você estão desativadas; por favor, ative-as novamente.",
		CauseVPNInterference:       "Por favor, desative a VPN e tente novamente.",
		CauseMFAFailed:             "A segunda etapa não funcionou. Vamos primeiro confirmar a sua identidade.",
		CauseCodeSuperseded:        "Só o código mais recente funciona; por favor, apague os anteriores.",
		CauseCodeExpired:           "O código tinha expirado; por favor, peça um novo e digite-o logo em seguida.",
		CauseCodeWrong:             "O código não estava certo; por favor, digite novamente o mais recente.",
		CauseDeviceUnrecognised:    "Com janelas privadas ou cookies apagados, precisamos pedir um código todas as vezes.",
		CauseNotPublished:          "O que você quer abrir não está compartilhado com você; vamos perguntar a quem o publica.",
		CauseUnknownUsername:       "Vamos enviar o nome de usuário correto para o endereço que temos registrado.",
		CauseWrongPassword:         "Por favor, use “Esqueceu a senha?” na página de login.",
		CauseNoAttemptsSeen:        "Em que página você está e o que aparece nela?",
		CauseIdentityUnresolved:    "Que endereço você usou ao se registrar?",
		CauseUnexplained:           "Estamos analisando o caso.",
		CauseLooksFine:             "Parece que você já entrou; o que está vendo?",
	},
}
