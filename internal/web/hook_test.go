package web

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hebdo/internal/digest"
	"hebdo/internal/track"
)

const (
	hookDelivery = "019abc00-0000-7000-8000-0123456789ab"
	topic        = "arn:aws:sns:eu-west-3:123456789012:bounces"
	certURL      = "https://sns.eu-west-3.amazonaws.com/SimpleNotificationService-test.pem"
)

// relay is a door for relays with keys of the test's own, and what came through it.
type relay struct {
	*testing.T
	door    http.Handler
	links   *track.Links
	got     []digest.Returned
	fetched []string
	get     func(ctx context.Context, address string) ([]byte, error) // nil: gives the certificate
	fail    error
	lines   bytes.Buffer // of the log
	rsa     *rsa.PrivateKey
	pem     []byte
	ec      *ecdsa.PrivateKey
}

func (r *relay) Returned(_ context.Context, one digest.Returned) (digest.Effect, error) {
	if r.fail != nil {
		return digest.Effect{}, r.fail
	}
	r.got = append(r.got, one)
	return digest.Effect{}, nil
}

func newRelay(t *testing.T) *relay {
	t.Helper()
	r := &relay{T: t}
	var err error
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	r.rsa, err = rsa.GenerateKey(rand.Reader, 2048)
	check(err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: monday.Add(-time.Hour), NotAfter: monday.Add(24 * time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &r.rsa.PublicKey, r.rsa)
	check(err)
	r.pem = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	r.ec, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(err)
	public, err := x509.MarshalPKIXPublicKey(&r.ec.PublicKey)
	check(err)
	r.links, err = track.New(&url.URL{Scheme: "https", Host: "news.example.org"}, []track.Key{{ID: 1, Secret: bytes.Repeat([]byte("s"), 32)}})
	check(err)
	s := &site{Options: Options{Links: r.links, Now: func() time.Time { return monday }, Logger: slog.New(slog.NewTextHandler(&r.lines, nil)), Hooks: Hooks{
		Returns: r, Secret: "a-long-secret-in-the-path", SESTopics: []string{topic}, Mailgun: "mailgun-key",
		SendGrid: base64.StdEncoding.EncodeToString(public),
		Get: func(ctx context.Context, address string) ([]byte, error) {
			if r.get != nil {
				return r.get(ctx, address)
			}
			r.fetched = append(r.fetched, address)
			return r.pem, nil
		},
	}}}
	r.door = s.hooks()
	return r
}

// post sends a body and gives the status.
func (r *relay) post(path string, body []byte, header ...string) int {
	request := httptest.NewRequest(http.MethodPost, path, bytes.NewReader(body))
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	answer := httptest.NewRecorder()
	r.door.ServeHTTP(answer, request)
	return answer.Code
}

func (r *relay) want(status, want int, returned ...digest.Returned) {
	r.Helper()
	if status != want {
		r.Errorf("status %d, want %d", status, want)
	}
	for i := range r.got {
		if !r.got[i].Trusted {
			r.Errorf("%+v is not trusted", r.got[i])
		}
		r.got[i].Trusted, r.got[i].At, r.got[i].Refusal.Text = false, time.Time{}, ""
	}
	if diff := cmp.Diff(returned, r.got); diff != "" {
		r.Errorf("(-want +got):\n%s", diff)
	}
	r.got = nil
}

// notify is a notice as SNS signs it; change spoils it after signing.
func (r *relay) notify(version string, message string, change func(*notice)) []byte {
	n := notice{
		Type: "Notification", MessageID: "m", TopicArn: topic, Message: message, Timestamp: monday.Format("2006-01-02T15:04:05.000Z"),
		SignatureVersion: version, SigningCertURL: certURL,
	}
	if message == "" {
		n.Type, n.Token = "SubscriptionConfirmation", "token"
		n.SubscribeURL = "https://sns.eu-west-3.amazonaws.com/?Action=ConfirmSubscription&TopicArn=" + topic + "&Token=token"
	}
	r.sign(&n)
	if change != nil {
		change(&n)
	}
	body, err := json.Marshal(n)
	if err != nil {
		r.Fatal(err)
	}
	return body
}

func (r *relay) sign(n *notice) {
	var sum []byte
	hash := crypto.SHA1
	if n.SignatureVersion == "1" {
		s := sha1.Sum([]byte(n.signed()))
		sum = s[:]
	} else {
		s := sha256.Sum256([]byte(n.signed()))
		sum, hash = s[:], crypto.SHA256
	}
	signature, err := rsa.SignPKCS1v15(rand.Reader, r.rsa, hash, sum)
	if err != nil {
		r.Fatal(err)
	}
	n.Signature = base64.StdEncoding.EncodeToString(signature)
}

func refusal(code int, enhanced string) digest.Refusal {
	return digest.Refusal{Permanent: code >= 500, Code: code, Enhanced: enhanced}
}

func TestSESBounceIsTakenOnlyWithAmazonsSignature(t *testing.T) {
	r := newRelay(t)
	message := fmt.Sprintf(`{"notificationType":"Bounce","bounce":{"bounceType":"Permanent","bounceSubType":"General","timestamp":"2026-11-23T05:00:00.000Z",
		"bouncedRecipients":[{"emailAddress":"anne@example.net","action":"failed","status":"5.1.1","diagnosticCode":"smtp; 550 5.1.1 user unknown"}]},
		"mail":{"source":%q,"destination":["anne@example.net"],"commonHeaders":{"messageId":"<week-47.x@news.example.org>"}}}`,
		r.links.VERP(hookDelivery, "news.example.org"))
	want := digest.Returned{Kind: digest.ReturnFailed, DeliveryID: hookDelivery, MessageID: "week-47.x@news.example.org", Address: "anne@example.net", Refusal: refusal(550, "5.1.1")}
	r.want(r.post("/hooks/ses", r.notify("1", message, nil)), 200, want)
	r.want(r.post("/hooks/ses", r.notify("2", message, nil)), 200, want)
	if len(r.fetched) != 1 {
		t.Errorf("the certificate was fetched %d times", len(r.fetched))
	}
	for name, spoil := range map[string]func(*notice){
		"another message":     func(n *notice) { n.Message = strings.Replace(n.Message, "anne", "bob", 1) },
		"no signature":        func(n *notice) { n.Signature = "" },
		"unknown version":     func(n *notice) { n.SignatureVersion = "3" },
		"another topic":       func(n *notice) { n.TopicArn = "arn:aws:sns:eu-west-3:666:evil"; r.sign(n) },
		"another host":        func(n *notice) { n.SigningCertURL = "https://sns.evil.example/x.pem" },
		"a host like it":      func(n *notice) { n.SigningCertURL = "https://sns.eu-west-3.amazonaws.com.evil.example/x.pem" },
		"a bucket of theirs":  func(n *notice) { n.SigningCertURL = "https://evil.s3.amazonaws.com/x.pem" },
		"no TLS":              func(n *notice) { n.SigningCertURL = "http://sns.eu-west-3.amazonaws.com/x.pem" },
		"a port":              func(n *notice) { n.SigningCertURL = "https://sns.eu-west-3.amazonaws.com:8443/x.pem" },
		"somebody's name":     func(n *notice) { n.SigningCertURL = "https://sns.eu-west-3.amazonaws.com@evil.example/x.pem" },
		"no certificate":      func(n *notice) { n.SigningCertURL = "https://sns.eu-west-3.amazonaws.com/?x=y.pem" },
		"an old one":          func(n *notice) { n.Timestamp = monday.Add(-4 * time.Hour).Format(time.RFC3339); r.sign(n) },
		"one from the future": func(n *notice) { n.Timestamp = monday.Add(time.Hour).Format(time.RFC3339); r.sign(n) },
	} {
		t.Run(name, func(t *testing.T) {
			r.T = t
			before := len(r.fetched)
			r.want(r.post("/hooks/ses", r.notify("2", message, spoil)), 406)
			if len(r.fetched) != before {
				t.Errorf("%s was asked", r.fetched[before:])
			}
		})
	}
	r.T = t
	r.want(r.post("/hooks/ses", []byte("{")), 406)
	r.fail = errors.New("the database is gone")
	fresh := r.notify("2", message+" ", nil)
	r.want(r.post("/hooks/ses", fresh), 500)
	r.fail = nil
	if code := r.post("/hooks/ses", fresh); code != 200 || len(r.got) == 0 {
		t.Errorf("what failed once is answered with %d when it is sent again, and %d were taken", code, len(r.got))
	}
}

// A signed message that was caught on its way would suppress an address anew
// that an editor let in again.
func TestASignedMessageIsTakenOnce(t *testing.T) {
	r := newRelay(t)
	message := `{"notificationType":"Complaint","mail":{},"complaint":{"complainedRecipients":[{"emailAddress":"a@example.net"}]}}`
	body := r.notify("2", message, nil)
	for i, taken := range []int{1, 1, 1} {
		if code := r.post("/hooks/ses", body); code != 200 || len(r.got) != taken {
			t.Errorf("post %d is answered with %d, and %d were taken", i+1, code, len(r.got))
		}
	}
}

func TestOneCallerMayNotFloodAProvidersAddress(t *testing.T) {
	r := newRelay(t)
	body := []byte(`{"RecordType":"SpamComplaint","Email":"a@example.net"}`)
	for i := range hookBurst {
		if code := r.post("/hooks/postmark/wrong", body); code != 406 {
			t.Fatalf("post %d is answered with %d", i, code)
		}
	}
	if code := r.post("/hooks/postmark/a-long-secret-in-the-path", body); code != 429 || len(r.got) > 0 {
		t.Errorf("one too many is answered with %d, and %d were taken", code, len(r.got))
	}
	if code := r.post("/hooks/brevo/wrong", body); code != 406 {
		t.Errorf("another provider's address is answered with %d", code)
	}
	request := httptest.NewRequest(http.MethodPost, "/hooks/postmark/a-long-secret-in-the-path", bytes.NewReader(body))
	request.RemoteAddr = "198.51.100.9:1234"
	answer := httptest.NewRecorder()
	if r.door.ServeHTTP(answer, request); answer.Code != 200 || len(r.got) != 1 {
		t.Errorf("another caller is answered with %d, and %d were taken", answer.Code, len(r.got))
	}
}

func TestSESSubscriptionIsConfirmedAtAmazonOnly(t *testing.T) {
	r := newRelay(t)
	r.want(r.post("/hooks/ses", r.notify("2", "", nil)), 200)
	if len(r.fetched) != 2 || !strings.Contains(r.fetched[1], "Action=ConfirmSubscription") {
		t.Errorf("fetched %v", r.fetched)
	}
	for _, address := range []string{
		"https://evil.example/?Action=ConfirmSubscription&TopicArn=" + topic,
		"https://sns.eu-west-3.amazonaws.com/?Action=DeleteTopic&TopicArn=" + topic,
		"https://sns.eu-west-3.amazonaws.com/?Action=ConfirmSubscription&TopicArn=other",
	} {
		r.fetched = nil
		r.want(r.post("/hooks/ses", r.notify("2", "", func(n *notice) { n.SubscribeURL = address; r.sign(n) })), 406)
		if len(r.fetched) != 0 {
			t.Errorf("fetched %v", r.fetched)
		}
	}
}

func TestSESKindsOfBounce(t *testing.T) {
	for _, c := range []struct {
		kind, detail, status, words string
		bounces, soft               bool
	}{
		{"Permanent", "General", "5.1.1", "smtp; 550 5.1.1 no", true, false},
		{"Permanent", "General", "5.7.1", "smtp; 550 5.7.1 spam", false, false},
		{"Permanent", "General", "", "", false, false},
		{"Permanent", "NoEmail", "", "", true, false},
		{"Permanent", "Suppressed", "5.1.1", "", true, false},
		{"Permanent", "OnAccountSuppressionList", "", "", true, false},
		{"Transient", "MailboxFull", "5.2.2", "smtp; 552 5.2.2 full", false, true},
		{"Transient", "General", "5.1.1", "smtp; 550 5.1.1 really?", false, true},
		{"Transient", "ContentRejected", "5.6.0", "", false, false},
		{"Undetermined", "Undetermined", "", "", false, true},
	} {
		got := sesRefusal(c.kind, c.detail, c.status, c.words)
		if got.Bounces() != c.bounces || got.Soft() != c.soft {
			t.Errorf("%+v: %v: bounces %v, soft %v", c, got, got.Bounces(), got.Soft())
		}
	}
}

func TestSESComplaint(t *testing.T) {
	r := newRelay(t)
	for kind, want := range map[string][]digest.Returned{
		"abuse":    {{Kind: digest.ReturnComplained, Address: "anne@example.net"}},
		"not-spam": nil,
	} {
		body := r.notify("2", `{"eventType":"Complaint","complaint":{"complaintFeedbackType":"`+kind+`","complainedRecipients":[{"emailAddress":"anne@example.net"}]},"mail":{}}`, nil)
		r.want(r.post("/hooks/ses", body), 200, want...)
	}
	r.want(r.post("/hooks/ses", r.notify("2", `{"eventType":"Delivery","mail":{}}`, nil)), 200)
	r.want(r.post("/hooks/ses", r.notify("2", `Successfully validated SNS topic for Amazon SES event publishing.`, nil)), 200)
}

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

func TestProvidersThatSignNothingNeedTheSecret(t *testing.T) {
	r := newRelay(t)
	body := []byte(`{"RecordType":"Bounce","Type":"HardBounce","Email":"anne@example.net","Details":"smtp;550 5.1.1 unknown"}`)
	want := digest.Returned{Kind: digest.ReturnFailed, Address: "anne@example.net", Refusal: refusal(550, "5.1.1")}
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte("hebdo:a-long-secret-in-the-path"))
	r.want(r.post("/hooks/postmark/a-long-secret-in-the-path", body), 200, want)
	r.want(r.post("/hooks/postmark", body, "Authorization", basic), 200, want)
	r.want(r.post("/hooks/postmark", body, "Authorization", "Bearer a-long-secret-in-the-path"), 200, want)
	r.want(r.post("/hooks/postmark", body, "X-Hook-Secret", "a-long-secret-in-the-path"), 200, want)
	r.want(r.post("/hooks/postmark", body), 406)
	r.want(r.post("/hooks/postmark/another", body), 406)
	r.want(r.post("/hooks/nobody/a-long-secret-in-the-path", body), 404)
}

