package web

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"

	"hebdo/internal/digest"
	"hebdo/internal/track"
)

// Hooks is what relays may tell about letters they took. A provider whose
// secret is empty is not heard: its address is not there.
type Hooks struct {
	Returns Returns
	// Secret is the last part of the address for providers that sign nothing
	// (Postmark, Brevo, Scaleway), or comes as a bearer token, as the password of
	// basic authentication or in X-Hook-Secret.
	Secret string
	// SESTopics are the ARNs of the SNS topics that are believed. Amazon signs
	// for every customer's topics alike, so that the signature alone says nothing.
	SESTopics []string
	Mailgun   string // the HTTP webhook signing key
	SendGrid  string // the public key of the signed event webhook: base64 of its DER form
	// Get fetches an address over HTTPS, without following redirects: signing
	// certificates, and the one that confirms a subscription. Its hosts are pinned
	// before.
	Get func(ctx context.Context, url string) ([]byte, error)
}

// Returns takes in what came back about letters; *store.Store is one.
type Returns interface {
	// Returned does what follows from it; repeated, it changes nothing more.
	Returned(ctx context.Context, r digest.Returned) (digest.Effect, error)
}

// maxHook is the most that a relay may say at once, in bytes; SendGrid's batches
// are the largest, of up to 768 kB.
const maxHook = 1 << 20

// From one address a provider may bring so many messages at once, and then one
// every so often. Most bring many events in one.
const (
	hookBurst = 600
	hookEvery = 10 * time.Millisecond
)

// errForged: the message does not come from whom it says. errHook: it is not
// what the provider's documentation describes.
var (
	errForged = errors.New("the message's signature or secret is not right")
	errHook   = errors.New("the message is not what the provider documents")
)

// provider reads one relay's messages: it checks who sent one, and gives what
// it says. Nothing to say is no error.
type provider func(r *http.Request, body []byte) ([]digest.Returned, error)

// hooks is the door for relays' messages, outside of all that is for browsers:
// no session, no page, a body of its own size.
type hooks struct {
	Hooks
	links *track.Links
	now   func() time.Time
	fail  func(ctx context.Context, provider string, err error)
	skip  func(ctx context.Context, provider string, items int) // of a message that was taken without them
	// Each caller's messages to each provider's address are counted: relays
	// write in bursts, and try again later what is answered with 429.
	limit  *limiter
	client func(*http.Request) string

	mu           sync.Mutex
	certificates map[string]certificate
	seen         map[string]time.Time // tokens and hashes of messages that were taken
}

func (s *site) hooks() http.Handler {
	h := &hooks{
		Hooks: s.Hooks, links: s.Links, now: s.Now, limit: newLimiter(hookBurst, hookEvery),
		client:       func(r *http.Request) string { return household(s.client(r)) },
		certificates: map[string]certificate{}, seen: map[string]time.Time{},
		fail: func(ctx context.Context, name string, err error) {
			s.Logger.WarnContext(ctx, "a relay's message was not taken", "provider", name, "error", err)
		},
		skip: func(ctx context.Context, name string, items int) {
			s.Logger.WarnContext(ctx, "a part of a relay's message cannot be read, and was left out", "provider", name, "items", items)
		},
	}
	mux := http.NewServeMux()
	for name, read := range map[string]provider{
		"ses": h.ses, "mailgun": h.mailgun, "sendgrid": h.sendgrid, "postmark": postmark, "brevo": h.brevo, "scaleway": h.scaleway,
	} {
		take := h.take(name, read)
		mux.Handle("POST /hooks/"+name, take)
		mux.Handle("POST /hooks/"+name+"/{secret}", take)
	}
	return mux
}

