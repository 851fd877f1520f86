package sms_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/actions/sms"
)

const (
	number = "+61491570156"
	token  = "hunter2"
	words  = "493027 is your code"
)

// provider is a text service that answers as it is told.
func provider(t *testing.T, answer http.HandlerFunc, o sms.Options) *sms.Service {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	s, err := sms.New(server.URL+"/send?key=inTheURL", token, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// send sends a text; what comes back must give nothing away.
func send(t *testing.T, s *sms.Service) *actions.SendError {
	t.Helper()
	err := s.SendText(t.Context(), actions.Letter{ID: "M1", To: number, Text: words})
	if err == nil {
		return nil
	}
	var sent *actions.SendError
	if !errors.As(err, &sent) {
		t.Fatalf("the error is %T %v", err, err)
	}
	for _, private := range []string{number, number[1:], "493027", token, "inTheURL"} {
		if strings.Contains(err.Error(), private) {
			t.Errorf("the error shows %q: %v", private, err)
		}
	}
	return sent
}

func TestSendText(t *testing.T) {
	var got map[string]any
	s := provider(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost || r.Header.Get("Authorization") != "Bearer "+token || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("the request is %s %v", r.Method, r.Header)
		}
		if err := json.NewDecoder(r.Body).Decode(&got); err != nil {
			t.Error(err)
		}
		w.WriteHeader(http.StatusAccepted)
	}, sms.Options{})
	if err := send(t, s); err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || got["to"] != number || got["text"] != words {
		t.Errorf("the body is %v", got)
	}
}

func TestAnswers(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 41, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		status  int
		after   string
		refused bool
		wait    time.Duration
		says    string
	}{
		"BadNumber":      {status: 422, refused: true, says: "mobile number"},
		"BadToken":       {status: 401, refused: true, says: "token"},
		"TooMany":        {status: 429, after: "90", wait: 90 * time.Second, says: "(429)"},
		"TooManyUntil":   {status: 429, after: now.Add(2 * time.Minute).Format(http.TimeFormat), wait: 2 * time.Minute, says: "(429)"},
		"TooManyOddly":   {status: 429, after: "-5", says: "(429)"},
		"Timeout":        {status: 408, says: "(408)"},
		"Fault":          {status: 500, says: "(500)"},
		"Away":           {status: 503, after: "5", wait: 5 * time.Second, says: "(503)"},
		"SomewhereElse":  {status: 307, says: "somewhere else"},
		"NothingChanged": {status: 304, says: "somewhere else"},
	} {
		t.Run(name, func(t *testing.T) {
			var asked atomic.Int32
			s := provider(t, func(w http.ResponseWriter, r *http.Request) {
				asked.Add(1)
				w.Header().Set("Location", "/elsewhere")
				if c.after != "" {
					w.Header().Set("Retry-After", c.after)
				}
				w.WriteHeader(c.status)
				if c.status != http.StatusNotModified {
					_, _ = io.WriteString(w, number+words)
				}
			}, sms.Options{Now: func() time.Time { return now }})
			sent := send(t, s)
			if sent == nil || sent.Refused != c.refused || sent.Unclear || sent.After != c.wait || !strings.Contains(sent.Sentence, c.says) {
				t.Errorf("it is %+v", sent)
			}
			if asked := asked.Load(); asked != 1 {
				t.Errorf("it was asked %d times", asked)
			}
		})
	}
}

func TestSilence(t *testing.T) {
	release := make(chan struct{})
	s := provider(t, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-release
	}, sms.Options{Timeout: 100 * time.Millisecond})
	if sent := send(t, s); sent == nil || !sent.Unclear || sent.Refused {
		t.Errorf("it is %+v", sent)
	}
	close(release)
}

func TestHungUp(t *testing.T) {
	var asked atomic.Int32
	s := provider(t, func(_ http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		_, _ = io.Copy(io.Discard, r.Body)
		panic(http.ErrAbortHandler)
	}, sms.Options{})
	for range 2 {
		if sent := send(t, s); sent == nil || !sent.Unclear {
			t.Errorf("it is %+v", sent)
		}
	}
	if asked := asked.Load(); asked != 2 {
		t.Errorf("it was asked %d times", asked)
	}
}

func TestNobodyThere(t *testing.T) {
	server := httptest.NewServer(nil)
	server.Close()
	s, err := sms.New(server.URL+"/?key=inTheURL", token, sms.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if sent := send(t, s); sent == nil || sent.Unclear || sent.Refused {
		t.Errorf("it is %+v", sent)
	}
}

// TestEndlessAnswer is for a service that never stops talking.
func TestEndlessAnswer(t *testing.T) {
	s := provider(t, func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			if _, err := io.WriteString(w, strings.Repeat("x", 1024)); err != nil {
				return
			}
		}
	}, sms.Options{})
	if sent := send(t, s); sent != nil {
		t.Errorf("it is %+v", sent)
	}
}

func TestNew(t *testing.T) {
	for _, c := range [][2]string{
		{"", token}, {"sms.acme.example", token}, {"http://sms.acme.example/", token}, {"ftp://sms.acme.example/", token},
		{"https://u:hunter2@sms.acme.example/", token}, {"https://sms.acme.example/%zz", token}, {"https://sms.acme.example/", "hunter2\r\nX: y"},
	} {
		if _, err := sms.New(c[0], c[1], sms.Options{}); err == nil || strings.Contains(err.Error(), token) {
			t.Errorf("%q: %v", c, err)
		}
	}
	if _, err := sms.New("https://sms.acme.example/send", token, sms.Options{}); err != nil {
		t.Error(err)
	}
}

// TestCheck asks for the head of the address with the token, and sends no text.
func TestCheck(t *testing.T) {
	s := provider(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodHead || r.Header.Get("Authorization") != "Bearer "+token {
			t.Errorf("it was asked by %s as %q", r.Method, r.Header.Get("Authorization"))
		}
		w.WriteHeader(http.StatusMethodNotAllowed)
	}, sms.Options{})
	if status, err := s.Check(t.Context()); status != http.StatusMethodNotAllowed || err != nil {
		t.Errorf("it answers %d, %v", status, err)
	}
	away := httptest.NewServer(nil)
	away.Close()
	gone, err := sms.New(away.URL+"/send?key=inTheURL", token, sms.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := gone.Check(t.Context()); err == nil || strings.Contains(err.Error(), "inTheURL") {
		t.Errorf("away: %v", err)
	}
}
