//go:build race

package main

// The race detector makes everything many times as slow.
const (
	manySecrets = 40
	manyClients = 20
)
