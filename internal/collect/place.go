package collect

import (
	"net/url"
	"regexp"
	"strings"

	"hebdo/internal/digest"
)

// knownPlace is a site whose pages have their feeds at addresses that can be told
// from their own. A new one is one more line.
type knownPlace struct {
	name  string
	at    *regexp.Regexp // host without "www.", path without a final slash, and "?" with the query
	feed  string         // with $1, $2 … of at, several set apart by spaces, the best first; empty: it has none
	links string         // of a place without a feed: the shape of its articles' addresses
}

// places come in order: the first that fits is taken.
var places = []knownPlace{
	{"arXiv", rx(`^(?:rss\.|export\.)?arxiv\.org/(?:list|archive|rss|atom)/([a-zA-Z-]+(?:\.[A-Za-z-]+)?(?:\+[a-zA-Z.-]+)*)(?:/.*)?$`), "https://rss.arxiv.org/atom/$1", ""},
	{"arXiv", rx(`^arxiv\.org/search(?:/[a-z]+)?/?\?(?:.*&)?query=([^&]+).*$`), "https://export.arxiv.org/api/query?search_query=all:%22$1%22&sortBy=submittedDate&sortOrder=descending&max_results=50", ""},
	{"arXiv", rx(`^arxiv\.org/a/([a-z_0-9]+)$`), "https://arxiv.org/a/$1.atom2", ""},
	{"Hacker News", rx(`^hn\.algolia\.com/\?(?:.*&)?q(?:uery)?=([^&]+).*$`), "https://hnrss.org/newest?q=$1", ""},
	{"Hacker News", rx(`^news\.ycombinator\.com(?:/(?:news|front))?$`), "https://news.ycombinator.com/rss", ""},
	{"Hacker News", rx(`^news\.ycombinator\.com/(newest|best|ask|show|launches)$`), "https://hnrss.org/$1", ""},
	{"Hacker News", rx(`^news\.ycombinator\.com/(?:user|submitted)\?id=([\w-]+)$`), "https://hnrss.org/submitted?id=$1", ""},
	{"GitHub", rx(`^github\.com/([\w.-]+/[\w.-]+)/(tags|commits(?:/[\w./-]+)?)$`), "https://github.com/$1/$2.atom", ""},
	{"GitHub", rx(`^github\.com/([\w.-]+/[\w.-]+)/discussions$`), "https://github.com/$1/discussions.atom", ""},
	{"GitHub", rx(`^github\.com/((?:[\w-]+)/[\w.-]+?)(?:\.git|/releases(?:/.*)?|/tree/.*)?$`), "https://github.com/$1/releases.atom https://github.com/$1/tags.atom", ""},
	{"GitLab", rx(`^gitlab\.com/([\w.-]+(?:/[\w.-]+)+?)(?:/-/(?:releases|tags))$`), "https://gitlab.com/$1/-/tags?format=atom", ""},
	{"YouTube", rx(`^(?:m\.)?youtube\.com/channel/(UC[\w-]{22})(?:/.*)?$`), "https://www.youtube.com/feeds/videos.xml?channel_id=$1", ""},
	{"YouTube", rx(`^(?:m\.)?youtube\.com/(?:playlist|watch)\?(?:.*&)?list=([\w-]+).*$`), "https://www.youtube.com/feeds/videos.xml?playlist_id=$1", ""},
	{"YouTube", rx(`^(?:m\.)?youtube\.com/user/([\w-]+)(?:/.*)?$`), "https://www.youtube.com/feeds/videos.xml?user=$1", ""},
	{"Hugging Face", rx(`^(?:huggingface\.co|hf\.co)/blog$`), "https://huggingface.co/blog/feed.xml", ""},
	{"Hugging Face", rx(`^(?:huggingface\.co|hf\.co)/papers(?:/(?:trending|date/.*|week/.*|month/.*))?$`), "", "/papers/*"},
	{"Reddit", rx(`^(?:old\.|new\.|np\.)?reddit\.com/((?:r|user|u)/[\w+-]+(?:/(?:new|top|hot|rising))?)$`), "https://www.reddit.com/$1/.rss", ""},
	{"Reddit", rx(`^(?:old\.)?reddit\.com/(r/[\w+-]+/)?search\?(.*)$`), "https://www.reddit.com/${1}search.rss?$2", ""},
	{"Bluesky", rx(`^bsky\.app/profile/([\w.:-]+)$`), "https://bsky.app/profile/$1/rss", ""},
	{"Medium", rx(`^medium\.com/((?:@|tag/)?[\w.-]+)(?:/(?:latest|recommended))?$`), "https://medium.com/feed/$1", ""},
	{"Medium", rx(`^([\w-]+\.medium\.com)$`), "https://$1/feed", ""},
	{"Substack", rx(`^open\.substack\.com/pub/([\w-]+)(?:[/?].*)?$`), "https://$1.substack.com/feed", ""},
	{"Substack", rx(`^substack\.com/@([\w-]+)(?:[/?].*)?$`), "https://$1.substack.com/feed", ""},
	{"Substack", rx(`^([\w-]+\.substack\.com)(?:/(?:archive|about|podcast|p/[^?]*))?(?:/?\?.*)?$`), "https://$1/feed", ""},
	{"WordPress", rx(`^([\w-]+\.wordpress\.com)$`), "https://$1/feed/", ""},
	{"Ghost", rx(`^([\w-]+\.ghost\.io)$`), "https://$1/rss/", ""},
	{"Blogger", rx(`^([\w-]+\.blogspot\.com)$`), "https://$1/feeds/posts/default", ""},
	{"Tumblr", rx(`^([\w-]+\.tumblr\.com)$`), "https://$1/rss", ""},
	{"Google News", rx(`^news\.google\.com/search\?(.*)$`), "https://news.google.com/rss/search?$1", ""},
	{"Google News", rx(`^news\.google\.com/(topics/[\w-]+)(\?.*)?$`), "https://news.google.com/rss/$1$2", ""},
	{"Stack Exchange", rx(`^((?:[\w-]+\.)?(?:stackoverflow|stackexchange)\.com)/questions/tagged/([\w.+-]+)$`), "https://$1/feeds/tag/$2", ""},
	{"Lobsters", rx(`^lobste\.rs/(t/[\w,]+)$`), "https://lobste.rs/$1.rss", ""},
	{"DEV", rx(`^dev\.to/(t/[\w-]+|[\w-]+)$`), "https://dev.to/feed/$1", ""},
	{"PyPI", rx(`^pypi\.org/project/([\w.-]+)(?:/.*)?$`), "https://pypi.org/rss/project/$1/releases.xml", ""},
	// Any Mastodon server: its addresses have this form, and others' do not. It
	// shows the people of other servers too; their feed is at their own.
	{"Mastodon", rx(`^[\w.-]+\.[a-z]{2,}/(@[\w.-]*\w)@([\w.-]+\.[a-z]{2,})$`), "https://$2/$1.rss", ""},
	{"Mastodon", rx(`^([\w.-]+\.[a-z]{2,}(?::\d+)?)/(@[\w.-]*\w|tags/\w+)$`), "https://$1/$2.rss", ""},
}

