package extract

import (
	"encoding/json"
	"html"
	"regexp"
	"strconv"
	"strings"
	"time"

	xhtml "golang.org/x/net/html"
)

// claim is what one object of JSON-LD or microdata says of an article. Whether
// it is this page's article is for settle to find out.
type claim struct {
	from      string // JSON-LD or microdata
	kind      string // schema.org type, in lower case
	node      *xhtml.Node
	headline  string
	addresses []string
	people    []string
	published []string
	modified  []string
	images    []string
	width     int // of the first image, in pixels
	height    int
	languages []string
	publisher string
	paid      bool
}

// maxClaims bounds how many objects of a page are looked at.
const maxClaims = 60

// articleTypes are the schema.org types whose fields speak of the page's text.
var articleTypes = map[string]bool{
	"article": true, "newsarticle": true, "blogposting": true, "reportagenewsarticle": true, "analysisnewsarticle": true, "opinionnewsarticle": true,
	"techarticle": true, "scholarlyarticle": true, "liveblogposting": true, "socialmediaposting": true, "discussionforumposting": true, "report": true, "reviewnewsarticle": true,
	"backgroundnewsarticle": true, "satiricalarticle": true, "advertisercontentarticle": true, "webpage": true,
}

// linked reads one block of JSON-LD. What is no JSON is passed over.
func (m *meta) linked(n *xhtml.Node) {
	data := strings.TrimSpace(n.FirstChild.Data)
	for _, junk := range []string{"<!--", "//<![CDATA[", "<![CDATA["} {
		data = strings.TrimPrefix(data, junk)
	}
	for _, junk := range []string{"-->", "//]]>", "]]>"} {
		data = strings.TrimSuffix(strings.TrimSpace(data), junk)
	}
	data = strings.TrimRight(strings.TrimSpace(data), ";")
	var v any
	data = strings.Map(noControl, data)
	if json.Unmarshal([]byte(data), &v) == nil || json.Unmarshal([]byte(strayComma.ReplaceAllString(data, "$1")), &v) == nil {
		m.object(v, n, 0)
	}
}

// strayComma is one before a bracket that closes, as templates leave them.
var strayComma = regexp.MustCompile(`,(\s*[}\]])`)

// noControl makes JSON of what writers of templates take for it.
func noControl(r rune) rune {
	if r < ' ' {
		return ' '
	}
	return r
}

func (m *meta) object(v any, n *xhtml.Node, depth int) {
	if depth > 6 {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			m.object(e, n, depth+1)
		}
	case map[string]any:
		for _, key := range []string{"@graph", "mainEntity", "itemListElement", "hasPart"} {
			if sub, ok := v[key]; ok {
				m.object(sub, n, depth+1)
			}
		}
		m.typed(v, n)
	}
}

func (m *meta) typed(v map[string]any, n *xhtml.Node) {
	kind, article := "", false
	for _, t := range texts(v["@type"]) {
		kind = strings.ToLower(t)
		article = article || articleTypes[kind]
	}
	m.typeSeen(kind)
	if kind == "question" && len(m.questions) < 100 {
		m.questions = append(m.questions, texts(v["name"])...)
	}
	if !article || len(m.claims) >= maxClaims {
		return
	}
	c := claim{
		from: "JSON-LD", kind: kind, node: n,
		people: texts(v["author"]), published: texts(v["datePublished"]), modified: texts(v["dateModified"]), images: texts(v["image"]), languages: texts(v["inLanguage"]),
		headline: first(texts(v["headline"])), publisher: first(texts(v["publisher"])),
		paid:      strings.EqualFold(first(texts(v["isAccessibleForFree"])), "false"),
		addresses: append(append(texts(v["url"]), texts(v["@id"])...), texts(v["mainEntityOfPage"])...),
	}
	if picture, ok := v["image"].(map[string]any); ok {
		c.images = texts(picture["url"])
		c.width, c.height = pixels(first(texts(picture["width"]))), pixels(first(texts(picture["height"])))
	}
	m.claims = append(m.claims, c)
}

