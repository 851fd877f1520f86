package main

import (
	"fmt"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/escalation"
)

// The rules that values of the configuration have to fit, and how lists are
// read. Each says what is wrong in words that follow the variable's name, and
// never shows the value.

func number(s string) error {
	if n, err := strconv.Atoi(s); err != nil || n < 0 || n > 1000 {
		return fmt.Errorf("must be a whole number from 0 to 1000")
	}
	return nil
}

func hostPort(s string) error {
	_, port, err := net.SplitHostPort(s)
	if n, bad := strconv.Atoi(port); err != nil || bad != nil || n < 0 || n > 65535 {
		return fmt.Errorf("must be HOST:PORT, such as 127.0.0.1:8080")
	}
	return nil
}

// longestShutdownDelay is how long a server may wait at most before it ends: whoever told
// it to loses patience at some time.
const longestShutdownDelay = time.Minute

func shutdownDelay(s string) error {
	if d, err := time.ParseDuration(s); err != nil || d < 0 || d > longestShutdownDelay {
		return fmt.Errorf("must be a time from 0s to 60s, such as 5s")
	}
	return nil
}

// webURL takes https, and http only on loopback.
func webURL(s string) error {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return fmt.Errorf("must be a URL, such as https://latchkey.example")
	}
	if u.User != nil {
		return fmt.Errorf("must be a URL without a user name and a password, such as https://latchkey.example")
	}
	if u.Scheme == "http" && !loopback(u.Hostname()) {
		return fmt.Errorf("must begin with https:// (http:// is for this machine only)")
	}
	return nil
}

// plainURL takes a URL that others are built upon.
func plainURL(s string) error {
	if u, err := url.Parse(s); err == nil && (u.RawQuery != "" || u.Fragment != "") {
		return fmt.Errorf("must end before any ? or #")
	}
	return webURL(s)
}

// smtpURL takes the address of a mail server, with the name and the password
// that it wants, if any. Neither is ever printed.
func smtpURL(s string) error {
	u, err := url.Parse(s)
	if err != nil || u.Hostname() == "" || (u.Scheme != "smtp" && u.Scheme != "smtps") || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
		return fmt.Errorf("must be smtp://HOST:PORT or smtps://HOST:PORT; in a name or password, write %%40 for @ and %%2F for /")
	}
	if _, given := u.User.Password(); u.User != nil && (!given || u.User.Username() == "") {
		return fmt.Errorf("must name both a user and a password, or neither")
	}
	return nil
}

// loginURL takes the page that customers are sent on to, with a code added.
func loginURL(s string) error {
	if u, err := url.Parse(s); err == nil && (u.Fragment != "" || u.Query().Has("code")) {
		return fmt.Errorf("must have no # and no code in it: a code is added to it")
	}
	return webURL(s)
}

// query stands in the address of a search for what is searched.
const query = "{query}"

// searchURL takes the address of a search, https everywhere.
func searchURL(s string) error {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || strings.Contains(u.Host, query) {
		return fmt.Errorf("must be a URL that begins with https://, such as https://crm.acme.example/search?q=%s", query)
	}
	if !strings.Contains(s, query) {
		return fmt.Errorf("must contain %s, where what is searched goes", query)
	}
	return nil
}

// The longest words of the company's own, in characters.
const (
	brandMost   = 80
	closingMost = 2000
	supportMost = 200
)

// brand takes a name: it stands in subjects of mails.
func brand(s string) error {
	if utf8.RuneCountInString(s) > brandMost || strings.ContainsFunc(s, unicode.IsControl) {
		return fmt.Errorf("must be a name of one line and at most %d characters", brandMost)
	}
	return nil
}

// closing takes some lines of text.
func closing(s string) error {
	control := func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' }
	if utf8.RuneCountInString(s) > closingMost || strings.ContainsFunc(s, control) {
		return fmt.Errorf("must be text of at most %d characters", closingMost)
	}
	return nil
}

// support takes one line that customers read.
func support(s string) error {
	if strings.Contains(s, "://") {
		if err := webURL(s); err != nil {
			return err
		}
	}
	if utf8.RuneCountInString(s) > supportMost || strings.ContainsFunc(s, unicode.IsControl) {
		return fmt.Errorf("must be an e-mail address, a number or a URL, on one line and of at most %d characters", supportMost)
	}
	return nil
}

// proxies reads a list of addresses and networks. It refuses a network of
// everybody: who counts as a proxy says where others come from.
func proxies(s string) ([]netip.Prefix, error) {
	var all []netip.Prefix
	for _, part := range split(s) {
		network, err := netip.ParsePrefix(part)
		if addr, bad := netip.ParseAddr(part); bad == nil && addr.Zone() == "" {
			network, err = netip.PrefixFrom(addr.Unmap(), addr.Unmap().BitLen()), nil
		}
		if addr := network.Addr(); err == nil && addr.Is4In6() && network.Bits() >= 96 {
			network = netip.PrefixFrom(addr.Unmap(), network.Bits()-96) // as they come
		}
		switch {
		case err != nil:
			return nil, fmt.Errorf("must hold addresses and networks, such as 10.0.0.7 or 10.0.0.0/24")
		case network.Bits() == 0:
			return nil, fmt.Errorf("must not hold a network of everybody: whoever is trusted says where others come from")
		}
		all = append(all, network.Masked())
	}
	return all, nil
}

func proxyList(s string) error {
	_, err := proxies(s)
	return err
}

