package extract

import (
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"hebdo/internal/digest"
)

// sight is what a page is judged by.
type sight struct {
	meta     meta
	url      *url.URL
	title    string
	found    []block // its article, if it is one
	lines    []line
	abstract string        // of a paper's landing page
	linked   float32       // share of links in found
	visible  func() string // all that stands on it
}

// kindOf says what a page is, and what told it.
func kindOf(s sight) (digest.ArticleKind, string) {
	if s.meta.paper.title != "" && s.abstract != "" {
		return digest.KindPaper, "it has the citation fields of a paper, and an abstract"
	}
	text := join(s.found)
	n := utf8.RuneCountInString(text)
	if n < wallLength {
		for _, t := range append([]string{s.meta.title, s.title}, s.meta.h1...) {
			switch {
			case missingTitle.MatchString(t):
				return digest.KindError, "its title says that it is not there: " + t
			case wallTitle.MatchString(t) && utf8.RuneCountInString(t) < 80:
				return digest.KindWall, "its title is a gate's: " + t
			}
		}
	}
	if n < wordyError && !s.meta.hasArticle() && missingWords.MatchString(s.visible()) {
		for _, t := range append([]string{s.meta.title}, s.meta.h1...) {
			if missingTitle.MatchString(t) {
				return digest.KindError, "its title and its words say that it is not there, whatever it offers instead: " + t
			}
		}
	}
	if n < paidLength {
		if told := wallText(s, text, n); told != "" {
			return digest.KindWall, told
		}
	}
	if n < 300 && missingWords.MatchString(text) {
		return digest.KindError, "it says that what was asked for is not there"
	}
	kind, told := byAddress(s.url)
	switch {
	case kind != digest.KindArticle:
		return kind, told
	case strings.HasPrefix(s.meta.kind, "video"):
		return digest.KindVideo, "its og:type is " + s.meta.kind
	case n < wallLength && s.meta.types["videoobject"] && !s.meta.hasArticle():
		return digest.KindVideo, "its fields describe a video, and it says little"
	case s.meta.types["discussionforumposting"] || s.meta.types["qapage"]:
		return digest.KindThread, "its fields describe a discussion"
	}
	if told := listing(s); told != "" {
		return digest.KindListing, told
	}
	return digest.KindArticle, ""
}

// wordyError is how much a page that is not there may offer instead.
const wordyError = 4000

// hasArticle tells whether a page's fields speak of an article.
func (m meta) hasArticle() bool {
	for _, c := range m.claims {
		if c.kind != "webpage" {
			return true
		}
	}
	return strings.EqualFold(m.kind, "article")
}

// listing tells a page of links from an article: many short lines and hardly
// a sentence, or one linked heading after the other with a teaser under each.
func listing(s sight) string {
	short := 0
	for _, b := range s.found {
		if !sentence(b.text) && utf8.RuneCountInString(b.text) < 120 {
			short++
		}
	}
	if len(s.found) >= 15 && short*10 >= len(s.found)*9 && s.linked > mostlyLinks {
		return "hardly one of its lines is a sentence, and most of them are links"
	}
	if s.meta.hasArticle() {
		return ""
	}
	entries, run, longest := 0, 0, 0
	for _, l := range s.lines {
		switch {
		case l.place.aside:
		case l.kind == heading && l.size >= 15 && l.linked*10 >= l.size*9:
			entries++
			run = 0
		case !l.place.hidden && l.size >= 40 && l.linked*2 < l.size:
			run += l.size
			longest = max(longest, run)
		}
	}
	if entries >= leastEntries && longest < longestTeaser {
		return "it goes from one linked heading to the next"
	}
	return ""
}

// A listing has so many linked headings, and no text of so many letters
// between two of them; or it is, by letters, mostly links.
const (
	leastEntries  = 6
	longestTeaser = 900
	mostlyLinks   = 0.5
)

// addresses are those of well-known sites whose paths tell what a page is.
// Each expression is matched against host and path.
var addresses = []struct {
	kind digest.ArticleKind
	at   *regexp.Regexp
}{
	{digest.KindListing, regexp.MustCompile(`^(?:(?:export\.)?arxiv\.org/(?:list|a|search)/|huggingface\.co/papers/?(?:$|date/|week/|month/|trending)|openreview\.net/group|news\.ycombinator\.com/(?:$|news|newest|front|best|ask$|show$)|reddit\.com/r/[^/]+/?$|youtube\.com/(?:@[^/]+/?(?:videos|featured)?$|channel/|playlist)|github\.com/trending)`)},
	{digest.KindPaper, regexp.MustCompile(`^(?:(?:export\.)?arxiv\.org/(?:abs|html)/|alphaxiv\.org/(?:abs|overview)/|openreview\.net/forum|huggingface\.co/papers/\d{4}\.\d{4,5}|aclanthology\.org/[A-Z0-9]+[.-]\S|(?:[a-z-]+\.)?hal\.science/\S*\d{5}|proceedings\.mlr\.press/v\d+/|(?:papers|proceedings)\.(?:nips|neurips)\.cc/paper|(?:bio|med)rxiv\.org/content/10\.)`)},
	{digest.KindVideo, regexp.MustCompile(`^(?:(?:m\.)?youtube\.com/(?:watch|shorts/|live/|embed/)|youtu\.be/|vimeo\.com/\d|dailymotion\.com/video/|twitch\.tv/videos/|ted\.com/talks/)`)},
	{digest.KindThread, regexp.MustCompile(`^(?:news\.ycombinator\.com/item|lobste\.rs/s/|(?:(?:old|new)\.)?reddit\.com/r/[^/]+/comments/|(?:github|gitlab|codeberg)\.(?:com|org)/[^/]+/[^/]+/(?:-/)?(?:issues|discussions|pull|merge_requests)/\d|stackoverflow\.com/questions/\d|(?:[a-z]+\.)?stackexchange\.com/questions/\d|bsky\.app/profile/[^/]+/post/|(?:x|twitter)\.com/[^/]+/status/\d|huggingface\.co/\S+/discussions/\d)`)},
	{digest.KindRelease, regexp.MustCompile(`^(?:github\.com|gitlab\.com|codeberg\.org)/[^/]+/[^/]+/(?:-/)?releases(?:/|$)`)},
}

// byAddress knows a few kinds of pages by where they stand.
func byAddress(u *url.URL) (digest.ArticleKind, string) {
	if u == nil {
		return digest.KindArticle, ""
	}
	host := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	for _, a := range addresses {
		if a.at.MatchString(host + u.Path) {
			return a.kind, "its address is one of " + host
		}
	}
	return digest.KindArticle, ""
}

// isPaper tells the address of a paper's landing page.
func isPaper(u *url.URL) bool {
	kind, _ := byAddress(u)
	return kind == digest.KindPaper
}
