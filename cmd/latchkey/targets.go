package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// targetsCmd is about the sites that we manage, on which temporary admins are made.
type targetsCmd struct {
	Add    targetsAddCmd    `cmd:"" help:"Add a WordPress site, or an account of the directory, once it was tested; of one that is there: replace its password."`
	Test   targetsTestCmd   `cmd:"" help:"Look whether Latchkey may still do there all that it needs; nothing is changed."`
	List   targetsListCmd   `cmd:"" help:"List the targets, without what Latchkey proves itself with."`
	Remove targetsRemoveCmd `cmd:"" help:"Remove a target that has no temporary admin, with its password."`
}

// targetsAddCmd adds a target.
type targetsAddCmd struct {
	Name         string `arg:"" help:"What people call it, such as \"Acme shop\"."`
	URL          string `name:"url" help:"The address of the WordPress site: https://…, or http:// on this machine." placeholder:"URL"`
	User         string `help:"The login there whose application password Latchkey uses: an administrator's." placeholder:"LOGIN"`
	Reassign     string `help:"The login there that gets the content of deleted users; by default the same." placeholder:"LOGIN"`
	PasswordFile string `help:"A file with that application password; without it, it is read from standard input." placeholder:"FILE"`
	Account      string `help:"Instead of a site: the account of the directory whose admins are made." placeholder:"ID"`
	JSON         bool   `help:"As JSON."`
	Data
}

// Run adds the target.
func (c *targetsAddCmd) Run(ctx context.Context, t terminal) (err error) {
	n, err := c.read(ctx, t)
	if err != nil {
		return err
	}
	h, err := c.open(ctx, actions.Rules{}, quiet(t))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	added, err := h.actions.AddTarget(ctx, atTerminal(), n)
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(t.out).Encode(targetAdded{targetLineOf(added.Target), added.Replaced})
	}
	_, err = fmt.Fprintf(t.out, "%s %s (%s): Latchkey may do there all that it needs.\n", addedSaid(added), added.Name, targetWhere(added.Target))
	return err
}

// targetAdded is what came of adding a target as JSON.
type targetAdded struct {
	targetLine
	Replaced bool `json:"replaced"` // it was there, and what Latchkey proves itself with there is new
}

// addedSaid says what was done with a target.
func addedSaid(t actions.AddedTarget) string {
	switch {
	case !t.Replaced:
		return "Added"
	case t.Kind == actions.TargetDirectory:
		return "Nothing is to be replaced of"
	}
	return "Replaced the access of"
}

// read checks what was asked for before anything is opened, and reads the password
// last: nobody types one in vain.
func (c *targetsAddCmd) read(ctx context.Context, t terminal) (n actions.NewTarget, err error) {
	n = actions.NewTarget{Name: c.Name, URL: c.URL, User: c.User, Reassign: c.Reassign, Account: c.Account, Kind: actions.TargetWordPress}
	switch {
	case c.URL == "" && c.Account == "":
		return n, usagef("A target is a site (--url and --user) or an account of the directory (--account); please name one.")
	case c.Account != "" && c.URL+c.User+c.Reassign+c.PasswordFile != "":
		return n, usagef("An account of the directory (--account) has no address, login or password; please leave them out.")
	case c.Account == "" && c.User == "":
		return n, usagef("--user is missing: the login whose application password Latchkey uses there.")
	}
	if err := c.keyed("targets are added"); err != nil {
		return n, err
	}
	if c.Account != "" {
		n.Kind = actions.TargetDirectory
		return n, nil
	}
	if c.PasswordFile != "" {
		n.Password, err = readLine("--password-file", c.PasswordFile, "password")
	} else {
		n.Password, err = readPassword(ctx, t)
	}
	if err == nil && n.Password == "" {
		err = usagef("There is no password, and no target was added. WordPress makes one under Users, Profile, Application Passwords.")
	}
	return n, err
}

