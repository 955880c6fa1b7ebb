package collect

import (
	"context"
	"errors"
	"fmt"
	"net/http"
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
	if got, ok := c.atPlace(ctx, u); ok {
		return []Candidate{sure(got)}, nil
	}
	page, err := c.client.Get(ctx, fetch.Request{URL: u.String(), Accept: feedTypes, Partial: true})
	if err != nil && unanswered(err) && !strings.Contains(given, "://") { // nobody said https
		plainly := *u
		plainly.Scheme = "http"
		if got, retried := c.client.Get(ctx, fetch.Request{URL: plainly.String(), Accept: feedTypes, Partial: true}); retried == nil {
			u, page, err = &plainly, got, nil
		}
	}
	if err != nil {
		return c.behind(ctx, u, err)
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

// atPlace looks at what an address means at a place known by name: the first
// of its feeds that has something, else the first that answers.
func (c *Collector) atPlace(ctx context.Context, u *url.URL) (Candidate, bool) {
	var found Candidate
	answered := false
	sources, name := known(u)
	for _, s := range sources {
		got := c.Look(ctx, s)
		if got.State.Trouble != "" || answered && got.Total == 0 {
			continue
		}
		found, answered = got, true
		found.Place = name
		if got.Works() {
			break
		}
	}
	return found, answered
}

// unanswered tells whether a host may yet answer at its other door.
func unanswered(err error) bool {
	var f fetch.Failure
	if !errors.As(err, &f) {
		return false
	}
	switch f.Kind {
	case fetch.KindRefused, fetch.KindNetwork, fetch.KindTLS, fetch.KindTimeout:
		return true
	}
	return false
}

// behind looks for the feed of a page that lets no program in: many sites keep
// robots off their pages and serve their feeds to all. It fails with the
// page's own trouble when there is none.
func (c *Collector) behind(ctx context.Context, u *url.URL, trouble error) ([]Candidate, error) {
	var f fetch.Failure
	if !errors.As(trouble, &f) {
		return nil, trouble
	}
	switch f.Status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotAcceptable, http.StatusServiceUnavailable:
	default:
		return nil, trouble
	}
	found := c.firstFeedAt(ctx, guesses(u), map[string]bool{}, maxGuessed)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, trouble
	}
	found[0].Sure = below(u, found[0].Source.URL)
	return found, nil
}
