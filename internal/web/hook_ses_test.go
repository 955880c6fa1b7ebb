package web

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"hebdo/internal/digest"
)

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
		"a bucket called sns": func(n *notice) { n.SigningCertURL = "https://sns.s3-eu-west-1.amazonaws.com/x.pem" },
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

func TestEveryRegionOfAmazonIsHeard(t *testing.T) {
	for _, host := range []string{"us-east-1.amazonaws.com", "ap-southeast-2.amazonaws.com", "us-gov-west-1.amazonaws.com", "cn-north-1.amazonaws.com.cn"} {
		if _, err := pinned("https://sns."+host+"/x.pem", amazon); err != nil {
			t.Errorf("%s: %v", host, err)
		}
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
