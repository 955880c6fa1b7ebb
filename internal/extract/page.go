package extract

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/html"

	"hebdo/internal/digest"
	"hebdo/internal/text"
)

// MaxPage is the largest page that is read, in bytes.
const MaxPage = 5 << 20

// ErrTooLarge: the page has more bytes or elements than are worked on.
var ErrTooLarge = errors.New("the page is too large to be read")

// Hint is what is known of a document before it is read.
type Hint struct {
	Title       string
	Authors     []string
	Language    digest.Language
	Source      string         // the site's name, as titles and trailers repeat it
	ContentType string         // header as sent
	Zone        *time.Location // of dates without one; nil: UTC
	Now         time.Time      // later dates are not believed; zero: the library's clock decides
}

// Page reads an HTML page: text, title, authors, dates, language, picture,
// address. An article's Kind says whether its text is one: a wall or an error
// page has none. It fails with ErrTooLarge, or when the page cannot be parsed,
// and names the URL; a library that panics on a hostile page fails likewise.
func Page(body []byte, pageURL string, h Hint) (a digest.Article, err error) {
	defer func() {
		if r := recover(); r != nil {
			a, err = digest.Article{}, fmt.Errorf("reading %s: the extractor gave up: %v", pageURL, r)
		}
	}()
	h = h.orDefault()
	if len(body) > MaxPage {
		return a, fmt.Errorf("reading %s: %w", pageURL, ErrTooLarge)
	}
	doc, err := html.Parse(strings.NewReader(decode(body, h.ContentType)))
	if err != nil {
		return a, fmt.Errorf("reading %s: %w", pageURL, err)
	}
	m, ok := readMeta(doc)
	if !ok {
		return a, fmt.Errorf("reading %s: %w", pageURL, ErrTooLarge)
	}
	u, _ := parseURL(pageURL)
	return article(doc, m, u, h), nil
}

// parseURL gives nil for what is no absolute address.
func parseURL(s string) (*url.URL, bool) {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" {
		return nil, false
	}
	return u, true
}

func (h Hint) orDefault() Hint {
	if h.Zone == nil {
		h.Zone = time.UTC
	}
	return h
}

func article(doc *html.Node, m meta, u *url.URL, h Hint) digest.Article {
	address := ""
	if u != nil {
		address = u.String()
	}
	f := find(doc, u, m, h)
	a := digest.Article{
		URL:     canonical(u, m),
		Title:   f.title,
		Authors: authors(m, f.ballot.author, m.site, nearHeadline(f.page.lines, f.title), h),
		Excerpt: m.description,
		Image:   absolute(u, m.image),
	}
	if address != "" && address != a.URL {
		a.Aliases = []string{address}
	}
	a.Published, a.Modified = dates(doc, address, m, h)
	a.Kind = kindOf(m, u, a.Title, f.blocks, func() string { return squeeze(plain(doc)) })
	if a.Kind != digest.KindWall && a.Kind != digest.KindError {
		text, faq := tidy(f.blocks, about{title: a.Title, authors: a.Authors, questions: asked(m)})
		a.Text, a.FAQ = join(text), pairs(faq)
	}
	a.Language = language(a.Text, m.language, h)
	a.Key = key(a)
	return a
}

// language believes a text of some length, then what the page says, then the
// feed: templates often keep the language they were written in.
func language(body, declared string, h Hint) digest.Language {
	if length(body) >= 200 {
		if l := text.Language(body); l != "" {
			return l
		}
	}
	if l := digest.ParseLanguage(declared); l != "" {
		return l
	}
	if h.Language != "" {
		return h.Language
	}
	return text.Language(body)
}
