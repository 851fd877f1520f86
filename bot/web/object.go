package web

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// errNotSaidJSON is for a body that isn't said to be JSON, or is compressed.
var errNotSaidJSON = errors.New("the body isn't said to be JSON")

// jsonBody reads a body that is said to be JSON, of at most limit bytes. Its errors
// are errNotSaidJSON, *http.MaxBytesError, and those of a request that broke off.
func jsonBody(w http.ResponseWriter, r *http.Request, limit int64) ([]byte, error) {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "application/json" || r.Header.Get("Content-Encoding") != "" {
		return nil, errNotSaidJSON
	}
	return io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
}

// readObject reads a JSON object whose values are texts, and is strict: it has
// every name of need, may have those of may, and no others and none twice, names
// are written in that case, texts are UTF-8 without NUL, and nothing follows. The
// problem is a sentence for whoever wrote the client, which quotes nothing; "" is
// none.
func readObject(body []byte, need, may []string) (sent map[string]string, problem string) {
	if !utf8.Valid(body) || !json.Valid(body) || !pairedSurrogates(body) {
		return nil, "This isn't JSON in UTF-8."
	}
	next := json.NewDecoder(bytes.NewReader(body))
	if begin, err := next.Token(); err != nil || begin != json.Delim('{') {
		return nil, "This isn't a JSON object."
	}
	sent = map[string]string{}
	for next.More() {
		name, value, known := pair(next)
		_, twice := sent[name]
		switch {
		case !known, !slices.Contains(need, name) && !slices.Contains(may, name):
			return nil, "It has a name that isn't known here, or a value that isn't a text." + wants(need, may)
		case twice:
			return nil, "A name stands in it twice." + wants(need, may)
		case strings.ContainsRune(value, 0):
			return nil, strconv.Quote(name) + " has a NUL in it, which no text may have."
		}
		sent[name] = value
	}
	for _, name := range need {
		if _, there := sent[name]; !there {
			return nil, strconv.Quote(name) + " is missing." + wants(need, may)
		}
	}
	return sent, ""
}

// pair reads a name and its value; known is false when the value isn't a text.
func pair(next *json.Decoder) (name, value string, known bool) {
	first, err := next.Token()
	if err != nil {
		return "", "", false // it was valid; this can't be
	}
	second, err := next.Token()
	name, named := first.(string)
	value, known = second.(string)
	return name, value, err == nil && named && known
}

// wants says which names there are.
func wants(need, may []string) string {
	sentence := " The names are " + strings.Join(need, ", ")
	if len(may) > 0 {
		sentence += ", and if wanted " + strings.Join(may, ", ")
	}
	return sentence + "."
}

// pairedSurrogates reports whether no \ud800 or the like stands alone in JSON that
// is valid otherwise: it would silently become another character.
func pairedSurrogates(body []byte) bool {
	high := false // the escape just before began a pair
	for i := 0; i < len(body); {
		unit, length := escape(body[i:])
		low := unit >= 0xdc00 && unit < 0xe000
		if low != high {
			return false
		}
		high = unit >= 0xd800 && unit < 0xdc00
		i += length
	}
	return !high
}

// escape is the UTF-16 unit that valid JSON begins with when it is written \u and four digits,
// otherwise 0, and how many bytes to go on.
func escape(body []byte) (unit uint64, length int) {
	switch {
	case body[0] != '\\' || len(body) < 2:
		return 0, 1
	case body[1] != 'u' || len(body) < 6:
		return 0, 2
	}
	unit, _ = strconv.ParseUint(string(body[2:6]), 16, 16) // it is valid
	return unit, 6
}

// exactBytes reads base64url without padding; ok is false when it isn't exactly so
// many bytes, or not written the one way.
func exactBytes(text string, size int) (raw []byte, ok bool) { return bytesBetween(text, size, size) }

// bytesBetween is exactBytes for sizes from least to most.
func bytesBetween(text string, least, most int) (raw []byte, ok bool) {
	if len(text) > base64.RawURLEncoding.EncodedLen(most) {
		return nil, false
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	// The decoder skips line breaks, which are no other way to write the same.
	return raw, err == nil && len(raw) >= least && len(text) == base64.RawURLEncoding.EncodedLen(len(raw))
}

// encoded is bytes as base64url without padding.
func encoded(raw []byte) string { return base64.RawURLEncoding.EncodeToString(raw) }
