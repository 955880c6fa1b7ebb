package digest

import (
	"iter"
	"slices"
	"strings"
)

// Part is what a letter tells of a theme, or of several, which its readers may
// leave out: the bytes From to To of its HTML, or of its text, whole lines.
type Part struct {
	Theme string // its ID; of several all IDs, set apart by spaces; behind Instead, for those who leave all of them out
	HTML  bool
	From  int
	To    int
}

// Instead stands before the Theme of a part that only those get to whom nothing
// is told of it. No ID holds it.
const Instead = "!"

// Told tells whether a reader who leaves themes out gets a part of that Theme:
// only if at least one of its own is not among them, or, behind Instead, if all
// are. An empty one is told to everybody.
func Told(theme string, without []string) bool {
	ids, instead := strings.CutPrefix(theme, Instead)
	for id := range strings.FieldsSeq(ids) {
		if !slices.Contains(without, id) {
			return !instead
		}
	}
	return instead || theme == ""
}

// Stretches cuts a letter's text, or its HTML, at the parts of it, and gives
// each stretch after its part's Theme, which is empty between the parts. Parts
// are in their order; one that is empty, overlaps another, lies outside, or cuts
// a line, is none.
func Stretches(s string, parts []Part, html bool) iter.Seq2[string, string] {
	return func(yield func(theme, stretch string) bool) {
		at := 0
		line := func(at int) bool { return at == 0 || s[at-1] == '\n' }
		for _, p := range parts {
			if p.HTML != html || p.Theme == "" || p.From < at || p.To <= p.From || p.To > len(s) || !line(p.From) || !line(p.To) {
				continue
			}
			if !yield("", s[at:p.From]) || !yield(p.Theme, s[p.From:p.To]) {
				return
			}
			at = p.To
		}
		yield("", s[at:])
	}
}

// told is what a reader who leaves themes out gets of a text, or of HTML.
func told(s string, parts []Part, html bool, without []string) string {
	var b strings.Builder
	for theme, stretch := range Stretches(s, parts, html) {
		if Told(theme, without) {
			b.WriteString(stretch)
		}
	}
	return b.String()
}
