package store

import (
	"database/sql/driver"
	"encoding/hex"
	"strconv"
	"time"

	"github.com/lib/pq"
)

// appendLine appends values as a line of COPY, without its end. A value of a
// type that it doesn't know is a defect, and panics.
func appendLine(line []byte, values []any) []byte {
	for i, value := range values {
		if i > 0 {
			line = append(line, '\t')
		}
		line = appendField(line, value)
	}
	return line
}

func appendField(line []byte, value any) []byte {
	switch v := value.(type) {
	case nil:
		return append(line, '\\', 'N')
	case string:
		return appendText(line, v)
	case optional:
		if v == "" {
			return append(line, '\\', 'N')
		}
		return appendText(line, string(v))
	case bool:
		return strconv.AppendBool(line, v)
	case int:
		return strconv.AppendInt(line, int64(v), 10)
	case int64:
		return strconv.AppendInt(line, v, 10)
	case []byte:
		return append(append(line, `\\x`...), hex.EncodeToString(v)...)
	case time.Time:
		return appendTime(line, v)
	}
	plain, err := value.(driver.Valuer).Value()
	if err != nil {
		panic(err) // only our own types come here, and theirs never fail
	}
	return appendField(line, plain)
}

// appendTime appends a time the way PostgreSQL reads quickest; the driver knows
// how to write the years before Christ.
func appendTime(line []byte, t time.Time) []byte {
	if t = t.UTC(); t.Year() < 1 {
		return append(line, pq.FormatTimestamp(t)...)
	}
	return t.AppendFormat(line, "2006-01-02 15:04:05.999999+00")
}

// appendText escapes what means something to COPY.
func appendText(line []byte, text string) []byte {
	start := 0
	for i := range len(text) {
		var escaped byte
		switch text[i] {
		case '\\':
			escaped = '\\'
		case '\n':
			escaped = 'n'
		case '\r':
			escaped = 'r'
		case '\t':
			escaped = 't'
		default:
			continue
		}
		line = append(append(line, text[start:i]...), '\\', escaped)
		start = i + 1
	}
	return append(line, text[start:]...)
}
