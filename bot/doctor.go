package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"
)

// CheckStatus says how something was found.
type CheckStatus string

// How something may be found.
const (
	CheckOK   CheckStatus = "ok"
	CheckWarn CheckStatus = "warn" // it works, and somebody should know
	CheckFail CheckStatus = "fail"
)

// Checked is what was found of one thing that a server needs, and how it is mended.
// Neither shows a secret.
type Checked struct {
	Check    string      `json:"check"` // what was looked at, such as "slack_token"
	Status   CheckStatus `json:"status"`
	Sentence string      `json:"sentence"`
	Mend     string      `json:"mend"` // "" when there is nothing to mend
	// Refused says that Slack doesn't take the bot's token, which no waiting mends.
	Refused bool `json:"-"`
}

// Found is what was found to be as it should.
func Found(check, sentence string) Checked {
	return Checked{Check: check, Status: CheckOK, Sentence: sentence}
}

// NotLooked is for what couldn't be looked at, and what to do before.
func NotLooked(check, why, mend string) Checked {
	return Checked{Check: check, Status: CheckWarn, Sentence: "Not looked at: " + why, Mend: mend}
}

// Warn adds something that works and that somebody should know.
func (c *Checked) Warn(sentence, mend string) { c.add(CheckWarn, sentence, mend) }

// Fail adds something that doesn't work.
func (c *Checked) Fail(sentence, mend string) { c.add(CheckFail, sentence, mend) }

// add adds what is wrong to what was wrong before.
func (c *Checked) add(status CheckStatus, sentence, mend string) {
	if c.Status == CheckOK {
		c.Status, c.Sentence = status, ""
	}
	if status == CheckFail {
		c.Status = status
	}
	c.Sentence = strings.TrimSpace(c.Sentence + " " + sentence)
	if !strings.Contains(c.Mend, mend) {
		c.Mend = strings.TrimSpace(c.Mend + " " + mend)
	}
}

// Checkup is what is looked at in Slack before anybody uses Latchkey. It changes
// nothing there.
type Checkup struct {
	// Config names the people, the channels and where Slack is; what else is in it
	// isn't used.
	Config
	BotToken string
	AppToken string // "" without Socket Mode
	// Zone is the team's; nil: it isn't compared with those that people have set.
	Zone *time.Location
	// Brief leaves out what couldn't be looked at in time, and what a server that starts
	// finds out by itself.
	Brief bool
}

// Examine looks at the token, and then at the scopes, the channels, the groups, the
// people and the clocks, one [Checked] each, until ctx ends.
func (c Checkup) Examine(ctx context.Context) []Checked {
	x := c.examination()
	all := []Checked{x.token(ctx)}
	for _, l := range []struct {
		name string
		look func(context.Context) Checked
	}{
		{"slack_scopes", x.scopes}, {"slack_app_token", x.appToken}, {"channels", x.channels},
		{"groups", x.groups}, {"roles", x.roles}, {"clock", x.clock}, {"time_zone", x.zone},
	} {
		found := x.unseen(l.name)
		if found == nil {
			one := l.look(ctx)
			found = &one
		}
		if ctx.Err() != nil && found.Status != CheckOK { // for want of time, perhaps
			late := NotLooked(l.name, "Slack took too long.", "Run this again.")
			found = &late
		}
		if !c.Brief || ctx.Err() == nil {
			all = append(all, *found)
		}
	}
	return all
}

// examination is one look at Slack, and what was learned so far.
type examination struct {
	Checkup
	client    *slack.Client
	workspace *webWorkspace
	said      *slack.AuthTestResponse // nil: Slack doesn't say who the bot is
	heard     time.Time               // when that was
	team      string
	zones     []*time.Location // that people have set
}

func (c Checkup) examination() *examination {
	if c.Now == nil {
		c.Now = time.Now
	}
	options := []slack.Option{slack.OptionHTTPClient(&http.Client{Timeout: webTimeout, Transport: c.Transport}), slack.OptionAppLevelToken(c.AppToken)}
	if c.APIURL != "" {
		options = append(options, slack.OptionAPIURL(c.APIURL))
	}
	client := slack.New(c.BotToken, options...)
	return &examination{Checkup: c, client: client, workspace: &webWorkspace{client: client}}
}

