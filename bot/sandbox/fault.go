package sandbox

import (
	"encoding/json"
	"errors"
	"net/http"
)

// fault is what went wrong, for the page.
type fault struct {
	status   int
	sentence string
}

func (f fault) Error() string { return f.sentence }

// What may go wrong with any request.
var (
	errNobody    = fault{http.StatusNotFound, "There is nobody of that name here. Please reload the page."}
	errMalformed = fault{http.StatusBadRequest, "The sandbox couldn't read that. Please reload the page."}
	errTooLong   = fault{http.StatusRequestEntityTooLarge, "That is too long. Please shorten it."}
	errSilent    = fault{http.StatusBadGateway, "Latchkey didn't answer. Please try again."}
)

// gone is the fault of doing something with what isn't there any more.
func gone(sentence string) fault {
	return fault{http.StatusConflict, sentence + " The page now shows what is there."}
}

// fail writes what went wrong. An error that isn't a fault has no words for the
// page.
func fail(w http.ResponseWriter, err error) {
	var f fault
	if !errors.As(err, &f) {
		f = fault{http.StatusInternalServerError, "Something went wrong in the sandbox. Please reload the page."}
	}
	answer(w, f.status, map[string]string{"error": f.sentence})
}

// answer writes JSON.
func answer(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(value) // who hung up reads nothing
}
