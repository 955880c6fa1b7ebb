package summarise

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"flag"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"hebdo/internal/digest"
)

var (
	training = flag.Bool("train", false, "make data/weights.gz anew")
)

// lesson is an article of the training data and the summary its journalists wrote.
type lesson struct {
	study, bare *study // with its title, and without
	fit         []int
	told        map[unit]int // words of the reference
	paired      map[unit]int
	reference   []unit
	lines       [][]unit
	fold        int
	titled      int
}

func lessons(t *testing.T) []lesson {
	t.Helper()
	raw, err := os.Open(filepath.Join(shared(t), "eval", "train", "orangesum.jsonl.gz"))
	if err != nil {
		t.Fatalf("training was asked for: %v", err)
	}
	defer raw.Close()
	unzipped, err := gzip.NewReader(raw)
	if err != nil {
		t.Fatal(err)
	}
	var out []lesson
	lines := bufio.NewScanner(unzipped)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var row struct{ ID, Title, Text, Reference, Language string }
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		out = append(out, newLesson(row.Title, row.Text, row.Reference, len(out)))
	}
	return out
}

// doubtful: what may be a call or a line of the page teaches nothing, even
// where it is fit for a summary.
var doubtful = regexp.MustCompile(`(?i)(abonnement|cookies?\b|publié le|mis à jour le|subscribe|updated on|advertisement|sponsored|affiliate)`)

func newLesson(title, body, reference string, n int) lesson {
	spans, sentences := cutUp(body, digest.French)
	l := lesson{study: newStudy(title, sentences), bare: newStudy("", sentences), told: map[unit]int{}, paired: map[unit]int{}, fold: n % folds}
	if n%3 == 0 {
		l.titled = 1
	}
	for i, p := range spans {
		s := p.In(body)
		if sentences[i] == "" || !standing(s) || doubtful.MatchString(s) {
			continue
		}
		if leans(s) {
			continue
		}
		l.fit = append(l.fit, i)
	}
	l.reference = unitsOf(reference)
	for _, s := range sentences {
		l.lines = append(l.lines, unitsOf(s))
	}
	for i, u := range l.reference {
		l.told[u]++
		if i > 0 {
			l.paired[couple(l.reference[i-1], u)]++
		}
	}
	return l
}

func unitsOf(s string) []unit {
	var out []unit
	for _, p := range pieces(s) {
		out = append(out, p.unit)
	}
	return out
}

const folds = 4

func shared(t *testing.T) string {
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return filepath.Join(filepath.Dir(dir), "shared")
		}
		dir = filepath.Dir(dir)
	}
}

// know counts what the lessons say of words.
func know(ls []lesson) knowledge {
	var k knowledge
	words, pairs := map[unit][2]float64{}, map[unit][2]float64{}
	cues := map[unit][2]float64{}
	for i := range ls {
		l := &ls[i]
		tally(words, l.bare.words, l.told)
		tally(pairs, l.bare.pairs, l.paired)
		mean := 0.0
		scores := make([]float64, len(l.fit))
		for j, n := range l.fit {
			scores[j] = l.rouge(n, -1)
			mean += scores[j] / float64(len(l.fit))
		}
		for j, n := range l.fit {
			line := l.lines[n]
			seen := map[unit]bool{}
			for _, u := range line {
				if !seen[u] {
					seen[u] = true
					c := cues[u]
					cues[u] = [2]float64{c[0] + scores[j] - mean, c[1] + 1}
				}
			}
		}
	}
	k.words = odds(words, 8)
	k.pairs = odds(pairs, 10)
	k.cues = means(cues, 25, 15)
	return k
}

func tally(into map[unit][2]float64, stats []stat, told map[unit]int) {
	for _, s := range stats {
		c := into[s.unit]
		c[1]++
		if told[s.unit] > 0 {
			c[0]++
		}
		into[s.unit] = c
	}
}

