package actions

import (
	"strings"
	"testing"
	"time"
)

// TestViewAnswer: who asked opens it once; then key and answer are gone.
func TestViewAnswer(t *testing.T) {
	d := office(t)
	r := d.asks(t, ofJane)
	r.answers(t, canary)
	d.told()
	d.passes(minute)
	link, until, err := d.RequestLink(t.Context(), agent("", ""), r.id)
	if err != nil || until != d.now.Add(5*minute) {
		t.Fatalf("the link is good until %v: %v", until, err)
	}
	entry := d.written(t)
	if entry.Act != ActSecretOpen || entry.Actor != "U1" || entry.Detail != "took a link to open what came: request "+shortHash(r.id)+", for j•••@a•••.example" {
		t.Errorf("the audit says %+v", entry)
	}
	_, fragment := parted(t, link)
	token := raw(t, fragment)
	page, err := d.RequestStatus(t.Context(), r.id, token)
	if err != nil || page.State != RequestReceived || !page.Viewing || page.PublicKey != nil || page.What != wifi().What {
		t.Errorf("the page says %+v, %v", page, err)
	}
	d.wantTold(t)

	d.passes(minute)
	viewed := r.views(t, token)
	if viewed.State != RequestOpened || viewed.At != d.now || viewed.Late || string(viewed.Content) != canary {
		t.Fatalf("got %+v", viewed)
	}
	d.holdsSealed(t, r.id)
	d.wantTold(t, "secret_request to U1", "secret_request_opened to U1")
	entry = d.written(t)
	if entry.Act != ActSecretOpen || entry.Actor != "U1" || entry.Subject != "u-1" || entry.Outcome != ActDone || entry.Ticket != "#4711" ||
		entry.Detail != "opened what came, by the link they took: request "+shortHash(r.id)+", for j•••@a•••.example" {
		t.Errorf("the audit says %+v", entry)
	}

	d.passes(minute)
	d.changesNothing(t, func() {
		again := r.views(t, token)
		if again.State != RequestOpened || again.At != viewed.At || again.Content != nil || again.Late {
			t.Errorf("a second time it is %+v", again)
		}
		if page := r.page(t); page.State != RequestOpened || page.At != viewed.At {
			t.Errorf("the customer reads %+v", page)
		}
		_, _, err := d.RequestLink(t.Context(), agent("", ""), r.id)
		wantCode(t, err, Conflict)
	})
}

// TestViewAnswerOfTheStopped: whoever was stopped after they took the link opens
// nothing by it, and once they are released the answer is still there.
func TestViewAnswerOfTheStopped(t *testing.T) {
	d := office(t)
	r := d.asks(t, ofJane)
	r.answers(t, canary)
	link, _, err := d.RequestLink(t.Context(), agent("", ""), r.id)
	if err != nil {
		t.Fatal(err)
	}
	_, fragment := parted(t, link)
	d.store.state.brakes["U1"] = Brake{Actor: "U1", At: d.now}
	d.changesNothing(t, func() {
		if viewed := r.views(t, raw(t, fragment)); viewed.Content != nil || !viewed.Late || viewed.State != RequestReceived {
			t.Errorf("got %+v", viewed)
		}
	})
	delete(d.store.state.brakes, "U1")
	if viewed := r.views(t, raw(t, fragment)); string(viewed.Content) != canary {
		t.Errorf("got %+v", viewed)
	}
}

// TestRequestLinkIsForWhoAsked: nobody else gets one, and it changes nothing.
func TestRequestLinkIsForWhoAsked(t *testing.T) {
	d := office(t)
	r := d.asks(t)
	r.answers(t, canary)
	for name, actor := range map[string]Actor{
		"another agent": {ID: "U2", Roles: RolesOf(RoleAgent)},
		"a lead":        {ID: "U3", Roles: RolesOf(RoleLead)},
		"an admin":      {ID: "U4", Roles: RolesOf(RoleAdmin)},
		"the terminal":  {ID: "terminal:root", Roles: RolesOf(RoleAdmin)},
	} {
		t.Run(name, func(t *testing.T) {
			d.changesNothing(t, func() {
				link, _, err := d.RequestLink(t.Context(), Call{Actor: actor}, r.id)
				wantCode(t, err, NotFound)
				if link != "" {
					t.Error("there is a link")
				}
			})
		})
	}
	t.Run("nobody's request", func(t *testing.T) {
		d.changesNothing(t, func() {
			_, _, err := d.RequestLink(t.Context(), agent("", ""), randomText(secretIDBytes))
			wantCode(t, err, NotFound)
		})
	})
	t.Run("who asked, without a role by now", func(t *testing.T) {
		_, _, err := d.RequestLink(t.Context(), Call{Actor: Actor{ID: "U1"}}, r.id)
		wantCode(t, err, Forbidden)
	})
	t.Run("who asked, and was stopped", func(t *testing.T) {
		d.store.state.brakes["U1"] = Brake{Actor: "U1", At: noon}
		_, _, err := d.RequestLink(t.Context(), agent("", ""), r.id)
		wantCode(t, err, Forbidden)
		if len(r.stored().ViewProof) > 0 {
			t.Error("a link was made")
		}
	})
}

