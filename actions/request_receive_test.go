package actions

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestReceiveAnswer: it comes once, waits as long again, and who asked is told.
func TestReceiveAnswer(t *testing.T) {
	d := office(t)
	r := d.asks(t, ofJane)
	d.told()
	d.passes(50 * minute)
	sent := browser(t, r.id, r.page(t).PublicKey, canary)
	page, taken, err := d.ReceiveAnswer(t.Context(), r.id, r.token, sent)
	if err != nil || !taken {
		t.Fatalf("it isn't taken: %v", err)
	}
	if page.State != RequestReceived || page.At != d.now || page.ExpiresAt != d.now.Add(hour) || page.PublicKey != nil || page.Viewing {
		t.Errorf("the page says %+v", page)
	}
	if shown := r.page(t); !samePage(shown, page) {
		t.Errorf("the page says %+v, then %+v", page, shown)
	}
	d.holdsSealed(t, r.id, SealAnswer, SealRequest)
	d.wantTold(t, "secret_request to U1", "secret_request_received to U1")
	want := AuditEntry{
		At: d.now, Act: ActSecretReceived, Actor: "link", Subject: "u-1", Outcome: ActDone, Ticket: "#4711",
		Detail: "what was asked for came: request " + shortHash(r.id) + ", for j•••@a•••.example",
	}
	if got := d.written(t); got != want {
		t.Errorf("the audit says\n%+v, want\n%+v", got, want)
	}

	d.changesNothing(t, func() {
		page, taken, err := d.ReceiveAnswer(t.Context(), r.id, r.token, browser(t, r.id, r.stored().PublicKey, "another"))
		if err != nil || taken || page.State != RequestReceived || page.At != d.now {
			t.Errorf("a second answer gets %+v, %v, %v", page, taken, err)
		}
	})
}

// samePage compares two pages.
func samePage(a, b RequestPage) bool {
	return a.State == b.State && a.At.Equal(b.At) && a.ExpiresAt.Equal(b.ExpiresAt) && a.From == b.From && a.What == b.What &&
		a.Why == b.Why && bytes.Equal(a.PublicKey, b.PublicKey) && a.Viewing == b.Viewing
}

// TestRequestWithoutItsToken: a wrong token and an ID that nobody has look alike,
// and change nothing.
func TestRequestWithoutItsToken(t *testing.T) {
	d := office(t)
	r, other := d.asks(t), d.asks(t)
	other.answers(t, canary)
	view := other.viewing(t)
	for name, c := range map[string]struct {
		id    string
		token []byte
	}{
		"another's token":     {r.id, other.token},
		"a wrong token":       {r.id, flipped(r.token)},
		"no token":            {r.id, nil},
		"half a token":        {r.id, r.token[:16]},
		"a longer token":      {r.id, append(slices.Clone(r.token), 0)},
		"nobody's ID":         {randomText(secretIDBytes), r.token},
		"half an ID":          {r.id[:11], r.token},
		"no ID":               {"", r.token},
		"an ID with a NUL":    {r.id[:21] + "\x00", r.token},
		"the link to view":    {r.id, view},
		"the view's own, too": {other.id, view},
	} {
		t.Run(name, func(t *testing.T) {
			d.changesNothing(t, func() {
				answer := browser(t, r.id, r.stored().PublicKey, canary)
				page, taken, err := d.ReceiveAnswer(t.Context(), c.id, c.token, answer)
				if err != nil || taken || !samePage(page, RequestPage{}) {
					t.Errorf("sending gets %+v, %v, %v", page, taken, err)
				}
				if name == "the view's own, too" {
					return // it may look
				}
				if page, err := d.RequestStatus(t.Context(), c.id, c.token); err != nil || !samePage(page, RequestPage{}) {
					t.Errorf("asking gets %+v, %v", page, err)
				}
				if viewed, err := d.ViewAnswer(t.Context(), c.id, c.token); err != nil || viewed.State != "" || viewed.Content != nil {
					t.Errorf("opening gets %+v, %v", viewed, err)
				}
			})
		})
	}
}

// flipped is bytes with one bit of the last changed.
func flipped(b []byte) []byte {
	b = slices.Clone(b)
	b[len(b)-1] ^= 1
	return b
}

