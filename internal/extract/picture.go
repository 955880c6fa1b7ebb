package extract

import (
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

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

// emblem are names of pictures that stand for a site on pages without one.
var emblem = regexp.MustCompile(`(?i)(?:^|[-_.])(?:logo|placeholder|favicon|default[-_]?(?:og|image|share|social))(?:[-_.]|$)`)

// illustrated gives the first picture of an article whose fields name none:
// one within the article that has a figure of its own, or the size of one.
func illustrated(doc *html.Node, m *meta) {
	if n := illustration(doc, false, false); n != nil {
		m.image = source(n)
		m.imageAlt, m.imageWidth, m.imageHeight = squeeze(attr(n, "alt")), pixels(attr(n, "width")), pixels(attr(n, "height"))
	}
}

// leastPicture is how wide a picture is that is no ornament, in pixels.
const leastPicture = 300

// ornament are names of what stands on all pages of a site.
var ornament = regexp.MustCompile(`(?i)logo|icon|avatar|gravatar|sprite|pixel|placeholder|blank\.|spacer|badge|banner|author|emoji|\.svg(?:$|\?)`)

func illustration(n *html.Node, article, figure bool) *html.Node {
	switch n.DataAtom {
	case atom.Aside, atom.Nav, atom.Footer, atom.Noscript, atom.Button, atom.Form:
		return nil
	case atom.Header:
		if !article {
			return nil
		}
	case atom.Article, atom.Main:
		article = true
	case atom.Figure, atom.Picture:
		figure = true
	case atom.Img:
		width, height := pixels(attr(n, "width")), pixels(attr(n, "height"))
		large := width >= leastPicture || width == 0 && height == 0 && figure
		if article && large && source(n) != "" && !ornament.MatchString(source(n)+" "+attr(n, "class")+" "+attr(n, "alt")) {
			return n
		}
	}
	if banned(n) {
		return nil
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if found := illustration(c, article, figure); found != nil {
			return found
		}
	}
	return nil
}

// source is the address of a picture in its best size (HTML, 4.8.4.2).
func source(n *html.Node) string {
	best, most := "", 0.0
	for _, list := range []string{attr(n, "srcset"), attr(n, "data-srcset")} {
		for _, candidate := range strings.Split(list, ", ") {
			fields := strings.Fields(candidate)
			if len(fields) != 2 || strings.HasPrefix(fields[0], "data:") {
				continue
			}
			if size, err := strconv.ParseFloat(strings.TrimRight(fields[1], "wx,"), 64); err == nil && size > most {
				best, most = fields[0], size
			}
		}
	}
	for _, plainly := range []string{best, attr(n, "data-src"), attr(n, "data-original"), attr(n, "src")} {
		if plainly != "" && !strings.HasPrefix(plainly, "data:") {
			return plainly
		}
	}
	return ""
}