// TestRequestLinkVoidsTheOneBefore: of two links the newer is good.
func TestRequestLinkVoidsTheOneBefore(t *testing.T) {
	d := office(t)
	r := d.asks(t)
	r.answers(t, canary)
	older, newer := r.viewing(t), r.viewing(t)
	d.changesNothing(t, func() {
		if viewed := r.views(t, older); viewed.State != "" || viewed.Content != nil {
			t.Errorf("the older gets %+v", viewed)
		}
		if page, err := d.RequestStatus(t.Context(), r.id, older); err != nil || !samePage(page, RequestPage{}) {
			t.Errorf("the older sees %+v, %v", page, err)
		}
	})
	if viewed := r.views(t, newer); string(viewed.Content) != canary {
		t.Errorf("the newer gets %+v", viewed)
	}
	t.Run("a click is answered once", func(t *testing.T) {
		r := d.asks(t)
		r.answers(t, canary)
		_, _, err := d.RequestLink(t.Context(), agent("click", ""), r.id)
		wantCode(t, err, "")
		d.changesNothing(t, func() {
			_, _, err := d.RequestLink(t.Context(), agent("click", ""), r.id)
			wantCode(t, err, Conflict)
		})
	})
}

// TestViewAnswerLate: after five minutes the link opens nothing, and nothing is lost.
func TestViewAnswerLate(t *testing.T) {
	d := office(t)
	r := d.asks(t)
	r.answers(t, canary)
	token := r.viewing(t)
	d.passes(5 * minute)
	d.changesNothing(t, func() {
		if viewed := r.views(t, token); viewed.State != RequestReceived || !viewed.Late || viewed.Content != nil {
			t.Errorf("got %+v", viewed)
		}
	})
	token = r.viewing(t)
	d.passes(5*minute - tick)
	if viewed := r.views(t, token); string(viewed.Content) != canary {
		t.Errorf("a moment before, it is %+v", viewed)
	}
}

// TestRequestLinkEndsWithIt: the link isn't good for longer than what it opens.
func TestRequestLinkEndsWithIt(t *testing.T) {
	d := office(t)
	r := d.asks(t)
	r.answers(t, canary)
	d.passes(hour - minute)
	link, until, err := d.RequestLink(t.Context(), agent("", ""), r.id)
	if err != nil || until != noon.Add(hour) {
		t.Fatalf("it is good until %v: %v", until, err)
	}
	_, fragment := parted(t, link)
	d.passes(minute)
	d.changesNothing(t, func() {
		if viewed := r.views(t, raw(t, fragment)); viewed.State != RequestExpired || viewed.At != noon.Add(hour) || viewed.Content != nil || viewed.Late {
			t.Errorf("got %+v", viewed)
		}
	})
}

// TestNothingToOpen: each state says what is to do.
func TestNothingToOpen(t *testing.T) {
	sentences := map[string]bool{}
	for name, before := range map[string]func(requested){
		"nothing came":     func(requested) {},
		"it was opened":    func(r requested) { r.answers(t, canary); r.views(t, r.viewing(t)) },
		"it ran out":       func(r requested) { r.answers(t, canary); r.d.passes(hour) },
		"it was withdrawn": func(r requested) { r.answers(t, canary); r.withdraws(t) },
	} {
		t.Run(name, func(t *testing.T) {
			d := office(t)
			r := d.asks(t)
			before(r)
			d.changesNothing(t, func() {
				link, _, err := d.RequestLink(t.Context(), agent("key", ""), r.id)
				wantCode(t, err, Conflict)
				if link != "" {
					t.Error("there is a link")
				}
				sentences[err.Error()] = true
			})
		})
	}
	if len(sentences) != 4 {
		t.Errorf("the states are told by %d sentences", len(sentences))
	}
}

// TestViewAnswerMeanwhile: what happens between the proof and the transaction.
func TestViewAnswerMeanwhile(t *testing.T) {
	for name, c := range map[string]struct {
		meanwhile func(requested, []byte)
		want      RequestState
		late      bool
	}{
		"it was opened":       {func(r requested, token []byte) { r.views(t, token) }, RequestOpened, false},
		"it was withdrawn":    {func(r requested, _ []byte) { r.withdraws(t) }, RequestWithdrawn, false},
		"a newer link":        {func(r requested, _ []byte) { r.viewing(t) }, "", false},
		"five minutes passed": {func(r requested, _ []byte) { r.d.passes(5 * minute) }, RequestReceived, true},
		"it ran out":          {func(r requested, _ []byte) { r.d.passes(hour) }, RequestExpired, false},
		"it was forgotten":    {func(r requested, _ []byte) { delete(r.d.store.state.requests, r.id) }, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			d := office(t)
			r := d.asks(t)
			r.answers(t, canary)
			token := r.viewing(t)
			d.crossed(func() { c.meanwhile(r, token) })
			viewed := r.views(t, token)
			if viewed.State != c.want || viewed.Late != c.late || viewed.Content != nil {
				t.Errorf("got %+v", viewed)
			}
		})
	}
}

