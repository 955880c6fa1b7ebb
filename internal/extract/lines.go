package extract

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// line is a block where it stands on its page, with what speaks for and
// against its being the article's. The whole page becomes lines once, in the
// order of the document; extractors and the page's own fields then vote.
type line struct {
	block
	place    place
	size     int // letters and digits
	linked   int // of these within links
	votes    [voters]float32
	wordings []uint64 // see shingles
}

// place is what the elements around a line say, from the outside in.
type place struct {
	parent              *html.Node // the innermost element that ends lines
	depth               int
	article, aside      bool // within article or main; within aside, nav, footer
	form, table, figure bool
	hidden, paragraph   bool
	good, bad           int // levels whose names promise text, or something else
	badNear             int // levels up to the nearest bad name; 0: none
}

// lister turns a page into lines.
type lister struct {
	lines  []line
	text   strings.Builder
	size   int
	linked int
	inLink int
	names  map[string]int
	layout map[*html.Node]bool
}

// list gives the lines of a page.
func list(doc *html.Node) []line {
	l := &lister{names: map[string]int{}, layout: map[*html.Node]bool{}}
	l.node(doc, para, place{})
	l.end(para, place{})
	return l.lines
}

// maxDepth is how deep elements may nest; pages that are read by people stay
// far below.
const maxDepth = 500

func (l *lister) node(n *html.Node, kind blockKind, p place) {
	switch n.Type {
	case html.TextNode:
		l.write(n.Data)
		return
	case html.CommentNode, html.DoctypeNode:
		return
	}
	if silent[n.DataAtom] || p.depth > maxDepth || banned(n) {
		return
	}
	if n.DataAtom == atom.Br {
		l.lineBreak(n, kind, p)
		return
	}
	outer, outerPlace := kind, p
	own, ends := breaks[n.DataAtom]
	if n.DataAtom == atom.Td || n.DataAtom == atom.Th {
		if ends = l.isLayout(n); !ends {
			l.text.WriteByte(' ')
		}
		own = para
	}
	p = l.enter(p, n)
	if ends {
		l.end(outer, outerPlace)
		if own == para && kind != para && n.DataAtom != atom.Table {
			own = kind // a paragraph within an item is the item
		}
		kind, p.parent = own, n
	}
	if n.DataAtom == atom.A {
		l.inLink++
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		l.node(c, kind, p)
	}
	if n.DataAtom == atom.A {
		l.inLink--
	}
	if ends {
		l.end(kind, p)
	}
}

func (l *lister) write(s string) {
	n := length(s)
	l.size += n
	if l.inLink > 0 {
		l.linked += n
	}
	l.text.WriteString(s)
}

// lineBreak ends the paragraph where two breaks follow each other, which is
// how old pages set paragraphs; a single one is a space.
func (l *lister) lineBreak(n *html.Node, kind blockKind, p place) {
	l.text.WriteByte('\n')
	for s := n.NextSibling; s != nil; s = s.NextSibling {
		if s.Type == html.TextNode && strings.TrimSpace(s.Data) == "" || s.Type == html.CommentNode {
			continue
		}
		if s.DataAtom == atom.Br {
			l.end(kind, p)
		}
		return
	}
}

// isLayout tells a cell that holds a part of the page from one of a table of
// data: a page that is set in tables has paragraphs, headings or tables in
// its cells.
func (l *lister) isLayout(cell *html.Node) bool {
	table := cell.Parent
	for table != nil && table.DataAtom != atom.Table {
		table = table.Parent
	}
	if table == nil {
		return true
	}
	known, ok := l.layout[table]
	if !ok {
		role := attr(table, "role")
		known = role == "presentation" || role == "none" || holdsBlocks(table, 0)
		l.layout[table] = known
	}
	return known
}

// holdsBlocks looks for what stands in no cell of a table of data.
func holdsBlocks(n *html.Node, depth int) bool {
	if depth > 40 {
		return false
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch c.DataAtom {
		case atom.Table, atom.P, atom.H1, atom.H2, atom.H3, atom.Article, atom.Section, atom.Form, atom.Blockquote:
			return true
		}
		if holdsBlocks(c, depth+1) {
			return true
		}
	}
	return false
}

func (l *lister) end(kind blockKind, p place) {
	if l.text.Len() == 0 {
		return
	}
	text := squeeze(l.text.String())
	size, linked := l.size, l.linked
	l.text.Reset()
	l.size, l.linked = 0, 0
	if size == 0 || len(l.lines) >= maxBlocks {
		return
	}
	l.lines = append(l.lines, line{block: block{kind: kind, text: text}, place: p, size: size, linked: linked})
}

// banned tells whether an element says in so many words that what it holds is
// of others: readers or advertisers.
func banned(n *html.Node) bool {
	if n.DataAtom != atom.Div && n.DataAtom != atom.Section && n.DataAtom != atom.Aside && n.DataAtom != atom.Ul && n.DataAtom != atom.Ol {
		return false
	}
	for _, a := range n.Attr {
		if a.Key != "class" && a.Key != "id" {
			continue
		}
		for _, w := range strings.Fields(a.Val) {
			if bannedNames[strings.ToLower(w)] {
				return true
			}
		}
	}
	return false
}

