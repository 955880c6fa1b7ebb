package digest

import "iter"

// Part is what a letter tells of one theme, which its readers may leave out: the
// bytes From to To of its HTML, or of its text, whole lines.
type Part struct {
	Theme string // its ID
	HTML  bool
	From  int
	To    int
}

// Stretches cuts a letter's text, or its HTML, at the parts of it, and gives
// each stretch after its theme's ID, which is empty between the parts. Parts
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
