package doctor

import (
	"context"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// maxLookups is how many questions an SPF record may cost (RFC 7208, 4.6.4).
const maxLookups = 10

// walk follows a record (RFC 7208) for the relays' addresses.
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
