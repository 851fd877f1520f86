package store

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// stamp is a time in a column: the zero time is NULL.
type stamp struct{ time.Time }

// at makes a stamp of a time.
func at(t time.Time) stamp { return stamp{actions.Instant(t)} }

// Value implements driver.Valuer.
func (s stamp) Value() (driver.Value, error) {
	if s.IsZero() {
		return nil, nil
	}
	return actions.Instant(s.Time), nil
}

// Scan implements sql.Scanner. SQLite gives an expression over a time back as
// the integer that it stores.
func (s *stamp) Scan(value any) error {
	switch v := value.(type) {
	case nil:
		s.Time = time.Time{}
	case time.Time:
		s.Time = actions.Instant(v)
	case int64:
		s.Time = time.UnixMicro(v).UTC()
	default:
		return fmt.Errorf("a time came as %T", value)
	}
	return nil
}

// optional is text in a column where the empty text is NULL, so that indexes
// can leave such rows out.
type optional string

// Value implements driver.Valuer.
func (o optional) Value() (driver.Value, error) {
	if o == "" {
		return nil, nil
	}
	return string(o), nil
}

// Scan implements sql.Scanner.
func (o *optional) Scan(value any) error {
	switch v := value.(type) {
	case nil:
		*o = ""
	case string:
		*o = optional(v)
	case []byte:
		*o = optional(v)
	default:
		return fmt.Errorf("text came as %T", value)
	}
	return nil
}

// list is a list of texts in a column, as JSON.
type list []string

// Value implements driver.Valuer.
func (l list) Value() (driver.Value, error) {
	if len(l) == 0 {
		return "[]", nil
	}
	text, err := json.Marshal([]string(l))
	return string(text), err
}

// Scan implements sql.Scanner.
func (l *list) Scan(value any) error {
	text, ok := value.(string)
	if raw, isBytes := value.([]byte); isBytes {
		text, ok = string(raw), true
	}
	if !ok {
		return fmt.Errorf("a list came as %T", value)
	}
	if text == "[]" {
		*l = nil
		return nil
	}
	return json.Unmarshal([]byte(text), (*[]string)(l))
}
