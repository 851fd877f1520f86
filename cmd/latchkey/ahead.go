package main

import (
	"context"
	"iter"

	"github.com/latchkey-bot/latchkey/actions"
)

// aheadChunk is how many lines go from the reader to the writer at once, and
// aheadChunks how many of these may wait.
const (
	aheadChunk  = 512
	aheadChunks = 8
)

// ahead reads lines in a goroutine of its own while earlier ones are stored.
// It ends, with ctx's error, when ctx does.
func ahead(ctx context.Context, lines iter.Seq2[actions.Record, error]) iter.Seq2[actions.Record, error] {
	type line struct {
		record actions.Record
		err    error
	}
	return func(yield func(actions.Record, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		chunks := make(chan []line, aheadChunks)
		done := make(chan struct{})
		defer func() { cancel(); <-done }()
		go func() {
			defer close(done)
			defer close(chunks)
			var chunk []line
			send := func() bool {
				select {
				case chunks <- chunk:
					chunk = make([]line, 0, aheadChunk)
					return true
				case <-ctx.Done():
					return false
				}
			}
			for record, err := range lines {
				if chunk = append(chunk, line{record, err}); len(chunk) == aheadChunk && !send() {
					return
				}
			}
			send()
		}()
		for chunk := range chunks {
			for _, l := range chunk {
				if !yield(l.record, l.err) {
					return
				}
			}
		}
		if err := ctx.Err(); err != nil {
			yield(actions.Record{}, err)
		}
	}
}
