package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/actions/records"
)

// demoCmd lets anybody try the diagnosis: a small company in a database of its
// own, which is gone afterwards.
type demoCmd struct{}

// Run imports the company and answers until the input ends.
func (c *demoCmd) Run(ctx context.Context, t terminal) (err error) {
	folder, err := os.MkdirTemp("", "latchkey-demo-")
	if err != nil {
		return fmt.Errorf("making a folder for the demo: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	h, err := demoHouse(ctx, folder, t)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	tally, err := h.actions.Import(ctx, atTerminal(), actions.Import{Lines: records.Read("demo", bytes.NewReader(company(time.Now())))})
	if err != nil {
		return err
	}
	p := newPaper(t.out)
	p.welcome(tally)
	return answerAtPrompt(ctx, h, t, p)
}

// demoHouse opens a database in the folder, with a key of its own.
func demoHouse(ctx context.Context, folder string, t terminal) (*house, error) {
	var key [32]byte
	_, _ = rand.Read(key[:]) // never fails: crypto/rand ends the program instead
	keys, err := actions.ParseKeyring("demo:" + base64.StdEncoding.EncodeToString(key[:]))
	if err != nil {
		return nil, err
	}
	rules := actions.Rules{LockAfter: 3, IdleMonths: 3}
	return openHouse(ctx, "sqlite:"+filepath.Join(folder, "demo.db"), keys, rules, quiet(t))
}

// shown is how many people the welcome names one by one.
const shown = 6

func (p *paper) welcome(tally actions.Tally) {
	p.line("%s", p.in(bold, "Latchkey: why can't they log in?"))
	p.line("")
	p.line("You are in support at a company with %d customers, nearly all of them locked out in their own way.", tally["user"].New)
	p.line("Type whom you want to know about: an e-mail address, a user name, a mobile number.")
	p.line("")
	for _, r := range residents[:shown] {
		p.line("  %-22s %s", r.email(), p.in(dim, string(r.cause)))
	}
	p.line("  %-22s %s", mistyped, p.in(dim, "nobody has that name, and it was tried"))
	p.line("  %-22s %s", "GW1001, @acme.example", p.in(dim, "a whole account"))
	p.line("")
	p.line("%s", p.in(dim, "'everybody' lists them all; an empty line or Ctrl-D ends the demo, and nothing is left behind."))
}

// answerAtPrompt diagnoses what is typed, line by line, until the input ends.
func answerAtPrompt(ctx context.Context, h *house, t terminal, p *paper) error {
	lines := make(chan string)
	failed := make(chan error, 1)
	go func() {
		defer close(lines)
		in := bufio.NewScanner(t.in)
		for in.Scan() {
			select {
			case lines <- in.Text():
			case <-ctx.Done():
				return
			}
		}
		failed <- in.Err()
	}()
	for {
		_, _ = fmt.Fprint(t.out, "\n"+p.in(bold, "diagnose> "))
		select {
		case <-ctx.Done():
			p.line("")
			return nil
		case line, more := <-lines:
			line = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "/diagnose "))
			if !more || line == "" || line == "quit" || line == "exit" {
				p.line("")
				return readError(failed)
			}
			p.line("")
			if err := p.reply(ctx, h, t, line); err != nil {
				return err
			}
		}
	}
}

func readError(failed <-chan error) error {
	select {
	case err := <-failed:
		return err
	default:
		return nil
	}
}

// reply answers one line.
func (p *paper) reply(ctx context.Context, h *house, t terminal, line string) error {
	if line == "everybody" {
		for _, r := range residents {
			p.line("  %-22s %s", r.email(), p.in(dim, string(r.cause)))
		}
		return p.err
	}
	d, err := h.actions.Diagnose(ctx, atTerminal(), actions.Query{Identifier: line})
	if err != nil {
		p.line("%s", actions.Explain(err).Sentence)
		return p.err
	}
	return show(t.out, d)
}
