package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"github.com/latchkey-bot/latchkey/actions"
)

// passphrase reads --passphrase. Whatever else stands there may be a passphrase,
// and isn't repeated.
func passphrase(kind string) (actions.PassphraseKind, string, error) {
	switch actions.PassphraseKind(kind) {
	case actions.PassphraseNone, actions.PassphraseWords:
		return actions.PassphraseKind(kind), "", nil
	case actions.PassphraseOwn:
	}
	path, named := strings.CutPrefix(kind, "file:")
	if !named || path == "" {
		return "", "", usagef("--passphrase must be none, words or file:PATH; one of your own is read from a file, since others on this machine can read arguments.")
	}
	text, err := readLine("--passphrase", path, "passphrase")
	if err != nil {
		return "", "", err
	}
	if err := actions.CheckPassphrase(text); err != nil {
		return "", "", err
	}
	return actions.PassphraseOwn, text, nil
}

// readLine reads the first line of a file that a flag names, which has to be its only
// one. what a line of it is, as "passphrase".
func readLine(flag, path, what string) (string, error) {
	file, err := os.Open(path) //nolint:gosec // who sits at the terminal names it
	if err != nil {
		return "", usagef("The file that %s names can't be read: %v", flag, errors.Unwrap(err))
	}
	defer func() { _ = file.Close() }() // it is only read
	text, err := io.ReadAll(io.LimitReader(file, fileLimit))
	if err != nil {
		return "", usagef("The file that %s names can't be read: %v", flag, errors.Unwrap(err))
	}
	line, whole := oneLine(text)
	if !whole {
		return "", usagef("The file that %s names has several lines; a %s is one.", flag, what)
	}
	return line, nil
}

// oneLine is a text without its end of line; whole is false when it has several.
func oneLine(text []byte) (line string, whole bool) {
	line = strings.TrimRight(string(text), "\r\n")
	return line, !strings.ContainsAny(line, "\r\n")
}

// typedMost is the longest secret that is typed, in bytes: terminals drop the
// rest of long lines without a word.
const typedMost = 1000

// readSecret reads the secret from standard input, as it is, or asks for it on a
// terminal.
func readSecret(ctx context.Context, t terminal) (string, error) {
	var content []byte
	var err error
	if isTerminal(t.in) {
		content, err = askSecret(ctx, t, int(t.in.(*os.File).Fd()), //nolint:forcetypeassert // a terminal is a file
			"Please type or paste the secret, one line, and press Enter; it isn't shown. Several lines have to be piped in.\nSecret: ")
	} else if content, err = io.ReadAll(io.LimitReader(t.in, actions.ContentLimit+1)); err != nil {
		err = fmt.Errorf("reading the secret from standard input: %w", err)
	}
	if err != nil {
		return "", err
	}
	return string(content), actions.CheckContent(string(content))
}

// typed is what somebody typed.
type typed struct {
	content []byte
	err     error
}

// askSecret asks for a secret of one line, once, without showing it. When ctx ends
// before, the terminal shows again what is typed.
func askSecret(ctx context.Context, t terminal, at int, prompt string) ([]byte, error) {
	before, err := term.GetState(at)
	if err != nil {
		return nil, fmt.Errorf("reading the secret from the terminal: %w", err)
	}
	_, _ = fmt.Fprint(t.err, prompt)
	defer func() { _, _ = fmt.Fprintln(t.err) }()
	line := make(chan typed, 1)
	go func() {
		content, err := term.ReadPassword(at)
		line <- typed{content, err}
	}()
	select {
	case got := <-line:
		return got.checked()
	case <-ctx.Done():
		return nil, errors.Join(ctx.Err(), term.Restore(at, before))
	}
}

// checked is what was typed, unless some of it may have been dropped.
func (t typed) checked() ([]byte, error) {
	switch {
	case errors.Is(t.err, io.EOF):
		return nil, usagef("Nothing was typed, and nothing was made.")
	case t.err != nil:
		return nil, fmt.Errorf("reading the secret from the terminal: %w", t.err)
	case len(t.content) > typedMost:
		return nil, usagef("A secret of more than %d bytes can't be typed: terminals drop the rest of long lines. Please pipe it in.", typedMost)
	}
	return t.content, nil
}
