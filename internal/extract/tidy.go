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
	houses    []string // names of the site
}

// tidy leaves of an article's blocks what its author wrote: it takes off the
// headline and byline, the portrait of the author, furniture of the site,
// teasers of other articles and the site's trailer, and moves a block of
// questions and answers to faq.
func tidy(blocks []block, a about) (text, faq []block) {
	all := blocks
	blocks = masthead(blocks, a)
	blocks = cutTrailer(blocks, a)
	blocks = cutOthers(blocks)
	blocks = portraits(blocks, a)
	blocks = withoutGalleries(blocks)
	blocks = slices.DeleteFunc(blocks, furniture)
	blocks = a.withoutNotices(blocks)
	blocks = teasers(blocks)
	blocks = once(blocks)
	text, faq = splitFAQ(blocks, a.questions)
	for len(text) > 0 && orphan(text) {
		text = text[:len(text)-1]
	}
	if len(text) == 0 && len(faq) == 0 {
		return all, nil // a page of a line or two that look like furniture
	}
	return text, faq
}

// orphan tells whether the last block heads what is no longer there, or is the
// only item of a list that nothing announces: a tag.
func orphan(text []block) bool {
	n := len(text) - 1
	last := text[n]
	if sentence(last.text) {
		return false
	}
	return last.kind == heading || last.kind == item && n > 0 && text[n-1].kind == para && sentence(text[n-1].text) && utf8.RuneCountInString(last.text) <= 60
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
		return t == letters(a.title) || a.isByline(b.text) || a.isCredit(b.text) || bareDate(b.text) || datedLine(b.text) ||
			b.kind != heading && (signedDate(b.text) || countedLine(b.text))
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
	return known && (len(rest) <= 8 || noName[rest])
}

// isCredit tells whether a line names an author after a "by", whatever role and house it goes on to tell.
func (a about) isCredit(line string) bool {
	by := byPrefix.FindString(line)
	return by != "" && utf8.RuneCountInString(line) <= 110 && !sentence(line) && a.beginsWithName(line[len(by):])
}

// cutTrailer ends the article where the site goes on: at a second author's
// box, or at a line that repeats the title within something else, as trails of
// rubrics and buttons do. It does so only in the second half, and only where
// little would go.
func cutTrailer(blocks []block, a about) []block {
	all := volume(blocks)
	twins := countTwins(blocks)
	before, inByline := 0, false
	for i, b := range blocks {
		byline := a.isByline(b.text)
		late := before*2 > all && (all-before)*5 < all*2
		if late && (a.isTrail(b) || byline && !inByline && a.isBox(blocks, i, twins)) {
			return blocks[:i]
		}
		inByline = byline
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

// isBox recognises names of authors, from blocks[i] on, followed by a portrait.
func (a about) isBox(blocks []block, i int, twins map[string]int) bool {
	for i++; i < len(blocks) && a.isByline(blocks[i].text); i++ {
	}
	return i < len(blocks) && (twins[twinKey(blocks[i])] > 1 || portrays(blocks[i].text))
}

// twinKey is the same for paragraphs that say the same; empty for short ones,
// which may well stand twice.
func twinKey(b block) string {
	if t := letters(b.text); len(t) >= 30 {
		return t
	}
	return ""
}

// countTwins counts how often each longer paragraph stands in a text.
func countTwins(blocks []block) map[string]int {
	twins := map[string]int{}
	for _, b := range blocks {
		if k := twinKey(b); k != "" {
			twins[k]++
		}
	}
	return twins
}

// portraits takes out what is said of the authors: the paragraph under a
// byline that stands twice or sounds like a portrait, wherever it stands, and
// at either end a paragraph that begins with an author's name and does.
func portraits(blocks []block, a about) []block {
	twins := countTwins(blocks)
	gone := map[string]bool{}
	drop := make([]bool, len(blocks))
	underByline := false
	for i, b := range blocks {
		edge := i < 3 || i >= len(blocks)-4
		switch {
		case a.isByline(b.text) && (edge || b.kind != heading):
			drop[i], underByline = true, true
			continue
		case underByline && (twins[twinKey(b)] > 1 || portrays(b.text) || b.tight && edge):
			drop[i] = true
			gone[twinKey(b)] = true
		case edge && a.beginsWithName(b.text) && portrays(b.text):
			drop[i] = true
		}
		underByline = false
	}
	var out []block
	for i, b := range blocks {
		if k := twinKey(b); !drop[i] && (k == "" || !gone[k]) {
			out = append(out, b)
		}
	}
	return out
}

func (a about) beginsWithName(s string) bool {
	for _, n := range a.authors {
		if strings.HasPrefix(letters(s), letters(n)) {
			return true
		}
	}
	return false
}

// once keeps the first of paragraphs that are the same, unless the text is
// made of repetitions.
func once(blocks []block) []block {
	seen, long, twins := map[string]bool{}, 0, 0
	var out []block
	for _, b := range blocks {
		t := letters(b.text)
		if len(t) >= 60 {
			long++
			if seen[t] {
				twins++
				continue
			}
			seen[t] = true
		}
		out = append(out, b)
	}
	if long < 8 && twins > 0 || twins*4 > long {
		return blocks
	}
	return out
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