// odds makes a table of how often words of articles were said in summaries.
func odds(counts map[unit][2]float64, least float64) table {
	all := [2]float64{}
	for _, u := range rising(counts) {
		all[0] += counts[u][0]
		all[1] += counts[u][1]
	}
	prior := all[0] / all[1]
	return tabulate(counts, least, func(c [2]float64) float64 {
		p := (c[0] + 6*prior) / (c[1] + 6)
		return 20 * (math.Log(p/(1-p)) - math.Log(prior/(1-prior)))
	})
}

func means(counts map[unit][2]float64, least, calm float64) table {
	return tabulate(counts, least, func(c [2]float64) float64 { return 1000 * c[0] / (c[1] + calm) })
}

func rising(m map[unit][2]float64) []unit {
	var out []unit
	for u := range m {
		out = append(out, u)
	}
	slices.Sort(out)
	return out
}

func tabulate(counts map[unit][2]float64, least float64, value func([2]float64) float64) table {
	var t table
	for _, u := range rising(counts) {
		c := counts[u]
		if c[1] < least {
			continue
		}
		t.units = append(t.units, u)
		t.value = append(t.value, int8(max(-127, min(127, math.Round(value(c))))))
		t.known = append(t.known, uint8(math.Round(4*math.Log2(c[1]))))
	}
	return t
}

// rouge is the mean of ROUGE-1, -2 and -L of one or two sentences.
func (l *lesson) rouge(a, b int) float64 {
	one, two, long := l.rouges(a, b)
	return (one + two + long) / 3
}

func (l *lesson) rouges(a, b int) (one, two, long float64) {
	said := l.lines[a]
	if b >= 0 {
		said = append(append([]unit(nil), said...), l.lines[b]...)
	}
	return rouge(said, l.reference, l.told, l.paired)
}

func rouge(said, reference []unit, told, paired map[unit]int) (one, two, long float64) {
	f1 := func(common, a, b int) float64 {
		if a == 0 || b == 0 {
			return 0
		}
		return 2 * float64(common) / float64(a+b)
	}
	seen := make(map[unit]int, 2*len(said))
	n1, n2 := 0, 0
	for i, u := range said {
		if seen[u]++; seen[u] <= told[u] {
			n1++
		}
		if i > 0 {
			c := couple(said[i-1], u)
			if seen[c]++; seen[c] <= paired[c] {
				n2++
			}
		}
	}
	row, last := make([]uint16, len(reference)+1), make([]uint16, len(reference)+1)
	for _, u := range said {
		row, last = last, row
		for j, v := range reference {
			if u == v {
				row[j+1] = last[j] + 1
			} else {
				row[j+1] = max(last[j+1], row[j])
			}
		}
	}
	return f1(n1, len(said), len(reference)), f1(n2, len(said)-1, len(reference)-1), f1(int(row[len(reference)]), len(said), len(reference))
}

// both are the article with its title and without.
func (l *lesson) both() []*study { return []*study{l.bare, l.study} }

// some is the article with its title, one time in three; without it else.
func (l *lesson) some() *study { return l.both()[l.titled] }

// first trains what says which words a summary has. know gives, for a lesson,
// what was learned from lessons other than itself.
func first(ls []*lesson, know func(*lesson) *knowledge) (words, pairs forest) {
	odd := growth{trees: 160, depth: 5, rate: .1, odds: true, least: 30, calm: 5}
	var row [32]float32
	var bins [32]uint8
	build := func(features int, each func(l *lesson, s *study, f func(y float32))) forest {
		var sample [][]float32
		for i := 0; i < len(ls); i += 1 + len(ls)/300 {
			ls[i].some().promise(know(ls[i]))
			each(ls[i], ls[i].some(), func(float32) { sample = append(sample, slices.Clone(row[:features])) })
		}
		m := newMatrix(features, sample)
		var target []float32
		for _, l := range ls {
			{
				s := l.some()
				s.promise(know(l))
				each(l, s, func(y float32) {
					m.add(row[:features], bins[:features])
					target = append(target, y)
				})
			}
		}
		return grow(m, target, odd)
	}
	words = build(wordFeatures, func(l *lesson, s *study, f func(float32)) {
		for i := range s.words {
			for k := 1; k <= min(mostWord, s.words[i].count); k++ {
				s.wordRow(i, k, know(l), row[:])
				f(asFlag(l.told[s.words[i].unit] >= k))
			}
		}
	})
	pairs = build(pairFeatures, func(l *lesson, s *study, f func(float32)) {
		single := make([]int32, len(s.words))
		for i := range s.words {
			s.wordRow(i, 1, know(l), row[:])
			words.bins(row[:wordFeatures], bins[:])
			single[i] = words.score(bins[:])
		}
		for i := range s.pairs {
			s.pairRow(i, know(l), single, row[:])
			f(asFlag(l.paired[s.pairs[i].unit] > 0))
		}
	})
	return words, pairs
}

