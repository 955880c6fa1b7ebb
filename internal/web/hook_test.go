package web

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"log/slog"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
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

func refusal(code int, enhanced string) digest.Refusal {
	return digest.Refusal{Permanent: code >= 500, Code: code, Enhanced: enhanced}
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
