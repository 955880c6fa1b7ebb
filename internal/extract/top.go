package extract

import (
	"regexp"
	"strings"
	"time"
	"unicode/utf8"
)

// top is what stands between the title of a text and its first paragraph.
type top struct {
	published, modified time.Time
	authors             []string
	rest                []block
}

var readingTime = regexp.MustCompile(`(?i)\b\d+ ?(?:min(?:utes?)?)\b.{0,15}\b(?:read|lecture)|(?:temps de lecture|reading time)`)

// readTop takes lines as long as they say when, by whom or how long. The
// paragraph right under a name is the author's portrait and goes with it.
func readTop(blocks []block, h Hint) top {
	var t top
	i := 0
	for i < len(blocks) && i < 12 {
		line := blocks[i].text
		switch {
		case t.date(line, h):
		case readingTime.MatchString(line) && utf8.RuneCountInString(line) < 60:
		case t.name(blocks, i):
		case i > 0 && len(t.authors) > 0 && blocks[i].tight && (about{authors: t.authors}).isByline(blocks[i-1].text) && lastOfRun(blocks, i):
			// the portrait; once more at the end, tidy has to know it
			t.rest = blocks[i+1:]
			t.rest = dropTwin(t.rest, line)
			return t
		default:
			t.rest = blocks[i:]
			return t
		}
		i++
	}
	t.rest = blocks[min(i, len(blocks)):]
	return t
}

// lastOfRun tells whether an empty line follows.
func lastOfRun(blocks []block, i int) bool { return i+1 < len(blocks) && !blocks[i+1].tight }

// dropTwin takes out a paragraph wherever it is repeated.
func dropTwin(blocks []block, line string) []block {
	var out []block
	for _, b := range blocks {
		if letters(b.text) != letters(line) {
			out = append(out, b)
		}
	}
	return out
}

// date takes a line that is a date, or that says what its date is of.
func (t *top) date(line string, h Hint) bool {
	if utf8.RuneCountInString(line) > 120 {
		return false
	}
	got, ok := h.dateIn(line)
	if !ok || !h.possible(got.at) {
		return false
	}
	modified := modifiedWords.FindStringIndex(line)
	published := publishedWords.FindStringIndex(line)
	if modified == nil && published == nil && !bareDate(line) && !agoAlone.MatchString(line) {
		return false
	}
	if modified != nil && (published == nil || modified[0] < published[0]) {
		t.modified = got.at
		return true
	}
	if t.published.IsZero() {
		t.published = got.at
	}
	if modified != nil { // both on one line
		if second, ok := readDate(line[modified[0]:], h.Zone); ok {
			t.modified = second.at
		}
	}
	if len(t.authors) == 0 { // "Par Ada Lovelace, publié le …"
		if by := byPrefix.FindString(line); by != "" {
			rest := line[len(by):]
			if at := publishedWords.FindStringIndex(rest); at != nil {
				rest = rest[:at[0]]
			}
			t.authors = names(strings.TrimRight(rest, " ,|–—-·•"))
		}
	}
	return true
}

// name takes a line that names the author: after "Par" or "By", or a name of
// two words and more that stands among the lines of dates, or twice.
func (t *top) name(blocks []block, i int) bool {
	line := blocks[i].text
	if utf8.RuneCountInString(line) > 100 {
		return false
	}
	got := names(line)
	if len(got) == 0 {
		return false
	}
	a := about{authors: got}
	switch {
	case !a.isByline(line):
		return false
	case byPrefix.MatchString(line):
	case !strings.ContainsAny(got[0], " \u00a0"):
		return false
	case blocks[i].tight, i+1 < len(blocks) && letters(blocks[i+1].text) == letters(line):
	case i > 0 && !t.published.IsZero() && followedByProse(blocks, i):
	default:
		return false
	}
	if len(t.authors) == 0 {
		t.authors = got
	}
	return true
}

func followedByProse(blocks []block, i int) bool {
	return i+1 < len(blocks) && utf8.RuneCountInString(blocks[i+1].text) > 120
}
