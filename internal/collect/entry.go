package collect

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"

	"hebdo/internal/digest"
)

// Caps on what one entry may bring, in characters.
const (
	maxTitle   = 500
	maxURL     = 2000
	maxName    = 200
	maxAuthors = 20
	maxExcerpt = 2000
	maxContent = 1 << 20 // bytes of HTML
)

// entry converts item i.
func (r *rawFeed) entry(i int) Entry {
	item := r.items[i]
	e := Entry{
		ID:        clip(strings.TrimSpace(item.GUID), maxURL),
		Title:     clip(plain(first(item.Title, extension(item, "media", "title"))), maxTitle),
		URL:       r.link(item),
		Published: moment(item.PublishedParsed),
		Updated:   moment(item.UpdatedParsed),
		Authors:   authors(item),
		Language:  r.language(item),
	}
	content := first(item.Content, extension(item, "content", "encoded"))
	summary := first(item.Description, extension(item, "media", "description"), extension(item, "media", "group", "description"))
	base := r.base
	if u, err := url.Parse(e.URL); err == nil && e.URL != "" {
		base = u
	}
	e.Content = sanitise(content, base)
	e.Summary = sanitise(first(summary, content), base)
	return e
}

// link is where the entry can be read: its link, else a GUID that is an address.
func (r *rawFeed) link(item *gofeed.Item) string {
	for _, l := range append([]string{item.Link}, item.Links...) {
		if u := absolute(r.base, l); u != "" {
			return u
		}
	}
	if guid := strings.TrimSpace(item.GUID); strings.HasPrefix(guid, "http://") || strings.HasPrefix(guid, "https://") {
		return absolute(r.base, guid)
	}
	return ""
}

func (r *rawFeed) language(item *gofeed.Item) digest.Language {
	if dc := item.DublinCoreExt; dc != nil && len(dc.Language) > 0 {
		if l := digest.ParseLanguage(dc.Language[0]); l != "" {
			return l
		}
	}
	return digest.ParseLanguage(r.feed.Language)
}

// authors names the people, without their addresses where a name is known.
func authors(item *gofeed.Item) []string {
	var names []string
	add := func(name string) {
		name = clip(plain(name), maxName)
		if name != "" && !slices.Contains(names, name) && len(names) < maxAuthors {
			names = append(names, name)
		}
	}
	for _, a := range item.Authors {
		if a != nil {
			add(first(a.Name, a.Email))
		}
	}
	if dc := item.DublinCoreExt; dc != nil {
		for _, name := range dc.Creator {
			add(name)
		}
	}
	return names
}

// extension finds the text of a namespaced element: prefix, then the names
// leading down to it.
func extension(item *gofeed.Item, prefix string, path ...string) string {
	level := item.Extensions[prefix]
	for i, name := range path {
		found := level[name]
		if len(found) == 0 {
			return ""
		}
		if i == len(path)-1 {
			return found[0].Value
		}
		level = found[0].Children
	}
	return ""
}

// moment is a time in UTC; a year that no feed can mean is no time.
func moment(t *time.Time) time.Time {
	if t == nil || t.Year() < 1990 || t.Year() > 2200 {
		return time.Time{}
	}
	return t.UTC()
}

// absolute resolves link against base; what does not lead to an http(s)
// address gives nothing.
func absolute(base *url.URL, link string) string {
	link = strings.TrimSpace(link)
	if link == "" || len(link) > maxURL {
		return ""
	}
	u, err := base.Parse(link)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	u.User = nil
	return u.String()
}

func first(candidates ...string) string {
	for _, c := range candidates {
		if strings.TrimSpace(c) != "" {
			return c
		}
	}
	return ""
}
