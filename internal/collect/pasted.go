package collect

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"hebdo/internal/fetch"
)

// shorthands are what people write for an address: a person on a server of
// the fediverse, on Bluesky, a forum of Reddit, a repository to clone.
var shorthands = []struct {
	at   *regexp.Regexp
	full string
}{
	{rx(`^@([\w.-]*\w)@([\w-]+(?:\.[\w-]+)+)$`), "https://$2/@$1"},
	{rx(`^@([\w-]+(?:\.[\w-]+)+)$`), "https://bsky.app/profile/$1"},
	{rx(`^/?(r/\w+)/?$`), "https://www.reddit.com/$1"},
	{rx(`^git@([\w.-]+):([\w./-]+)$`), "https://$1/$2"},
}

// addressed makes an address of what a person pastes in: "example.org/blog",
// "feed://example.org", "feed:https://example.org/feed", "@someone@example.org",
// with the marks that stood around it in a mail.
func addressed(given string) (*url.URL, error) {
	raw := strings.Trim(given, " \t\r\n<>\"'“”«»\u00a0")
	for _, s := range shorthands {
		if s.at.MatchString(raw) {
			raw = s.at.ReplaceAllString(raw, s.full)
		}
	}
	if rest, ok := strings.CutPrefix(raw, "feed:"); ok {
		raw = strings.TrimPrefix(rest, "//")
	}
	if !strings.Contains(raw, "://") {
		raw = "https://" + raw
	}
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" ||
		!strings.Contains(u.Host, ".") && !strings.Contains(u.Host, ":") && u.Hostname() != "localhost" {
		return nil, fetch.Failure{URL: fetch.Public(given), Kind: fetch.KindAddress,
			Err: fmt.Errorf("neither an http(s) address nor a folder: %q", fetch.Public(given))}
	}
	u.Fragment = ""
	return u, nil
}
