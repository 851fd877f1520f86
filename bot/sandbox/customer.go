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

// Customers are the customers of the company.
type Customers interface {
	// Attempt lets a customer try to log in. outcome is [LogsIn] or
	// [TypesAWrongPassword].
	Attempt(ctx context.Context, userID, outcome string) error
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
	if err := s.config.Customers.Attempt(ctx, asked.Customer, asked.Outcome); err != nil {
		return done{}, fault{http.StatusBadGateway, "The attempt wasn't recorded. Please try again."}
	}
	return done{}, nil
}
