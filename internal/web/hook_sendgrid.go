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
	sent := time.Unix(seconds, 0).UTC()
	if age := h.now().Sub(sent); err != nil || age > sendgridAge || age < -15*time.Minute {
		return nil, fmt.Errorf("%w: too old", errForged)
	}
	events, unread, err := items(body)
	if err != nil {
		return nil, err
	}
	if unread > 0 {
		h.skip(r.Context(), "sendgrid", unread)
	}
	var all []digest.Returned
	for _, e := range events {
		if one := sendgridReturned(e, sent); one.Kind != "" {
			all = append(all, one)
		}
	}
	return all, nil
}

// sendgridReturned reads an event. One whose time cannot be read is as old as
// its batch: had it none, the batch could be played again after an address was let in.
func sendgridReturned(e item, sent time.Time) digest.Returned {
	r := digest.Returned{Address: e.text("email"), MessageID: letterID(e.text("smtp-id")), At: e.at("timestamp")}
	if r.At.IsZero() {
		r.At = sent
	}
	reason := e.text("reason")
	switch e.text("event") {
	case "bounce":
		r.Kind = digest.ReturnFailed
		r.Refusal = said(e.text("status"), reason, func(w string) digest.Refusal { return digest.ReadRefusal("", w) })
		if e.text("type") == "blocked" && r.Refusal.Bounces() { // refused for what the letter or its sender is
			r.Refusal = filtered(reason)
		}
	case "dropped":
		switch why := strings.ToLower(reason); {
		case strings.Contains(why, "spam report"):
			r.Kind = digest.ReturnComplained
		case strings.Contains(why, "unsubscribed"):
			r.Kind = digest.ReturnLeft
		case strings.Contains(why, "bounced address"), why == "invalid":
			r.Kind, r.Refusal = digest.ReturnFailed, gone(reason)
		default:
			r.Kind, r.Refusal = digest.ReturnFailed, filtered(reason)
		}
	case "spamreport":
		r.Kind = digest.ReturnComplained
	case "unsubscribe", "group_unsubscribe":
		r.Kind = digest.ReturnLeft
	}
	return r
}