// Large bodies of somebody who does not know the secret cost no memory.
func TestNothingIsReadOfWhoDoesNotKnowTheSecret(t *testing.T) {
	r := newRelay(t)
	for path, want := range map[string]bool{"/hooks/brevo/another": false, "/hooks/brevo/a-long-secret-in-the-path": true} {
		body := strings.NewReader(`{"event":"opened"}`)
		before := body.Len()
		r.door.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, path, body))
		if read := body.Len() < before; read != want {
			t.Errorf("%s: read: %t", path, read)
		}
	}
}

func TestWhatPlainProvidersSay(t *testing.T) {
	r := newRelay(t)
	const anne = "anne@example.net"
	fails := func(code int, enhanced string) []digest.Returned {
		return []digest.Returned{{Kind: digest.ReturnFailed, Address: anne, Refusal: refusal(code, enhanced)}}
	}
	is := func(kind digest.ReturnKind) []digest.Returned { return []digest.Returned{{Kind: kind, Address: anne}} }
	for _, c := range []struct {
		provider, body string
		want           []digest.Returned
	}{
		{"postmark", `{"RecordType":"Bounce","Type":"SoftBounce","Email":"anne@example.net","Details":"smtp;552 5.2.2 full"}`, fails(552, "5.2.2")},
		{"postmark", `{"RecordType":"Bounce","Type":"HardBounce","Email":"anne@example.net","Details":"smtp;550 5.7.1 policy"}`, fails(550, "5.7.1")},
		{"postmark", `{"RecordType":"Bounce","Type":"Blocked","Email":"anne@example.net"}`, fails(550, "5.7.1")},
		{"postmark", `{"RecordType":"Bounce","Type":"AutoResponder","Email":"anne@example.net"}`, nil},
		{"postmark", `{"RecordType":"SpamComplaint","Email":"anne@example.net"}`, is(digest.ReturnComplained)},
		{"postmark", `{"RecordType":"SubscriptionChange","Recipient":"anne@example.net","SuppressSending":true,"SuppressionReason":"ManualSuppression"}`, is(digest.ReturnLeft)},
		{"postmark", `{"RecordType":"SubscriptionChange","Recipient":"anne@example.net","SuppressSending":true,"SuppressionReason":"SpamComplaint"}`, is(digest.ReturnComplained)},
		{"postmark", `{"RecordType":"SubscriptionChange","Recipient":"anne@example.net","SuppressSending":true,"SuppressionReason":"HardBounce"}`, nil},
		{"postmark", `{"RecordType":"SubscriptionChange","Recipient":"anne@example.net","SuppressSending":false}`, nil},
		{"brevo", `{"event":"hard_bounce","email":"anne@example.net","reason":"no mailbox"}`, fails(550, "5.1.1")},
		{"brevo", `{"event":"soft_bounce","email":"anne@example.net","reason":"550 5.1.1 perhaps"}`, fails(450, "4.2.0")},
		{"brevo", `{"event":"blocked","email":"anne@example.net"}`, fails(550, "5.7.1")},
		{"brevo", `[{"event":"spam","email":"anne@example.net"},{"event":"opened","email":"anne@example.net"}]`, is(digest.ReturnComplained)},
		{"brevo", `{"event":"unsubscribed","email":"anne@example.net"}`, is(digest.ReturnLeft)},
		{"scaleway", `{"type":"email_mailbox_not_found","email_to":"anne@example.net","email_response_code":550,"email_response_message":"5.1.1 none"}`, fails(550, "5.1.1")},
		{"scaleway", `{"type":"email_dropped","email_to":"anne@example.net","email_response_code":552,"email_response_message":"5.2.2 full"}`, fails(552, "5.2.2")},
		{"scaleway", `{"type":"email_spam","email_to":"anne@example.net"}`, fails(550, "5.7.1")},
		{"scaleway", `{"type":"email_deferred","email_to":"anne@example.net"}`, nil},
		{"scaleway", `{"Type":"Notification","Message":"{\"type\":\"email_blocklisted\",\"email_to\":\"anne@example.net\"}"}`, fails(550, "5.7.1")},
	} {
		r.want(r.post("/hooks/"+c.provider+"/a-long-secret-in-the-path", []byte(c.body)), 200, c.want...)
	}
	r.want(r.post("/hooks/brevo/a-long-secret-in-the-path", []byte("{")), 406)
	mail := `{"type":"email_mailbox_not_found","email_to":"x@example.net","email_from":"lettre@news.example.org","email_headers":[{"key":"Message-ID","value":"<week@news.example.org>"}]}`
	r.want(r.post("/hooks/scaleway/a-long-secret-in-the-path", []byte(mail)), 200,
		digest.Returned{Kind: digest.ReturnFailed, Address: "x@example.net", MessageID: "week@news.example.org", Refusal: refusal(550, "5.1.1")})
	for address, want := range map[string]int{"https://sns.mnq.fr-par.scaleway.com/?Action=ConfirmSubscription&TopicArn=t": 200, "https://evil.example/?Action=ConfirmSubscription&TopicArn=t": 406} {
		r.want(r.post("/hooks/scaleway/a-long-secret-in-the-path", []byte(`{"Type":"SubscriptionConfirmation","TopicArn":"t","SubscribeURL":"`+address+`"}`)), want)
	}
	if !slices.Equal(r.fetched, []string{"https://sns.mnq.fr-par.scaleway.com/?Action=ConfirmSubscription&TopicArn=t"}) {
		t.Errorf("fetched %v", r.fetched)
	}
}

