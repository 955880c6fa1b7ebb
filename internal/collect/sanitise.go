package collect

import (
	"html"
	"net/url"
	"regexp"
	"strings"

	"github.com/microcosm-cc/bluemonday"
)

// policy lets text, links, lists, tables and pictures through; no scripts,
// styles, frames, forms or handlers, and only http, https and mailto.
var policy = bluemonday.UGCPolicy().RequireNoFollowOnLinks(false)

// embedding elements are taken out before the sanitiser sees them: it reads
// all that follows an unclosed one as its raw content, and drops it.
var embedding = regexp.MustCompile(`(?i)</?(?:iframe|object|embed|applet|frame|frameset|noframes|noembed|noscript|plaintext|xmp|template|svg|math)\b[^>]*>?`)

// sanitise gives harmless HTML whose links are absolute.
func sanitise(markup string, base *url.URL) string {
	markup = strings.TrimSpace(markup)
	if len(markup) > maxContent {
		markup = strings.ToValidUTF8(markup[:maxContent], "")
	}
	if !strings.ContainsAny(markup, "<&") {
		return markup
	}
	markup = embedding.ReplaceAllString(openComment(markup), "")
	return resolveLinks(strings.TrimSpace(policy.Sanitize(markup)), base)
}

// sections takes the marks of CDATA sections out.
var sections = strings.NewReplacer("<![CDATA[", "", "]]>", "", "]]&gt;", "")

// openDeclaration is a "<!" that is no comment's and has no end before the next tag.
var openDeclaration = regexp.MustCompile(`<!((?:[^-<>]|-[^-<>])[^<>]*(?:<|$))`)

// openMark is the beginning of a comment, as far as the next tag's end.
var openMark = regexp.MustCompile(`<!--[^>]*>?`)

// openComment takes the mark of a comment that never ends out, which would
// hide all that follows. The marks of a CDATA section within another go too,
// and "<!" that opens nothing is text.
func openComment(markup string) string {
	if !strings.Contains(markup, "<!") {
		return markup
	}
	if strings.Contains(markup, "<![CDATA[") {
		markup = sections.Replace(markup)
	}
	markup = openDeclaration.ReplaceAllString(markup, "&lt;!$1")
	ended := strings.LastIndex(markup, "-->") + 1
	if !strings.Contains(markup[ended:], "<!--") {
		return markup
	}
	return markup[:ended] + openMark.ReplaceAllString(markup[ended:], "")
}

// linkAttr is a link in the sanitiser's output, which always quotes alike.
var linkAttr = regexp.MustCompile(`(\s(?:href|src|cite)=")([^"]*)"`)

// resolveLinks makes the relative links of sanitised HTML absolute. The base
// comes from outside as they do (XML Base): a link that takes a scheme from it
// which the sanitiser would not have let through leads nowhere.
func resolveLinks(markup string, base *url.URL) string {
	if !strings.Contains(markup, `="`) || base == nil {
		return markup
	}
	return linkAttr.ReplaceAllStringFunc(markup, func(match string) string {
		parts := linkAttr.FindStringSubmatch(match)
		target := html.UnescapeString(parts[2])
		if strings.HasPrefix(target, "http://") || strings.HasPrefix(target, "https://") || strings.HasPrefix(target, "mailto:") {
			return match
		}
		u, err := base.Parse(target)
		if err != nil || u.Scheme != "" && u.Scheme != "http" && u.Scheme != "https" {
			return parts[1] + `"`
		}
		return parts[1] + html.EscapeString(u.String()) + `"`
	})
}
