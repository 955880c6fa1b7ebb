package web

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"testing"
	"time"

	"hebdo/internal/digest"
)

// sendgrid posts a batch with a right signature; spoil adds to it after signing.
func (r *relay) sendgrid(at time.Time, body, spoil string) int {
	r.Helper()
	stamp := strconv.FormatInt(at.Unix(), 10)
	sum := sha256.Sum256([]byte(stamp + body))
	signature, err := ecdsa.SignASN1(rand.Reader, r.ec, sum[:])
	if err != nil {
		r.Fatal(err)
	}
	return r.post("/hooks/sendgrid", []byte(body+spoil), "X-Twilio-Email-Event-Webhook-Timestamp", stamp,
		"X-Twilio-Email-Event-Webhook-Signature", base64.StdEncoding.EncodeToString(signature))
}

func TestSendGrid(t *testing.T) {
	r := newRelay(t)
	body := `[{"email":"a@example.net","event":"bounce","type":"bounce","status":"5.1.1","reason":"550 5.1.1 unknown","smtp-id":"<week-47.x@news.example.org>","timestamp":1795410000},
		{"email":"b@example.net","event":"bounce","type":"blocked","status":"5.7.1","reason":"550 5.7.1 blocked"},
		{"email":"c@example.net","event":"spamreport"},{"email":"d@example.net","event":"group_unsubscribe"},{"email":"e@example.net","event":"open"},
		{"email":"f@example.net","event":"dropped","reason":"Bounced Address"},{"email":"g@example.net","event":"bounce","type":"bounce","status":"5.0.0","reason":"552 5.2.2 mailbox full"}]`
	want := []digest.Returned{
		{Kind: digest.ReturnFailed, Address: "a@example.net", MessageID: "week-47.x@news.example.org", Refusal: refusal(550, "5.1.1")},
		{Kind: digest.ReturnFailed, Address: "b@example.net", Refusal: refusal(550, "5.7.1")},
		{Kind: digest.ReturnComplained, Address: "c@example.net"},
		{Kind: digest.ReturnLeft, Address: "d@example.net"},
		{Kind: digest.ReturnFailed, Address: "f@example.net", Refusal: refusal(550, "5.1.1")},
		{Kind: digest.ReturnFailed, Address: "g@example.net", Refusal: refusal(552, "5.2.2")},
	}
	r.want(r.sendgrid(monday, body, ""), 200, want...)
	r.want(r.sendgrid(monday, body, " "), 406)
	r.want(r.sendgrid(monday.Add(-26*time.Hour), body, ""), 406)
	r.want(r.post("/hooks/sendgrid", []byte(body)), 406)
}
