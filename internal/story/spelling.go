package story

import (
	"math"
	"slices"

	"hebdo/internal/text"
)

// Beside their words, articles are compared by how their first words are
// spelled: three characters in a row of each (trigrams). "Bushfires" is near
// "wildfires", "régulateur" near "regulator", without a word list that says so.
const (
	spelledWords = 28 // of the beginning, without stop words
	spelledShare = .3 // of the similarity
)

// symbols: a space for the edge of a word, letters, digits, and one for all else.
const symbols = 1 + 26 + 10 + 1

// trigram is three symbols as one number.
type trigram uint16

const trigrams = symbols * symbols * symbols

func symbol(c byte) trigram {
	switch {
	case c >= 'a' && c <= 'z':
		return trigram(c-'a') + 1
	case c >= '0' && c <= '9':
		return trigram(c-'0') + 27
	}
	return symbols - 1
}

// spelled gives the trigrams of an article's first words in rising order, each
// as often as it stands there.
func spelled(words []text.Word, into []trigram) []trigram {
	into = into[:0]
	n := 0
	for _, w := range words {
		if w.Stop || w.Fold == "" {
			continue
		}
		if n++; n > spelledWords {
			break
		}
		a, b := trigram(0), symbol(w.Fold[0])
		for i := 1; i <= len(w.Fold); i++ {
			c := trigram(0)
			if i < len(w.Fold) {
				c = symbol(w.Fold[i])
			}
			into = append(into, (a*symbols+b)*symbols+c)
			a, b = b, c
		}
	}
	slices.Sort(into)
	return into
}

// weighSpelling turns the trigrams of a window's articles into unit vectors;
// those that nearly all articles hold weigh nothing.
func weighSpelling(docs [][]trigram) [][]term {
	held := make([]int32, trigrams)
	for _, d := range docs {
		for i, g := range d {
			if i == 0 || d[i-1] != g {
				held[g]++
			}
		}
	}
	out := make([][]term, len(docs))
	for k, d := range docs {
		sum, vector := 0.0, make([]term, 0, distinct(d))
		for i := 0; i < len(d); {
			n := 1
			for i+n < len(d) && d[i+n] == d[i] {
				n++
			}
			if w := (1 + math.Log(float64(n))) * math.Log(float64(len(docs)+2)/float64(held[d[i]])); w > 0 {
				sum += w * w
				vector = append(vector, term{int32(d[i]), float32(w)})
			}
			i += n
		}
		unit(vector, sum)
		out[k] = vector
	}
	return out
}

func distinct(rising []trigram) int {
	n := 0
	for i, g := range rising {
		if i == 0 || rising[i-1] != g {
			n++
		}
	}
	return n
}