// inside reports whether only a proxy, or who is inside, reaches an address to
// listen on.
func inside(listen string) bool {
	host, _, _ := net.SplitHostPort(listen) // it was checked
	addr, err := netip.ParseAddr(host)
	return loopback(host) || err == nil && (addr.IsPrivate() || addr.IsLinkLocalUnicast())
}

// clash reports whether only one of two can listen: on the same port, at the same host or
// with one of them at every host. Port 0 is another one each time.
func clash(one, other string) bool {
	host, port, _ := net.SplitHostPort(one) // both were checked
	otherHost, otherPort, _ := net.SplitHostPort(other)
	n, _ := strconv.Atoi(port)
	otherN, _ := strconv.Atoi(otherPort)
	return n != 0 && n == otherN && (sameHost(host, otherHost) || everywhere(host) || everywhere(otherHost))
}

// sameHost reports whether two names are of one host, as far as that can be said without
// asking: one address may be written in several ways, and who listens at localhost does at
// 127.0.0.1.
func sameHost(one, other string) bool {
	addr := addressOf(one)
	return one == other || addr.IsValid() && addr == addressOf(other)
}

// addressOf is the address that a host is told by; not valid: it has a name.
func addressOf(host string) netip.Addr {
	if host == "localhost" {
		return netip.AddrFrom4([4]byte{127, 0, 0, 1})
	}
	addr, _ := netip.ParseAddr(host)
	return addr.Unmap()
}

// everywhere reports whether who listens at a host listens at every address.
func everywhere(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "" || err == nil && addr.IsUnspecified()
}

func loopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || (err == nil && addr.IsLoopback())
}

var (
	idPattern     = regexp.MustCompile(`^[A-Z][A-Z0-9]+$`)
	prefixPattern = regexp.MustCompile(`^[a-z0-9_-]{1,12}$`)
	regionPattern = regexp.MustCompile(`^[a-z]{2}(-[a-z]{2,12}){1,3}-[0-9]{1,2}$`)
)

func commandPrefix(s string) error {
	if !prefixPattern.MatchString(s) {
		return fmt.Errorf("must be up to 12 small letters, digits, - or _")
	}
	return nil
}

// oneID takes the ID of something in Slack.
func oneID(s string) error {
	if !idPattern.MatchString(s) {
		return fmt.Errorf("must hold IDs from Slack, such as U012ABCDEF")
	}
	return nil
}

func idList(s string) error {
	for _, id := range split(s) {
		if err := oneID(id); err != nil {
			return err
		}
	}
	return nil
}

// peopleList takes users and user groups.
func peopleList(s string) error {
	for _, id := range split(s) {
		if strings.ContainsAny(id[:1], "CDG") {
			return fmt.Errorf("must hold IDs of users and user groups, not of channels")
		}
	}
	return idList(s)
}

// userList takes no user groups, which a workspace may let its members edit.
func userList(s string) error {
	for _, id := range split(s) {
		if strings.HasPrefix(id, "S") {
			return fmt.Errorf("must hold IDs of users, not of user groups, which members may be able to edit")
		}
	}
	return peopleList(s)
}

func channelList(s string) error {
	for _, id := range split(s) {
		if err := oneChannel(id); err != nil {
			return err
		}
	}
	return nil
}

func oneChannel(s string) error {
	if err := oneID(s); err != nil || strings.ContainsAny(s[:1], "USTW") {
		return fmt.Errorf("must hold IDs of channels, such as C012ABCDEF")
	}
	return nil
}

func address(s string) error {
	if _, err := mail.ParseAddress(s); err != nil {
		return fmt.Errorf("must be an e-mail address, such as support@acme.example")
	}
	return nil
}

func groupID(s string) error {
	if err := oneID(s); err != nil || s[0] != 'S' {
		return fmt.Errorf("must be the ID of a user group, such as S012ABCDEF")
	}
	return nil
}

// split reads a list by comma.
func split(s string) []string {
	var parts []string
	for part := range strings.SplitSeq(s, ",") {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

func zone(s string) error {
	if _, err := time.LoadLocation(s); err != nil || s == "Local" {
		return fmt.Errorf("must be a time zone, such as Australia/Melbourne")
	}
	return nil
}

func clockTime(s string) error {
	if _, err := time.Parse("15:04", s); err != nil {
		return fmt.Errorf("must be a time of day, such as 08:00")
	}
	return nil
}

// usualHours is when teams work unless they say otherwise, as in [Hours].
const usualHours = "mon-fri 08:00-18:00"

// workingHours, holidays and serviceLevels take what cases are timed by.
func workingHours(s string) error {
	_, err := escalation.ParseHours(s, "", time.UTC)
	return err
}

func holidays(s string) error {
	_, err := escalation.ParseHours(usualHours, s, time.UTC)
	return err
}

func serviceLevels(s string) error {
	_, err := escalation.ParseLevels(s)
	return err
}

// retention takes how long things are kept.
func retention(s string) error {
	_, err := actions.ParseRetention(s)
	return err
}

// awsRegion takes the name of a region of AWS, which becomes part of an address.
func awsRegion(s string) error {
	if !regionPattern.MatchString(s) {
		return fmt.Errorf("must be the name of a region of AWS, such as ap-southeast-2")
	}
	return nil
}

// articles takes help articles by cause and brand.
func articles(s string) error {
	_, err := actions.ParseArticles(s)
	return err
}
