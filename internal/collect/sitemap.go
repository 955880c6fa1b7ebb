package collect

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"hebdo/internal/digest"
	"hebdo/internal/fetch"
)

const (
	maxSitemaps     = 10 // of an index, the most recently changed first
	maxSitemapURLs  = 500
	maxSitemapBytes = 50 << 20 // sitemaps.org: the largest file allowed
)

// sitemap is a document of sitemaps.org: a list of pages, or of such lists.
type sitemap struct {
	pages []place
	lists []place
}

// place is one <url> or <sitemap>.
type place struct {
	Loc      string `xml:"loc"`
	LastMod  string `xml:"lastmod"`
	Title    string `xml:"http://www.google.com/schemas/sitemap-news/0.9 news>title"`
	Date     string `xml:"http://www.google.com/schemas/sitemap-news/0.9 news>publication_date"`
	Language string `xml:"http://www.google.com/schemas/sitemap-news/0.9 news>publication>language"`
}

// readSitemap visits a sitemap, or the ten youngest of a sitemap index, and
// takes the 500 youngest pages on the same site that have the source's shape.
func (c *Collector) readSitemap(ctx context.Context, s digest.Source, state digest.SourceState) harvest {
	var h harvest
	where := fetch.Public(s.URL)
	page, ok := c.get(ctx, &h, fetch.Request{URL: s.URL, Robots: true, MaxBytes: maxSitemapBytes}, state)
	if !ok {
		return h
	}
	top, err := parseSitemap(page.Body)
	if err != nil {
		h.fail("source.notsitemap", where, err.Error())
		h.keep(fetch.Page{})
		return h
	}
	if len(top.lists) > 0 { // the index may be unchanged while its sitemaps are not
		h.keep(fetch.Page{})
	}
	pages := top.pages
	for _, list := range youngest(top.lists, maxSitemaps) {
		below, err := c.sitemapBelow(ctx, page.URL, list.Loc)
		if err != nil {
			h.note(digest.Warning, "source.part", where, err.Error())
			continue
		}
		pages = append(pages, below.pages...)
	}
	base, _ := url.Parse(page.URL)
	pages = shaped(pages, s.Links, func(p place) string { return p.Loc })
	chosen := youngest(pages, maxSitemapURLs)
	telling := tellingDates(chosen)
	for _, p := range chosen {
		if u, ok := sameSite(base, p.Loc); ok {
			h.finds = append(h.finds, p.find(u, telling))
		}
	}
	if len(h.finds) == 0 {
		h.note(digest.Warning, "source.empty", where, "")
	}
	return h
}

func (c *Collector) sitemapBelow(ctx context.Context, base, loc string) (sitemap, error) {
	b, err := url.Parse(base)
	if err != nil {
		return sitemap{}, err
	}
	page, err := c.client.Get(ctx, fetch.Request{URL: absolute(b, loc), Robots: true, MaxBytes: maxSitemapBytes})
	if err != nil {
		return sitemap{}, err
	}
	found, err := parseSitemap(page.Body)
	if err != nil {
		return sitemap{}, fmt.Errorf("%s: %w", page.URL, err)
	}
	return found, nil
}

// find is the page of a sitemap. It was edited when the sitemap says so, by
// its headline or a date of change that tells.
func (p place) find(u *url.URL, telling func(lastMod string) bool) find {
	at := Canonical(u.String())
	mark := func() string {
		changed := w3cTime(p.LastMod)
		if changed.IsZero() || !telling(p.LastMod) {
			return ""
		}
		sum := fnv1a(fnvBasis)
		sum.letters(p.Title)
		sum.text(changed.Format(time.RFC3339))
		return strconv.FormatUint(uint64(sum), 36)
	}
	return find{seen: seenName(at), at: p.time(), mark: mark, article: func() digest.Article {
		return digest.Article{
			URL: at, Title: clip(plain(p.Title), maxTitle), Language: digest.ParseLanguage(p.Language),
			Published: w3cTime(p.Date), Modified: w3cTime(p.LastMod),
		}
	}}
}

// tellingDates tells which dates of change say something of the one page: a
// date that a tenth of all pages share is when the site was built.
func tellingDates(places []place) func(lastMod string) bool {
	count := map[string]int{}
	for _, p := range places {
		count[p.LastMod]++
	}
	return func(lastMod string) bool { n := count[lastMod]; return n <= 3 || n*10 <= len(places) }
}

// youngest gives the n most recently changed places; those without a date keep
// their order behind them.
func youngest(places []place, n int) []place {
	places = slices.Clone(places)
	slices.SortStableFunc(places, func(a, b place) int { return b.time().Compare(a.time()) })
	return places[:min(n, len(places))]
}

func (p place) time() time.Time {
	if t := w3cTime(p.Date); !t.IsZero() {
		return t
	}
	return w3cTime(p.LastMod)
}

// w3cTime reads the forms of W3C-DTF that sitemaps use.
func w3cTime(v string) time.Time {
	v = strings.TrimSpace(v)
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05", time.DateOnly} {
		if t, err := time.Parse(layout, v); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}

var errNotSitemap = errors.New("this is no sitemap (urlset or sitemapindex)")

// parseSitemap reads a sitemap, gzipped or not; of a damaged one, what comes
// before the damage.
func parseSitemap(body []byte) (sitemap, error) {
	if bytes.HasPrefix(body, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(bytes.NewReader(body))
		if err != nil {
			return sitemap{}, fmt.Errorf("%w: %w", errNotSitemap, err)
		}
		if body, err = io.ReadAll(io.LimitReader(z, maxSitemapBytes)); err != nil {
			return sitemap{}, fmt.Errorf("%w: %w", errNotSitemap, err)
		}
	}
	d := xml.NewDecoder(bytes.NewReader(bytes.TrimSpace(decode(body, ""))))
	d.Strict = false
	var m sitemap
	for {
		token, err := d.Token()
		start, isStart := token.(xml.StartElement)
		switch {
		case err != nil && m.pages == nil && m.lists == nil:
			return plainSitemap(body)
		case err != nil:
			return m, nil //nolint:nilerr // what came before the end or the damage is good
		case !isStart || start.Name.Local == "urlset" || start.Name.Local == "sitemapindex":
			continue
		}
		var p place
		switch start.Name.Local {
		case "url":
			if d.DecodeElement(&p, &start) == nil && p.Loc != "" {
				m.pages = append(m.pages, p)
			}
		case "sitemap":
			if d.DecodeElement(&p, &start) == nil && p.Loc != "" {
				m.lists = append(m.lists, p)
			}
		default:
			if m.pages == nil && m.lists == nil {
				return m, errNotSitemap
			}
		}
	}
}

// plainSitemap reads the other form of a sitemap: an address a line, and
// nothing else (sitemaps.org, "Other Sitemap formats").
func plainSitemap(body []byte) (m sitemap, err error) {
	for line := range strings.Lines(strings.TrimPrefix(string(body), "\ufeff")) {
		switch line = strings.TrimSpace(line); {
		case line == "":
		case web(line) == nil || strings.ContainsAny(line, " \t<"):
			return sitemap{}, errNotSitemap
		default:
			m.pages = append(m.pages, place{Loc: line})
		}
	}
	if m.pages == nil {
		return m, errNotSitemap
	}
	return m, nil
}
