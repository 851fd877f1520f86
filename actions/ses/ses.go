// Package ses asks Amazon's Simple Email Service, version 2 of its API, which
// addresses an account holds mail back from in a region, and takes one off that
// list. It speaks to the three calls of the public reference by itself
// (https://docs.aws.amazon.com/ses/latest/APIReference-V2/Welcome.html); only the
// signature is Amazon's own code.
//
// What it can't know: Amazon's global list isn't open to anybody, and another
// provider's even less (RULES S4.9). The list of the account tells capitals in front
// of the @ apart: an address is looked for as it is written and in small letters. One
// that stands there in yet other capitals is only found by who has read all of it, and
// asks about each spelling, as the package actions does.
//
// Every call may be made again without harm, so what gets lost is asked once more: a
// few times, later each time, and no earlier than Amazon asks for.
package ses

import (
	"errors"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/latchkey-bot/latchkey/actions"
)

// Config is what a client needs.
type Config struct {
	Region          string // such as "ap-southeast-2"
	AccessKeyID     string // may ses:GetSuppressedDestination, List… and Delete…
	SecretAccessKey string
	SessionToken    string // of a temporary key; or ""
	URL             string // where the API is, https:// (http:// on loopback); "": the region's

	Transport http.RoundTripper // nil: the network
	Now       func() time.Time  // for signatures; nil: the system's clock
}

// Client asks one region of one AWS account. It is an [actions.Suppressions].
type Client struct {
	base        string // without a slash at its end
	region      string
	credentials aws.Credentials
	signer      *v4.Signer
	client      *http.Client
	now         func() time.Time
}

var (
	regionForm     = regexp.MustCompile(`^[a-z]{2}(-[a-z0-9]+)+$`)
	credentialForm = regexp.MustCompile(`^[\x21-\x7e]+$`)
)

// New makes a client. It asks nothing yet. Its errors show nothing of what was
// given.
func New(c Config) (*Client, error) {
	base, err := c.base()
	switch {
	case err != nil:
		return nil, err
	case !regionForm.MatchString(c.Region):
		return nil, errors.New("the region of Amazon SES can't be read; it looks like ap-southeast-2")
	case !credentialForm.MatchString(c.AccessKeyID) || !credentialForm.MatchString(c.SecretAccessKey):
		return nil, errors.New("the access key for Amazon SES and its secret are missing, or have a space in them")
	case c.SessionToken != "" && !credentialForm.MatchString(c.SessionToken):
		return nil, errors.New("the session token for Amazon SES has a space in it")
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Transport == nil {
		c.Transport = http.DefaultTransport
	}
	return &Client{
		base: base, region: c.Region, now: c.Now, signer: v4.NewSigner(),
		credentials: aws.Credentials{AccessKeyID: c.AccessKeyID, SecretAccessKey: c.SecretAccessKey, SessionToken: c.SessionToken},
		client: &http.Client{
			Transport:     c.Transport,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}, nil
}

// base is where the API is.
func (c Config) base() (string, error) {
	if c.URL == "" {
		domain := ".amazonaws.com"
		if strings.HasPrefix(c.Region, "cn-") {
			domain += ".cn"
		}
		return "https://email." + c.Region + domain, nil
	}
	u, err := url.Parse(c.URL)
	switch {
	case err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return "", errors.New("the address of Amazon SES can't be read; it looks like https://email.ap-southeast-2.amazonaws.com")
	case u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())):
		return "", errors.New("Amazon SES is asked over https:// only, but on loopback") //nolint:staticcheck // a name begins with a capital letter
	}
	return strings.TrimRight(c.URL, "/"), nil
}

// isLoopback reports whether a host is this very machine.
func isLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && ip.IsLoopback()
}

// Name is what people call it.
func (c *Client) Name() string { return name }

const name = "Amazon SES"

var _ actions.Suppressions = (*Client)(nil)
