package collect

import (
	"context"
	"errors"
	"strings"

	"hebdo/internal/digest"
	"hebdo/internal/fetch"
)

const feedTypes = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, application/json;q=0.9, text/xml;q=0.9, */*;q=0.5"

// readFeed visits a feed. robots.txt is not asked: a feed is made for programs.
func (c *Collector) readFeed(ctx context.Context, s digest.Source, state digest.SourceState) harvest {
	var h harvest
	page, ok := c.get(ctx, &h, fetch.Request{URL: s.URL, Accept: feedTypes, Partial: true}, state)
	if !ok {
		h.title = state.Title
		return h
	}
	where := fetch.Public(s.URL)
	raw, err := readFeed(page.Body, page.ContentType, page.URL)
	switch {
	case errors.Is(err, ErrTruncated):
		h.note(digest.Warning, "feed.truncated", where, "")
	case errors.Is(err, ErrDamaged):
		h.note(digest.Warning, "feed.damaged", where, err.Error())
	case err != nil && page.Partial:
		h.fail("source.unreachable", where, err.Error())
		return h
	case err != nil:
		h.notFeed(where, page, err)
		return h
	}
	if err != nil || page.Partial { // what is missing may come whole next time: ask for all of it
		h.keep(fetch.Page{})
	}
	h.title = raw.head().Title
	h.asked = max(h.asked, raw.asked())
	links := raw.links()
	parts := raw.parts(links)
	for i, seen := range raw.seen(links, parts) {
		if raw.habit != nil && raw.habit.old != nil && raw.habit.old(raw.items[i]) {
			continue
		}
		h.finds = append(h.finds, find{
			seen: seen, at: raw.at(i), mark: func() string { return raw.mark(i) },
			article: func() digest.Article { return raw.article(i, parts[i]) },
		})
	}
	switch quiet := raw.habit != nil && raw.habit.quiet; {
	case len(h.finds) > 0:
	case quiet:
		h.unchanged = true // nothing today is no sign of illness
	default:
		h.note(digest.Warning, "source.empty", where, "")
	}
	return h
}

// notFeed says what came instead, and where the feed may be.
func (h *harvest) notFeed(where string, page fetch.Page, err error) {
	h.fail("source.notfeed", where, err.Error())
	h.keep(fetch.Page{})
	for _, feed := range feedsNamedBy(page) {
		h.note(digest.Info, "source.feedhint", where, feed)
	}
}

func (r *rawFeed) links() []string {
	links := make([]string, len(r.items))
	for i, item := range r.items {
		links[i] = r.link(item)
	}
	return links
}

// seen names the entries: GUID, else normalised address, else a hash of what
// there is. A GUID that several entries with different addresses share (the
// site's own address, say) names none of them.
func (r *rawFeed) seen(links, parts []string) []string {
	at := map[string]string{}
	shared := map[string]bool{}
	for i, item := range r.items {
		if was, ok := at[item.GUID]; ok && was != links[i] {
			shared[item.GUID] = true
		}
		at[item.GUID] = links[i]
	}
	names := make([]string, len(r.items))
	for i, item := range r.items {
		guid := strings.TrimSpace(item.GUID)
		switch {
		case guid != "" && !shared[item.GUID]:
			names[i] = seenName(guid)
		case links[i] != "":
			names[i] = seenName(first(parts[i], atAnchor(links[i])))
		default:
			names[i] = "sha256:" + hash([]byte(item.Title+"\x00"+item.Published+"\x00"+item.Description+"\x00"+item.Content))
		}
	}
	return names
}

// article is entry i, with the address of its part if it is one, as the next
// stages want it. Its texts are not sanitised here: extraction reads the one,
// and the other becomes plain.
func (r *rawFeed) article(i int, part string) digest.Article {
	it := r.items[i]
	e := r.facts(it)
	a := digest.Article{
		Title: e.Title, Authors: e.Authors, Language: e.Language,
		Published: e.Published, Modified: e.Updated,
		Excerpt: withoutAppendix(excerpt(first(it.Description, it.Content))),
	}
	if e.URL != "" {
		a.URL = first(part, Canonical(e.URL))
	}
	if a.Published.IsZero() {
		a.Published = a.Modified
	}
	text := strings.TrimSpace(it.Content)
	if text == "" && (e.URL == "" || part != "") { // without a page of its own the summary is all there is
		text = strings.TrimSpace(it.Description)
	}
	if len(text) > maxContent {
		text = strings.ToValidUTF8(text[:maxContent], "")
	}
	if text != "" {
		a.Raw = digest.Raw{Type: "text/html", Body: []byte(text)}
	}
	if r.habit != nil && r.habit.shape != nil {
		r.habit.shape(it, &a)
	}
	if a.Title == "" { // a post
		a.Title = headlineOf(a.Excerpt)
	}
	return a
}

// excerpt is the beginning of a text, plain. What is read of its HTML is
// bounded as well: some feeds give a whole book as the summary.
func excerpt(markup string) string {
	if most := 16 * maxExcerpt; len(markup) > most {
		markup = strings.ToValidUTF8(markup[:most], "")
	}
	return clip(plain(markup), maxExcerpt)
}
