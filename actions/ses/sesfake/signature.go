package sesfake

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// skewLimit is how far a signature's time may be from the service's.
const skewLimit = 5 * time.Minute

const (
	algorithm  = "AWS4-HMAC-SHA256"
	dateForm   = "20060102T150405Z"
	terminator = "aws4_request"
)

// signature is an Authorization header of Signature Version 4, taken apart
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html).
type signature struct {
	key, day, region, service string
	signed                    []string // names of headers
	sum                       string
}

// readSignature takes a header apart; ok is false for another.
func readSignature(header string) (s signature, ok bool) {
	fields, ok := strings.CutPrefix(header, algorithm+" ")
	if !ok {
		return s, false
	}
	parts := map[string]string{}
	for field := range strings.SplitSeq(fields, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(field), "=")
		parts[name] = value
	}
	scope := strings.Split(parts["Credential"], "/")
	if len(scope) != 5 || scope[4] != terminator {
		return s, false
	}
	s = signature{key: scope[0], day: scope[1], region: scope[2], service: scope[3], signed: strings.Split(parts["SignedHeaders"], ";"), sum: parts["Signature"]}
	return s, true
}

// Verify checks the signature of a request to a service with the credentials of an
// account, by the algorithm as it is documented
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
// It returns the code of the error, "" for none.
func (a Account) Verify(r *http.Request, service string, now time.Time) (code string) {
	s, ok := readSignature(r.Header.Get("Authorization"))
	at, err := time.Parse(dateForm, r.Header.Get("X-Amz-Date"))
	switch {
	case r.Header.Get("Authorization") == "":
		return "MissingAuthenticationTokenException"
	case !ok || err != nil:
		return "IncompleteSignatureException"
	case s.key != a.AccessKeyID, r.Header.Get("X-Amz-Security-Token") != a.SessionToken:
		return "UnrecognizedClientException"
	case s.region != a.Region, s.service != service, s.day != at.Format("20060102"), now.Sub(at).Abs() > skewLimit:
		return "InvalidSignatureException"
	case !s.covers(r), !hmac.Equal([]byte(a.sum(r, s, at)), []byte(s.sum)):
		return "InvalidSignatureException"
	}
	return ""
}

// covers reports whether what must be signed is: the host, and each header of
// Amazon's own.
func (s signature) covers(r *http.Request) bool {
	must := []string{"host"}
	for name := range r.Header {
		if name := strings.ToLower(name); strings.HasPrefix(name, "x-amz-") {
			must = append(must, name)
		}
	}
	return slices.IsSorted(s.signed) && !slices.ContainsFunc(must, func(name string) bool { return !slices.Contains(s.signed, name) })
}

// sum is the signature that a request should have.
func (a Account) sum(r *http.Request, s signature, at time.Time) string {
	scope := strings.Join([]string{s.day, s.region, s.service, terminator}, "/")
	toSign := strings.Join([]string{algorithm, at.Format(dateForm), scope, hash(canonical(r, s.signed))}, "\n")
	key := []byte("AWS4" + a.SecretAccessKey)
	for _, part := range []string{s.day, s.region, s.service, terminator, toSign} {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(part))
		key = mac.Sum(nil)
	}
	return hex.EncodeToString(key)
}

// canonical is a request in the one form that is hashed.
func canonical(r *http.Request, signed []string) string {
	lines := []string{r.Method, canonicalPath(r.URL.EscapedPath()), canonicalQuery(r.URL.RawQuery)}
	for _, name := range signed {
		value := strings.Join(r.Header.Values(name), ",")
		if name == "host" {
			value = r.Host
		}
		lines = append(lines, name+":"+strings.Join(strings.Fields(value), " "))
	}
	return strings.Join(append(lines, "", strings.Join(signed, ";"), bodyHash(r)), "\n")
}

func bodyHash(r *http.Request) string {
	if r.Body == nil {
		return hash("")
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<16))
	if err != nil {
		return ""
	}
	return hash(string(body))
}

// canonicalPath encodes each segment of a path once more, as every service but S3
// asks for.
func canonicalPath(escaped string) string {
	if escaped == "" {
		return "/"
	}
	segments := strings.Split(escaped, "/")
	for i := range segments {
		segments[i] = encode(segments[i])
	}
	return strings.Join(segments, "/")
}

// canonicalQuery encodes and sorts the parameters.
func canonicalQuery(raw string) string {
	var parameters []string
	for pair := range strings.SplitSeq(raw, "&") {
		name, value, _ := strings.Cut(pair, "=")
		if pair == "" {
			continue
		}
		parameters = append(parameters, encode(decode(name))+"="+encode(decode(value)))
	}
	slices.Sort(parameters)
	return strings.Join(parameters, "&")
}

// decode undoes percent signs; a plus sign in a query is one.
func decode(text string) string {
	if plain, err := url.PathUnescape(text); err == nil {
		return plain
	}
	return text
}

// encode writes each byte but those that needn't be encoded as a percent sign and
// two hexadecimal digits in capitals.
func encode(text string) string {
	const free = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
	const digits = "0123456789ABCDEF"
	var out strings.Builder
	for i := range len(text) {
		if b := text[i]; strings.IndexByte(free, b) >= 0 {
			out.WriteByte(b)
		} else {
			out.WriteByte('%')
			out.WriteByte(digits[b>>4])
			out.WriteByte(digits[b&15])
		}
	}
	return out.String()
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
