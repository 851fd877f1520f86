// Package records reads the wire form of the directory's records: JSON Lines,
// one object a line, whose "type" says which record it is. The import command
// and the ingest endpoint share it, so both accept and refuse the same.
//
// reader.go splits lines; line.go turns one line into a record, split.go its
// object into members; field.go reads values; the kind_*.go files list the fields of each kind.
package records

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/latchkey-bot/latchkey/actions"
)

// LineLimit is the longest line that is read, in bytes.
const LineLimit = 1 << 20

// Read yields the records of r in order, each with file and line; for a line
// that isn't a record a *actions.BadLine, after which it goes on; for a source
// that can't be read another error, after which it ends. Empty lines are
// passed over. Memory doesn't grow with the length of r.
func Read(file string, r io.Reader) iter.Seq2[actions.Record, error] {
	return imported.read(file, r)
}

// ReadSent yields the records that a system sends with a token, as Read does.
// A user with the field "protected" is a bad line: that comes only from an
// import.
func ReadSent(r io.Reader) iter.Seq2[actions.Record, error] { return sent.read("the request", r) }

func (ks kinds) read(file string, r io.Reader) iter.Seq2[actions.Record, error] {
	return func(yield func(actions.Record, error) bool) {
		lines := bufio.NewReaderSize(r, 64<<10)
		var line []byte
		for number := 1; ; number++ {
			var err error
			line, err = readLine(lines, line[:0])
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil && !errors.Is(err, errTooLong) {
				yield(actions.Record{}, fmt.Errorf("reading %s: %w", file, err))
				return
			}
			text := trim(line, number)
			if len(text) == 0 && err == nil {
				continue
			}
			if !yield(ks.decode(file, number, text, err)) {
				return
			}
		}
	}
}

// Chain yields what each of the sources yields, one after the other, and
// numbers the sources.
func Chain(sources ...iter.Seq2[actions.Record, error]) iter.Seq2[actions.Record, error] {
	return func(yield func(actions.Record, error) bool) {
		for i, source := range sources {
			for record, err := range source {
				record.Source = i
				if !yield(record, err) {
					return
				}
			}
		}
	}
}

var errTooLong = errors.New("line too long")

// readLine appends the next line to buf. A line over the limit is read to its
// end, and is errTooLong. io.EOF comes only when nothing is left.
func readLine(r *bufio.Reader, buf []byte) ([]byte, error) {
	tooLong := false
	for {
		part, err := r.ReadSlice('\n')
		if len(buf)+len(part) > LineLimit {
			tooLong, buf = true, buf[:0]
		}
		if !tooLong {
			buf = append(buf, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && (len(buf) > 0 || tooLong):
			err = nil
		case err != nil:
			return buf, err
		}
		if tooLong {
			return nil, errTooLong
		}
		return buf, err
	}
}

var byteOrderMark = []byte("\xef\xbb\xbf")

// trim removes what surrounds a line, and the mark that some programs put at
// the beginning of a file.
func trim(line []byte, number int) []byte {
	if number == 1 {
		line = bytes.TrimPrefix(line, byteOrderMark)
	}
	return bytes.Trim(line, " \t\r\n")
}

func (ks kinds) decode(file string, number int, text []byte, err error) (actions.Record, error) {
	if err != nil {
		return actions.Record{}, &actions.BadLine{File: file, Line: number, Problem: fmt.Sprintf("longer than %d bytes", LineLimit)}
	}
	record, bad := ks.parse(text)
	if bad != nil {
		bad.File, bad.Line = file, number
		return actions.Record{}, bad
	}
	record.File, record.Line = file, number
	return record, nil
}
