package collect

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"

	"hebdo/internal/digest"
)

// Feed is an RSS, Atom or JSON feed as read.
type Feed struct {
	Title    string // plain text
	Language digest.Language
	URL      string // of the site it belongs to
	Entries  []Entry
}

// Entry is one entry of a Feed. Its URL is absolute; Summary and Content are
// sanitised HTML whose links are absolute; the other fields are plain text. A
// time the feed does not give is zero.
type Entry struct {
	ID        string
	Title     string
	URL       string
	Published time.Time
	Updated   time.Time
	Summary   string
	Content   string
	Authors   []string
	Language  digest.Language
}

// xhtmlBody opens an entry's text in some RSS feeds. Without its namespace the
// parser hands it over as it is, with it as a tree that forgot the order.
const xhtmlBody = `<body xmlns="http://www.w3.org/1999/xhtml">`

// maxEntries is how many entries of a feed are read. Feeds carry 10 to 50; a
// few carry their whole archive.
const maxEntries = 500

// What is wrong with a feed. With ErrTruncated and ErrDamaged ParseFeed gives
// the entries it could read.
var (
	ErrNotFeed   = errors.New("this is no RSS, Atom or JSON feed")
	ErrTruncated = errors.New("the feed breaks off in the middle")
	ErrDamaged   = errors.New("some entries of the feed cannot be read")
)

// ParseFeed reads a feed that was found at url, to which relative links in it
// refer. It repairs what it can: old and undeclared character sets, junk
// before the first tag, entities nobody defined, entries that do not parse.
// It reads at most 500 entries.
func ParseFeed(body []byte, at string) (Feed, error) {
	raw, err := readFeed(body, "", at)
	if raw == nil {
		return Feed{}, err
	}
	f := raw.head()
	f.Entries = make([]Entry, 0, len(raw.items))
	for i := range raw.items {
		f.Entries = append(f.Entries, raw.entry(i))
	}
	return f, err
}

// rawFeed is a feed whose entries are not converted yet: of a feed visited
// every hour nearly all are known already, and sanitising is the dear part.
type rawFeed struct {
	feed  *gofeed.Feed
	items []*gofeed.Item
	base  *url.URL
}

// readFeed parses body. contentType is the header it came with, which may name
// a character set. The feed is nil when nothing could be read.
func readFeed(body []byte, contentType, at string) (*rawFeed, error) {
	base, err := url.Parse(at)
	if err != nil {
		return nil, fmt.Errorf("the feed's address: %w", err)
	}
	doc := bytes.TrimSpace(decode(body, contentType))
	if len(doc) == 0 {
		return nil, fmt.Errorf("%w: it is empty", ErrNotFeed)
	}
	if isHTML(doc) {
		return nil, fmt.Errorf("%w: it is an HTML page", ErrNotFeed)
	}
	doc = expandEntities(trimJunk(doc))
	doc = bytes.ReplaceAll(doc, []byte(xhtmlBody), []byte("<body>"))
	feed, err := parse(doc)
	if err == nil && feed.FeedType == "json" && len(feed.Items) == 0 && !strings.Contains(feed.FeedVersion, "jsonfeed.org") {
		return nil, fmt.Errorf("%w: it is JSON of another kind", ErrNotFeed)
	}
	if err == nil {
		return newRawFeed(feed, base), nil
	}
	saved, flaw := salvage(doc)
	if saved == nil {
		return nil, fmt.Errorf("%w: %v", ErrNotFeed, err)
	}
	if feed, err = parse(saved); err != nil {
		return nil, fmt.Errorf("%w: %v", ErrNotFeed, err)
	}
	return newRawFeed(feed, base), flaw
}

// parse is gofeed's, which panics on some feeds that are valid and odd, such
// as JSON with an item that is null.
func parse(doc []byte) (feed *gofeed.Feed, err error) {
	defer func() {
		if r := recover(); r != nil {
			feed, err = nil, fmt.Errorf("the parser gave up: %v", r)
		}
	}()
	p := gofeed.NewParser()
	p.RSSTranslator = &gofeed.DefaultRSSTranslator{DisableContentImageScan: true}
	return p.Parse(bytes.NewReader(doc))
}

func newRawFeed(feed *gofeed.Feed, base *url.URL) *rawFeed {
	r := &rawFeed{feed: feed, base: base}
	for _, item := range feed.Items {
		if item != nil && len(r.items) < maxEntries {
			r.items = append(r.items, item)
		}
	}
	return r
}

func (r *rawFeed) head() Feed {
	return Feed{
		Title:    clip(plain(r.feed.Title), maxTitle),
		Language: digest.ParseLanguage(r.feed.Language),
		URL:      absolute(r.base, r.feed.Link),
	}
}
