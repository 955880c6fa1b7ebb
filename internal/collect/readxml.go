package collect

import (
	"net/url"
	"slices"
	"strings"
)

// rawItem is an entry as the feed has it: text with references resolved, markup
// as it was written.
type rawItem struct {
	GUID        string
	Title       string
	Link        string
	Published   string // as written
	Updated     string
	Description string
	Content     string
	Authors     []string
	Language    string
	base        *url.URL // what Link refers to
	body        *url.URL // what links in the text refer to; nil: the entry's own address
	permalink   bool     // GUID is an address
}

// rawFeed is a feed whose entries are not converted yet: of a feed visited
// every hour nearly all are known already, and sanitising is the dear part.
type rawFeed struct {
	title    string
	language string
	home     string // of the site
	base     *url.URL
	ttl      string // minutes (RSS 2.0)
	period   string // hourly, daily … (RSS 1.0 Syndication)
	times    string // in a period
	items    []*rawItem
	habit    *habit // of the place it stands at; nil: none is known
	lost     int    // entries that could not be read
	oldest   int    // where the list begins, once it is full and goes round
	cut      bool   // it broke off
	known    bool   // the root, or an entry, says that it is a feed
}

// role is what an element may hold.
type role byte

const (
	roleFeed  role = iota // the feed's own fields, and entries
	roleOther             // nothing but entries
)

// frame is an open element.
type frame struct {
	name  string // as written
	role  role
	bound int // how many bindings were in force outside
	base  *url.URL
}

// deepest is how many elements may be open around an entry; those further in
// are not kept count of.
const deepest = 100

// reader reads an XML feed from its tokens.
type reader struct {
	scanner
	feed  *rawFeed
	bound bindings
	open  []frame
}

// readXML reads RSS 0.9 to 2.0, RDF, Atom 0.3 and 1.0 and CDF, in any prefix,
// well-formed or not. An entry that breaks off is left for the next visit,
// which may bring it whole. A full list ends it, but where the old stand first.
func readXML(doc []byte, base *url.URL) *rawFeed {
	r := &reader{scanner: scanner{doc: doc}, feed: &rawFeed{base: base}}
	for !r.feed.full() {
		t := r.next()
		switch t.kind {
		case tokenEnd:
			r.feed.cut = r.cut || len(r.open) > 0
			return r.feed
		case tokenOpen:
			r.openElement(t)
		case tokenClose:
			if r.closeElement(t) {
				return r.feed
			}
		}
	}
	return r.feed
}

// add takes one more entry, in the place of the oldest when the list is full.
func (f *rawFeed) add(it *rawItem) {
	if len(f.items) < maxEntries {
		f.items = append(f.items, it)
		return
	}
	f.items[f.oldest] = it
	f.oldest = (f.oldest + 1) % maxEntries
}

// full tells whether nothing young can come any more. Archives that begin with
// their oldest entry are read to their end.
func (f *rawFeed) full() bool {
	if len(f.items) < maxEntries {
		return false
	}
	first, last := f.at(f.oldest), f.at((f.oldest+maxEntries-1)%maxEntries)
	return first.IsZero() || !last.After(first)
}

// unroll puts the entries of a list that went round in the order they stood in.
func (f *rawFeed) unroll() {
	if f.oldest > 0 {
		f.items, f.oldest = slices.Concat(f.items[f.oldest:], f.items[:f.oldest]), 0
	}
}

// base is what relative links refer to at this point (XML Base).
func (r *reader) base() *url.URL {
	if len(r.open) > 0 {
		return r.open[len(r.open)-1].base
	}
	return r.feed.base
}

func rebase(base *url.URL, t token) *url.URL {
	if len(t.attrs) == 0 {
		return base
	}
	if b := t.attr("xml:base"); b != "" && len(b) <= maxURL {
		if u, err := base.Parse(b); err == nil {
			return u
		}
	}
	return base
}

func (r *reader) openElement(t token) {
	outside := len(r.bound)
	r.bound = r.bound.with(t, len(r.open) == 0)
	space, local := r.bound.split(t.name)
	if (space == spaceCore || space == spaceOther && len(r.open) == 0) && (local == "item" || local == "entry") {
		r.feed.known = true
		if it, whole := r.item(t); whole {
			r.feed.add(it)
		}
		r.bound = r.bound[:outside]
		return
	}
	inFeed := len(r.open) == 0 || r.open[len(r.open)-1].role == roleFeed
	f := frame{name: string(t.name), role: roleOther, bound: outside, base: rebase(r.base(), t)}
	switch {
	case len(r.open) == 0 && (local == "rss" || local == "feed" || local == "rdf" || local == "channel"):
		r.feed.known, f.role = true, roleFeed
		r.feed.language = t.attr("xml:lang")
	case inFeed && space == spaceCore && local == "channel":
		f.role = roleFeed
		r.feed.language = first(t.attr("xml:lang"), r.feed.language)
	case inFeed && len(r.open) > 0 && r.field(t, space, local):
		r.bound = r.bound[:outside]
		return
	}
	if t.empty || len(r.open) == deepest {
		r.bound = r.bound[:outside]
		return
	}
	r.open = append(r.open, f)
}

