package story

import (
	"math"
	"slices"
	"sort"
)

// trait is a text whose theme is known, or guessed: how likely each theme is.
type trait struct {
	traits []string
	likely []float64 // by theme; their sum is how much the text counts
	words  []float64 // how well the themes' words fit
}

// learned is a multinomial naive Bayes over the traits of texts.
type learned struct {
	prior  []float64
	chance map[string][]float64 // trait → log probability by theme
	total  []float64            // by theme: of its traits
	texts  []float64            // by theme: how many it was learned from
	few    float64              // a theme of so many texts is half believed
}

const (
	smoothing = .15 // added to every count (Lidstone)
	byShare   = .6  // of the log of how many texts a theme has
	ofWords   = 3.0 // a theme's own words count as if so many texts had held them
	ofFields  = 3.0 // its fields likewise
	byWords   = 1.0 // how much the themes' own words count against what was learned
	little    = 2.0 // evidence of a theme's own words that is half heard
	plainly   = 1.0 // how much oftener a word must be in a theme to speak for it, as a log
)

// doubts are what is tried for learned.few; where they do equally well, the first.
func doubts() []float64 { return []float64{4, 12, 1} }

// learn keeps the examples and learns from them.
func (t *Themer) learn(examples []Example) {
	at := map[string]int{}
	for i, id := range t.ids {
		at[id] = i
	}
	for _, e := range examples {
		i, ok := at[e.Theme]
		if !ok {
			continue
		}
		likely := make([]float64, len(t.ids))
		likely[i] = 1
		r := t.words.read(e.Title, e.Text, e.Language)
		words := make([]float64, len(t.ids))
		for k := range t.ids {
			words[k] = t.fit(k, r, nil)
		}
		t.seen = append(t.seen, trait{r.traits, likely, words})
	}
	if len(t.seen) == 0 {
		return
	}
	t.learned = t.bayes(t.seen)
	most := -1
	for _, few := range doubts() {
		if n := t.rightWithout(few); n > most {
			most, t.learned.few = n, few
		}
	}
}

// rightWithout counts the examples that are judged rightly by what the others
// teach: how much is believed of what was learned is not guessed but tried.
func (t *Themer) rightWithout(few float64) int {
	n := 0
	for _, x := range t.seen {
		theme := slices.Index(x.likely, 1)
		score := t.learned.without(x, theme, few)
		if slices.Index(score, highest(score)) == theme {
			n++
		}
	}
	return n
}

// bayes learns from texts. What a theme says of itself counts as texts do, so
// that a theme with few of them is not taken for one without words.
func (t *Themer) bayes(texts []trait) *learned {
	n := len(t.ids)
	l := &learned{prior: make([]float64, n), chance: map[string][]float64{}, texts: make([]float64, n)}
	for _, x := range texts {
		for i, p := range x.likely {
			l.texts[i] += p
		}
		for _, w := range x.traits {
			row := l.chance[w]
			if row == nil {
				row = make([]float64, n)
				l.chance[w] = row
			}
			for i, p := range x.likely {
				row[i] += p
			}
		}
	}
	for i := range t.ids {
		for w, x := range t.profile[i] {
			if row := l.chance[w]; row != nil {
				row[i] += ofWords * x * t.rarity[w]
			}
		}
		for f, x := range t.about[i] {
			if row := l.chance[fieldTrait(f)]; row != nil {
				row[i] += ofFields * x
			}
		}
	}
	l.toLogs()
	return l
}

// toLogs turns counts into log probabilities.
func (l *learned) toLogs() {
	n := len(l.prior)
	words := make([]string, 0, len(l.chance))
	for w := range l.chance {
		words = append(words, w)
	}
	sort.Strings(words) // sums in a fixed order
	total, texts := make([]float64, n), 0.0
	l.total = total
	for _, w := range words {
		for i, c := range l.chance[w] {
			total[i] += c
		}
	}
	for _, x := range l.texts {
		texts += x
	}
	size := float64(len(words)) * smoothing
	for i, x := range l.texts {
		l.prior[i] = byShare * math.Log((x+1)/(texts+float64(n)))
	}
	for _, w := range words {
		row := l.chance[w]
		for i, c := range row {
			row[i] = math.Log((c + smoothing) / (total[i] + size))
		}
	}
}

// scores is how likely each theme is, in logs that compare but do not add up.
func (l *learned) scores(traits []string) []float64 {
	out := append([]float64(nil), l.prior...)
	for _, w := range traits {
		for i, p := range l.chance[w] {
			out[i] += p
		}
	}
	return out
}

// with brings what was learned together with how well the themes' own words
// fit. The two become comparable by dividing each by its spread over the
// themes; a theme of few texts is judged by its words.
func (l *learned) with(words []float64, weight float64, traits []string) []float64 {
	return blend(words, l.scores(traits), weight, l.texts, l.few)
}

// blend weighs the two. Where little in a text speaks for any theme by its own
// words, they have little to say.
func blend(words, learned []float64, weight float64, texts []float64, few float64) []float64 {
	s, b := spread(words), spread(learned)
	top := highest(words)
	for i := range s {
		s[i] *= top / (top + little)
		trust := texts[i] / (texts[i] + few)
		s[i] = weight*s[i] + trust*b[i] + (1-trust)*s[i]
	}
	return s
}

// without is how a text it was learned from would be judged had it not been.
func (l *learned) without(x trait, theme int, few float64) []float64 {
	b := l.scores(x.traits)
	size := float64(len(l.chance)) * smoothing
	for _, w := range x.traits {
		b[theme] -= l.chance[w][theme]
		count := math.Exp(l.chance[w][theme])*(l.total[theme]+size) - smoothing
		b[theme] += math.Log((max(0, count-1) + smoothing) / (l.total[theme] - float64(len(x.traits)) + size))
	}
	texts := slices.Clone(l.texts)
	texts[theme]--
	return blend(x.words, b, byWords, texts, few)
}

// support is how much a text looks like the texts of theme i rather than like
// those of the others: the sum of what speaks for it.
func (l *learned) support(i int, traits []string) float64 {
	sum := 0.0
	for _, w := range traits {
		row := l.chance[w]
		if len(row) < 2 {
			continue
		}
		all := 0.0
		for _, p := range row {
			all += p
		}
		if more := row[i] - (all-row[i])/float64(len(row)-1); more > plainly {
			sum += more
		}
	}
	return sum
}

// spread centres values and divides them by their standard deviation.
func spread(v []float64) []float64 {
	out := append([]float64(nil), v...)
	mean, sq, n := 0.0, 0.0, float64(len(v))
	for _, x := range v {
		mean += x / n
	}
	for _, x := range v {
		sq += (x - mean) * (x - mean) / n
	}
	dev := math.Sqrt(sq)
	if dev == 0 {
		dev = 1
	}
	for i := range out {
		out[i] = (out[i] - mean) / dev
	}
	return out
}
