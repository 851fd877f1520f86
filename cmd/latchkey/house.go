package main

import (
	"context"
	"errors"
	"log/slog"
	"os/user"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/actions/mail"
	"github.com/latchkey-bot/latchkey/bot"
	"github.com/latchkey-bot/latchkey/escalation"
	"github.com/latchkey-bot/latchkey/store"
)

// house is the store and the use cases over it, for the commands at a terminal.
type house struct {
	store   *store.Store
	actions *actions.Actions
	desk    *escalation.Desk
	outbox  outbox   // what waits to be told and sent: the store
	applied []string // the migrations that opening it applied
	meter   meter    // of a server
}

// openHouse opens the database, brings it to this version, checks the keys, and
// adds what retired ones left to check the audit with.
func openHouse(ctx context.Context, databaseURL string, keys actions.Keyring, rules actions.Rules, log *slog.Logger) (*house, error) {
	st, err := store.Open(ctx, databaseURL, store.Options{Keys: keys, Now: time.Now, Log: log})
	if err != nil {
		return nil, err
	}
	applied, err := st.Migrate(ctx)
	if err != nil {
		return nil, errors.Join(err, st.Close())
	}
	if err := st.UseKeys(ctx); err != nil {
		return nil, errors.Join(err, st.Close())
	}
	kept, err := st.KeysKept(ctx)
	if err != nil {
		return nil, errors.Join(err, st.Close())
	}
	if keys, err = keys.Keep(kept); err != nil { // what it checks is the audit alone
		log.ErrorContext(ctx, "rows of the audit can't be checked that a retired key sealed", "error", err)
	}
	a := &actions.Actions{Directory: st, Store: st, Rules: rules, Keys: keys, Now: time.Now, Log: log}
	openSites(a)
	desk := openDesk(a, st)
	return &house{store: st, outbox: st, applied: applied, actions: a, desk: desk}, nil
}

// outbox is what the bot and the courier take from.
type outbox interface {
	bot.Outbox
	mail.Outbox
}

func (h *house) close() error { return h.store.Close() }

// open opens the house of a command at a terminal.
func (d *Data) open(ctx context.Context, rules actions.Rules, log *slog.Logger) (*house, error) {
	keys, err := d.keys()
	if err != nil {
		return nil, err
	}
	return openHouse(ctx, d.DatabaseURL, keys, rules, log)
}

// atTerminal is the call of whoever sits at the terminal of the server: they
// control it anyway, so they hold every role.
func atTerminal() actions.Call {
	name := "unknown"
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	return actions.Call{Actor: actions.Actor{ID: "terminal:" + name, Roles: actions.RolesOf(actions.RoleAdmin)}}
}

// quiet is the log of commands that answer on a terminal: warnings only.
func quiet(t terminal) *slog.Logger {
	return slog.New(slog.NewTextHandler(t.err, &slog.HandlerOptions{Level: slog.LevelWarn}))
}
