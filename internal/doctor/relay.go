package doctor

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/smtp"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
	"time"
)

// mx looks for a server that takes what comes back: bounces, answers, wishes to leave.
func (e *examination) mx(ctx context.Context) []Finding {
	ctx, cancel := context.WithTimeout(ctx, e.Patience)
	defer cancel()
	all, err := e.Resolver.LookupMX(ctx, dot(e.Domain))
	if err != nil && !missing(err) {
		return unasked("mx", e.Domain, err)
	}
	if len(all) == 0 {
		return []Finding{{"mx", "mx.missing", Fault, e.Domain, "", Record{e.Domain, "MX", "10 mail." + e.Domain + "."}}}
	}
	if len(all) == 1 && strings.Trim(all[0].Host, ".") == "" { // RFC 7505
		return []Finding{{"mx", "mx.null", Fault, e.Domain, "", Record{e.Domain, "MX", "10 mail." + e.Domain + "."}}}
	}
	var out []Finding
	var hosts []string
	for _, mx := range all {
		host := strings.TrimSuffix(mx.Host, ".")
		hosts = append(hosts, fmt.Sprintf("%d %s", mx.Pref, host))
		ips, err := e.addresses(ctx, host)
		if err == nil && len(ips) == 0 {
			out = append(out, Finding{"mx", "mx.nowhere", Fault, host, "", Record{host, "A", "…"}})
		}
	}
	if len(out) == 0 {
		out = []Finding{{"mx", "mx.fine", Fine, e.Domain, strings.Join(hosts, ", "), Record{}}}
	}
	return out
}

// ptr looks whether the relays' addresses have a name that leads back to them.
func (e *examination) ptr(ctx context.Context) []Finding {
	var out []Finding
	seen := map[string]bool{} // hosts and addresses: several relays may share them
	for _, r := range e.Relays {
		if seen[r.Host] {
			continue
		}
		seen[r.Host] = true
		ips, err := e.addresses(ctx, r.Host)
		if err != nil {
			out = append(out, unasked("ptr", r.Host, err)...)
			continue
		}
		ips = slices.DeleteFunc(ips, inside)
		if len(ips) == 0 {
			out = append(out, Finding{"ptr", "ptr.inside", Skipped, r.Host, "", Record{}})
		}
		for _, ip := range ips {
			if text := ip.String(); !seen[text] || text == r.Host {
				seen[text] = true
				out = append(out, e.nameOf(ctx, ip, r.Host)...)
			}
		}
	}
	return out
}

// nameOf looks at the name of one address of a relay.
func (e *examination) nameOf(ctx context.Context, ip netip.Addr, host string) []Finding {
	out := Finding{"ptr", "ptr.missing", Warning, ip.String(), "", Record{reverse(ip), "PTR", host + "."}}
	if net.ParseIP(host) != nil {
		out.Record = Record{} // it has no name that could be written there
	}
	names, err := e.names(ctx, ip.String())
	if err != nil {
		return unasked("ptr", ip.String(), err)
	}
	for _, name := range names {
		out.Code, out.Detail = "ptr.astray", name
		if back, _ := e.addresses(ctx, strings.TrimSuffix(name, ".")); slices.Contains(back, ip) {
			return []Finding{{"ptr", "ptr.fine", Fine, ip.String(), strings.TrimSuffix(name, "."), Record{}}}
		}
	}
	return []Finding{out}
}

// reverse is where DNS keeps the name of an address (RFC 1035, 3.5; RFC 3596, 2.5).
func reverse(ip netip.Addr) string {
	var parts []string
	for _, b := range ip.AsSlice() {
		if ip.Is4() {
			parts = append(parts, strconv.Itoa(int(b)))
		} else {
			parts = append(parts, fmt.Sprintf("%x", b>>4), fmt.Sprintf("%x", b&15))
		}
	}
	slices.Reverse(parts)
	if ip.Is4() {
		return strings.Join(parts, ".") + ".in-addr.arpa"
	}
	return strings.Join(parts, ".") + ".ip6.arpa"
}

