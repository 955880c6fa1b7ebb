package extract

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"hebdo/internal/digest"
)

// paper is what the landing page of a scientific paper says of it: arXiv,
// OpenReview, HAL and most journals use the fields that Google Scholar reads.
type paper struct {
	title    string
	authors  []string
	abstract string // of a field
	shown    string // of the page
}

var (
	abstractClass = regexp.MustCompile(`(?i)(?:^|[\s_-])(?:abstract|resume|résumé)(?:[\s_-](?:mathjax|content|text|body))?(?:$|\s)`)
	abstractLabel = regexp.MustCompile(`(?i)^\s*(?:abstract|résumé|summary)\s*[:.—–-]?\s*`)
)

// forename turns "Lovelace, Ada" round.
func forename(s string) string {
	last, first, ok := strings.Cut(s, ",")
	if !ok || strings.Contains(first, ",") || strings.TrimSpace(first) == "" {
		return s
	}
	return strings.TrimSpace(first) + " " + strings.TrimSpace(last)
}

// pixels reads the size of a picture; what is none is 0.
func pixels(s string) int {
	n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(s), "px"))
	if err != nil || n < 0 || n > 100_000 {
		return 0
	}
	return n
}

// leastAbstract is how short an abstract may be, in characters.
const leastAbstract = 120

// asPaper gives a paper's article: title, authors and abstract of its landing
// page instead of what extractors find among the links of the page.
func asPaper(a *digest.Article, m meta, doc *html.Node) {
	abstract := m.paper.abstract
	if utf8.RuneCountInString(abstract) < leastAbstract {
		abstract = m.paper.shown
	}
	if utf8.RuneCountInString(abstract) < leastAbstract {
		abstract = underHeading(doc)
	}
	if utf8.RuneCountInString(abstract) >= leastAbstract {
		a.Text, a.FAQ = abstract, ""
	}
	if m.paper.title != "" {
		a.Title = m.paper.title
	}
	if len(m.paper.authors) > 0 {
		a.Authors = m.paper.authors
	}
}

// underHeading gives the paragraphs that follow a heading "Abstract".
func underHeading(doc *html.Node) string {
	blocks := read(doc)
	for i, b := range blocks {
		if b.kind != heading || abstractLabel.ReplaceAllString(b.text, "") != "" {
			continue
		}
		end := i + 1
		for end < len(blocks) && end < i+4 && blocks[end].kind == para && utf8.RuneCountInString(blocks[end].text) > 80 {
			end++
		}
		return join(blocks[i+1 : end])
	}
	return ""
}

// isPDF tells a bare PDF, which is named as such and not read.
func isPDF(body []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(head(body, 64), "\xef\xbb\xbf \t\r\n"), []byte("%PDF-"))
}

// pictured gives the alternative text and size that the page shows a picture
// with, where its fields give none.
func pictured(doc *html.Node, m *meta) {
	if m.image == "" || m.imageAlt != "" && m.imageWidth > 0 {
		return
	}
	name := fileName(m.image)
	var visit func(*html.Node) bool
	visit = func(n *html.Node) bool {
		if n.DataAtom == atom.Img && name != "" && (fileName(attr(n, "src")) == name || fileName(attr(n, "data-src")) == name) {
			if m.imageAlt == "" {
				m.imageAlt = squeeze(attr(n, "alt"))
			}
			if m.imageWidth == 0 {
				m.imageWidth, m.imageHeight = pixels(attr(n, "width")), pixels(attr(n, "height"))
			}
			return true
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if visit(c) {
				return true
			}
		}
		return false
	}
	visit(doc)
}

func fileName(address string) string {
	address, _, _ = strings.Cut(address, "?")
	return address[strings.LastIndexByte(address, '/')+1:]
}
