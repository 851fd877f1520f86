// Package sesfake is an Amazon SES with the three calls about an account's
// suppression list, as its public reference describes them
// (https://docs.aws.amazon.com/ses/latest/APIReference-V2/Welcome.html). It enforces
// what the service does: it checks each signature by itself, hands out a list page by
// page with tokens that run out, and tells capitals in front of the @ apart. It can
// be slow, full, broken or gone, before and after it acted.
package sesfake

import (
	"crypto/rand"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Account is whose list it is.
type Account struct{ Region, AccessKeyID, SecretAccessKey, SessionToken string }

// Sydney is an account there, with the key of Amazon's own examples.
var Sydney = Account{
	Region: "ap-southeast-2", AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
}

// The bounds of a page.
const (
	LongestPage = 1000
	tokenTime   = 10 * time.Minute // how long a token is good for
)

// Fake is the service.
type Fake struct {
	account Account
	now     func() time.Time

	mu     sync.Mutex
	listed map[string]entry // by the address
	tokens map[string]position
	faults []Fault
	down   *Fault
	gaps   bool
	asked  []string
}

// entry is an address on the list.
type entry struct {
	reason string
	at     time.Time
}

// position is where a page begins.
type position struct {
	after string // the address before it
	until time.Time
}

// New makes a service with an empty list.
func New(account Account, now func() time.Time) *Fake {
	return &Fake{account: account, now: now, listed: map[string]entry{}, tokens: map[string]position{}}
}

// Suppress puts an address on the list, for the reason BOUNCE or COMPLAINT.
func (f *Fake) Suppress(address, reason string, at time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.listed[stored(address)] = entry{reason: reason, at: at}
}

// Suppresses reports whether an address is on the list, as it is written.
func (f *Fake) Suppresses(address string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	_, there := f.listed[stored(address)]
	return there
}

// stored is an address as the list keeps it: the domain in small letters.
func stored(address string) string {
	at := strings.LastIndex(address, "@")
	if at < 0 {
		return address
	}
	return address[:at] + strings.ToLower(address[at:])
}

// Meets has the next requests fare so, one each, in this order.
func (f *Fake) Meets(faults ...Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults = append(f.faults, faults...)
}

// Down has every request fare so, until Up.
func (f *Fake) Down(fault Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.down = &fault
}

// Up ends what Down and Meets began.
func (f *Fake) Up() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.down, f.faults = nil, nil
}

// HasGaps has each second page of the list be empty, as the service may.
func (f *Fake) HasGaps() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.gaps = true
}

// ForgetTokens has every token run out.
func (f *Fake) ForgetTokens() {
	f.mu.Lock()
	defer f.mu.Unlock()
	clear(f.tokens)
}

// Asked are the requests so far, each as its method and its address.
func (f *Fake) Asked() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.asked)
}

// ServeHTTP answers a request.
func (f *Fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	fault := f.meeting(r)
	var answer Fault
	if fault == nil || fault.acts {
		answer = f.act(r)
	}
	f.mu.Unlock()
	if fault != nil {
		answer = *fault
	}
	w.Header().Set("X-Amzn-Requestid", rand.Text())
	answer.meet(w, r)
}

// meeting notes a request and takes the fault that awaits it.
func (f *Fake) meeting(r *http.Request) *Fault {
	f.asked = append(f.asked, r.Method+" "+r.RequestURI)
	if f.down != nil {
		return f.down
	}
	if len(f.faults) == 0 {
		return nil
	}
	fault := f.faults[0]
	f.faults = f.faults[1:]
	return &fault
}

const addresses = "/v2/email/suppression/addresses"

// act does what a request asks for.
func (f *Fake) act(r *http.Request) Fault {
	if code := f.account.Verify(r, "ses", f.now()); code != "" {
		return failure(http.StatusForbidden, code, false)
	}
	escaped, one := strings.CutPrefix(r.URL.EscapedPath(), addresses+"/")
	address, err := url.PathUnescape(escaped)
	switch {
	case r.URL.EscapedPath() == addresses && r.Method == http.MethodGet:
		return f.list(r.URL.Query())
	case !one || strings.Contains(escaped, "/"):
		return failure(http.StatusNotFound, "UnknownOperationException", false)
	case err != nil || strings.LastIndex(address, "@") < 1:
		return failure(http.StatusBadRequest, "BadRequestException", false)
	}
	found, there := f.listed[stored(address)]
	switch {
	case r.Method != http.MethodGet && r.Method != http.MethodDelete:
		return failure(http.StatusNotFound, "UnknownOperationException", false)
	case !there:
		return failure(http.StatusNotFound, "NotFoundException", false)
	case r.Method == http.MethodDelete:
		delete(f.listed, stored(address))
		return Answer(http.StatusOK, nil, "")
	}
	return answered(map[string]any{"SuppressedDestination": found.wire(stored(address), true)})
}

// wire is an entry as it goes over the wire.
func (e entry) wire(address string, whole bool) map[string]any {
	fields := map[string]any{
		"EmailAddress": address, "Reason": e.reason, "LastUpdateTime": json.Number(strconv.FormatFloat(float64(e.at.UnixMicro())/1e6, 'f', -1, 64)),
	}
	if whole {
		fields["Attributes"] = map[string]any{"FeedbackId": rand.Text(), "MessageId": rand.Text()}
	}
	return fields
}

// list hands out a page of the list.
func (f *Fake) list(query url.Values) Fault {
	size, err := strconv.Atoi(query.Get("PageSize"))
	if query.Get("PageSize") == "" {
		size, err = LongestPage, nil
	}
	if err != nil || size < 1 || size > LongestPage {
		return failure(http.StatusBadRequest, "BadRequestException", false)
	}
	at := position{}
	if token := query.Get("NextToken"); token != "" {
		var known bool
		if at, known = f.tokens[token]; !known || f.now().After(at.until) {
			return failure(http.StatusBadRequest, "InvalidNextTokenException", false)
		}
	}
	left := slices.DeleteFunc(slices.Sorted(maps.Keys(f.listed)), func(address string) bool { return address <= at.after })
	if f.gaps && len(f.tokens)%2 == 1 {
		size = 0
	}
	page := []map[string]any{}
	for _, address := range left[:min(size, len(left))] {
		page, at.after = append(page, f.listed[address].wire(address, false)), address
	}
	answer := map[string]any{"SuppressedDestinationSummaries": page}
	if len(left) > size {
		token := rand.Text() + "+/="
		f.tokens[token] = position{after: at.after, until: f.now().Add(tokenTime)}
		answer["NextToken"] = token
	}
	return answered(answer)
}

// answered is an answer that holds something.
func answered(body map[string]any) Fault {
	text, _ := json.Marshal(body) //nolint:errchkjson // texts and numbers can always be written
	return Answer(http.StatusOK, map[string]string{"Content-Type": "application/json"}, string(text))
}
