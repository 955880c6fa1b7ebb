package collect

import (
	"net"
	"net/url"
	"strings"
)

// Canonical is an article's address without what differs from one way of
// finding it to the other: the target instead of a redirector or AMP cache that
// names it; scheme and host in lower case, no default port, no
// user information, no fragment, no parameters that only count readers. Order
// of parameters, a trailing slash and the rest of the path stay, since to some
// servers they matter. What is not an absolute http(s) URL is given back as it
// is, trimmed. Canonical(Canonical(x)) == Canonical(x).
func Canonical(raw string) string {
	raw = strings.TrimSpace(raw)
	u, err := url.Parse(raw)
	if err != nil {
		return raw
	}
	scheme := strings.ToLower(u.Scheme)
	if u.Host == "" || u.Opaque != "" || scheme != "http" && scheme != "https" {
		return raw
	}
	return unwrapped(u).String()
}

func canonicalHost(u *url.URL) string {
	host := strings.TrimRight(strings.ToLower(u.Hostname()), ".")
	if host == "" {
		return u.Host
	}
	port := u.Port()
	if port == "" || u.Scheme == "http" && port == "80" || u.Scheme == "https" && port == "443" {
		if strings.Contains(host, ":") {
			return "[" + host + "]"
		}
		return host
	}
	return net.JoinHostPort(host, port)
}

// escaped writes what may not stand in a query as a browser sends it (WHATWG
// URL, query percent-encode set).
func escaped(query string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(query) {
		if c := query[i]; c <= ' ' || c >= 0x7f || c == '"' || c == '<' || c == '>' {
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}
