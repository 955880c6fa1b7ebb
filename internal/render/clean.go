package render

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"

	"hebdo/internal/digest"
)

// Limits of what one field may take of a letter, in characters.
const (
	maxLine     = 300  // headlines, names, titles
	maxSentence = 1200 // one sentence of a summary
	maxURL      = 2000 // bytes
)

// line makes one line of outside text: valid UTF-8, no control or invisible
// characters, no change of writing direction, single spaces, at most max
// characters. Spaces that do not break stay what they are.
func line(s string, max int) string {
	var b strings.Builder
	n, space := 0, false
	for _, r := range s {
		switch {
		case r == '\u00a0' || r == '\u202f':
		case unicode.IsSpace(r):
			space = n > 0
			continue
		case r == utf8.RuneError || unseen(r):
			continue
		}
		if n += 1; space {
			n++
		}
		if n > max {
			return harmless(strings.TrimRightFunc(b.String(), unicode.IsSpace) + "…")
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
	}
	return harmless(b.String())
}

// unseen tells control characters, those that turn the writing direction and
// those that take no room. Joiners stay: some scripts and emoji need them.
func unseen(r rune) bool {
	if r == '\u200c' || r == '\u200d' {
		return false
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Cs, unicode.Co) || r == '\u034f' || unicode.Is(unicode.Noncharacter_Code_Point, r)
}

// markHosts are the names of the marks that delivery replaces in a letter.
var markHosts = []string{host(digest.MarkUnsubscribe), host(digest.MarkPreferences)}

func host(mark string) string {
	return strings.TrimSuffix(strings.TrimPrefix(mark, "https://"), "/")
}

// harmless keeps a title from posing as a mark: a reader's own link would be
// put in its place.
func harmless(s string) string { return unmarked(s, " ") }

// unmarked writes something else for the dots of the marks' names.
func unmarked(s, dot string) string {
	for _, h := range markHosts {
		s = strings.ReplaceAll(s, h, strings.ReplaceAll(h, ".", dot))
	}
	return s
}

// link gives an outside address in a form that reads the same in HTML and in
// plain text, or "" for what must not be linked: anything but http and https,
// names that never exist (RFC 6761), user names, overlong addresses. Plain
// http becomes https, as browsers do, unless a port is named. A mark in its path
// or query is written differently: with a reader's own link in its place, whoever
// is behind the address would be told it.
func link(raw string) string {
	raw = strings.TrimSpace(raw)
	if raw == "" || len(raw) > maxURL || !utf8.ValidString(raw) {
		return ""
	}
	u, err := url.Parse(raw)
	if err != nil || u.User != nil || u.Opaque != "" || u.Hostname() == "" {
		return ""
	}
	u.Scheme = strings.ToLower(u.Scheme)
	if u.Scheme != "https" && u.Scheme != "http" {
		return ""
	}
	name := hostname(u.Hostname())
	if name == "" || name == "invalid" || strings.HasSuffix(name, ".invalid") {
		return ""
	}
	switch port := u.Port(); {
	case port == "" || port == "80" && u.Scheme == "http" || port == "443" && u.Scheme == "https":
		u.Scheme, u.Host = "https", bracket(name)
	default:
		u.Host = bracket(name) + ":" + port
	}
	return unmarked(escapeRest(u.String()), "%2E")
}

// hostname gives a host in the ASCII form that every mail client follows, ""
// for what can be no host.
func hostname(h string) string {
	h = strings.ToLower(strings.TrimSuffix(h, "."))
	const plain = "abcdefghijklmnopqrstuvwxyz0123456789.-_:"
	if strings.Trim(h, plain) == "" {
		return h
	}
	h, err := idna.Lookup.ToASCII(h)
	if err != nil {
		return ""
	}
	return h
}

func bracket(name string) string {
	if strings.Contains(name, ":") {
		return "[" + name + "]"
	}
	return name
}

// escapeRest percent-encodes what html/template would encode in an href, so
// that both parts carry the same bytes.
func escapeRest(s string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || strings.IndexByte("-._~!#$&*+,/:;=?@[]", c) >= 0 || c == '%' && escaped(s[i:]) {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('%')
		b.WriteByte(hex[c>>4])
		b.WriteByte(hex[c&15])
	}
	return b.String()
}

func escaped(s string) bool {
	const digits = "0123456789abcdefABCDEF"
	return len(s) > 2 && strings.IndexByte(digits, s[1]) >= 0 && strings.IndexByte(digits, s[2]) >= 0
}
