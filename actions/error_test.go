package actions

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestExplain(t *testing.T) {
	ours := func(code Code) error {
		return fmt.Errorf("looking: %w", &Error{Code: code, Sentence: "The database sleeps.", Cause: errBroken})
	}
	for name, row := range map[string]struct {
		err       error
		code      Code
		says      string
		reference bool
	}{
		"Invalid":        {ours(Invalid), Invalid, "The database sleeps.", false},
		"NotFound":       {ours(NotFound), NotFound, "The database sleeps.", false},
		"Conflict":       {ours(Conflict), Conflict, "The database sleeps.", false},
		"Forbidden":      {ours(Forbidden), Forbidden, "The database sleeps.", false},
		"Unavailable":    {ours(Unavailable), Unavailable, "The database sleeps.", true},
		"Internal":       {ours(Internal), Internal, "Something went wrong", true},
		"NotOurs":        {errBroken, Internal, "Something went wrong", true},
		"DeadlineOver":   {fmt.Errorf("asking: %w", context.DeadlineExceeded), Unavailable, "took too long", true},
		"Refused":        {ErrRefused(), Forbidden, "ask your team lead", false},
		"OursAndAnOther": {errors.Join(errBroken, ours(Conflict)), Conflict, "The database sleeps.", false},
	} {
		t.Run(name, func(t *testing.T) {
			words := Explain(row.err)
			if words.Code != row.code || !strings.Contains(words.Sentence, row.says) || strings.Contains(words.Sentence, "broken") {
				t.Errorf("explained as %+v", words)
			}
			if (words.Reference != "") != row.reference || !strings.Contains(words.Sentence, words.Reference) {
				t.Errorf("the reference is %q in %q", words.Reference, words.Sentence)
			}
		})
	}
}

func TestExplainMakesFreshReferences(t *testing.T) {
	if a, b := Explain(errBroken), Explain(errBroken); a.Reference == b.Reference {
		t.Errorf("both are %s", a.Reference)
	}
}

func TestErrorSaysItsCauseToTheLog(t *testing.T) {
	err := &Error{Code: Unavailable, Sentence: "The database sleeps.", Cause: errBroken}
	if err.Error() != "The database sleeps.: broken" || !errors.Is(err, errBroken) || CodeOf(nil) != "" {
		t.Errorf("the error is %q", err)
	}
}
