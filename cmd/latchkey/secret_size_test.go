//go:build !race

package main

// How many secrets are opened, each by how many clients at once.
const (
	manySecrets = 400
	manyClients = 50
)
