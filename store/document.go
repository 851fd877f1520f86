package store

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
)

// document is a value in a column of text, as JSON.
type document[T any] struct{ Content T }

// Value implements driver.Valuer.
func (d document[T]) Value() (driver.Value, error) {
	text, err := json.Marshal(d.Content)
	return string(text), err
}

// Scan implements sql.Scanner.
func (d *document[T]) Scan(value any) error {
	switch text := value.(type) {
	case string:
		return json.Unmarshal([]byte(text), &d.Content)
	case []byte:
		return json.Unmarshal(text, &d.Content)
	}
	return fmt.Errorf("a document came as %T", value)
}
