package extract

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

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
func Page(body []byte, pageURL string, h Hint) (digest.Article, error) {
	r, err := Read(body, pageURL, h)
	return r.Article, err
}

// Reading is an article with what else its page tells.
type Reading struct {
	Article digest.Article
	Onward  string   // where the page sends its readers, having nothing to say itself
	Reasons []string // why it was read as it was, in English, for whoever mends extraction
}

// Read is Page with everything it found.
func Read(body []byte, pageURL string, h Hint) (r Reading, err error) {
	defer func() {
		if p := recover(); p != nil {
			r, err = Reading{}, fmt.Errorf("reading %s: the extractor gave up: %v", pageURL, p)
		}
	}()
	h = h.orDefault()
	if len(body) > MaxPage {
		return r, fmt.Errorf("reading %s: %w", pageURL, ErrTooLarge)
	}
	if isPDF(body) {
		return r, fmt.Errorf("reading %s: %w", pageURL, typeError("application/pdf"))
	}
	doc, err := html.Parse(strings.NewReader(decode(body, h.ContentType)))
	if err != nil {
		return r, fmt.Errorf("reading %s: %w", pageURL, err)
	}
	m, ok := readMeta(doc)
	if !ok {
		return r, fmt.Errorf("reading %s: %w", pageURL, ErrTooLarge)
	}
	u, _ := parseURL(pageURL)
	return reading(doc, m, u, h), nil
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

func reading(doc *html.Node, m meta, u *url.URL, h Hint) Reading {
	address := ""
	if u != nil {
		address = u.String()
	}
	m.settle(address, h)
	published, modified := dates(doc, address, m, h)
	prune(doc)
	f := find(doc, u, m, h)
	host := ""
	if u != nil {
		host = u.Hostname()
	}
	by := authors(m, f.ballot.author, host, nearHeadline(f.page.lines, f.title), h)
	a := digest.Article{
		URL:     canonical(u, m),
		Title:   f.title,
		Authors: by.who,
		Excerpt: m.description,
		Image:   absolute(u, m.image),
	}
	if address != "" && address != a.URL {
		a.Aliases = []string{address}
	}
	when := agree(published, f.page.lines, f.title, m, h)
	if modified.IsZero() {
		modified, _ = shownChange(f.page.lines, f.title, h)
	}
	if when.at.IsZero() && !modified.IsZero() {
		when = dating{modified, "the line that says when it was changed"}
	}
	if a.Published = when.at; !modified.Before(a.Published) {
		a.Modified = modified
	}
	because := grounds{date: when.why, author: by.why}
	abstract := ""
	if m.paper.title != "" || isPaper(u) {
		abstract = abstractOf(m, read(doc))
	}
	a.Kind, because.kind = kindOf(sight{m, u, a.Title, f.blocks, f.page.lines, abstract, f.linked(), func() string { return squeeze(plain(doc)) }})
	if a.Kind != digest.KindWall && a.Kind != digest.KindError {
		text, faq := tidy(f.blocks, about{title: a.Title, authors: a.Authors, questions: asked(m), houses: []string{m.site, m.publisher, h.Source, hostCore(host)}})
		a.Text, a.FAQ = join(text), pairs(faq)
	}
	if a.Kind == digest.KindPaper {
		asPaper(&a, m, abstract, h)
		if len(m.paper.dates) > 0 || m.paper.online != "" {
			because.date = "the citation fields"
		}
		if len(m.paper.people(m)) > 0 {
			because.author = "the paper's list of authors"
		}
	}
	a.Language = language(a.Text, m.language, h)
	a.Key = key(a)
	a.Site = siteName(m, f.ballot.site, h)
	if (m.image == "" || emblem.MatchString(fileName(m.image))) && a.Readable() {
		illustrated(doc, &m)
		a.Image = absolute(u, m.image)
	}
	if a.Image != "" {
		pictured(doc, &m)
		a.Picture = digest.Picture{Alt: m.imageAlt, Width: m.imageWidth, Height: m.imageHeight}
	}
	r := Reading{Article: a, Reasons: reasons(f, m, a, because)}
	if utf8.RuneCountInString(a.Text) < enough {
		r.Onward = absolute(u, m.leadsTo())
	}
	return r
}

// siteName is how a site calls itself; a host's name is none.
func siteName(m meta, library string, h Hint) string {
	for _, s := range []string{m.site, m.publisher, library, h.Source} {
		if s != "" && !strings.Contains(s, "://") && (strings.Contains(s, " ") || !strings.Contains(s, ".") || s == m.site) {
			return s
		}
	}
	return ""
}

// language believes a text of some length, then what the page says, then the
// feed: templates often keep the language they were written in.
func language(body, declared string, h Hint) digest.Language {
	const plenty = 6000 // bytes that tell a language as well as the whole
	if length(body) >= 200 {
		if l := text.Language(strings.ToValidUTF8(body[:min(len(body), plenty)], "")); l != "" {
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