func rx(s string) *regexp.Regexp { return regexp.MustCompile(s) }

// notMastodon are sites whose people have the same form of address.
func notMastodon(host string) bool {
	for _, h := range []string{"youtube.com", "medium.com", "tiktok.com", "threads.net", "threads.com", "substack.com", "flipboard.com", "t.me"} {
		if host == h || strings.HasSuffix(host, "."+h) {
			return true
		}
	}
	return false
}

// known tells the sources that an address may mean at a place known for it,
// the best first, and the place's name.
func known(u *url.URL) ([]digest.Source, string) {
	host := strings.TrimPrefix(strings.ToLower(u.Host), "www.")
	key := host + strings.TrimRight(u.EscapedPath(), "/")
	if u.RawQuery != "" {
		if strings.Trim(u.EscapedPath(), "/") == "" {
			key += "/"
		}
		key += "?" + u.RawQuery
	}
	for _, p := range places {
		m := p.at.FindStringSubmatchIndex(key)
		switch {
		case m == nil, p.name == "Mastodon" && notMastodon(u.Hostname()), p.name == "Medium" && reservedAtMedium(u):
			continue
		case p.feed == "":
			return []digest.Source{{Kind: digest.SourcePage, URL: u.String(), Links: p.links}}, p.name
		}
		var sources []digest.Source
		for _, feed := range strings.Fields(p.feed) {
			sources = append(sources, digest.Source{Kind: digest.SourceFeed, URL: string(p.at.ExpandString(nil, feed, key, m))})
		}
		return sources, p.name
	}
	return nil, ""
}

// reservedAtMedium are first elements of its paths that are no publication.
func reservedAtMedium(u *url.URL) bool {
	switch firstElement, _, _ := strings.Cut(strings.Trim(u.Path, "/"), "/"); firstElement {
	case "feed", "m", "search", "about", "me", "membership", "r":
		return true
	}
	return false
}

var channel = regexp.MustCompile(`"(?:channelId|externalId|browseId)":"(UC[\w-]{22})"`)

// hiddenFeeds are those that a page's own text gives away, by what made it.
func hiddenFeeds(page string, base *url.URL, generator string) []string {
	var feeds []string
	if strings.HasSuffix(base.Hostname(), "youtube.com") {
		if m := channel.FindStringSubmatch(page); m != nil {
			feeds = append(feeds, "https://www.youtube.com/feeds/videos.xml?channel_id="+m[1])
		}
	}
	for _, k := range [][2]string{
		{"wordpress", "/feed/"}, {"ghost", "/rss/"}, {"hugo", "index.xml"}, {"jekyll", "/feed.xml"}, {"drupal", "/rss.xml"},
		{"discourse", "/latest.rss"}, {"docusaurus", "/blog/rss.xml"}, {"joomla", "?format=feed&type=rss"},
		{"spip", "/spip.php?page=backend"}, {"squarespace", "?format=rss"}, {"astro", "/rss.xml"}, {"eleventy", "/feed.xml"},
	} {
		if strings.Contains(strings.ToLower(generator), k[0]) {
			feeds = append(feeds, absolute(base, k[1]))
		}
	}
	return feeds
}
