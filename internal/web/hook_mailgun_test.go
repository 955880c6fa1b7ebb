package web

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"hebdo/internal/digest"
)

// mailgunBody is a message with a right signature.
func mailgunBody(at time.Time, token, event string) []byte {
	stamp := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte("mailgun-key"))
	mac.Write([]byte(stamp + token))
	return []byte(`{"signature":{"timestamp":"` + stamp + `","token":"` + token + `","signature":"` + hex.EncodeToString(mac.Sum(nil)) + `"},"event-data":` + event + `}`)
}

func TestMailgun(t *testing.T) {
	r := newRelay(t)
	failed := func(severity, reason, code, enhanced string) string {
		return `{"event":"failed","severity":"` + severity + `","reason":"` + reason + `","recipient":"anne@example.net","timestamp":1795410000.5,
			"delivery-status":{"code":` + code + `,"enhanced-code":"` + enhanced + `","message":"so it is"},
			"envelope":{"sender":"` + r.links.VERP(hookDelivery, "news.example.org") + `"},
			"message":{"headers":{"message-id":"week-47.x@news.example.org"}}}`
	}
	base := digest.Returned{Kind: digest.ReturnFailed, DeliveryID: hookDelivery, Address: "anne@example.net", MessageID: "week-47.x@news.example.org"}
	with := func(change func(*digest.Returned)) digest.Returned { one := base; change(&one); return one }
	for i, c := range []struct {
		event string
		want  digest.Returned
	}{
		{failed("permanent", "bounce", "550", "5.1.1"), with(func(r *digest.Returned) { r.Refusal = refusal(550, "5.1.1") })},
		{failed("permanent", "generic", "554", "5.7.1"), with(func(r *digest.Returned) { r.Refusal = refusal(554, "5.7.1") })},
		{failed("permanent", "old", "452", "4.2.2"), with(func(r *digest.Returned) { r.Refusal = refusal(452, "4.2.2") })},
		{failed("permanent", "suppress-bounce", "605", ""), with(func(r *digest.Returned) { r.Refusal = refusal(550, "5.1.1") })},
		{failed("temporary", "generic", "421", "4.7.0"), with(func(r *digest.Returned) { r.Kind, r.Refusal = digest.ReturnDelayed, refusal(421, "4.7.0") })},
		{strings.Replace(failed("", "", "0", ""), `"failed"`, `"complained"`, 1), with(func(r *digest.Returned) { r.Kind = digest.ReturnComplained })},
		{strings.Replace(failed("", "", "0", ""), `"failed"`, `"unsubscribed"`, 1), with(func(r *digest.Returned) { r.Kind = digest.ReturnLeft })},
	} {
		r.want(r.post("/hooks/mailgun", mailgunBody(monday, "token"+strconv.Itoa(i), c.event)), 200, c.want)
	}
	body := mailgunBody(monday, "once", failed("permanent", "bounce", "550", "5.1.1"))
	r.fail = errors.New("the database is gone")
	r.want(r.post("/hooks/mailgun", body), 500)
	r.fail = nil
	r.want(r.post("/hooks/mailgun", body), 200, with(func(r *digest.Returned) { r.Refusal = refusal(550, "5.1.1") }))
	r.want(r.post("/hooks/mailgun", body), 406) // a replay
	r.want(r.post("/hooks/mailgun", mailgunBody(monday.Add(-10*time.Hour), "old", failed("permanent", "bounce", "550", "5.1.1"))), 406)
	r.want(r.post("/hooks/mailgun", bytes.Replace(mailgunBody(monday, "x", failed("permanent", "bounce", "550", "5.1.1")), []byte(`"token":"x"`), []byte(`"token":"y"`), 1)), 406)
}
