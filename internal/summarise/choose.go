package summarise

import (
	"sort"

	"hebdo/internal/digest"
	"hebdo/internal/text"
)

// alike is how much of a sentence's words may already have been said.
const alike = .55

// choose picks the best sentences, at most so many, of at most so many words
// together, that do not repeat each other or said, and puts them into reading
// order. A sentence that leans on the one before it is taken only right after it.
func choose(candidates []candidate, lang digest.Language, sentences, words int, said map[string]bool) []candidate {
	order := make([]int, len(candidates))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(a, b int) bool { return candidates[order[a]].score > candidates[order[b]].score })
	var out []candidate
	taken := map[int]bool{}
	told := map[string]bool{}
	for t := range said {
		told[t] = true
	}
	left := words
	for pass := 0; pass < 2; pass++ { // the second for those whose forerunner came late
		for _, i := range order {
			c := candidates[i]
			if len(out) == sentences || taken[c.index] || c.words > left || repeats(c, told) {
				continue
			}
			if c.leaning && !taken[c.index-1] || unfit(c.text) != "" || foreign(c.text, lang) {
				continue
			}
			out = append(out, c)
			taken[c.index] = true
			left -= c.words
			for t := range c.terms {
				told[t] = true
			}
		}
	}
	sort.Slice(out, func(a, b int) bool { return out[a].index < out[b].index })
	return out
}

// repeats tells whether a sentence says little that is not told yet.
func repeats(c candidate, told map[string]bool) bool {
	if len(c.terms) == 0 {
		return true
	}
	n := 0
	for t := range c.terms {
		if told[t] {
			n++
		}
	}
	return len(told) > 0 && float64(n) >= alike*float64(len(c.terms))
}

// foreign tells whether a sentence is surely not in the language of its text.
func foreign(s string, lang digest.Language) bool {
	if lang == "" || text.Count(s) < 8 {
		return false
	}
	is := text.Language(s)
	return is != "" && is != lang
}
