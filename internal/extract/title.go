package extract

import (
	"regexp"
	"strings"
	"unicode"
)

// title picks the headline readers see: the h1 that another field confirms,
// else what JSON-LD, og:title or <title> say without the site's name.
func title(m meta, library string, h Hint) string {
	witnesses := append([]string{m.ogTitle}, m.headlines...)
	witnesses = append(witnesses, m.title, library, h.Title)
	for _, h1 := range m.h1 {
		for _, w := range witnesses {
			if confirms(w, h1) {
				return h1
			}
		}
	}
	for _, t := range append(append([]string{}, m.headlines...), m.ogTitle, library, m.title, h.Title) {
		if t = withoutSite(t, m.site, h.Source); t != "" {
			return t
		}
	}
	if len(m.h1) > 0 {
		return m.h1[0]
	}
	return ""
}

// confirms tells whether a field speaks of the headline: they are the same but
// for a site's name, or a cut end.
func confirms(field, headline string) bool {
	f, h := letters(field), letters(headline)
	if f == "" || h == "" {
		return false
	}
	if f == h {
		return true
	}
	// A single word is contained in too much.
	long := len(h) >= 12 || strings.Count(headline, " ") >= 2
	return long && strings.Contains(f, h) || len(f) >= 20 && strings.HasPrefix(h, f)
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

// withoutSite takes the site's name off either end of a title.
func withoutSite(t string, names ...string) string {
	t = squeeze(t)
	cuts := between.FindAllStringIndex(t, -1)
	for _, name := range names {
		want := letters(name)
		if want == "" {
			continue
		}
		for _, c := range cuts {
			if c[0] > 0 && letters(t[c[1]:]) == want {
				return t[:c[0]]
			}
			if letters(t[:c[0]]) == want && c[1] < len(t) {
				return t[c[1]:]
			}
		}
	}
	if letters(t) == "" {
		return ""
	}
	return t
}
