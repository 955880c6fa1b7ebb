package extract

import (
	"regexp"
	"strings"

	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// meta is what a page says of itself in fields that readers do not see.
type meta struct {
	title       string   // <title>
	ogTitle     string   // og:title, else twitter:title
	headlines   []string // of JSON-LD
	h1          []string
	authors     []string // meta fields, each perhaps with several names
	people      []string // of JSON-LD
	bylines     []string // short texts of elements that are marked as the author's
	publisher   string   // of JSON-LD
	profiles    []string // texts of links to pages of authors
	site        string
	kind        string // og:type
	canonical   string
	ogURL       string
	image       string
	language    string // <html lang>, else what other fields say
	description string
	published   []string // fields, and <time> elements
	stated      []string // those of published that are fields of the page's own
	dated       []string // lines that say when the page was published
	modified    []string
	ago         string // the first line under a headline that is but a date counted from now
	paid        bool   // JSON-LD: not accessible for free
	paper       paper  // of citation_* fields
	imageAlt    string
	imageWidth  int
	imageHeight int
	password    bool            // a form asks for one
	onward      string          // where the page sends its reader by itself
	scripts     int             // programs of the page
	noscript    string          // what it says to who runs none
	questions   []string        // of a JSON-LD FAQPage
	frames      int             // nodes seen
	claims      []claim         // of JSON-LD and microdata
	refused     []claim         // those about other articles
	types       map[string]bool // schema.org types of what stands by itself, in lower case
}

// maxNodes bounds the work on one page: the libraries take time that grows
// faster than the tree.
const maxNodes = 150_000

// readMeta walks a page once. It reports false where the page has too many nodes.
func readMeta(doc *xhtml.Node) (meta, bool) {
	var m meta
	m.visit(doc)
	return m, m.frames <= maxNodes
}

func (m *meta) visit(n *xhtml.Node) {
	if m.frames++; m.frames > maxNodes {
		return
	}
	if n.Type == xhtml.TextNode {
		m.words(n)
		return
	}
	switch n.DataAtom {
	case atom.Time:
		if v := attr(n, "datetime"); v != "" && len(m.published) < 50 {
			m.published = append(m.published, v)
		}
	case atom.Html:
		m.language = attr(n, "lang")
	case atom.Title:
		if m.title == "" && n.Parent != nil && n.Parent.DataAtom != atom.Svg {
			m.title = squeeze(plain(n))
		}
	case atom.H1:
		if t := squeeze(plain(n)); t != "" && len(m.h1) < 20 {
			m.h1 = append(m.h1, t)
		}
	case atom.Meta:
		if claimed[strings.ToLower(attr(n, "itemprop"))] && within(n) {
			break // a property of an item
		}
		if strings.EqualFold(attr(n, "http-equiv"), "refresh") && m.onward == "" {
			if to := refresh.FindStringSubmatch(attr(n, "content")); to != nil {
				m.onward = strings.TrimSpace(to[1])
			}
		}
		m.field(strings.ToLower(attr(n, "property")+attr(n, "name")+attr(n, "itemprop")), strings.TrimSpace(attr(n, "content")))
	case atom.Blockquote, atom.Div, atom.Section:
		if m.paper.shown == "" && abstractClass.MatchString(attr(n, "class")+" "+attr(n, "id")) {
			m.paper.shown = abstractLabel.ReplaceAllString(squeeze(plain(n)), "")
		}
	case atom.Link:
		if strings.EqualFold(attr(n, "rel"), "canonical") && m.canonical == "" {
			m.canonical = strings.TrimSpace(attr(n, "href"))
		}
	case atom.Input:
		if strings.EqualFold(attr(n, "type"), "password") {
			m.password = true
		}
	case atom.Script:
		m.script(n)
	case atom.Noscript:
		if n.FirstChild != nil && len(m.noscript) < 2000 {
			m.noscript += " " + n.FirstChild.Data
		}
	}
	if n.Type == xhtml.ElementNode && hasAttr(n, "itemscope") {
		m.marked(n)
	}
	if len(m.bylines) < 40 && marksAuthor(n) {
		switch t := squeeze(plain(n)); {
		case t != "" && len(t) <= 120:
			m.bylines = append(m.bylines, t)
		case m.paper.listed == "" && len(t) <= 5000 && authorsClass.MatchString(attr(n, "class")):
			m.paper.listed = t
		}
	}
	if n.DataAtom == atom.A && len(m.profiles) < 3 && profile.MatchString(attr(n, "href")) {
		if t := squeeze(plain(n)); t != "" && len(t) <= 60 && strings.Contains(t, " ") {
			m.profiles = append(m.profiles, t)
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		m.visit(c)
	}
}

func (m *meta) script(n *xhtml.Node) {
	switch kind := strings.ToLower(attr(n, "type")); {
	case !strings.Contains(kind, "json"):
		m.scripts++
	case strings.Contains(kind, "ld+json") && n.FirstChild != nil:
		m.linked(n)
	}
}

// words reads a piece of text that may say when the page was published.
func (m *meta) words(n *xhtml.Node) {
	if !tellsTime(n.Data) {
		return
	}
	if len(n.Data) <= 160 && len(m.dated) < 10 && publishedWords.MatchString(n.Data) {
		m.dated = append(m.dated, squeeze(n.Data))
	}
	if m.ago == "" && len(m.h1) > 0 && len(n.Data) <= 60 && agoAlone.MatchString(n.Data) && !underBanned(n) {
		m.ago = squeeze(n.Data)
	}
}

// leadsTo is where a page sends its readers, or else those who run no scripts.
func (m *meta) leadsTo() string {
	if m.onward != "" {
		return m.onward
	}
	if said := refreshTag.FindStringSubmatch(m.noscript); said != nil {
		if to := refresh.FindStringSubmatch(said[1]); to != nil {
			return strings.TrimSpace(to[1])
		}
	}
	return ""
}

var refreshTag = regexp.MustCompile(`(?i)<meta[^>]{1,40}refresh["']?\s+content\s*=\s*["']([^"'>]+)`)

// refresh is what sends a reader elsewhere within five seconds (HTML, 4.2.5.3).
var refresh = regexp.MustCompile(`(?i)^\s*[0-5](?:\.\d*)?\s*[;,]\s*(?:url\s*=\s*)?["']?([^"'\s]+)`)

// agoAlone is a line that is a date counted from now.
var agoAlone = regexp.MustCompile(`(?i)^\s*(?:il y a \S+ ?\pL+|hier|avant-hier|(?:\d{1,2}|an?) ?\pL+ ago|yesterday|\pL+ dernier|last \pL+day)(?:,? (?:à|at) [\d:h ]+(?:[ap]\.?m\.?)?)?\s*$`)

// authorClass are the names of classes that hold a byline, as whole words.
var authorClass = regexp.MustCompile(`(?i)(?:^|[\s_-])(?:byline|author|auteur|signature|autor)(?:[_-]?name)?s?(?:$|\s)`)

// profile are the paths of pages about an author.
var profile = regexp.MustCompile(`(?i)/(?:authors?|auteurs?|autor(?:en)?|journalistes?|people|staff|newsteam|menschen|redacteurs?)/[^/?#]{3,}`)

// marksAuthor tells whether an element says that it names the author.
func marksAuthor(n *xhtml.Node) bool {
	if n.Type != xhtml.ElementNode || n.FirstChild == nil {
		return false
	}
	return attr(n, "rel") == "author" || attr(n, "itemprop") == "author" || authoring(attr(n, "class"))
}

// authoring is authorClass, which takes long, behind a quick look.
func authoring(class string) bool {
	for i := range len(class) {
		switch class[i] | ' ' {
		case 'a', 'b', 's': // author, auteur, autor, byline, signature
			low := strings.ToLower(class)
			for _, w := range []string{"author", "auteur", "autor", "byline", "signature"} {
				if strings.Contains(low, w) {
					return authorClass.MatchString(class)
				}
			}
			return false
		}
	}
	return false
}

// tellsTime is a quick look at whether a line may hold a date or time.
func tellsTime(s string) bool {
	return strings.ContainsAny(s, "0123456789") || strings.Contains(s, "hier") || strings.Contains(s, "dernier") || strings.Contains(s, "ago") || strings.Contains(s, "il y a") || strings.Contains(s, "esterday")
}

// field takes one meta element; the first of a kind wins.
func (m *meta) field(name, value string) {
	if value == "" {
		return
	}
	first := func(s *string) {
		if *s == "" {
			*s = squeeze(value)
		}
	}
	switch name {
	case "og:title":
		m.ogTitle = squeeze(value)
	case "twitter:title":
		first(&m.ogTitle)
	case "og:site_name", "application-name":
		first(&m.site)
	case "og:type":
		first(&m.kind)
	case "og:url":
		first(&m.ogURL)
	case "og:image", "og:image:url", "og:image:secure_url", "twitter:image":
		first(&m.image)
	case "og:description", "description", "twitter:description":
		first(&m.description)
	case "og:locale", "dc.language", "language", "content-language":
		first(&m.language)
	case "author", "article:author", "dc.creator", "dcterms.creator", "parsely-author", "sailthru.author", "byl":
		m.authors = append(m.authors, value)
	case "citation_author":
		m.paper.authors = append(m.paper.authors, forename(squeeze(value)))
		m.authors = append(m.authors, forename(squeeze(value)))
	case "article:published_time", "og:article:published_time", "datepublished", "date", "dc.date", "dc.date.issued", "dcterms.created", "dcterms.issued", "parsely-pub-date", "pubdate", "publish-date", "sailthru.date", "og:published_time":
		m.published, m.stated = append(m.published, value), append(m.stated, value)
	case "citation_publication_date", "citation_date":
		m.published, m.paper.dates = append(m.published, value), append(m.paper.dates, value)
	case "citation_online_date":
		m.published = append(m.published, value)
		first(&m.paper.online)
	case "article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "last-modified", "lastmod":
		m.modified = append(m.modified, value)
	case "citation_title":
		first(&m.paper.title)
	case "citation_abstract":
		first(&m.paper.abstract)
	case "og:image:alt", "twitter:image:alt":
		first(&m.imageAlt)
	case "og:image:width":
		m.imageWidth = max(m.imageWidth, pixels(value))
	case "og:image:height":
		m.imageHeight = max(m.imageHeight, pixels(value))
	}
}

// within tells whether an element stands in an item of microdata.
func within(n *xhtml.Node) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		if hasAttr(p, "itemscope") {
			return true
		}
	}
	return false
}

func attr(n *xhtml.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// plain is all text below a node.
func plain(n *xhtml.Node) string {
	var b strings.Builder
	var visit func(*xhtml.Node)
	visit = func(n *xhtml.Node) {
		if n.Type == xhtml.TextNode {
			b.WriteString(n.Data)
		}
		if silent[n.DataAtom] && n.DataAtom != atom.Head {
			return
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			visit(c)
		}
		if _, ends := breaks[n.DataAtom]; ends || n.DataAtom == atom.Br {
			b.WriteByte(' ')
		}
	}
	visit(n)
	return b.String()
}