func (e *examination) names(ctx context.Context, ip string) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, e.Patience)
	defer cancel()
	names, err := e.Resolver.LookupAddr(ctx, ip)
	if missing(err) {
		err = nil
	}
	return names, err
}

// soon is how long before its end a certificate is worth a word.
const soon = 14 * 24 * time.Hour

func (e *examination) tls(ctx context.Context) (out []Finding) {
	for _, r := range e.Relays {
		out = append(out, e.spoken(ctx, r)...)
	}
	return out
}

// spoken speaks with a relay as delivery does, up to where it would log in.
func (e *examination) spoken(ctx context.Context, r Relay) []Finding {
	if r.Port == 0 {
		r.Port = map[string]int{"none": 25, "starttls": 587, "tls": 465}[r.TLS]
	}
	address := net.JoinHostPort(r.Host, strconv.Itoa(r.Port))
	out := Finding{"tls", "tls.fine", Fine, address, "", Record{}}
	wrong := func(code string, level Level, detail string) []Finding {
		out.Code, out.Level, out.Detail = code, level, detail
		return []Finding{out}
	}
	ctx, cancel := context.WithTimeout(ctx, 2*e.Patience)
	defer cancel()
	conn, err := e.Dial(ctx, "tcp", address)
	if err != nil {
		return wrong("tls.unreachable", Fault, err.Error())
	}
	defer conn.Close()
	deadline, _ := ctx.Deadline()
	_ = conn.SetDeadline(deadline)
	config := &tls.Config{ServerName: r.Host, RootCAs: e.Roots, MinVersion: tls.VersionTLS12, Time: e.Now}
	if r.TLS == "tls" {
		secure := tls.Client(conn, config)
		if err := secure.HandshakeContext(ctx); err != nil {
			return wrong(handshake(err), Fault, err.Error())
		}
		conn = secure
	}
	client, err := smtp.NewClient(conn, r.Host)
	if err == nil {
		err = client.Hello("localhost")
	}
	if err != nil {
		return wrong("tls.greeting", Fault, err.Error())
	}
	defer client.Close()
	if r.TLS == "none" {
		if ip, err := net.ResolveTCPAddr("tcp", conn.RemoteAddr().String()); err == nil && (ip.IP.IsLoopback() || ip.IP.IsPrivate()) {
			return wrong("tls.inside", Fine, "")
		}
		return wrong("tls.none", Warning, "")
	}
	if r.TLS == "starttls" {
		if ok, _ := client.Extension("STARTTLS"); !ok {
			return wrong("tls.notoffered", Fault, "")
		}
		if err := client.StartTLS(config); err != nil {
			var refused *textproto.Error
			if errors.As(err, &refused) {
				return wrong("tls.refused", Fault, err.Error())
			}
			return wrong(handshake(err), Fault, err.Error())
		}
	}
	if state, ok := client.TLSConnectionState(); ok {
		cert := state.PeerCertificates[0]
		out.Detail = tls.VersionName(state.Version) + ", " + cert.NotAfter.Format(time.DateOnly)
		if cert.NotAfter.Sub(e.Now()) < soon {
			return wrong("tls.ending", Warning, cert.NotAfter.Format(time.DateOnly))
		}
	}
	if ok, _ := client.Extension("AUTH"); r.LogIn && !ok {
		return wrong("tls.noauth", Fault, "")
	}
	_ = client.Quit()
	return []Finding{out}
}

// handshake names what is wrong with a certificate.
func handshake(err error) string {
	var host x509.HostnameError
	var unknown x509.UnknownAuthorityError
	var invalid x509.CertificateInvalidError
	switch {
	case errors.As(err, &host):
		return "tls.name"
	case errors.As(err, &unknown):
		return "tls.unknown"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "tls.expired"
	}
	return "tls.handshake"
}
