package extract

import (
	"slices"
	"strings"

	"hebdo/internal/digest"
)

// Caps on what is kept of one article. A draft holds a window's articles in
// memory, and an issue their titles: pages made large on purpose, hundreds of
// them a day, would fill both.
const (
	maxText    = 256 << 10 // bytes; articles of 80 kB are rare
	maxTitle   = 500       // characters, as are the next three
	maxExcerpt = 2000
	maxName    = 200
	maxURL     = 2000 // bytes
	maxAuthors = 100
)

// bounded cuts what is longer, a text between two paragraphs. An address cannot
// be cut, and goes.
func bounded(a digest.Article) digest.Article {
	a.Text, a.FAQ = whole(a.Text), whole(a.FAQ)
	a.Title, a.Excerpt, a.Site = clip(a.Title, maxTitle), clip(a.Excerpt, maxExcerpt), clip(a.Site, maxName)
	a.Authors = slices.Clone(a.Authors[:min(len(a.Authors), maxAuthors)])
	for i, name := range a.Authors {
		a.Authors[i] = clip(name, maxName)
	}
	long := func(address string) bool { return len(address) > maxURL }
	a.Aliases = slices.DeleteFunc(slices.Clone(a.Aliases), long)
	if long(a.URL) {
		a.URL = ""
	}
	if long(a.Image) {
		a.Image, a.Picture = "", digest.Picture{}
	}
	return a
}

// whole gives the paragraphs that fit.
func whole(text string) string {
	if len(text) <= maxText {
		return text
	}
	text = text[:maxText]
	if end := strings.LastIndex(text, "\n\n"); end > 0 {
		return text[:end]
	}
	return strings.ToValidUTF8(text, "")
}

func clip(s string, most int) string {
	if len(s) <= most {
		return s
	}
	if r := []rune(s); len(r) > most {
		return strings.TrimSpace(string(r[:most-1])) + "…"
	}
	return s
}
