package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/latchkey-bot/latchkey/bot/web"
)

// stay returns a context that ends some time after ctx, LATCHKEY_SHUTDOWN_DELAY: a server
// that was told to end says at once that it isn't ready, and answers until whoever
// balances the load has seen that. leave ends it at once.
func (c *Config) stay(ctx context.Context, leaving *web.Leaving, log *slog.Logger) (staying context.Context, leave func()) {
	delay, _ := time.ParseDuration(c.ShutdownDelay) // it was checked
	staying, end := context.WithCancel(context.WithoutCancel(ctx))
	told := context.AfterFunc(ctx, func() {
		defer end()
		leaving.Leave()
		if delay <= 0 {
			return
		}
		log.Info("leaving: requests are still answered", "seconds", delay.Seconds())
		wait := time.NewTimer(delay)
		defer wait.Stop()
		select {
		case <-wait.C:
		case <-staying.Done():
		}
	})
	return staying, func() { told(); end() }
}
