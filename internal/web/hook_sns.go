package web

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha1" // #nosec G505 -- SNS signature version 1
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// notice is a message of the Simple Notification Service, Amazon's or one made like it.
type notice struct {
	Type             string
	MessageID        string `json:"MessageId"`
	Token            string
	TopicArn         string
	Subject          *string
	Message          string
	Timestamp        string
	SignatureVersion string
	Signature        string
	SigningCertURL   string
	SubscribeURL     string
}

type certificate struct {
	key   *rsa.PublicKey
	until time.Time
}

// amazon is where SNS keeps its certificates, and where subscriptions are
// confirmed; nothing else is ever fetched at a message's bidding. What stands in
// the middle has the form of a region (eu-west-3, us-gov-east-1): at
// sns.s3-eu-west-1.amazonaws.com a customer's bucket called sns is served.
var amazon = regexp.MustCompile(`^sns\.[a-z]{2,4}(-[a-z]+){1,3}-[0-9]{1,2}\.amazonaws\.com(\.cn)?$`)

// noticeAge is how old a notice may be. SNS gives up after an hour.
const noticeAge = 3 * time.Hour

// signed is the text that SNS signs (developer guide, "Verifying the
// signatures of Amazon SNS messages").
func (n notice) signed() string {
	var b strings.Builder
	add := func(name, value string) { b.WriteString(name + "\n" + value + "\n") }
	add("Message", n.Message)
	add("MessageId", n.MessageID)
	if n.Type == "Notification" {
		if n.Subject != nil {
			add("Subject", *n.Subject)
		}
	} else {
		add("SubscribeURL", n.SubscribeURL)
	}
	add("Timestamp", n.Timestamp)
	if n.Type != "Notification" {
		add("Token", n.Token)
	}
	add("TopicArn", n.TopicArn)
	add("Type", n.Type)
	return b.String()
}

// verify checks that Amazon signed the notice, that it is fresh, and that it
// comes from a topic of ours.
func (h *hooks) verify(ctx context.Context, n notice) error {
	if !slices.Contains(h.SESTopics, n.TopicArn) {
		return fmt.Errorf("%w: another topic", errForged)
	}
	at, err := time.Parse(time.RFC3339, n.Timestamp)
	if age := h.now().Sub(at); err != nil || age > noticeAge || age < -15*time.Minute {
		return fmt.Errorf("%w: too old", errForged)
	}
	signature, err := base64.StdEncoding.DecodeString(n.Signature)
	if err != nil {
		return errForged
	}
	key, err := h.signingKey(ctx, n.SigningCertURL)
	if err != nil {
		return err
	}
	text := []byte(n.signed())
	switch n.SignatureVersion {
	case "1":
		sum := sha1.Sum(text) // #nosec G401
		err = rsa.VerifyPKCS1v15(key, crypto.SHA1, sum[:], signature)
	case "2":
		sum := sha256.Sum256(text)
		err = rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], signature)
	default:
		err = errors.New("unknown signature version")
	}
	if err != nil {
		return fmt.Errorf("%w: %w", errForged, err)
	}
	return nil
}

// pinned checks that an address in a message leads to one of the hosts that
// may be asked.
func pinned(address string, hosts *regexp.Regexp) (*url.URL, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || u.User != nil || u.Port() != "" || u.Fragment != "" || !hosts.MatchString(u.Host) {
		return nil, fmt.Errorf("%w: an address in it leads elsewhere", errForged)
	}
	return u, nil
}

// signingKey fetches a certificate once and keeps it until it ends.
func (h *hooks) signingKey(ctx context.Context, address string) (*rsa.PublicKey, error) {
	u, err := pinned(address, amazon)
	if err != nil {
		return nil, err
	}
	if !strings.HasSuffix(u.Path, ".pem") || u.RawQuery != "" {
		return nil, errForged
	}
	h.mu.Lock()
	kept, ok := h.certificates[address]
	h.mu.Unlock()
	if ok && h.now().Before(kept.until) {
		return kept.key, nil
	}
	body, err := h.fetch(ctx, address)
	if err != nil {
		return nil, fmt.Errorf("fetching the certificate that signs: %w", err)
	}
	block, _ := pem.Decode(body)
	if block == nil {
		return nil, fmt.Errorf("%w: its certificate is none", errForged)
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil || h.now().Before(cert.NotBefore) || h.now().After(cert.NotAfter) {
		return nil, fmt.Errorf("%w: its certificate is not valid now", errForged)
	}
	key, ok := cert.PublicKey.(*rsa.PublicKey)
	if !ok {
		return nil, fmt.Errorf("%w: its certificate has no RSA key", errForged)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.certificates) >= 20 {
		clear(h.certificates)
	}
	h.certificates[address] = certificate{key, cert.NotAfter}
	return key, nil
}

// fetch gets an address without naming it when that fails: the one that confirms a
// subscription holds its token, and errors are logged.
func (h *hooks) fetch(ctx context.Context, address string) ([]byte, error) {
	body, err := h.Get(ctx, address)
	if named := (*url.Error)(nil); errors.As(err, &named) {
		err = named.Err
	}
	return body, err
}

// confirm answers a request to confirm a subscription to a topic of ours.
func (h *hooks) confirm(ctx context.Context, n notice, hosts *regexp.Regexp) error {
	u, err := pinned(n.SubscribeURL, hosts)
	if err != nil {
		return err
	}
	if u.Query().Get("Action") != "ConfirmSubscription" || u.Query().Get("TopicArn") != n.TopicArn {
		return fmt.Errorf("%w: its address confirms something else", errForged)
	}
	if _, err := h.fetch(ctx, n.SubscribeURL); err != nil {
		return fmt.Errorf("confirming the subscription: %w", err)
	}
	return nil
}
