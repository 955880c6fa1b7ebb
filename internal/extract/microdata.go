package extract

import (
	"cmp"
	"slices"
	"strings"

	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// marked reads an article marked up with microdata (HTML standard, section
// 5): its own properties, not those of the items within it.
func (m *meta) marked(n *xhtml.Node) {
	kind := itemType(n)
	if !hasAttr(n, "itemprop") {
		m.typeSeen(kind)
	}
	if !articleTypes[kind] || len(m.claims) >= maxClaims {
		return
	}
	c := claim{from: "microdata", kind: kind, node: n}
	if id := strings.TrimSpace(attr(n, "itemid")); id != "" {
		c.addresses = append(c.addresses, id)
	}
	name := ""
	properties(n, 0, func(property string, of *xhtml.Node) {
		switch property {
		case "headline":
			c.headline = cmp.Or(c.headline, told(of))
		case "name":
			name = cmp.Or(name, told(of))
		case "author", "creator":
			if who := named(of); who != "" && len(c.people) < 20 {
				c.people = append(c.people, who)
			}
		case "publisher":
			c.publisher = cmp.Or(c.publisher, named(of))
		case "datepublished", "datecreated":
			c.published = append(c.published, told(of))
		case "datemodified":
			c.modified = append(c.modified, told(of))
		case "inlanguage":
			c.languages = append(c.languages, told(of))
		case "url", "mainentityofpage":
			c.addresses = append(c.addresses, cmp.Or(strings.TrimSpace(attr(of, "itemid")), pointed(of)))
		case "isaccessibleforfree":
			c.paid = c.paid || strings.EqualFold(told(of), "false")
		case "image", "thumbnailurl":
			c.picture(of)
		}
	})
	c.headline = cmp.Or(c.headline, name)
	m.claims = append(m.claims, c)
}

// picture takes an image: an address, or an item with one and its size.
func (c *claim) picture(n *xhtml.Node) {
	if len(c.images) > 0 {
		return
	}
	if !hasAttr(n, "itemscope") {
		if s := pointed(n); s != "" {
			c.images, c.width, c.height = []string{s}, pixels(attr(n, "width")), pixels(attr(n, "height"))
		}
		return
	}
	address := ""
	properties(n, 0, func(property string, of *xhtml.Node) {
		switch property {
		case "url", "contenturl":
			address = cmp.Or(address, pointed(of))
		case "width":
			c.width = max(c.width, pixels(cmp.Or(told(of), named(of))))
		case "height":
			c.height = max(c.height, pixels(cmp.Or(told(of), named(of))))
		}
	})
	if address != "" {
		c.images = []string{address}
	}
}

// properties calls f for each property of an item.
func properties(n *xhtml.Node, depth int, f func(property string, of *xhtml.Node)) {
	if depth > maxDepth {
		return
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != xhtml.ElementNode {
			continue
		}
		if p := attr(c, "itemprop"); p != "" {
			for _, property := range strings.Fields(strings.ToLower(p)) {
				f(property, c)
			}
		}
		if !hasAttr(c, "itemscope") {
			properties(c, depth+1, f)
		}
	}
}

// told is the value of a property that is a text or a date.
func told(n *xhtml.Node) string {
	switch n.DataAtom {
	case atom.Meta:
		return squeeze(attr(n, "content"))
	case atom.Time:
		return cmp.Or(squeeze(attr(n, "datetime")), squeeze(plain(n)))
	case atom.Data, atom.Meter:
		return squeeze(attr(n, "value"))
	}
	// Not in the standard, and on many pages.
	return cmp.Or(squeeze(attr(n, "content")), squeeze(plain(n)))
}

// named is the name of a person or house: a text, or an item that has one.
func named(n *xhtml.Node) string {
	if !hasAttr(n, "itemscope") {
		return told(n)
	}
	name := ""
	properties(n, 0, func(property string, of *xhtml.Node) {
		if property == "name" {
			name = cmp.Or(name, told(of))
		}
	})
	return cmp.Or(name, squeeze(plain(n)))
}

// pointed is the value of a property that is an address.
func pointed(n *xhtml.Node) string {
	for _, name := range []string{"href", "src", "data", "content"} {
		if s := strings.TrimSpace(attr(n, name)); s != "" {
			return s
		}
	}
	return ""
}

// itemType is the type of an item without the vocabulary's address, in lower case.
func itemType(n *xhtml.Node) string {
	t := strings.ToLower(strings.TrimSpace(attr(n, "itemtype")))
	if !strings.Contains(t, "schema.org/") {
		return ""
	}
	return t[strings.LastIndexByte(t, '/')+1:]
}

// unmark takes the marks of an item away, so that no library reads them.
func unmark(n *xhtml.Node, depth int) {
	if depth > maxDepth {
		return
	}
	n.Attr = slices.DeleteFunc(n.Attr, func(a xhtml.Attribute) bool {
		return a.Key == "itemprop" && claimed[strings.ToLower(a.Val)]
	})
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == xhtml.ElementNode {
			unmark(c, depth+1)
		}
	}
}

var claimed = map[string]bool{"datepublished": true, "datemodified": true, "datecreated": true, "author": true, "headline": true, "name": true}

func hasAttr(n *xhtml.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a xhtml.Attribute) bool { return a.Key == name })
}
