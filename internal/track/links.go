// Package track makes and checks the signed links of an e-mail: confirm,
// unsubscribe, preferences, and the return address of a delivery (VERP).
//
// A token holds a key's number, the identifier it is about and an HMAC-SHA256
// over both and the link's purpose, cut to 16 bytes. It cannot be guessed, and
// one made for a purpose is worth nothing for another.
package track

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"hash"
	"net/url"
	"strings"
	"sync"

	"github.com/google/uuid"
)

// ErrToken: the token was not made here, was made for something else, or its
// key is no longer known.
var ErrToken = errors.New("this link is not valid (any more)")

// Purpose is what a link is good for; its value is the path it lives under.
type Purpose string

// The purposes of links.
const (
	Unsubscribe Purpose = "u" // of a subscription
	Confirm     Purpose = "c" // of a subscription
	Preferences Purpose = "p" // of a subscription
	Bounce      Purpose = "b" // of a delivery; the local part of an address, never a page
)

// Key signs tokens. Tokens name it, so that old ones verify as long as the key is given.
type Key struct {
	ID     byte
	Secret []byte // at least 32 bytes
}

// Links makes links below a public address. It is safe for concurrent use.
type Links struct {
	public *url.URL
	keys   []*key
}

// key is a Key with pens, used again and again.
type key struct {
	Key
	pens sync.Pool
}

// pen signs. Its hash has taken in the secret of a key, which costs more than to
// sign with it.
type pen struct {
	hash hash.Hash
	text []byte // what is signed, then the signature
}

// A token is the key's number and the identifier, which are signed, and the
// signature.
const (
	signedBytes = 1 + 16
	macBytes    = 16
	tokenBytes  = signedBytes + macBytes
)

// code keeps tokens within the letters and digits that survive an address's
// local part, which some servers fold to one case.
var code = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// New signs with the first key and accepts tokens of all of them.
func New(public *url.URL, keys []Key) (*Links, error) {
	if len(keys) == 0 {
		return nil, errors.New("track: no signing key")
	}
	l := &Links{public: public}
	for _, k := range keys {
		if len(k.Secret) < 32 {
			return nil, fmt.Errorf("track: key %d has %d bytes; at least 32 are needed", k.ID, len(k.Secret))
		}
		l.keys = append(l.keys, &key{Key: k})
	}
	return l, nil
}

// Public is the address below which all links stand.
func (l *Links) Public() *url.URL { return l.public }

// URL is the page for a purpose: https://host/u/TOKEN.
func (l *Links) URL(p Purpose, id string) string {
	return l.public.JoinPath(string(p), l.Token(p, id)).String()
}

// Token signs an identifier, which must be UUID text: anything else is a
// fault of the program and panics.
func (l *Links) Token(p Purpose, id string) string {
	u := uuid.MustParse(id)
	k := l.keys[0]
	body := append(make([]byte, 0, tokenBytes), k.ID)
	body = append(body, u[:]...)
	sum := k.mac(p, body)
	return string(code.AppendEncode(make([]byte, 0, 2*tokenBytes), append(body, sum[:]...)))
}

// Parse gives the identifier of a token made for the purpose, or ErrToken.
func (l *Links) Parse(p Purpose, token string) (string, error) {
	if len(token) != code.EncodedLen(tokenBytes) {
		return "", ErrToken
	}
	body, err := code.DecodeString(strings.ToLower(token))
	if err != nil || len(body) != tokenBytes { // the decoder passes over line breaks
		return "", ErrToken
	}
	signed, given := body[:signedBytes], body[signedBytes:]
	for _, k := range l.keys {
		if k.ID != signed[0] {
			continue
		}
		if sum := k.mac(p, signed); hmac.Equal(given, sum[:]) {
			return uuid.UUID(signed[1:]).String(), nil
		}
	}
	return "", ErrToken
}

// VERP is the envelope sender of one delivery, so that a bounce tells whose it
// is: bounce+TOKEN@domain. Its local part is 60 bytes long (RFC 5321 allows 64).
func (l *Links) VERP(deliveryID, domain string) string {
	return "bounce+" + l.Token(Bounce, deliveryID) + "@" + domain
}

// ParseVERP gives the delivery of an address made by VERP, or ErrToken.
func (l *Links) ParseVERP(address string) (string, error) {
	local, _, ok := strings.Cut(address, "@")
	if !ok {
		return "", ErrToken
	}
	prefix, token, ok := strings.Cut(local, "+")
	if !ok || !strings.EqualFold(prefix, "bounce") {
		return "", ErrToken
	}
	return l.Parse(Bounce, token)
}

func (k *key) mac(p Purpose, signed []byte) (sum [macBytes]byte) {
	w, ok := k.pens.Get().(*pen)
	if !ok {
		w = &pen{hash: hmac.New(sha256.New, k.Secret)}
	}
	defer k.pens.Put(w)
	w.text = append(append(append(w.text[:0], p...), 0), signed...)
	w.hash.Reset()
	w.hash.Write(w.text)
	w.text = w.hash.Sum(w.text[:0])
	copy(sum[:], w.text)
	return sum
}
