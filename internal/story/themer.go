package story

import (
	"math"
	"slices"
	"strings"

	"hebdo/internal/digest"
)

// Example is a text whose theme somebody knows.
type Example struct {
	Title, Text string
	Language    digest.Language
	Theme       string
}

// Themer knows where texts belong: by the words of each theme and, where there
// are examples, by what texts of each theme were like. It is not for several
// goroutines at once.
type Themer struct {
	words   *themeWords
	ids     []string
	profile []map[string]float64 // theme → word or phrase → weight
	about   []map[int]float64    // theme → field → how plainly it names it
	rarity  map[string]float64
	seen    []trait  // of the examples
	learned *learned // nil: there were none
	least   float64  // evidence that every text needs
	bare    bool     // the themes are headings and no more
	field   bool     // the themes are the built-in ones, which are about AI
}

// How much a theme's own words weigh, by where they stand.
const (
	inLabel       = 2.0
	inKeywords    = 1.5
	inDescription = 1.0
	inPhrase      = 1.6 // times, for every further word
	maxPhrase     = 4   // words
)

// NewThemer learns the themes, their own examples, and those given. OtherTheme
// is never learned: it is what remains.
func NewThemer(themes []digest.Theme, examples []Example) *Themer {
	t := &Themer{words: newThemeWords(), rarity: map[string]float64{}, field: builtInThemes(themes), bare: true}
	for _, th := range themes {
		if th.ID == digest.OtherTheme {
			continue
		}
		t.ids = append(t.ids, th.ID)
		t.describe(th)
		for _, lang := range sortedKeys(th.Words) {
			t.bare = t.bare && th.Words[lang].Description == ""
			for _, e := range th.Words[lang].Examples {
				examples = append(examples, Example{Text: e, Language: lang, Theme: th.ID})
			}
		}
	}
	t.weigh()
	t.least = convincing
	if t.bare {
		t.least = ofHeadings
	}
	t.learn(examples)
	return t
}

// describe weighs the words of one theme, of all its languages together.
func (t *Themer) describe(th digest.Theme) {
	p, about := map[string]float64{}, map[int]float64{}
	name := func(s string, lang digest.Language, weight float64) {
		for _, f := range fieldsNamed(s, lang) {
			about[f] = math.Max(about[f], weight)
		}
	}
	for _, lang := range sortedKeys(th.Words) {
		w := th.Words[lang]
		for _, k := range w.Keywords {
			t.put(p, k, lang, inKeywords, 1)
			name(k, lang, namedInKeywords)
		}
		for _, k := range t.words.keys(w.Label, lang) {
			p[k] = math.Max(p[k], inLabel)
		}
		for _, part := range strings.FieldsFunc(w.Label, func(r rune) bool { return strings.ContainsRune(",;&/", r) }) {
			t.put(p, part, lang, inLabel, 1)
		}
		name(w.Label, lang, 1)
		for _, k := range t.words.keys(w.Description, lang) {
			p[k] = math.Max(p[k], inDescription)
		}
		name(w.Description, lang, namedInDescription)
	}
	ofField := ofField / (1 + float64(len(p))/wordy)
	for _, f := range sortedKeys(about) {
		for _, lang := range []digest.Language{digest.English, digest.French} {
			for _, w := range fields()[f].words[lang] {
				t.put(p, w, lang, ofField*about[f], 0)
			}
		}
	}
	t.profile, t.about = append(t.profile, p), append(t.about, about)
}

// put gives a word or phrase its weight, where it has none that is greater. The
// words of a phrase alone say little: part of the phrase's weight, shared.
func (t *Themer) put(p map[string]float64, s string, lang digest.Language, weight, part float64) {
	keys := t.words.keys(s, lang)
	for _, k := range keys {
		w := weight
		if len(keys) > 1 && t.words.everyday[k] {
			continue
		}
		if len(keys) > 1 {
			w = weight * part / float64(len(keys))
		}
		p[k] = math.Max(p[k], w)
	}
	if len(keys) > 1 && len(keys) <= maxPhrase {
		phrase := strings.Join(keys, " ")
		t.words.phrases[keys[0]] = true
		p[phrase] = math.Max(p[phrase], weight*math.Pow(inPhrase, float64(len(keys)-1)))
	}
}

// How a word that stands in the news everywhere is marked down.
const (
	everywhere    = 20 // times the share of articles that hold it
	leastOfCommon = .5 // what remains of its weight at least
)

// weigh finds how much each word tells the themes apart, and from other news.
func (t *Themer) weigh() {
	held := map[string]float64{}
	for _, p := range t.profile {
		heaviest := 0.0
		for _, w := range p {
			heaviest = math.Max(heaviest, w)
		}
		for k, w := range p {
			held[k] += w / heaviest
		}
	}
	n := float64(len(t.ids))
	common := builtIn().common
	for k, h := range held {
		t.rarity[k] = math.Log(1+(n-h+.5)/(h+.5)) * math.Max(leastOfCommon, 1/(1+everywhere*common[k]))
	}
}

// BM25 (Robertson and Walker, 1994) over the words of a theme.
const (
	saturation    = 1.2 // k1
	typicalLength = 150 // counted words, for the norm of length
)

// fit is how well a text fits the words of theme i. A word that many of the
// texts beside it hold counts less: share gives how many do, nil for none.
func (t *Themer) fit(i int, r reading, share map[string]float64) float64 {
	norm := saturation * (.5 + .5*r.length/typicalLength)
	sum := 0.0
	for _, w := range r.words { // in a fixed order
		if weight := t.profile[i][w.key]; weight > 0 {
			sum += weight * t.rarity[w.key] * w.count * (saturation + 1) / (w.count + norm) / (1 + inAll*share[w.key])
		}
	}
	return sum
}

func sortedKeys[K ~string | ~int, V any](m map[K]V) []K {
	out := make([]K, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
