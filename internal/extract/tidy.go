package extract

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// about is what the rules need to know of an article.
type about struct {
	title     string
	authors   []string
	questions []string // that the page marks as its FAQ
}

// tidy leaves of an article's blocks what its author wrote: it takes off the
// headline and byline, the portrait of the author, furniture of the site,
// teasers of other articles and the site's trailer, and moves a block of
// questions and answers to faq.
func tidy(blocks []block, a about) (text, faq []block) {
	blocks = masthead(blocks, a)
	blocks = cutTrailer(blocks, a)
	blocks = portraits(blocks, a)
	blocks = slices.DeleteFunc(blocks, furniture)
	blocks = teasers(blocks)
	blocks = once(blocks)
	text, faq = splitFAQ(blocks, a.questions)
	for len(text) > 0 && text[len(text)-1].kind == heading {
		text = text[:len(text)-1] // it headed what is no longer there
	}
	return text, faq
}

// masthead takes the headline, bylines and dates off the top.
func masthead(blocks []block, a about) []block {
	seen := 0
	return slices.DeleteFunc(slices.Clone(blocks), func(b block) bool {
		seen++
		if seen > 8 {
			return false
		}
		t := letters(b.text)
		return t == letters(a.title) || a.isByline(b.text) || bareDate(b.text)
	})
}

// isByline tells whether a line is nothing but the authors' names.
func (a about) isByline(line string) bool {
	if utf8.RuneCountInString(line) > 90 || len(a.authors) == 0 {
		return false
	}
	got := names(line)
	if len(got) == 0 {
		return false
	}
	known := false
	for _, n := range got {
		known = known || has(a.authors, n)
	}
	rest := letters(byPrefix.ReplaceAllString(line, ""))
	for _, n := range got {
		rest = strings.Replace(rest, letters(n), "", 1)
	}
	return known && len(rest) <= 8
}

// cutTrailer ends the article where the site goes on: at a second author's
// box, or at a line that repeats the title within something else, as trails of
// rubrics and buttons do. It does so only in the second half, and only where
// little would go.
func cutTrailer(blocks []block, a about) []block {
	all := volume(blocks)
	before := 0
	for i, b := range blocks {
		if before*2 > all && (all-before)*5 < all*2 && (a.isTrail(b) || a.isBox(blocks, i)) {
			return blocks[:i]
		}
		before += length(b.text)
	}
	return blocks
}

// isTrail recognises "Home › News › Title", however it is glued together.
func (a about) isTrail(b block) bool {
	t, line := letters(a.title), letters(b.text)
	extra := len(line) - len(t)
	return len(t) >= 20 && extra > 0 && extra <= 60 && strings.Contains(line, t) && !sentence(b.text)
}

// isBox recognises the name of the author followed by a portrait.
func (a about) isBox(blocks []block, i int) bool {
	if !a.isByline(blocks[i].text) {
		return false
	}
	for i++; i < len(blocks) && a.isByline(blocks[i].text); i++ {
	}
	return i < len(blocks) && (repeated(blocks, i) || portrays(blocks[i].text))
}

// repeated tells whether a paragraph stands somewhere else too.
func repeated(blocks []block, i int) bool {
	t := letters(blocks[i].text)
	for j, b := range blocks {
		if j != i && len(t) >= 30 && letters(b.text) == t {
			return true
		}
	}
	return false
}

// portraits takes out what is said of the authors: the paragraph under a
// byline that stands twice or sounds like a portrait, and at either end a
// paragraph that begins with an author's name and does.
func portraits(blocks []block, a about) []block {
	drop := make([]bool, len(blocks))
	for i, b := range blocks {
		edge := i < 3 || i >= len(blocks)-4
		switch {
		case a.isByline(b.text) && (edge || b.kind != heading):
			drop[i] = true
			for j := i + 1; j < len(blocks) && j <= i+3; j++ {
				if a.isByline(blocks[j].text) {
					continue
				}
				drop[j] = repeated(blocks, j) || portrays(blocks[j].text) || blocks[j].tight && edge
				if drop[j] {
					dropTwins(blocks, drop, j)
				}
				break
			}
		case edge && a.beginsWithName(b.text) && portrays(b.text):
			drop[i] = true
		}
	}
	var out []block
	for i, b := range blocks {
		if !drop[i] {
			out = append(out, b)
		}
	}
	return out
}

func dropTwins(blocks []block, drop []bool, i int) {
	t := letters(blocks[i].text)
	for j := range blocks {
		if len(t) >= 30 && letters(blocks[j].text) == t {
			drop[j] = true
		}
	}
}

func (a about) beginsWithName(s string) bool {
	for _, n := range a.authors {
		if strings.HasPrefix(letters(s), letters(n)) {
			return true
		}
	}
	return false
}

// once keeps the first of paragraphs that are the same.
func once(blocks []block) []block {
	seen := map[string]bool{}
	return slices.DeleteFunc(blocks, func(b block) bool {
		t := letters(b.text)
		if len(t) < 60 {
			return false
		}
		if seen[t] {
			return true
		}
		seen[t] = true
		return false
	})
}

// sentence tells whether a line ends as sentences do.
func sentence(s string) bool {
	s = strings.TrimRight(s, " \u00a0»”\"’')]")
	r, _ := utf8.DecodeLastRuneInString(s)
	return strings.ContainsRune(".!?…", r)
}

func startsLower(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLower(r)
}