func (m *meta) typeSeen(kind string) {
	if m.types == nil {
		m.types = map[string]bool{}
	}
	if len(m.types) < 100 {
		m.types[kind] = true
	}
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// texts flattens a JSON-LD value: a string, an object with a name or address, a list of these.
func texts(v any) []string {
	switch v := v.(type) {
	case string:
		if s := squeeze(html.UnescapeString(v)); s != "" {
			return []string{s}
		}
	case bool:
		if v {
			return []string{"true"}
		}
		return []string{"false"}
	case float64:
		if v == float64(int(v)) {
			return []string{strconv.Itoa(int(v))}
		}
	case []any:
		var out []string
		for _, e := range v {
			if len(out) < 50 {
				out = append(out, texts(e)...)
			}
		}
		return out
	case map[string]any:
		for _, key := range []string{"name", "url", "@value", "@id"} {
			if s, ok := v[key]; ok {
				if out := texts(s); len(out) > 0 {
					return out
				}
			}
		}
	}
	return nil
}

// settle takes over what is claimed of this page's article. A claim about
// another article goes as a whole, and with it the element that made it, for
// the libraries read it too; of the others a date that lies ahead does. own is
// the page's address.
func (m *meta) settle(own string, h Hint) {
	for _, c := range m.claims {
		if c.from == "JSON-LD" && strings.Count(c.headline, " ") < 2 && !m.entitled(c.headline, h) {
			c.headline = "" // a rubric, or the name of a program
		}
		if !m.fits(c, own, h) {
			m.refused = append(m.refused, c)
			continue
		}
		if c.kind != "webpage" {
			m.people = append(m.people, c.people...)
			if c.headline != "" {
				m.headlines = append(m.headlines, c.headline)
			}
		}
		m.published, m.stated = append(m.published, c.published...), append(m.stated, c.published...)
		m.modified = append(m.modified, c.modified...)
		m.paid = m.paid || c.paid
		if m.publisher == "" {
			m.publisher = c.publisher
		}
		if m.image == "" && len(c.images) > 0 {
			m.image, m.imageWidth, m.imageHeight = c.images[0], c.width, c.height
		}
		if m.language == "" {
			m.language = first(c.languages)
		}
	}
	m.published, m.stated, m.modified = h.past(m.published), h.past(m.stated), h.past(m.modified)
	for _, c := range m.refused {
		m.disown(c)
	}
}

// past leaves out dates that lie ahead.
func (h Hint) past(dates []string) []string {
	var out []string
	for _, s := range dates {
		if got, ok := stamp(s, h.zone()); !ok || h.possible(got.at) {
			out = append(out, s)
		}
	}
	return out
}

func (h Hint) zone() *time.Location {
	if h.Zone == nil {
		return time.UTC
	}
	return h.Zone
}

// fits tells whether a claim speaks of this page: by its address, or because
// its headline is one of those that the page gives itself.
func (m *meta) fits(c claim, own string, h Hint) bool {
	if c.headline == "" {
		return c.from == "JSON-LD" || len(c.addresses) == 0 || m.isHere(c, own)
	}
	return m.entitled(c.headline, h) || m.isHere(c, own)
}

// entitled tells whether a headline is one of those a page gives itself, or
// whether there is none to compare it with.
func (m *meta) entitled(headline string, h Hint) bool {
	compared := false
	for _, t := range append([]string{m.ogTitle, m.title, h.Title}, m.h1...) {
		if letters(t) == "" || isSite(t, []string{m.site, h.Source}) {
			continue
		}
		compared = true
		for _, agrees := range []func(a, b string) bool{same, begins, contains, resembles} {
			if agrees(t, headline) || agrees(headline, t) {
				return true
			}
		}
	}
	return !compared
}

// isHere compares a claim's addresses with the page's own.
func (m *meta) isHere(c claim, own string) bool {
	here := map[string]bool{}
	for _, s := range []string{own, m.canonical, m.ogURL} {
		if a := bare(s); a != "" {
			here[a] = true
		}
	}
	for _, s := range c.addresses {
		if here[bare(s)] {
			return true
		}
	}
	return false
}

// bare is an address without what may differ between two ways to write it; it
// is empty for a home page, which claims of all articles may name.
func bare(address string) string {
	u, ok := parseURL(strings.TrimSpace(address))
	if !ok || strings.Trim(u.Path, "/") == "" {
		return ""
	}
	return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.") + "/" + strings.Trim(u.Path, "/")
}

// disown takes a refused claim off the page. A block of JSON-LD of which
// another claim holds stays.
func (m *meta) disown(c claim) {
	if c.from == "microdata" {
		unmark(c.node, 0)
		return
	}
	for _, other := range m.claims {
		if other.node == c.node && !m.hasRefused(other) {
			return
		}
	}
	if c.node.Parent != nil {
		c.node.Parent.RemoveChild(c.node)
	}
}

func (m *meta) hasRefused(c claim) bool {
	for _, r := range m.refused {
		if r.node == c.node && r.headline == c.headline && r.kind == c.kind {
			return true
		}
	}
	return false
}
