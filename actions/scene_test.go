package actions

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"
)

// The measures of the tests' times. A tick is the smallest difference there is.
const (
	tick   = time.Microsecond
	second = time.Second
	minute = time.Minute
	hour   = time.Hour
	aDay   = 24 * time.Hour
)

// noon is the moment of diagnosis.
var noon = time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)

// Networks of the tests: home is what customers use, away what strangers do.
const (
	home  = "192.0.2.10"
	away  = "203.0.113.10"
	staff = "198.51.100.7"
)

// scene is a situation being built: jane, and what the options bring.
type scene struct {
	Snapshot
	rules     Rules
	abilities Abilities
	records   int64 // how many were imported so far
}

// option brings something into a scene. Times are given as how long ago.
type option func(*scene)

// stage builds the scene of one healthy user, jane, who hasn't tried to log in
// lately, with what the options bring.
func stage(options ...option) *scene {
	s := &scene{rules: Rules{LockAfter: 3, IdleMonths: 3}, abilities: Abilities{TellsUnknownUser: true}}
	s.Identifier, s.At, s.NewestAttempt = "jane@acme.example", noon, noon.Add(-minute)
	s.Users = []User{{
		ID: "u-1", Username: "jane.doe", Status: UserActive, Email: "jane@acme.example", Mobile: "+61 400 000 123",
		FirstName: "Jane", LastName: "Doe", HasPassword: true, LoginMethods: []string{"password"},
		CreatedAt: noon.Add(-400 * aDay), LastLoginAt: noon.Add(-20 * aDay),
	}}
	s.Places = []Place{place("Acme", AccountActive)}
	s.StaffNetworks = []netip.Prefix{netip.MustParsePrefix("198.51.100.0/24")}
	for _, option := range options {
		option(s)
	}
	s.sort()
	return s
}

// sort brings the attempts into the order of a snapshot, newest first.
func (s *scene) sort() {
	newestFirst := func(a, b Attempt) int { return b.Compare(a) }
	slices.SortStableFunc(s.Attempts, newestFirst)
	slices.SortStableFunc(s.Successes, newestFirst)
}

// judge diagnoses the scene.
func (s *scene) judge() Diagnosis { return Judge(s.Snapshot, s.rules, s.abilities) }

// seq gives the next record its place in the order of import.
func (s *scene) seq() int64 { s.records++; return s.records }

// all is several options as one.
func all(options ...option) option {
	return func(s *scene) {
		for _, option := range options {
			option(s)
		}
	}
}

// times repeats an option, each time a step later, the first time first ago.
func times(n int, first, step time.Duration, do func(ago time.Duration) option) option {
	return func(s *scene) {
		for i := range n {
			do(first - time.Duration(i)*step)(s)
		}
	}
}

// tried is an attempt of jane's, from home.
func tried(ago time.Duration, outcome Outcome, details ...func(*Attempt)) option {
	return func(s *scene) {
		a := Attempt{At: s.At.Add(-ago), Identifier: "jane.doe", Outcome: outcome, IP: home, Country: "AU", DeviceID: "laptop"}
		for _, detail := range details {
			detail(&a)
		}
		a.Seq = s.seq()
		a.ID = fmt.Sprint("a-", a.Seq)
		s.Attempts = append(s.Attempts, a)
		if a.Outcome == Success {
			s.Successes = append(s.Successes, a)
		}
	}
}

// from says where an attempt came from.
func from(ip string) func(*Attempt) { return func(a *Attempt) { a.IP = ip } }

// in says the country of an attempt.
func in(country string) func(*Attempt) { return func(a *Attempt) { a.Country = country } }

// on says the device of an attempt.
func on(device string) func(*Attempt) { return func(a *Attempt) { a.DeviceID = device } }

// overVPN says that an attempt came over a VPN.
func overVPN(a *Attempt) { a.VPN = true }

// network is an address in the nth of many networks.
func network(n int) string { return fmt.Sprintf("10.%d.%d.9", n/256, n%256) }

// wrongFrom tries wrong passwords from an address.
func wrongFrom(ip string) func(time.Duration) option {
	return func(ago time.Duration) option { return tried(ago, WrongPassword, from(ip)) }
}

