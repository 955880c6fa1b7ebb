package collect

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/microcosm-cc/bluemonday"
)

// embedding elements are taken out before the sanitiser sees them: it reads
// all that follows an unclosed one as its raw content, and drops it.
var embedding = regexp.MustCompile(`(?i)</?(?:iframe|object|embed|applet|frame|frameset|noframes|noembed|noscript|plaintext|xmp|template|svg|math)\b[^>]*>?`)

// sanitise gives harmless HTML: text, links, lists, tables, pictures; no
// scripts, styles, frames, forms or handlers. Links become absolute.
func sanitise(markup string, base *url.URL) string {
	markup = strings.TrimSpace(markup)
	if len(markup) > maxContent {
		markup = strings.ToValidUTF8(markup[:maxContent], "")
	}
	if !strings.ContainsAny(markup, "<&") {
		return markup
	}
	markup = embedding.ReplaceAllString(markup, "")
	return strings.TrimSpace(policy(base).Sanitize(markup))
}

func policy(base *url.URL) *bluemonday.Policy {
	p := bluemonday.UGCPolicy()
	p.AllowURLSchemes("http", "https", "mailto")
	p.RequireNoFollowOnLinks(false)
	return p
}
