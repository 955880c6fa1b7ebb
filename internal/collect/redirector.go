package collect

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"regexp"
	"strings"

	"hebdo/internal/fetch"
)

// unwrapped is where an address leads that names its target: a redirector of a
// social network, mail service or search engine, a page on an AMP cache, the
// AMP form of a page. It is u itself where nothing is wrapped. Every step makes
// the address shorter, so that it ends.
func unwrapped(u *url.URL) *url.URL {
	tidy(u)
	for {
		next := unwrap(u)
		if next != nil {
			tidy(next)
		}
		if next == nil || next.Host == "" || next.Scheme != "http" && next.Scheme != "https" ||
			len(next.String()) >= len(u.String()) {
			return u
		}
		u = next
	}
}

// tidy takes off what plays no part in where an address leads.
func tidy(u *url.URL) {
	u.Scheme, u.User = strings.ToLower(u.Scheme), nil
	u.Fragment, u.RawFragment = "", ""
	u.Host = canonicalHost(u)
	if u.Path == "" {
		u.Path = "/"
	}
	u.RawQuery, u.ForceQuery = escaped(fetch.WithoutTracking(u.RawQuery)), false
}

func unwrap(u *url.URL) *url.URL {
	for _, way := range []func(*url.URL) *url.URL{ampCache, ampForm, inQuery, inPath, inBase64} {
		if to := way(u); to != nil {
			return to
		}
	}
	return nil
}

// web parses an absolute http(s) address.
func web(raw string) *url.URL {
	if !strings.HasPrefix(raw, "http://") && !strings.HasPrefix(raw, "https://") {
		return nil
	}
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || !strings.Contains(u.Host, ".") {
		return nil
	}
	return u
}

// ampCache reads the addresses of AMP caches: cdn.ampproject.org/c/s/HOST/PATH
// and google.com/amp/s/HOST/PATH, where /s says https.
func ampCache(u *url.URL) *url.URL {
	rest, found := "", false
	switch host := u.Hostname(); {
	case strings.HasSuffix(host, ".cdn.ampproject.org"), host == "cdn.ampproject.org":
		for _, kind := range []string{"/c/", "/v/", "/a/"} {
			if rest, found = strings.CutPrefix(u.EscapedPath(), kind); found {
				break
			}
		}
	case strings.HasPrefix(strings.TrimPrefix(host, "www."), "google."):
		rest, found = strings.CutPrefix(u.EscapedPath(), "/amp/")
	}
	if !found {
		return nil
	}
	scheme := "http://"
	if r, secure := strings.CutPrefix(rest, "s/"); secure {
		rest, scheme = r, "https://"
	}
	to := web(scheme + rest)
	if to != nil {
		to.RawQuery = u.RawQuery
	}
	return to
}

var ampEnd = regexp.MustCompile(`(?i)(.+/[^/]+)(?:/amp/?|\.amp(\.html?)?)$`)

// ampForm takes off what makes a page's address that of its AMP form.
func ampForm(u *url.URL) *url.URL {
	to := *u
	to.RawPath = ""
	if m := ampEnd.FindStringSubmatch(u.Path); m != nil && u.EscapedPath() == (&url.URL{Path: u.Path}).EscapedPath() {
		to.Path = m[1] + m[2]
		if strings.HasSuffix(u.Path, "/") {
			to.Path += "/"
		}
		return &to
	}
	var kept []string
	found := false
	for _, pair := range strings.Split(u.RawQuery, "&") {
		switch strings.ToLower(pair) {
		case "amp", "amp=", "amp=1", "amp=true", "outputtype=amp", "output=amp", "outputtype=valid-amp":
			found = true
		default:
			kept = append(kept, pair)
		}
	}
	if !found {
		return nil
	}
	to.RawPath, to.RawQuery = u.RawPath, strings.Join(kept, "&")
	return &to
}

// door is a path that means "go elsewhere".
var door = regexp.MustCompile(`(?i)/(?:url|l\.php|l|r|redirect(?:\.php|\.aspx)?|redir|away(?:\.php)?|out|exit|goto|go|link|links|click|track|v2/url|ExternalClick.*)/?$`)

// inQuery reads a target out of a redirector's query. Links to share or log in
// have such parameters too: only a path that means going elsewhere counts, or a
// host that does nothing else.
func inQuery(u *url.URL) *url.URL {
	if u.RawQuery == "" || !door.MatchString(u.Path) && !onlyRedirects(u.Hostname()) {
		return nil
	}
	query := u.Query()
	for _, name := range []string{"url", "u", "q", "to", "target", "dest", "destination", "redirect", "link", "uddg", "z", "murl", "ued", "href"} {
		value := query.Get(name)
		if strings.HasPrefix(value, "http-3A__") || strings.HasPrefix(value, "https-3A__") { // Proofpoint, version 2
			value, _ = url.PathUnescape(strings.ReplaceAll(strings.ReplaceAll(value, "-", "%"), "_", "/"))
		}
		if to := web(value); to != nil && (to.Host != u.Host || ampCache(to) != nil) {
			return to
		}
	}
	return nil
}

func onlyRedirects(host string) bool {
	switch host {
	case "l.facebook.com", "lm.facebook.com", "l.instagram.com", "l.threads.com", "out.reddit.com", "t.umblr.com", "slack-redir.net",
		"go.redirectingat.com", "href.li", "exit.sc", "disq.us", "click.linksynergy.com", "www.awin1.com", "urldefense.proofpoint.com":
		return true
	}
	return strings.HasSuffix(host, ".safelinks.protection.outlook.com")
}

// inPath reads a target that stands in the path: escaped as one element, as
// Amazon's and other mail trackers write it, or between marks (Proofpoint).
func inPath(u *url.URL) *url.URL {
	if u.Hostname() == "urldefense.com" {
		if _, rest, ok := strings.Cut(u.EscapedPath()+"?"+u.RawQuery, "/v3/__"); ok {
			target, _, _ := strings.Cut(rest, "__;")
			return web(target)
		}
	}
	for _, part := range strings.Split(u.EscapedPath(), "/") {
		if low := strings.ToLower(part); strings.HasPrefix(low, "https:%2f%2f") || strings.HasPrefix(low, "http:%2f%2f") ||
			strings.HasPrefix(low, "https%3a%2f%2f") || strings.HasPrefix(low, "http%3a%2f%2f") {
			if target, err := url.PathUnescape(part); err == nil {
				return web(target)
			}
		}
	}
	return nil
}

// inBase64 reads the targets of mail services that pack them: ConvertKit's
// last element is the address, Substack's is JSON that holds it.
func inBase64(u *url.URL) *url.URL {
	last := u.Path[strings.LastIndexByte(u.Path, '/')+1:]
	if !strings.HasPrefix(last, "aHR0c") && !strings.HasPrefix(last, "eyJ") {
		return nil
	}
	last, _, _ = strings.Cut(last, ".")
	body, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(last, "="))
	if err != nil {
		if body, err = base64.RawStdEncoding.DecodeString(strings.TrimRight(last, "=")); err != nil {
			return nil
		}
	}
	if body[0] == '{' {
		var packed struct{ E, URL string }
		if json.Unmarshal(body, &packed) != nil {
			return nil
		}
		return web(first(packed.E, packed.URL))
	}
	return web(string(body))
}
