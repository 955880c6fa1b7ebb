package extract

import (
	"net/url"

	"golang.org/x/net/html"
)

// body is what was found to be the article of a page.
type body struct {
	blocks   []block
	ballot   ballot
	page     page
	title    string
	named    naming
	judged   []verdict
	fellBack bool // to trafilatura's text
}

// linked is the share of letters within links among the lines that were kept.
func (b body) linked() float32 {
	size, linked := 0, 0
	for i, v := range b.judged {
		if v.keep {
			size += b.page.lines[i].size
			linked += b.page.lines[i].linked
		}
	}
	return ratio(linked, size)
}

// headings are the first of a page. Those that link somewhere may be titles of
// other pages, or of this one.
func headings(lines []line) []line {
	var out []line
	for _, l := range lines {
		if l.kind == heading && !l.place.aside && !l.place.hidden && len(out) < 20 {
			out = append(out, l)
		}
	}
	return out
}

// links tells whether a line is a link, more or less.
func (l line) links() bool { return l.linked*2 >= l.size }

// find looks for the article of a page. Two extractors vote on its lines;
// where they disagree, and where the line's looks speak clearly against both,
// a judge that learnt from marked pages decides.
func find(doc *html.Node, u *url.URL, m meta, h Hint) body {
	lines := list(doc)
	b := body{ballot: ask(doc, u)}
	b.ballot.vote(lines)
	b.named = title(m, b.ballot.title, u, headings(lines), h)
	b.title = b.named.title
	b.page = survey(lines, b.title, m.description)
	b.judged = b.page.try()
	for i, v := range b.judged {
		if v.keep {
			b.blocks = append(b.blocks, lines[i].block)
		}
	}
	if volume(b.blocks)*4 < b.page.by[byTrafilatura] {
		// The judge would leave hardly anything: it has not seen such pages.
		b.blocks, b.fellBack = b.ballot.kept[byTrafilatura], true
	}
	return b
}
