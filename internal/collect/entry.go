package collect

import (
	"encoding/base64"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

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
		Published: moment(item.PublishedParsed, dcterms(item, "issued", "created", "available")),
		Updated:   moment(item.UpdatedParsed, dcterms(item, "modified")),
		Authors:   authors(item),
		Language:  r.language(item),
	}
	content := r.unpack(first(item.Content, item.Custom["encoded"], item.Custom["fullitem"], item.Custom["body"]))
	summary := r.unpack(first(item.Description, item.Custom["summary"], extension(item, "media", "description"), extension(item, "media", "group", "description")))
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

// dcterms reads the first of the named dates of the Dublin Core terms, which
// are written in W3C-DTF.
func dcterms(item *gofeed.Item, names ...string) *time.Time {
	for _, name := range names {
		if t := w3cTime(extension(item, "dcterms", name)); !t.IsZero() {
			return &t
		}
	}
	return nil
}

// moment is the first time given, in UTC; a year that no feed can mean is no time.
func moment(times ...*time.Time) time.Time {
	for _, t := range times {
		if t != nil && t.Year() >= 1990 && t.Year() <= 2200 {
			return t.UTC()
		}
	}
	return time.Time{}
}

// unpack undoes the base64 mode of Atom 0.3, which the parser passes over.
func (r *rawFeed) unpack(text string) string {
	if r.feed.FeedVersion != "0.3" || strings.ContainsAny(text, "< ") {
		return text
	}
	packed := strings.Join(strings.Fields(text), "")
	if b, err := base64.StdEncoding.DecodeString(packed); err == nil && len(packed) >= 16 && utf8.Valid(b) {
		return string(b)
	}
	return text
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
