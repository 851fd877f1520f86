package actions

import (
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/sha256"
	"fmt"
	"slices"
)

// The cryptography of requests: the customer's browser seals for a key of ours.

// The sizes of P-256's keys, in bytes.
const (
	publicKeyBytes  = 65 // uncompressed
	privateKeyBytes = 32
)

const (
	labelRequest = "latchkey request"
	labelAnswer  = "latchkey-r/1"
)

// fingerprint is what the customer's browser knows the key of a request by:
// SHA-256 of the raw public key.
func fingerprint(publicKey []byte) []byte {
	sum := sha256.Sum256(publicKey)
	return sum[:]
}

// openAnswer decrypts what a browser sealed for the key of a request: id is 16
// bytes, ephemeral the browser's public key.
func openAnswer(private, id, ephemeral, nonce, body []byte) ([]byte, error) {
	key, err := ecdh.P256().NewPrivateKey(private)
	if err != nil {
		return nil, fmt.Errorf("reading the key of a request: %w", err)
	}
	theirs, err := ecdh.P256().NewPublicKey(ephemeral)
	if err != nil {
		return nil, fmt.Errorf("reading the key of an answer: %w", err)
	}
	shared, err := key.ECDH(theirs)
	if err != nil {
		return nil, fmt.Errorf("agreeing on a key: %w", err)
	}
	k, err := hkdf.Key(sha256.New, shared, id, labelRequest, secretKeyBytes)
	if err != nil {
		return nil, err
	}
	aead, err := newGCM(k)
	if err != nil {
		return nil, err
	}
	return aead.Open(nil, nonce, body, answerData(id, ephemeral, key.PublicKey().Bytes()))
}

// answerData is what an answer is bound to.
func answerData(id, ephemeral, publicKey []byte) []byte {
	return slices.Concat([]byte(labelAnswer), id, ephemeral, publicKey)
}
