package doctor

import (
	"context"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// senders are the SPF includes of relays that send from addresses of their
// own, by the end of the host that takes the letters.
var senders = []struct{ host, include string }{
	{".amazonaws.com", "amazonses.com"}, {".mailgun.org", "mailgun.org"}, {".sendgrid.net", "sendgrid.net"},
	{".postmarkapp.com", "spf.mtasv.net"}, {".brevo.com", "spf.brevo.com"}, {".sendinblue.com", "spf.brevo.com"},
	{".tem.scaleway.com", "_spf.tem.scaleway.com"}, {".gmail.com", "_spf.google.com"}, {".google.com", "_spf.google.com"},
	{".office365.com", "spf.protection.outlook.com"}, {".ovh.net", "mx.ovh.com"}, {".gandi.net", "_mailcust.gandi.net"},
	{".mailjet.com", "spf.mailjet.com"}, {".sparkpostmail.com", "sparkpostmail.com"}, {".fastmail.com", "spf.messagingengine.com"},
}

// maxLookups is how many questions an SPF record may cost (RFC 7208, 4.6.4).
const maxLookups = 10

// spf looks for one record that lets the relay send.
func (e *examination) spf(ctx context.Context) []Finding {
	found, err := e.txt(ctx, e.Domain, "v=spf1")
	if err != nil {
		return unasked("spf", e.Domain, err)
	}
	term, ips := e.sender(ctx)
	switch {
	case len(found) == 0 && term == "": // a record without the relay would do harm: its letters would fail by it
		return []Finding{{"spf", "spf.unseen", Fault, e.Domain, "v=spf1 ip4:… ~all", Record{}}}
	case len(found) == 0:
		return []Finding{{"spf", "spf.missing", Fault, e.Domain, "", Record{e.Domain, "TXT", "v=spf1 " + term + " ~all"}}}
	case len(found) > 1:
		return []Finding{{"spf", "spf.several", Fault, e.Domain, strings.Join(found, " | "), Record{}}}
	}
	w := walk{e: e, included: map[string]bool{}}
	passed := w.check(ctx, e.Domain, found[0], 0, ips)
	lacking := strings.Join(named(without(ips, passed)), " ")
	if to, ok := strings.CutPrefix(term, "include:"); ok && !w.included[to] {
		lacking = term
	}
	out := Finding{"spf", "spf.fine", Fine, e.Domain, found[0], Record{}}
	switch {
	case w.lookups > maxLookups || w.broken != "":
		out.Code, out.Level = "spf.broken", Fault
		if w.broken != "" {
			out.Detail = w.broken
		}
	case w.open:
		out.Code, out.Level = "spf.open", Fault
	case term == "":
		out.Code, out.Level = "spf.local", Skipped
	case lacking != "":
		out.Code, out.Level = "spf.uncovered", Fault
		out.Record = Record{e.Domain, "TXT", withTerm(found[0], lacking)}
	}
	return []Finding{out}
}

// sender is the SPF term for the relay, and the addresses to look for; none
// when the relay is this machine or an inner one, which sends from an address
// that cannot be seen from here.
func (e *examination) sender(ctx context.Context) (term string, ips []netip.Addr) {
	for _, s := range senders {
		if strings.HasSuffix("."+strings.ToLower(e.Relay), s.host) {
			return "include:" + s.include, nil
		}
	}
	all, _ := e.addresses(ctx, e.Relay)
	for _, ip := range all {
		if inside(ip) {
			continue
		}
		ips = append(ips, ip)
	}
	return strings.Join(named(ips), " "), ips
}

// named are the SPF terms of addresses.
func named(ips []netip.Addr) (terms []string) {
	for _, ip := range ips {
		if ip.Is4() {
			terms = append(terms, "ip4:"+ip.String())
		} else {
			terms = append(terms, "ip6:"+ip.String())
		}
	}
	return terms
}

func without(ips, gone []netip.Addr) []netip.Addr {
	return slices.DeleteFunc(slices.Clone(ips), func(ip netip.Addr) bool { return slices.Contains(gone, ip) })
}

// withTerm puts a term in front of the first one that forbids, or leads
// elsewhere: behind it, the term could not help.
func withTerm(record, term string) string {
	words := strings.Fields(record)
	for i, w := range words {
		if w = strings.ToLower(w); strings.ContainsAny(w[:1], "-~?") || w == "all" || w == "+all" || strings.HasPrefix(w, "redirect=") {
			return strings.Join(words[:i], " ") + " " + term + " " + strings.Join(words[i:], " ")
		}
	}
	return record + " " + term + " ~all"
}

// walk follows a record (RFC 7208) for the relay's addresses.
type walk struct {
	e        *examination
	included map[string]bool // the domains that were met behind include:
	open     bool            // anybody may send
	lookups  int
	broken   string // the term that cannot be followed
}

// check tells which of the addresses pass. It goes on to the record's end when
// none is left: the number of look-ups depends on who asks, and the longest
// way counts.
func (w *walk) check(ctx context.Context, domain, record string, depth int, ips []netip.Addr) (passed []netip.Addr) {
	left, redirect := ips, ""
	for _, word := range strings.Fields(record)[1:] {
		term := strings.ToLower(word)
		if to, ok := strings.CutPrefix(term, "redirect="); ok {
			redirect = to
			continue
		}
		if strings.Contains(term, "=") && !strings.Contains(term, ":") {
			continue // exp= and what may come
		}
		sign := "+"
		if strings.ContainsAny(term[:1], "+-~?") {
			sign, term = term[:1], term[1:]
		}
		met := left
		if term != "all" {
			met = w.matches(ctx, domain, term, depth, left)
		}
		if w.broken != "" || w.lookups > maxLookups {
			return nil
		}
		if left = without(left, met); sign == "+" { // the first term that matches an address decides
			passed = append(passed, met...)
			if to, ok := strings.CutPrefix(term, "include:"); ok {
				w.included[to] = true
			}
		}
		if term == "all" {
			w.open = w.open || sign == "+" && depth == 0
			return passed
		}
	}
	if redirect != "" {
		passed = append(passed, w.follow(ctx, redirect, depth, left)...)
	}
	return passed
}

// matches tells which of the addresses one term means.
func (w *walk) matches(ctx context.Context, domain, term string, depth int, ips []netip.Addr) []netip.Addr {
	name, value := term, domain
	if i := strings.IndexAny(term, ":/"); i >= 0 && term[i] == ':' {
		name, value = term[:i], term[i+1:]
	} else if i >= 0 {
		name, value = term[:i], domain+term[i:]
	}
	if strings.Contains(value, "%") {
		w.lookups++
		return nil // a macro: it depends on the mail
	}
	var networks []netip.Prefix
	switch name {
	case "ip4", "ip6":
		prefix, err := netip.ParsePrefix(value)
		if err != nil {
			ip, e := netip.ParseAddr(value)
			if e != nil {
				w.broken = term
				return nil
			}
			prefix = netip.PrefixFrom(ip, ip.BitLen())
		}
		networks = append(networks, prefix)
	case "include":
		return w.follow(ctx, value, depth, ips)
	case "a", "mx":
		host, four, six, ok := lengths(value)
		if !ok {
			w.broken = term
			return nil
		}
		for _, ip := range w.hosts(ctx, name, host) {
			if ip.Is4() {
				networks = append(networks, netip.PrefixFrom(ip, four))
			} else {
				networks = append(networks, netip.PrefixFrom(ip, six))
			}
		}
	case "exists", "ptr":
		w.lookups++
	default:
		w.broken = term
	}
	return slices.DeleteFunc(slices.Clone(ips), func(ip netip.Addr) bool {
		return !slices.ContainsFunc(networks, func(n netip.Prefix) bool { return n.Contains(ip) })
	})
}

// lengths reads host/24//64: how many bits count of the host's addresses, of
// IPv4 and of IPv6.
func lengths(value string) (host string, four, six int, ok bool) {
	number := func(text string, given bool, most int) int {
		if !given {
			return most
		}
		if n, err := strconv.Atoi(text); err == nil && n <= most {
			return n
		}
		return -1
	}
	value, long, both := strings.Cut(value, "//")
	host, short, one := strings.Cut(value, "/")
	four, six = number(short, one, 32), number(long, both, 128)
	return host, four, six, four >= 0 && six >= 0
}

// hosts gives the addresses of a name, or of its mail servers.
func (w *walk) hosts(ctx context.Context, kind, host string) (ips []netip.Addr) {
	w.lookups++
	names := []string{host}
	if kind == "mx" {
		names = nil
		all, _ := w.e.Resolver.LookupMX(ctx, dot(host))
		for _, mx := range all {
			names = append(names, mx.Host)
		}
	}
	for _, name := range names {
		all, _ := w.e.addresses(ctx, name)
		ips = append(ips, all...)
	}
	return ips
}

// follow goes on with another domain's record.
func (w *walk) follow(ctx context.Context, domain string, depth int, ips []netip.Addr) []netip.Addr {
	if w.lookups++; w.lookups > maxLookups || depth > maxLookups {
		return nil
	}
	found, err := w.e.txt(ctx, domain, "v=spf1")
	if err != nil || len(found) != 1 {
		w.broken = "include:" + domain
		return nil
	}
	return w.check(ctx, domain, found[0], depth+1, ips)
}
