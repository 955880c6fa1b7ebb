package story

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Two fines of one authority, two rounds of one fund or two models of one
// laboratory are told in the same words; what differs is how much. So where
// both articles begin with figures, these raise or lower the similarity.
const (
	fewest     = 100 // whole numbers below say little: everything comes in twos and tens
	firstYear  = 1900
	lastYear   = 2100 // whole numbers between are taken for years
	rounded    = .02  // figures that differ by no more are the same, rounded
	otherwise  = .8   // of the similarity, where no figure is the same
	likewise   = 1.1  // times the similarity, where they agree
	halfAgreed = .5   // of what they begin with is enough: no two reports pick the same figures
)

// figure is an amount that an article names: money, a share, a count of many.
type figure struct {
	value float64 // per cents are negative, to be told from counts
	first float32 // its weight at the beginning of the article; 0: named further on
}

// valued gives the value of a number's key if it says something about an event.
func valued(key string) (float64, bool) {
	number, ok := strings.CutPrefix(key, "~")
	if !ok {
		return 0, false
	}
	number, percent := strings.CutSuffix(number, "%")
	v, err := strconv.ParseFloat(number, 64)
	whole := v == math.Trunc(v)
	switch {
	case err != nil:
		return 0, false
	case percent:
		return -v, true
	case whole && (v < fewest || v >= firstYear && v <= lastYear):
		return 0, false
	}
	return v, true
}

// figures gives those of an article in rising order, as rare words are
// weighed; value is by id.
func figures(counts []count, weight []float64, value map[int32]float64) []figure {
	var out []figure
	for _, c := range counts {
		v, ok := value[c.id]
		if !ok {
			continue
		}
		f := figure{value: v}
		if c.lead > 0 {
			w := (1 + math.Log(float64(c.all)/2)) * weight[c.id]
			f.first = float32(w * w)
		}
		out = append(out, f)
	}
	slices.SortFunc(out, func(a, b figure) int { return cmp.Compare(a.value, b.value) })
	return out
}

// figured is what the figures of two articles make of their similarity: 1
// where one of them begins without any.
func figured(a, b []figure) float64 {
	x, ok := also(a, b)
	y, both := also(b, a)
	if !ok || !both {
		return 1
	}
	return otherwise + (likewise-otherwise)*min(1, (x+y)/2/halfAgreed)
}

// also is the share of the figures an article begins with that the other names
// too, wherever; false when it begins with none.
func also(a, b []figure) (share float64, ok bool) {
	var same, all float32
	for _, f := range a {
		all += f.first
		if f.first > 0 && amid(b, f.value) {
			same += f.first
		}
	}
	return float64(same / all), all > 0
}

// amid tells whether a value is among rising figures, as near as one rounds.
func amid(rising []figure, v float64) bool {
	near := rounded * math.Abs(v)
	i, _ := slices.BinarySearchFunc(rising, v-near, func(f figure, v float64) int { return cmp.Compare(f.value, v) })
	return i < len(rising) && rising[i].value <= v+near
}