func underBanned(n *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if n.Type == html.ElementNode && banned(n) {
			return true
		}
	}
	return false
}

var bannedNames = map[string]bool{
	"comments-area": true, "comment-list": true, "commentlist": true, "comment-respond": true, "disqus_thread": true, "sponsored": true, "sponsored-content": true,
	"advertisement": true, "advertorial-box": true, "ad-container": true, "ad-wrapper": true, "adsbygoogle": true, "jp-relatedposts": true, "sharedaddy": true,
	"cookie-banner": true, "cookie-consent": true, "newsletter-box": true, "newsletter-signup": true, "related-posts": true, "related-articles": true,
	"author-bio": true, "author-box": true, "taboola": true, "outbrain": true, "ob-widget": true, "share-buttons": true, "social-share": true,
}

// enter adds to a place what an element says of what it holds.
func (l *lister) enter(p place, n *html.Node) place {
	p.depth++
	if p.badNear > 0 {
		p.badNear++
	}
	switch n.DataAtom {
	case atom.Article, atom.Main:
		p.article = true
	case atom.Aside, atom.Nav, atom.Footer:
		p.aside = true
	case atom.Form, atom.Fieldset:
		p.form = true
	case atom.Table:
		p.table = true
	case atom.Figure, atom.Figcaption:
		p.figure = true
	case atom.P:
		p.paragraph = true
	}
	name := ""
	for _, a := range n.Attr {
		switch a.Key {
		case "class", "id", "role":
			name += " " + a.Val
		case "hidden":
			p.hidden = true
		case "aria-hidden":
			p.hidden = p.hidden || a.Val == "true"
		case "style":
			s := strings.ToLower(strings.ReplaceAll(a.Val, " ", ""))
			p.hidden = p.hidden || strings.Contains(s, "display:none") || strings.Contains(s, "visibility:hidden")
		}
	}
	if name == "" || n.DataAtom == atom.Body || n.DataAtom == atom.Html {
		return p
	}
	switch l.name(name) {
	case 1:
		p.good++
	case -1:
		p.bad++
		p.badNear = 1
	}
	return p
}

// name tells whether a class or identifier promises text (1) or furniture (-1).
func (l *lister) name(s string) int {
	if known, ok := l.names[s]; ok {
		return known
	}
	low := strings.ToLower(s)
	verdict := 0
	if slices.ContainsFunc(goodNames, func(w string) bool { return strings.Contains(low, w) }) {
		verdict = 1
	}
	if slices.ContainsFunc(badNames, func(w string) bool { return strings.Contains(low, w) }) ||
		slices.ContainsFunc(strings.FieldsFunc(low, func(r rune) bool { return r == ' ' || r == '-' || r == '_' }), func(w string) bool { return slices.Contains(badWords, w) }) {
		verdict = -1
	}
	l.names[s] = verdict
	return verdict
}

// Parts of the names of elements, as templates in English, French and German use them.
var (
	goodNames = []string{"article-body", "articlebody", "article-content", "article__body", "article__content", "post-content", "post-body", "entry-content", "story-body", "content-body", "body-text", "main-content", "article", "content", "entry", "post", "story", "texte", "chapo", "beitrag", "artikel", "text"}
	badNames  = []string{"sidebar", "comment", "disqus", "related", "recommend", "sponsor", "promo", "newsletter", "subscribe", "abonn", "share", "sharing", "social", "breadcrumb", "navigation", "navbar", "pagination", "pager", "copyright", "cookie", "consent", "gdpr", "banner", "popup", "modal", "overlay", "widget", "similar", "teaser", "advert", "outbrain", "taboola", "author-box", "author-bio", "about-author", "tagcloud", "trending", "popular", "more-from", "read-more", "readmore", "lire-aussi", "disclaimer", "credits", "masthead", "toolbar", "dropdown", "kommentar", "skip-link", "screen-reader", "sr-only", "visually-hidden", "print-only", "noprint", "byline", "postmeta", "post-meta", "entry-meta", "article-meta", "metadata", "dateline", "toc", "jp-relatedposts", "sharedaddy", "addthis", "catlinks", "mw-editsection", "navbox", "infobox", "reflist", "printfooter", "footnote", "signup", "sign-up", "login", "paywall", "partag", "recirc", "upsell", "donat", "carousel", "slideshow"}
	badWords  = []string{"nav", "menu", "footer", "header", "foot", "ad", "ads", "pub", "aside", "meta", "tags", "tag", "bio", "author", "auteur", "caption", "date", "time", "rating", "search", "cta", "hidden", "tip", "prev", "next", "category", "categories", "links", "print", "tools", "reply", "respond", "form", "rss", "follow", "about", "side"}
)
