package extract

import (
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// naming is what a page is called, and what says so.
type naming struct{ title, why string }

// title picks the headline readers see: the h1, or another heading, that a
// field confirms; else what JSON-LD, og:title or <title> say without the
// site's name, unless a heading says more. headings are those of the page in
// their order. The library's reading comes late, for it has no other grounds.
func title(m meta, library string, u *url.URL, headings []line, h Hint) naming {
	host, slug := "", ""
	if u != nil {
		host = strings.TrimPrefix(u.Hostname(), "www.")
		slug = strings.TrimSuffix(path.Base(strings.TrimSuffix(u.Path, "/")), path.Ext(u.Path))
	}
	sites := []string{m.site, h.Source, host}
	var h1s []string
	for _, h1 := range m.h1 {
		if !isSite(h1, sites) && !m.endsTitle(h1, letters(slug)) {
			h1s = append(h1s, withoutDate(h1))
		}
	}
	own := append([]string{m.ogTitle}, m.headlines...)
	witnesses := append(own[:len(own):len(own)], m.title, h.Title)
	for n, confirmed := range []func(field, headline string) bool{same, begins, contains, resembles} {
		for _, w := range witnesses {
			for _, h1 := range h1s {
				if confirmed(w, h1) {
					return naming{withoutSite(withoutKicker(h1, own), sites), "the h1, which agrees with " + quoted(w)}
				}
			}
		}
		if n > 0 {
			continue
		}
		for _, w := range own {
			for _, heading := range headings {
				if len(letters(w)) >= 12 && same(w, heading.text) && !isSite(heading.text, sites) {
					return naming{withoutSite(withoutKicker(heading.text, own), sites), "a heading, which agrees with " + quoted(w)}
				}
			}
		}
	}
	for _, heading := range headings {
		t, first := heading.text, partsOf(m.title)[0]
		if (same(m.title, t) || same(first, t)) && strings.Count(t, " ") >= 2 && !isSite(t, sites) {
			return naming{t, "a heading, which <title> begins with"}
		}
	}
	for _, h1 := range h1s {
		if same(library, h1) {
			return naming{withoutSite(h1, sites), "the h1 that the library takes"}
		}
	}
	return m.named(h1s, headings, []string{partOf(m.title, slug), library, m.title, h.Title}, sites)
}

// partOf gives the one part of a <title> that shares words with the last part
// of the page's address; empty where none does, or more than one.
func partOf(title, slug string) string {
	named := map[string]bool{}
	for _, w := range strings.FieldsFunc(strings.ToLower(slug), func(r rune) bool { return r == '-' || r == '_' || r == '+' }) {
		named[letters(w)] = len(w) >= 4
	}
	found := ""
	for _, part := range partsOf(title) {
		if !slices.ContainsFunc(strings.Fields(part), func(w string) bool { return named[letters(w)] }) {
			continue
		}
		if found != "" {
			return ""
		}
		found = part
	}
	return found
}

// named gives the title of a page whose h1 no field confirms.
func (m meta) named(h1s []string, headings []line, titles, sites []string) naming {
	headings = slices.DeleteFunc(slices.Clone(headings), line.links)
	said := append(append([]string{}, m.headlines...), m.ogTitle)
	for _, t := range said {
		if t = withoutSite(t, sites); t != "" && !isSite(t, sites) {
			return naming{t, "JSON-LD or og:title, for no heading agrees with them"}
		}
	}
	if len(h1s) == 1 && strings.Contains(h1s[0], " ") {
		return naming{h1s[0], "the only h1"}
	}
	for _, t := range titles {
		t = withoutSite(t, sites)
		if t == "" {
			continue
		}
		if len(h1s) == 0 && len(headings) > 0 && says(headings[0].text, t) {
			return naming{headings[0].text, "the first heading, which says more than " + quoted(t)}
		}
		return naming{t, "<title>, or the feed's"}
	}
	if len(m.h1) > 0 {
		return naming{m.h1[0], "the h1, for there is nothing else"}
	}
	return naming{}
}

// says tells whether a heading of some words says more than a title, which is
// but a rubric or shares a word with it.
func says(heading, title string) bool {
	words := strings.Fields(title)
	if len(strings.Fields(heading)) <= 1 || len(heading) > 150 {
		return false
	}
	if len(words) == 1 {
		return true
	}
	for _, w := range words {
		if len(w) >= 5 && len(words) <= 4 && strings.Contains(letters(heading), letters(w)) && len(heading) > len(w)+4 {
			return true
		}
	}
	return false
}

// endsTitle tells a site's name by the <title> that ends with it: what stands
// before is named in the address.
func (m meta) endsTitle(h1, slug string) bool {
	t, end := letters(m.title), letters(h1)
	if end == "" || len(t) <= len(end) || !strings.HasSuffix(t, end) || len(slug) < 4 {
		return false
	}
	before := t[:len(t)-len(end)]
	return !strings.Contains(end, slug) && (strings.Contains(before, slug) || len(before) >= 4 && strings.Contains(slug, before))
}

// withoutDate takes a date off the front of a headline.
func withoutDate(t string) string {
	for _, form := range dateForms {
		if at := form.re.FindStringIndex(t); at != nil && at[0] == 0 && strings.Count(t[at[1]:], " ") >= 3 {
			return strings.TrimLeft(t[at[1]:], " :,|–—-")
		}
	}
	return t
}

func quoted(s string) string { return strconv.Quote(opening(s)) }

// isSite tells whether a line is but the site's name: as the page gives it, or
// as its host is called.
func isSite(line string, sites []string) bool {
	l := letters(line)
	for _, n := range sites {
		want := letters(n)
		if want == "" || l == "" {
			continue
		}
		if l == want || strings.Contains(n, ".") && len(l) >= 4 && strings.HasPrefix(want, l) {
			return true
		}
	}
	return false
}

// same tells whether a field is the headline, typography aside.
func same(field, headline string) bool {
	f := letters(field)
	return f != "" && f == letters(headline)
}

// begins tells whether a field is the headline and something shorter: a site's
// name or a rubric at either end, or the headline with its end cut off.
func begins(field, headline string) bool {
	f, h := letters(field), letters(headline)
	if len(f) >= 20 && strings.HasPrefix(h, f) {
		return true
	}
	return h != "" && len(f) < 2*len(h) && (strings.HasPrefix(f, h) || strings.HasSuffix(f, h))
}

// contains tells whether a field holds a headline of some words, and little else.
func contains(field, headline string) bool {
	f, h := letters(field), letters(headline)
	first := partsOf(field)[0]
	return len(h) >= 12 && len(f) < 4*len(h) && strings.Contains(f, h) ||
		letters(first) == h && strings.Contains(headline, " ")
}

// resembles tells whether a field says with other words what the headline says:
// editors write one title for readers and one for search engines.
func resembles(field, headline string) bool {
	said := strings.Fields(field)
	have := map[string]bool{}
	for _, w := range said {
		have[letters(w)] = true
	}
	all, shared := 0, 0
	for _, w := range strings.Fields(headline) {
		if w = letters(w); len(w) >= 3 {
			all++
			if have[w] {
				shared++
			}
		}
	}
	return shared >= 2 && shared*2 >= all && len(said) <= 4*shared // a rubric of two words is in many a long title
}

// letters folds a line to its letters and digits in lower case, so that
// typography does not matter.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// between is what sites put between a headline and their name.
var between = regexp.MustCompile(`\s+[|–—·•»›:-]\s+|\s*[|»]\s*`)

// separators finds them. What closes a quotation is none: « Ondine » is part of
// a headline.
func separators(t string) [][]int {
	return slices.DeleteFunc(between.FindAllStringIndex(t, -1), func(at []int) bool {
		return strings.Contains(t[at[0]:at[1]], "»") && strings.Count(t[:at[0]], "«") > strings.Count(t[:at[0]], "»")
	})
}

// partsOf is a title cut at its separators.
func partsOf(t string) []string {
	var parts []string
	from := 0
	for _, at := range separators(t) {
		parts, from = append(parts, t[from:at[0]]), at[1]
	}
	return append(parts, t[from:])
}

// withoutKicker takes a rubric off the front of a headline where a field
// holds the headline without it.
func withoutKicker(h1 string, fields []string) string {
	h := letters(h1)
	for _, field := range fields {
		f := letters(field)
		if len(f) >= 12 && len(f) < len(h) && 2*len(f) >= len(h) && strings.HasSuffix(h, f) {
			return field
		}
	}
	return h1
}

// withoutSite takes the site's name off either end of a title, and then a
// short rubric after a bar.
func withoutSite(t string, sites []string) string {
	t = squeeze(t)
	for _, c := range separators(t) {
		if c[0] > 0 && isSite(t[c[1]:], sites) {
			t = t[:c[0]]
			break
		}
		if c[1] < len(t) && isSite(t[:c[0]], sites) {
			t = t[c[1]:]
			break
		}
	}
	if i := strings.LastIndex(t, " | "); i > 0 && 3*len(t[i+3:]) < i && strings.Count(t[i+3:], " ") <= 2 {
		t = t[:i]
	}
	if letters(t) == "" {
		return ""
	}
	return t
}
