package web

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"
)

// receive reads the body of a request to its end before anything is done with
// it, into a file that nobody else can open and that is gone with the process.
// So a sender that is slow, or stands still, keeps a file open and no
// transaction, which on SQLite would make everybody wait.
func receive(w http.ResponseWriter, r *http.Request) (io.ReadCloser, error) {
	file, err := os.CreateTemp("", "latchkey-records-")
	if err != nil {
		return nil, fmt.Errorf("making room for the records: %w", err)
	}
	if err := os.Remove(file.Name()); err != nil {
		return nil, errors.Join(fmt.Errorf("hiding the records: %w", err), file.Close())
	}
	if err := fill(file, w, r); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// fill copies the body into the file and goes back to its beginning.
func fill(file *os.File, w http.ResponseWriter, r *http.Request) error {
	body := &arriving{
		body:       http.MaxBytesReader(w, r.Body, recordsBytes),
		connection: http.NewResponseController(w), end: time.Now().Add(recordsTime),
	}
	_, err := io.Copy(file, body)
	if body.err != nil {
		return unread(body.err)
	}
	if err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err != nil {
		return fmt.Errorf("keeping the records: %w", err)
	}
	return nil
}

// How much more of a refused request is read, and for how long: many clients
// look for an answer only once they have sent everything.
const (
	drainBytes = 2 * recordsBytes
	drainTime  = 10 * time.Second
)

// drain reads on and throws away what comes of a request that was refused, and
// answered already.
func drain(connection *http.ResponseController, r *http.Request) {
	_ = connection.SetReadDeadline(time.Now().Add(drainTime)) // a recorder in a test has none
	_, _ = io.CopyN(io.Discard, r.Body, drainBytes)           // whoever hung up sends no more
}

// unread says why the body couldn't be read to its end.
func unread(err error) error {
	var tooLong *http.MaxBytesError
	switch {
	case errors.As(err, &tooLong):
		return errTooLong
	case errors.Is(err, os.ErrDeadlineExceeded):
		return errStalled
	}
	return errCutOff
}

// arriving is a body that comes over a slow link perhaps, but comes: each part
// has stallTime, and the whole until end.
type arriving struct {
	body       io.Reader
	connection *http.ResponseController
	end        time.Time
	err        error // why reading ended before the end
}

// Read reads the next part.
func (a *arriving) Read(p []byte) (int, error) {
	limit := time.Now().Add(stallTime)
	if a.end.Before(limit) {
		limit = a.end
	}
	_ = a.connection.SetReadDeadline(limit) // a recorder in a test has none
	n, err := a.body.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		a.err = err
	}
	return n, err
}