// take answers 200 when all was taken in, 429 when it was not looked at, 406 to what is forged or not
// understood (no provider tries that again), and 500 when it should be sent
// again. No answer tells more.
func (h *hooks) take(name string, read provider) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		if !h.heard(name) {
			http.NotFound(w, r)
			return
		}
		if !h.limit.allow(name+" "+h.client(r), h.now()) {
			w.Header().Set("Retry-After", "10")
			http.Error(w, http.StatusText(http.StatusTooManyRequests), http.StatusTooManyRequests)
			return
		}
		err := h.takeIn(r, name, read)
		switch {
		case err == nil:
			w.WriteHeader(http.StatusOK)
			return
		case errors.Is(err, errForged), errors.Is(err, errHook):
			http.Error(w, http.StatusText(http.StatusNotAcceptable), http.StatusNotAcceptable)
		default:
			http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		}
		if r.Context().Err() == nil {
			h.fail(r.Context(), name, err)
		}
	})
}

// takeIn does what a message says. A signed one is taken once by this process;
// sent again to another one it changes nothing, for it is older than whatever
// was decided since. Mailgun's tokens are looked at where they are read.
func (h *hooks) takeIn(r *http.Request, name string, read provider) error {
	if !h.signs(name) && !h.secret(r) { // before a byte of the body is read
		return errForged
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return fmt.Errorf("%w: %w", errHook, err)
	}
	all, err := read(r, body)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(body)
	again := name + " " + string(sum[:])
	if len(all) > 0 && h.known(again) {
		return nil
	}
	for _, one := range all {
		one.Trusted = true
		if _, err := h.Returns.Returned(r.Context(), one); err != nil {
			return err
		}
	}
	if len(all) > 0 && (name == "ses" || name == "sendgrid") {
		h.remember(again)
	}
	return nil
}

// heard tells whether a provider is set up.
func (h *hooks) heard(name string) bool {
	switch {
	case h.Returns == nil:
		return false
	case name == "ses":
		return len(h.SESTopics) > 0 && h.Get != nil
	case name == "mailgun":
		return h.Mailgun != ""
	case name == "sendgrid":
		return h.SendGrid != ""
	}
	return h.Secret != ""
}

// signs tells whether a provider signs its messages, so that they are read
// before it is known from whom they are.
func (h *hooks) signs(name string) bool {
	return name == "ses" || name == "mailgun" || name == "sendgrid"
}

// secret tells whether the caller knows the secret, by whichever of the ways
// that a provider's webhook can be given one.
func (h *hooks) secret(r *http.Request) bool {
	_, password, _ := r.BasicAuth()
	bearer, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	known, want := 0, sha256.Sum256([]byte(h.Secret)) // of one length, whatever was given
	for _, given := range []string{r.PathValue("secret"), password, bearer, r.Header.Get("X-Hook-Secret")} {
		sum := sha256.Sum256([]byte(given))
		known |= subtle.ConstantTimeCompare(sum[:], want[:])
	}
	return known == 1 && h.Secret != ""
}

// parse reads JSON as a provider documents it.
func parse(body []byte, into any) error {
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("%w: %w", errHook, err)
	}
	return nil
}

var verpAddress = regexp.MustCompile(`(?i)bounce\+[a-z2-7]{53}@`)

// delivery finds our return address in any of the given texts.
func (h *hooks) delivery(texts ...string) string {
	for _, text := range texts {
		for _, found := range verpAddress.FindAllString(text, 5) {
			if id, err := h.links.ParseVERP(found); err == nil {
				return id
			}
		}
	}
	return ""
}

// letterID is a Message-ID without brackets.
func letterID(s string) string { return strings.Trim(strings.TrimSpace(s), "<>") }

// gone, filtered and soft are refusals for events that name no server's words.
func gone(words string) digest.Refusal {
	return digest.Refusal{Permanent: true, Code: 550, Enhanced: "5.1.1", Text: digest.Clip(words)}
}

func filtered(words string) digest.Refusal {
	return digest.Refusal{Permanent: true, Code: 550, Enhanced: "5.7.1", Text: digest.Clip(words)}
}

func soft(words string) digest.Refusal {
	return digest.Refusal{Code: 450, Enhanced: "4.2.0", Text: digest.Clip(words)}
}

// said is the server's refusal where its words have a code that means
// something, else the one given, with the words.
func said(status, words string, otherwise func(string) digest.Refusal) digest.Refusal {
	if digest.EnhancedCode(status) == "" && digest.EnhancedCode(words) == "" {
		return otherwise(words)
	}
	return digest.ReadRefusal(status, words)
}
