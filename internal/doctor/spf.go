package doctor

import (
	"context"
	"net/netip"
	"slices"
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
	suggested := Record{e.Domain, "TXT", strings.Join(strings.Fields("v=spf1 "+term+" ~all"), " ")}
	switch {
	case len(found) == 0:
		return []Finding{{"spf", "spf.missing", Fault, e.Domain, "", suggested}}
	case len(found) > 1:
		return []Finding{{"spf", "spf.several", Fault, e.Domain, strings.Join(found, " | "), Record{}}}
	}
	w := walk{e: e, ips: ips, want: strings.TrimPrefix(term, "include:")}
	result := w.check(ctx, e.Domain, found[0], 0)
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
	case !result && !w.included:
		out.Code, out.Level = "spf.uncovered", Fault
		out.Record = Record{e.Domain, "TXT", withTerm(found[0], term)}
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
		if ip.Is4() {
			term += " ip4:" + ip.String()
		} else {
			term += " ip6:" + ip.String()
		}
	}
	return strings.TrimSpace(term), ips
}

// withTerm puts a term in front of a record's last one.
func withTerm(record, term string) string {
	words := strings.Fields(record)
	for i, w := range words {
		if strings.HasSuffix(strings.ToLower(w), "all") || strings.HasPrefix(strings.ToLower(w), "redirect=") {
			return strings.Join(words[:i], " ") + " " + term + " " + strings.Join(words[i:], " ")
		}
	}
	return record + " " + term + " ~all"
}

// walk follows a record (RFC 7208) for the relay's addresses.
type walk struct {
	e        *examination
	ips      []netip.Addr
	want     string // the include of a known relay
	included bool   // it was met
	open     bool   // anybody may send
	lookups  int
	broken   string // the term that cannot be followed
}

// check tells whether all the addresses pass.
func (w *walk) check(ctx context.Context, domain, record string, depth int) bool {
	left := w.ips
	redirect := ""
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
		if term == "all" {
			w.open = w.open || sign == "+" && depth == 0
			return len(left) == 0 && len(w.ips) > 0 || sign == "+"
		}
		matches := w.matches(ctx, domain, term, depth)
		rest := slices.DeleteFunc(slices.Clone(left), matches)
		if sign != "+" && len(rest) < len(left) {
			return false // the first term that matches decides
		}
		left = rest
		if w.broken != "" || w.lookups > maxLookups {
			return false
		}
	}
	if redirect != "" {
		return w.follow(ctx, redirect, depth)
	}
	return len(left) == 0 && len(w.ips) > 0
}

// matches gives a test of one term.
func (w *walk) matches(ctx context.Context, domain, term string, depth int) func(netip.Addr) bool {
	none := func(netip.Addr) bool { return false }
	name, value, _ := strings.Cut(term, ":")
	if name, _, ok := strings.Cut(name, "/"); ok && value == "" && (name == "a" || name == "mx") {
		value = domain
	}
	if value == "" {
		value = domain
	}
	if strings.Contains(value, "%") {
		w.lookups++
		return none // a macro: it depends on the mail
	}
	switch bare, _, _ := strings.Cut(name, "/"); bare {
	case "ip4", "ip6":
		prefix, err := netip.ParsePrefix(value)
		if err != nil {
			ip, e := netip.ParseAddr(value)
			if e != nil {
				w.broken = term
				return none
			}
			prefix = netip.PrefixFrom(ip, ip.BitLen())
		}
		return prefix.Contains
	case "include":
		if value == w.want {
			w.included = true
		}
		inner := *w
		inner.included, inner.open = false, false
		passed := inner.follow(ctx, value, depth)
		w.lookups, w.broken, w.included = inner.lookups, inner.broken, w.included || inner.included
		return func(netip.Addr) bool { return passed }
	case "a", "mx":
		host, _, _ := strings.Cut(value, "/")
		return w.hosts(ctx, bare, host)
	case "exists", "ptr":
		w.lookups++
		return none
	}
	w.broken = term
	return none
}

// hosts gives a test for the addresses of a name or of its mail servers. A
// prefix length after the name is not looked at: the relay's own address is
// what is asked for.
func (w *walk) hosts(ctx context.Context, kind, host string) func(netip.Addr) bool {
	w.lookups++
	names := []string{host}
	if kind == "mx" {
		names = nil
		all, _ := w.e.Resolver.LookupMX(ctx, dot(host))
		for _, mx := range all {
			names = append(names, mx.Host)
		}
	}
	known := map[netip.Addr]bool{}
	for _, name := range names {
		all, _ := w.e.addresses(ctx, name)
		for _, ip := range all {
			known[ip] = true
		}
	}
	return func(ip netip.Addr) bool { return known[ip] }
}

// follow goes on with another domain's record.
func (w *walk) follow(ctx context.Context, domain string, depth int) bool {
	if w.lookups++; w.lookups > maxLookups || depth > maxLookups {
		return false
	}
	found, err := w.e.txt(ctx, domain, "v=spf1")
	if err != nil || len(found) != 1 {
		w.broken = "include:" + domain
		return false
	}
	return w.check(ctx, domain, found[0], depth+1)
}
