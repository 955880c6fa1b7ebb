package doctor

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// dkim looks for the public half of every key that signs.
func (e *examination) dkim(ctx context.Context) []Finding {
	if len(e.Keys) == 0 {
		return []Finding{{"dkim", "dkim.none", Skipped, e.DKIM, "", Record{}}}
	}
	var all []Finding
	for _, key := range e.Keys {
		all = append(all, e.dkimKey(ctx, key))
	}
	return all
}

func (e *examination) dkimKey(ctx context.Context, key Key) Finding {
	name := key.Selector + "._domainkey." + e.DKIM
	out := Finding{"dkim", "dkim.fine", Fine, name, "", Record{}}
	kind, value := encoded(key.Public)
	if value != "" {
		out.Record = Record{name, "TXT", "v=DKIM1; k=" + kind + "; p=" + value}
	}
	found, err := e.txt(ctx, name, "")
	switch {
	case err != nil:
		return unasked("dkim", name, err)[0]
	case len(found) == 0:
		out.Code, out.Level = "dkim.missing", Fault
		return out
	case len(found) > 1:
		out.Code, out.Level = "dkim.several", Fault
		return out
	}
	t := tags(found[0])
	if v, ok := t["v"]; ok && v != "DKIM1" {
		out.Code, out.Level, out.Detail = "dkim.mismatch", Fault, found[0]
		return out
	}
	switch raw, err := base64.StdEncoding.DecodeString(t["p"]); {
	case t["p"] == "":
		out.Code, out.Level = "dkim.revoked", Fault
	case err != nil, value != "" && !samePublic(raw, key.Public):
		out.Code, out.Level, out.Detail = "dkim.mismatch", Fault, found[0]
	case bits(raw, t["k"]) > 0 && bits(raw, t["k"]) < 2048:
		out.Code, out.Level, out.Record = "dkim.short", Warning, Record{}
	case strings.Contains(":"+t["t"]+":", ":y:"):
		out.Code, out.Level = "dkim.testing", Warning
	default:
		out.Record = Record{}
	}
	return out
}

// encoded is a public key as DNS holds it (RFC 6376, 3.6.1; RFC 8463).
func encoded(key crypto.PublicKey) (kind, value string) {
	switch k := key.(type) {
	case ed25519.PublicKey:
		return "ed25519", base64.StdEncoding.EncodeToString(k)
	case *rsa.PublicKey:
		der, err := x509.MarshalPKIXPublicKey(k)
		if err != nil {
			return "", ""
		}
		return "rsa", base64.StdEncoding.EncodeToString(der)
	}
	return "", ""
}

// samePublic compares a key from DNS with ours, in either of the two forms
// that RSA keys are found in.
func samePublic(raw []byte, key crypto.PublicKey) bool {
	switch k := key.(type) {
	case ed25519.PublicKey:
		return bytes.Equal(raw, k)
	case *rsa.PublicKey:
		if der, err := x509.MarshalPKIXPublicKey(k); err == nil && bytes.Equal(raw, der) {
			return true
		}
		return bytes.Equal(raw, x509.MarshalPKCS1PublicKey(k))
	}
	return false
}

// bits is the length of an RSA key; 0: it is none.
func bits(raw []byte, kind string) int {
	if kind != "" && kind != "rsa" {
		return 0
	}
	if key, err := x509.ParsePKIXPublicKey(raw); err == nil {
		if r, ok := key.(*rsa.PublicKey); ok {
			return r.N.BitLen()
		}
	}
	if key, err := x509.ParsePKCS1PublicKey(raw); err == nil {
		return key.N.BitLen()
	}
	return 0
}

// dmarc looks for the policy of the domain, or of the one above it that was
// registered (RFC 7489, 6.6.3).
func (e *examination) dmarc(ctx context.Context) []Finding {
	names := []string{"_dmarc." + e.Domain}
	if above, err := publicsuffix.EffectiveTLDPlusOne(e.Domain); err == nil && above != e.Domain {
		names = append(names, "_dmarc."+above)
	}
	suggested := Record{names[len(names)-1], "TXT", "v=DMARC1; p=none; rua=mailto:dmarc@" + strings.TrimPrefix(names[len(names)-1], "_dmarc.")}
	for _, name := range names {
		found, err := e.txt(ctx, name, "v=DMARC1")
		switch {
		case err != nil:
			return unasked("dmarc", name, err)
		case len(found) == 0:
			continue
		case len(found) > 1:
			return []Finding{{"dmarc", "dmarc.several", Fault, name, strings.Join(found, " | "), Record{}}}
		}
		out := Finding{"dmarc", "dmarc.fine", Fine, name, found[0], Record{}}
		t := tags(found[0])
		policy := t["p"]
		if sub, ok := t["sp"]; ok && name != names[0] {
			policy = sub
		}
		switch policy {
		case "none", "quarantine", "reject":
			if t["rua"] == "" {
				out.Code, out.Level = "dmarc.unheard", Warning
			}
		default:
			out.Code, out.Level = "dmarc.broken", Fault
			if policy == t["p"] { // where sp= alone is wrong, p= must stay as it is
				out.Record = Record{name, suggested.Type, suggested.Value}
			}
		}
		return []Finding{out}
	}
	return []Finding{{"dmarc", "dmarc.missing", Fault, names[0], "", suggested}}
}
