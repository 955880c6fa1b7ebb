package mail

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
)

// Key signs mail for a domain (DKIM, RFC 6376). Its public half stands in DNS
// under SELECTOR._domainkey.DOMAIN.
type Key struct {
	Domain   string
	Selector string
	Private  crypto.Signer // *rsa.PrivateKey (of 2048 bits or more) or ed25519.PrivateKey (RFC 8463)
}

// signed are the fields that a signature covers, in the order of h=. Both list
// fields have to be among them (RFC 8058, 4). From, To, Subject, Date and
// Reply-To stand once more than there are, so that none can be added on the
// way (RFC 6376, 8.15).
var signed = []string{"from", "from", "to", "to", "subject", "subject", "date", "date", "message-id", "mime-version",
	"content-type", "content-transfer-encoding", "reply-to", "reply-to", "list-id", "list-unsubscribe",
	"list-unsubscribe-post", "feedback-id"}

func (k Key) algorithm() (string, error) {
	switch private := k.Private.(type) {
	case *rsa.PrivateKey:
		if private.N.BitLen() < 2048 {
			return "", fmt.Errorf("the DKIM key for %s has %d bits; mailbox providers want 2048", k.Domain, private.N.BitLen())
		}
		return "rsa-sha256", nil
	case ed25519.PrivateKey:
		return "ed25519-sha256", nil
	}
	return "", fmt.Errorf("the DKIM key for %s is a %T; RSA and Ed25519 are possible", k.Domain, k.Private)
}

// signer is a key with the part of its field that is the same on all mails.
type signer struct {
	key  Key
	head string // up to bh=, folded as it is sent
}

func newSigner(k Key) (signer, error) {
	algorithm, err := k.algorithm()
	if err != nil {
		return signer{}, err
	}
	for _, label := range append(strings.Split(k.Selector, "."), strings.Split(k.Domain, ".")...) {
		if label == "" || strings.Trim(strings.ToLower(label), "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			return signer{}, fmt.Errorf("a DKIM key needs a domain and a selector in letters, digits and hyphens: %q, %q", k.Domain, k.Selector)
		}
	}
	var h strings.Builder
	for i, name := range signed {
		switch {
		case i > 0 && i%6 == 0:
			h.WriteString(":\r\n\t")
		case i > 0:
			h.WriteString(":")
		}
		h.WriteString(name)
	}
	return signer{k, "DKIM-Signature: v=1; a=" + algorithm + "; c=relaxed/relaxed; d=" + k.Domain + ";\r\n\ts=" + k.Selector +
		"; h=" + h.String() + ";\r\n\tbh="}, nil
}

// appendSignature adds the signature's field over the fields and the
// canonicalised body. The same mail always gets the same signature.
func (s signer) appendSignature(dst, fields []byte, bodyHash [sha256.Size]byte) ([]byte, error) {
	start := len(dst)
	dst = append(dst, s.head...)
	dst = base64.StdEncoding.AppendEncode(dst, bodyHash[:])
	dst = append(dst, ";\r\n\tb="...)
	own := appendRelaxedField(make([]byte, 0, 1024), dst[start:])
	h := sha256.New()
	_, _ = h.Write(fields) // a hash takes everything
	_, _ = h.Write(bytes.TrimSuffix(own, []byte("\r\n")))
	sum := h.Sum(own[:0])
	var (
		signature []byte
		err       error
	)
	if private, ok := s.key.Private.(ed25519.PrivateKey); ok {
		signature = ed25519.Sign(private, sum) // of the hash: RFC 8463, 3
	} else {
		signature, err = s.key.Private.Sign(nil, sum, crypto.SHA256)
	}
	if err != nil {
		return dst[:start], fmt.Errorf("sign the mail for %s: %w", s.key.Domain, err)
	}
	code := base64.StdEncoding.EncodeToString(signature)
	for first := 72; len(code) > first; first = 74 {
		dst = append(append(dst, code[:first]...), "\r\n\t"...)
		code = code[first:]
	}
	return append(append(dst, code...), "\r\n"...), nil
}

// sign gives the signatures of a message as fields, to stand before the
// others. Fields are raw and each name stands at most once.
func (s *SMTP) sign(dst []byte, fields [][]byte, canonBody []byte) ([]byte, error) {
	canon := make([]byte, 0, 2048)
	last := ""
	for _, name := range signed {
		if name == last {
			continue // there is no second one, and that is signed
		}
		last = name
		for _, f := range fields {
			if len(f) > len(name) && f[len(name)] == ':' && strings.EqualFold(string(f[:len(name)]), name) {
				canon = appendRelaxedField(canon, f)
				break
			}
		}
	}
	sum := sha256.Sum256(trimmedBody(canonBody))
	for _, one := range s.signers {
		var err error
		if dst, err = one.appendSignature(dst, canon, sum); err != nil {
			return dst, err
		}
	}
	return dst, nil
}

// withSignatures signs a whole message.
func (s *SMTP) withSignatures(raw []byte) ([]byte, error) {
	if len(s.signers) == 0 {
		return raw, nil
	}
	head, body, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	head = append(bytes.Clone(head), "\r\n"...)
	out, err := s.sign(nil, unfold(head), appendRelaxed(nil, body))
	return append(append(append(out, head...), "\r\n"...), body...), err
}

// trimmedBody leaves out the empty lines at the end of a canonicalised body (RFC 6376, 3.4.4).
func trimmedBody(canon []byte) []byte {
	for bytes.HasSuffix(canon, []byte("\r\n\r\n")) {
		canon = canon[:len(canon)-2]
	}
	if string(canon) == "\r\n" {
		return nil
	}
	return canon
}

// appendRelaxed adds whole lines in the "relaxed" form of a body: runs of
// white space become one space, and none stands at the end of a line.
func appendRelaxed(dst, lines []byte) []byte {
	for line := range bytes.Lines(lines) {
		dst = appendSqueezed(dst, bytes.TrimRight(line, " \t\r\n"))
		dst = append(dst, "\r\n"...)
	}
	return dst
}

// appendRelaxedField adds a field in the "relaxed" form of a header (RFC 6376,
// 3.4.2): unfolded, the name in lower case, no white space around the value.
func appendRelaxedField(dst, field []byte) []byte {
	name, value, _ := bytes.Cut(field, []byte(":"))
	dst = append(append(dst, bytes.ToLower(bytes.TrimRight(name, " \t"))...), ':')
	dst = appendSqueezed(dst, bytes.Trim(value, " \t\r\n"))
	return append(dst, "\r\n"...)
}

// appendSqueezed adds a text with every run of white space, folds included, made one space.
func appendSqueezed(dst, s []byte) []byte {
	for len(s) > 0 {
		i := bytes.IndexAny(s, " \t\r\n")
		if i < 0 {
			return append(dst, s...)
		}
		dst = append(append(dst, s[:i]...), ' ')
		s = bytes.TrimLeft(s[i:], " \t\r\n")
	}
	return dst
}
