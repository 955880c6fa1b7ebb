package web

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"hebdo/internal/digest"
)

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
