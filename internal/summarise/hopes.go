package summarise

import "math"

// hopes is what a study lets expect of the summary an editor would write: for
// each word and each two words in a row, how likely it is to be in it.
type hopes struct {
	study  *study
	sets   *forest
	single []int32     // by word: the forest's score of its first mention
	word   [][]float32 // by word: how likely a first, second … mention is
	pair   []float32
	made   []made  // by sentence
	told   []uint8 // how often words are in the set being weighed; zero between sets
	twice  []bool
}

// learned is all that was trained.
type learned struct {
	know  knowledge
	words forest
	pairs forest
	sets  forest // what sets of sentences are worth beside what their words are
}

func (l *learned) hopes(s *study) *hopes { return l.hopesBy(s, &l.know) }

// hopesBy is hopes with other knowledge: in training, that of other articles.
func (l *learned) hopesBy(s *study, know *knowledge) *hopes {
	h := &hopes{study: s, sets: &l.sets, single: make([]int32, len(s.words)), word: make([][]float32, len(s.words)), pair: make([]float32, len(s.pairs)),
		told: make([]uint8, len(s.words)), twice: make([]bool, len(s.pairs))}
	s.promise(know)
	for _, line := range s.lines {
		h.made = append(h.made, s.made(line))
	}
	var row [wordFeatures]float32
	var bins [wordFeatures]uint8
	for i := range s.words {
		for k := 1; k <= min(mostWord, s.words[i].count); k++ {
			s.wordRow(i, k, know, row[:])
			l.words.bins(row[:], bins[:])
			score := l.words.score(bins[:])
			if k == 1 {
				h.single[i] = score
			}
			h.word[i] = append(h.word[i], chance(score))
		}
	}
	var pairRow [pairFeatures]float32
	var pairBins [pairFeatures]uint8
	for i := range s.pairs {
		s.pairRow(i, know, h.single, pairRow[:])
		l.pairs.bins(pairRow[:], pairBins[:])
		h.pair[i] = chance(l.pairs.score(pairBins[:]))
	}
	return h
}

// chance turns a forest's score, a logarithm of odds, into a probability.
func chance(score int32) float32 {
	return float32(1 / (1 + math.Exp(-float64(score)/leafScale)))
}

// usual is how many words a summary has for which the weights were trained.
const usual = 38

// prospect is what is expected of a set of sentences.
type prospect struct {
	said    float32 // words also in the summary
	paired  float32 // two in a row also in the summary
	words   int
	one     float32 // ROUGE-1 to be expected, 0..1
	two     float32 // ROUGE-2
	clarity float32 // share of its words that are more likely said than not
}

// worth is one number for a prospect.
func (p prospect) worth() float32 { return p.one + forPairs*p.two }

// forPairs is how much two words in a row count beside single ones.
const forPairs = .7

// weigh works out what to expect of some sentences together, beside a summary
// of so many units.
func (h *hopes) weigh(size float32, lines ...int) prospect {
	var p prospect
	joints, clear := 0, 0
	for _, n := range lines {
		for _, w := range h.study.lines[n] {
			if k := int(h.told[w]); k < len(h.word[w]) {
				p.said += h.word[w][k]
				if h.word[w][k] > .5 {
					clear++
				}
			}
			h.told[w]++
			p.words++
		}
		for _, j := range h.study.joints[n] {
			joints++
			if !h.twice[j] {
				h.twice[j] = true
				p.paired += h.pair[j]
			}
		}
	}
	for _, n := range lines {
		for _, w := range h.study.lines[n] {
			h.told[w] = 0
		}
		for _, j := range h.study.joints[n] {
			h.twice[j] = false
		}
	}
	p.one = 2 * p.said / (float32(p.words) + size)
	p.two = 2 * p.paired / (float32(joints) + size - 1)
	if p.words > 0 {
		p.clarity = float32(clear) / float32(p.words)
	}
	return p
}
