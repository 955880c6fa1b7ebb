package web

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"hebdo/internal/digest"
)

// sendgridEvent is one event of SendGrid's event webhook.
type sendgridEvent struct {
	Email     string `json:"email"`
	Timestamp int64  `json:"timestamp"`
	Event     string `json:"event"`
	Type      string `json:"type"`
	Status    string `json:"status"`
	Reason    string `json:"reason"`
	SMTPID    string `json:"smtp-id"`
}

// sendgridAge is how old a signed batch may be: SendGrid tries for a day.
const sendgridAge = 25 * time.Hour

// sendgrid reads the signed event webhook: ECDSA (or Ed25519) over timestamp
// and body, in two header fields.
func (h *hooks) sendgrid(r *http.Request, body []byte) ([]digest.Returned, error) {
	stamp := r.Header.Get("X-Twilio-Email-Event-Webhook-Timestamp")
	signature, err := base64.StdEncoding.DecodeString(r.Header.Get("X-Twilio-Email-Event-Webhook-Signature"))
	if err != nil {
		return nil, errForged
	}
	der, err := base64.StdEncoding.DecodeString(strings.TrimSpace(h.SendGrid))
	if err != nil {
		return nil, fmt.Errorf("the public key of SendGrid's webhook is not base64: %w", err)
	}
	public, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return nil, fmt.Errorf("the public key of SendGrid's webhook cannot be read: %w", err)
	}
	text := append([]byte(stamp), body...)
	right := false
	switch key := public.(type) {
	case *ecdsa.PublicKey:
		sum := sha256.Sum256(text)
		right = ecdsa.VerifyASN1(key, sum[:], signature)
	case ed25519.PublicKey:
		right = ed25519.Verify(key, text, signature)
	}
	if !right {
		return nil, errForged
	}
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if age := h.now().Sub(time.Unix(seconds, 0)); err != nil || age > sendgridAge || age < -15*time.Minute {
		return nil, fmt.Errorf("%w: too old", errForged)
	}
	events, err := parseAll[sendgridEvent](body)
	if err != nil {
		return nil, err
	}
	var all []digest.Returned
	for _, e := range events {
		if one := sendgridReturned(e); one.Kind != "" {
			all = append(all, one)
		}
	}
	return all, nil
}

func sendgridReturned(e sendgridEvent) digest.Returned {
	r := digest.Returned{Address: e.Email, MessageID: letterID(e.SMTPID), At: time.Unix(e.Timestamp, 0).UTC()}
	switch e.Event {
	case "bounce":
		r.Kind = digest.ReturnFailed
		r.Refusal = said(e.Status, e.Reason, func(w string) digest.Refusal { return digest.ReadRefusal("", w) })
		if e.Type == "blocked" && r.Refusal.Bounces() { // refused for what the letter or its sender is
			r.Refusal = filtered(e.Reason)
		}
	case "dropped":
		switch reason := strings.ToLower(e.Reason); {
		case strings.Contains(reason, "spam report"):
			r.Kind = digest.ReturnComplained
		case strings.Contains(reason, "unsubscribed"):
			r.Kind = digest.ReturnLeft
		case strings.Contains(reason, "bounced address"), reason == "invalid":
			r.Kind, r.Refusal = digest.ReturnFailed, gone(e.Reason)
		default:
			r.Kind, r.Refusal = digest.ReturnFailed, filtered(e.Reason)
		}
	case "spamreport":
		r.Kind = digest.ReturnComplained
	case "unsubscribe", "group_unsubscribe":
		r.Kind = digest.ReturnLeft
	}
	return r
}
