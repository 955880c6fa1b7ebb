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

// spf looks for one record that lets every relay send.
func (e *examination) spf(ctx context.Context) []Finding {
	found, err := e.txt(ctx, e.Domain, "v=spf1")
	if err != nil {
		return unasked("spf", e.Domain, err)
	}
	var all []sender
	var terms []string
	unseen := false
	for _, r := range e.Relays {
		if slices.ContainsFunc(all, func(s sender) bool { return s.host == r.Host }) {
			continue
		}
		one := e.sender(ctx, r.Host)
		all, terms = append(all, one), append(terms, one.terms...)
		unseen = unseen || len(one.terms) == 0
	}
	switch terms = distinct(terms); {
	case len(found) == 0 && unseen: // a record without one of the relays would do harm: its letters would fail by it
		return []Finding{{"spf", "spf.unseen", Fault, e.Domain, "v=spf1 " + strings.Join(append(terms, "ip4:… ~all"), " "), Record{}}}
	case len(found) == 0:
		return []Finding{{"spf", "spf.missing", Fault, e.Domain, "", Record{e.Domain, "TXT", "v=spf1 " + strings.Join(terms, " ") + " ~all"}}}
	case len(found) > 1:
		return []Finding{{"spf", "spf.several", Fault, e.Domain, strings.Join(found, " | "), Record{}}}
	}
	out := e.covered(ctx, found[0], all)
	local := Finding{"spf", "spf.local", Skipped, e.Domain, found[0], Record{}}
	switch {
	case !unseen, out.Code == "spf.broken", out.Code == "spf.open":
		return []Finding{out}
	case len(terms) == 0:
		return []Finding{local}
	}
	return []Finding{out, local}
}

// covered tells whether a record names those relays whose addresses are known.
func (e *examination) covered(ctx context.Context, record string, all []sender) Finding {
	w := walk{e: e, included: map[string]bool{}}
	var ips []netip.Addr
	for _, s := range all {
		ips = append(ips, s.ips...)
	}
	passed := w.check(ctx, e.Domain, record, 0, ips)
	var hosts, lacking []string
	for _, s := range all {
		if left := s.lacking(w.included, passed); len(left) > 0 {
			hosts, lacking = append(hosts, s.host), append(lacking, left...)
		}
	}
	out := Finding{"spf", "spf.fine", Fine, e.Domain, record, Record{}}
	switch {
	case w.lookups > maxLookups || w.broken != "":
		out.Code, out.Level = "spf.broken", Fault
		if w.broken != "" {
			out.Detail = w.broken
		}
	case w.open:
		out.Code, out.Level = "spf.open", Fault
	case len(lacking) > 0:
		out.Code, out.Level, out.Detail = "spf.uncovered", Fault, strings.Join(hosts, ", ")+" ("+record+")"
		out.Record = Record{e.Domain, "TXT", withTerm(record, strings.Join(distinct(lacking), " "))}
	}
	return out
}

// sender is a relay as SPF names it.
type sender struct {
	host  string
	terms []string     // that let it send; none when it sends from an address that cannot be seen from here
	ips   []netip.Addr // its addresses, unless it is known by an include
}

// lacking are the terms that a record still needs, which includes these
// domains and lets these addresses pass.
func (s sender) lacking(included map[string]bool, passed []netip.Addr) []string {
	if len(s.ips) > 0 {
		return named(without(s.ips, passed))
	}
	return slices.DeleteFunc(slices.Clone(s.terms), func(term string) bool { return included[strings.TrimPrefix(term, "include:")] })
}

// sender looks how SPF names a relay. One that is this machine or an inner one
// sends from an address that cannot be seen from here.
func (e *examination) sender(ctx context.Context, host string) sender {
	for _, s := range senders {
		if strings.HasSuffix("."+strings.ToLower(host), s.host) {
			return sender{host: host, terms: []string{"include:" + s.include}}
		}
	}
	ips, _ := e.addresses(ctx, host)
	ips = slices.DeleteFunc(ips, inside)
	return sender{host, named(ips), ips}
}

func distinct(terms []string) (out []string) {
	for _, t := range terms {
		if !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out
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
