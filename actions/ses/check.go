package ses

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
)

// Check asks for one entry of the list, as proof that the access key may. Its error is
// Unavailable, and [actions.ErrTurnedAway] when the key isn't taken or may not.
func (c *Client) Check(ctx context.Context) error {
	body, err := c.call(ctx, http.MethodGet, addresses, url.Values{"PageSize": {"1"}})
	if errors.Is(err, errNotFound) {
		return unavailable(unreadable, err)
	}
	if err == nil && !json.Valid(body) {
		return unread(errors.New("it isn't JSON"))
	}
	return err
}
