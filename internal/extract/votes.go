package extract

import (
	"net/url"
	"strings"

	"codeberg.org/readeck/go-readability/v2"
	"github.com/markusmobius/go-htmldate"
	"github.com/markusmobius/go-trafilatura"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Who has a say in whether a line is the article's.
const (
	byTrafilatura = iota
	byReadability
	voters
)

// ballot is what the extractors make of a page.
type ballot struct {
	title, author, site string
	kept                [voters][]block
}

// ask lets the extractors read a page. Trafilatura votes for itself, without
// its fall-backs: the judge compares the votes line by line.
func ask(doc *html.Node, u *url.URL) ballot {
	var b ballot
	parser := readability.NewParser()
	own, err := parser.ParseDocument(doc, u)
	if err != nil {
		own.Node = nil
	}
	if own.Node != nil {
		b.kept[byReadability] = read(own.Node)
	}
	result, err := trafilatura.ExtractDocument(doc, trafilatura.Options{
		OriginalURL:     u,
		ExcludeComments: true,
		// Dates are read by dates.go, once.
		HtmlDateOverride: &htmldate.Result{},
	})
	if err != nil {
		b.author = squeeze(own.Byline())
		return b
	}
	b.kept[byTrafilatura] = read(result.ContentNode)
	b.title, b.author, b.site = squeeze(result.Metadata.Title), squeeze(result.Metadata.Author), squeeze(result.Metadata.Sitename)
	return b
}

// prune takes off a page what no extractor reads, so that their copies of it
// are small: programs, styles, drawings, comments. Linked data stays.
func prune(n *html.Node) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		switch {
		case c.Type == html.CommentNode, c.DataAtom == atom.Style, c.DataAtom == atom.Svg, c.DataAtom == atom.Template,
			c.DataAtom == atom.Script && !strings.Contains(strings.ToLower(attr(c, "type")), "ld+json"):
			n.RemoveChild(c)
		default:
			prune(c)
		}
		c = next
	}
}

// vote writes into each line which part of it each extractor kept.
func (b ballot) vote(lines []line) {
	var kept [voters]corpus
	for v := range kept {
		kept[v] = corpus{}
		for _, bl := range b.kept[v] {
			kept[v].add(bl.text)
		}
	}
	for i := range lines {
		lines[i].wordings = shingles(lines[i].text)
		for v := range kept {
			lines[i].votes[v] = kept[v].share(lines[i].wordings)
		}
	}
}
