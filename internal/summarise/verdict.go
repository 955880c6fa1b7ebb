package summarise

// The forests of words expect words to be said independently of one another. A
// third forest knows by how much sets of sentences were better or worse than
// that, by where they stand and what they are made of.

// verdictScale: the third forest counts in hundredths.
const verdictScale = 100

const setFeatures = 18

// setRow describes a set of one or two sentences, b is -1 for one; p is what
// is expected of them together.
func (h *hopes) setRow(a, b int, p prospect, row []float32) {
	s := h.study
	first, second := float32(len(s.lines[a])), float32(0)
	gap, cue := float32(0), s.cue[a]
	if b >= 0 {
		second, gap, cue = float32(len(s.lines[b])), float32(b-a), s.cue[b]
	}
	row[0] = p.one
	row[1] = p.two
	row[2] = p.said
	row[3] = p.paired
	row[4] = p.clarity
	row[5] = float32(p.words)
	row[6] = first
	row[7] = second
	row[8] = float32(a)
	row[9] = gap
	row[10] = s.cue[a]
	row[11] = cue
	row[12] = float32(len(s.lines))
	row[13] = float32(s.total)
	of := h.made[a]
	if b >= 0 {
		for k, n := range h.made[b] {
			of[k] += n
		}
	}
	for k, n := range of {
		row[14+k] = float32(n) / max(1, first+second)
	}
}

// made counts what a sentence's words are: quoted somewhere in the article,
// numbers, said again, names.
type made [4]int

func (s *study) made(line []int32) (m made) {
	for _, i := range line {
		w := &s.words[i]
		for k, is := range [len(m)]bool{w.quoted > 0, w.number, w.count > 1, w.capital > 0} {
			if is {
				m[k]++
			}
		}
	}
	return m
}

// verdict is what a set of one or two sentences is worth beside prospect.worth.
func (h *hopes) verdict(a, b int, p prospect) float32 {
	var row [setFeatures]float32
	var bins [setFeatures]uint8
	h.setRow(a, b, p, row[:])
	h.sets.bins(row[:], bins[:])
	return float32(h.sets.score(bins[:])) / leafScale / verdictScale
}