// field takes one of the feed's own fields.
func (r *reader) field(t token, space space, local string) bool {
	switch {
	case local == "title" && (space == spaceCore || r.feed.title == "" && (space == spaceDublinCore || space == spaceITunes)):
		r.feed.title = first(r.text(t), r.feed.title)
	case local == "link" && space == spaceCore:
		if l := r.linkOf(t); l.rank > 0 && r.feed.home == "" {
			r.feed.home = absolute(rebase(r.base(), t), l.href)
		}
	case local == "language" && (space == spaceCore || space == spaceDublinCore):
		r.feed.language = first(r.value(t).text, r.feed.language)
	case local == "ttl" && space == spaceCore:
		r.feed.ttl = r.value(t).text
	case local == "updateperiod" && space == spaceSyndication:
		r.feed.period = r.value(t).text
	case local == "updatefrequency" && space == spaceSyndication:
		r.feed.times = r.value(t).text
	default:
		return false
	}
	return true
}

// closeElement ends what an end tag ends; it tells whether that was the root.
func (r *reader) closeElement(t token) bool {
	for i := len(r.open) - 1; i >= 0; i-- {
		if r.open[i].name == string(t.name) {
			r.bound = r.bound[:r.open[i].bound]
			r.open = r.open[:i]
			return i == 0
		}
	}
	return false
}

// value is what an element holds.
type value struct {
	text   string
	markup bool // it holds elements: text is markup as written
}

// value reads an element to its end: the end tag of the same name, or where
// the entry ends when it was forgotten.
func (r *reader) value(t token) value {
	if t.empty {
		return value{}
	}
	begin, depth := r.at, 0
	var v value
	var parts []token
	for {
		n := r.next()
		switch {
		case n.kind == tokenEnd, n.kind != tokenText && r.border(n):
			r.unread(n)
			return r.valueOf(v, parts, begin, n.start)
		case n.kind == tokenText:
			parts = r.join(parts, n)
		case n.kind == tokenOpen:
			v.markup = true
			if !n.empty && string(n.name) == string(t.name) {
				depth++
			}
		case string(n.name) == string(t.name):
			if depth--; depth < 0 {
				return r.valueOf(v, parts, begin, n.start)
			}
		}
	}
}

// join adds a piece of text, to the piece before where it goes on.
func (r *reader) join(parts []token, t token) []token {
	if n := len(parts) - 1; n >= 0 && !parts[n].plain && !t.plain && parts[n].start+len(parts[n].text) == t.start {
		parts[n].text = r.doc[parts[n].start : t.start+len(t.text)]
		return parts
	}
	return append(parts, t)
}

// border tells whether a tag begins or ends an entry.
func (r *reader) border(t token) bool {
	name := t.name
	if n := len(name); n < 4 || name[n-1]|0x20 != 'm' && name[n-1]|0x20 != 'y' {
		return false
	}
	space, local := r.bound.split(name)
	return space == spaceCore && (local == "item" || local == "entry")
}

func (r *reader) valueOf(v value, parts []token, begin, end int) value {
	if v.markup {
		v.text = r.markup(string(r.doc[begin:end]))
		return v
	}
	if len(parts) == 1 {
		v.text = textOfToken(parts[0])
		return v
	}
	var b strings.Builder
	for _, p := range parts {
		b.WriteString(textOfToken(p))
	}
	v.text = b.String()
	return v
}

func textOfToken(t token) string {
	if t.plain {
		return string(t.text)
	}
	return unescape(string(t.text))
}

// markup takes the XML out of XHTML: sections of character data and prefixes.
func (r *reader) markup(s string) string {
	if strings.Contains(s, "<![CDATA[") {
		s = strings.NewReplacer("<![CDATA[", "", "]]>", "").Replace(s)
	}
	for _, b := range r.bound {
		if b.space == spaceHTML && b.prefix != "" {
			s = strings.NewReplacer("<"+b.prefix+":", "<", "</"+b.prefix+":", "</").Replace(s)
		}
	}
	return s
}