// TestReceiveAnswerBroken: what who asked couldn't open, or use, is refused when it
// comes; the customer can send once more.
func TestReceiveAnswerBroken(t *testing.T) {
	d := office(t)
	r, other := d.asks(t), d.asks(t)
	key := r.stored().PublicKey
	whole := browser(t, r.id, key, canary)
	with := func(change func(*RequestAnswer)) RequestAnswer {
		x := RequestAnswer{slices.Clone(whole.Key), slices.Clone(whole.Nonce), slices.Clone(whole.Body)}
		change(&x)
		return x
	}
	for name, answer := range map[string]RequestAnswer{
		"nothing":                 {},
		"no key":                  with(func(x *RequestAnswer) { x.Key = nil }),
		"a compressed key":        with(func(x *RequestAnswer) { x.Key = x.Key[:33] }),
		"a key off the curve":     with(func(x *RequestAnswer) { x.Key = flipped(x.Key) }),
		"a key of zeros":          with(func(x *RequestAnswer) { x.Key = make([]byte, 65) }),
		"our own key as theirs":   with(func(x *RequestAnswer) { x.Key = key }),
		"a short nonce":           with(func(x *RequestAnswer) { x.Nonce = x.Nonce[:11] }),
		"another nonce":           with(func(x *RequestAnswer) { x.Nonce = flipped(x.Nonce) }),
		"a body without its tag":  with(func(x *RequestAnswer) { x.Body = x.Body[:len(x.Body)-16] }),
		"nothing but half a tag":  with(func(x *RequestAnswer) { x.Body = x.Body[:8] }),
		"a changed body":          with(func(x *RequestAnswer) { x.Body = flipped(x.Body) }),
		"sealed for another":      browser(t, other.id, other.stored().PublicKey, canary),
		"sealed for another ID":   browser(t, other.id, key, canary),
		"sealed for another key":  browser(t, r.id, other.stored().PublicKey, canary),
		"empty":                   browser(t, r.id, key, ""),
		"nothing but spaces":      browser(t, r.id, key, " \n"),
		"a NUL":                   browser(t, r.id, key, "a\x00b"),
		"no UTF-8":                browser(t, r.id, key, "a\xffb"),
		"a byte over 16 KB":       browser(t, r.id, key, strings.Repeat("x", ContentLimit+1)),
		"much too much, unsealed": with(func(x *RequestAnswer) { x.Body = make([]byte, 1<<20) }),
	} {
		t.Run(name, func(t *testing.T) {
			d.changesNothing(t, func() {
				page, taken, err := d.ReceiveAnswer(t.Context(), r.id, r.token, answer)
				wantCode(t, err, Invalid)
				if taken || !samePage(page, RequestPage{}) || err != nil && strings.Contains(err.Error(), canary) {
					t.Errorf("got %+v, %v, %v", page, taken, err)
				}
			})
		})
	}
	full := strings.Repeat("é", ContentLimit/2)
	r.answers(t, full)
	if viewed := r.views(t, r.viewing(t)); string(viewed.Content) != full {
		t.Errorf("of 16 KB, %d bytes came", len(viewed.Content))
	}
}

// TestReceiveAnswerTooLate: the page says what became of it, and nothing changes.
func TestReceiveAnswerTooLate(t *testing.T) {
	for name, c := range map[string]struct {
		meanwhile func(requested)
		want      RequestState
		since     time.Time
	}{
		"it ran out":     {func(r requested) { r.d.passes(hour) }, RequestExpired, noon.Add(hour)},
		"and was tidied": {func(r requested) { r.d.passes(2 * hour); must(t, r.d.expireRequests(t.Context())) }, RequestExpired, noon.Add(hour)},
		"taken back":     {func(r requested) { r.d.passes(minute); r.withdraws(t) }, RequestWithdrawn, noon.Add(minute)},
		"sent already":   {func(r requested) { r.d.passes(minute); r.answers(t, "first") }, RequestReceived, noon.Add(minute)},
		"opened already": {func(r requested) { r.answers(t, "first"); r.views(t, r.viewing(t)) }, RequestOpened, noon},
	} {
		t.Run(name, func(t *testing.T) {
			d := office(t)
			r := d.asks(t)
			answer := browser(t, r.id, r.stored().PublicKey, canary)
			c.meanwhile(r)
			d.changesNothing(t, func() {
				page, taken, err := d.ReceiveAnswer(t.Context(), r.id, r.token, answer)
				if err != nil || taken || page.State != c.want || !page.At.Equal(c.since) || page.PublicKey != nil {
					t.Errorf("got %+v, %v, %v", page, taken, err)
				}
				if page, _, err := d.ReceiveAnswer(t.Context(), r.id, r.token, RequestAnswer{}); err != nil || page.State != c.want {
					t.Errorf("a broken answer gets %+v, %v", page, err)
				}
			})
		})
	}
}

