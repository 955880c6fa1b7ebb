package collect

import (
	"bufio"
	"bytes"
	"context"
	"net/url"
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
	maxGuessed  = 6 // feeds that may be where such sites keep them
	maxMaps     = 2 // sitemaps of its robots.txt
	fewestLinks = 3 // that make a page a list of articles
)

// guesses are where sites keep feeds that they do not name, by how often.
var guesses = []string{"/feed", "/rss.xml", "/feed.xml", "/index.xml", "/atom.xml", "/rss"}

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
		hidden := hiddenFeeds(string(page.Body), base, generator(doc))
		for _, g := range guesses {
			hidden = append(hidden, absolute(base, g))
		}
		found = c.firstFeedAt(ctx, hidden, tried, maxGuessed)
	}
	if len(found) > 0 {
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
		if got := c.Look(ctx, digest.Source{Kind: digest.SourceFeed, URL: at}); got.Works() {
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
// (sitemaps.org; a news sitemap holds the last two days).
func (c *Collector) sitemapsOf(ctx context.Context, base *url.URL) []Candidate {
	page, err := c.client.Get(ctx, fetch.Request{URL: absolute(base, "/robots.txt"), MaxBytes: 512 << 10})
	if err != nil {
		return nil
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
	slices.SortStableFunc(maps, func(a, b string) int { return newsFirst(a) - newsFirst(b) })
	var found []Candidate
	for _, at := range maps[:min(len(maps), maxMaps)] {
		if got := c.Look(ctx, digest.Source{Kind: digest.SourceSitemap, URL: at}); got.Works() {
			found = append(found, got)
		}
	}
	return found
}

func newsFirst(at string) int {
	if low := strings.ToLower(at); strings.Contains(low, "news") || strings.Contains(low, "actu") {
		return 0
	}
	return 1
}
