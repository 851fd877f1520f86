package main

import (
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"
)

// door stands before a server on loopback. While it is shut, whoever comes is
// hung up on.
type door struct {
	at     net.Listener
	behind string
	shut   atomic.Bool
	busy   sync.WaitGroup
}

// openDoor opens a door to an address until the test ends.
func openDoor(t *testing.T, behind string) *door {
	t.Helper()
	at, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d := &door{at: at, behind: behind}
	d.busy.Go(d.keep)
	t.Cleanup(func() {
		if err := at.Close(); err != nil {
			t.Error(err)
		}
		d.busy.Wait()
	})
	return d
}

// keep lets everybody through until the door is taken away.
func (d *door) keep() {
	for {
		caller, err := d.at.Accept()
		if err != nil {
			return
		}
		d.busy.Go(func() { d.let(caller) })
	}
}

// let carries both ways until one side hangs up.
func (d *door) let(caller net.Conn) {
	defer func() { _ = caller.Close() }()
	if d.shut.Load() {
		return
	}
	server, err := net.Dial("tcp", d.behind)
	if err != nil {
		return
	}
	defer func() { _ = server.Close() }()
	d.busy.Go(func() {
		_, _ = io.Copy(caller, server)
		_ = caller.Close()
	})
	_, _ = io.Copy(server, caller)
}