// mistyped is an attempt of nobody's with an unknown name.
func mistyped(ago time.Duration, name string, details ...func(*Attempt)) option {
	return func(s *scene) {
		a := Attempt{At: s.At.Add(-ago), Identifier: name, Outcome: UnknownUsername, IP: home, Seq: s.seq()}
		for _, detail := range details {
			detail(&a)
		}
		s.NearMisses = append(s.NearMisses, a)
	}
}

// lockedFor is a lock of jane's; ends are how long ago it ended, and how.
func lockedFor(kind LockKind, ago time.Duration, ends ...func(*Lock)) option {
	return func(s *scene) {
		l := Lock{ID: fmt.Sprint("l-", s.seq()), UserID: "u-1", Kind: kind, At: s.At.Add(-ago)}
		for _, end := range ends {
			end(&l)
		}
		s.Locks = append(s.Locks, l)
	}
}

func released(ago time.Duration) func(*Lock) {
	return func(l *Lock) { l.ReleasedAt = noon.Add(-ago) }
}

func ranOut(ago time.Duration) func(*Lock) {
	return func(l *Lock) { l.Until = noon.Add(-ago) }
}

// coded is a code sent to jane.
func coded(ago time.Duration, channel Channel) option {
	return func(s *scene) {
		s.Codes = append(s.Codes, LoginCode{ID: fmt.Sprint("c-", s.seq()), Channel: channel, SentAt: s.At.Add(-ago), Seq: s.records})
	}
}

// codeUsed is a code that was used, sent a minute before.
func codeUsed(ago time.Duration) option {
	return func(s *scene) {
		used := s.At.Add(-ago)
		s.Codes = append(s.Codes, LoginCode{
			ID: fmt.Sprint("c-", s.seq()), Channel: ChannelEmail, SentAt: used.Add(-minute), UsedAt: used, Seq: s.records,
		})
	}
}

// mailed is a mail to jane's address, texted a text to her mobile.
func mailed(ago time.Duration, kind DeliveryKind, status DeliveryStatus) option {
	return func(s *scene) { s.Mails = append(s.Mails, s.delivery(ago, kind, status)) }
}

func texted(ago time.Duration, kind DeliveryKind, status DeliveryStatus) option {
	return func(s *scene) { s.Texts = append(s.Texts, s.delivery(ago, kind, status)) }
}

func (s *scene) delivery(ago time.Duration, kind DeliveryKind, status DeliveryStatus) Delivery {
	return Delivery{ID: fmt.Sprint("d-", s.seq()), Kind: kind, Status: status, At: s.At.Add(-ago), Seq: s.records}
}

// linked is a reset link sent to jane, valid for half an hour.
func linked(ago time.Duration, details ...func(*ResetLink)) option {
	return func(s *scene) {
		r := ResetLink{ID: fmt.Sprint("r-", s.seq()), SentAt: s.At.Add(-ago), Seq: s.records}
		r.ExpiresAt = r.SentAt.Add(30 * minute)
		for _, detail := range details {
			detail(&r)
		}
		s.ResetLinks = append(s.ResetLinks, r)
	}
}

func usedAfter(d time.Duration) func(*ResetLink) {
	return func(r *ResetLink) { r.UsedAt = r.SentAt.Add(d) }
}

func expiresAgo(ago time.Duration) func(*ResetLink) {
	return func(r *ResetLink) { r.ExpiresAt = noon.Add(-ago) }
}

// suppressed puts jane's address on a list.
func suppressed(ago time.Duration, list SuppressionList) option {
	return func(s *scene) { s.Suppression = append(s.Suppression, Suppression{List: list, Since: s.At.Add(-ago)}) }
}

// user changes jane's own record.
func user(change func(*User)) option { return func(s *scene) { change(&s.Users[0]) } }

// optedOutOf switches channels off.
func optedOutOf(channels ...Channel) option { return user(func(u *User) { u.OptedOut = channels }) }

// member replaces jane's places.
func member(places ...Place) option { return func(s *scene) { s.Places = places } }

// place is an active membership in an account.
func place(name string, status AccountStatus, changes ...func(*Place)) Place {
	p := Place{
		Membership: Membership{UserID: "u-1", AccountID: "acc-" + name, Role: "member", Status: MembershipActive},
		Account:    Account{ID: "acc-" + name, Name: name, Status: status, GatewayIDs: []string{"GW-" + name}},
	}
	for _, change := range changes {
		change(&p)
	}
	return p
}

