package actions

import (
	"context"
	"crypto/rand"
	"net/url"
	"strings"
	"time"
)

const (
	// adminAnswerTime is how long the customer has to send the credentials.
	adminAnswerTime = 7 * DefaultDay
	// whereLimit is how long the address of a customer's site may be, in characters.
	whereLimit = 100
)

// adminCredentials is what the customer is asked for, by language (see languageOf):
// the mail and the page say it in theirs.
var adminCredentials = map[string]string{
	"":           "Login name and password of the temporary administrator",
	"German":     "Benutzername und Passwort des vorübergehenden Administrators",
	"French":     "Identifiant et mot de passe de l'administrateur temporaire",
	"Spanish":    "Nombre de usuario y contraseña del administrador temporal",
	"Portuguese": "Nome de usuário e senha do administrador temporário",
}

// AskAdmin asks a customer, by mail in their language, to make a temporary admin on
// their own site, with the steps and a link by which they send its credentials
// (RULES S3.1, S3.2): a secret request, which only the actor can open. Errors: as of
// [Actions.AskForSecret]; Invalid for a lifetime that it can't have.
func (a *Actions) AskAdmin(ctx context.Context, call Call, n NewAdminAsk) (AdminReport, error) {
	if !May(call.Actor.Roles, ActAskAdmin) {
		return AdminReport{}, a.Refuse(ctx, call, ActAskAdmin)
	}
	if err := a.roomFor(ctx, call, ActAskAdmin); err != nil {
		return AdminReport{}, err
	}
	asked, t, err := a.newAdminAsk(ctx, call.Actor.ID, n)
	if err != nil {
		return AdminReport{}, a.refusedFor(ctx, call, ActAskAdmin, err)
	}
	err = a.Store.Tx(ctx, func(tx Tx) error {
		entry := t.ownEntry(t.At, ActAskAdmin, t.Actor, "asked by mail for one")
		entry.Reason = t.Reason
		ticket, err := a.RecordUnder(ctx, tx, call, entry)
		if err != nil {
			return err
		}
		if err := a.notTooMany(ctx, tx, t.Actor, t.At); err != nil {
			return err
		}
		t.Ticket, asked.request.Ticket = ticket, ticket
		if err := a.startRequest(ctx, tx, asked); err != nil {
			return err
		}
		if err := tx.StartAdmin(ctx, t); err != nil {
			return err
		}
		return a.tellOwn(ctx, tx, t, "", "")
	})
	if err != nil {
		return AdminReport{}, a.stopped(ctx, call, ActAskAdmin, err)
	}
	a.at(stepRequestStored)
	return a.AdminReport(ctx, t.ID)
}

// newAdminAsk makes the request for the credentials, and the record of what they are
// for. Nothing is stored.
func (a *Actions) newAdminAsk(ctx context.Context, actor string, n NewAdminAsk) (*asking, TempAdmin, error) {
	days, where, why, err := a.checkAdminAsk(n)
	if err != nil {
		return nil, TempAdmin{}, err
	}
	asked, err := a.newRequest(ctx, actor, TemplateAdminAsk, NewRequest{
		What: adminCredentials[""], Why: why, From: n.From, For: n.For, Lifetime: adminAnswerTime,
	})
	if err != nil {
		return nil, TempAdmin{}, err
	}
	r := &asked.request
	user, err := a.user(ctx, r.UserID)
	if err != nil {
		return nil, TempAdmin{}, err
	}
	if user.Protected { // nothing is done to them without a second person (RULES S0.5)
		return nil, TempAdmin{}, aboutFor(Conflict, "This customer is protected, so nothing is asked of them in this way. Please have a lead speak with them.")
	}
	if r.What = adminCredentials[languageOf(user.Locale)]; where != "" {
		r.What += " (" + where + ")"
	}
	return asked, TempAdmin{
		ID: rand.Text(), Site: SiteCustomer, State: AdminAsked, UserID: r.UserID, For: r.For, Where: where, Request: r.ID,
		Actor: actor, Receiver: actor, Reason: why, At: r.At, Days: days,
	}, nil
}

// checkAdminAsk looks at what is asked for, and fills in the usual. Errors: Invalid,
// about a field (see [AdminField]).
func (a *Actions) checkAdminAsk(n NewAdminAsk) (days int, where, why string, err error) {
	if where, err = checkWhere(n.Where); err != nil {
		return 0, "", "", aboutAdmin("where", err)
	}
	why = strings.TrimSpace(visibleText(n.Why))
	if err := checkAsked(adminCredentials[""], why); err != nil {
		return 0, "", "", aboutAdmin("reason", err)
	}
	days, err = a.adminDays(n.Days)
	return days, where, why, err
}

// adminDays is a lifetime that one asked for now may have, the usual one for 0.
func (a *Actions) adminDays(days int) (int, error) {
	least, usual := AdminDays(Instant(a.Now()), a.Zone)
	switch {
	case days == 0:
		return usual, nil
	case days < least || days > AdminDaysMost:
		return 0, aboutAdmin("days", Errorf(Invalid, "It can live for %d to %d days now. Please choose one of them.", least, AdminDaysMost))
	}
	return days, nil
}

