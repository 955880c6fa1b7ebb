package collect

import (
	"net/url"
	"slices"
	"strings"

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
	it := r.items[i]
	e := r.facts(it)
	base := r.bodyBase(it, e.URL)
	e.Content = sanitise(it.Content, base)
	e.Summary = sanitise(first(it.Description, it.Content), base)
	return e
}

// facts converts what costs little: all but the texts.
func (r *rawFeed) facts(it *rawItem) Entry {
	return Entry{
		ID:        clip(strings.TrimSpace(it.GUID), maxURL),
		Title:     clip(plain(it.Title), maxTitle),
		URL:       r.link(it),
		Published: when(it.Published),
		Updated:   when(it.Updated),
		Authors:   authors(it.Authors),
		Language:  r.spoken(it),
	}
}

// bodyBase is what links in an entry's text refer to: what the feed says (XML
// Base), else the entry's own page.
func (r *rawFeed) bodyBase(it *rawItem, page string) *url.URL {
	if it.body != nil {
		return it.body
	}
	if u, err := url.Parse(page); err == nil && page != "" {
		return u
	}
	return r.base
}

// link is where the entry can be read: its link, else a GUID that is an address.
func (r *rawFeed) link(it *rawItem) string {
	if u := absolute(it.base, it.Link); u != "" {
		return u
	}
	if guid := strings.TrimSpace(it.GUID); strings.HasPrefix(guid, "http://") || strings.HasPrefix(guid, "https://") {
		return absolute(r.base, guid)
	}
	return ""
}

func (r *rawFeed) spoken(it *rawItem) digest.Language {
	if l := digest.ParseLanguage(it.Language); l != "" {
		return l
	}
	return digest.ParseLanguage(r.language)
}

// authors names the people, each once, without their addresses where a name is
// known.
func authors(lines []string) []string {
	var names []string
	for _, line := range lines {
		name := clip(plain(person(line)), maxName)
		if name != "" && !slices.Contains(names, name) && len(names) < maxAuthors {
			names = append(names, name)
		}
	}
	return names
}

// person takes the name out of "me@example.com (Name)", "Name (me@example.com)"
// and "Name <me@example.com>".
func person(line string) string {
	line = strings.TrimSpace(line)
	if !strings.Contains(line, "@") {
		return line
	}
	for _, marks := range [...]string{"()", "<>"} {
		open := strings.IndexByte(line, marks[0])
		if open < 0 || !strings.HasSuffix(line, marks[1:]) {
			continue
		}
		outside, inside := strings.TrimSpace(line[:open]), strings.TrimSpace(line[open+1:len(line)-1])
		switch {
		case strings.Contains(inside, "@") && outside != "":
			return strings.Trim(outside, `"`)
		case strings.Contains(outside, "@") && inside != "":
			return inside
		}
		return first(inside, outside)
	}
	return line
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
