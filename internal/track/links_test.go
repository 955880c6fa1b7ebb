package track

import (
	"bytes"
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"
)

const subject = "019abc00-0000-7000-8000-0123456789ab"

func links(t *testing.T, keys ...Key) *Links {
	t.Helper()
	if keys == nil {
		keys = []Key{{ID: 1, Secret: bytes.Repeat([]byte("s"), 32)}}
	}
	l, err := New(&url.URL{Scheme: "https", Host: "news.example.org"}, keys)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestTokenGivesItsIdentifierBack(t *testing.T) {
	l := links(t)
	for _, p := range []Purpose{Unsubscribe, Confirm, Preferences, Bounce} {
		id, err := l.Parse(p, l.Token(p, subject))
		if err != nil || id != subject {
			t.Errorf("%s: got %q, %v", p, id, err)
		}
	}
	if want := "https://news.example.org/u/"; !strings.HasPrefix(l.URL(Unsubscribe, subject), want) {
		t.Errorf("URL %q does not begin with %q", l.URL(Unsubscribe, subject), want)
	}
}

func TestTokenOfOnePurposeIsWorthNothingForAnother(t *testing.T) {
	l := links(t)
	if _, err := l.Parse(Confirm, l.Token(Unsubscribe, subject)); !errors.Is(err, ErrToken) {
		t.Errorf("got %v, want ErrToken", err)
	}
}

func TestEveryChangedLetterBreaksAToken(t *testing.T) {
	l := links(t)
	token := l.Token(Unsubscribe, subject)
	for i := range token {
		other := byte('a')
		if token[i] == 'a' {
			other = 'b'
		}
		forged := token[:i] + string(other) + token[i+1:]
		if id, err := l.Parse(Unsubscribe, forged); err == nil {
			// The last letter carries one unused bit: the same bytes may be written in two ways.
			if id != subject || i != len(token)-1 {
				t.Errorf("letter %d changed, still accepted as %s", i, id)
			}
		}
	}
}

// Line breaks within a token made the decoded one too short to be cut.
func TestTokenWithLineBreaksIsNone(t *testing.T) {
	l := links(t)
	token := l.Token(Unsubscribe, subject)
	for _, n := range []int{1, 10, 40, len(token)} {
		if _, err := l.Parse(Unsubscribe, token[:len(token)-n]+strings.Repeat("\n", n)); !errors.Is(err, ErrToken) {
			t.Errorf("%d line breaks: got %v, want ErrToken", n, err)
		}
	}
}

func TestOldKeysStillVerify(t *testing.T) {
	old := Key{ID: 1, Secret: bytes.Repeat([]byte("o"), 32)}
	fresh := Key{ID: 2, Secret: bytes.Repeat([]byte("n"), 32)}
	token := links(t, old).Token(Unsubscribe, subject)
	if _, err := links(t, fresh, old).Parse(Unsubscribe, token); err != nil {
		t.Errorf("with the old key kept: %v", err)
	}
	if _, err := links(t, fresh).Parse(Unsubscribe, token); !errors.Is(err, ErrToken) {
		t.Errorf("without it: got %v, want ErrToken", err)
	}
}

func TestReturnAddressSurvivesCaseFolding(t *testing.T) {
	l := links(t)
	address := l.VERP(subject, "news.example.org")
	if local, _, _ := strings.Cut(address, "@"); len(local) > 64 {
		t.Errorf("local part of %d bytes: RFC 5321 allows 64", len(local))
	}
	for _, a := range []string{address, strings.ToUpper(address)} {
		if id, err := l.ParseVERP(a); err != nil || id != subject {
			t.Errorf("%s: got %q, %v", a, id, err)
		}
	}
}

func TestShortSecretIsRefused(t *testing.T) {
	if _, err := New(&url.URL{}, []Key{{ID: 1, Secret: []byte("short")}}); err == nil {
		t.Error("a key of 5 bytes was accepted")
	}
	if _, err := New(&url.URL{}, nil); err == nil {
		t.Error("no key was accepted")
	}
}

func FuzzParse(f *testing.F) {
	l, err := New(&url.URL{Scheme: "https", Host: "h"}, []Key{{ID: 1, Secret: bytes.Repeat([]byte("s"), 32)}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(l.Token(Unsubscribe, subject))
	f.Add("bounce+x@y")
	f.Add(strings.Repeat("a", 53))
	f.Fuzz(func(t *testing.T, token string) {
		if id, err := l.Parse(Unsubscribe, token); err == nil {
			u, err := uuid.Parse(id)
			if err != nil || !strings.EqualFold(l.Token(Unsubscribe, u.String())[:52], token[:52]) {
				t.Errorf("accepted %q, which was never made", token)
			}
		}
		_, _ = l.ParseVERP(token)
	})
}
