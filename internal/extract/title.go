package extract

import (
	"regexp"
	"strings"
	"unicode"
)

// title picks the headline readers see: the h1 that another field confirms,
// else what JSON-LD, og:title or <title> say without the site's name.
func title(m meta, library, host string, h Hint) string {
	sites := []string{m.site, h.Source, strings.TrimPrefix(host, "www.")}
	witnesses := append(append([]string{m.ogTitle}, m.headlines...), m.title, library, h.Title)
	for _, confirmed := range []func(field, headline string) bool{same, begins, contains, resembles} {
		for _, w := range witnesses {
			for _, h1 := range m.h1 {
				if !isSite(h1, sites) && confirmed(w, h1) {
					return withoutSite(withoutKicker(h1, witnesses[:len(m.headlines)+1]), sites)
				}
			}
		}
	}
	for _, t := range append(append([]string{}, m.headlines...), m.ogTitle, library, m.title, h.Title) {
		if t = withoutSite(t, sites); t != "" {
			return t
		}
	}
	if len(m.h1) > 0 {
		return m.h1[0]
	}
	return ""
}

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
	first := between.Split(field, 2)[0]
	return len(h) >= 12 && len(f) < 4*len(h) && strings.Contains(f, h) ||
		letters(first) == h && strings.Contains(headline, " ")
}

// resembles tells whether a field says with other words what the headline says:
// editors write one title for readers and one for search engines.
func resembles(field, headline string) bool {
	have := map[string]bool{}
	for _, w := range strings.Fields(field) {
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
	return shared >= 2 && shared*2 >= all
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
	for _, c := range between.FindAllStringIndex(t, -1) {
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