// Without its time an old message would undo what was decided since.
func TestPostmarkTellsWhenItWas(t *testing.T) {
	for _, body := range []string{
		`{"RecordType":"SubscriptionChange","Recipient":"anne@example.net","SuppressSending":true,"SuppressionReason":"SpamComplaint","ChangedAt":"2026-11-01T10:53:34.416071Z"}`,
		`{"RecordType":"SpamComplaint","Email":"anne@example.net","BouncedAt":"2026-11-01T10:53:34.416071Z"}`,
	} {
		r := newRelay(t)
		if code := r.post("/hooks/postmark/a-long-secret-in-the-path", []byte(body)); code != 200 || len(r.got) != 1 {
			t.Fatalf("%s is answered with %d, and %d were taken", body, code, len(r.got))
		}
		if want := time.Date(2026, 11, 1, 10, 53, 34, 416071000, time.UTC); !r.got[0].At.Equal(want) {
			t.Errorf("%s: %s, want %s", body, r.got[0].At, want)
		}
	}
}

func TestProviderNotSetUpIsNotThere(t *testing.T) {
	door := (&site{Options: Options{Now: time.Now, Logger: slog.New(slog.DiscardHandler)}}).hooks()
	for _, name := range []string{"ses", "mailgun", "sendgrid", "postmark", "brevo", "scaleway"} {
		answer := httptest.NewRecorder()
		door.ServeHTTP(answer, httptest.NewRequest(http.MethodPost, "/hooks/"+name+"/", strings.NewReader("{}")))
		if answer.Code != http.StatusNotFound {
			t.Errorf("%s: %d", name, answer.Code)
		}
	}
	if !Reserved("hooks") {
		t.Error("a newsletter may be called hooks")
	}
}
