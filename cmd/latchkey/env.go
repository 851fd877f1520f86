package main

import (
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
)

// prefix begins every variable of Latchkey; those of its tests are the tests'
// own.
const (
	prefix     = "LATCHKEY_"
	testPrefix = "LATCHKEY_TEST_"
	fileSuffix = "_FILE"
)

// fileLimit is the longest file a variable is read from, in bytes.
const fileLimit = 64 << 10

// readEnvironment checks the variables and prepares them for the command line:
// an empty one counts as unset, and one that is given as a file is read. The
// returned function takes the values read from files out again.
func readEnvironment() (restore func(), err error) {
	known := variables()
	var read []string
	restore = func() {
		for _, name := range read {
			_ = os.Unsetenv(name)
		}
	}
	for _, pair := range os.Environ() {
		name, value, _ := strings.Cut(pair, "=")
		if !strings.HasPrefix(name, prefix) || strings.HasPrefix(name, testPrefix) {
			continue
		}
		base := strings.TrimSuffix(name, fileSuffix)
		switch {
		case value == "":
			err = os.Unsetenv(name)
		case slices.Contains(known, name):
		case base == name || !slices.Contains(known, base):
			err = unknownVariable(name, known)
		case os.Getenv(base) != "":
			err = usagef("%s and %s are both set; please keep one of them.", base, name)
		default:
			read = append(read, base)
			err = readVariable(base, value)
		}
		if err != nil {
			restore()
			return nil, err
		}
	}
	return restore, nil
}

// readVariable sets a variable to the content of a file, without the line's
// end.
func readVariable(name, path string) error {
	info, err := os.Stat(path)
	if err == nil && info.Size() > fileLimit {
		return usagef("%s%s: the file is longer than %d bytes.", name, fileSuffix, fileLimit)
	}
	content, err := os.ReadFile(path) //nolint:gosec // the operator names the file
	if err != nil {
		return usagef("%s%s: the file can't be read: %v", name, fileSuffix, err)
	}
	if err := os.Setenv(name, strings.TrimRight(string(content), "\r\n")); err != nil {
		return usagef("%s%s: the file holds what a variable can't.", name, fileSuffix)
	}
	return nil
}

func unknownVariable(name string, known []string) error {
	nearest := slices.MinFunc(known, func(a, b string) int {
		return levenshtein.ComputeDistance(a, name) - levenshtein.ComputeDistance(b, name)
	})
	hint := ""
	if levenshtein.ComputeDistance(nearest, name) <= 4 {
		hint = fmt.Sprintf(" Did you mean %s?", nearest)
	}
	return usagef("%s is not a variable that Latchkey knows.%s 'latchkey serve --help' shows them all.", name, hint)
}

// variables returns the name of every variable there is.
func variables() []string {
	var names []string
	var collect func(reflect.Type)
	collect = func(t reflect.Type) {
		for field := range fieldsOf(t) {
			if name := field.Tag.Get("env"); name != "" {
				names = append(names, name)
			} else if field.Type.Kind() == reflect.Struct {
				collect(field.Type)
			}
		}
	}
	collect(reflect.TypeFor[Config]())
	return names
}

func fieldsOf(t reflect.Type) func(yield func(reflect.StructField) bool) {
	return func(yield func(reflect.StructField) bool) {
		for i := range t.NumField() {
			if !yield(t.Field(i)) {
				return
			}
		}
	}
}
