package collect

import (
	"bufio"
	"bytes"
	"context"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"hebdo/internal/digest"
	"hebdo/internal/fetch"
)

// How many addresses of each sort are tried, one request each.
const (
	maxNamed    = 6 // feeds a page names
	maxGuessed  = 8 // feeds that may be where such sites keep them
	maxMaps     = 2 // sitemaps of its robots.txt
	fewestLinks = 3 // that make a page a list of articles
)

// guesses are where sites keep feeds that they do not name, by how often: a
// part of the site its own, then that of the whole.
func guesses(at *url.URL) []string {
	var all []string
	if folder := strings.TrimSuffix(at.EscapedPath(), "/"); folder != "" && path.Ext(folder) == "" {
		for _, name := range []string{"/rss.xml", "/feed", "/feed.xml", "/index.xml"} {
			all = append(all, absolute(at, folder+name))
		}
	}
	for _, name := range []string{"/feed", "/rss.xml", "/feed.xml", "/index.xml", "/atom.xml", "/rss"} {
		all = append(all, absolute(at, name))
	}
	return all
}

// below tells whether a feed belongs to the part of the site that a page heads.
func below(page *url.URL, feed string) bool {
	u, err := url.Parse(feed)
	return err == nil && u.Host == page.Host && strings.HasPrefix(u.Path, strings.TrimSuffix(page.Path, "/")+"/")
}

// ofPage finds the sources a web page stands for.
func (c *Collector) ofPage(ctx context.Context, page fetch.Page, at string) []Candidate {
	doc, base := parsePage(page)
	if doc == nil {
		return nil
	}
	tried := map[string]bool{}
	found := c.feedsAt(ctx, alternates(doc, base), tried, maxNamed)
	if len(found) == 0 {
		found = c.feedsAt(ctx, linkedFeeds(doc, base), tried, maxNamed)
	}
	if len(found) == 0 {
		hidden := append(hiddenFeeds(string(page.Body), base, generator(doc)), guesses(base)...)
		found = c.firstFeedAt(ctx, hidden, tried, maxGuessed)
	}
	if len(found) > 0 {
		if u, err := url.Parse(at); err == nil && strings.Trim(u.Path, "/") != "" {
			slices.SortStableFunc(found, func(a, b Candidate) int { return rank(u, a) - rank(u, b) })
		}
		return found
	}
	if links := articleLinks(doc, base); len(links) >= fewestLinks {
		s := digest.Source{Kind: digest.SourcePage, URL: at, Links: strings.Join(learn(links), " ")}
		if got := c.Look(ctx, s); got.Works() {
			found = append(found, got)
		}
	}
	return append(found, c.sitemapsOf(ctx, base)...)
}

// rank puts the feed of the part of a site that was pasted before that of the
// whole, as far as it is one to be read.
func rank(page *url.URL, c Candidate) int {
	r := 2 * demerit(c)
	if !below(page, c.Source.URL) {
		r++
	}
	return r
}

// feedsAt looks at each address and gives those that are feeds, comments last
// and those with nothing in them left out where others are.
func (c *Collector) feedsAt(ctx context.Context, addresses []string, tried map[string]bool, most int) []Candidate {
	var found []Candidate
	for _, at := range addresses {
		if at == "" || tried[at] || len(tried) >= most {
			continue
		}
		tried[at] = true
		if got := c.Look(ctx, digest.Source{Kind: digest.SourceFeed, URL: at}); got.State.Trouble == "" {
			found = append(found, got)
		}
	}
	found = onePerContent(found)
	slices.SortStableFunc(found, func(a, b Candidate) int { return demerit(a) - demerit(b) })
	return found
}

