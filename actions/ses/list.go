package ses

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/latchkey-bot/latchkey/actions"
)

const (
	addresses    = "/v2/email/suppression/addresses"
	pageSize     = 1000
	addressLimit = 320 // characters of an address
	reasonLimit  = 64
)

// destination is an entry of the list, as it goes over the wire.
type destination struct {
	EmailAddress   string
	LastUpdateTime *float64 // seconds since 1970, with their fractions
	Reason         string
}

// suppression is an entry of the list, with which list it would be elsewhere: what
// isn't a bounce or a complaint holds mail back all the same.
func (d destination) suppression() (actions.Suppression, error) {
	if !isAddress(d.EmailAddress) || d.LastUpdateTime == nil || d.Reason == "" {
		return actions.Suppression{}, errors.New("an entry of the list has no address, time or reason")
	}
	seconds, fraction := math.Modf(*d.LastUpdateTime)
	if seconds < 0 || seconds > 1<<36 {
		return actions.Suppression{}, errors.New("an entry of the list has a time that can't be")
	}
	s := actions.Suppression{
		Address: d.EmailAddress, List: actions.ListBlock,
		Since: time.Unix(int64(seconds), 0).UTC().Add(time.Duration(math.Round(fraction*1e6)) * time.Microsecond),
	}
	switch d.Reason {
	case "BOUNCE":
		s.List = actions.ListBounce
	case "COMPLAINT":
		s.List = actions.ListComplaint
	default:
		s.Reason = cut(strings.ToValidUTF8(d.Reason, "?"), reasonLimit)
	}
	return s, nil
}

func cut(text string, limit int) string {
	if runes := []rune(text); len(runes) > limit {
		return string(runes[:limit])
	}
	return text
}

// isAddress reports whether something can be an address at all, so that it names no
// other resource of the API.
func isAddress(address string) bool {
	return strings.Contains(address, "@") && utf8.RuneCountInString(address) <= addressLimit &&
		!strings.ContainsFunc(address, func(r rune) bool { return r < ' ' || r == 0x7f })
}

// writings are the ways of writing an address that it may stand on the list by.
func writings(address string) ([]string, error) {
	if !isAddress(address) {
		return nil, actions.Errorf(actions.Invalid, "This isn't an e-mail address, so "+name+" wasn't asked about it. Please check it.")
	}
	at := strings.LastIndex(address, "@")
	written := address[:at] + strings.ToLower(address[at:]) // only names of domains are the same in capitals
	return slices.Compact([]string{written, strings.ToLower(address)}), nil
}

// pathOf is the path of an address, escaped as it is signed.
func pathOf(address string) string {
	return addresses + "/" + strings.ReplaceAll(url.QueryEscape(address), "+", "%20")
}

// Listed returns what an address stands on: at most one entry for each way of
// writing it, newest first. Errors: Invalid for what can't be an address,
// Unavailable.
func (c *Client) Listed(ctx context.Context, address string) ([]actions.Suppression, error) {
	ways, err := writings(address)
	if err != nil {
		return nil, err
	}
	var listed []actions.Suppression
	for _, way := range ways {
		s, err := c.get(ctx, way)
		switch {
		case errors.Is(err, errNotFound):
		case err != nil:
			return nil, err
		default:
			listed = append(listed, s)
		}
	}
	slices.SortStableFunc(listed, func(a, b actions.Suppression) int { return b.Since.Compare(a.Since) })
	return listed, nil
}

// get asks about an address as it is written.
func (c *Client) get(ctx context.Context, address string) (actions.Suppression, error) {
	body, err := c.call(ctx, http.MethodGet, pathOf(address), nil)
	if err != nil {
		return actions.Suppression{}, err
	}
	var answer struct{ SuppressedDestination destination }
	if err := json.Unmarshal(body, &answer); err != nil {
		return actions.Suppression{}, unread(err)
	}
	s, err := answer.SuppressedDestination.suppression()
	if err == nil && actions.AddressKey(s.Address) != actions.AddressKey(address) {
		err = errors.New("the answer is about another address")
	}
	if err != nil {
		return actions.Suppression{}, unread(err)
	}
	return s, nil
}

// unread is for an answer that can't be read; what stood in it isn't logged.
func unread(err error) error {
	if syntax := new(json.SyntaxError); errors.As(err, &syntax) {
		err = fmt.Errorf("it isn't JSON, from byte %d on", syntax.Offset)
	}
	if wrong := new(json.UnmarshalTypeError); errors.As(err, &wrong) {
		err = fmt.Errorf("its field %s has another type than the reference says", plain(wrong.Field))
	}
	return unavailable(unreadable, err)
}

// Delist takes c.Email off the list. Errors: Invalid for what can't be an address,
// Unavailable.
func (c *Client) Delist(ctx context.Context, change actions.Change) error {
	ways, err := writings(change.Email)
	if err != nil {
		return err
	}
	for _, way := range ways {
		if _, err := c.call(ctx, http.MethodDelete, pathOf(way), nil); err != nil && !errors.Is(err, errNotFound) {
			return err
		}
	}
	return nil
}

// Each calls yield with the whole list, page by page. Errors: Unavailable, and what
// yield returns.
func (c *Client) Each(ctx context.Context, yield func([]actions.Suppression) error) error {
	for token := ""; ; {
		page, next, err := c.page(ctx, token)
		if err != nil {
			return err
		}
		if err := yield(page); err != nil {
			return err
		}
		switch next {
		case "":
			return nil
		case token:
			return unavailable(unreadable, errors.New("the list goes in a circle"))
		}
		token = next
	}
}

// page asks for a page of the list, by the token that the one before gave.
func (c *Client) page(ctx context.Context, token string) (page []actions.Suppression, next string, err error) {
	query := url.Values{"PageSize": {strconv.Itoa(pageSize)}}
	if token != "" {
		query.Set("NextToken", token)
	}
	body, err := c.call(ctx, http.MethodGet, addresses, query)
	if errors.Is(err, errNotFound) {
		err = unavailable(unreadable, err)
	}
	if err != nil {
		return nil, "", err
	}
	var answer struct {
		NextToken                      string
		SuppressedDestinationSummaries *[]destination
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, "", unread(err)
	}
	if answer.SuppressedDestinationSummaries == nil {
		return nil, "", unread(errors.New("it has no list"))
	}
	for _, d := range *answer.SuppressedDestinationSummaries {
		s, err := d.suppression()
		if err != nil {
			return nil, "", unread(err)
		}
		page = append(page, s)
	}
	return page, answer.NextToken, nil
}
