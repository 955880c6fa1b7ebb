package audience

import (
	"errors"
	"fmt"
	"net/mail"
	"strings"

	"golang.org/x/net/idna"
)

// ErrAddress: what was given is no address that a letter can be sent to.
var ErrAddress = errors.New("not an e-mail address")

// Lengths of RFC 5321, 4.5.3.1, in bytes; the path's 256 include its brackets.
const (
	maxLocal   = 64
	maxAddress = 254
)

// Address is an e-mail address fit to be stored.
type Address struct {
	Typed string // local part as typed, domain in lower-case ASCII
	Match string // the same address for every way of writing it
	Name  string // display name, where one was given along
}

// hosts follows UTS 46, as browsers do (no transitional mapping), with the
// lengths of DNS checked.
var hosts = idna.New(idna.MapForLookup(), idna.Transitional(false), idna.BidiRule(),
	idna.StrictDomainName(true), idna.VerifyDNSLength(true))

// ParseAddress reads one RFC 5322 mailbox. It is stricter than the RFC: no
// quoted local part, nothing but ASCII before the @ (a server without SMTPUTF8,
// RFC 6531, takes nothing else), a domain with a dot, no IP literal. It fails
// with ErrAddress.
func ParseAddress(s string) (Address, error) {
	s = strings.TrimSpace(s)
	if len(s) > 4*maxAddress {
		return Address{}, fmt.Errorf("%w: longer than %d bytes", ErrAddress, maxAddress)
	}
	parsed, err := mail.ParseAddress(s)
	if err != nil {
		return Address{}, fmt.Errorf("%w: it must look like name@example.org", ErrAddress)
	}
	at := strings.LastIndexByte(parsed.Address, '@')
	local, domain := parsed.Address[:at], parsed.Address[at+1:]
	if !dotAtom(local) {
		return Address{}, fmt.Errorf("%w: only ASCII letters, digits and !#$%%&'*+-/=?^_`{|}~. may stand before the @", ErrAddress)
	}
	if len(local) > maxLocal {
		return Address{}, fmt.Errorf("%w: more than %d bytes before the @", ErrAddress, maxLocal)
	}
	host, err := hosts.ToASCII(domain)
	if err != nil || !public(host) {
		return Address{}, fmt.Errorf("%w: what follows the @ is no domain", ErrAddress)
	}
	typed := local + "@" + host
	if len(typed) > maxAddress {
		return Address{}, fmt.Errorf("%w: longer than %d bytes", ErrAddress, maxAddress)
	}
	return Address{Typed: typed, Match: strings.ToLower(local) + "@" + host, Name: cleanName(parsed.Name)}, nil
}

// dotAtom is the plain local part of RFC 5322, 3.2.3.
func dotAtom(s string) bool {
	if s == "" || strings.HasPrefix(s, ".") || strings.HasSuffix(s, ".") || strings.Contains(s, "..") {
		return false
	}
	for _, r := range s {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.':
		case strings.ContainsRune("!#$%&'*+-/=?^_`{|}~", r):
		default:
			return false
		}
	}
	return true
}

// public tells domains of the public DNS from bare host names and numbers.
func public(host string) bool {
	dot := strings.LastIndexByte(host, '.')
	if dot <= 0 || dot == len(host)-1 {
		return false
	}
	return strings.Trim(host[dot+1:], "0123456789") != ""
}

// cleanName makes a reader's name fit for a greeting: one line, at most 80
// characters. A name that holds a link is dropped, because confirmation mails
// to strangers would carry it.
func cleanName(s string) string {
	s = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || (r >= 0x80 && r < 0xa0) || r == '\u2028' || r == '\u2029' || (r >= '\u202a' && r <= '\u202e') || (r >= '\u2066' && r <= '\u2069') {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, ""))), " ")
	low := strings.ToLower(s)
	if strings.Contains(low, "://") || strings.Contains(low, "www.") || strings.ContainsAny(s, "<>@") {
		return ""
	}
	if r := []rune(s); len(r) > 80 {
		s = strings.TrimSpace(string(r[:80]))
	}
	return s
}