// TestViewAnswerUncommitted: what isn't committed isn't handed out, and stays.
func TestViewAnswerUncommitted(t *testing.T) {
	d := office(t)
	r := d.asks(t)
	r.answers(t, canary)
	token := r.viewing(t)
	d.Store = &crossing{fakeStore: d.store, lost: Errorf(Unavailable, "The database is away.")}
	d.changesNothing(t, func() {
		viewed, err := d.ViewAnswer(t.Context(), r.id, token)
		wantCode(t, err, Unavailable)
		if viewed.Content != nil || viewed.State != "" {
			t.Errorf("it is handed out: %+v", viewed)
		}
	})
	d.Store = d.store
	if viewed := r.views(t, token); string(viewed.Content) != canary {
		t.Errorf("then it is %+v", viewed)
	}
}

// TestViewAnswerTampered: what was changed in the database, or pasted from another
// row, opens nothing, and nothing is lost by trying.
func TestViewAnswerTampered(t *testing.T) {
	for name, tamper := range map[string]func(d *desk, r, other requested){
		"the key of another": func(d *desk, r, other requested) { d.pastes(SealRequest, other.id, SealRequest, r.id) },
		"another's answer":   func(d *desk, r, other requested) { d.pastes(SealAnswer, other.id, SealAnswer, r.id) },
		"key and answer of another": func(d *desk, r, other requested) {
			d.pastes(SealRequest, other.id, SealRequest, r.id)
			d.pastes(SealAnswer, other.id, SealAnswer, r.id)
		},
		"the answer as the key": func(d *desk, r, _ requested) { d.pastes(SealAnswer, r.id, SealRequest, r.id) },
		"no key":                func(d *desk, r, _ requested) { delete(d.store.state.sealed, sealedName(SealRequest, r.id)) },
		"no answer":             func(d *desk, r, _ requested) { delete(d.store.state.sealed, sealedName(SealAnswer, r.id)) },
		"an answer cut short": func(d *desk, r, _ requested) {
			short, err := d.Keys.Seal(SealAnswer, r.id, make([]byte, 92))
			must(t, err)
			d.store.state.sealed[sealedName(SealAnswer, r.id)] = short
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := office(t)
			r, other := d.asks(t), d.asks(t)
			r.answers(t, canary)
			other.answers(t, "another's")
			token := r.viewing(t)
			tamper(d, r, other)
			d.changesNothing(t, func() {
				viewed, err := d.ViewAnswer(t.Context(), r.id, token)
				wantCode(t, err, Internal)
				if viewed.Content != nil || strings.Contains(err.Error(), r.id) {
					t.Errorf("got %+v, %v", viewed, err)
				}
			})
		})
	}
}

// pastes writes what lies sealed in one row over another.
func (d *desk) pastes(purpose Purpose, id string, onto Purpose, over string) {
	s := d.store.state.sealed[sealedName(purpose, id)]
	s.Purpose, s.ID = onto, over
	d.store.state.sealed[sealedName(onto, over)] = s
}

// TestReportsOfRequests: cards see no proofs, and the list is one's own.
func TestReportsOfRequests(t *testing.T) {
	d := office(t)
	d.Zone = time.FixedZone("here", 3600)
	r := d.asks(t, ofJane)
	r.answers(t, canary)
	r.viewing(t)
	report, err := d.RequestReport(t.Context(), r.id)
	if err != nil || report.Request.State != RequestReceived || report.Since != noon || report.Zone != d.Zone || report.Mail != nil {
		t.Errorf("got %+v, %v", report, err)
	}
	if q := report.Request; q.Proof != nil || q.ViewProof != nil {
		t.Error("the report holds proofs")
	}
	own, err := d.RequestFor(t.Context(), agent("", ""), r.id)
	if err != nil || own.Request.ID != r.id {
		t.Errorf("who asked gets %+v, %v", own, err)
	}
	_, err = d.RequestFor(t.Context(), Call{Actor: Actor{ID: "terminal:root", Roles: RolesOf(RoleAdmin)}}, r.id)
	wantCode(t, err, "")
	_, err = d.RequestFor(t.Context(), Call{Actor: Actor{ID: "U2", Roles: RolesOf(RoleAdmin)}}, r.id)
	wantCode(t, err, NotFound)
	_, err = d.RequestFor(t.Context(), Call{Actor: Actor{ID: "U1"}}, r.id)
	wantCode(t, err, Forbidden)
	_, err = d.RequestReport(t.Context(), randomText(secretIDBytes))
	wantCode(t, err, NotFound)
	d.passes(hour)
	if report, err := d.RequestReport(t.Context(), r.id); err != nil || report.Request.State != RequestExpired || report.Since != noon.Add(hour) {
		t.Errorf("got %+v, %v", report, err)
	}
}