// readPassword reads an application password from standard input, which is one
// line, or asks for it on a terminal.
func readPassword(ctx context.Context, t terminal) (string, error) {
	if isTerminal(t.in) {
		typed, err := askSecret(ctx, t, int(t.in.(*os.File).Fd()), //nolint:forcetypeassert // a terminal is a file
			"Please type or paste the application password, and press Enter; it isn't shown.\nPassword: ")
		return string(typed), err
	}
	text, err := io.ReadAll(io.LimitReader(t.in, fileLimit))
	if err != nil {
		return "", fmt.Errorf("reading the password from standard input: %w", err)
	}
	line, whole := oneLine(text)
	if !whole {
		return "", usagef("Standard input has several lines; a password is one.")
	}
	return line, nil
}

// targetsTestCmd looks whether targets can be used.
type targetsTestCmd struct {
	Name string `arg:"" optional:"" help:"The target's name; without one all are tested."`
	JSON bool   `help:"As JSON, one object a line."`
	Data
}

// targetTested is what came of a test as JSON.
type targetTested struct {
	Name  string  `json:"name"`
	OK    bool    `json:"ok"`
	Error *string `json:"error"` // null: none
}

// Run tests one target, or all; one that fails doesn't keep the others.
func (c *targetsTestCmd) Run(ctx context.Context, t terminal) (err error) {
	if err := c.keyed("targets are tested"); err != nil {
		return err
	}
	h, err := c.open(ctx, actions.Rules{}, quiet(t))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	if c.Name != "" {
		tested, err := h.actions.TestTarget(ctx, atTerminal(), c.Name)
		if actions.CodeOf(err) == actions.NotFound {
			return err
		}
		return c.tell(t, cmp.Or(tested.Name, c.Name), err)
	}
	targets, err := h.actions.Targets(ctx)
	if err != nil {
		return err
	}
	failed := 0
	for _, target := range targets {
		_, err := h.actions.TestTarget(ctx, atTerminal(), target.Name)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if c.tell(t, target.Name, err) != nil {
			failed++
		}
	}
	switch {
	case len(targets) == 0:
		return noTargets(t)
	case failed > 0:
		return actions.Errorf(actions.Unavailable, "%d of %s can't be used.", failed, plural(len(targets), "target"))
	}
	return nil
}

// tell prints what came of a test. Of several it says each failure where results go;
// of one it is the command's own, and no wrong use of it.
func (c *targetsTestCmd) tell(t terminal, name string, failed error) error {
	if actions.CodeOf(failed) == actions.Invalid {
		failed = actions.Errorf(actions.Unavailable, "%s", actions.Explain(failed).Sentence)
	}
	if c.JSON {
		line := targetTested{Name: name, OK: failed == nil}
		if failed != nil {
			line.Error = new(actions.Explain(failed).Sentence)
		}
		return errors.Join(json.NewEncoder(t.out).Encode(line), failed)
	}
	if failed == nil {
		_, err := fmt.Fprintf(t.out, "%s: Latchkey may do there all that it needs.\n", name)
		return err
	}
	if c.Name == "" {
		_, _ = fmt.Fprintf(t.out, "%s: %s\n", name, actions.Explain(failed).Sentence)
	}
	return failed
}

// targetsListCmd lists the targets.
type targetsListCmd struct {
	JSON bool `help:"As JSON, one object a line."`
	Data
}

// targetLine is a target as it is listed: what Latchkey proves itself with there isn't
// in it.
type targetLine struct {
	Name     string             `json:"name"`
	Kind     actions.TargetKind `json:"kind"`
	URL      string             `json:"url,omitempty"`
	User     string             `json:"user,omitempty"`
	Reassign string             `json:"reassign,omitempty"`
	Account  string             `json:"account,omitempty"`
	AddedAt  time.Time          `json:"added_at"`
	AddedBy  string             `json:"added_by"`
}

func targetLineOf(t actions.Target) targetLine {
	return targetLine{t.Name, t.Kind, t.URL, t.User, t.Reassign, t.Account, t.At.UTC(), t.By}
}

