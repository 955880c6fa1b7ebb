package collect

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"time"

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
// before the first tag, entities nobody defined, tags nobody closed.
// It reads at most 500 entries, the first, or the last where the old come first.
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

// readFeed parses body. contentType is the header it came with, which may name
// a character set. The feed is nil when nothing could be read.
func readFeed(body []byte, contentType, at string) (*rawFeed, error) {
	base, err := url.Parse(at)
	if err != nil {
		return nil, fmt.Errorf("the feed's address: %w", err)
	}
	doc := bytes.TrimSpace(transcode(body, contentType))
	if len(doc) == 0 {
		return nil, fmt.Errorf("%w: it is empty", ErrNotFeed)
	}
	if isHTML(doc) {
		return nil, fmt.Errorf("%w: it is an HTML page", ErrNotFeed)
	}
	var feed *rawFeed
	if doc[0] == '{' {
		feed = readJSON(doc, base)
	} else {
		feed = readXML(expandEntities(trimJunk(doc)), base)
	}
	feed.unroll()
	feed.habit = habitOf(base)
	switch {
	case !feed.known && doc[0] == '{':
		return nil, fmt.Errorf("%w: it is JSON of another kind", ErrNotFeed)
	case !feed.known:
		return nil, fmt.Errorf("%w: nothing in it begins like one", ErrNotFeed)
	case feed.cut && len(feed.items) == 0:
		return nil, fmt.Errorf("%w: it breaks off before its first entry", ErrNotFeed)
	case feed.cut:
		return feed, ErrTruncated
	case feed.lost > 0:
		return feed, fmt.Errorf("%w (%d of them)", ErrDamaged, feed.lost)
	}
	return feed, nil
}

func (r *rawFeed) head() Feed {
	return Feed{Title: clip(plain(r.title), maxTitle), Language: digest.ParseLanguage(r.language), URL: r.home}
}
