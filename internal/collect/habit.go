package collect

import (
	"html"
	"net/url"
	"regexp"
	"strings"

	"hebdo/internal/digest"
)

// habit is what is peculiar to the feeds of one place. A new one is one more
// line in habits.
type habit struct {
	at    *regexp.Regexp                       // the feed's host and path
	quiet bool                                 // it is empty on some days
	old   func(it *rawItem) bool               // not news: it was there before
	shape func(it *rawItem, a *digest.Article) // puts right what the feed says its own way
}

var habits = []habit{
	{at: rx(`^(?:rss|export)\.arxiv\.org/|^arxiv\.org/`), quiet: true, old: replacedPaper, shape: paperEntry},
	{at: rx(`^hnrss\.org/|^news\.ycombinator\.com/`), shape: hackerNewsEntry},
	{at: rx(`^(?:[a-z]+\.)?reddit\.com/`), shape: redditEntry},
	{at: rx(`^github\.com/[^/]+/[^/]+/(?:releases|tags)\.atom$`), shape: releaseEntry},
	{at: rx(`^(?:www\.)?youtube\.com/feeds/`), shape: wholeDescription},
	{at: rx(`^bsky\.app/profile/|/(?:@\w+|tags/\w+)\.rss$`), shape: wholeDescription}, // and Mastodon, wherever it stands
}

// habitOf is that of a feed by its address; nil: none is known.
func habitOf(feed *url.URL) *habit {
	at := strings.TrimPrefix(strings.ToLower(feed.Host), "www.") + feed.Path
	for i := range habits {
		if habits[i].at.MatchString(at) {
			return &habits[i]
		}
	}
	return nil
}

var announced = regexp.MustCompile(`(?i)announce type:\s*([a-z-]+)`)

// replacedPaper: arXiv announces new versions of papers among the new papers.
func replacedPaper(it *rawItem) bool {
	m := announced.FindStringSubmatch(first(it.Description, it.Content))
	return m != nil && strings.HasPrefix(strings.ToLower(m[1]), "replace")
}

// paperEntry: the summary begins with the paper's number and how it was
// announced; all authors stand in one element.
func paperEntry(it *rawItem, a *digest.Article) {
	if _, abstract, ok := strings.Cut(a.Excerpt, "Abstract:"); ok {
		a.Excerpt = strings.TrimSpace(abstract)
	}
	if len(it.Authors) == 1 {
		a.Authors = authors(strings.Split(it.Authors[0], ", "))
	}
}

// hackerNewsEntry: the summary is addresses and points, and the author is who
// passed the link on; but for what was written there.
func hackerNewsEntry(_ *rawItem, a *digest.Article) {
	for _, mark := range []string{"Article URL:", "Comments URL:"} {
		a.Excerpt, _, _ = strings.Cut(a.Excerpt, mark)
	}
	if a.Excerpt = strings.TrimSpace(a.Excerpt); a.Excerpt == "Comments" {
		a.Excerpt = ""
	}
	a.Raw = digest.Raw{}
	if !strings.HasPrefix(a.URL, "https://news.ycombinator.com/") {
		a.Authors = nil
	}
}

var (
	redditLink = regexp.MustCompile(`<a href="([^"]+)">\[link\]</a>`)
	redditHost = regexp.MustCompile(`(?i)(?:^|\.)(?:reddit\.com|redd\.it|redditmedia\.com)$`)
	submitted  = regexp.MustCompile(`(?s)\s*submitted by\s.*?\[link\].*$`)
)

// redditEntry: of a link that was passed on, the page it leads to is the
// article, and who passed it on is not its author.
func redditEntry(it *rawItem, a *digest.Article) {
	a.Excerpt = strings.TrimSpace(submitted.ReplaceAllString(a.Excerpt, ""))
	m := redditLink.FindStringSubmatch(first(it.Content, it.Description))
	if m == nil {
		return
	}
	at := Canonical(html.UnescapeString(m[1]))
	u, err := url.Parse(at)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || len(at) > maxURL || redditHost.MatchString(u.Hostname()) {
		return
	}
	a.Aliases = append(a.Aliases, a.URL)
	a.URL, a.Authors, a.Raw = at, nil, digest.Raw{}
}

var released = regexp.MustCompile(`^https://github\.com/[^/]+/([^/]+)/releases/`)

// releaseEntry: "v1.2.3" alone says nothing.
func releaseEntry(_ *rawItem, a *digest.Article) {
	m := released.FindStringSubmatch(a.URL)
	if m != nil && !strings.Contains(strings.ToLower(a.Title), strings.ToLower(m[1])) {
		a.Title = strings.TrimSpace(m[1] + " " + a.Title)
	}
}

// wholeDescription: what stands in the summary is all there is to read.
func wholeDescription(it *rawItem, a *digest.Article) {
	text := strings.TrimSpace(it.Description)
	if len(a.Raw.Body) > 0 || text == "" || len(text) > maxContent {
		return
	}
	kind := "text/plain"
	if strings.Contains(text, "<") {
		kind = "text/html"
	}
	a.Raw = digest.Raw{Type: kind, Body: []byte(text)}
}

// withoutAppendix takes off what WordPress and its like write below each
// summary.
func withoutAppendix(excerpt string) string {
	for _, begin := range [...]string{"The post ", "L’article ", "L'article ", "Cet article ", "Continue reading", "Read more", "Lire la suite"} {
		i := strings.LastIndex(excerpt, begin)
		if i < 0 || len(excerpt)-i > 700 {
			continue
		}
		end := excerpt[i:]
		if strings.Contains(end, "appeared first on ") || strings.Contains(end, "first appeared on ") || strings.Contains(end, " est apparu en premier sur ") ||
			begin[len(begin)-1] != ' ' && !strings.ContainsAny(end, ".!?") {
			excerpt = strings.TrimSpace(excerpt[:i])
		}
	}
	for _, cut := range [...]string{"[…]", "[...]", "(…)"} {
		excerpt = strings.TrimSpace(strings.TrimSuffix(excerpt, cut))
	}
	return excerpt
}

var sentenceEnd = regexp.MustCompile(`[.!?…](?:\s|$)`)

// headlineOf makes one for a post without, from its first sentence.
func headlineOf(excerpt string) string {
	if end := sentenceEnd.FindStringIndex(excerpt); end != nil {
		excerpt = strings.TrimSpace(excerpt[:end[1]])
	}
	return clip(strings.Join(strings.Fields(excerpt), " "), 110)
}
