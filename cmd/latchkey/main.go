// Command latchkey is a Slack bot for support teams: it says why a customer
// can't log in, proven by the customer's own attempts, and offers what helps.
//
// One file a subcommand; config.go, config_rules.go and env.go read and check the
// configuration, house.go wires store, actions and bot together, equip.go gives
// them what reaches customers and the sites that we manage, desk.go what escalations
// go by, jobs.go is the cron table, hear.go how people are heard (over HTTP or Socket
// Mode), metrics.go and log.go what is told of it, doctor_*.go the checks of doctor, deploy
// what packages need, arrival.go what happens when records arrive,
// answer.go prints a diagnosis for the terminal; demo.go shows the real bot in a
// browser, company.go makes the company for it. The packages below it hold the
// rest: actions (the domain), store (SQL), bot (Slack), escalation (cases for
// L2).
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	_ "time/tzdata" // the binary knows the time zones wherever it runs

	"github.com/alecthomas/kong"

	"github.com/latchkey-bot/latchkey/actions"
)

// The exit statuses.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// cli is the command line.
type cli struct {
	Demo     demoCmd     `cmd:"" help:"Try it in a browser: a Slack of its own, the real bot, and a company whose people can't log in."`
	Serve    serveCmd    `cmd:"" help:"Run the bot."`
	Import   importCmd   `cmd:"" help:"Take records into the directory: all of them, or none."`
	Diagnose diagnoseCmd `cmd:"" help:"Say why somebody can't log in."`
	Migrate  migrateCmd  `cmd:"" help:"Bring the database to this version."`
	Manifest manifestCmd `cmd:"" help:"Print the manifest of the Slack app."`
	Doctor   doctorCmd   `cmd:"" help:"Look whether everything is as a server needs it, and say how to mend what isn't."`
	Backup   backupCmd   `cmd:"" help:"Copy an SQLite database into a file, also while a server runs."`
	Audit    auditCmd    `cmd:"" help:"Read and check the audit."`
	Cases    casesCmd    `cmd:"" help:"Print what became of the cases that were escalated."`
	Secret   secretCmd   `cmd:"" help:"Send a one-time secret, see what became of it, revoke it."`
	Targets  targetsCmd  `cmd:"" help:"Add, test, list and remove the sites on which temporary admins are made."`
	Rekey    rekeyCmd    `cmd:"" help:"Seal everything anew with the newest key, so that the old one can go."`
	Forget   forgetCmd   `cmd:"" help:"Erase a person from the database and from Slack, so that no import brings them back."`
	Token    tokenCmd    `cmd:"" help:"Make, list and revoke what your own systems prove themselves with."`
	Version  versionCmd  `cmd:"" help:"Print the version."`
}

// terminal is where a command reads and writes: results go to out, everything
// else to err.
type terminal struct {
	in       io.Reader
	out, err io.Writer
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	os.Exit(run(ctx, os.Args[1:], terminal{os.Stdin, os.Stdout, os.Stderr}))
}

// run carries out a command line and returns the exit status.
func run(ctx context.Context, args []string, t terminal) int {
	restore, err := readEnvironment()
	if err != nil {
		return complain(t, err, exitUsage)
	}
	command, err := parse(args, t)
	restore()
	if err != nil {
		return complain(t, err, exitUsage)
	}
	if command == nil { // help was asked for, and printed
		return exitDone
	}
	command.BindTo(ctx, (*context.Context)(nil))
	command.Bind(t)
	err = command.Run()
	var usage *usageError
	var halfWay *halfWayError
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &halfWay):
	case ctx.Err() != nil:
		return complain(t, actions.Errorf(actions.Unavailable, "Stopped before it was done; nothing was changed."), exitFailed)
	case errors.As(err, &usage), actions.CodeOf(err) == actions.Invalid:
		return complain(t, err, exitUsage)
	}
	return complain(t, err, exitFailed)
}

// parse reads the command line; the command is nil when it only asked for help.
func parse(args []string, t terminal) (*kong.Context, error) {
	helped := false
	parser, err := kong.New(&cli{},
		kong.Name("latchkey"),
		kong.Description("Says why a customer can't log in, proven by their own attempts. Run 'latchkey demo' to try it."),
		kong.Writers(t.out, t.err),
		kong.Exit(func(int) { helped = true }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
	)
	if err != nil {
		return nil, fmt.Errorf("building the command line: %w", err)
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	command, err := parser.Parse(unflagged(args))
	if helped {
		return nil, nil
	}
	var wrong *kong.ParseError
	if errors.As(err, &wrong) {
		if what, secret := guarded[args[0]]; secret {
			words := strings.Fields(wrong.Context.Command())
			return nil, usagef("That isn't how %s, and nothing was changed. Run 'latchkey %s --help' to see how it is.",
				what, strings.Join(words[:min(len(words), 2)], " "))
		}
		return nil, usagef("%v. Run '%s --help' to see how it is used.", err, strings.TrimSpace("latchkey "+wrong.Context.Command()))
	}
	return command, err
}

// guarded are the commands whose arguments aren't repeated when they aren't
// understood, since one may be a secret, and what they do.
var guarded = map[string]string{
	"secret":  "a secret is made or followed",
	"targets": "targets are added, tested, listed or removed",
}

// usageError is a wrong use of a command, or a wrong configuration.
type usageError struct{ problem string }

func (e *usageError) Error() string { return e.problem }

func usagef(format string, args ...any) error { return &usageError{fmt.Sprintf(format, args...)} }

// complain prints what went wrong, on one line, and returns the status.
func complain(t terminal, err error, status int) int {
	text := err.Error()
	var ours *actions.Error
	if errors.As(err, &ours) && ours.Cause != nil {
		text = fmt.Sprintf("%s (%v)", ours.Sentence, ours.Cause)
	}
	_, _ = fmt.Fprintln(t.err, "latchkey:", text)
	return status
}