// unseen is for what can't be looked at without a token; nil: it can.
func (x *examination) unseen(name string) *Checked {
	if x.said != nil || name == "slack_app_token" || name == "time_zone" {
		return nil
	}
	missing := NotLooked(name, "Slack doesn't say who the bot is.", "Mend slack_token first.")
	return &missing
}

// token is slack_token: whether Slack takes the bot's token.
func (x *examination) token(ctx context.Context) Checked {
	c := Found("slack_token", "")
	if x.BotToken == "" {
		c.Fail("LATCHKEY_SLACK_BOT_TOKEN isn't set.", "Set it to the “Bot User OAuth Token” of the app's page “OAuth & Permissions”.")
		return c
	}
	said, err := patient(ctx, func() (*slack.AuthTestResponse, error) { return x.client.AuthTestContext(ctx) })
	switch {
	case tokenRefused(err):
		c.Refused = true
		c.Fail(fmt.Sprintf("Slack refuses LATCHKEY_SLACK_BOT_TOKEN (%v).", err),
			"Take the “Bot User OAuth Token” (xoxb-…) of the app's page “OAuth & Permissions”, and install the app to the workspace if there is none.")
	case err != nil:
		c.Fail(slackTrouble(err))
	case said.BotID == "":
		c.Fail("LATCHKEY_SLACK_BOT_TOKEN is a person's token, not the bot's.", "Take the “Bot User OAuth Token” (xoxb-…) of the app's page “OAuth & Permissions”.")
	default:
		c.Sentence = fmt.Sprintf("Slack knows the bot as %s in %s (%s).", said.UserID, said.Team, said.URL)
		x.said, x.heard, x.team = said, x.Now(), said.TeamID
	}
	return c
}

// reinstall is how an app gets the scopes that it lacks.
const reinstall = "Update the app with what “latchkey manifest” prints (api.slack.com/apps, App Manifest), and install it to the workspace again."

// scopes is slack_scopes: whether the app has those of the manifest.
func (x *examination) scopes(context.Context) Checked {
	wanted := Manifest(x.CommandPrefix, "https://latchkey.example").OAuthConfig.Scopes.Bot
	c := Found("slack_scopes", fmt.Sprintf("The app has the %d scopes of the manifest.", len(wanted)))
	header := x.said.Header.Get("X-OAuth-Scopes")
	if header == "" {
		c.Warn("Slack doesn't say which scopes the app has.", "Compare them with what “latchkey manifest” prints.")
		return c
	}
	given := strings.FieldsFunc(header, func(r rune) bool { return r == ',' || r == ' ' })
	if missing := without(wanted, given); len(missing) > 0 {
		c.Fail("The app lacks "+strings.Join(missing, ", ")+", so what needs that fails.", reinstall)
	}
	if extra := without(given, wanted); len(extra) > 0 {
		c.Warn("The app may do more than Latchkey needs: "+strings.Join(extra, ", ")+".", reinstall)
	}
	return c
}

// without are the texts of one list that aren't in another.
func without(list, other []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(other, s) })
}

// appToken is slack_app_token: whether Socket Mode can be begun.
func (x *examination) appToken(ctx context.Context) Checked {
	const name = "slack_app_token"
	switch {
	case x.AppToken == "":
		return Found(name, "Slack reaches Latchkey over HTTP: LATCHKEY_SLACK_APP_TOKEN isn't set.")
	case x.Brief:
		return Found(name, "Socket Mode says by itself whether it can begin.")
	}
	c := Found(name, "Socket Mode can begin.")
	_, err := patient(ctx, func() (string, error) {
		_, address, err := x.client.StartSocketModeContext(ctx)
		return address, err
	})
	switch {
	case tokenRefused(err), refused(err, "missing_scope"):
		c.Fail(fmt.Sprintf("Slack refuses LATCHKEY_SLACK_APP_TOKEN (%v).", err),
			"Make one with the scope connections:write (the app's page “Basic Information”, App-Level Tokens), and switch “Socket Mode” on.")
	case err != nil:
		c.Fail(slackTrouble(err))
	}
	return c
}

