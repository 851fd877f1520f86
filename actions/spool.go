package actions

import (
	"bufio"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"os"
)

// spool keeps records on disk in order, in a file that nobody else can open
// and that is gone with the process.
type spool struct {
	file *os.File
	out  *bufio.Writer
	enc  *gob.Encoder
}

func init() {
	for _, body := range []any{Membership{}, Lock{}, Attempt{}, LoginCode{}, Delivery{}, ResetLink{}} {
		gob.Register(body)
	}
}

// newSpool makes an empty spool.
func newSpool() (*spool, error) {
	file, err := os.CreateTemp("", "latchkey-import-")
	if err != nil {
		return nil, fmt.Errorf("making room for records that point forward: %w", err)
	}
	if err := os.Remove(file.Name()); err != nil {
		return nil, errors.Join(fmt.Errorf("hiding the records that point forward: %w", err), file.Close())
	}
	out := bufio.NewWriter(file)
	return &spool{file: file, out: out, enc: gob.NewEncoder(out)}, nil
}

func (s *spool) write(record Record) error {
	if err := s.enc.Encode(record); err != nil {
		return fmt.Errorf("keeping a record that points forward: %w", err)
	}
	return nil
}

// batches reads everything back, in batches.
func (s *spool) batches(yield func([]Record) error) error {
	if err := s.out.Flush(); err != nil {
		return fmt.Errorf("keeping records that point forward: %w", err)
	}
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("reading records that point forward: %w", err)
	}
	dec := gob.NewDecoder(bufio.NewReader(s.file))
	for {
		batch, err := decodeBatch(dec)
		if err != nil {
			return fmt.Errorf("reading records that point forward: %w", err)
		}
		if len(batch) == 0 {
			return nil
		}
		if err := yield(batch); err != nil {
			return err
		}
	}
}

// decodeBatch reads up to batchSize records; none at the end.
func decodeBatch(dec *gob.Decoder) ([]Record, error) {
	var batch []Record
	for len(batch) < batchSize {
		var record Record
		if err := dec.Decode(&record); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		batch = append(batch, record)
	}
	return batch, nil
}

func (s *spool) close() { _ = s.file.Close() } // its content is of no use any more
