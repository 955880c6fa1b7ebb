package extract

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strings"

	"golang.org/x/net/publicsuffix"

	"hebdo/internal/digest"
	"hebdo/internal/fetch"
)

// canonical is the address a page gives itself (RFC 6596), without campaign
// parameters. Its own address stands where it names another site's, because a
// page could otherwise take the place of somebody else's article, or a home
// page, as templates wrongly do.
func canonical(own *url.URL, m meta) string {
	if own == nil {
		return ""
	}
	for _, candidate := range []string{m.canonical, m.ogURL} {
		ref, err := url.Parse(candidate)
		if candidate == "" || err != nil {
			continue
		}
		c := own.ResolveReference(ref)
		if (c.Scheme != "http" && c.Scheme != "https") || !sameSite(own, c) {
			continue
		}
		if home(c) && strings.Trim(own.Path, "/") != "" {
			continue
		}
		return clean(c)
	}
	return clean(own)
}

func home(u *url.URL) bool { return strings.Trim(u.Path, "/") == "" && u.RawQuery == "" }

func sameSite(a, b *url.URL) bool {
	ha, hb := strings.ToLower(a.Hostname()), strings.ToLower(b.Hostname())
	if ha == hb {
		return true
	}
	sa, erra := publicsuffix.EffectiveTLDPlusOne(ha)
	sb, errb := publicsuffix.EffectiveTLDPlusOne(hb)
	return erra == nil && errb == nil && sa == sb
}

// clean takes off what does not change the page: fragment, user information,
// default port, campaign parameters.
func clean(u *url.URL) string {
	c := *u
	c.Fragment, c.RawFragment, c.User = "", "", nil
	c.Host = strings.ToLower(c.Host)
	if port := c.Port(); c.Scheme == "http" && port == "80" || c.Scheme == "https" && port == "443" {
		c.Host = strings.TrimSuffix(c.Host, ":"+port)
	}
	c.RawQuery, c.ForceQuery = fetch.WithoutTracking(c.RawQuery), false
	return c.String()
}

// key names an article for good: its address, else a hash of its text.
func key(a digest.Article) string {
	if a.URL != "" {
		return a.URL
	}
	if a.Text == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(letters(a.Title) + "\n" + letters(a.Text)))
	return "sha256:" + hex.EncodeToString(sum[:])
}

// absolute gives a picture's address, if it is one of the web.
func absolute(base *url.URL, ref string) string {
	u, err := url.Parse(strings.TrimSpace(ref))
	if err != nil || ref == "" {
		return ""
	}
	if base != nil {
		u = base.ResolveReference(u)
	}
	if (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return ""
	}
	return u.String()
}
