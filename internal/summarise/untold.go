package summarise

import (
	"slices"

	"hebdo/internal/text"
)

// again is how much of a sentence's words one sentence of an earlier issue's
// articles may have, before it says the same.
const again = .7

// untold leaves out the sentences that an earlier issue's articles have said:
// of a story that goes on, what is new is told. Where nothing else is there,
// they stay.
func (d reading) untold(r *text.Reader, told []string) reading {
	if len(told) == 0 {
		return d
	}
	var before []map[string]bool
	for _, s := range told {
		terms, _ := stems(r, s, d.lang)
		before = append(before, terms)
	}
	fresh := slices.DeleteFunc(slices.Clone(d.candidates), func(c candidate) bool {
		return slices.ContainsFunc(before, func(said map[string]bool) bool { return covers(said, c.terms) })
	})
	if len(fresh) > 0 {
		d.candidates = fresh
	}
	return d
}

// covers tells whether a sentence has nearly all the words of another.
func covers(said, terms map[string]bool) bool {
	n := 0
	for t := range terms {
		if said[t] {
			n++
		}
	}
	return len(terms) > 0 && float64(n) >= again*float64(len(terms))
}
