package web

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// client is the visitor's IP address: that of the connection, or, as far as
// trusted proxies say so, the last one in X-Forwarded-For that is none of
// theirs. What stands before it in that header anybody could have written.
func (s *site) client(r *http.Request) netip.Addr {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	ip := peer.Addr().Unmap()
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		if !s.trusted(ip) {
			break
		}
		before, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil {
			break
		}
		ip = before.Unmap()
	}
	return ip.WithZone("")
}

func (s *site) trusted(ip netip.Addr) bool {
	return slices.ContainsFunc(s.TrustedProxies, func(p netip.Prefix) bool { return p.Contains(ip) })
}

// household is what limits are counted by: an IPv4 address, or the /64 that
// one IPv6 subscriber usually has.
func household(ip netip.Addr) string {
	if ip.Is6() {
		if p, err := ip.Prefix(64); err == nil {
			return p.String()
		}
	}
	return ip.String()
}
