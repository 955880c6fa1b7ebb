package summarise

// study is an article as the trained model sees it.
type study struct {
	lines  [][]int32 // every sentence, as places in words
	joints [][]int32 // every sentence, as places in pairs
	words  []stat
	pairs  []stat // two words in a row
	ends   [][2]int32
	index  map[unit]int32
	double map[[2]int32]int32
	total  int // words of the text
	titled bool
	cue    []float32 // by sentence: what its words promise
}

// stat is what an article shows of one of its words, or of two in a row.
type stat struct {
	unit      unit
	count     int
	sentences int
	first     int // sentence
	last      int
	at        int // place among all words of the text
	early     int // times in the first three sentences
	capital   int
	quoted    int // times within quotation marks
	place     int // in the first sentence with it
	length    int
	title     bool
	number    bool
	cue       float32 // the best of a sentence with it
}

// newStudy takes an article's sentences apart. Headings come as empty sentences.
func newStudy(title string, sentences []string) *study {
	s := &study{index: map[unit]int32{}, double: map[[2]int32]int32{}}
	entitled := map[unit]bool{}
	for _, p := range pieces(title) {
		entitled[p.unit] = true
		s.titled = true
	}
	for n, sentence := range sentences {
		line := make([]int32, 0, len(sentence)/5)
		joints := make([]int32, 0, len(sentence)/5)
		before := int32(-1)
		for _, p := range pieces(sentence) {
			i, ok := s.index[p.unit]
			if !ok {
				i = int32(len(s.words))
				s.index[p.unit] = i
				s.words = append(s.words, stat{unit: p.unit, first: n, last: -1, at: s.total, place: len(line), length: p.length, title: entitled[p.unit], number: p.number})
			}
			s.words[i].seen(n, p.capital, p.quoted)
			if before >= 0 {
				joints = append(joints, s.pair(before, i, n, p.quoted))
			}
			line = append(line, i)
			before = i
			s.total++
		}
		s.lines = append(s.lines, line)
		s.joints = append(s.joints, joints)
	}
	return s
}

func (s *study) pair(a, b int32, sentence int, quoted bool) int32 {
	key := [2]int32{a, b}
	i, ok := s.double[key]
	if !ok {
		i = int32(len(s.pairs))
		s.double[key] = i
		x, y := &s.words[a], &s.words[b]
		s.pairs = append(s.pairs, stat{
			unit: couple(x.unit, y.unit), first: sentence, last: -1, at: s.total,
			title: x.title && y.title, number: x.number || y.number, length: x.length + y.length,
		})
		s.ends = append(s.ends, key)
	}
	s.pairs[i].seen(sentence, false, quoted)
	return i
}

func (t *stat) seen(sentence int, capital, quoted bool) {
	t.count++
	if t.last != sentence {
		t.sentences++
		t.last = sentence
	}
	if sentence < 3 {
		t.early++
	}
	if quoted {
		t.quoted++
	}
	if capital {
		t.capital++
	}
}

// promise works out what the words of every sentence promise.
func (s *study) promise(know *knowledge) {
	s.cue = make([]float32, len(s.lines))
	for i := range s.words {
		s.words[i].cue = -128
	}
	for i := range s.pairs {
		s.pairs[i].cue = -128
	}
	for n, line := range s.lines {
		for _, w := range line {
			v, _ := know.cues.of(s.words[w].unit)
			s.cue[n] += v
		}
		s.cue[n] /= float32(len(line) + 3)
		for _, w := range line {
			s.words[w].cue = max(s.words[w].cue, s.cue[n])
		}
		for _, j := range s.joints[n] {
			s.pairs[j].cue = max(s.pairs[j].cue, s.cue[n])
		}
	}
}

// most is how many times one word is expected in a summary at most.
const (
	mostWord = 3
	mostPair = 1
)

const (
	wordFeatures = 21
	pairFeatures = 22
)

// wordRow describes the k-th time a summary could say the word, from 1.
func (s *study) wordRow(i, k int, know *knowledge, row []float32) {
	w := &s.words[i]
	said, known := know.words.of(w.unit)
	row[0] = said
	row[1] = known
	row[2] = float32(w.count)
	row[3] = float32(w.sentences)
	row[4] = float32(w.first)
	row[5] = float32(w.at)
	row[6] = float32(w.at) / float32(s.total)
	row[7] = s.entitled(w)
	row[8] = float32(w.capital) / float32(w.count)
	row[9] = sign(w.number)
	row[10] = float32(w.length)
	row[11] = float32(s.total)
	row[12] = float32(w.early)
	row[13] = float32(w.last) / float32(len(s.lines))
	row[14] = float32(len(s.lines))
	row[15] = float32(k)
	row[16] = s.cue[w.first]
	row[17] = w.cue
	row[18] = float32(w.quoted) / float32(w.count)
	row[19] = float32(w.place)
	row[20] = float32(len(s.lines[w.first]))
}

// pairRow describes two words in a row; single holds what is expected of each.
func (s *study) pairRow(i int, know *knowledge, single []int32, row []float32) {
	p, ends := &s.pairs[i], s.ends[i]
	a, b := &s.words[ends[0]], &s.words[ends[1]]
	said, known := know.pairs.of(p.unit)
	row[0] = said
	row[1] = known
	row[2] = float32(p.count)
	row[3] = float32(p.sentences)
	row[4] = float32(p.first)
	row[5] = float32(p.at)
	row[6] = float32(p.at) / float32(s.total)
	row[7] = s.entitled(p)
	x, y := single[ends[0]], single[ends[1]]
	row[8] = float32(min(x, y))
	row[9] = float32(max(x, y))
	row[10] = float32(min(a.count, b.count))
	row[11] = float32(max(a.count, b.count))
	row[12] = float32(a.capital)/float32(a.count) + float32(b.capital)/float32(b.count)
	row[13] = sign(p.number)
	row[14] = float32(s.total)
	row[15] = float32(p.early)
	row[16] = float32(p.length)
	row[17] = float32(x)
	row[18] = s.cue[p.first]
	row[19] = p.cue
	row[20] = float32(p.quoted) / float32(p.count)
	row[21] = float32(len(s.lines[p.first]))
}

// entitled: 0 without a title, 1 not in it, 2 in it.
func (s *study) entitled(t *stat) float32 {
	if !s.titled {
		return 0
	}
	return 1 + sign(t.title)
}

func sign(b bool) float32 {
	if b {
		return 1
	}
	return 0
}