// firstFeedAt stops at the first that is one.
func (c *Collector) firstFeedAt(ctx context.Context, addresses []string, tried map[string]bool, most int) []Candidate {
	n := 0
	for _, at := range addresses {
		if at == "" || tried[at] {
			continue
		}
		if n++; n > most {
			return nil
		}
		tried[at] = true
		if got := c.Look(ctx, digest.Source{Kind: digest.SourceFeed, URL: at}); got.Works() && demerit(got) == 0 {
			return []Candidate{got}
		}
	}
	return nil
}

// onePerContent leaves out a feed that says the same as one before it: many
// sites have theirs as RSS and as Atom.
func onePerContent(all []Candidate) []Candidate {
	seen := map[string]bool{}
	return slices.DeleteFunc(all, func(c Candidate) bool {
		if len(c.Articles) == 0 {
			return false
		}
		key := ""
		for _, a := range c.Articles {
			key += a.URL + "\n"
		}
		was := seen[key]
		seen[key] = true
		return was
	})
}

var comments = regexp.MustCompile(`(?i)comment|réponses|replies`)

func demerit(c Candidate) int {
	switch {
	case comments.MatchString(c.Title + " " + c.Source.URL):
		return 2
	case c.Total == 0:
		return 1
	}
	return 0
}

var feedWord = regexp.MustCompile(`(?i)(?:^|[/._?=-])(?:rss|atom|feeds?|flux)(?:[/._?&=-]|2?$|\.xml)`)

// linkedFeeds are links of a page whose address says that they lead to a feed.
func linkedFeeds(doc *html.Node, base *url.URL) []string {
	var feeds []string
	for n := range doc.Descendants() {
		if n.DataAtom != atom.A {
			continue
		}
		href := attr(n, "href")
		if u, err := url.Parse(href); err != nil || !feedWord.MatchString(u.Path+"?"+u.RawQuery) {
			continue
		}
		if at := absolute(base, href); at != "" && !slices.Contains(feeds, at) {
			feeds = append(feeds, at)
		}
	}
	return feeds
}

// generator is what a page says it was made with.
func generator(doc *html.Node) string {
	for n := range doc.Descendants() {
		if n.DataAtom == atom.Meta && strings.EqualFold(attr(n, "name"), "generator") {
			return attr(n, "content")
		}
	}
	return ""
}

// sitemapsOf are those a site's robots.txt names, for news before others
// (sitemaps.org; a news sitemap holds the last two days), else the usual one.
// Of the site of a page, the part that the page heads is meant.
func (c *Collector) sitemapsOf(ctx context.Context, base *url.URL) []Candidate {
	page, err := c.client.Get(ctx, fetch.Request{URL: absolute(base, "/robots.txt"), MaxBytes: 512 << 10})
	if err != nil {
		page.Body = nil
	}
	var maps []string
	lines := bufio.NewScanner(bytes.NewReader(page.Body))
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), ":")
		if strings.EqualFold(strings.TrimSpace(name), "sitemap") {
			if at := absolute(base, value); at != "" {
				maps = append(maps, at)
			}
		}
	}
	if len(maps) == 0 {
		maps = append(maps, absolute(base, "/sitemap.xml"))
	}
	slices.SortStableFunc(maps, func(a, b string) int { return newsFirst(a) - newsFirst(b) })
	part := ""
	if folder := strings.TrimSuffix(base.Path, "/"); folder != "" && !strings.ContainsAny(folder, " *?[\\") {
		part = folder + "/**"
	}
	var found []Candidate
	for _, at := range maps[:min(len(maps), maxMaps)] {
		got := c.Look(ctx, digest.Source{Kind: digest.SourceSitemap, URL: at, Links: part})
		if !got.Works() {
			continue
		}
		if len(got.Articles) > 0 && !fits(got.Articles[0].URL, strings.Fields(part)) {
			got.Source.Links = ""
		}
		found = append(found, got)
	}
	return found
}

func newsFirst(at string) int {
	if low := strings.ToLower(at); strings.Contains(low, "news") || strings.Contains(low, "actu") {
		return 0
	}
	return 1
}
