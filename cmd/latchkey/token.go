package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// tokenCmd makes, lists and revokes what systems of the company prove
// themselves with.
type tokenCmd struct {
	Create tokenCreateCmd `cmd:"" help:"Make a token; it is shown once."`
	List   tokenListCmd   `cmd:"" help:"List the tokens."`
	Revoke tokenRevokeCmd `cmd:"" help:"Make a token of no use."`
}

// keyed refuses to go on without a key, before any database is made. what is done
// on the record.
func (d *Data) keyed(what string) error {
	keys, err := d.keys()
	if err == nil && keys.Empty() {
		err = usagef("LATCHKEY_SECRET_KEY is not set: %s on the record, which is sealed with it.", what)
	}
	return err
}

// tokenCreateCmd makes a token.
type tokenCreateCmd struct {
	Name  string   `arg:"" optional:"" help:"What to call it, such as the system that gets it; without a name it is called after what it opens."`
	Named string   `name:"name" help:"The same as a flag." placeholder:"NAME"`
	Scope []string `required:"" help:"What it opens: events, directory, secrets, links, tickets, changes; several by comma." placeholder:"SCOPE"`
	JSON  bool     `help:"As JSON."`
	Data
}

// Run makes the token and prints it.
func (c *tokenCreateCmd) Run(ctx context.Context, t terminal) (err error) {
	if c.Name != "" && c.Named != "" {
		return usagef("A token has one name, and two were given.")
	}
	if err := c.keyed("tokens are made and revoked"); err != nil {
		return err
	}
	h, err := c.open(ctx, actions.Rules{}, quiet(t))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	var scopes []actions.Scope
	for _, scope := range c.Scope {
		scopes = append(scopes, actions.Scope(strings.TrimSpace(scope)))
	}
	made, err := c.make(ctx, h, scopes)
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(t.out).Encode(struct {
			Name   string          `json:"name"`
			Scopes []actions.Scope `json:"scopes"`
			Token  string          `json:"token"`
		}{made.Name, made.Scopes, made.Text})
	}
	_, _ = fmt.Fprintf(t.err, "The token %s (%s) is shown this once; please keep it where its system finds it, and nowhere else.\n",
		made.Name, scopeList(made.Scopes))
	_, err = fmt.Fprintln(t.out, made.Text)
	return err
}

// make makes the token under its name, or under that of its scopes with the
// first number that is free.
func (c *tokenCreateCmd) make(ctx context.Context, h *house, scopes []actions.Scope) (actions.NewToken, error) {
	if name := c.Name + c.Named; name != "" {
		return h.actions.CreateToken(ctx, atTerminal(), name, scopes...)
	}
	base := strings.ReplaceAll(scopeList(scopes), ",", "-")
	for name, n := base, 2; ; name, n = fmt.Sprintf("%s-%d", base, n), n+1 {
		made, err := h.actions.CreateToken(ctx, atTerminal(), name, scopes...)
		if actions.CodeOf(err) != actions.Conflict || n > tokensAlike {
			return made, err
		}
	}
}

// tokensAlike is how many tokens without a name of their own may open the same.
const tokensAlike = 100

// tokenListCmd lists the tokens.
type tokenListCmd struct {
	JSON bool `help:"As JSON, one object a line."`
	Data
}

// tokenLine is a token as it is listed.
type tokenLine struct {
	Name       string          `json:"name"`
	Scopes     []actions.Scope `json:"scopes"`
	CreatedAt  time.Time       `json:"created_at"`
	CreatedBy  string          `json:"created_by"`
	LastUsedAt *time.Time      `json:"last_used_at"` // null: never
	RevokedAt  *time.Time      `json:"revoked_at"`   // null: it is good
}

// Run prints the tokens, those that aren't revoked first.
func (c *tokenListCmd) Run(ctx context.Context, t terminal) (err error) {
	h, err := c.open(ctx, actions.Rules{}, quiet(t))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	tokens, err := h.actions.Tokens(ctx, atTerminal())
	if err != nil {
		return err
	}
	if !c.JSON {
		return printTokens(t, tokens)
	}
	enc := json.NewEncoder(t.out)
	for _, token := range tokens {
		line := tokenLine{token.Name, token.Scopes, token.CreatedAt, token.CreatedBy, known(token.LastUsedAt), known(token.RevokedAt)}
		if err := enc.Encode(line); err != nil {
			return err
		}
	}
	return nil
}

// known is a time, nil when there is none.
func known(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	return &at
}

// printTokens prints tokens as a table.
func printTokens(t terminal, tokens []actions.Token) error {
	if len(tokens) == 0 {
		_, err := fmt.Fprintln(t.err, "There are no tokens. One is made with: latchkey token create --scope events NAME")
		return err
	}
	table := tabwriter.NewWriter(t.out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "name\tscopes\tmade\tby\tlast used\trevoked") // errors come with Flush
	for _, token := range tokens {
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", token.Name, scopeList(token.Scopes), minute(token.CreatedAt),
			token.CreatedBy, minute(token.LastUsedAt), minute(token.RevokedAt))
	}
	return table.Flush()
}

// minute prints a time to the minute.
func minute(at time.Time) string {
	if at.IsZero() {
		return "-"
	}
	return at.UTC().Format("2006-01-02 15:04 UTC")
}

func scopeList(scopes []actions.Scope) string {
	names := make([]string, len(scopes))
	for i, scope := range scopes {
		names[i] = string(scope)
	}
	return strings.Join(names, ",")
}

// tokenRevokeCmd makes a token of no use.
type tokenRevokeCmd struct {
	Name string `arg:"" help:"The token's name."`
	JSON bool   `help:"As JSON."`
	Data
}

// Run revokes the token.
func (c *tokenRevokeCmd) Run(ctx context.Context, t terminal) (err error) {
	if err := c.keyed("tokens are made and revoked"); err != nil {
		return err
	}
	h, err := c.open(ctx, actions.Rules{}, quiet(t))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	if err := h.actions.RevokeToken(ctx, atTerminal(), c.Name); err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(t.out).Encode(map[string]any{"name": c.Name, "revoked": true})
	}
	_, err = fmt.Fprintf(t.out, "Revoked %s: whoever sends it is turned away from now on.\n", c.Name)
	return err
}
