package collect

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"

	"hebdo/internal/digest"
	"hebdo/internal/fetch"
)

// Candidate is a source that an address may mean.
type Candidate struct {
	Source   digest.Source // without ID and newsletter
	Title    string        // its own name for itself
	Place    string        // where a site is known by name: "arXiv"
	Total    int           // articles it holds now
	Articles []digest.Article
	State    digest.SourceState // as after this visit
	Notes    []digest.Note
	Sure     bool // it is what was asked for; else a person should look
	Quiet    bool // there is nothing today, as is usual at that place
}

// Works tells whether the visit went well and brought something.
func (c Candidate) Works() bool { return c.State.Trouble == "" && (c.Total > 0 || c.Quiet) }

// previewed is how many articles a candidate shows.
const previewed = 8

// ErrNoSource: the address leads to nothing that articles could be read from.
var ErrNoSource = errors.New("no feed, sitemap or list of articles was found there")

// Look visits a source as Articles would, and keeps nothing.
func (c *Collector) Look(ctx context.Context, s digest.Source) Candidate {
	begun := c.now().UTC()
	h := c.read(ctx, s, digest.SourceState{})
	got := Candidate{Source: s, Title: h.title, Total: len(h.finds), Quiet: h.unchanged}
	for _, f := range h.finds {
		if len(got.Articles) == previewed {
			break
		}
		if a, ok := c.make(s, &h, f); ok {
			got.Articles = append(got.Articles, a)
		}
	}
	got.State = after(digest.SourceState{}, &h, begun, c.now().UTC(), false)
	if h.moved != "" && h.failed == "" {
		h.note(digest.Info, "source.moved", fetch.Public(s.URL), h.moved)
	}
	got.Notes = h.notes
	return got
}

// Discover finds what sources an address means, the likeliest first: a folder;
// a mailbox (imaps://user@host/INBOX); a place known by name; a feed or sitemap; the feeds that a page names, has
// links to, or keeps where its kind does; the sitemaps of its site; the page
// itself, with the shape its articles' addresses have in common. It fails with
// ErrNoSource, or with a fetch.Failure when the address cannot be had.
func (c *Collector) Discover(ctx context.Context, given string) ([]Candidate, error) {
	given = strings.TrimSpace(given)
	if info, err := os.Stat(given); err == nil && info.IsDir() {
		return []Candidate{sure(c.Look(ctx, digest.Source{Kind: digest.SourceFolder, URL: given}))}, nil
	}
	if at, ok := mailboxAt(given); ok {
		got := c.Look(ctx, digest.Source{Kind: digest.SourceMailbox, URL: at})
		if got.State.Trouble != "" {
			return nil, fmt.Errorf("%s: %s", fetch.Public(at), got.Notes[0].Detail)
		}
		return []Candidate{sure(got)}, nil
	}
	u, err := addressed(given)
	if err != nil {
		return nil, err
	}
	if s, name, ok := known(u); ok {
		if got := c.Look(ctx, s); got.State.Trouble == "" {
			got.Place = name
			return []Candidate{sure(got)}, nil
		}
	}
	page, err := c.client.Get(ctx, fetch.Request{URL: u.String(), Accept: feedTypes})
	if err != nil {
		return nil, err
	}
	at := u.String()
	if page.PermanentURL != "" && u.User == nil {
		at = page.PermanentURL
	}
	if raw, err := readFeed(page.Body, page.ContentType, page.URL); raw != nil && (err == nil || len(raw.items) > 0) {
		return []Candidate{sure(c.Look(ctx, digest.Source{Kind: digest.SourceFeed, URL: at}))}, nil
	}
	if m, err := parseSitemap(page.Body); err == nil && len(m.pages)+len(m.lists) > 0 {
		return []Candidate{sure(c.Look(ctx, digest.Source{Kind: digest.SourceSitemap, URL: at}))}, nil
	}
	found := c.ofPage(ctx, page, at)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("%s: %w", fetch.Public(at), ErrNoSource)
	}
	found[0].Sure = len(found) == 1 && found[0].Source.Kind == digest.SourceFeed
	return found, nil
}

func sure(c Candidate) Candidate {
	c.Sure = true
	return c
}

// addressed makes an address of what a person pastes in: "example.org/blog",
// "feed://example.org", "feed:https://example.org/feed".
func addressed(given string) (*url.URL, error) {
	raw := given
	if rest, ok := strings.CutPrefix(raw, "feed:"); ok {
		raw = strings.TrimPrefix(rest, "//")
	}
	if !strings.Contains(raw, "://") {
		raw = "https://" + raw
	}
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" ||
		!strings.Contains(u.Host, ".") && !strings.Contains(u.Host, ":") && u.Hostname() != "localhost" {
		return nil, fetch.Failure{URL: fetch.Public(given), Kind: fetch.KindAddress,
			Err: fmt.Errorf("neither an http(s) address nor a folder: %q", fetch.Public(given))}
	}
	u.Fragment = ""
	return u, nil
}
