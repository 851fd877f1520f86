package sms

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
)

// Check asks the address for its head, and sends no text: status is what it answered,
// which may be that it takes only POST (405). The error is that of the network, without
// the address, which may hold a secret.
func (s *Service) Check(ctx context.Context) (status int, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodHead, s.url, nil)
	if err != nil {
		return 0, errors.New("the address can't be read")
	}
	if s.token != "" {
		request.Header.Set("Authorization", "Bearer "+s.token)
	}
	answer, err := s.client.Do(request)
	if err != nil {
		var inURL *url.Error
		if errors.As(err, &inURL) {
			err = inURL.Err
		}
		return 0, err
	}
	defer answer.Body.Close() //nolint:errcheck // only read
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, answerLimit))
	return answer.StatusCode, nil
}