// TestReceiveAnswerMeanwhile: what happens between trying an answer and taking it.
func TestReceiveAnswerMeanwhile(t *testing.T) {
	for name, c := range map[string]struct {
		meanwhile func(requested)
		want      RequestState
	}{
		"another answer came": {func(r requested) { r.answers(t, "first") }, RequestReceived},
		"it was withdrawn":    {func(r requested) { r.withdraws(t) }, RequestWithdrawn},
		"it ran out":          {func(r requested) { r.d.passes(hour) }, RequestExpired},
	} {
		t.Run(name, func(t *testing.T) {
			d := office(t)
			r := d.asks(t)
			answer := browser(t, r.id, r.stored().PublicKey, "second")
			var after fakeState
			d.crossed(func() { c.meanwhile(r); after = d.store.state.clone() })
			page, taken, err := d.ReceiveAnswer(t.Context(), r.id, r.token, answer)
			if err != nil || taken || page.State != c.want {
				t.Fatalf("got %+v, %v, %v", page, taken, err)
			}
			if len(after.audit) != len(d.store.state.audit) || len(after.sealed) != len(d.store.state.sealed) {
				t.Error("something changed")
			}
			if c.want == RequestReceived && string(r.views(t, r.viewing(t)).Content) != "first" {
				t.Error("the first answer was replaced")
			}
		})
	}
}

// TestReceiveAnswerKeyGone: it ended while the customer pressed the button.
func TestReceiveAnswerKeyGone(t *testing.T) {
	d := office(t)
	r := d.asks(t)
	answer := browser(t, r.id, r.stored().PublicKey, canary)
	d.Store = &vanishing{fakeStore: d.store, before: func() { r.withdraws(t) }}
	page, taken, err := d.ReceiveAnswer(t.Context(), r.id, r.token, answer)
	if err != nil || taken || page.State != RequestWithdrawn {
		t.Errorf("got %+v, %v, %v", page, taken, err)
	}
}

// TestReceiveAnswerUnavailable: a database that is away takes nothing.
func TestReceiveAnswerUnavailable(t *testing.T) {
	d := office(t)
	r := d.asks(t)
	answer := browser(t, r.id, r.stored().PublicKey, canary)
	d.Store = &crossing{fakeStore: d.store, lost: Errorf(Unavailable, "The database is away.")}
	d.changesNothing(t, func() {
		_, taken, err := d.ReceiveAnswer(t.Context(), r.id, r.token, answer)
		wantCode(t, err, Unavailable)
		if taken {
			t.Error("it is said to be taken")
		}
	})
	d.Store = d.store
	r.answers(t, canary)
}

// TestRequestOutlivesItsKey: the next server key changes nothing for what is under
// way; without the one before, its links are as unknown as any, and nothing opens.
func TestRequestOutlivesItsKey(t *testing.T) {
	d := office(t)
	r := d.asks(t)
	d.Keys = ring(t, nextKey+","+firstKey)
	r.answers(t, canary)
	token := r.viewing(t)
	if page := r.page(t); page.State != RequestReceived {
		t.Errorf("the customer's link is void: %+v", page)
	}
	d.changesNothing(t, func() {
		d.Keys = ring(t, nextKey)
		if viewed := r.views(t, token); viewed.State != "" || viewed.Content != nil {
			t.Errorf("without the key it is %+v", viewed)
		}
		d.Keys = Keyring{}
		_, err := d.ViewAnswer(t.Context(), r.id, token)
		wantCode(t, err, Unavailable)
		_, _, err = d.RequestLink(t.Context(), agent("", ""), r.id)
		wantCode(t, err, Unavailable)
	})
	d.Keys = ring(t, nextKey+","+firstKey)
	if viewed := r.views(t, token); string(viewed.Content) != canary {
		t.Errorf("got %+v", viewed)
	}
}

// TestRequestResealed: what was sealed anew is opened without the key before, by a
// link that was made since.
func TestRequestResealed(t *testing.T) {
	d := office(t)
	r := d.asks(t)
	r.answers(t, canary)
	for name, s := range d.store.state.sealed {
		plain, err := d.Keys.Unseal(s)
		must(t, err)
		d.store.state.sealed[name], err = ring(t, nextKey).Seal(s.Purpose, s.ID, plain)
		must(t, err)
	}
	d.Keys = ring(t, nextKey)
	if viewed := r.views(t, r.viewing(t)); string(viewed.Content) != canary {
		t.Errorf("got %+v", viewed)
	}
}