func asFlag(b bool) float32 { return float32(map[bool]int{true: 1}[b]) }

// TestTrain makes data/weights.gz anew, bit by bit the same:
//
//	go test ./internal/summarise -run TestTrain -train -timeout 1h
func TestTrain(t *testing.T) {
	if !*training {
		t.Skip("training takes minutes; -train asks for it")
	}
	learned := train(lessons(t))
	out, err := os.Create("data/weights.gz")
	if err != nil {
		t.Fatal(err)
	}
	if err := learned.write(out); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
}

// apart gives, for every lesson, what the lessons of other folds say of words.
func apart(ls []lesson) func(*lesson) *knowledge {
	without := make([]knowledge, folds)
	for f := range folds {
		var rest []lesson
		for _, l := range ls {
			if l.fold != f {
				rest = append(rest, l)
			}
		}
		without[f] = know(rest)
	}
	return func(l *lesson) *knowledge { return &without[l.fold] }
}

// second trains what says how much better or worse sets of sentences are than
// their words let expect. Each lesson is judged by what was learned from the
// other half of them.
func second(ls []*lesson, know func(*lesson) *knowledge) forest {
	var halves [2][]*lesson
	for i, l := range ls {
		halves[i%2] = append(halves[i%2], l)
	}
	var sample [][]float32
	var rows []float32
	var target []float32
	for side, half := range halves {
		var other learned
		other.words, other.pairs = first(halves[1-side], know)
		for i, l := range half {
			from := len(target)
			mean := 0.0
			h := other.hopesBy(l.bare, know(l))
			l.eachSet(h, func(a, b int, p prospect) {
				var row [setFeatures]float32
				h.setRow(a, b, p, row[:])
				one, two, long := l.rouges(a, b)
				y := verdictScale * (one + 2*two + long/2 - float64(p.worth()))
				rows, target = append(rows, row[:]...), append(target, float32(y))
				mean += y
				if i%20 == 0 {
					sample = append(sample, slices.Clone(row[:]))
				}
			})
			for k := from; k < len(target); k++ { // sets compete within their article only
				target[k] -= float32(mean / float64(len(target)-from))
			}
		}
	}
	m := newMatrix(setFeatures, sample)
	var bins [setFeatures]uint8
	for i := range target {
		m.add(rows[i*setFeatures:(i+1)*setFeatures], bins[:])
	}
	return grow(m, target, growth{trees: 80, depth: 5, rate: .1, least: 200, calm: 100})
}

// eachSet calls f with the sets of one or two of its fit sentences that a
// summary would be chosen from.
func (l *lesson) eachSet(h *hopes, f func(a, b int, p prospect)) {
	var all []weighed
	for i, n := range l.fit {
		all = append(all, weighed{line: n, at: i, alone: h.weigh(usual, n)})
	}
	all = nominate(all)
	eachSet(len(all), func(a, b int) {
		if b < 0 {
			f(all[a].line, -1, all[a].alone)
			return
		}
		f(all[a].line, all[b].line, h.weigh(usual, all[a].line, all[b].line))
	})
}

// train learns everything from lessons.
func train(ls []lesson) *learned {
	var all []*lesson
	for i := range ls {
		all = append(all, &ls[i])
	}
	var l learned
	l.words, l.pairs = first(all, apart(ls))
	l.sets = second(all, apart(ls))
	l.know = know(ls)
	return &l
}