// How far a clock may be off: a second is how exactly Slack says the time, and from
// five minutes on signatures aren't taken.
const (
	skewWarns = 10 * time.Second
	skewFails = 2 * time.Minute
)

// clock is clock: how far this machine's is from Slack's.
func (x *examination) clock(context.Context) Checked {
	c := Found("clock", "This machine's clock agrees with Slack's.")
	at, err := http.ParseTime(x.said.Header.Get("Date"))
	if err != nil {
		c.Sentence = "Slack doesn't say what time it is."
		return c
	}
	skew, where := x.heard.Sub(at).Truncate(time.Second), "ahead of"
	if skew < 0 {
		skew, where = -skew, "behind"
	}
	sentence := fmt.Sprintf("This machine's clock is %s %s Slack's.", skew, where)
	const mend = "Have it set by NTP (timedatectl set-ntp true)."
	switch {
	case skew > skewFails:
		c.Fail(sentence+" From five minutes on, what Slack sends isn't taken, and codes and links end at the wrong time.", mend)
	case skew > skewWarns:
		c.Warn(sentence, mend)
	}
	return c
}

// zone is time_zone: whether it is anybody's.
func (x *examination) zone(context.Context) Checked {
	c := Found("time_zone", "")
	if x.Zone == nil {
		return c
	}
	now := x.Now()
	c.Sentence = fmt.Sprintf("The team's time zone is %s, where it is %s now.", x.Zone, now.In(x.Zone).Format("15:04"))
	counts, most := map[string]int{}, ""
	for _, zone := range x.zones {
		if now.In(zone).Format("-0700") == now.In(x.Zone).Format("-0700") {
			return c
		}
		if counts[zone.String()]++; counts[zone.String()] > counts[most] {
			most = zone.String()
		}
	}
	if most != "" {
		c.Warn(fmt.Sprintf("The team's time zone is %s, and nobody who holds a role has set that in Slack; most have %s.", x.Zone, most),
			"Set LATCHKEY_TIMEZONE="+most+", if the digest and working hours should go by it.")
	}
	return c
}

// slackTrouble says what an error of Slack's means, and how it is mended.
func slackTrouble(err error) (sentence, mend string) {
	var answer slack.SlackErrorResponse
	var limited *slack.RateLimitedError
	var status slack.StatusCodeError
	var inURL *url.Error
	switch {
	case errors.As(err, &answer) && answer.Err == "missing_scope":
		return "The app lacks the scope " + cmp.Or(answer.Needed, "that this needs") + ".", reinstall
	case refused(err, passingCodes...):
		return fmt.Sprintf("Slack answers %q, which passes.", answer.Err), "Run this again in a minute."
	case errors.As(err, &answer):
		return fmt.Sprintf("Slack answers %q.", answer.Err), "Look it up at https://api.slack.com/methods."
	case errors.As(err, &limited):
		return fmt.Sprintf("Slack takes no more questions for %s.", limited.RetryAfter), "Run this again then."
	case errors.As(err, &status):
		return fmt.Sprintf("Slack answers %s.", status.Status), "See https://slack-status.com, and check LATCHKEY_SLACK_API_URL."
	case errors.As(err, &inURL):
		err = inURL.Err
	}
	return fmt.Sprintf("Slack can't be reached (%v).", err), "Let this machine reach https://slack.com, through the proxy in HTTPS_PROXY if it needs one, and check LATCHKEY_SLACK_API_URL."
}

// patient asks Slack, again after as long as it asks to wait.
func patient[T any](ctx context.Context, ask func() (T, error)) (T, error) {
	for {
		answer, err := ask()
		var limited *slack.RateLimitedError
		if !errors.As(err, &limited) || !waited(ctx, limited.RetryAfter) {
			return answer, err
		}
	}
}

// waited waits, unless ctx ends before that.
func waited(ctx context.Context, pause time.Duration) bool {
	if end, ends := ctx.Deadline(); ends && time.Until(end) < pause {
		return false
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
