package main

import (
	"context"
	"log/slog"
)

// bell wakes who waits at it. Ringing never waits, and ringing several times
// before somebody comes is ringing once. It is a channel with room for one.
type bell chan struct{}

func (b bell) ring(context.Context) {
	select {
	case b <- struct{}{}:
	default: // it rings already
	}
}

// watchArrivals checks the watches whenever records arrived, so that who waits
// for a customer's next attempt hears of it at once, until ctx ends. What fails
// is tried again by the cron table.
func (h *house) watchArrivals(ctx context.Context, arrived bell, log *slog.Logger) {
	for {
		select {
		case <-arrived:
		case <-ctx.Done():
			return
		}
		if err := h.actions.CheckWatches(ctx); err != nil && ctx.Err() == nil {
			log.ErrorContext(ctx, "the watches could not be checked after records arrived", "error", err)
		}
	}
}
