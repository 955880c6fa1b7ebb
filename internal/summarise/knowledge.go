package summarise

import "slices"

// knowledge is what training found about words themselves.
type knowledge struct {
	words table // how often a word of an article is in its summary
	pairs table
	cues  table // how much better or worse sentences with the word are
}

// table holds a number for each of many words. Words that were too rare to
// know anything about are not in it.
type table struct {
	units []unit // rising
	value []int8
	known []uint8 // about how often it was seen: a logarithm
}

func (t *table) of(u unit) (value, known float32) {
	i, ok := slices.BinarySearch(t.units, u)
	if !ok {
		return 0, 0
	}
	return float32(t.value[i]), float32(t.known[i])
}
