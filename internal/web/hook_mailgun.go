package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"hebdo/internal/digest"
)

// mailgunMessage is a webhook's message of Mailgun.
type mailgunMessage struct {
	Signature struct {
		Timestamp string `json:"timestamp"`
		Token     string `json:"token"`
		Signature string `json:"signature"`
	} `json:"signature"`
	Event struct {
		Event     string  `json:"event"`
		Severity  string  `json:"severity"`
		Reason    string  `json:"reason"`
		Recipient string  `json:"recipient"`
		Timestamp float64 `json:"timestamp"`
		Status    struct {
			Code        int    `json:"code"`
			Enhanced    string `json:"enhanced-code"`
			Message     string `json:"message"`
			Description string `json:"description"`
		} `json:"delivery-status"`
		Envelope struct {
			Sender string `json:"sender"`
		} `json:"envelope"`
		Message struct {
			Headers struct {
				MessageID string `json:"message-id"`
			} `json:"headers"`
		} `json:"message"`
	} `json:"event-data"`
}

// mailgunAge is how old a message may be: Mailgun tries for eight hours.
const mailgunAge = 9 * time.Hour

// mailgun reads what Mailgun sends: HMAC-SHA256 over timestamp and token, each
// token once.
func (h *hooks) mailgun(req *http.Request, body []byte) ([]digest.Returned, error) {
	var m mailgunMessage
	if err := parse(body, &m); err != nil {
		return nil, err
	}
	given, err := hex.DecodeString(m.Signature.Signature)
	mac := hmac.New(sha256.New, []byte(h.Mailgun))
	mac.Write([]byte(m.Signature.Timestamp + m.Signature.Token))
	if err != nil || !hmac.Equal(given, mac.Sum(nil)) {
		return nil, errForged
	}
	seconds, err := strconv.ParseInt(m.Signature.Timestamp, 10, 64)
	if age := h.now().Sub(time.Unix(seconds, 0)); err != nil || age > mailgunAge || age < -15*time.Minute {
		return nil, fmt.Errorf("%w: too old", errForged)
	}
	if h.known(m.Signature.Token) {
		return nil, fmt.Errorf("%w: it was taken before", errForged)
	}
	r := mailgunReturned(m)
	r.DeliveryID, r.Trusted = h.delivery(m.Event.Envelope.Sender), true
	if r.Kind != "" {
		if _, err := h.Returns.Returned(req.Context(), r); err != nil {
			return nil, err // the token stays good: Mailgun sends it again
		}
	}
	h.remember(m.Signature.Token)
	return nil, nil
}

func mailgunReturned(m mailgunMessage) digest.Returned {
	e := m.Event
	r := digest.Returned{
		MessageID: letterID(e.Message.Headers.MessageID), Address: e.Recipient,
		At: time.UnixMicro(int64(e.Timestamp * 1e6)).UTC(),
	}
	words := strings.TrimSpace(e.Status.Message + " " + e.Status.Description)
	switch e.Event {
	case "failed":
		if r.Kind = digest.ReturnFailed; e.Severity == "temporary" {
			r.Kind = digest.ReturnDelayed
		}
		switch {
		case e.Reason == "suppress-bounce":
			r.Refusal = gone(words)
		case e.Reason == "suppress-complaint":
			r.Kind = digest.ReturnComplained
		case e.Reason == "suppress-unsubscribe":
			r.Kind = digest.ReturnLeft
		case digest.EnhancedCode(e.Status.Enhanced) == "" && e.Status.Code == 605: // Mailgun's own: it bounced before
			r.Refusal = gone(words)
		default:
			status := e.Status.Enhanced
			text := words
			if e.Status.Code >= 400 && e.Status.Code < 600 {
				text = strconv.Itoa(e.Status.Code) + " " + words
			}
			r.Refusal = digest.ReadRefusal(status, text)
			if e.Reason == "old" && r.Refusal.Bounces() { // it gave up trying: a passing trouble
				r.Refusal = soft(words)
			}
		}
		r.Refusal.Text = digest.Clip(words)
	case "complained":
		r.Kind = digest.ReturnComplained
	case "unsubscribed":
		r.Kind = digest.ReturnLeft
	case "delivered":
		r.Kind = digest.ReturnDelivered
	}
	return r
}

// known tells whether a token was taken before.
func (h *hooks) known(token string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	_, known := h.seen[token]
	return known
}

// remember keeps a token, or a message's hash, for as long as one may be fresh. Nobody without
// the key can fill the memory: what is not signed never comes here.
func (h *hooks) remember(token string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := h.now()
	if len(h.seen) >= 100_000 {
		for old, at := range h.seen {
			if now.Sub(at) > max(mailgunAge, sendgridAge) {
				delete(h.seen, old)
			}
		}
	}
	h.seen[token] = now
}