// Run prints the targets by name.
func (c *targetsListCmd) Run(ctx context.Context, t terminal) (err error) {
	h, err := c.open(ctx, actions.Rules{}, quiet(t))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	targets, err := h.actions.Targets(ctx)
	if err != nil {
		return err
	}
	if !c.JSON {
		return printTargets(t, targets)
	}
	enc := json.NewEncoder(t.out)
	for _, target := range targets {
		if err := enc.Encode(targetLineOf(target)); err != nil {
			return err
		}
	}
	return nil
}

// printTargets prints targets as a table.
func printTargets(t terminal, targets []actions.Target) error {
	if len(targets) == 0 {
		return noTargets(t)
	}
	table := tabwriter.NewWriter(t.out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "name\twhere\tas\tcontent goes to\tadded\tby") // errors come with Flush
	for _, target := range targets {
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", target.Name, targetWhere(target), cmp.Or(target.User, "-"),
			cmp.Or(target.Reassign, target.User, "-"), minute(target.At), target.By)
	}
	return table.Flush()
}

// targetWhere says where a target is.
func targetWhere(t actions.Target) string {
	if t.Kind == actions.TargetDirectory {
		return "account " + t.Account
	}
	return t.URL
}

// noTargets says that there are none, and how one is added.
func noTargets(t terminal) error {
	_, err := fmt.Fprintln(t.err, "There are no targets. One is added with: latchkey targets add NAME --url URL --user LOGIN")
	return err
}

// targetsRemoveCmd removes a target.
type targetsRemoveCmd struct {
	Name  string `arg:"" help:"The target's name."`
	Force bool   `help:"Also when it has temporary admins that aren't gone: of a site that is gone for good. Somebody must look there by hand."`
	JSON  bool   `help:"As JSON."`
	Data
}

// Run removes the target.
func (c *targetsRemoveCmd) Run(ctx context.Context, t terminal) (err error) {
	if err := c.keyed("targets are removed"); err != nil {
		return err
	}
	h, err := c.open(ctx, actions.Rules{}, quiet(t))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	removed, left, err := c.remove(ctx, h.actions)
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(t.out).Encode(targetRemoved{Name: removed.Name, Removed: true, Left: left})
	}
	_, err = fmt.Fprint(t.out, removedSaid(removed), leftSaid(left))
	return err
}

// targetRemoved is what came of a removal as JSON.
type targetRemoved struct {
	Name    string   `json:"name"`
	Removed bool     `json:"removed"`
	Left    []string `json:"left,omitempty"` // logins that the target may still have
}

// remove removes the target, and returns the logins of the temporary admins that it may
// still have.
func (c *targetsRemoveCmd) remove(ctx context.Context, a *actions.Actions) (removed actions.Target, left []string, err error) {
	if !c.Force {
		removed, err = a.RemoveTarget(ctx, atTerminal(), c.Name)
		return removed, nil, err
	}
	removed, admins, err := a.ForceRemoveTarget(ctx, atTerminal(), c.Name)
	for _, admin := range admins {
		left = append(left, admin.Login)
	}
	return removed, left, err
}

// removedSaid says what was removed, and what is still to be done there.
func removedSaid(t actions.Target) string {
	if t.Kind == actions.TargetDirectory {
		return fmt.Sprintf("Removed %s; the account stays as it is.\n", t.Name)
	}
	return fmt.Sprintf("Removed %s, and its password here. Please revoke the application password of %s at %s, too: it is still good there.\n", t.Name, t.User, t.URL)
}

// leftSaid names the temporary admins that a target may still have, a line each.
func leftSaid(logins []string) string {
	if len(logins) == 0 {
		return ""
	}
	return fmt.Sprintf("It may still have %s. Please look there, and delete by hand:\n%s\n", plural(len(logins), "temporary admin"), strings.Join(logins, "\n"))
}
