package summarise

import (
	"maps"
	"slices"
	"sort"

	"hebdo/internal/digest"
	"hebdo/internal/text"
)

// alike is how much of a sentence's words may already have been said.
const alike = .55

// limits of a summary, or of one source's part in it.
type limits struct {
	sentences, words int
	said             map[string]bool // stems of what other sources have told
}

// choose picks sentences that stand alone, do not repeat each other or what
// was said, and keep to the limits, in reading order. Of French articles it
// takes the set that lets expect most; of others one sentence after the other,
// “…,” he said only after the sentence before it. Sentences that lean on one that
// is left out are the last resort. Behind those of another source they would lean
// on its words, and what points back would point there: none is taken.
func (d reading) choose(l limits) []candidate {
	adds := len(l.said) > 0
	for _, last := range []bool{false, true} {
		if adds && last {
			break
		}
		var fit []candidate
		for _, c := range d.candidates {
			if last {
				c.leaning, c.adrift = false, false
			}
			leans := c.leaning || c.adrift && d.lang == digest.French || adds && c.points
			if !leans && c.words <= l.words && unfit(c.text, d.lang) == "" && !foreign(c.text, d.lang) && !repeats(c, l.said) {
				fit = append(fit, c)
			}
		}
		var out []candidate
		if d.lang == digest.French {
			out = d.expected(fit, l)
		} else {
			out = best(fit, l)
		}
		if len(out) > 0 {
			return out
		}
	}
	return nil
}

// breadth is how much more what a text keeps coming back to counts in a long
// summary: that tells the article, a short one its news. It grows from 60 words
// to 150.
func (l limits) breadth() float64 {
	if l.words >= many {
		return 0
	}
	return 1.2 * max(0, min(1, float64(l.words-60)/90))
}

// best takes the best sentences one after the other.
func best(fit []candidate, l limits) []candidate {
	breadth := l.breadth()
	worth := func(c candidate) float64 { return c.score + breadth*c.centre }
	sort.SliceStable(fit, func(a, b int) bool { return worth(fit[a]) > worth(fit[b]) })
	told := map[string]bool{}
	maps.Copy(told, l.said)
	var out []candidate
	left, taken := l.words, map[int]bool{}
	for len(out) < l.sentences {
		i := slices.IndexFunc(fit, func(c candidate) bool {
			return c.words <= left && !taken[c.index] && (!c.adrift || taken[c.index-1]) && !repeats(c, told)
		})
		if i < 0 {
			break
		}
		c := fit[i]
		out = append(out, c)
		left -= c.words
		taken[c.index] = true
		for t := range c.terms {
			told[t] = true
		}
	}
	sortByPlace(out)
	return out
}

func sortByPlace(list []candidate) {
	sort.Slice(list, func(a, b int) bool { return list[a].index < list[b].index })
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
