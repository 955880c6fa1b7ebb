package mail

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
)

// Record is the text of the DNS record that publishes the key (RFC 6376,
// 3.6.1; RFC 8463, 4), to stand as TXT under Name.
func (k Key) Record() (string, error) {
	switch private := k.Private.(type) {
	case *rsa.PrivateKey:
		der, err := x509.MarshalPKIXPublicKey(private.Public())
		if err != nil {
			return "", fmt.Errorf("the DKIM key for %s: %w", k.Domain, err)
		}
		return "v=DKIM1; k=rsa; p=" + base64.StdEncoding.EncodeToString(der), nil
	case ed25519.PrivateKey:
		public := private.Public().(ed25519.PublicKey)
		return "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public), nil
	}
	return "", fmt.Errorf("the DKIM key for %s is a %T; RSA and Ed25519 are possible", k.Domain, k.Private)
}

// Name is where the record stands in DNS.
func (k Key) Name() string { return k.Selector + "._domainkey." + k.Domain }

// ParseKey reads a private key in PEM: PKCS #8, or PKCS #1 as OpenDKIM writes it.
func ParseKey(text []byte) (crypto.Signer, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errors.New("it is not a private key in PEM (-----BEGIN PRIVATE KEY-----)")
	}
	if block.Type == "RSA PRIVATE KEY" {
		return x509.ParsePKCS1PrivateKey(block.Bytes)
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	switch private := key.(type) {
	case *rsa.PrivateKey:
		return private, nil
	case ed25519.PrivateKey:
		return private, nil
	}
	return nil, fmt.Errorf("it is a %T; RSA and Ed25519 are possible", key)
}

// NewKey makes a private key, "rsa" (2048 bits) or "ed25519", and its text in PEM.
func NewKey(kind string) (private crypto.Signer, text []byte, err error) {
	switch kind {
	case "rsa":
		private, err = rsa.GenerateKey(rand.Reader, 2048)
	case "ed25519":
		_, private, err = ed25519.GenerateKey(rand.Reader)
	default:
		err = fmt.Errorf("%q is no kind of key; rsa and ed25519 are", kind)
	}
	if err != nil {
		return nil, nil, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return nil, nil, err
	}
	return private, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), nil
}
