package story

import (
	"math"
	"sort"
)

// learned is a multinomial naive Bayes over the words of examples.
type learned struct {
	prior []float64
	word  map[string][]float64 // log probability by theme
	blank []float64            // of a word never seen in the theme
}

// smoothing is added to every count (Lidstone).
const smoothing = .15

// byWords is how much the themes' own words count against what was learned.
const byWords = .75

func (t *Themer) learn(examples []Example) *learned {
	at := map[string]int{}
	for i, id := range t.ids {
		at[id] = i
	}
	counts := map[string][]float64{}
	total := make([]float64, len(t.ids))
	docs := make([]float64, len(t.ids))
	n := 0.0
	for _, e := range examples {
		i, ok := at[e.Theme]
		if !ok {
			continue
		}
		n++
		docs[i]++
		words, _ := t.count(e.Title, e.Text, e.Language)
		for w := range words { // presence, not frequency: a text is short
			if counts[w] == nil {
				counts[w] = make([]float64, len(t.ids))
			}
			counts[w][i]++
			total[i]++
		}
	}
	if n == 0 {
		return nil
	}
	l := &learned{word: map[string][]float64{}, prior: make([]float64, len(t.ids)), blank: make([]float64, len(t.ids))}
	size := float64(len(counts)) * smoothing
	for i := range t.ids {
		l.prior[i] = math.Log((docs[i] + 1) / (n + float64(len(t.ids))))
		l.blank[i] = math.Log(smoothing / (total[i] + size))
	}
	for w, c := range counts {
		row := make([]float64, len(t.ids))
		for i := range row {
			row[i] = math.Log((c[i] + smoothing) / (total[i] + size))
		}
		l.word[w] = row
	}
	return l
}

// add brings what was learned into the scores: both become comparable by
// dividing each by its spread over the themes.
func (l *learned) add(scores []float64, counts map[string]float64, t *Themer) {
	words := make([]string, 0, len(counts))
	for w := range counts {
		if l.word[w] != nil {
			words = append(words, w)
		}
	}
	sort.Strings(words)
	bayes := append([]float64(nil), l.prior...)
	for _, w := range words {
		for i, p := range l.word[w] {
			bayes[i] += p
		}
	}
	spread(bayes)
	spread(scores)
	lowest := 0.0
	for i := range scores {
		scores[i] = byWords*scores[i] + bayes[i]
		lowest = math.Min(lowest, scores[i])
	}
	for i := range scores {
		scores[i] -= lowest - .001
	}
}

// spread centres values and divides them by their standard deviation.
func spread(v []float64) {
	mean, sq := 0.0, 0.0
	for _, x := range v {
		mean += x / float64(len(v))
	}
	for _, x := range v {
		sq += (x - mean) * (x - mean) / float64(len(v))
	}
	dev := math.Sqrt(sq)
	if dev == 0 {
		dev = 1
	}
	for i := range v {
		v[i] = (v[i] - mean) / dev
	}
}
