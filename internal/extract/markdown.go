package extract

import (
	"regexp"
	"strings"

	"hebdo/internal/digest"
)

// Markdown reads an article written in Markdown (CommonMark, as far as text
// goes): headings and lists are known as such, marks and link addresses go.
// YAML front matter gives title, author, date and language.
func Markdown(body []byte, h Hint) digest.Article {
	fields, lines := frontMatter(linesOf(decode(body, h.ContentType)))
	return document(markdownBlocks(lines), fields, h.orDefault())
}

var (
	atx      = regexp.MustCompile(`^ {0,3}#{1,6}\s+(.*?)\s*#*\s*$`)
	setext   = regexp.MustCompile(`^ {0,3}(?:=+|-{2,})\s*$`)
	rule     = regexp.MustCompile(`^ {0,3}(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,})$`)
	mdItem   = regexp.MustCompile(`^\s*(?:[-*+]|\d{1,9}[.)])\s+`)
	mdQuote  = regexp.MustCompile(`^ {0,3}>\s?`)
	fence    = regexp.MustCompile("^ {0,3}(?:```|~~~)")
	mdImage  = regexp.MustCompile(`!\[([^\]]*)\]\([^)]*\)`)
	mdLink   = regexp.MustCompile(`\[([^\]]+)\](?:\([^)]*\)|\[[^\]]*\])`)
	mdRef    = regexp.MustCompile(`^ {0,3}\[[^\]]+\]:\s+\S+`)
	mdAuto   = regexp.MustCompile(`<(https?://[^>\s]+)>`)
	mdTag    = regexp.MustCompile(`</?[a-zA-Z][^>]*>`)
	mdStrong = regexp.MustCompile(`(\*\*|__|~~)([^*_~]+)(\*\*|__|~~)`)
	mdEm     = regexp.MustCompile(`(^|[\s(«“"’'])[*_]([^*_\s][^*_]*)[*_]($|[\s).,;:!?»”"’'])`)
	mdEscape = regexp.MustCompile("\\\\([\\\\`*_{}\\[\\]()#+.!>~|-])")
)

// inline takes the marks out of a line.
func inline(s string) string {
	s = mdImage.ReplaceAllString(s, "")
	s = mdLink.ReplaceAllString(s, "$1")
	s = mdAuto.ReplaceAllString(s, "$1")
	s = mdTag.ReplaceAllString(s, "")
	s = mdStrong.ReplaceAllString(s, "$2")
	s = mdEm.ReplaceAllString(s, "$1$2$3")
	s = strings.ReplaceAll(s, "`", "")
	return squeeze(mdEscape.ReplaceAllString(s, "$1"))
}

func markdownBlocks(lines []string) []block {
	var out []block
	var current []string
	kind, code := para, false
	flush := func() {
		if t := inline(strings.Join(current, " ")); t != "" && len(out) < maxBlocks {
			out = append(out, block{kind: kind, text: t})
		}
		current, kind = nil, para
	}
	for _, l := range lines {
		if fence.MatchString(l) {
			flush()
			code = !code
			continue
		}
		if code {
			continue // programs are not told in a digest
		}
		if m := atx.FindStringSubmatch(l); m != nil {
			flush()
			current, kind = []string{m[1]}, heading
			flush()
			continue
		}
		switch {
		case setext.MatchString(l) && len(current) > 0 && kind == para:
			kind = heading
			flush()
		case strings.TrimSpace(l) == "", rule.MatchString(l), mdRef.MatchString(l):
			flush()
		case mdItem.MatchString(l):
			flush()
			current, kind = []string{mdItem.ReplaceAllString(l, "")}, item
		case mdQuote.MatchString(l):
			if kind != quote {
				flush()
			}
			current, kind = append(current, mdQuote.ReplaceAllString(l, "")), quote
		default:
			current = append(current, l)
			if strings.HasSuffix(l, "  ") || strings.HasSuffix(l, `\`) {
				flush()
			}
		}
	}
	flush()
	return out
}
