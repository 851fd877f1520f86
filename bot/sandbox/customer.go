package sandbox

import (
	"context"
	"net/http"
	"slices"
)

// What a customer does.
const (
	LogsIn              = "success"
	TypesAWrongPassword = "wrong_password"
)

// Customers are the customers of the company, at its product.
type Customers interface {
	// Attempt lets a customer try to log in. outcome is [LogsIn] or
	// [TypesAWrongPassword]; happened is how it ended, an outcome of an attempt: who
	// is locked is told so whatever they type.
	Attempt(ctx context.Context, userID, outcome string) (happened string, err error)
	// Redeem takes the code that a link of Latchkey's sent somebody on with. known is
	// false for a code that isn't good, or not any more.
	Redeem(ctx context.Context, code string) (v Visitor, known bool, err error)
}

// Visitor is who came to the product by a link.
type Visitor struct {
	UserID string
	Name   string // what they are called: "Jane"
	// Chooses: the link lets them choose a new password; otherwise it logs in.
	Chooses bool
}

type attemptAsked struct {
	asker
	Customer string `json:"customer"` // a Trial's UserID
	Outcome  string `json:"outcome"`
}

func (s *sandbox) attempt(ctx context.Context, asked attemptAsked) (done, error) {
	switch {
	case asked.Outcome != LogsIn && asked.Outcome != TypesAWrongPassword:
		return done{}, errMalformed
	case asked.Customer == "" || !slices.ContainsFunc(s.config.Try, func(t Trial) bool { return t.UserID == asked.Customer }):
		return done{}, fault{http.StatusNotFound, "There is no such customer. Please choose one of the list."}
	}
	happened, err := s.config.Customers.Attempt(ctx, asked.Customer, asked.Outcome)
	if err != nil {
		return done{}, fault{http.StatusBadGateway, "The attempt wasn't recorded. Please try again."}
	}
	if happened == asked.Outcome {
		return done{}, nil
	}
	return done{Happened: happened}, nil
}
