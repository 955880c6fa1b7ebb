// Package doctor looks at what the world sees of a sender: its records in DNS
// and the mail server that takes its letters, and says what to write where.
package doctor

import (
	"context"
	"crypto"
	"crypto/x509"
	"errors"
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// Resolver asks DNS; *net.Resolver is one.
type Resolver interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
	LookupMX(ctx context.Context, name string) ([]*net.MX, error)
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
	LookupAddr(ctx context.Context, address string) ([]string, error)
}

// Level is how bad a finding is.
type Level string

// The levels of findings. What is Skipped could not be looked at from here.
const (
	Fine    Level = "fine"
	Skipped Level = "skipped"
	Warning Level = "warning" // letters go out; some will be looked at askance
	Fault   Level = "fault"   // mailbox providers refuse letters for it, or will
)

// Finding is what one look brought.
type Finding struct {
	Check  string // spf, dkim, dmarc, mx, ptr, tls
	Code   string // message key without its "doctor." prefix: "spf.missing"
	Level  Level
	Where  string // the name or address it is about
	Detail string // what was found there; shown as it is
	Record Record // what to write into DNS; zero: nothing
}

// Record is a line of a DNS zone.
type Record struct{ Name, Type, Value string }

// Key is a DKIM key that should be in DNS.
type Key struct {
	Selector string
	Public   crypto.PublicKey // nil: any key will do
}

// Relay is a mail server that letters are sent through.
type Relay struct {
	Host  string
	Port  int    // 0: 25, 587 (starttls) or 465 (tls)
	TLS   string // none, starttls or tls
	LogIn bool   // a user name is configured
}

// Options of an examination.
type Options struct {
	Domain   string // of the sender and of the return address, in ASCII
	DKIM     string // domain that signs; empty: Domain
	Keys     []Key
	Relays   []Relay // all that may get a letter to send
	Resolver Resolver
	Dial     func(ctx context.Context, network, address string) (net.Conn, error)
	Roots    *x509.CertPool // nil: the system's
	Now      func() time.Time
	Patience time.Duration // for one question; 10 s
}

// Examine looks at everything. Its findings stand in a fixed order: SPF, DKIM,
// DMARC, MX, then PTR and TLS of every relay. It never fails: what cannot be asked is a finding.
func Examine(ctx context.Context, o Options) []Finding {
	if o.Patience <= 0 {
		o.Patience = 10 * time.Second
	}
	if o.DKIM == "" {
		o.DKIM = o.Domain
	}
	if o.Dial == nil {
		o.Dial = (&net.Dialer{}).DialContext
	}
	e := &examination{Options: o}
	var all []Finding
	for _, look := range []func(context.Context) []Finding{e.spf, e.dkim, e.dmarc, e.mx, e.ptr, e.tls} {
		all = append(all, look(ctx)...)
	}
	return all
}

type examination struct{ Options }

// txt gives the records at a name that begin with a version, such as
// "v=spf1"; none is no error.
func (e *examination) txt(ctx context.Context, name, version string) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, e.Patience)
	defer cancel()
	all, err := e.Resolver.LookupTXT(ctx, dot(name))
	if missing(err) {
		return nil, nil
	}
	var found []string
	for _, text := range all {
		word, _, _ := strings.Cut(strings.TrimSpace(text), ";")
		word, _, _ = strings.Cut(strings.TrimSpace(word), " ")
		if version == "" || strings.EqualFold(strings.ReplaceAll(word, " ", ""), version) {
			found = append(found, text)
		}
	}
	return found, err
}

// addresses of a host; none is no error.
func (e *examination) addresses(ctx context.Context, host string) ([]netip.Addr, error) {
	if ip, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{ip.Unmap()}, nil
	}
	ctx, cancel := context.WithTimeout(ctx, e.Patience)
	defer cancel()
	all, err := e.Resolver.LookupNetIP(ctx, "ip", dot(host))
	if missing(err) {
		return nil, nil
	}
	for i := range all {
		all[i] = all[i].Unmap()
	}
	slices.SortFunc(all, netip.Addr.Compare)
	return slices.Compact(all), err
}

// dot makes a name complete, so that no search list of the machine is tried.
func dot(name string) string {
	if name == "" || strings.HasSuffix(name, ".") || net.ParseIP(name) != nil || name == "localhost" {
		return name
	}
	return name + "."
}

// missing tells "there is none" from "it could not be asked".
func missing(err error) bool {
	var fault *net.DNSError
	return errors.As(err, &fault) && fault.IsNotFound
}

// unasked is the finding that DNS gave no answer.
func unasked(check, where string, err error) []Finding {
	detail := err.Error()
	if fault := (*net.DNSError)(nil); errors.As(err, &fault) {
		detail = fault.Err // the rest names the machine's own server, whichever was asked
	}
	return []Finding{{Check: check, Code: "dns", Level: Fault, Where: where, Detail: detail}}
}

// inside tells an address that the world does not see.
func inside(ip netip.Addr) bool {
	return ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast() || ip.IsUnspecified() ||
		netip.MustParsePrefix("100.64.0.0/10").Contains(ip)
}

// tags reads "a=b; c=d" as DKIM and DMARC write it.
func tags(record string) map[string]string {
	all := map[string]string{}
	for _, part := range strings.Split(record, ";") {
		name, value, _ := strings.Cut(part, "=")
		all[strings.ToLower(strings.TrimSpace(name))] = strings.Join(strings.Fields(value), "")
	}
	return all
}
