package mail

import (
	"fmt"
	"net"
	"net/mail"
	"strings"

	"golang.org/x/net/idna"

	"hebdo/internal/digest"
)

// envelope is what the server is told, and the message.
type envelope struct {
	from, to string          // with angle brackets
	domain   string          // of the recipient, ASCII and lower case
	utf8     bool            // an address needs SMTPUTF8
	wire     net.Buffers     // the message with dots doubled, the final one included
	size     int             // octets of the message itself
	singly   bool            // say every command for itself, whatever the server offers
	recall   <-chan struct{} // closed: not to be sent any more, unless the message is on its way; nil: never
}

func envelopeOf(m digest.Mail) (envelope, error) {
	to, err := mailbox("To", m.To)
	if err != nil {
		return envelope{}, err
	}
	from, err := mailbox("From", m.From)
	if err != nil {
		return envelope{}, err
	}
	e := envelope{to: path(to), domain: domainOf(to)}
	e.utf8 = !ascii(to.Address) || !ascii(from.Address)
	if m.ReplyTo != "" {
		reply, err := mailbox("Reply-To", m.ReplyTo)
		if err != nil {
			return envelope{}, err
		}
		e.utf8 = e.utf8 || !ascii(reply.Address)
	}
	if m.EnvelopeFrom != "" {
		from, err = bare("EnvelopeFrom", m.EnvelopeFrom)
		if err != nil {
			return envelope{}, err
		}
	}
	e.from = path(from)
	e.utf8 = e.utf8 || !ascii(e.from)
	return e, nil
}

// domainOf is an address's domain.
func domainOf(a *mail.Address) string { return a.Address[strings.LastIndexByte(a.Address, '@')+1:] }

// path is an address as MAIL FROM and RCPT TO want it.
func path(a *mail.Address) string {
	if simple(a.Address) {
		return "<" + a.Address + ">"
	}
	return (&mail.Address{Address: a.Address}).String()
}

// bare is mailbox for an address alone, without angle brackets.
func bare(field, address string) (*mail.Address, error) {
	if simple(address) {
		return &mail.Address{Address: address}, nil
	}
	if control(address) { // which the next line would hide
		return nil, fmt.Errorf("%s: has a line break or another control character: %w", field, digest.ErrUnsendable)
	}
	return mailbox(field, (&mail.Address{Address: address}).String())
}

// simple tells an address that reads the same however carefully it is parsed,
// as nearly all do: ASCII, nothing quoted, the domain in lower case and not
// encoded.
func simple(address string) bool {
	at := strings.IndexByte(address, '@')
	if at <= 0 || len(address) > 254 || strings.Contains(address, "--") {
		return false
	}
	const inWord = "!#$%&'*+-/=?^_`{|}~" // RFC 5322, 3.2.3, beside letters and digits
	before := byte('.')
	for i := range len(address) {
		c := address[i]
		switch {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
		case i < at && (c >= 'A' && c <= 'Z' || strings.IndexByte(inWord, c) >= 0):
		case c == '.' || c == '@' && i == at:
			if before == '.' || before == '@' || i > at && before == '-' {
				return false
			}
		case c == '-' && before != '.' && before != '@':
		default:
			return false
		}
		before = c
	}
	return before != '.' && before != '@' && before != '-' && !longLabel(address[at+1:])
}

// longLabel: a part of a domain is longer than 63 bytes (RFC 1035, 2.3.4).
func longLabel(domain string) bool {
	for label := range strings.SplitSeq(domain, ".") {
		if len(label) > 63 {
			return true
		}
	}
	return false
}

// mailbox parses one RFC 5322 mailbox and brings its domain to ASCII (RFC 5891)
// in lower case. The error names the field, never the address.
func mailbox(field, value string) (*mail.Address, error) {
	fault := func(why string) error { return fmt.Errorf("%s: %s: %w", field, why, digest.ErrUnsendable) }
	if strings.ContainsAny(value, "\r\n\x00") {
		return nil, fault("has a line break or a NUL")
	}
	a, err := mail.ParseAddress(value)
	if err != nil {
		return nil, fault("is not one e-mail address")
	}
	if strings.ContainsFunc(a.Name+a.Address, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return nil, fault("has a control character")
	}
	at := strings.LastIndexByte(a.Address, '@')
	domain, err := idna.Lookup.ToASCII(a.Address[at+1:])
	if err != nil {
		return nil, fault("has a domain that is not valid")
	}
	a.Address = a.Address[:at+1] + strings.ToLower(domain)
	if len(a.Address) > 254 { // RFC 5321, 4.5.3.1.3, less the angle brackets
		return nil, fault("is longer than 254 bytes")
	}
	return a, nil
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