// checkWhere looks at the address of a customer's site, which the customer reads: one
// line, and nothing in it with which one gets in.
func checkWhere(typed string) (string, error) {
	where := strings.TrimSpace(visibleText(typed))
	if err := checkLine("address of the site", where, whereLimit, false); err != nil {
		return "", err
	}
	if strings.ContainsAny(where, "@?#\\<>\" ") || where != "" && !isWebAddress(where) {
		return "", Errorf(Invalid, "Please type the address of the site alone, such as https://shop.example, without a login and without what follows a question mark.")
	}
	return where, CheckWritten(where)
}

// isWebAddress reports whether somebody typed the address of a site, with https:// or
// http:// before it or without.
func isWebAddress(typed string) bool {
	scheme, rest, found := strings.Cut(typed, "://")
	if !found {
		scheme, rest = "https", typed
	}
	u, err := url.Parse("https://" + rest)
	return err == nil && (scheme == "https" || scheme == "http") && strings.Contains(u.Hostname(), ".")
}

// requestMoved has the temporary admin whose credentials a request is for follow it: it
// was received, opened, or ended, by whom the audit names. told is whether who asked
// heard of it that way. A request for anything else changes nothing.
func (a *Actions) requestMoved(ctx context.Context, tx Tx, r SecretRequest, state RequestState, by string) (told bool, err error) {
	t, found, err := tx.AdminOfRequest(ctx, r.ID)
	if err != nil || !found {
		return false, err
	}
	now := Instant(a.Now())
	news, what := t.follow(state, by, now)
	if what == "" {
		return false, nil
	}
	if err := tx.PutAdmin(ctx, t); err != nil {
		return false, err
	}
	if t.End != "" {
		if err := tx.Audit(ctx, t.ownEntry(now, ActAdminEnded, by, what)); err != nil {
			return false, err
		}
	}
	return news != "", a.tellOwn(ctx, tx, t, news, by)
}

// follow moves a customer's own on with the request for its credentials, and says what
// happened for the audit; "" for nothing.
func (t *TempAdmin) follow(state RequestState, by string, now time.Time) (news AdminNews, what string) {
	over := state == RequestExpired || state == RequestWithdrawn
	switch {
	case state == RequestReceived && t.State == AdminAsked:
		t.State, t.BegunAt = AdminReceived, now
		t.livesUntil(now, now.Add(time.Duration(t.Days)*adminDay))
		return NewsReceived, "its credentials came"
	case state == RequestOpened && t.State == AdminReceived:
		t.State = AdminInUse
		return "", "its credentials were opened"
	case over && t.State == AdminAsked:
		t.State, t.End, t.EndedBy, t.EndedAt, t.Due = AdminRefused, AdminUnsent, by, now, time.Time{}
		return NewsUnsent, "no credentials came, the request " + string(state)
	case over && t.State == AdminReceived: // nobody gets in by it, and yet the customer made it
		t.State, t.End, t.EndedBy, t.EndingAt, t.Due = AdminEnding, AdminExpired, by, now, now
		if state == RequestWithdrawn {
			t.End = AdminRevoked
		}
		return "", "nobody opened its credentials, the request " + string(state)
	}
	return "", ""
}

// movedOn has all that shows a request follow it: the temporary admin that it is for,
// and its card, with a kind of news below it unless those of the admin say it.
func (a *Actions) movedOn(ctx context.Context, tx Tx, r SecretRequest, state RequestState, by string, news OutgoingKind) error {
	told, err := a.requestMoved(ctx, tx, r, state, by)
	if err != nil {
		return err
	}
	if told {
		news = ""
	}
	return a.tellAsker(ctx, tx, r, news)
}

// closeRequest withdraws the request for the credentials of a temporary admin that
// ends: what came and nobody opened is deleted. t is locked, and stored by the caller.
// One that has ended changes nothing.
func (a *Actions) closeRequest(ctx context.Context, tx Tx, t TempAdmin) error {
	if t.Request == "" {
		return nil
	}
	now := Instant(a.Now())
	r, found, err := tx.Request(ctx, t.Request)
	if err != nil || !found {
		return err
	}
	ended, err := tx.EndRequest(ctx, r.ID, requestOpen, RequestWithdrawn, "The temporary admin has ended.", now)
	if err != nil || !ended {
		return err
	}
	if err := dropRequest(ctx, tx, r); err != nil {
		return err
	}
	if err := tx.Audit(ctx, r.entry(now, ActSecretEnded, clockActor, "withdrawn, because the temporary admin has ended")); err != nil {
		return err
	}
	return a.tellAsker(ctx, tx, r, "")
}

// ownEntry is the row of the audit about a customer's own: what happened to it, and
// whose it is, never anything with which one gets in.
func (t TempAdmin) ownEntry(at time.Time, act Act, actor, what string) AuditEntry {
	detail := "temporary admin on the customer's own site: " + what
	if t.Where != "" {
		detail = "temporary admin on " + t.Where + ": " + what
	}
	if t.For != "" {
		detail += ", for " + t.For
	}
	return AuditEntry{At: at, Act: act, Actor: actor, Subject: t.UserID, Outcome: ActDone, Ticket: t.Ticket, Detail: detail}
}

// tellOfRequestMail has the cards show how the mail of a request fared: those of the
// temporary admin, too, that it is for.
func (a *Actions) tellOfRequestMail(ctx context.Context, tx Tx, r SecretRequest) error {
	if err := a.tellAsker(ctx, tx, r, ""); err != nil {
		return err
	}
	t, found, err := tx.AdminOfRequest(ctx, r.ID)
	if err != nil || !found {
		return err
	}
	return a.tellOwn(ctx, tx, t, "", "")
}
