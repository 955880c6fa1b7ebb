package collect

import (
	"bytes"
	"context"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"hebdo/internal/digest"
	"hebdo/internal/fetch"
)

const pageTypes = "text/html, application/xhtml+xml, */*;q=0.5"

// readPage visits a page that lists articles and has no feed. Which links lead
// to articles is seen from their place and shape, never from a site's own names.
func (c *Collector) readPage(ctx context.Context, s digest.Source, state digest.SourceState) harvest {
	var h harvest
	page, ok := c.get(ctx, &h, fetch.Request{URL: s.URL, Accept: pageTypes, Robots: true}, state)
	if !ok {
		h.title = state.Title
		return h
	}
	where := fetch.Public(s.URL)
	doc, base := parsePage(page)
	if doc == nil {
		h.fail("source.notpage", where, page.ContentType)
		h.keep(fetch.Page{})
		return h
	}
	for _, feed := range alternates(doc, base) {
		h.note(digest.Info, "source.feedhint", where, feed)
	}
	h.title = clip(plain(textOf(find1(doc, atom.Title))), maxTitle)
	h.dateless = true
	ahead := c.now().Add(slack) // a card may tell when something will be
	for _, l := range shaped(articleLinks(doc, base, strings.Fields(s.Links)...), s.Links, link.address) {
		if l.published.After(ahead) {
			l.published = time.Time{}
		}
		h.finds = append(h.finds, find{seen: seenName(l.url), at: l.published, article: func() digest.Article {
			return digest.Article{URL: l.url, Title: l.title, Published: l.published}
		}})
	}
	if len(h.finds) == 0 {
		h.note(digest.Warning, "source.empty", where, "")
		h.keep(fetch.Page{})
	}
	return h
}

// parsePage gives the document and the address its links refer to; nil for
// what is no HTML.
func parsePage(page fetch.Page) (*html.Node, *url.URL) {
	base, err := url.Parse(page.URL)
	if err != nil || !looksLikeHTML(page) {
		return nil, nil
	}
	doc, err := html.Parse(bytes.NewReader(decode(page.Body, page.ContentType)))
	if err != nil {
		return nil, nil
	}
	if b := find1(doc, atom.Base); b != nil {
		if u, err := base.Parse(attr(b, "href")); err == nil && u.Host != "" {
			base = u
		}
	}
	return doc, base
}

func looksLikeHTML(page fetch.Page) bool {
	t := strings.ToLower(page.ContentType)
	if strings.Contains(t, "html") {
		return true
	}
	head := bytes.ToLower(page.Body[:min(len(page.Body), 1024)])
	return (t == "" || strings.HasPrefix(t, "text/")) && (bytes.Contains(head, []byte("<html")) || bytes.Contains(head, []byte("<!doctype html")))
}

// alternates are the feeds a page names (RFC 4287 autodiscovery, HTML 4.8.7).
func alternates(doc *html.Node, base *url.URL) []string {
	var feeds []string
	for n := range doc.Descendants() {
		if n.DataAtom != atom.Link || !hasWord(attr(n, "rel"), "alternate") {
			continue
		}
		switch strings.ToLower(strings.TrimSpace(attr(n, "type"))) {
		case "application/rss+xml", "application/atom+xml", "application/feed+json":
			if u := absolute(base, attr(n, "href")); u != "" && len(feeds) < 5 {
				feeds = append(feeds, u)
			}
		}
	}
	return feeds
}

// feedsNamedBy finds the feeds that a page got in place of a feed names.
func feedsNamedBy(page fetch.Page) []string {
	doc, base := parsePage(page)
	if doc == nil {
		return nil
	}
	return alternates(doc, base)
}

func hasWord(list, word string) bool {
	for _, w := range strings.Fields(strings.ToLower(list)) {
		if w == word {
			return true
		}
	}
	return false
}

func attr(n *html.Node, name string) string {
	if n == nil {
		return ""
	}
	for _, a := range n.Attr {
		if a.Key == name && a.Namespace == "" {
			return a.Val
		}
	}
	return ""
}

// find1 is the first element of that name.
func find1(n *html.Node, name atom.Atom) *html.Node {
	if n == nil {
		return nil
	}
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && d.DataAtom == name && d.Namespace == "" {
			return d
		}
	}
	return nil
}

// textOf joins the text below n.
func textOf(n *html.Node) string {
	if n == nil {
		return ""
	}
	var b strings.Builder
	for d := range n.Descendants() {
		switch {
		case d.Type == html.TextNode && d.Parent.DataAtom != atom.Script && d.Parent.DataAtom != atom.Style:
			b.WriteString(d.Data)
		case d.Type == html.ElementNode:
			b.WriteByte(' ')
		}
	}
	return b.String()
}