func deactivated(p *Place) { p.Status = MembershipDeactivated }

func keepsLogin(p *Place) { p.KeepsLogin = true }

// asOf moves the moment of diagnosis. It has to come first.
func asOf(at time.Time) option { return func(s *scene) { s.At = at } }

// nobody makes the scene one of an identifier that nobody has.
func nobody(typed ...Attempt) option {
	return func(s *scene) {
		s.Snapshot = Snapshot{
			Identifier: "jane.dow", At: s.At, NewestAttempt: s.NewestAttempt, StaffNetworks: s.StaffNetworks, Typed: typed,
		}
	}
}

// row is a row of a cause's table: with what the scene is, and how the
// cause is graded then; no grade: it doesn't hold.
type row struct {
	name  string
	scene option
	want  Grade
}

// absent is the grade of a cause that doesn't hold.
const absent Grade = ""

// holds runs a cause's table.
func holds(t *testing.T, cause Cause, table []row) {
	t.Helper()
	for _, r := range table {
		t.Run(r.name, func(t *testing.T) {
			d := stage(r.scene).judge()
			if got := gradeOf(d, cause); got != r.want {
				t.Errorf("%s is graded %q, want %q; found %v", cause, got, r.want, causesOf(d))
			}
			sound(t, d)
		})
	}
}

// leads runs scenes in which the cause is the decisive one.
func leads(t *testing.T, cause Cause, options ...option) Finding {
	t.Helper()
	d := stage(options...).judge()
	if len(d.Findings) == 0 || d.Findings[0].Cause != cause {
		t.Fatalf("%s doesn't lead; found %v", cause, causesOf(d))
	}
	sound(t, d)
	return d.Findings[0]
}

// helps checks which remedies a finding names.
func helps(t *testing.T, f Finding, want ...RemedyID) {
	t.Helper()
	if !slices.Equal(f.Remedies, want) {
		t.Errorf("%s has the remedies %v, want %v", f.Cause, f.Remedies, want)
	}
}

func gradeOf(d Diagnosis, cause Cause) Grade {
	for _, f := range d.Findings {
		if f.Cause == cause {
			return f.Grade
		}
	}
	return absent
}

func causesOf(d Diagnosis) []string {
	found := []string{}
	for _, f := range d.Findings {
		found = append(found, string(f.Cause)+" "+string(f.Grade))
	}
	return found
}

// sound checks what holds for every diagnosis, whatever was found.
func sound(t *testing.T, d Diagnosis) {
	t.Helper()
	seen := map[Cause]bool{}
	for i, f := range d.Findings {
		if seen[f.Cause] {
			t.Errorf("%s appears twice", f.Cause)
		}
		seen[f.Cause] = true
		soundFinding(t, d, f)
		if i > 0 && standing(d.Findings[i-1]) > standing(f) {
			t.Errorf("%s stands before %s", d.Findings[i-1].Cause, f.Cause)
		}
	}
}

// standing is where a finding ranks: by rank, then by grade.
func standing(f Finding) int {
	i := slices.IndexFunc(causes, func(c cause) bool { return c.id == f.Cause })
	return causes[i].rank*10 + gradeOrder[f.Grade]
}

func soundFinding(t *testing.T, d Diagnosis, f Finding) {
	t.Helper()
	if f.TellCaller != tellCaller || f.Summary == "" {
		t.Errorf("%s: summary %q, tell_caller %q", f.Cause, f.Summary, f.TellCaller)
	}
	if f.TellCustomer == "" && f.Cause != CauseSharingSuspected {
		t.Errorf("%s has nothing to tell the customer", f.Cause)
	}
	if len(f.Evidence) == 0 {
		t.Errorf("%s has no evidence", f.Cause)
	}
	for _, e := range f.Evidence {
		if e.At.IsZero() || e.At.After(d.At) || e.Source == "" || e.Text == "" {
			t.Errorf("%s has the evidence %+v", f.Cause, e)
		}
	}
	for _, id := range f.Remedies {
		if remedy, ok := RemedyFor(id); !ok || remedy.Step == "" || remedy.Who == "" {
			t.Errorf("%s has the unknown remedy %q", f.Cause, id)
		}
	}
}
